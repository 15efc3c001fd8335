"""What labelme writes: a JSON file a picture, points in pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.zones.import_shapes import (
    DrawnPicture,
    ImportRefusedError,
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
)


def is_labelme(data: Any) -> bool:
    """Whether it looks like one."""
    return isinstance(data, Mapping) and isinstance(data.get("shapes"), list)


def read_labelme(data: Mapping[str, Any]) -> list[DrawnPicture]:
    """The one picture. ImportRefusedError where its size is not said: points would mean nothing."""
    size = size_of(data.get("imageWidth"), data.get("imageHeight"))
    if size is None:
        raise ImportRefusedError(
            NoteCode.NO_SIZE, "the size of the picture is not in the export", expected="imageWidth and imageHeight", name="labelme"
        )
    name = str(data.get("imagePath") or "").replace("\\", "/").rpartition("/")[2]
    shapes = tuple(_shape(number, shape, size) for number, shape in enumerate(data["shapes"], 1))
    return [DrawnPicture(name, size, shapes)]


def _shape(number: int, shape: Any, size: tuple[int, int]) -> Shape:
    if not isinstance(shape, Mapping):
        return refused_shape(number, "", NoteCode.NO_POINTS, "not a shape")
    label, kind = str(shape.get("label") or "").strip(), str(shape.get("shape_type") or "polygon")
    if kind not in {"polygon", "rectangle"}:
        return not_a_polygon(number, label, kind)
    try:
        points: Vertices = tuple((number_of(x), number_of(y)) for x, y in shape.get("points") or ())
        vertices = rectangle(*_extent(points)) if kind == "rectangle" else points
    except (TypeError, ValueError):
        return refused_shape(number, label, NoteCode.NO_POINTS, "its points can't be read")
    attributes = text_attributes(shape.get("attributes")) | text_attributes({"detail": shape.get("description") or _group(shape)})
    return Shape(number, label, scaled(vertices, size), attributes)


def _extent(points: Vertices) -> tuple[float, float, float, float]:
    """Two corners, in any order; some programs write all four."""
    if len(points) < 2:
        raise ValueError("a rectangle has two corners")
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _group(shape: Mapping[str, Any]) -> str:
    """labelme numbers its groups; programs like it let people name them."""
    group = shape.get("group_id")
    return group if isinstance(group, str) and not group.isdigit() else ""
