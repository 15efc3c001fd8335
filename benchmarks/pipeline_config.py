"""The configuration that benchmarks give to the pipeline: defaults of the domain, one look per 2 s."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from benchmarks.clip_maker import CAMERA, FOLDER, PROJECT
from pipeline.detectors import hash_weights

WEIGHTS = PROJECT.parent / "shared" / "data" / "weights" / "yolo11n_int8_openvino_model"
"""COCO YOLO11n as int8 OpenVINO, for both sides of a comparison."""
LOOK_INTERVAL_S = 2.0
STARTS_AT = "2026-05-19T15:30:00+08:00"
"""Zones have hours, so footage needs a wall clock."""


def write_config(name: str, *, with_yolo: bool) -> Path:
    """A fresh folder under build/bench with a configuration whose results are written there too.

    Raises:
        FileNotFoundError: ``with_yolo`` and the weights are not there.
    """
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    zones = PROJECT / "zones" / "samples"
    settings: dict[str, object] = {
        "cameras": [{"id": CAMERA, "street": "样竹路", "zones": str(zones / f"{CAMERA}.geojson")}],
        "shops": str(zones / "shops.csv"),
        "looks": {"interval_s": LOOK_INTERVAL_S},
        "observations": "observations",
        "evidence": {"folder": "evidence"},
        "records": {"url": "sqlite:///doorline.db"},
    }
    if with_yolo:
        settings["yolo"] = {"card": str(_write_card(folder))}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return path


def batch_arguments(clip: Path, config: Path) -> list[str]:
    """What runs the whole pipeline over one clip, as arguments of python."""
    main = "from pipeline.cli import main; main()"
    return ["-c", main, "batch", str(clip), "--config", str(config), "--start", STARTS_AT, "--anew", "--json"]


def _write_card(folder: Path) -> Path:
    """The shipped card's classes, with the weights of this benchmark."""
    if not WEIGHTS.is_dir():
        raise FileNotFoundError(WEIGHTS)
    card = yaml.safe_load((PROJECT / "models" / "coco-yolo11n" / "card.yaml").read_text(encoding="utf-8"))
    for key in ("bytes", "source"):
        card.pop(key, None)
    card |= {"format": "openvino", "weights": str(WEIGHTS), "sha256": hash_weights(WEIGHTS)}
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump(card, allow_unicode=True), encoding="utf-8")
    return path
