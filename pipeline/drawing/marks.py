"""Polygons, boxes and captions with Chinese text drawn onto pictures.

Everything is given in fractions 0..1 of the whole picture; a canvas may show a part of it (``view``), so that a
close still carries the same marks as the wide one. Sizes follow the height of the canvas. Later text avoids
earlier text: draw captions first, then boxes, then zones. Whatever the order, zones lie lowest and text on top.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

import cv2
import numpy as np
import shapely
from PIL import Image as PillowImage
from shapely import Polygon

from pipeline.drawing.canvas import (
    SMALLEST_TEXT_PX,
    WHOLE_PICTURE,
    Canvas,
    Colour,
    Layer,
    Points,
    Rectangle,
    Rgba,
    Stroke,
    block_width,
    cut,
    line_height,
    shared_area,
)
from pipeline.shops import ShopRegistry
from pipeline.types import BoundingBox, Image
from pipeline.zones import CameraZones, OpenHours, Zone, ZoneKind


class Corner(StrEnum):
    """Where a caption stands."""

    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_RIGHT = "bottom_right"


@dataclass(frozen=True, slots=True)
class ZoneStyle:
    """How one kind of zone looks. ``dashes`` are (line, space, ...) in line widths; empty: a whole line.

    ``meaning`` is the kind's Chinese name for legends.
    """

    colour: Colour
    dashes: tuple[float, ...]
    fill_alpha: int
    meaning: str


# The colours are told apart with any colour vision (Okabe and Ito), and no two kinds share a line pattern.
ZONE_STYLES: Mapping[ZoneKind, ZoneStyle] = {
    ZoneKind.SHOPFRONT: ZoneStyle((86, 180, 233), (), 34, "店面"),
    ZoneKind.FRONTAGE: ZoneStyle((230, 159, 0), (9, 4), 30, "门前责任区"),
    ZoneKind.PUBLIC: ZoneStyle((0, 190, 140), (12, 4, 2, 4), 26, "公共区域"),
    ZoneKind.PERMITTED: ZoneStyle((240, 228, 66), (2, 3), 34, "外摆位"),
    ZoneKind.FIXTURE: ZoneStyle((214, 214, 214), (5, 3, 1, 3, 1, 3), 40, "固定设施"),
    ZoneKind.IGNORE: ZoneStyle((150, 150, 150), (1, 5), 56, "不看"),
}
_BOX_COLOUR: Colour = (255, 255, 255)
_ROOM_FOR_LABEL = 0.15
"""Share of a zone that smaller ones must leave free for its label to stand there."""
_EMPHASIS_COLOUR: Colour = (255, 96, 32)


@dataclass(frozen=True, slots=True)
class MarkedBox:
    """A box to draw, its label ("" for none, line breaks allowed), and whether it is what the picture is about."""

    box: BoundingBox
    label: str = ""
    emphasised: bool = False


def overlay(width_px: int, height_px: int, view: BoundingBox = WHOLE_PICTURE) -> Canvas:
    """A transparent canvas of this size that shows this part of the picture."""
    return Canvas(width_px, height_px, view)


def composite(image: Image, canvas: Canvas | Rgba) -> Image:
    """A new picture (HxWx3 BGR) with the canvas laid over it; both must have the same size."""
    rgba = canvas.rgba() if isinstance(canvas, Canvas) else canvas
    if rgba.shape[:2] != image.shape[:2]:
        raise ValueError(f"canvas of {rgba.shape[1]}x{rgba.shape[0]} px on a picture of {image.shape[1]}x{image.shape[0]} px")
    below = PillowImage.fromarray(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGBA), dtype=np.uint8))
    below.alpha_composite(PillowImage.fromarray(rgba))
    return np.asarray(cv2.cvtColor(np.asarray(below), cv2.COLOR_RGBA2BGR), dtype=np.uint8)


def draw_zones(canvas: Canvas, zones: Sequence[Zone], *, highlight: Collection[str] = (), labels: Mapping[str, str] | None = None) -> None:
    """Outline and tint zones; those whose id is in ``highlight`` more strongly, the others then more faintly.

    ``labels`` replaces the text of zones by id ("" for none, line breaks allowed); else it is the shop code, place, or name.
    """
    for zone in zones:
        _draw_zone(canvas, zone, strong=zone.zone_id in highlight, faint=bool(highlight) and zone.zone_id not in highlight)
    for zone in zones:
        text = (labels or {}).get(zone.zone_id, _label_of(zone))
        if text:
            smaller = [other.polygon for other in zones if other is not zone and other.polygon.area < zone.polygon.area]
            _label_zone(canvas, zone, text, smaller)


def draw_boxes(canvas: Canvas, boxes: Sequence[MarkedBox]) -> None:
    """Outline boxes, emphasised ones on top, with their labels outside them where there is room."""
    ordered = sorted(boxes, key=lambda marked: marked.emphasised)
    for marked in ordered:
        _draw_box(canvas, marked)
    for marked in reversed(ordered):
        if marked.label:
            _label_box(canvas, marked)


def draw_caption(canvas: Canvas, lines: Sequence[str], corner: Corner = Corner.BOTTOM_LEFT) -> None:
    """Lines of text on one plate in a corner, smaller where they would not fit; what still doesn't fit is cut with "…"."""
    lines = [part for line in lines for part in line.split("\n")]
    if not lines:
        return
    size = canvas.text_px
    while size > SMALLEST_TEXT_PX and (
        block_width(lines, size) > canvas.width_px * 0.92 or len(lines) * line_height(size) > canvas.height_px * 0.5
    ):
        size -= 1
    pad = max(3, size // 2)
    room = canvas.width_px - 4 * pad
    shown = [cut(line, size, room) for line in lines]
    width, height = block_width(shown, size) + 2 * pad, len(shown) * line_height(size) + 2 * (pad // 2)
    left = pad if corner in {Corner.TOP_LEFT, Corner.BOTTOM_LEFT} else canvas.width_px - pad - width
    top = pad if corner in {Corner.TOP_LEFT, Corner.TOP_RIGHT} else canvas.height_px - pad - height
    rectangle = (left, top, left + width, top + height)
    canvas.plate(rectangle)
    canvas.reserve(rectangle)
    for index, line in enumerate(shown):
        canvas.write(line, left + pad, top + pad // 2 + index * line_height(size), size)


# --- zones -------------------------------------------------------------------------------------------------


def _draw_zone(canvas: Canvas, zone: Zone, *, strong: bool, faint: bool) -> None:
    style = ZONE_STYLES[zone.kind]
    ring = canvas.points(zone.polygon.exterior.coords)
    width = canvas.line_px * 2 if strong else canvas.line_px
    canvas.fill(ring, style.colour, style.fill_alpha * 2 if strong else style.fill_alpha // 2 if faint else style.fill_alpha)
    canvas.outline(ring, Stroke(style.colour, 150 if faint else 255, width, _dashes_px(style, width)))


def _dashes_px(style: ZoneStyle, width_px: int) -> tuple[float, ...]:
    return tuple(length * max(width_px, 2) for length in style.dashes)


def _label_of(zone: Zone) -> str:
    if zone.shop_code:
        return f"{zone.shop_code} {zone.name}".strip()
    return zone.place or zone.name


def _label_zone(canvas: Canvas, zone: Zone, text: str, smaller: Sequence[Polygon]) -> None:
    """The label deep inside the part in view that no smaller zone covers; else above, below, or along its edges."""
    window = shapely.box(canvas.view.x_min, canvas.view.y_min, canvas.view.x_max, canvas.view.y_max)
    shown = zone.polygon.intersection(window)
    free = shown.difference(shapely.union_all(smaller))
    region = free if free.area > shown.area * _ROOM_FOR_LABEL else shown
    if not region.area:
        return
    lines = [cut(line, canvas.text_px, canvas.width_px * 2 // 5) for line in text.split("\n")]
    width, height = _plate_size(lines, canvas.text_px)
    inner = shapely.maximum_inscribed_circle(max(shapely.get_parts(region), key=lambda part: part.area), tolerance=0.002).coords[0]
    spots = [inner, region.representative_point().coords[0], *shapely.get_coordinates(shown.envelope)[:4], shown.centroid.coords[0]]
    steps = [0.0, *(side * height * count * 0.525 for count in range(1, 7) for side in (-1, 1))]
    choices = [_kept_inside(canvas, x - width / 2, y + dy - height / 2, width, height) for x, y in canvas.points(spots) for dy in steps]
    _write_label(canvas, lines, min(choices, key=canvas.taken_area), ZONE_STYLES[zone.kind].colour)


# --- boxes -------------------------------------------------------------------------------------------------


def _draw_box(canvas: Canvas, marked: MarkedBox) -> None:
    corners = _corners(canvas, marked.box)
    ring = np.concatenate([corners, corners[:1]])
    if marked.emphasised:
        canvas.outline(ring, Stroke(_EMPHASIS_COLOUR, 255, canvas.line_px * 2), Layer.BOXES)
        canvas.reserve(_around(corners))
    else:
        canvas.outline(ring, Stroke(_BOX_COLOUR, 200, canvas.line_px), Layer.BOXES)


def _label_box(canvas: Canvas, marked: MarkedBox) -> None:
    corners = _corners(canvas, marked.box)
    (left, top), (right, bottom) = corners[0], corners[2]
    if right < 0 or bottom < 0 or left > canvas.width_px or top > canvas.height_px:
        return
    lines = [cut(line, canvas.text_px, canvas.width_px // 2) for line in marked.label.split("\n")]
    width, height = _plate_size(lines, canvas.text_px)
    gap = 2 * canvas.line_px + 1
    spots = [
        (left, top - height - gap),
        (left, bottom + gap),
        (right - width, top - height - gap),
        (right - width, bottom + gap),
        (right + gap, top),
        (left - width - gap, top),
        (left, top - 2 * height - gap),
        (left, bottom + height + gap),
        (left + gap, top + gap),
    ]
    choices = [_kept_inside(canvas, x, y, width, height) for x, y in spots]
    body = _around(corners)
    rectangle = min(choices, key=lambda spot: (canvas.taken_area(spot), shared_area(spot, body)))
    _write_label(canvas, lines, rectangle, _EMPHASIS_COLOUR if marked.emphasised else _BOX_COLOUR)


def _corners(canvas: Canvas, box: BoundingBox) -> Points:
    return canvas.points([(box.x_min, box.y_min), (box.x_max, box.y_min), (box.x_max, box.y_max), (box.x_min, box.y_max)])


def _around(corners: Points) -> Rectangle:
    return int(corners[0, 0]), int(corners[0, 1]), math.ceil(corners[2, 0]), math.ceil(corners[2, 1])


# --- text --------------------------------------------------------------------------------------------------


def _write_label(canvas: Canvas, lines: Sequence[str], rectangle: Rectangle, accent: Colour) -> None:
    """Text on a dark plate with a bar of its owner's colour at the left."""
    left, top, _, bottom = rectangle
    canvas.plate(rectangle)
    canvas.plate((left, top, left + _bar_px(canvas.text_px), bottom), accent, 255)
    for index, line in enumerate(lines):
        canvas.write(line, left + 2 * _bar_px(canvas.text_px), top + index * line_height(canvas.text_px), canvas.text_px)
    canvas.reserve(rectangle)


def _plate_size(lines: Sequence[str], size_px: int) -> tuple[int, int]:
    return block_width(lines, size_px) + 3 * _bar_px(size_px), len(lines) * line_height(size_px)


def _bar_px(size_px: int) -> int:
    return max(2, size_px // 5)


def _kept_inside(canvas: Canvas, left: float, top: float, width: int, height: int) -> Rectangle:
    x = round(min(max(left, 0.0), max(canvas.width_px - width, 0)))
    y = round(min(max(top, 0.0), max(canvas.height_px - height, 0)))
    return x, y, x + width, y + height


# --- preview -----------------------------------------------------------------------------------------------


def draw_preview(image: Image, zones: CameraZones, shops: ShopRegistry | None = None, *, on: date | None = None) -> Image:
    """The zones on a picture of their camera, with a legend, for the person who draws and checks them.

    Args:
        image: HxWx3 BGR, the camera's whole picture.
        zones: the zones of that camera.
        shops: names the shops; without it, codes alone are shown.
        on: local day whose tenants are named; None names shops that never changed hands.

    Returns:
        A new picture of the same size.
    """
    canvas = overlay(image.shape[1], image.shape[0])
    title = f"摄像机 {zones.camera_id} · 区域版本 {zones.version}"
    draw_caption(canvas, [title, f"{zones.drawn_on} {zones.author} · {zones.reason}"], Corner.TOP_LEFT)
    _draw_legend(canvas, [kind for kind in ZoneKind if zones.of_kind(kind)])
    draw_zones(canvas, zones.zones, labels={zone.zone_id: _preview_label(zone, shops, on) for zone in zones.zones})
    return composite(image, canvas)


def _preview_label(zone: Zone, shops: ShopRegistry | None, on: date | None) -> str:
    title = zone.shop_code or zone.place or zone.name or zone.zone_id
    tenancy = shops.tenant_on(zone.shop_code, on) if shops is not None and zone.shop_code else None
    name = tenancy.name if tenancy else zone.name
    lines = [title if name in ("", title) else f"{title} {name}", *(describe_hours(hours) for hours in zone.hours)]
    if zone.valid_from or zone.valid_to:
        lines.append(f"{zone.valid_from or ''}至{zone.valid_to or ''}")
    return "\n".join(lines)


def describe_hours(hours: OpenHours) -> str:
    """Days and hours in Chinese: 每天 18:00–02:00, 周一至周五 09:00–17:00, 周六、周日 00:00–24:00."""
    days = sorted(hours.days)
    names = ["周" + "一二三四五六日"[day] for day in days]
    spell = "每天" if len(days) == 7 else "、".join(names)
    if 2 < len(days) < 7 and days[-1] - days[0] == len(days) - 1:
        spell = f"{names[0]}至{names[-1]}"
    closes = "24:00" if hours.closes == time(0) else f"{hours.closes:%H:%M}"
    return f"{spell} {hours.opens:%H:%M}–{closes}"


def _draw_legend(canvas: Canvas, kinds: Sequence[ZoneKind]) -> None:
    """Bottom left: a stroke of each kind and its meaning."""
    size, row, pad = canvas.text_px, line_height(canvas.text_px) + 2, max(3, canvas.text_px // 2)
    swatch = size * 3
    width = 3 * pad + swatch + block_width([ZONE_STYLES[kind].meaning for kind in kinds], size)
    top = canvas.height_px - pad - len(kinds) * row - pad
    rectangle = (pad, top, pad + width, canvas.height_px - pad)
    canvas.plate(rectangle)
    canvas.reserve(rectangle)
    for index, kind in enumerate(kinds):
        style, y = ZONE_STYLES[kind], top + pad // 2 + index * row
        middle = y + row / 2
        stroke = Stroke(style.colour, 255, canvas.line_px, _dashes_px(style, canvas.line_px))
        line = np.array([(2 * pad, middle), (2 * pad + swatch, middle)], dtype=np.float64)
        canvas.outline(line, stroke, Layer.TEXT)
        canvas.write(style.meaning, 3 * pad + swatch, y, size)
