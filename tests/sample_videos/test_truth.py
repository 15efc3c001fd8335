"""The truth of each clip: what it says fits what can be seen, and the rules find the same in a perfect detector's boxes."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline.config import CameraSettings, DwellSettings, RuleSettings
from pipeline.rules import RuleEngine
from pipeline.types import BoundingBox, Detection, DetectionSource, GapReason, Observation, Phase, Role, ViolationEvent
from pipeline.zones import CameraZones
from pipeline.zones.zone_files import load_zones
from sample_videos.generator.camera import Projection
from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.papers import zones_json
from sample_videos.generator.script import Play, load, names
from sample_videos.generator.scripts import loading
from sample_videos.generator.truth import box_of, things_of, truth_json, truth_of
from sample_videos.generator.values import CameraPose, Figure

ROLES = {
    "goods": Role.GOODS,
    "table": Role.FURNITURE,
    "chair": Role.FURNITURE,
    "rack_or_sign": Role.GOODS,
    "stall": Role.STALL,
    "canopy": Role.CANOPY,
    "two_wheeler": Role.VEHICLE,
    "tricycle": Role.VEHICLE,
    "vehicle": Role.VEHICLE,
}
MARGIN_S = 6.0
"""What a look a second, and people who stand in front, may cost."""
EARLY_S = 4.0
"""The last steps of a stall that is pushed to its place look like standing."""


@pytest.mark.parametrize("name", names())
def test_events_are_consistent(name: str) -> None:
    play = load(name)
    dwell = play.scenario.dwell
    for event in play.events:
        end_s = event.ended_s or play.scenario.length_s
        assert 0.0 <= event.began_s < end_s <= play.scenario.length_s
        assert event.object_ids
        assert event.why
        assert bool(event.shop_codes) != bool(event.place)
        assert set(event.shop_codes) <= {unit.code for unit in play.plan.units}
        for at_s in np.arange(event.began_s + 0.1, end_s - 0.1, 1.0):
            assert things_of(play, event, float(at_s)), (event.name, at_s)
        if event.excused_by is None:
            assert end_s - event.began_s >= dwell["candidate_after_s"] + 2 * MARGIN_S


@pytest.mark.parametrize("name", names())
def test_boxes_cover_each_event_from_beginning_to_end(name: str) -> None:
    play = load(name)
    truth = truth_of(play)
    assert truth["format"] == 2
    assert truth["clip"].startswith(truth["camera_id"])
    for event in truth["events"]:
        boxes = event["boxes"]
        assert boxes[0]["from_s"] == event["began_s"]
        assert boxes[-1]["to_s"] == (event["ended_s"] or truth["length_s"])
        for before, after in pairwise(boxes):
            assert before["to_s"] == after["from_s"]
        for box in boxes:
            x_min, y_min, x_max, y_max = box["box"]
            assert 0.0 <= x_min < x_max <= 1.0
            assert 0.0 <= y_min < y_max <= 1.0
            assert box["things"] >= 1
        if event["shop_codes"]:
            assert event["metres_beyond"] > 0.0


def test_the_box_grows_with_what_is_set_out() -> None:
    event = next(event for event in truth_of(load("three_kinds"))["events"] if event["kind"] == "beyond_shopfront")
    assert [box["things"] for box in event["boxes"]] == [1, 2, 3]
    widths = [box["box"][2] - box["box"][0] for box in event["boxes"]]
    assert widths[0] < widths[1] < widths[2]
    assert 0.3 < event["metres_beyond"] < 1.2


def test_truth_is_the_same_every_time() -> None:
    assert truth_json(loading.play()) == truth_json(load("loading"))


@pytest.mark.parametrize("name", names())
def test_the_rules_find_exactly_what_the_truth_says(name: str, tmp_path: Path) -> None:
    play = load(name)
    opened = [found for found in _judged(play, _load_zones(play, tmp_path)) if found.phase is Phase.OPENED]
    start = datetime.fromisoformat(play.scenario.starts_at)
    due = sorted((event for event in play.events if event.excused_by is None), key=lambda event: (event.kind, event.began_s))
    found = sorted(opened, key=lambda event: (event.violation.kind.value, event.at))
    assert [event.violation.kind.value for event in found] == [event.kind for event in due]
    for said, seen in zip(due, found, strict=True):
        assert seen.violation.target.shop_codes == tuple(sorted(said.shop_codes))
        assert seen.violation.target.place == said.place or said.shop_codes
        late_s = (seen.at - start).total_seconds() - said.began_s - play.scenario.dwell["candidate_after_s"]
        assert -EARLY_S <= late_s <= MARGIN_S


@pytest.mark.parametrize("name", ["breakfast_stall", "taken_in_again"])
def test_what_ends_is_cleared(name: str, tmp_path: Path) -> None:
    play = load(name)
    phases = [found.phase for found in _judged(play, _load_zones(play, tmp_path)) if found.phase is not Phase.CHANGED]
    assert phases == [Phase.WARNED, Phase.OPENED, Phase.CLEARED]


def _load_zones(play: Play, folder: Path) -> CameraZones:
    path = folder / "zones.geojson"
    path.write_text(zones_json(play).replace(f'"{play.scenario.camera_id}_reference.jpg"', "null"), encoding="utf-8")
    return load_zones(path, camera_id=play.scenario.camera_id, shops=None)


def _judged(play: Play, zones: CameraZones) -> list[ViolationEvent]:
    """What the rules say of a look a second with the true boxes of all things and people."""
    camera = CameraSettings(id=play.scenario.camera_id, zones=Path("unused.geojson"), street=play.plan.road_name)
    settings = RuleSettings(dwell=DwellSettings.model_validate(play.scenario.dwell))
    engine = RuleEngine(camera, zones, None, settings, clock_known=True)
    start = datetime.fromisoformat(play.scenario.starts_at)
    found: list[ViolationEvent] = []
    for second in range(int(play.scenario.length_s)):
        gap = next((GapReason(reason) for from_s, to_s, reason in play.gaps if from_s <= second < to_s), None)
        detections = () if gap else tuple(_detections(play, float(second)))
        at = start + timedelta(seconds=second)
        found += engine.update(Observation(play.scenario.camera_id, at, float(second), gap, detections, "zones", "true boxes"))
    return found


def _detections(play: Play, at_s: float) -> list[Detection]:
    state = play.state(at_s)
    found = []
    for placed in state.things:
        label = THINGS[placed.thing].label
        box = box_of(state.camera, [placed])
        if label and box:
            found.append(_detection("bicycle" if label == "two_wheeler" else label, ROLES[label], box))
    for figure in state.figures:
        box = _person_box(state.camera, figure)
        if box:
            found.append(_detection("person", Role.PERSON, box))
    return found


def _detection(label: str, role: Role, box: tuple[float, float, float, float]) -> Detection:
    return Detection(label=label, role=role, box=BoundingBox(*box), confidence=0.9, source=DetectionSource.YOLO)


def _person_box(pose: CameraPose, figure: Figure) -> tuple[float, float, float, float] | None:
    corners = [(figure.x + dx, figure.y + dy, figure.z + z) for dx in (-0.25, 0.25) for dy in (-0.25, 0.25) for z in (0.0, 1.68)]
    points = Projection(pose).to_picture(corners)
    if np.isnan(points).any():
        return None
    x_min, y_min = (float(side) for side in points.min(axis=0).clip(0, 1))
    x_max, y_max = (float(side) for side in points.max(axis=0).clip(0, 1))
    return (x_min, y_min, x_max, y_max) if x_max - x_min > 0.002 and y_max - y_min > 0.002 else None
