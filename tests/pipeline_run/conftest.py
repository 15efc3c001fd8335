"""A small street on film: a carton is put down at 8 s and taken away at 26 s of 40 s, with zones and a configuration."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
import yaml

from pipeline.archive.planning import ArchiveRequest, plan_archive
from pipeline.batch import BatchRequest, run_batch
from pipeline.config_files import load_settings
from pipeline.reports import BatchReport, Hooks
from pipeline.types import Image

FPS = 5
PUT_DOWN_S, TAKEN_AWAY_S, SECONDS = 8, 26, 40
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PYTHON = sys.executable


def picture(number: int) -> Image:
    """A wall over a pavement with slabs, sensor noise, and a printed carton while it stands there. HxWx3 uint8 BGR."""
    grain = np.random.default_rng(7).integers(-12, 13, (60, 80, 1)).repeat(4, 0).repeat(4, 1)
    canvas = np.full((240, 320, 3), 150, int) + grain
    canvas[:165] -= (20, 40, 10)
    canvas[168::24] -= 25
    canvas[168:, ::40] -= 25
    if PUT_DOWN_S * FPS <= number < TAKEN_AWAY_S * FPS:
        canvas[176:212, 200:244] = (60, 110, 170)
        canvas[180:186, 204:240] = (30, 60, 110)
        canvas[194:206, 210:222] = (210, 220, 225)
    noise = np.random.default_rng(number).integers(-5, 6, canvas.shape)
    return np.asarray(np.clip(canvas + noise, 0, 255), np.uint8)


@pytest.fixture(scope="session")
def street_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """H.264, 320x240, a recorder's name."""
    return film(tmp_path_factory.mktemp("street") / "CAM01_20240131_094217.mp4", SECONDS)


def film(path: Path, seconds: int) -> Path:
    """The first seconds of the street."""
    raw = b"".join(picture(number).tobytes() for number in range(seconds * FPS))
    size = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", "320x240", "-r", str(FPS), "-i", "pipe:0"]
    encoder = ["-c:v", "libx264", "-g", str(FPS), "-pix_fmt", "yuv420p", str(path)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *size, *encoder], input=raw, check=True)
    return path


@dataclass(frozen=True, slots=True)
class Office:
    """A folder with a configuration, zones and shops, and what a run leaves there."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "doorline.yaml"

    @property
    def evidence(self) -> Path:
        return self.folder / "out" / "evidence"

    def judge(self, *sources: Path, hooks: Hooks | None = None, resume: str | None = None, anew: bool = False) -> BatchReport:
        """Run a batch in this process."""
        settings = load_settings(self.config)
        plan = plan_archive(settings, ArchiveRequest(tuple(str(source) for source in sources)))
        request = BatchRequest(settings, self.config.read_text(encoding="utf-8"), plan, resume=resume, command="doorline batch", anew=anew)
        return run_batch(request, hooks or hooks_of())

    def partials(self) -> list[Path]:
        """Everything half-written below the folder, but for logs that a run may go on with."""
        found = sorted(self.folder.rglob("*.partial"))
        return [path for path in found if not path.with_suffix("").with_suffix(".checkpoint").exists()]

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """All rows of a table, read by somebody else than the product."""
        with sqlite3.connect(self.folder / "out" / "doorline.db") as connection:
            return connection.execute(f"select * from {table}").fetchall()  # noqa: S608 - table names of this file

    def columns(self, table: str) -> list[str]:
        """Names of the columns of a table."""
        with sqlite3.connect(self.folder / "out" / "doorline.db") as connection:
            return [str(row[1]) for row in connection.execute(f"pragma table_info({table})")]


def hooks_of(run_id: str = "run-1", should_stop: Callable[[], bool] = lambda: False) -> Hooks:
    """A clock that stands still and a run id that is known."""
    return Hooks(now=lambda: NOW, new_run_id=lambda: run_id, should_stop=should_stop)


def zone(number: int, kind: str, corners: list[list[float]], **properties: object) -> dict[str, object]:
    """One GeoJSON feature."""
    ring = [*corners, corners[0]]
    return {
        "type": "Feature",
        "properties": {"id": f"z{number}", "kind": kind, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def make_office(folder: Path) -> Office:
    """The pavement is the lower part of the picture."""
    pavement = [[0.0, 0.69], [1.0, 0.69], [1.0, 1.0], [0.0, 1.0]]
    zones = {
        "type": "FeatureCollection",
        "doorline": {
            "camera_id": "CAM01",
            "version": "1",
            "author": "test",
            "drawn_on": "2024-01-30",
            "reason": "first drawing",
            "reference": None,
            "picture_px": [320, 240],
            "timezone": "Asia/Shanghai",
        },
        "features": [zone(1, "public", pavement, place="corner", name="pavement")],
    }
    (folder / "cam01.geojson").write_text(json.dumps(zones), encoding="utf-8")
    config = {
        "cameras": [{"id": "CAM01", "zones": "cam01.geojson"}],
        "looks": {"interval_s": 1.0},
        "rules": {
            "dwell": {
                "warn_after_s": 4,
                "candidate_after_s": 8,
                "longest_gap_s": 10,
                "clear_looks": 3,
                "clear_span_s": 2,
                "reopen_within_s": 5,
                "loading_grace_s": 0,
            }
        },
        "evidence": {"folder": "out/evidence", "before_s": 5, "after_s": 5},
    }
    (folder / "doorline.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return Office(folder)
