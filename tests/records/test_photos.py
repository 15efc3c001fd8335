"""Photos of squads in the records: kept while a squad has the case, once each, for good; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Refusal, Step, StepRefusedError
from pipeline.errors import RecordError
from pipeline.records import MOST_PHOTOS, CaseFilter, CasePhoto, NoSuchCaseError, Records, TooManyPhotosError
from tests.records.samples import FRUIT, entry, furnish, violation
from tests.records.test_casebook import facts_of

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)


def dispatched(records: Records, *names: str) -> None:
    """Cases that a squad has."""
    source = furnish(records)
    records.save_violations("run-1", source, [entry(violation(name, first_s=10.0 * n), tenants=(FRUIT,)) for n, name in enumerate(names)])
    for name in names:
        for number, step in enumerate(
            (
                Step(Action.CONFIRM, "ren", CaseRole.REVIEWER, NOW),
                Step(Action.DISPATCH, "ren", CaseRole.REVIEWER, NOW, squad="一中队", deadline=NOW + timedelta(days=2)),
            )
        ):
            records.cases.take_step(name, step, number, facts_of, CasePolicy())


def photo(name: str = "one", violation_id: str = "v-1", **said: object) -> CasePhoto:
    digest = sha256(name.encode()).hexdigest()
    made = CasePhoto(
        *(f"{violation_id}-{name}", violation_id, NOW, "qiu", f"photos/{violation_id}/{name}.jpg", digest, 5_000_000_000, digest[::-1]),
        *(1920, 2560, "整改后"),
    )
    return replace(made, **said)  # type: ignore[arg-type]  # named fields


def told(records: Records) -> list[str]:
    return [row.did for row in records.accounts.list_audit(limit=100)][::-1]


def test_photos_are_kept_with_who_and_when_and_what_they_show(records: Records) -> None:
    dispatched(records, "v-1", "v-2")
    later = photo("two", added_at=NOW + timedelta(seconds=1), note="")
    assert records.photos.add("v-1", (later, photo()), remote="10.0.0.7") == (photo(), later)
    assert records.cases.case("v-1").photos == (photo(), later)
    assert records.cases.case("v-2").photos == ()
    assert (records.cases.case("v-1").row.state, records.cases.case("v-1").row.version) == (CaseState.DISPATCHED, 2), "no step of the case"
    row = records.accounts.list_audit(did="case/photo_added")[-1]
    assert (row.account, row.subject, row.remote, row.at) == ("qiu", "violation/v-1", "10.0.0.7", later.added_at)
    assert row.detail == {"photo": later.photo_id, "sha256": later.sha256, "original_sha256": later.original_sha256}


def test_a_photo_that_comes_again_is_no_second_one(records: Records) -> None:
    dispatched(records, "v-1")
    records.photos.add("v-1", (photo(),))
    again = photo(added_at=NOW + timedelta(hours=1), added_by="other", note="changed")
    assert records.photos.add("v-1", (again, again)) == (photo(),)
    assert told(records).count("case/photo_added") == 1


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([Step(Action.ANSWER, "qiu", CaseRole.SQUAD, NOW, reason="rectified")], CaseState.ANSWERED),
        ([Step(Action.RETURN, "qiu", CaseRole.SQUAD, NOW, note="不是我们的")], CaseState.FACT_CONFIRMED),
        ([Step(Action.VOID, "ren", CaseRole.REVIEWER, NOW, reason="clock")], CaseState.VOID),
    ],
)
def test_only_while_a_squad_has_the_case(records: Records, steps: list[Step], state: CaseState) -> None:
    dispatched(records, "v-1")
    records.photos.add("v-1", (photo(),))
    for number, step in enumerate(steps):
        records.cases.take_step("v-1", step, 2 + number, facts_of, CasePolicy())
    assert records.cases.case("v-1").row.state is state
    with pytest.raises(StepRefusedError) as caught:
        records.photos.add("v-1", (photo("two"),))
    assert caught.value.refusal is Refusal.STATE
    assert records.cases.case("v-1").photos == (photo(),)
    assert told(records).count("case/photo_added") == 1


def test_a_case_takes_so_many_and_of_those_that_are_too_many_none(records: Records) -> None:
    dispatched(records, "v-1")
    many = [photo(f"p{number:02d}") for number in range(MOST_PHOTOS + 1)]
    with pytest.raises(TooManyPhotosError, match=f"too many photos; expected at most {MOST_PHOTOS}; found {MOST_PHOTOS + 1}"):
        records.photos.add("v-1", many)
    assert records.cases.case("v-1").photos == ()
    records.photos.add("v-1", many[:-1])
    with pytest.raises(TooManyPhotosError):
        records.photos.add("v-1", many[-1:])
    assert len(records.photos.add("v-1", many[:1])) == MOST_PHOTOS, "one that is there already is none too many"
    assert told(records).count("case/photo_added") == MOST_PHOTOS


def test_of_many_at_once_no_more_are_kept_than_a_case_takes(records: Records) -> None:
    dispatched(records, "v-1")

    def add(number: int) -> bool:
        try:
            records.photos.add("v-1", [photo(f"p{number}-{each}") for each in range(5)])
        except RecordError:
            return False
        return True

    # Refused as too many, or because the database was busy for too long: either way none of the five was kept.
    with ThreadPoolExecutor(6) as pool:
        done = sum(pool.map(add, range(6)))
    assert 1 <= done <= MOST_PHOTOS // 5
    assert len(records.cases.case("v-1").photos) == 5 * done


def test_a_photo_belongs_to_its_case_and_to_those_who_may_see_it(records: Records) -> None:
    dispatched(records, "v-1", "v-2")
    records.photos.add("v-1", (photo(),))
    assert records.photos.find("v-1", "v-1-one", CaseFilter(streets=("样谊路",))) == photo()
    for case, name, wanted in (
        ("v-1", "v-1-one", CaseFilter(streets=("另一条路",))),
        ("v-1", "v-1-one", CaseFilter(states=(CaseState.ANSWERED,))),
        ("v-2", "v-1-one", CaseFilter()),
        ("v-1", "v-1-two", CaseFilter()),
        ("v-9", "v-1-one", CaseFilter()),
    ):
        with pytest.raises(NoSuchCaseError, match="no such photo"):
            records.photos.find(case, name, wanted)
    with pytest.raises(NoSuchCaseError):
        records.photos.add("v-9", (photo(violation_id="v-9"),))


def test_the_photos_of_a_run_are_those_of_its_cases(records: Records) -> None:
    dispatched(records, "v-1", "v-2")
    records.photos.add("v-2", (photo(violation_id="v-2"),))
    records.photos.add("v-1", (photo(),))
    assert [one.path for one in records.photos.of_run("run-1")] == ["photos/v-1/one.jpg", "photos/v-2/one.jpg"]
    assert records.photos.of_run("run-2") == ()
