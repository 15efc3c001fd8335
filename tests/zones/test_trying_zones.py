"""What other zones would have made of the last looks: from real logs, by the real rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.config import CameraSettings, DoorlineSettings, RuleSettings
from pipeline.observations import LogHeader, ObservationLog
from pipeline.revising import trying_zones
from pipeline.revising.trying_zones import NoClockError, NothingToTryError, TriedZones, last_looks, span_of_looks, try_zones
from pipeline.types import UNKNOWN_EPOCH, ClockSource, Observation, SourceClock, Violation, ViolationKind
from pipeline.zones import CameraZones, OpenHours, ZoneKind
from tests.observations.test_log import HEADER
from tests.rules.street import CAMERA, SHORT, STREET, T0, box, looks, person, rectangle, street, thing

HALF_AN_HOUR = 1800.0
ALWAYS = (0.0, HALF_AN_HOUR + 1)
# Beyond the door line of A, before it, and at the kerb.
OUTSIDE, INSIDE, KERB = thing(box(0.2, 0.6), ALWAYS), thing(box(0.4, 0.38), ALWAYS), thing(box(0.7, 0.9), ALWAYS)


def settings_for(folder: Path, rules: RuleSettings = SHORT) -> DoorlineSettings:
    return DoorlineSettings(cameras=(CAMERA,), observations=folder, rules=rules)


def write_log(path: Path, seen: Sequence[Observation], header: LogHeader = HEADER) -> Path:
    with ObservationLog(path, header) as log:
        for look in seen:
            log.append(look)
    return path


def write_live(folder: Path, seen: Sequence[Observation], run: str = "live-1") -> None:
    """An hour a file, as a live camera leaves them."""
    hours: dict[str, list[Observation]] = {}
    for look in seen:
        hours.setdefault(f"{look.captured_at.astimezone(UTC):%Y%m%dT%H}", []).append(look)
    for hour, of_hour in hours.items():
        write_log(folder / "live" / CAMERA.id / f"{hour}-{run}.jsonl", of_hour)


def door_moved_to(y: float) -> CameraZones:
    """The street with the door line of A further down (the shop's own ground is larger) or further up."""
    moved = tuple(
        rectangle(zone.zone_id, zone.kind, 0.1, 0.1, 0.5, y, shop_code="A")
        if zone.zone_id == "front-a"
        else rectangle(zone.zone_id, zone.kind, 0.1, y, 0.5, 0.7, shop_code="A", place="before A")
        if zone.zone_id == "pavement-a"
        else zone
        for zone in STREET
    )
    return street(zones=moved)


def tried(folder: Path, other: CameraZones, before: CameraZones | None = None, rules: RuleSettings = SHORT) -> TriedZones:
    settings = settings_for(folder, rules)
    return try_zones(last_looks(settings, CAMERA), CAMERA, None, settings, (before or street(), other))


def kinds(found: Sequence[Violation]) -> list[ViolationKind]:
    return [each.kind for each in found]


# --- what differs ------------------------------------------------------------------------------------------


def test_the_same_zones_make_the_same_of_it(tmp_path: Path) -> None:
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks([OUTSIDE, KERB], HALF_AN_HOUR, every_s=2))
    found = tried(tmp_path, street())
    assert sorted(kinds(found.same)) == ["beyond_shopfront", "pavement_piling"]
    assert (found.new, found.lost, found.changed) == ((), (), ())
    assert all(each.confirmed_at is not None for each in found.same)


def test_moving_a_door_line_makes_one_appear_and_another_vanish(tmp_path: Path) -> None:
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks([OUTSIDE, KERB], HALF_AN_HOUR, every_s=2))
    outwards = tried(tmp_path, door_moved_to(0.62))
    assert (kinds(outwards.same), outwards.new, kinds(outwards.lost)) == (
        [ViolationKind.PAVEMENT_PILING],
        (),
        [ViolationKind.BEYOND_SHOPFRONT],
    )

    write_log(tmp_path / "run-2" / "cam-1-a.jsonl", looks([INSIDE, KERB], HALF_AN_HOUR, every_s=2))
    inwards = tried(tmp_path, door_moved_to(0.3))
    assert (kinds(inwards.new), kinds(inwards.same), inwards.lost) == (
        [ViolationKind.BEYOND_SHOPFRONT],
        [ViolationKind.PAVEMENT_PILING],
        (),
    )
    assert inwards.new[0].target.shop_codes == ("A",)


