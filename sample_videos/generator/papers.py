"""The papers of the sample streets: zones, shop list and settings, as a district would draw and write them. Pure but for writing.

A district draws zones on a picture; here they come from the plan through the camera, so that they are exact.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
import yaml

from sample_videos.generator.camera import Projection
from sample_videos.generator.footprints import outline, stands_in_the_way
from sample_videos.generator.ground import (
    frontage_ring,
    kerbside_place,
    kerbside_ring,
    rectangle,
    roadside_place,
    roadside_ring,
    shopfront_ring,
)
from sample_videos.generator.script import Play, clip_name, load, names
from sample_videos.generator.streets import STREETS, floor_z
from sample_videos.generator.values import ShopUnit, StreetPlan

MODEL_CARD: str | None = "models/street-n/card.yaml"
"""The model that names things, from the repository's root: "models/street-n/card.yaml". None: the static eye alone."""
WATCHED_WITHIN_M = 17.0
"""Ground farther from the camera than this is not watched: things there are too small to judge."""
_SMALLEST_AREA = 4e-4
_SQUADS = ("样城一中队", "样城二中队")
Point = tuple[float, float]


def zones_of(play: Play) -> dict[str, Any]:
    """The zone file of a clip's camera, as GeoJSON."""
    pose, plan = play.state(0.0).camera, play.plan
    drawing = _Drawing(Projection(pose), shapely.Point(pose.x, pose.y).buffer(WATCHED_WITHIN_M, quad_segs=24))
    watched = [unit for unit in plan.units if drawing.shows(frontage_ring(plan, unit))]
    for unit in watched:
        drawing.add(
            shopfront_ring(unit), floor_z(plan, unit.x_min, unit.door_y - 0.1), id=f"{unit.code}-shopfront", kind="shopfront",
            shop_code=unit.code, name=f"{unit.name} 门内",
        )  # fmt: skip
    for unit in watched:
        drawing.add(
            frontage_ring(plan, unit), 0.0, id=f"{unit.code}-frontage", kind="frontage",
            shop_code=unit.code, name=f"{unit.name} 门前", place=f"{unit.address}门前",
        )  # fmt: skip
    drawing.add(kerbside_ring(plan), 0.0, id="kerbside", kind="public", place=kerbside_place(plan))
    drawing.add(roadside_ring(plan), plan.road_z, id="roadside", kind="public", place=roadside_place(plan))
    for number, area in enumerate(plan.permitted, 1):
        drawing.add(
            rectangle(area.x_min, area.x_max, area.y_min, area.y_max), 0.0, id=f"permitted-{number}", kind="permitted", name=area.name,
            hours=[{"days": "daily", "opens": area.hours[0], "closes": area.hours[1]}], shop_codes=list(area.shop_codes),
        )  # fmt: skip
    for placed in plan.fixtures:
        if stands_in_the_way(placed):
            ring = [(x, y) for x, y in outline(placed, grown_m=0.05).exterior.coords[:-1]]
            drawing.add(ring, placed.z, id=placed.object_id, kind="fixture")
    return {"type": "FeatureCollection", "doorline": _who_drew(play), "features": drawing.features}


def shops_csv(plans: Iterable[StreetPlan]) -> str:
    """The shop list of these streets."""
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(("code", "name", "address", "street", "squad", "trade", "grade", "contact", "since", "until"))
    for number, plan in enumerate(plans):
        for place, unit in enumerate(plan.units):
            grade = "ABBCB"[(number + place) % 5]
            since = f"20{12 + (3 * place + number) % 12:02d}-0{1 + place % 9}-01"
            row = (unit.code, unit.name, unit.address, plan.road_name, _SQUADS[number % 2], unit.trade, grade, "示例联系人", since, "")
            writer.writerow(row)
    return rows.getvalue()


def settings_yaml(plays: Sequence[Play], *, out: str, up: str) -> str:
    """The settings that judge these clips, in one file. Where a clip's dwell differs from the first one's, its whole street gets it.

    out: name of the folder for what comes of it, under out/. up: the way from the file's folder to the repository's root.
    """
    settings = {
        "cameras": [_camera(play, up) for play in plays],
        "shops": f"{up}/zones/samples/shops.csv",
        "looks": {"interval_s": 1.0, "timezone": "Asia/Shanghai"},
        "static_object": {"enabled": True},
        "rules": _rules(plays),
        "evidence": {"folder": f"{up}/out/{out}/evidence", "before_s": 10, "after_s": 10},
        "observations": f"{up}/out/{out}/observations",
        "records": {"url": f"sqlite:///{up}/out/{out}/doorline.db"},
    }
    if MODEL_CARD is not None:
        settings["yolo"] = {"card": f"{up}/{MODEL_CARD}"}
    title = plays[0].scenario.title if len(plays) == 1 else "All sample videos"
    text: str = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=120)
    return f"# {title}. Dwell times are short, so that everything happens within the clip.\n# Made by sample_videos/generator.\n\n{text}"


