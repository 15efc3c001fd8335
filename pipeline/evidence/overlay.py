"""The marks on a marked copy: polygons, boxes, whose it is, time and dwell, from stored observations alone.

What is told in words stands in a strip above the picture, so that nothing in the picture is covered by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np

from pipeline.config import CameraSettings
from pipeline.drawing import ZONE_STYLES, MarkedBox, composite, draw_boxes, draw_zones, overlay
from pipeline.drawing.canvas import SMALLEST_TEXT_PX, WHOLE_PICTURE, Canvas, Rgba, Stroke, block_width, cut, line_height
from pipeline.evidence.material import HIDDEN_SHARE, Material, hidden_share, things_of
from pipeline.types import MOVERS, BoundingBox, Detection, GapReason, Image, Observation, Role, TargetKind, ViolationKind
from pipeline.zones import CameraZones

KIND_NAMES = {
    ViolationKind.BEYOND_SHOPFRONT: "跨门经营",
    ViolationKind.PAVEMENT_PILING: "占道堆物",
    ViolationKind.STREET_STALL: "占道设摊",
}
ROLE_NAMES = {
    Role.PERSON: "人",
    Role.GOODS: "货物",
    Role.FURNITURE: "桌椅架牌",
    Role.STALL: "摊车",
    Role.CANOPY: "篷伞",
    Role.VEHICLE: "车辆",
    Role.ANIMAL: "动物",
    Role.UNKNOWN_OBJECT: "放置物",
}
GAP_NAMES = {
    GapReason.NO_FRAME: "无画面",
    GapReason.GREY: "灰屏",
    GapReason.FROZEN: "画面冻结",
    GapReason.TORN: "画面撕裂",
    GapReason.DARK: "过暗",
    GapReason.BLURRED: "模糊",
    GapReason.CAMERA_MOVED: "镜头移动",
    GapReason.NO_LOOK: "未巡看",
}
_STRIP_BGR = (22, 18, 16)
_LINES = 2
_SMALLEST_STRIP_TEXT_PX = 15
_LONGEST_HIDING_S = 15.0
"""Somebody who stands in front for longer than this between two sights adds no dwell."""


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """Size of a marked copy: the picture's own width and height in it, and the height of the strip above."""

    width_px: int
    height_px: int
    strip_px: int

    @property
    def total_px(self) -> int:
        """Height with the strip."""
        return self.height_px + self.strip_px


def mark_style(width_px: int, height_px: int) -> MarkStyle:
    """The strip holds two lines in the text size of a picture of this height, its height is even."""
    text_px = _text_px(height_px)
    strip_px = _LINES * line_height(text_px) + text_px
    return MarkStyle(width_px, height_px, strip_px + strip_px % 2)


class Marks:
    """Draws the marks of one violation."""

    def __init__(self, material: Material, camera: CameraSettings, zones: CameraZones) -> None:
        """Nothing is looked at here but what was stored: no picture is judged again."""
        self._material = material
        self._camera = camera
        self._zones = zones
        target = material.violation.target
        self._concerned = tuple(
            zone
            for zone in zones.zones
            if (zone.shop_code and zone.shop_code in target.shop_codes)
            or (target.kind is TargetKind.PLACE and target.place and target.place in {zone.place, zone.name})
        )
        self._dwell_by_look = _dwell_by_look(material)

    def dwell_s(self, observation: Observation) -> float:
        """Seconds that the thing had been seen standing at this look, as far as the stored looks tell."""
        return self._dwell_by_look.get(observation.captured_at, 0.0)

    def on_picture(self, image: Image, observation: Observation | None, media_time_s: float | None, title: str, view: BoundingBox) -> Image:
        """A marked copy (taller by its strip) of a still that shows the part ``view`` of the picture."""
        style = mark_style(image.shape[1], image.shape[0])
        canvas = overlay(image.shape[1], image.shape[0], view)
        self._draw(canvas, observation, media_time_s)
        strip = self._strip(style, self._lines(observation, media_time_s, title))
        return np.ascontiguousarray(np.vstack([strip, composite(image, canvas)]))

    def on_video(self, style: MarkStyle, observation: Observation | None, media_time_s: float | None) -> Rgba:
        """The overlay (total_px x width_px x 4) that holds from a look until the next; None before the first."""
        canvas = overlay(style.width_px, style.height_px, WHOLE_PICTURE)
        self._draw(canvas, observation, media_time_s)
        strip = self._strip(style, self._lines(observation, media_time_s, ""))
        opaque = np.dstack([strip[:, :, ::-1], np.full(strip.shape[:2], 255, np.uint8)])
        return np.ascontiguousarray(np.vstack([opaque, canvas.rgba()]))

    def _draw(self, canvas: Canvas, observation: Observation | None, media_time_s: float | None) -> None:
        # The same room is kept free at every look, so that zone labels stay where they are and cover no thing.
        violation = self._material.violation
        for box in (violation.box, *violation.things):
            low, high = canvas.points([(box.x_min, box.y_min), (box.x_max, box.y_max)])
            canvas.reserve((int(low[0]), int(low[1]) - 2 * canvas.text_px, math.ceil(high[0]), math.ceil(high[1])))
        draw_zones(canvas, self._zones.zones)
        # A broader line, not a stronger tint: what stands in the zone must keep its colours.
        for zone in self._concerned:
            style, width_px = ZONE_STYLES[zone.kind], canvas.line_px * 2
            dashes = tuple(length * width_px for length in style.dashes)
            canvas.outline(canvas.points(zone.polygon.exterior.coords), Stroke(style.colour, 255, width_px, dashes))
        draw_boxes(canvas, _boxes_at(self._material, observation, media_time_s))

    def _strip(self, style: MarkStyle, lines: list[str]) -> Image:
        """Words on a dark strip as wide as the picture (strip_px x width_px x 3 BGR), smaller where they would not fit."""
        canvas = Canvas(style.width_px, style.strip_px)
        size = full = _text_px(style.height_px)
        room = style.width_px - full
        while size > SMALLEST_TEXT_PX and block_width(lines, size) > room:
            size -= 1
        for index, line in enumerate(lines):
            y = full // 2 + index * line_height(full) + (line_height(full) - line_height(size)) // 2
            canvas.write(cut(line, size, room), full // 2, y, size)
        ground: Image = np.full((style.strip_px, style.width_px, 3), _STRIP_BGR, np.uint8)
        return composite(ground, canvas)

    def _lines(self, observation: Observation | None, media_time_s: float | None, title: str) -> list[str]:
        violation, target = self._material.violation, self._material.violation.target
        where = " ".join(part for part in (self._camera.id, self._camera.place or self._camera.name) if part)
        whose = {
            TargetKind.SHOP: f"店铺 {' '.join(target.shop_codes)}",
            TargetKind.AMBIGUOUS: f"归属待定 {' / '.join(target.shop_codes)}",
            TargetKind.PLACE: f"地点 {target.place}",
        }[target.kind]
        first = "  ".join(part for part in (where, self._time_text(media_time_s), title) if part)
        second = "  ".join(part for part in (KIND_NAMES[violation.kind], whose, self._state_text(observation, media_time_s)) if part)
        return [first, second]

    def _time_text(self, media_time_s: float | None) -> str:
        if media_time_s is None:
            return ""
        at = self._material.captured_at(media_time_s)
        if at is None:
            return f"片内 {_span_text(media_time_s)}(时钟未知)"
        local = at.astimezone(self._zones.timezone)
        return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 100_000}"

    def _state_text(self, observation: Observation | None, media_time_s: float | None) -> str:
        """What the stored looks say of this moment."""
        if media_time_s is None:
            return ""
        if observation is None:
            return "尚未巡看"
        if observation.gap is not None:
            return f"本次不计:{GAP_NAMES[observation.gap]}"
        violation = self._material.violation
        if observation.captured_at < violation.first_seen_at:
            return "尚未出现"
        if violation.cleared_at and observation.captured_at >= violation.cleared_at:
            return f"已清除,共停留 {_span_text(violation.dwell_s)}"
        confirmed = violation.confirmed_at is not None and observation.captured_at >= violation.confirmed_at
        hidden = not things_of(violation, observation) and _covered(self._material, observation)
        said = [f"已停留 {_span_text(self.dwell_s(observation))}", "已达时限" if confirmed else "", "被遮挡" if hidden else ""]
        return " ".join(part for part in said if part)


