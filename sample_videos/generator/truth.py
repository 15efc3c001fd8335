"""What a clip shows as an officer would count it: the truth file of a sample video, format 2. Pure and deterministic."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from sample_videos.generator.camera import Projection
from sample_videos.generator.footprints import corners_m
from sample_videos.generator.ground import metres_beyond
from sample_videos.generator.script import Play, clip_name
from sample_videos.generator.values import CameraPose, Event, Placed

FORMAT = 2
Box = tuple[float, float, float, float]
"""x_min, y_min, x_max, y_max in fractions of the picture."""
_SMALLEST_SIDE = 0.002


def truth_of(play: Play) -> dict[str, Any]:
    """The content of <clip>.truth.json."""
    scenario, pose = play.scenario, play.state(0.0).camera
    conditions = play.conditions(0.0)
    return {
        "format": FORMAT,
        "clip": f"{clip_name(scenario)}.mp4",
        "title": scenario.title,
        "camera_id": scenario.camera_id,
        "starts_at": scenario.starts_at,
        "length_s": scenario.length_s,
        "fps": scenario.fps,
        "picture_px": [pose.width, pose.height],
        "conditions": {
            "light": conditions.light.value,
            "weather": "rain" if conditions.rain else "wet" if conditions.wet else "dry",
        },
        "held_out": scenario.held_out,
        "dwell": dict(scenario.dwell),
        "gaps": [{"from_s": from_s, "to_s": to_s, "reason": reason} for from_s, to_s, reason in play.gaps],
        "events": [_event(play, event, pose) for event in play.events],
    }


def truth_json(play: Play) -> str:
    """The same as text, the same bytes every time."""
    return json.dumps(truth_of(play), ensure_ascii=False, indent=1) + "\n"


def things_of(play: Play, event: Event, at_s: float) -> list[Placed]:
    """What of an event stands still at that moment."""
    names = set(event.object_ids)
    return [placed for placed in play.state(at_s).things if (placed.group or placed.object_id) in names and not placed.moving]


def box_of(pose: CameraPose, things: Sequence[Placed]) -> Box | None:
    """The box round things as that camera shows them, whatever hides them; None where they are outside the picture."""
    points = Projection(pose).to_picture(np.concatenate([corners_m(placed) for placed in things]))
    points = points[~np.isnan(points).any(axis=1)]
    if not len(points):
        return None
    x_min, y_min = (float(side) for side in points.min(axis=0).clip(0, 1))
    x_max, y_max = (float(side) for side in points.max(axis=0).clip(0, 1))
    if x_max - x_min < _SMALLEST_SIDE or y_max - y_min < _SMALLEST_SIDE:
        return None
    return round(x_min, 4), round(y_min, 4), round(x_max, 4), round(y_max, 4)


def _event(play: Play, event: Event, pose: CameraPose) -> dict[str, Any]:
    end_s = play.scenario.length_s if event.ended_s is None else event.ended_s
    boxes: list[dict[str, Any]] = []
    furthest = 0.0
    for from_s, to_s in _stretches(play, event, end_s):
        things = things_of(play, event, (from_s + to_s) / 2)
        box = box_of(pose, things) if things else None
        if box is None:
            continue
        furthest = max([furthest, *(metres_beyond(play.plan, placed) for placed in things)])
        boxes.append({"from_s": from_s, "to_s": to_s, "box": list(box), "things": len(things)})
    return {
        "name": event.name,
        "kind": event.kind,
        "shop_codes": list(event.shop_codes),
        "place": event.place,
        "began_s": event.began_s,
        "ended_s": event.ended_s,
        "excused_by": event.excused_by,
        "why": event.why,
        "boxes": boxes,
        "metres_beyond": round(furthest, 2) if event.shop_codes else None,
    }


def _stretches(play: Play, event: Event, end_s: float) -> list[tuple[float, float]]:
    """The stretches of an event in which nothing of it comes or goes."""
    names = set(event.object_ids)
    moments = {event.began_s, end_s}
    for stay in play.stays:
        if stay.fixed is not None and (stay.fixed.group or stay.fixed.object_id) in names:
            moments |= {round(at_s, 2) for at_s in (stay.from_s, stay.until_s) if event.began_s < at_s < end_s}
    ordered = sorted(moments)
    return list(itertools.pairwise(ordered))
