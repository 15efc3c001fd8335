"""What CVAT writes as "CVAT for images 1.1": one XML file, points in pixels.

XML from elsewhere may hold declarations that grow without end when read, or that open other files. An export has none, so a
file that has any is refused before they mean anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

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
    turned,
)

_DEEPEST = 32
_SHAPES = ("polygon", "box")


def read_cvat(raw: bytes) -> list[DrawnPicture]:
    """All pictures of an export. Raises ImportRefusedError."""
    root = _Tree().read(raw)
    if root.tag != "annotations":
        raise ImportRefusedError(
            NoteCode.UNKNOWN_FORMAT, "not an export of CVAT", expected="<annotations>", found=f"<{root.tag}>", found_text=f"<{root.tag}>"
        )
    if any(each.tag == "track" for each in root.children):
        raise ImportRefusedError(NoteCode.VIDEO, "an export of a video", expected='the format "CVAT for images 1.1"', found="<track>")
    return [_picture(each) for each in root.children if each.tag == "image"]


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    text: str = ""


class _Tree:
    """Reads XML without any declaration of types and entities."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._open: list[_Element] = [_Element("", {})]
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say

    def read(self, raw: bytes) -> _Element:
        """The outermost element. Raises ImportRefusedError."""
        try:
            self._parser.Parse(raw, True)
        except expat.ExpatError as err:
            raise ImportRefusedError(NoteCode.NOT_XML, "not valid XML", found=str(err)[:100], found_text=str(err)[:100]) from err
        return self._open[0].children[0]

    def _refuse(self, *_: object) -> NoReturn:
        raise ImportRefusedError(NoteCode.XML_ENTITIES, "XML with declarations", expected="an export as CVAT writes it", found="<!DOCTYPE")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise ImportRefusedError(NoteCode.NOT_XML, "XML that is too deep", found=f"<{tag}>", found_text=f"<{tag}>")
        element = _Element(tag, attributes)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _say(self, text: str) -> None:
        self._open[-1].text += text


def _picture(image: _Element) -> DrawnPicture:
    name = image.attributes.get("name", "").replace("\\", "/").rpartition("/")[2]
    size = size_of(image.attributes.get("width"), image.attributes.get("height"))
    if size is None:
        raise ImportRefusedError(
            NoteCode.NO_SIZE, "the size of the picture is not in the export", expected="width and height", found=name, name=name
        )
    return DrawnPicture(name, size, tuple(_shapes(image, size)))


def _shapes(image: _Element, size: tuple[int, int]) -> Iterator[Shape]:
    for number, each in enumerate(image.children, 1):
        label = each.attributes.get("label", "").strip()
        if each.tag not in _SHAPES:
            yield not_a_polygon(number, label, each.tag)
            continue
        try:
            vertices = _polygon(each) if each.tag == "polygon" else _box(each)
        except (KeyError, TypeError, ValueError):
            yield refused_shape(number, label, NoteCode.NO_POINTS, "its points can't be read")
            continue
        attributes = {
            inner.attributes.get("name", "").strip().lower(): inner.text.strip() for inner in each.children if inner.tag == "attribute"
        }
        yield Shape(number, label, scaled(vertices, size), attributes)


def _polygon(shape: _Element) -> Vertices:
    """``x,y;x,y;...``."""
    pairs = (point.split(",") for point in shape.attributes["points"].split(";") if point.strip())
    return tuple((number_of(x), number_of(y)) for x, y in pairs)


def _box(shape: _Element) -> Vertices:
    """A rectangle, which may be turned about its middle."""
    left, top, right, bottom = (number_of(shape.attributes[name]) for name in ("xtl", "ytl", "xbr", "ybr"))
    corners = rectangle(left, top, right, bottom)
    degrees = number_of(shape.attributes.get("rotation") or 0)
    return turned(corners, ((left + right) / 2, (top + bottom) / 2), degrees) if degrees else corners
