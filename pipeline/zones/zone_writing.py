"""What somebody has drawn -> the bytes of a zone file, always in the same form: versions can be compared line by line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NoReturn

from pipeline.errors import ConfigError
from pipeline.zones.camera_zones import ZoneKind
from pipeline.zones.zone_faults import ZoneFault
from pipeline.zones.zone_format import Properties

DIGITS = 5
"""Of a vertex: a hundredth of a pixel of a picture of 1000, so that edges that were snapped together stay together."""
MOST_FEATURES = 300
MOST_VERTICES = 20_000
_KINDS = [kind.value for kind in ZoneKind]


class DraftError(ConfigError):
    """Not a draft of zones, or more than any camera needs."""


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """What somebody has drawn. Nothing of it is checked but its outer shape: whatever is wrong is found where files are checked."""

    features: tuple[Any, ...]
    picture_px: Any
    timezone: Any
    version: Any
    reason: Any
    reference: str
    """Name of the reference picture, "" for none: where a draft comes from outside, what it asks for."""
    base_sha256: str
    """Of the file that it began from; "" where there was none."""


@dataclass(frozen=True, slots=True)
class WrittenZones:
    """The bytes of a zone file, and which feature of the draft each of its features was (places from 1)."""

    raw: bytes
    numbers: tuple[int, ...]

    def of_draft(self, fault: ZoneFault) -> ZoneFault:
        """A fault of the file, by the place in the draft of what it is of."""
        return fault if fault.number is None else replace(fault, number=self.numbers[fault.number - 1])


def read_draft(text: str) -> ZoneDraft:
    """The draft that a page sends (JSON). Raises DraftError."""
    try:
        data = json.loads(text, parse_constant=_refuse_number, parse_float=_finite)
    except (ValueError, RecursionError) as err:
        raise DraftError("not a draft of zones", expected="JSON", found=str(err)[:80]) from err
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise DraftError("not a draft of zones", expected='an object with "features": [...]')
    vertices = sum(_count_vertices(feature) for feature in features)
    if len(features) > MOST_FEATURES or vertices > MOST_VERTICES:
        raise DraftError(
            "more zones than one camera can have",
            expected=f"at most {MOST_FEATURES} with {MOST_VERTICES} vertices",
            found=f"{len(features)} with {vertices}",
        )
    return ZoneDraft(
        features=tuple(features),
        picture_px=data.get("picture_px"),
        timezone=data.get("timezone"),
        version=data.get("version"),
        reason=data.get("reason"),
        reference=str(data.get("reference") or "keep"),
        base_sha256=str(data.get("base_sha256") or ""),
    )


def write_zones(draft: ZoneDraft, *, camera_id: str, author: str, drawn_on: date) -> WrittenZones:
    """The file of a draft: kinds in a fixed order, within a kind as drawn; a feature a line; vertices rounded; rings closed.

    What is malformed is written as it came, for the check to find.
    """
    order = sorted(range(len(draft.features)), key=lambda place: _kind_order(draft.features[place]))
    metadata = {
        "camera_id": camera_id,
        "version": draft.version,
        "author": author,
        "drawn_on": drawn_on.isoformat(),
        "reason": draft.reason,
        "reference": draft.reference or None,
        "picture_px": draft.picture_px,
        "timezone": draft.timezone,
    }
    features = [_line(_canonical(draft.features[place])) for place in order]
    members = [f"    {_line(name)}: {_line(value)}" for name, value in metadata.items()]
    lines = [
        *("{", '  "type": "FeatureCollection",', '  "doorline": {', ",\n".join(members), "  },"),
        *(['  "features": [', ",\n".join(f"    {feature}" for feature in features), "  ]"] if features else ['  "features": []']),
        "}",
    ]
    return WrittenZones(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"), tuple(place + 1 for place in order))


def author_version(version: str) -> str:
    """The author's own part of a version that records carry: without the mark of the file behind it."""
    return version.rpartition("-")[0]


def next_version(present: str, known: Collection[str], today: date) -> str:
    """A version for the next drawing, which nobody has used.

    Args:
        present: the author's version in force, "" for none. ``2026.1`` is followed by ``2026.2``, in another year by ``2027.1``;
            anything else by ``2026-07-01.1``, the day and a number.
        known: all versions of the camera so far, the author's parts.
        today: the local day.
    """
    numbered = re.fullmatch(r"(\d{4})\.(\d{1,6})", present)
    if numbered and int(numbered[1]) == today.year:
        begin, number = numbered[1], int(numbered[2]) + 1
    else:
        begin, number = (str(today.year) if numbered else today.isoformat()), 1
    while f"{begin}.{number}" in known:
        number += 1
    return f"{begin}.{number}"


# --- one feature -------------------------------------------------------------------------------------------


def _canonical(feature: Any) -> Any:
    if not isinstance(feature, dict):
        return feature
    shaped: dict[str, Any] = {"type": feature.get("type"), "properties": None, "geometry": None} | feature
    if isinstance(shaped["properties"], dict):
        shaped["properties"] = _properties(shaped["properties"])
    geometry = shaped["geometry"]
    if isinstance(geometry, dict) and isinstance(geometry.get("coordinates"), list):
        rings = [_ring(ring) if isinstance(ring, list) else ring for ring in geometry["coordinates"]]
        shaped["geometry"] = {"type": geometry.get("type")} | geometry | {"coordinates": rings}
    return shaped


def _properties(given: dict[str, Any]) -> dict[str, Any]:
    """The known ones in a fixed order, then whatever else there is; what says nothing is left out."""
    names = [*(name for name in Properties.model_fields if name in given), *(name for name in given if name not in Properties.model_fields)]
    return {name: given[name] for name in names if given[name] not in (None, "", [])}


def _ring(vertices: Sequence[Any]) -> list[Any]:
    """Rounded, without vertices that fall together by that, and closed."""
    ring: list[Any] = []
    for vertex in vertices:
        rounded = [_rounded(number) for number in vertex] if isinstance(vertex, list) else vertex
        if not ring or rounded != ring[-1]:
            ring.append(rounded)
    return [*ring, ring[0]] if len(ring) > 1 and ring[0] != ring[-1] else ring


def _rounded(number: Any) -> Any:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return number
    return round(float(number), DIGITS) + 0.0 if abs(number) < 1e9 else number  # + 0.0: no minus before a nought


def _kind_order(feature: Any) -> int:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    kind = properties.get("kind") if isinstance(properties, dict) else None
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _count_vertices(feature: Any) -> int:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    rings = geometry.get("coordinates") if isinstance(geometry, dict) else None
    return sum(len(ring) for ring in rings if isinstance(ring, list)) if isinstance(rings, list) else 0


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _refuse_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number")
    return number
