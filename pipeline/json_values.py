"""Values as canonical JSON and back: equal values give equal text, and the text gives the value back to the last digit.

Times are written in UTC to the microsecond, numbers with all their digits, keys in a fixed order. A detection is
``[label, role, confidence, [x_min, y_min, x_max, y_max], source, certainty, standing_since or null]``, and as
an eighth part the foot of what stands aslant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pipeline.errors import RecordError
from pipeline.types import (
    BoundingBox,
    Certainty,
    Detection,
    DetectionSource,
    GapReason,
    Observation,
    Phase,
    Role,
    Target,
    TargetKind,
    Violation,
    ViolationEvent,
    ViolationKind,
)

_Value = TypeVar("_Value")
_TEXT = r'"[ !#-\[\]-~]*+"'
_NUMBER = r"-?(?:0|[1-9]\d*+)(?:\.\d++)?(?:e[-+]?\d++)?"
_NUMBERS = rf"\[{_NUMBER}(?:,{_NUMBER})*+\]"
_DETECTION = rf"\[{_TEXT},{_TEXT},{_NUMBER},{_NUMBERS},{_TEXT},{_TEXT},(?:null|{_TEXT})(?:,{_NUMBERS})?\]"
_SEEN = rf'"gap":"(\w++)"|"seen":\[(?:{_DETECTION}(?:,{_DETECTION})*+)?\]'
_LOOK = re.compile(rf'\{{"at":({_TEXT}),"media":{_NUMBER},"zones":{_TEXT},"model":{_TEXT},(?:{_SEEN})\}}\n'.encode())
"""An observation as it is written here, in plain letters: what matches is sound."""


def violation_to_json(violation: Violation) -> str:
    """One canonical line: equal violations give equal text, and the text gives the violation back."""
    return to_line(_violation_to_data(violation))


def violation_from_json(text: str) -> Violation:
    """The violation that ``violation_to_json`` wrote. Raises RecordError for anything else."""
    return from_line("violation", text.encode(), _violation_from_data)


def event_to_json(event: ViolationEvent) -> str:
    """One canonical line for an event with its violation."""
    return to_line({"phase": event.phase.value, "at": time_to_text(event.at), "violation": _violation_to_data(event.violation)})


def event_from_json(text: str) -> ViolationEvent:
    """The event that ``event_to_json`` wrote. Raises RecordError for anything else."""
    return from_line(
        "event",
        text.encode(),
        lambda data: ViolationEvent(Phase(data["phase"]), time_from_text(data["at"]), _violation_from_data(data["violation"])),
    )


def to_line(data: Mapping[str, Any]) -> str:
    """Canonical JSON without a line end. Raises ValueError for NaN and infinities."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_line(where: str, line: bytes, build: Callable[[Any], _Value]) -> _Value:
    """Build a value from one line of JSON; whatever is wrong with it becomes a RecordError that names ``where``."""
    try:
        return build(json.loads(line, parse_constant=_refuse_constant))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as err:
        found = f"{type(err).__name__}: {err}"[:200]
        raise RecordError("damaged line", where=where, expected="a line as this version writes it", found=found) from err


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def time_to_text(moment: datetime) -> str:
    """An aware time as ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat()


def time_from_text(text: str) -> datetime:
    """The aware UTC time. Raises ValueError for a time without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment.astimezone(UTC)


def _maybe_time(moment: datetime | None) -> str | None:
    return None if moment is None else time_to_text(moment)


def _maybe_time_from(text: str | None) -> datetime | None:
    return None if text is None else time_from_text(text)


def _box_to_data(box: BoundingBox) -> list[float]:
    return [box.x_min, box.y_min, box.x_max, box.y_max]


def _box_from_data(data: list[float]) -> BoundingBox:
    x_min, y_min, x_max, y_max = (float(value) for value in data)
    return BoundingBox(x_min, y_min, x_max, y_max)


def _detection_to_data(found: Detection) -> list[Any]:
    data = [
        found.label,
        found.role.value,
        found.confidence,
        _box_to_data(found.box),
        found.source.value,
        found.certainty.value,
        _maybe_time(found.standing_since),
    ]
    return [*data, list(found.foot)] if found.foot else data


