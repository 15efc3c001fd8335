"""Zone files for tests, and the examples of the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from PIL import Image as PillowImage

DOCS = Path(__file__).parents[2] / "docs"
Vertices = list[list[float]]


def square(x: float, y: float, size: float = 0.2) -> Vertices:
    """A square ring by its top left corner."""
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size]]


def feature(vertices: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature; a public one called "p" if nothing is given."""
    properties = {"id": "p", "kind": "public", "place": "人行道", **properties}
    given = {key: value for key, value in properties.items() if value != "(left out)"}
    return {"type": "Feature", "properties": given, "geometry": {"type": "Polygon", "coordinates": [vertices]}}


def metadata(**changes: Any) -> dict[str, Any]:
    """The object "doorline"."""
    return {
        "camera_id": "cam01",
        "version": "v1",
        "author": "李敏",
        "drawn_on": "2026-03-02",
        "reason": "首次划定",
        "picture_px": [1920, 1080],
        **changes,
    }


def write_zones(folder: Path, features: list[dict[str, Any]], *, name: str = "cam01.geojson", **changes: Any) -> Path:
    """A zone file of these features; ``changes`` are of its metadata."""
    path = folder / name
    document = {"type": "FeatureCollection", "doorline": metadata(**changes), "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def example(page: str, language: str) -> str:
    """The first block of this language on a page of the documentation."""
    match = re.search(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert match, f"no {language} block in docs/{page}"
    return match.group(1)


def write_documented_example(folder: Path) -> tuple[Path, Path]:
    """The example files of docs/zones.md (with its reference picture) and docs/shops.md."""
    zones, shops = folder / "towncentre.geojson", folder / "shops.csv"
    zones.write_text(example("zones.md", "json"), encoding="utf-8")
    shops.write_text(example("shops.md", "csv"), encoding="utf-8")
    PillowImage.new("RGB", (1920, 1080), (90, 90, 90)).save(folder / "towncentre-empty.jpg")
    return zones, shops
