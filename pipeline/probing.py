"""Are the cameras there? Each stream of a configuration, watched for a moment, several at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import ConfigError, SourceError
from pipeline.readers.stream_addresses import StreamAddresses
from pipeline.readers.stream_probe import StreamReport, probe_stream

AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class ProbedCamera:
    """What a camera's stream is like, or why it can't be told: one of the two."""

    camera_id: str
    report: StreamReport | None
    error: str | None
    saved: Path | None = None
    """Where its picture was written."""


def probe_cameras(
    cameras: Sequence[CameraSettings], settings: DoorlineSettings, *, seconds: float, save: Path | None, monotonic: Callable[[], float]
) -> Iterator[ProbedCamera]:
    """Watch each camera's stream; results come in the order of the cameras. One that fails is told and stops no other.

    Args:
        cameras: those of the settings that are wanted.
        save: folder for a picture of each, ``<camera>.png``; None for no pictures.

    Raises ConfigError: no camera has a stream.
    """
    with_stream = [camera for camera in cameras if camera.stream]
    if not with_stream:
        raise ConfigError("no camera has a stream", expected='"stream: rtsp://..." beside its id')
    if save is not None:
        save.mkdir(parents=True, exist_ok=True)

    addresses = StreamAddresses(settings.gateways, monotonic)
    stop = threading.Event()

    def probe(camera: CameraSettings) -> ProbedCamera:
        try:
            with addresses.open(camera.stream, stop=stop) as address:
                report = probe_stream(address, settings.streams, seconds=seconds, monotonic=monotonic)
        except SourceError as err:
            return ProbedCamera(camera.id, None, str(err))
        return ProbedCamera(camera.id, report, None, _saved(report, save / f"{camera.id}.png") if save else None)

    with ThreadPoolExecutor(AT_A_TIME, "probe") as pool:
        try:
            yield from pool.map(probe, with_stream)
        finally:
            stop.set()


def _saved(report: StreamReport, path: Path) -> Path | None:
    if report.picture is None:
        return None
    partial = path.with_suffix(".partial.png")
    if not cv2.imwrite(str(partial), report.picture):
        raise OSError(f"cannot write {path}")
    partial.replace(path)
    return path