def _detection_from_data(data: list[Any]) -> Detection:
    label, role, confidence, box, source, certainty, since, *foot = data
    if len(foot) > 1:
        raise ValueError(f"a detection has 7 or 8 parts, found {len(data)}")
    return Detection(
        str(label),
        Role(role),
        float(confidence),
        _box_from_data(box),
        DetectionSource(source),
        Certainty(certainty),
        _maybe_time_from(since),
        tuple(float(row) for row in foot[0]) if foot else (),
    )


def observation_to_data(seen: Observation) -> dict[str, Any]:
    """Without the camera, which a log names once."""
    data: dict[str, Any] = {"at": time_to_text(seen.captured_at), "media": seen.media_time_s}
    data |= {"zones": seen.zone_version, "model": seen.model_version}
    if seen.gap is not None:
        return data | {"gap": seen.gap.value}
    return data | {"seen": [_detection_to_data(found) for found in seen.detections]}


def observation_from_data(data: dict[str, Any], camera_id: str) -> Observation:
    """Raises ValueError, KeyError or TypeError for data of another shape."""
    if ("gap" in data) == ("seen" in data):
        raise ValueError("either 'gap' or 'seen' must be given")
    return Observation(
        camera_id=camera_id,
        captured_at=time_from_text(data["at"]),
        media_time_s=float(data["media"]),
        gap=GapReason(data["gap"]) if "gap" in data else None,
        detections=tuple(_detection_from_data(found) for found in data.get("seen", ())),
        zone_version=str(data["zones"]),
        model_version=str(data["model"]),
    )


def look_from_data(data: dict[str, Any]) -> tuple[datetime, GapReason | None]:
    """When the look of an observation was made and why it does not count; else as ``observation_from_data``."""
    if ("gap" in data) == ("seen" in data):
        raise ValueError("either 'gap' or 'seen' must be given")
    return time_from_text(data["at"]), GapReason(data["gap"]) if "gap" in data else None


def look_from_line(where: str, line: bytes) -> tuple[datetime, GapReason | None]:
    """As ``look_from_data``, of a whole line; several times as quick where it is written as usual. Raises RecordError as ``from_line``."""
    found = _LOOK.fullmatch(line)
    if found:
        try:
            return time_from_text(found[1][1:-1].decode()), GapReason(found[2].decode()) if found[2] else None
        except ValueError:
            pass  # said below, as of any other line
    return from_line(where, line, look_from_data)


def _violation_to_data(violation: Violation) -> dict[str, Any]:
    target = violation.target
    return {
        "violation_id": violation.violation_id,
        "kind": violation.kind.value,
        "camera_id": violation.camera_id,
        "target": {"kind": target.kind.value, "shop_codes": list(target.shop_codes), "place": target.place},
        "labels": list(violation.labels),
        "box": _box_to_data(violation.box),
        "things": [_box_to_data(box) for box in violation.things],
        "first_seen_at": time_to_text(violation.first_seen_at),
        "warned_at": _maybe_time(violation.warned_at),
        "confirmed_at": _maybe_time(violation.confirmed_at),
        "last_seen_at": time_to_text(violation.last_seen_at),
        "cleared_at": _maybe_time(violation.cleared_at),
        "dwell_s": violation.dwell_s,
        "gap_s": violation.gap_s,
        "present_looks": violation.present_looks,
        "observed_looks": violation.observed_looks,
        "hidden_looks": violation.hidden_looks,
        "peak_things": violation.peak_things,
        "peak_at": time_to_text(violation.peak_at),
        "zone_version": violation.zone_version,
        "rule_version": violation.rule_version,
    }


def _violation_from_data(data: dict[str, Any]) -> Violation:
    target = data["target"]
    return Violation(
        **(
            data
            | {
                "kind": ViolationKind(data["kind"]),
                "target": Target(TargetKind(target["kind"]), tuple(target["shop_codes"]), target["place"]),
                "labels": tuple(data["labels"]),
                "box": _box_from_data(data["box"]),
                "things": tuple(_box_from_data(box) for box in data["things"]),
                "first_seen_at": time_from_text(data["first_seen_at"]),
                "warned_at": _maybe_time_from(data["warned_at"]),
                "confirmed_at": _maybe_time_from(data["confirmed_at"]),
                "last_seen_at": time_from_text(data["last_seen_at"]),
                "cleared_at": _maybe_time_from(data["cleared_at"]),
                "peak_at": time_from_text(data["peak_at"]),
            }
        )
    )
