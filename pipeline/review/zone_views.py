"""Zones as the page of a camera needs them: plain values for JSON, in words of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from pipeline.config import CameraSettings
from pipeline.records import ZoneVersionRow
from pipeline.review.console import Console
from pipeline.review.wording import Translate
from pipeline.review.zone_pictures import ZonePicture
from pipeline.revising.saving_zones import ZoneFile, reference_of
from pipeline.shops import ShopRegistry
from pipeline.types import Violation
from pipeline.zones import CameraZones
from pipeline.zones.import_shapes import ImportNote
from pipeline.zones.zone_faults import FaultCode, ZoneFault
from pipeline.zones.zone_files import parse_zone_bytes

_POINT_DIGITS = 4
_FIELDS = frozenset({"id", "kind", "name", "place", "shop_code", "shop_codes", "hours", "valid_from", "valid_to", "smallest_thing"})
"""Properties that people know by a name."""
_FORMS = {
    "valid_from": "date",
    "valid_to": "date",
    "drawn_on": "date",
    "opens": "clock",
    "closes": "clock",
    "days": "days",
    "smallest_thing": "share",
    "version": "version",
    "timezone": "timezone",
    "reason": "reason",
}
"""Property -> how it must be written, where there are words for that."""


def fault_view(fault: ZoneFault, t: Translate) -> dict[str, Any]:
    """A fault or warning at its feature."""
    return {
        "feature": fault.feature_id,
        "number": fault.number,
        "field": fault.member,
        "others": list(fault.others),
        "text": fault_text(fault, t),
    }


def fault_text(fault: ZoneFault, t: Translate) -> str:
    """What is wrong, without the name of the feature."""
    code, values = fault.code.value, dict(fault.values)
    if "kind" in values:
        values["kind"] = t(f"zones.kind.{values['kind']}")
    if "name" in values:
        last = values["name"].rpartition(".")[2]
        if fault.code is FaultCode.WRONG and last in _FORMS:
            code = f"wrong_{_FORMS[last]}"
        first = values["name"].partition(".")[0]
        values["name"] = t(f"zones.field.{first}") if first in _FIELDS else values["name"]
    if fault.code is FaultCode.UNKNOWN_SHOP and values["close"]:
        code = "unknown_shop_close"
    if fault.code is FaultCode.CROSSES_ITSELF and not values["edges"]:
        code = "crosses_somewhere"
    return t(f"zone_fault.{code}", **values)


def note_text(note: ImportNote, t: Translate) -> str:
    """What there is to say of an import."""
    values = dict(note.values)
    if "label" in values:
        values["label"] = values["label"] or t("zone_import.no_label")
    return t(f"zone_import.{note.code.value}", **values)


def features_of(present: ZoneFile) -> list[dict[str, Any]]:
    """The features of a file as the page draws them: rings not closed. What is no polygon has no vertices, and keeps its place."""
    data = parse_zone_bytes(present.raw, present.path) if present.raw else {}
    features = data.get("features") if isinstance(data, Mapping) else None
    return [_feature(feature) for feature in features] if isinstance(features, list) else []


def _feature(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    rings = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    ring = rings[0] if isinstance(rings, list) and rings and isinstance(rings[0], list) else []
    vertices = [vertex for vertex in ring if _is_vertex(vertex)]
    if len(vertices) > 1 and vertices[0] == vertices[-1]:
        vertices.pop()
    return {
        "type": "Feature",
        "properties": dict(properties) if isinstance(properties, Mapping) else {},
        "geometry": {"type": "Polygon", "coordinates": [vertices]},
    }


def _is_vertex(vertex: Any) -> bool:
    return isinstance(vertex, list) and len(vertex) == 2 and all(type(number) in (int, float) for number in vertex)


def metadata_view(present: ZoneFile) -> dict[str, Any]:
    """What a file says of itself, as far as it does."""
    data = parse_zone_bytes(present.raw, present.path) if present.raw else {}
    given = data.get("doorline") if isinstance(data, Mapping) else None
    given = given if isinstance(given, Mapping) else {}
    described = present.described
    size = given.get("picture_px")
    is_size = isinstance(size, list) and len(size) == 2 and all(type(each) is int and each > 0 for each in size)
    return {
        "version": described.version if described else "",
        "author": str(given.get("author") or ""),
        "drawn_on": str(given.get("drawn_on") or ""),
        "reason": str(given.get("reason") or ""),
        "picture_px": size if is_size else None,
        "timezone": described.timezone.key if described else "",
        "reference": reference_of(present),
    }


def outlines_of(features: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """For a small picture: each polygon with its kind."""
    shown = []
    for feature in features:
        vertices = feature["geometry"]["coordinates"][0]
        kind = str(feature["properties"].get("kind") or "")
        if len(vertices) >= 3:
            points = " ".join(f"{round(x, _POINT_DIGITS):g},{round(y, _POINT_DIGITS):g}" for x, y in vertices)
            shown.append({"kind": kind, "points": points})
    return shown


def picture_view(camera: CameraSettings, picture: ZonePicture, t: Translate) -> dict[str, Any]:
    """A picture with the address at which it is handed out."""
    return {
        "key": picture.key,
        "name": t(f"zone_picture.{picture.kind}"),
        "url": picture_url(camera, picture),
        "at": _iso(picture.at),
        "px": list(picture.size_px),
        "clean": picture.clean,
    }


def picture_url(camera: CameraSettings, picture: ZonePicture, *, small: bool = False) -> str:
    """Changes with the content: a browser may keep what it has."""
    return f"/zones/{quote(camera.id)}/pictures/{quote(picture.key)}?m={picture.mark}{'&small=1' if small else ''}"


def shop_views(shops: ShopRegistry | None, today: date) -> list[dict[str, str]]:
    """All shops by code, with who is there today."""
    views = []
    for code in sorted(shops.tenancies) if shops else ():
        tenancy = shops.tenant_on(code, today) if shops else None
        known = tenancy or next(reversed(shops.tenancies[code]), None) if shops else None
        views.append({"code": code, "name": tenancy.name if tenancy else "", "street": known.street if known else ""})
    return views


def version_view(row: ZoneVersionRow, url: str, *, current: bool, shown_name: Callable[[str], str]) -> dict[str, Any]:
    """A line of the history."""
    return {
        "version": row.version,
        "author": row.author,
        "drawn_on": row.drawn_on.isoformat(),
        "reason": row.reason,
        "saved_at": _iso(row.saved_at),
        "saved_by": shown_name(row.saved_by) if row.saved_by else "",
        "sha256": row.sha256,
        "current": current,
        "url": url,
    }


def unrecorded_view(described: CameraZones, sha256: str, url: str) -> dict[str, Any]:
    """The same of a file in force that the records don't know."""
    row = ZoneVersionRow(described.version, sha256, described.author, described.drawn_on, described.reason, None, None)
    return version_view(row, url, current=True, shown_name=lambda name: name)


def violation_view(found: Violation, console: Console, t: Translate) -> dict[str, Any]:
    """Something that would be told."""
    day = found.first_seen_at.astimezone(console.zone).date()
    tenants = [console.shops.tenant_on(code, day) if console.shops else None for code in found.target.shop_codes]
    names = [f"{code} {tenant.name}" if tenant else code for code, tenant in zip(found.target.shop_codes, tenants, strict=True)]
    return {
        "kind": found.kind.value,
        "shop_codes": list(found.target.shop_codes),
        "place": found.target.place,
        "whose": t("list.or").join(names) if names else found.target.place,
        "first_seen_at": _iso(found.first_seen_at),
        "last_seen_at": _iso(found.last_seen_at),
        "dwell_s": found.dwell_s,
        "box": [found.box.x_min, found.box.y_min, found.box.x_max, found.box.y_max],
        "phase": "confirmed" if found.confirmed_at is not None else "warned",
        "cleared": found.cleared_at is not None,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
