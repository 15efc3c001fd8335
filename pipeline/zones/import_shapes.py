"""Polygons that were drawn elsewhere, whatever the program: what a reader of an export gives, and what can be said of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

from pipeline.errors import ConfigError

Vertices = tuple[tuple[float, float], ...]


class NoteCode(StrEnum):
    """What there is to say of an import."""

    # Nothing can be taken from it
    NOT_TEXT = "not_text"
    NOT_JSON = "not_json"
    NOT_XML = "not_xml"
    XML_ENTITIES = "xml_entities"
    UNKNOWN_FORMAT = "unknown_format"
    VIDEO = "video"
    NO_SIZE = "no_size"
    NO_PICTURE = "no_picture"
    NO_PICTURE_OF_CAMERA = "no_picture_of_camera"
    SEVERAL_PICTURES = "several_pictures"
    TOO_MANY = "too_many"
    # A shape is left out
    UNKNOWN_LABEL = "unknown_label"
    NOT_A_POLYGON = "not_a_polygon"
    NO_POINTS = "no_points"
    TOO_FEW_POINTS = "too_few_points"
    TURNED_PICTURE = "turned_picture"
    # Good to know
    OTHER_PICTURES = "other_pictures"
    OTHER_DRAWINGS = "other_drawings"
    MOVED_INSIDE = "moved_inside"
    OTHER_ASPECT = "other_aspect"


@dataclass(frozen=True, slots=True)
class ImportNote:
    """One line, and a code with values for those who say it in other words."""

    code: NoteCode
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


class ImportRefusedError(ConfigError):
    """An export that nothing can be taken from."""

    def __init__(self, code: NoteCode, what: str, *, expected: str = "", found: str = "", **values: str) -> None:
        """``values`` are what the words for ``code`` need."""
        super().__init__(what, expected=expected, found=found)
        self.note = ImportNote(code, str(self), values)


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing of an export. ``attributes`` are what else was said of it, names in lower case.

    ``vertices`` are fractions of the picture; where ``refused`` says why it is no polygon, there are none.
    """

    number: int
    """Place in the export of its picture, from 1."""
    label: str
    vertices: Vertices
    attributes: Mapping[str, str] = field(default_factory=dict)
    refused: ImportNote | None = None


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture of an export, with all that was drawn on it. ``size_px`` is None where the export does not say it."""

    name: str
    size_px: tuple[int, int] | None
    shapes: tuple[Shape, ...]
    notes: tuple[ImportNote, ...] = ()


def refused_shape(number: int, label: str, code: NoteCode, why: str, **values: str) -> Shape:
    """A shape that is left out, and why."""
    text = f"shape {number} ({label or 'without label'}): {why}; left out"
    return Shape(number, label, (), refused=ImportNote(code, text, {"number": str(number), "label": label, **values}))


def not_a_polygon(number: int, label: str, kind: str) -> Shape:
    """A line, a point, a mask: nothing that is ground."""
    return refused_shape(number, label, NoteCode.NOT_A_POLYGON, f"no polygon but {kind!r}", shape=kind)


def rectangle(left: float, top: float, right: float, bottom: float) -> Vertices:
    """Its four corners."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def turned(vertices: Vertices, about: tuple[float, float], degrees: float) -> Vertices:
    """Turned clockwise about a point, as a picture is seen (y down); in pixels, since fractions have no angles."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    return tuple(
        (about[0] + (x - about[0]) * cosine - (y - about[1]) * sine, about[1] + (x - about[0]) * sine + (y - about[1]) * cosine)
        for x, y in vertices
    )


def scaled(vertices: Vertices, size_px: tuple[int, int]) -> Vertices:
    """Pixels -> fractions."""
    return tuple((x / size_px[0], y / size_px[1]) for x, y in vertices)


def number_of(value: Any) -> float:
    """A finite number, given as one or as text. ValueError, TypeError."""
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is no number")
    return number


def size_of(width: Any, height: Any) -> tuple[int, int] | None:
    """The size of a picture, where it is said."""
    try:
        size = (round(number_of(width)), round(number_of(height)))
    except (TypeError, ValueError):
        return None
    return size if min(size) >= 1 and max(size) <= 32768 else None


def text_attributes(given: Any) -> dict[str, str]:
    """What is said of a shape, as texts."""
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {str(name).strip().lower(): str(value).strip() for name, value in pairs if isinstance(value, str | int | float)}


def parse_json(text: str) -> Any:
    """Any JSON. Raises ImportRefusedError."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as err:
        raise ImportRefusedError(NoteCode.NOT_JSON, "not valid JSON", found=str(err)[:100], found_text=str(err)[:100]) from err


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
