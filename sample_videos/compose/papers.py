"""What goes with the clip: its truth, its zones and its shop list, all computed from the layout and the script."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sample_videos.compose.camera import Camera, Floats, Point
from sample_videos.compose.errands import Thing
from sample_videos.compose.film import FilmStyle
from sample_videos.compose.layout import BIN_AT, KERB_Y, NOODLES, PERMITTED, PLANTER, POLE_AT, SHOPS, TREE_AT
from sample_videos.compose.script import Claim, Scene

DOOR_Y = -0.1
"""Outer edge of the door sills: the door line."""
INSIDE_Y = 2.2
PUBLIC_PLACE = "宝兴路128号墙边"
DWELL = {
    "warn_after_s": 4.0,
    "candidate_after_s": 8.0,
    "longest_gap_s": 10.0,
    "clear_looks": 3,
    "clear_span_s": 5.0,
    "reopen_within_s": 20.0,
    "loading_grace_s": 0.0,
}
"""The short dwell of configs/demo.yaml, with which the clip is meant to be judged."""


def truth_of(camera: Camera, scene: Scene, style: FilmStyle, clip_name: str, camera_id: str) -> dict[str, Any]:
    """What happens in the clip, in the format of docs/evaluation.md. Boxes are [x_min, y_min, x_max, y_max], fractions 0..1."""
    return {
        "format": 2,
        "clip": clip_name,
        "title": "made-up street with fruit crates, cartons and paint buckets before three shops",
        "camera_id": camera_id,
        "starts_at": f"{style.starts_at.isoformat()}+08:00",
        "length_s": scene.length_s,
        "fps": style.fps,
        "picture_px": [camera.width_px, camera.height_px],
        "conditions": {"light": "day", "weather": "dry"},
        "held_out": False,
        "dwell": DWELL,
        "gaps": [],
        "events": [_event(camera, scene, claim) for claim in scene.claims],
    }


def zones_of(camera: Camera, camera_id: str, reference: str, drawn_on: date) -> dict[str, Any]:
    """The GeoJSON of the camera's zones, in fractions of the picture."""
    features = []
    for shop in SHOPS:
        about = {"shop_code": shop.code, "name": f"{shop.name} 门内"}
        features.append(
            _feature(camera, f"{shop.code}-shopfront", "shopfront", _ground(shop.left_x, shop.right_x, DOOR_Y, INSIDE_Y), about)
        )
    for shop in SHOPS:
        about = {"shop_code": shop.code, "name": f"{shop.name} 门前", "place": f"宝兴路{_number(shop.code)}号门前"}
        features.append(_feature(camera, f"{shop.code}-frontage", "frontage", _ground(shop.left_x, shop.right_x, KERB_Y, DOOR_Y), about))
    public = {"name": "墙边人行道", "place": PUBLIC_PLACE}
    features.append(_feature(camera, "public-128", "public", _ground(SHOPS[-1].right_x, 12.0, KERB_Y, -0.05), public))
    permitted = {
        "name": "面馆外摆位",
        "place": f"宝兴路{_number(NOODLES.code)}号门前",
        "shop_codes": [NOODLES.code],
        "hours": [{"days": "daily", "opens": "06:00", "closes": "21:00"}],
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
    }
    features.append(_feature(camera, "permitted-1", "permitted", _ground(*PERMITTED), permitted))
    for name, label, points in _fixtures():
        features.append(_feature(camera, f"fixture-{name}", "fixture", points, {"name": label}))
    x, y = TREE_AT
    crown = np.array([[x + i * 2.3, y, z] for i in (-1, 1) for z in (2.4, 5.8)], dtype=np.float32)
    features.append(_feature(camera, "ignore-crown", "ignore", crown, {"name": "树冠"}))
    about_file = {
        "camera_id": camera_id,
        "version": "1",
        "author": "示例值守",
        "drawn_on": drawn_on.isoformat(),
        "reason": "first drawing",
        "reference": reference,
        "picture_px": [camera.width_px, camera.height_px],
        "timezone": "Asia/Shanghai",
    }
    return {"type": "FeatureCollection", "doorline": about_file, "features": features}


def shops_csv() -> str:
    """The shop list: the three tenants, and one who left earlier."""
    rows = [
        ["BS-0101", "阿明水果", "宝兴路122号", "宝兴路", "友谊路中队", "水果", "C", "阿明（示例）", "2021-03-01", ""],
        ["BS-0102", "大众理发", "宝兴路124号", "宝兴路", "友谊路中队", "理发", "A", "李师傅（示例）", "2015-05-01", "2024-06-30"],
        ["BS-0102", "顺意五金", "宝兴路124号", "宝兴路", "友谊路中队", "五金", "B", "周顺（示例）", "2024-07-01", ""],
        ["BS-0103", "老陈面馆", "宝兴路126号", "宝兴路", "友谊路中队", "餐饮", "B", "陈师傅（示例）", "2019-09-15", ""],
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "name", "address", "street", "squad", "trade", "grade", "contact", "since", "until"])
    writer.writerows(rows)
    return text.getvalue()