def _rules(plays: Sequence[Play]) -> dict[str, Any]:
    usual = dict(plays[0].scenario.dwell)
    others = [(play.plan.road_name, {k: v for k, v in play.scenario.dwell.items() if usual.get(k) != v}) for play in plays]
    overrides = [{"street": street, **changed} for street, changed in others if changed]
    return {"dwell": usual} | ({"overrides": overrides} if overrides else {})


def write_papers(root: Path) -> list[Path]:
    """Write all of them below the repository's root; the paths, in order. Reference pictures are rendered, not written here."""
    plays = [load(name) for name in names()]
    written: list[Path] = []

    def write(path: str, text: str) -> None:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)

    write("zones/samples/shops.csv", shops_csv(STREETS.values()))
    for play in plays:
        write(f"zones/samples/{play.scenario.camera_id}.geojson", zones_json(play))
        write(f"configs/samples/{play.scenario.name}.yaml", settings_yaml([play], out=f"samples/{play.scenario.name}", up="../.."))
    write("configs/samples.yaml", settings_yaml(plays, out="samples/all", up=".."))
    return written


def zones_json(play: Play) -> str:
    """The zone file as text: one feature a line."""
    zones = zones_of(play)
    lines = ",\n".join("    " + json.dumps(feature, ensure_ascii=False) for feature in zones["features"])
    head = json.dumps(zones["doorline"], ensure_ascii=False)
    return f'{{\n  "type": "FeatureCollection",\n  "doorline": {head},\n  "features": [\n{lines}\n  ]\n}}\n'


class _Drawing:
    """Polygons on one picture, as they come."""

    def __init__(self, projection: Projection, watched: shapely.Polygon) -> None:
        self.features: list[dict[str, Any]] = []
        self._projection = projection
        self._watched = watched

    def add(self, ring: Sequence[Point], z: float, **properties: Any) -> None:
        """A polygon on the ground at height z; left out where nothing of it can be seen or it is too far away."""
        seen = self._seen(ring, z)
        if seen:
            geometry = {"type": "Polygon", "coordinates": [[*seen, seen[0]]]}
            self.features.append({"type": "Feature", "properties": properties, "geometry": geometry})

    def shows(self, ring: Sequence[Point]) -> bool:
        """Whether anything of a polygon on the pavement would be drawn."""
        return bool(self._seen(ring, 0.0))

    def _seen(self, ring: Sequence[Point], z: float) -> list[list[float]]:
        near = shapely.Polygon(ring).intersection(self._watched)
        if near.is_empty or not isinstance(near, shapely.Polygon):
            return []
        seen = self._projection.ground_polygon(list(near.exterior.coords)[:-1], z)
        if len(seen) < 3 or shapely.Polygon(seen).area < _SMALLEST_AREA:
            return []
        return [[round(x, 5), round(y, 5)] for x, y in seen]


def _who_drew(play: Play) -> dict[str, Any]:
    pose = play.state(0.0).camera
    return {
        "camera_id": play.scenario.camera_id,
        "version": "1",
        "author": "示例值守",
        "drawn_on": play.scenario.starts_at[:10],
        "reason": "drawn from the plan of the street",
        "reference": f"{play.scenario.camera_id}_reference.jpg",
        "picture_px": [pose.width, pose.height],
        "timezone": "Asia/Shanghai",
    }


def _camera(play: Play, up: str) -> dict[str, Any]:
    scenario, plan = play.scenario, play.plan
    return {
        "id": scenario.camera_id,
        "name": f"{plan.road_name} {scenario.camera_id}",
        "place": _house_numbers(plan.units, plan.road_name),
        "street": plan.road_name,
        "zones": f"{up}/zones/samples/{scenario.camera_id}.geojson",
        "files": [f"{scenario.camera_id}_*"],
    }


def _house_numbers(units: Sequence[ShopUnit], road_name: str) -> str:
    first, last = (unit.address.removeprefix(road_name).removesuffix("号") for unit in (units[0], units[-1]))
    return f"{road_name}{first}-{last}号"


__all__ = ["MODEL_CARD", "clip_name", "settings_yaml", "shops_csv", "write_papers", "zones_json", "zones_of"]