def test_the_same_thing_on_ground_of_another_shop_has_changed(tmp_path: Path) -> None:
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks([OUTSIDE], HALF_AN_HOUR, every_s=2))
    swapped = street(zones=[replace(zone, shop_code={"A": "B", "B": "A"}.get(zone.shop_code or "")) for zone in STREET])
    found = tried(tmp_path, swapped)
    ((before, after),) = found.changed
    assert (before.target.shop_codes, after.target.shop_codes) == (("A",), ("B",))
    assert (found.same, found.new, found.lost) == ((), (), ())


def test_a_frontage_that_becomes_public_ground_changes_the_kind(tmp_path: Path) -> None:
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks([OUTSIDE], HALF_AN_HOUR, every_s=2))
    public = [replace(zone, kind=ZoneKind.PUBLIC, shop_code=None) if zone.zone_id == "pavement-a" else zone for zone in STREET]
    ((before, after),) = tried(tmp_path, street(zones=public)).changed
    assert (before.kind, after.kind) == (ViolationKind.BEYOND_SHOPFRONT, ViolationKind.PAVEMENT_PILING)


def test_a_violation_that_would_only_have_been_warned_of_has_changed(tmp_path: Path) -> None:
    # Allowed for the first minutes: what is left reaches the warning and no more.
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks([OUTSIDE], 200, every_s=2))
    hours = OpenHours(frozenset(range(7)), (T0 + timedelta(hours=7)).time(), datetime(2024, 1, 1, 10, 2, 30, tzinfo=UTC).time())
    allowed = street(rectangle("market", ZoneKind.PERMITTED, 0.1, 0.4, 0.5, 0.7, hours=(hours,)))
    ((before, after),) = tried(tmp_path, allowed).changed
    assert (before.confirmed_at is not None, after.confirmed_at) == (True, None)


def test_without_zones_in_force_everything_is_new(tmp_path: Path) -> None:
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks([OUTSIDE], 200, every_s=2))
    settings = settings_for(tmp_path)
    found = try_zones(last_looks(settings, CAMERA), CAMERA, None, settings, (None, street()))
    assert (kinds(found.new), found.same) == ([ViolationKind.BEYOND_SHOPFRONT], ())


def test_each_is_paired_with_one_and_with_the_most_alike(tmp_path: Path) -> None:
    # Two heaps at the kerb, one of them on ground that is not watched any more.
    heaps = [thing(box(0.2, 0.95), ALWAYS), thing(box(0.8, 0.95), ALWAYS)]
    write_log(tmp_path / "run-1" / "cam-1-a.jsonl", looks(heaps, HALF_AN_HOUR, every_s=2))
    hidden = street(rectangle("tree", ZoneKind.IGNORE, 0.7, 0.7, 1.0, 1.0))
    found = tried(tmp_path, hidden)
    assert len(found.same) == len(found.lost) == 1
    assert found.same[0].box.x_max < 0.5 < found.lost[0].box.x_min
    assert (found.new, found.changed) == ((), ())


# --- which looks -------------------------------------------------------------------------------------------


def test_only_what_was_seen_within_the_last_hour_is_told_and_dwell_before_it_counts(tmp_path: Path) -> None:
    gone, stands = thing(box(0.2, 0.6), (0, 1500)), thing(box(0.7, 0.9), (600, 9000))
    write_live(tmp_path, looks([gone, stands], 3 * 3600, every_s=5))
    settings = settings_for(tmp_path)
    last = last_looks(settings, CAMERA)
    assert (last.until, last.since) == (T0 + timedelta(hours=3), T0 + timedelta(hours=2))
    assert last.looks[0].captured_at == T0 + timedelta(hours=1)
    assert last.told == 721
    assert span_of_looks(settings, CAMERA) == (last.since, last.until)
    found = try_zones(last, CAMERA, None, settings, (street(), street()))
    (stood,) = found.same
    assert stood.kind is ViolationKind.PAVEMENT_PILING
    assert stood.first_seen_at < last.since


def test_live_looks_go_before_those_of_runs_and_the_newest_run_before_others(tmp_path: Path) -> None:
    write_log(tmp_path / "20240501T000000-aa" / "cam-1-a.jsonl", looks([KERB], 100, every_s=2))
    write_log(tmp_path / "20240502T000000-bb" / "cam-1-a.jsonl", looks([KERB], 200, every_s=2))
    write_log(
        tmp_path / "20240503T000000-cc" / "cam-10-a.jsonl",
        [replace(each, camera_id="cam-10") for each in looks([], 50)],
        replace(HEADER, camera_id="cam-10"),
    )
    write_log(
        tmp_path / "20240504T000000-dd" / "cam-1-x-a.jsonl",
        [replace(each, camera_id="cam-1-x") for each in looks([], 50)],
        replace(HEADER, camera_id="cam-1-x"),
    )
    (tmp_path / "20240505T000000-ee").mkdir()
    (tmp_path / "20240505T000000-ee" / "cam-1-b.jsonl.partial").write_text("{")
    settings = settings_for(tmp_path)
    assert last_looks(settings, CAMERA).until == T0 + timedelta(seconds=200)
    write_live(tmp_path, looks([KERB], 300, every_s=2))
    assert last_looks(settings, CAMERA).until == T0 + timedelta(seconds=300)


