"""What Label Studio writes as JSON: a list of tasks, points in percent of the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from pipeline.zones.import_shapes import (
    DrawnPicture,
    ImportNote,
    NoteCode,
    Shape,
    Vertices,
    not_a_polygon,
    number_of,
    rectangle,
    refused_shape,
    scaled,
    size_of,
    text_attributes,
    turned,
)

_SAID = {"textarea", "choices", "taxonomy", "number"}
"""Types of results that say something of a region, and draw nothing."""
_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif")


def is_label_studio(data: Any) -> bool:
    """Whether it looks like one."""
    tasks = data if isinstance(data, list) else [data]
    return bool(tasks) and all(isinstance(task, Mapping) and isinstance(task.get("annotations"), list) and "data" in task for task in tasks)


def read_label_studio(data: Any) -> list[DrawnPicture]:
    """All pictures of an export."""
    return [_picture(task) for task in (data if isinstance(data, list) else [data])]


def _picture(task: Mapping[str, Any]) -> DrawnPicture:
    """Of several people who drew on one picture, the one who did so last."""
    drawings = [each for each in task["annotations"] if isinstance(each, Mapping) and not each.get("was_cancelled")]
    drawings.sort(key=lambda each: str(each.get("updated_at") or each.get("created_at") or ""))
    results = drawings[-1].get("result") if drawings else []
    results = [each for each in results if isinstance(each, Mapping)] if isinstance(results, list) else []
    notes: tuple[ImportNote, ...] = ()
    if len(drawings) > 1:
        left_out = str(len(drawings) - 1)
        text = f"{left_out} other drawing(s) of the same picture left out: the last one is taken"
        notes = (ImportNote(NoteCode.OTHER_DRAWINGS, text, {"count": left_out}),)
    regions = [each for each in results if str(each.get("type")) not in _SAID]
    sizes = (size_of(each.get("original_width"), each.get("original_height")) for each in regions)
    size = next((each for each in sizes if each), None)
    said = _said(results)
    shapes = tuple(_shape(number, region, said.get(str(region.get("id")), {})) for number, region in enumerate(regions, 1))
    return DrawnPicture(_name(task), size, shapes, notes)


def _name(task: Mapping[str, Any]) -> str:
    """The file name of a task's picture: in which field it stands is a matter of the project."""
    data = task.get("data")
    told = [value for value in data.values() if isinstance(value, str)] if isinstance(data, Mapping) else []
    told += [str(task.get("file_upload") or "")]
    names = [_file_name(value) for value in told]
    return next((name for name in names if name.lower().endswith(_PICTURES)), next((name for name in names if name), ""))


def _file_name(address: str) -> str:
    """Of an address, which may carry the path as a parameter (``?d=folder/picture.jpg``)."""
    parts = urlsplit(address)
    path = parts.query.rpartition("=")[2] if parts.query.lower().endswith(_PICTURES) else parts.path
    return unquote(path).replace("\\", "/").rpartition("/")[2]


def _said(results: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Region -> what was said of it, by the name of the field."""
    said: dict[str, dict[str, str]] = {}
    for each in results:
        value, kind = each.get("value"), str(each.get("type"))
        if kind in _SAID and isinstance(value, Mapping):
            told = value.get("text") if kind == "textarea" else value.get(kind)
            first = told[0] if isinstance(told, list) and told else told
            said.setdefault(str(each.get("id")), {}).update(text_attributes({str(each.get("from_name")): first}))
    return said


def _shape(number: int, region: Mapping[str, Any], said: Mapping[str, str]) -> Shape:
    value = region.get("value")
    value = value if isinstance(value, Mapping) else {}
    kind = str(region.get("type") or next((name for name in value if name.endswith("labels")), "")).lower()
    labels = value.get(kind) or value.get("labels")
    label = str(labels[0]).strip() if isinstance(labels, list) and labels else ""
    if kind not in {"polygonlabels", "rectanglelabels", "polygon", "rectangle"}:
        return not_a_polygon(number, label, kind.removesuffix("labels") or "?")
    if region.get("image_rotation") not in (None, 0):
        return refused_shape(number, label, NoteCode.TURNED_PICTURE, "drawn on a picture that was turned")
    try:
        vertices = _polygon(value) if kind.startswith("polygon") else _rectangle(value, region)
    except (KeyError, TypeError, ValueError):
        return refused_shape(number, label, NoteCode.NO_POINTS, "its points can't be read")
    meta = region.get("meta")
    told = meta.get("text") if isinstance(meta, Mapping) else None
    detail = text_attributes({"detail": told[0] if isinstance(told, list) and told else told})
    return Shape(number, label, vertices, {**detail, **said})


def _polygon(value: Mapping[str, Any]) -> Vertices:
    return tuple((number_of(x) / 100, number_of(y) / 100) for x, y in value["points"])


def _rectangle(value: Mapping[str, Any], region: Mapping[str, Any]) -> Vertices:
    """A rectangle, which may be turned about its upper left corner: with the true sizes, since percents have no angles."""
    left, top, width, height = (number_of(value[name]) / 100 for name in ("x", "y", "width", "height"))
    corners = rectangle(left, top, left + width, top + height)
    degrees = number_of(value.get("rotation") or 0)
    if not degrees:
        return corners
    size = size_of(region.get("original_width"), region.get("original_height"))
    if size is None:
        raise ValueError("turned, on a picture whose size is not said")
    in_pixels: Vertices = tuple((x * size[0], y * size[1]) for x, y in corners)
    return scaled(turned(in_pixels, in_pixels[0], degrees), size)
