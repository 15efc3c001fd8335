"""The demo end to end: its clip, judged with its configuration, gives what its truth says, no more and no less."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.types import BoundingBox

PROJECT = Path(__file__).parents[2]
CLIP = PROJECT / "sample_videos" / "CAM01_20260512_094200.mp4"
TRUTH: dict[str, Any] = json.loads(CLIP.with_suffix(".truth.json").read_text(encoding="utf-8"))
LIMIT_MIB = 8


def test_the_samples_stay_small() -> None:
    total = sum(path.stat().st_size for path in (PROJECT / "sample_videos").iterdir() if path.is_file())
    assert total < LIMIT_MIB * 2**20


@pytest.mark.long
def test_the_demo_finds_what_its_truth_says(tmp_path: Path) -> None:
    settings = yaml.safe_load((PROJECT / "configs" / "demo.yaml").read_text(encoding="utf-8"))
    settings["cameras"][0]["zones"] = str(PROJECT / "zones" / "CAM01.geojson")
    settings |= {"shops": str(PROJECT / "zones" / "shops.csv"), "observations": str(tmp_path / "observations")}
    settings["evidence"]["folder"] = str(tmp_path / "evidence")
    settings["records"]["url"] = f"sqlite:///{tmp_path / 'doorline.db'}"
    config = tmp_path / "demo.yaml"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    doorline = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    subprocess.run([*doorline, "batch", str(CLIP), "--config", str(config), "--json"], check=True, capture_output=True, timeout=280)
    export = [*doorline, "records", "export", "--config", str(config), "--format", "jsonl", "--output", str(tmp_path / "found.jsonl")]
    subprocess.run(export, check=True, capture_output=True, timeout=60)
    found = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(_what(one) for one in found) == sorted(_expected(one) for one in TRUTH["violations"])
    for claim in TRUTH["violations"]:
        (match,) = (one for one in found if _what(one) == _expected(claim))
        _check_times(claim, match)


def _what(found: dict[str, Any]) -> tuple[str, str]:
    """Kind, and whose or where."""
    return found["kind"], ",".join(found["shop_codes"]) or found["place"]


def _expected(claim: dict[str, Any]) -> tuple[str, str]:
    return claim["kind"], claim["shop_code"] or claim["place"]


def _check_times(claim: dict[str, Any], found: dict[str, Any]) -> None:
    expect, name = claim["expect"], claim["name"]
    # Seen within the first seconds that it stood there, the box on what stands there.
    assert claim["began_s"] <= found["first_seen_media_s"] <= claim["began_s"] + 6, name
    earliest, latest = expect["opened_between_s"]
    assert earliest <= found["confirmed_media_s"] <= latest, name
    # The static eye takes the shadow at a thing's foot with it, so boxes are somewhat larger than the thing.
    assert max(_iou(found["box"], span["box"]) for span in claim["boxes"]) >= 0.3, name
    if expect["cleared_between_s"] is None:
        assert found["cleared_at"] is None, name
    else:
        earliest, latest = expect["cleared_between_s"]
        assert earliest <= found["cleared_media_s"] <= latest, name
    start = datetime.fromisoformat(TRUTH["starts_at"])
    assert (datetime.fromisoformat(found["first_seen_at"]) - start).total_seconds() == found["first_seen_media_s"], name


def _iou(a: list[float], b: list[float]) -> float:
    return BoundingBox(*a).iou(BoundingBox(*b))