def test_sources_of_a_run_are_one_street_in_the_order_of_time(tmp_path: Path) -> None:
    first, second = looks([OUTSIDE], 20, every_s=2), looks([OUTSIDE], 60, every_s=2, start=T0 + timedelta(seconds=22))
    write_log(tmp_path / "run" / "cam-1-z.jsonl", first)
    write_log(
        tmp_path / "run" / "cam-1-a.jsonl", second, replace(HEADER, clock=SourceClock(T0 + timedelta(seconds=22), ClockSource.FILE_NAME))
    )
    last = last_looks(settings_for(tmp_path), CAMERA)
    assert [look.captured_at for look in last.looks] == [look.captured_at for look in (*first, *second)]
    (found,) = tried(tmp_path, street()).same
    assert found.first_seen_at == T0


def test_a_live_log_that_was_taken_up_by_another_run_goes_on(tmp_path: Path) -> None:
    write_live(tmp_path, looks([OUTSIDE], 60, every_s=2))
    write_live(tmp_path, looks([OUTSIDE], 60, every_s=2, start=T0 + timedelta(seconds=30)), run="live-2")
    times = [look.captured_at for look in last_looks(settings_for(tmp_path), CAMERA).looks]
    assert times == sorted(set(times))
    assert times[-1] == T0 + timedelta(seconds=90)


def test_of_a_long_log_the_end_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying_zones, "MOST_LOOKS", 100)
    write_log(tmp_path / "run" / "cam-1-a.jsonl", looks([OUTSIDE], 1000))
    settings = settings_for(tmp_path)
    last = last_looks(settings, CAMERA)
    assert (len(last.looks), last.told) == (100, 100)
    assert last.since == T0 + timedelta(seconds=901)
    assert kinds(try_zones(last, CAMERA, None, settings, (street(), street())).same) == [ViolationKind.BEYOND_SHOPFRONT]


def test_a_damaged_log_is_read_up_to_the_damage_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    path = write_log(tmp_path / "run" / "cam-1-a.jsonl", looks([OUTSIDE], 100, every_s=2))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:31], b"nonsense\n", *lines[31:], b'{"at": "20']))
    assert last_looks(settings_for(tmp_path), CAMERA).until == T0 + timedelta(seconds=58)


def test_where_there_is_no_look_it_says_so(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with pytest.raises(NothingToTryError, match="no look of this camera is logged"):
        last_looks(settings, CAMERA)
    assert span_of_looks(settings, CAMERA) is None
    (tmp_path / "live" / CAMERA.id).mkdir(parents=True)
    (tmp_path / "live" / CAMERA.id / "20240506T02-live-1.jsonl").write_bytes(b'{"format"')
    write_log(tmp_path / "run" / "cam-1-a.jsonl", [])
    with pytest.raises(NothingToTryError):
        last_looks(settings, CAMERA)


def test_looks_of_which_nobody_knows_the_time_cannot_judge_hours(tmp_path: Path) -> None:
    clock = SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN)
    seen = looks([OUTSIDE, person(box(0.9, 0.9), (0, 10))], 200, every_s=2, start=UNKNOWN_EPOCH)
    write_log(tmp_path / "run" / "cam-1-a.jsonl", seen, replace(HEADER, clock=clock, timeline="clip/1"))
    assert kinds(tried(tmp_path, street()).same) == [ViolationKind.BEYOND_SHOPFRONT]
    hours = OpenHours(frozenset(range(7)), T0.time(), (T0 + timedelta(hours=1)).time())
    with pytest.raises(NoClockError):
        tried(tmp_path, street(rectangle("market", ZoneKind.PERMITTED, 0.1, 0.4, 0.5, 0.7, hours=(hours,))))


def test_another_camera_has_looks_of_its_own(tmp_path: Path) -> None:
    write_live(tmp_path, looks([OUTSIDE], 60, every_s=2))
    other = CameraSettings(id="cam-2", zones=Path("cam-2.geojson"))
    with pytest.raises(NothingToTryError):
        last_looks(settings_for(tmp_path), other)
