"""Polygons that were drawn in labelme, CVAT, Label Studio or another zone file -> features of a zone file. See docs/zones.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.zones.camera_zones import ZoneKind
from pipeline.zones.import_cvat import read_cvat
from pipeline.zones.import_label_studio import is_label_studio, read_label_studio
from pipeline.zones.import_labelme import is_labelme, read_labelme
from pipeline.zones.import_shapes import (
    DrawnPicture,
    ImportNote,
    ImportRefusedError,
    NoteCode,
    Shape,
    Vertices,
    parse_json,
    refused_shape,
)
from pipeline.zones.zone_format import OWNED
from pipeline.zones.zone_writing import DIGITS, MOST_FEATURES, MOST_VERTICES

KIND_NAMES: Mapping[str, ZoneKind] = {
    "店面": ZoneKind.SHOPFRONT,
    "门前责任区": ZoneKind.FRONTAGE,
    "公共区域": ZoneKind.PUBLIC,
    "外摆位": ZoneKind.PERMITTED,
    "固定设施": ZoneKind.FIXTURE,
    "不看": ZoneKind.IGNORE,
} | {kind.value: kind for kind in ZoneKind}
"""What a label may say -> the kind of zone."""
_NAMES_OF = {
    "shop_code": ("shop_code", "shop", "店铺编码", "店铺代码", "一店一码"),
    "place": ("place", "地点", "位置"),
    "name": ("name", "名称"),
}
"""Property -> what attributes may be called that give it."""
_REACH = 0.02
"""Of the picture: vertices that lie no further outside are moved onto its edge, which is where people meant them to be."""
_MOST_ASPECT_CHANGE = 0.02
_SHOWN_NAMES = 8


@dataclass(frozen=True, slots=True)
class ImportedZones:
    """Features in fractions of the picture (rings not closed), lines on what was left out or changed, and what was drawn on."""

    features: tuple[dict[str, Any], ...]
    notes: tuple[ImportNote, ...]
    picture_px: tuple[int, int] | None
    source: str
    """``labelme``, ``CVAT``, ``Label Studio`` or ``GeoJSON``."""


def import_zones(raw: bytes, *, camera_id: str, picture_px: tuple[int, int] | None = None) -> ImportedZones:
    """What an export holds for one camera. Shapes that can't be a zone are told in ``notes``, never left out in silence.

    Args:
        raw: the file; which program it is from is seen from what stands in it.
        camera_id: of several pictures, the one is taken whose file name holds this.
        picture_px: of the camera: a drawing on a picture of another shape is told.

    Raises:
        ImportRefusedError: nothing can be taken from it.
    """
    source, pictures = _read(raw)
    if source == "GeoJSON":
        made = _of_zone_file(pictures)
    else:
        picture, notes = _choose(pictures, camera_id)
        features, told = _features(picture.shapes)
        made = ImportedZones(tuple(features), (*notes, *picture.notes, *told), picture.size_px, source)
    _refuse_too_many(made.features)
    return ImportedZones(made.features, (*made.notes, *_aspect_note(made.picture_px, picture_px)), made.picture_px, source)


def _read(raw: bytes) -> tuple[str, Any]:
    """Which program it is from, and its pictures; of a zone file, its object."""
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "CVAT", read_cvat(raw)
    try:
        data = parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as err:
        raise ImportRefusedError(NoteCode.NOT_TEXT, "not a text file", expected="JSON or XML, in UTF-8") from err
    if isinstance(data, dict) and data.get("type") == "FeatureCollection":
        return "GeoJSON", data
    if is_labelme(data):
        return "labelme", read_labelme(data)
    if is_label_studio(data):
        return "Label Studio", read_label_studio(data)
    raise ImportRefusedError(
        NoteCode.UNKNOWN_FORMAT,
        "an export of an unknown program",
        expected='labelme JSON, CVAT "for images 1.1", Label Studio JSON or a zone file',
        found_text="",
    )


def _choose(pictures: Sequence[DrawnPicture], camera_id: str) -> tuple[DrawnPicture, list[ImportNote]]:
    """The picture of the camera, by its file name, or the only one there is."""
    if not pictures:
        raise ImportRefusedError(NoteCode.NO_PICTURE, "no picture in the export")
    named = re.compile(rf"(?<![0-9a-z]){re.escape(camera_id.lower())}(?![0-9a-z])")
    ours = [picture for picture in pictures if named.search(picture.name.lower())] or (list(pictures) if len(pictures) == 1 else [])
    drawn = [picture for picture in ours if picture.shapes] or ours[:1]
    names = ", ".join(picture.name or "?" for picture in (ours or pictures)[:_SHOWN_NAMES])
    if not drawn:
        raise ImportRefusedError(
            NoteCode.NO_PICTURE_OF_CAMERA,
            "several pictures, none of them named after the camera",
            expected=f"a file name with {camera_id!r} in it",
            found=names,
            camera=camera_id,
            names=names,
        )
    if len(drawn) > 1:
        raise ImportRefusedError(
            NoteCode.SEVERAL_PICTURES, "several pictures of the camera", expected="one", found=names, camera=camera_id, names=names
        )
    others = str(len(pictures) - 1)
    notes = [ImportNote(NoteCode.OTHER_PICTURES, f"{others} other picture(s) left out", {"count": others})] if others != "0" else []
    return drawn[0], notes


# --- shapes to features ------------------------------------------------------------------------------------


def _features(shapes: Iterable[Shape]) -> tuple[list[dict[str, Any]], list[ImportNote]]:
    features: list[dict[str, Any]] = []
    notes: list[ImportNote] = []
    taken: set[str] = set()
    for shape in shapes:
        kind, detail = _kind_of(shape.label)
        refused = shape.refused or _unfit(shape, kind)
        if refused or kind is None:
            notes += [refused] if refused else []
            continue
        vertices, moved = _inside(shape.vertices)
        if moved:
            notes.append(_moved_note(shape.number, shape.label, moved))
        properties = _properties(kind, detail, shape.attributes, taken)
        features.append({"type": "Feature", "properties": properties, "geometry": _polygon(vertices)})
    return features, notes


def _kind_of(label: str) -> tuple[ZoneKind | None, str]:
    """The kind that a label names, and what stands behind it: ``shopfront:BS-0101``, ``公共区域/东段``."""
    word, *detail = re.split(r"\s*[:：/／]\s*", label.strip(), maxsplit=1)
    return KIND_NAMES.get(word.strip().lower()), detail[0].strip() if detail else ""


def _unfit(shape: Shape, kind: ZoneKind | None) -> ImportNote | None:
    """Why this can't be a zone."""
    if kind is None:
        why = f"a label that is no kind of zone ({', '.join(KIND_NAMES)})"
        return refused_shape(shape.number, shape.label, NoteCode.UNKNOWN_LABEL, why).refused
    if len(set(shape.vertices)) < 3:
        return refused_shape(shape.number, shape.label, NoteCode.TOO_FEW_POINTS, "fewer than three points").refused
    return None


