"""Exports of labelme, CVAT and Label Studio as these programs write them, with the same things drawn in each."""

from __future__ import annotations

import json
from typing import Any

WIDTH, HEIGHT = 1280, 720
FRONT = [(128.0, 72.0), (640.0, 72.0), (640.0, 288.0), (128.0, 288.0)]
"""A shop front in pixels: 0.1..0.5 across, 0.1..0.4 down."""
FRONT_FRACTIONS = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.4], [0.1, 0.4]]


def labelme(*shapes: dict[str, Any], **changes: Any) -> bytes:
    """One picture, named after its camera; without shapes, a front and a public pavement."""
    document: dict[str, Any] = {
        "version": "5.5.0",
        "flags": {},
        "shapes": list(shapes)
        or [labelme_shape("shopfront:BS-0101"), labelme_shape("公共区域", [(0, 504), (1280, 504), (1280, 720), (0, 720)])],
        "imagePath": "..\\pictures\\CAM21_20260512.jpg",
        "imageData": None,
        "imageHeight": HEIGHT,
        "imageWidth": WIDTH,
    }
    return json.dumps(document | changes, ensure_ascii=False, indent=2).encode()


def labelme_shape(label: str, points: Any = FRONT, kind: str = "polygon", **more: Any) -> dict[str, Any]:
    """A shape as labelme writes it."""
    return {"label": label, "points": points, "group_id": None, "description": "", "shape_type": kind, "flags": {}, "mask": None, **more}


def cvat(*images: str) -> bytes:
    """An export of the images of a task, as "CVAT for images 1.1"."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task><id>7</id><name>样桐路</name><size>{len(images)}</size><mode>annotation</mode></task>
    <dumped>2026-05-12 09:42:17+00:00</dumped>
  </meta>
  {"".join(images)}
</annotations>
""".encode()


def cvat_image(name: str, *shapes: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """One image with shapes."""
    return f'<image id="0" name="{name}" subset="default" task_id="7" width="{width}" height="{height}">{"".join(shapes)}</image>'


def cvat_polygon(label: str, points: Any = FRONT, **attributes: str) -> str:
    """A polygon with attributes."""
    pairs = ";".join(f"{x:.2f},{y:.2f}" for x, y in points)
    inner = "".join(f'<attribute name="{name}">{value}</attribute>' for name, value in attributes.items())
    return f'<polygon label="{label}" source="manual" occluded="0" points="{pairs}" z_order="0">{inner}</polygon>'


def cvat_box(label: str, rotation: str = "") -> str:
    """The same front as a box."""
    turned = f' rotation="{rotation}"' if rotation else ""
    return f'<box label="{label}" source="manual" occluded="0" xtl="128.0" ytl="72.0" xbr="640.0" ybr="288.0" z_order="0"{turned}></box>'


def label_studio(*results: dict[str, Any], image: str = "/data/upload/3/9f2c1d7a-CAM21.jpg", **changes: Any) -> bytes:
    """One task as "JSON" of Label Studio."""
    return json.dumps([task(*results, image=image, **changes)], ensure_ascii=False).encode()


def task(*results: dict[str, Any], image: str = "/data/upload/3/9f2c1d7a-CAM21.jpg", **changes: Any) -> dict[str, Any]:
    """A task with one drawing of it."""
    annotation = {
        "id": 11,
        "completed_by": 1,
        "result": list(results),
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-05-12T09:42:17.000000Z",
        "updated_at": "2026-05-12T09:50:00.000000Z",
        "lead_time": 63.2,
    }
    return {
        "id": 4,
        "annotations": [annotation],
        "file_upload": "9f2c1d7a-CAM21.jpg",
        "drafts": [],
        "predictions": [],
        "data": {"image": image},
        "meta": {},
    } | changes


def region(label: str, points: Any = None, region_id: str = "Dx_aB1", **changes: Any) -> dict[str, Any]:
    """A polygon in percent."""
    percent = [[100 * x, 100 * y] for x, y in (points or FRONT_FRACTIONS)]
    return {
        "original_width": WIDTH,
        "original_height": HEIGHT,
        "image_rotation": 0,
        "value": {"points": percent, "closed": True, "polygonlabels": [label]},
        "id": region_id,
        "from_name": "label",
        "to_name": "image",
        "type": "polygonlabels",
        "origin": "manual",
    } | changes


def rectangle_region(label: str, rotation: float = 0, **changes: Any) -> dict[str, Any]:
    """The same front as a rectangle, in percent."""
    value = {"x": 10.0, "y": 10.0, "width": 40.0, "height": 30.0, "rotation": rotation, "rectanglelabels": [label]}
    return region(label, type="rectanglelabels", value=value) | changes


def said_of(region_id: str, name: str, text: str) -> dict[str, Any]:
    """A text that belongs to a region."""
    return {"value": {"text": [text]}, "id": region_id, "from_name": name, "to_name": "image", "type": "textarea", "origin": "manual"}