def enlarge(image: Image, factor: int) -> Image:
    """A picture enlarged by a whole factor, smooth."""
    if factor == 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _text_px(height_px: int) -> int:
    return max(_SMALLEST_STRIP_TEXT_PX, round(height_px * 0.026))


def _boxes_at(material: Material, observation: Observation | None, media_time_s: float | None) -> list[MarkedBox]:
    """What was seen at a look; where the thing is not in it, the place it stood in, thin."""
    violation = material.violation
    if media_time_s is None:
        return [MarkedBox(violation.box, "对应位置")]
    if observation is None:
        return []
    things = things_of(violation, observation)
    boxes = [MarkedBox(thing.box, _name_of(thing), emphasised=True) for thing in things]
    boxes += [MarkedBox(other.box) for other in observation.detections if other.role in MOVERS and other not in things]
    if observation.gap is None and not things and observation.captured_at >= violation.first_seen_at:
        if violation.cleared_at and observation.captured_at >= violation.cleared_at:
            boxes.append(MarkedBox(violation.box, "原位置"))
        else:
            boxes += [MarkedBox(box, "所在位置") for box in violation.things or (violation.box,)]
    return boxes


def _name_of(thing: Detection) -> str:
    """What the role is called, and what the model called it where one did."""
    if thing.role is Role.UNKNOWN_OBJECT:
        return ROLE_NAMES[thing.role]
    return f"{ROLE_NAMES[thing.role]} {thing.label} {thing.confidence:.2f}"


def _dwell_by_look(material: Material) -> dict[datetime, float]:
    """Dwell so far at each look since first sight: time from sight to sight, less gaps and long hiding.

    Told from the stored looks alone, so that it can be shown for every look; what the rules counted is its limit.
    """
    violation = material.violation
    result: dict[datetime, float] = {}
    dwell_s, unsure_s, told_at, joined = 0.0, 0.0, violation.first_seen_at, True
    for observation in material.observations:
        at = observation.captured_at
        if at < violation.first_seen_at:
            continue
        seen = bool(things_of(violation, observation)) and at <= violation.last_seen_at
        joined &= observation.gap is None
        if observation.gap is None and (seen or not _covered(material, observation)):
            step_s = (at - told_at).total_seconds()
            unsure_s = unsure_s + step_s if joined and step_s <= _LONGEST_HIDING_S else 0.0
            if seen:
                dwell_s, unsure_s = dwell_s + unsure_s, 0.0
            told_at, joined = at, True
        result[at] = min(dwell_s, violation.dwell_s)
    return result


def _covered(material: Material, observation: Observation) -> bool:
    violation = material.violation
    boxes = violation.things or (violation.box,)
    return max(hidden_share(box, observation, violation.labels) for box in boxes) > HIDDEN_SHARE


def _span_text(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