def _properties(kind: ZoneKind, detail: str, attributes: Mapping[str, str], taken: set[str]) -> dict[str, Any]:
    """``detail`` is the shop code where the ground belongs to a shop, the place on public ground, else a name."""
    own = "shop_code" if kind in OWNED else "place" if kind is ZoneKind.PUBLIC else "name"
    given = {own: detail or attributes.get("detail", "")}
    for name, called in _NAMES_OF.items():
        given[name] = next((attributes[each] for each in called if attributes.get(each)), given.get(name, ""))
    if kind not in OWNED:
        given.pop("shop_code")
    zone_id = _free_id(f"{kind.value}-{given['shop_code']}" if given.get("shop_code") else kind.value, taken)
    return {"id": zone_id, "kind": kind.value, **{name: value for name, value in given.items() if value}}


def _free_id(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name


def _inside(vertices: Vertices) -> tuple[Vertices, int]:
    """Rounded, without repeats, what lies just outside the picture moved onto its edge; how many that were."""
    moved = 0
    ring: list[tuple[float, float]] = []
    for x, y in vertices:
        near = -_REACH <= x <= 1 + _REACH and -_REACH <= y <= 1 + _REACH
        inside = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) if near else (x, y)
        moved += abs(inside[0] - x) > 10**-DIGITS or abs(inside[1] - y) > 10**-DIGITS
        rounded = (round(inside[0], DIGITS), round(inside[1], DIGITS))
        if not ring or rounded != ring[-1]:
            ring.append(rounded)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return tuple(ring), moved


