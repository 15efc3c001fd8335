"""What a restart must know: what the eyes remember, what is in hand, and what stands."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from shapely.geometry import box as rectangle

from pipeline.config import CameraSettings, GuardSettings, RuleSettings, StaticObjectSettings
from pipeline.detectors.static_object import StaticObjectDetector
from pipeline.guards import guards_for
from pipeline.live.eyes import recall_eyes, save_eyes
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages, observe
from pipeline.settling import Settling
from pipeline.stages import Assumes
from pipeline.types import Frame, Image, Observation, Phase
from pipeline.zones import CameraZones, Zone, ZoneKind
from pipeline.zones.reference_picture import load_reference
from tests.rules.street import SHORT, T0, bag, box, engine, looks, run, thing
from tests.static_object import scenery

BAG_AT_S = 8.0


def stages(
    zones: CameraZones | None = None, settings: StaticObjectSettings | None = None, guards: GuardSettings | None = None
) -> CameraStages:
    """Fresh ones. Their rule is of no use here."""
    street = zones or scenery.zones()
    eye = StaticObjectDetector(settings or StaticObjectSettings(), street, None)
    return CameraStages(guards_for(guards or GuardSettings(), load_reference(street)), (eye,), engine(), street.version)


@cache
def frames(start: int, end: int) -> list[Frame]:
    """A look each second; a bag is put down at 8 s."""

    def change(second: float, image: Image) -> Image:
        return scenery.put_bag(image) if second >= BAG_AT_S else image

    return scenery.show([float(second) for second in range(start, end)], change)


def seen(stages: CameraStages, shown: Sequence[Frame]) -> list[Observation]:
    return [each for frame in shown for each in observe([frame], stages)]


@pytest.mark.parametrize("killed_at_s", [2, 6, 10, 12, 20])
def test_after_a_restart_the_eyes_see_what_they_would_have_seen(killed_at_s: int, tmp_path: Path) -> None:
    whole = stages()
    seen(whole, frames(0, killed_at_s))
    save_eyes(tmp_path / "eyes", whole)
    recalled = recall_eyes(tmp_path / "eyes", stages())
    assert recalled is not None
    after, undisturbed = seen(recalled, frames(killed_at_s, 40)), seen(whole, frames(killed_at_s, 40))
    if killed_at_s in {10, 12}:  # in the looks it needs to be sure; the looks themselves are not carried over
        assert [[each.box for each in look.detections] for look in after[8:]] == [
            [each.box for each in look.detections] for look in undisturbed[8:]
        ]
    else:
        assert after == undisturbed
    assert after[-1].detections
    assert [path.name for path in tmp_path.iterdir()] == ["eyes"]


def test_what_stood_there_is_still_seen_after_a_restart_and_not_without_memory(tmp_path: Path) -> None:
    whole = stages()
    seen(whole, frames(0, 20))
    save_eyes(tmp_path / "eyes", whole)
    recalled = recall_eyes(tmp_path / "eyes", stages())
    assert recalled is not None
    (known,) = seen(recalled, frames(20, 21))[0].detections
    assert known.standing_since == frames(0, 1)[0].captured_at + timedelta(seconds=BAG_AT_S)
    assert seen(stages(), frames(20, 40))[-1].detections == ()


def test_nothing_was_saved_yet(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert recall_eyes(tmp_path / "eyes", stages()) is None
    assert not caplog.records


def test_the_memory_of_another_eye_is_not_taken(tmp_path: Path) -> None:
    save_eyes(tmp_path / "eyes", stages())
    assert recall_eyes(tmp_path / "eyes", stages(settings=StaticObjectSettings(width_px=160))) is None


def whole_file(tmp_path: Path) -> bytes:
    whole = stages()
    seen(whole, frames(0, 3))
    save_eyes(tmp_path / "eyes", whole)
    return (tmp_path / "eyes").read_bytes()


def of_another_shape(data: bytes) -> bytes:
    layout, model, memories = pickle.loads(zlib.decompress(data))  # noqa: S301 - just written
    return zlib.compress(pickle.dumps((layout, model, ["a street", *memories[1:]])))


DAMAGE = {
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "zeros, as after a power cut": lambda data: bytes(len(data)),
    "something else": lambda data: zlib.compress(b"what is this"),
    "another pickle": lambda data: zlib.compress(pickle.dumps({"a": 1})),
    "too few values": lambda data: zlib.compress(pickle.dumps((1, 2))),
    "a class that is gone": lambda data: zlib.compress(pickle.dumps(GuardSettings()).replace(b"GuardSettings", b"GuardSetzings")),
    "another value": of_another_shape,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_memory_is_a_warning_and_the_eyes_begin_anew(damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "eyes").write_bytes(DAMAGE[damage](whole_file(tmp_path)))
    assert recall_eyes(tmp_path / "eyes", stages()) is None
    assert "the eyes begin anew" in caplog.text


def test_a_disk_that_refuses_leaves_the_memory_before(tmp_path: Path) -> None:
    before = whole_file(tmp_path)
    (tmp_path / "eyes.partial").mkdir()
    with pytest.raises(OSError, match="directory"):
        save_eyes(tmp_path / "eyes", stages())
    assert (tmp_path / "eyes").read_bytes() == before


def test_zones_that_were_drawn_anew_hold_after_a_restart(tmp_path: Path) -> None:
    whole = stages()
    seen(whole, frames(0, 20))
    save_eyes(tmp_path / "eyes", whole)
    where = scenery.BAG
    ignored = Zone("tree", ZoneKind.IGNORE, rectangle(where.x_min - 0.05, where.y_min - 0.05, where.x_max + 0.05, where.y_max + 0.05))
    redrawn = stages(scenery.zones(ignored))
    recalled = recall_eyes(tmp_path / "eyes", redrawn) or redrawn
    assert seen(recalled, frames(20, 40))[-1].detections == ()


def test_guards_follow_their_settings_after_a_restart(tmp_path: Path) -> None:
    whole = stages()
    seen(whole, frames(0, 5))
    save_eyes(tmp_path / "eyes", whole)
    changed = stages(guards=GuardSettings(max_grey_share=0.0, min_brightness=255.0, min_sharpness=255.0))
    recalled = recall_eyes(tmp_path / "eyes", changed) or changed
    assert all(look.gap for look in seen(recalled, frames(5, 8))), "nothing is sharp enough under the new settings"


def test_a_new_clean_reference_holds_after_a_restart(tmp_path: Path) -> None:
    whole = stages()
    seen(whole, frames(0, 5))
    save_eyes(tmp_path / "eyes", whole)
    cv2.imwrite(str(tmp_path / "clean.png"), np.ascontiguousarray(np.roll(scenery.street(), 200, axis=1)))
    turned = stages(scenery.zones(reference=tmp_path / "clean.png"))
    recalled = recall_eyes(tmp_path / "eyes", turned) or turned
    fresh = stages(scenery.zones(reference=tmp_path / "clean.png"))
    assert [look.gap for look in seen(recalled, frames(5, 12))] == [look.gap for look in seen(fresh, frames(5, 12))]


@pytest.mark.parametrize("taken_away_at_s", [None, 32, 60])
def test_where_the_memory_is_lost_nothing_is_cleared_before_something_happens_there(taken_away_at_s: int | None) -> None:
    """After an update of the eyes, say, and without a clean reference picture."""
    zones = scenery.zones()
    rules = RuleSettings.model_validate(
        {"dwell": {"warn_after_s": 4, "candidate_after_s": 8, "clear_span_s": 4, "longest_gap_s": 20, "loading_grace_s": 0}}
    )
    rule = RuleEngine(CameraSettings(id="street", zones=Path("street.geojson")), zones, None, rules, clock_known=True)
    before = seen(stages(), frames(0, 24))
    assert Phase.OPENED in [event.phase for look in before for event in rule.update(look)]
    anew = stages()
    (eye,) = anew.detectors
    assert isinstance(eye, Assumes)
    eye.assume(before[-1].detections)

    def change(second: float, image: Image) -> Image:
        return scenery.put_bag(image) if taken_away_at_s is None or second < taken_away_at_s else image

    shown = scenery.show([float(second) for second in range(26, 90)], change)
    cleared = [event.at for look in seen(anew, shown) for event in rule.update(look) if event.phase is Phase.CLEARED]
    if taken_away_at_s is None:
        assert cleared == []
    else:
        (at,) = cleared
        assert at >= frames(0, 1)[0].captured_at + timedelta(seconds=taken_away_at_s)


def test_with_a_clean_reference_nothing_is_assumed(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "clean.png"), np.ascontiguousarray(scenery.street()))
    (bag_seen,) = seen(stages(), frames(0, 24))[-1].detections
    known = stages(scenery.zones(reference=tmp_path / "clean.png"))
    (eye,) = known.detectors
    assert isinstance(eye, Assumes)
    eye.assume([bag_seen])
    empty = scenery.show([float(second) for second in range(26, 40)], lambda second, image: image)
    assert all(look.detections == () for look in seen(known, empty))


# --- what is in hand ---------------------------------------------------------------------------------------------


def test_settling_tells_of_what_is_in_hand_until_it_is_over() -> None:
    settling = Settling()
    rule = engine()
    ids: set[str] = set()
    for look in looks([thing(box(0.3, 0.9), (0, 100))], 400):
        events = rule.update(look)
        settling.add(events)
        ids |= {event.violation.violation_id for event in events}
        for each in settling.in_hand():
            assert settling.get(each.violation.violation_id) is each
        over = settling.take_settled(rule.unsettled)
        assert all(settling.get(each.violation.violation_id) is None for each in over)
        if over:
            assert [event.phase for event in over[0].events][:2] == [Phase.WARNED, Phase.OPENED]
    assert len(ids) == 1
    assert settling.in_hand() == ()
    assert settling.get("another") is None


@pytest.mark.parametrize("gaps", [[], [(130.0, 230.0)]])
def test_what_comes_back_late_after_a_gap_was_in_hand_all_the_time(gaps: list[tuple[float, float]]) -> None:
    """It was put down again within the time in which it may come back, and that is only seen, and sure, after that time."""
    settling, rule = Settling(), engine()
    phases: list[Phase] = []
    for look in looks([thing(box(0.3, 0.9), (0, 100), (225, 300))], 520, gaps=gaps):
        events = rule.update(look)
        assert all(settling.get(event.violation.violation_id) for event in events if event.phase is not Phase.WARNED)
        settling.add(events)
        phases += [event.phase for event in events if event.phase is not Phase.CHANGED]
        over = settling.take_settled(rule.unsettled)
        assert not over or phases == [Phase.WARNED, Phase.OPENED, Phase.CLEARED, Phase.REOPENED, Phase.CLEARED]
        assert all(len(each.events) >= 5 for each in over), "with all its steps"
    assert phases == [Phase.WARNED, Phase.OPENED, Phase.CLEARED, Phase.REOPENED, Phase.CLEARED]
    assert settling.in_hand() == ()


def test_a_warning_is_in_hand_too() -> None:
    settling = Settling()
    settling.add(run(engine(), looks([thing(box(0.3, 0.9), (0, 45))], 45)))
    (held,) = settling.in_hand()
    assert held.violation.confirmed_at is None


# --- what stands -------------------------------------------------------------------------------------------------


def test_an_engine_is_idle_where_nothing_stands_and_nothing_can_come_back() -> None:
    rule = engine()
    idle = []
    for look in looks([thing(box(0.3, 0.9), (10, 100))], 400):
        rule.update(look)
        idle.append(rule.idle)
    assert idle[:10] == [True] * 10
    assert not any(idle[10:220])
    cleared_s = 100 + SHORT.dwell.clear_span_s
    back_to_rest = idle.index(True, 11)
    assert cleared_s + SHORT.dwell.reopen_within_s <= back_to_rest <= cleared_s + SHORT.dwell.reopen_within_s + 10
    assert all(idle[back_to_rest:])


def test_a_replay_from_an_idle_moment_judges_the_same() -> None:
    """What a restart relies on: of what came before a quiet moment, the last quarter of an hour is enough."""
    actors = [thing(box(0.3, 0.9), (10, 100)), bag(box(0.7, 0.9), (420, 600), since=410)]
    shown = looks(actors, 700)
    whole = engine()
    idle, events = [], []
    for look in shown:
        events.append(whole.update(look))
        idle.append(whole.idle)
    quiet = max(at for at, rests in enumerate(idle) if rests and at < 400)
    replayed = engine()
    again = [replayed.update(look) for look in shown[max(0, quiet - 900) :]]
    assert [event for each in again[quiet:] for event in each] == [event for each in events[quiet:] for event in each]


def test_what_stands_is_told_by_its_first_sight_until_it_is_a_violation() -> None:
    rule = engine()
    standing = []
    for look in looks([thing(box(0.3, 0.9), (10, 200)), thing(box(0.8, 0.9), (40, 200))], 260):
        rule.update(look)
        standing.append([(at - T0).total_seconds() for at in rule.standing_since])
    assert standing[9] == []
    assert standing[12] == [10]
    assert standing[60] == [10, 40]
    assert standing[110] == []
    assert standing[-1] == []
