"""Another list comes into force whole, or not at all."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.config import DoorlineSettings
from pipeline.records import Records
from pipeline.review.shop_list import ShopList
from pipeline.revising.saving_shops import (
    NoShopDraftError,
    PutBy,
    RefusedShopsError,
    ShopDraft,
    ShopsNotWrittenError,
    StaleShopsError,
    UsedBy,
    check_draft,
    keep_draft,
    put_in_force,
    read_draft,
    shop_file,
    uses_of,
)
from pipeline.shops import ShopRegistry, csv_of, load_shops
from tests.records.samples import NOODLES, SHOPS, START, TOOLS, furnish
from tests.zones.zone_data import feature, square, write_zones

BY = PutBy("ou", START, "10.0.0.1")
BETTER = ShopRegistry({**SHOPS.tenancies, "BS-0002": (replace(TOOLS, grade="C", contact="138"),)})


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "zones" / "shops.csv"
    made.parent.mkdir()
    made.write_bytes(csv_of(SHOPS))
    made.chmod(0o640)
    return made


def settings_of(path: Path, **more: object) -> DoorlineSettings:
    cameras = [{"id": "cam01", "zones": str(path.parent / "cam01.geojson")}]
    return DoorlineSettings.model_validate({"cameras": cameras, "shops": str(path), **more})


def draft_of(path: Path, records: Records, registry: ShopRegistry, settings: DoorlineSettings | None = None) -> ShopDraft:
    present = shop_file(path)
    sha256 = keep_draft(present, registry, START)
    return check_draft(settings or settings_of(path), records, present, SHOPS, sha256)


def test_a_draft_comes_into_force_as_it_was_shown(path: Path, records: Records) -> None:
    before = path.read_bytes()
    draft = draft_of(path, records, BETTER)
    assert path.read_bytes() == before, "nothing is changed by looking"
    put_in_force(records, shop_file(path), SHOPS, draft, BY)
    assert load_shops(path) == BETTER
    assert shop_file(path).sha256 == draft.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    kept = path.with_name(f"shops.{draft.base_sha256[:12]}.csv")
    assert kept.read_bytes() == before
    assert sorted(each.name for each in path.parent.iterdir()) == sorted([path.name, kept.name]), "the draft is gone"
    assert set(records.shops.statements("BS-0002")) == {TOOLS, BETTER.tenancies["BS-0002"][0]}
    changed, imported = records.accounts.list_audit()
    assert (imported.did, imported.subject, imported.remote) == ("shops/imported", "shops", "10.0.0.1")
    assert imported.detail == {"shops": 2, "changed": 1, "sha256": draft.sha256, "sha256_before": draft.base_sha256}
    assert (changed.did, changed.subject) == ("shop/changed", "shop/BS-0002")
    assert changed.detail == {"kind": "changed", "sha256": draft.sha256[:12], "grade": "A → C", "contact": "…"}, "no phone numbers there"


def test_of_two_who_were_shown_the_same_list_one_is_told(path: Path, records: Records) -> None:
    mine, theirs = (
        draft_of(path, records, BETTER),
        draft_of(path, records, ShopRegistry({**SHOPS.tenancies, "S9": (replace(TOOLS, code="S9"),)})),
    )
    put_in_force(records, shop_file(path), SHOPS, theirs, BY)
    with pytest.raises(StaleShopsError):
        put_in_force(records, shop_file(path), load_shops(path), mine, BY)
    assert "S9" in load_shops(path)
    assert [row.did for row in records.accounts.list_audit()] == ["shops/imported"]


def test_a_file_that_somebody_changed_by_hand_is_not_overwritten(path: Path, records: Records) -> None:
    draft = draft_of(path, records, BETTER)
    present = shop_file(path)
    path.write_bytes(csv_of(ShopRegistry({"BS-0001": (NOODLES,)})))
    with pytest.raises(StaleShopsError):
        put_in_force(records, present, SHOPS, draft, BY)
    assert list(load_shops(path).tenancies) == ["BS-0001"]
    assert records.accounts.list_audit() == ()


def test_records_that_refuse_leave_the_file_as_it_was(path: Path, records: Records) -> None:
    draft = draft_of(path, records, BETTER)
    before = path.read_bytes()
    records.close()
    (path.parents[1] / "doorline.db").unlink()
    with pytest.raises(Exception, match="database"):
        put_in_force(records, shop_file(path), SHOPS, draft, BY)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_leaves_the_list_as_it_was(path: Path, records: Records) -> None:
    draft = draft_of(path, records, BETTER)
    before = path.read_bytes()
    # A folder lies where the earlier list would be kept: even an administrator can't write that file.
    path.with_name(f"shops.{draft.base_sha256[:12]}.csv").mkdir()
    with pytest.raises(ShopsNotWrittenError, match="cannot write the shop list"):
        put_in_force(records, shop_file(path), SHOPS, draft, BY)
    assert path.read_bytes() == before
    assert records.accounts.list_audit() == ()


@pytest.mark.parametrize("sha256", ["", "../../shops", "0" * 64, "*"])
def test_what_nobody_was_shown_cannot_come_into_force(path: Path, records: Records, sha256: str) -> None:
    with pytest.raises(NoShopDraftError):
        read_draft(shop_file(path), sha256)


def test_a_draft_that_was_changed_on_the_disk_is_none(path: Path, records: Records) -> None:
    draft = draft_of(path, records, BETTER)
    (found,) = path.parent.glob("*.draft")
    found.write_bytes(found.read_bytes().replace(b",C,", b",A,"))
    with pytest.raises(NoShopDraftError):
        read_draft(shop_file(path), draft.sha256)
    with pytest.raises(NoShopDraftError):
        put_in_force(records, shop_file(path), SHOPS, draft, BY)
    assert load_shops(path) == SHOPS


def test_drafts_of_earlier_days_are_removed(path: Path, records: Records) -> None:
    keep_draft(shop_file(path), BETTER, START)
    (old,) = path.parent.glob("*.draft")
    later = START + timedelta(days=40 * 366)
    keep_draft(shop_file(path), SHOPS, later)
    assert not old.exists()
    assert len(list(path.parent.glob("*.draft"))) == 1


def test_a_link_stays_a_link(path: Path, records: Records, tmp_path: Path) -> None:
    link = tmp_path / "shops.csv"
    link.symlink_to(path)
    draft = draft_of(link, records, BETTER)
    put_in_force(records, shop_file(link), SHOPS, draft, BY)
    assert link.is_symlink()
    assert load_shops(path) == BETTER


# --- codes that are still used ----------------------------------------------------------------------------------


def test_what_zones_rules_and_cases_name_cannot_be_removed(path: Path, records: Records) -> None:
    furnish(records)
    write_zones(
        path.parent,
        [
            feature(square(0.1, 0.1), id="a", kind="frontage", shop_code="BS-0001"),
            feature(square(0.5, 0.5), id="b", kind="permitted", shop_codes=["BS-0002", "S3"]),
        ],
    )
    permit = {"since": "2026-07-01T08:00:00+08:00", "until": "2026-07-02T08:00:00+08:00", "reason": "备案", "shop_codes": ["S3"]}
    settings = settings_of(path, rules={"suspensions": [permit]})
    found = [(use.code, use.by, use.where) for use in uses_of(settings, records, ["BS-0001", "BS-0002", "S3", "S4"])]
    assert found == [
        ("BS-0001", UsedBy.ZONES, "cam01"),
        ("BS-0002", UsedBy.ZONES, "cam01"),
        ("S3", UsedBy.ZONES, "cam01"),
        ("S3", UsedBy.RULES, "rules.suspensions.0"),
    ]
    draft = draft_of(path, records, ShopRegistry({"BS-0001": SHOPS.tenancies["BS-0001"]}), settings)
    assert [use.code for use in draft.uses] == ["BS-0002"]
    with pytest.raises(RefusedShopsError, match="BS-0002"):
        put_in_force(records, shop_file(path), SHOPS, draft, BY)
    assert load_shops(path) == SHOPS


def test_where_zones_cannot_be_read_nothing_is_removed(path: Path, records: Records) -> None:
    (path.parent / "cam01.geojson").write_text("{", encoding="utf-8")
    found = list(uses_of(settings_of(path), records, ["BS-0002"]))
    assert [(use.by, use.where) for use in found] == [(UsedBy.UNREADABLE_ZONES, "cam01")]
    assert list(uses_of(settings_of(path), records, [])) == []
    broken = {"type": "FeatureCollection", "features": [{"properties": {"shop_code": "BS-0002"}}, None, {"properties": 7}]}
    (path.parent / "cam01.geojson").write_text(json.dumps(broken), encoding="utf-8")
    assert [use.by for use in uses_of(settings_of(path), records, ["BS-0002"])] == [UsedBy.ZONES]


# --- the list in force ------------------------------------------------------------------------------------------


def test_the_list_in_force_follows_the_file(path: Path) -> None:
    shops = ShopList(path, None)
    first = shops.current()
    assert first is not None
    assert first.registry == SHOPS
    assert shops.current() is first, "it is not read again while nothing has changed"
    path.write_bytes(csv_of(BETTER))
    second = shops.current()
    assert second is not None
    assert (second.registry, second.sha256, second.fault) == (BETTER, shop_file(path).sha256, "")


@pytest.mark.parametrize("content", [b"", b"code,name\n1", b"\xff\xfe\x00", csv_of(SHOPS)[:-30]])
def test_a_broken_file_never_takes_the_place_of_a_good_one(path: Path, content: bytes) -> None:
    shops = ShopList(path, None)
    shops.current()
    path.write_bytes(content)
    found = shops.current()
    assert found is not None
    assert found.registry == SHOPS
    assert "shops.csv" in found.fault
    path.unlink()
    found = shops.current()
    assert found is not None
    assert (found.registry, "No such file" in found.fault) == (SHOPS, True)
    path.write_bytes(csv_of(BETTER))
    found = shops.current()
    assert found is not None
    assert (found.registry, found.fault) == (BETTER, "")


def test_without_a_file_the_given_list_is_in_force() -> None:
    assert ShopList(None, None).current() is None
    given = ShopList(None, SHOPS).current()
    assert given is not None
    assert given.registry == SHOPS


def test_entries_are_those_of_the_day() -> None:
    current = ShopList(None, SHOPS).current()
    assert current is not None
    first = current.entries(date(2024, 1, 15))[0]
    assert (first.code, first.tenancy.name, first.is_let) == ("BS-0001", "鲜果行", True)
    assert current.entries(date(2024, 1, 16))[0].tenancy is NOODLES
    ended = ShopRegistry({"S1": (replace(TOOLS, code="S1", until=date(2024, 1, 1)),)})
    vacant = ShopList(None, ended).current()
    assert vacant is not None
    assert [(entry.tenancy.name, entry.is_let) for entry in vacant.entries(date(2024, 1, 16))] == [("=五金", False)]