def zones_text(zones: dict[str, Any]) -> str:
    """GeoJSON with one feature to a line, so that a change of one zone is a change of one line."""
    features = ",\n".join("    " + json.dumps(feature, ensure_ascii=False) for feature in zones["features"])
    about = json.dumps(zones["doorline"], ensure_ascii=False)
    return f'{{\n  "type": "FeatureCollection",\n  "doorline": {about},\n  "features": [\n{features}\n  ]\n}}\n'


def _number(code: str) -> int:
    return 120 + 2 * int(code[-2:])


def _outside(claim: Claim) -> Claim:
    """The same claim with its things only where and while they stand before the door line."""
    things = tuple(Thing(thing.solid, [stand for stand in thing.stands if stand[2][1] < DOOR_Y]) for thing in claim.things)
    return replace(claim, things=things)


def _event(camera: Camera, scene: Scene, claim: Claim) -> dict[str, Any]:
    claim = claim if claim.excused_by else _outside(claim)
    began, ended = _span(claim.things, scene.length_s)
    return {
        "name": claim.name,
        "kind": claim.kind,
        "shop_codes": [claim.shop_code] if claim.shop_code else [],
        "place": claim.place or None,
        "began_s": round(began, 2),
        "ended_s": None if ended >= scene.length_s else round(ended, 2),
        "excused_by": claim.excused_by,
        "why": claim.why,
        "boxes": _boxes(camera, scene, claim),
        "metres_beyond": None,
    }


def _span(things: Sequence[Thing], length_s: float) -> tuple[float, float]:
    began = min(start for thing in things for start, _, _ in thing.stands)
    ended = max(end for thing in things for _, end, _ in thing.stands)
    return max(began, 0.0), min(ended, length_s)


def _boxes(camera: Camera, scene: Scene, claim: Claim) -> list[dict[str, Any]]:
    """The box around all that stands there, over time."""
    edges = sorted({min(max(t, 0.0), scene.length_s) for thing in claim.things for start, end, _ in thing.stands for t in (start, end)})
    spans = []
    for start, end in pairwise(edges):
        corners = [thing.solid.corners(place) for thing in claim.things if (place := thing.place_at((start + end) / 2)) is not None]
        if corners:
            spans.append(
                {"from_s": round(start, 2), "to_s": round(end, 2), "box": _box(camera, np.concatenate(corners)), "things": len(corners)}
            )
    return spans


def _box(camera: Camera, corners: Floats) -> list[float]:
    seen = np.clip(camera.fractions(corners), 0, 1)
    return [round(float(v), 4) for v in (*seen.min(axis=0), *seen.max(axis=0))]


def _ground(left: float, right: float, near: float, far: float) -> Floats:
    return np.array([[left, near, 0], [right, near, 0], [right, far, 0], [left, far, 0]], dtype=np.float32)


def _fixtures() -> list[tuple[str, str, Floats]]:
    def block(x0: float, x1: float, y0: float, y1: float, top: float) -> Floats:
        return np.array([[x, y, z] for x in (x0, x1) for y in (y0, y1) for z in (0.0, top)], dtype=np.float32)

    (bx, by), (tx, ty), (px, py) = BIN_AT, TREE_AT, POLE_AT
    return [
        ("bin", "垃圾桶", block(bx - 0.3, bx + 0.3, by - 0.3, by + 0.3, 0.92)),
        ("planter", "花箱", block(PLANTER[0], PLANTER[1], PLANTER[2], PLANTER[3], 0.98)),
        ("tree", "行道树", block(tx - 0.3, tx + 0.3, ty - 0.3, ty + 0.3, 2.4)),
        ("post", "停车标志", block(px - 0.06, px + 0.06, py - 0.06, py + 0.06, 2.6)),
    ]


def _feature(camera: Camera, zone_id: str, kind: str, points: npt.ArrayLike, about: dict[str, Any]) -> dict[str, Any]:
    """The hull of these points as a polygon, cut at the picture edge. All zones here are convex."""
    hull = cv2.convexHull(_at_least_ahead(camera, points))
    picture = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    _, cut = cv2.intersectConvexConvex(hull, picture)
    ring = [[round(min(max(float(x), 0.0), 1.0), 5), round(min(max(float(y), 0.0), 1.0), 5)] for x, y in np.asarray(cut).reshape(-1, 2)]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "properties": {"id": zone_id, "kind": kind, **about}, "geometry": geometry}


def _at_least_ahead(camera: Camera, points: npt.ArrayLike) -> Floats:
    found: list[Point] = [(float(x), float(y), float(z)) for x, y, z in np.asarray(points)]
    return camera.fractions(found)
