"""How a running program is doing: values that the health page, the metrics and ``doorline status`` show."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.json_values import time_to_text


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """One camera, since the program began."""

    camera_id: str
    name: str
    elsewhere: bool
    """It takes turns with others, and it is not its turn."""
    state: str
    """See LinkState (pipeline/watching/camera_watch.py)."""
    fault: str
    """What broke its stream last; empty while all is well."""
    last_result_at: datetime | None
    """When the last look that counts was made: the only proof that the camera is watched."""
    result_age_s: float | None
    interval_s: float
    looks: int
    gaps: tuple[tuple[str, int], ...]
    """By reason, most first."""
    gap: str
    """Why the last look did not count; empty where it did."""
    dropped: int
    """Pictures that nobody had time for."""
    reconnections: int
    decoded: int
    damaged: int
    clock_jumps: int
    stream_bytes: int
    ring_bytes: int
    ring_s: float
    open_violations: int
    evidence_waiting: int
    zone_version: str = ""
    """By which zones it is judged."""

    @property
    def is_watched(self) -> bool:
        """Whether a look counted within the last four intervals (and half a minute at least)."""
        return self.result_age_s is not None and self.result_age_s <= max(30.0, 4 * self.interval_s)


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """The whole program at one moment."""

    run_id: str
    at: datetime
    started_at: datetime
    cameras: tuple[CameraStatus, ...]
    waiting: int
    """Cameras whose looks wait to be judged."""
    stretch: float
    """By how much looks are further apart than asked for; above 1 more come than can be judged."""
    delays_s: tuple[float, ...]
    """From the arrival of each of the last pictures to its verdict."""
    detect_s: float
    """Time spent looking (guards and eyes), since the program began."""
    rule_s: float
    """Time spent in rules and logs."""
    disk_free_bytes: int | None
    """Where evidence goes."""
    disk: str
    """``ok``, ``low`` or ``full``; see disk.DiskRoom."""
    clock_parted: bool
    """Whether the machine's clock was set meanwhile; see steady_clock."""
    refused: str = ""
    """Why zones or shops that were changed are not in force; empty while they are."""

    @property
    def watched(self) -> int:
        """Cameras that are watched right now."""
        return sum(camera.is_watched for camera in self.cameras)

    def delay_s(self, share: float) -> float | None:
        """So many (0..1) of the last looks were judged within this time; None before the first."""
        if len(self.delays_s) < 2:
            return self.delays_s[0] if self.delays_s else None
        steps = statistics.quantiles(self.delays_s, n=100, method="inclusive")
        return steps[min(98, max(0, round(share * 100) - 1))]

    def as_json(self) -> dict[str, Any]:
        """For ``/status``."""
        values = asdict(self)
        del values["delays_s"]
        cameras = [_texts(asdict(camera)) | {"watched": camera.is_watched, "gaps": dict(camera.gaps)} for camera in self.cameras]
        delays = {"p50": self.delay_s(0.5), "p95": self.delay_s(0.95)}
        return _texts(values) | {"cameras": cameras, "watched": self.watched, "delay_s": delays}


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: time_to_text(value) if isinstance(value, datetime) else value for name, value in values.items()}


def free_bytes(folder: Path) -> int | None:
    """Room on the disk of a folder, or of the nearest one above that exists; None where it can't be told."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None


def worst_first(cameras: Sequence[CameraStatus]) -> list[CameraStatus]:
    """Those that need somebody before those that are well."""
    return sorted(cameras, key=lambda camera: (camera.is_watched or camera.elsewhere, not camera.fault, camera.camera_id))
