"""Polygons, boxes and Chinese labels drawn onto pictures."""

from pipeline.drawing.canvas import Canvas
from pipeline.drawing.marks import (
    ZONE_STYLES,
    Corner,
    MarkedBox,
    composite,
    describe_hours,
    draw_boxes,
    draw_caption,
    draw_preview,
    draw_zones,
    overlay,
)

__all__ = [
    "ZONE_STYLES",
    "Canvas",
    "Corner",
    "MarkedBox",
    "composite",
    "describe_hours",
    "draw_boxes",
    "draw_caption",
    "draw_preview",
    "draw_zones",
    "overlay",
]