def _moved_note(number: int, label: str, moved: int) -> ImportNote:
    text = f"shape {number} ({label}): {moved} vertices lay outside the picture and were moved onto its edge"
    return ImportNote(NoteCode.MOVED_INSIDE, text, {"number": str(number), "label": label, "count": str(moved)})


def _polygon(vertices: Vertices) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(vertex) for vertex in vertices]]}


# --- another zone file -------------------------------------------------------------------------------------


def _of_zone_file(data: dict[str, Any]) -> ImportedZones:
    """Features as they are. What else the file says of its camera, author and version stays behind."""
    given = data.get("features")
    features: list[dict[str, Any]] = []
    notes: list[ImportNote] = []
    for number, feature in enumerate(given if isinstance(given, list) else (), 1):
        properties = feature.get("properties") if isinstance(feature, Mapping) else None
        properties = dict(properties) if isinstance(properties, Mapping) else {}
        kind, _ = _kind_of(str(properties.get("kind") or ""))
        name = str(properties.get("id") or properties.get("kind") or "")
        ring = _outer_ring(feature.get("geometry") if isinstance(feature, Mapping) else None)
        if kind is None:
            refused = refused_shape(number, name, NoteCode.UNKNOWN_LABEL, f"no kind of zone ({', '.join(ZoneKind)})")
        elif isinstance(ring, str):
            refused = refused_shape(number, name, NoteCode.NOT_A_POLYGON, f"no polygon of one ring but {ring!r}", shape=ring)
        else:
            properties["kind"] = kind.value
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
            continue
        notes += [refused.refused] if refused.refused else []
    metadata = data.get("doorline")
    size = metadata.get("picture_px") if isinstance(metadata, Mapping) else None
    is_size = isinstance(size, list) and len(size) == 2 and all(type(each) is int and each > 0 for each in size)
    return ImportedZones(tuple(features), tuple(notes), (size[0], size[1]) if is_size and isinstance(size, list) else None, "GeoJSON")


def _outer_ring(geometry: Any) -> list[Any] | str:
    """The vertices of a polygon of one ring, not closed; else what it is instead."""
    if not isinstance(geometry, Mapping):
        return "?"
    rings, kind = geometry.get("coordinates"), str(geometry.get("type"))
    if kind == "MultiPolygon" and isinstance(rings, list) and len(rings) == 1:
        rings, kind = rings[0], "Polygon"  # what some programs write of every polygon
    if kind != "Polygon" or not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        return kind
    if len(rings) > 1:
        return f"{len(rings)} rings"
    vertices = [
        [round(number, DIGITS) if isinstance(number, float) else number for number in vertex[:2]]
        for vertex in rings[0]
        if isinstance(vertex, list)
    ]
    return vertices[:-1] if len(vertices) > 1 and vertices[0] == vertices[-1] else vertices


# --- all of it ---------------------------------------------------------------------------------------------


def _refuse_too_many(features: Sequence[Mapping[str, Any]]) -> None:
    vertices = sum(len(feature["geometry"]["coordinates"][0]) for feature in features)
    if len(features) > MOST_FEATURES or vertices > MOST_VERTICES:
        found = f"{len(features)} with {vertices} vertices"
        raise ImportRefusedError(
            NoteCode.TOO_MANY,
            "more zones than one camera can have",
            expected=f"at most {MOST_FEATURES}",
            found=found,
            most=str(MOST_FEATURES),
        )


def _aspect_note(drawn_px: tuple[int, int] | None, camera_px: tuple[int, int] | None) -> list[ImportNote]:
    if drawn_px is None or camera_px is None:
        return []
    change = (drawn_px[0] / drawn_px[1]) / (camera_px[0] / camera_px[1]) - 1
    if abs(change) <= _MOST_ASPECT_CHANGE:
        return []
    drawn, ours = (f"{size[0]}x{size[1]}" for size in (drawn_px, camera_px))
    text = f"drawn on a picture of another shape ({drawn}) than the camera's ({ours}): compare the polygons with the street"
    return [ImportNote(NoteCode.OTHER_ASPECT, text, {"drawn": drawn, "ours": ours})]
