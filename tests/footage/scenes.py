"""The development scenes: real footage beside the project, what stands in it, and its looks.

Nothing here is copied into the project: a scene names a file or a folder under ``../shared/data``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from pipeline.types import UNKNOWN_EPOCH, BoundingBox, Frame, Image
from pipeline.zones import CameraZones
from pipeline.zones.zone_files import load_zones

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data"
ZONES = Path(__file__).resolve().parent / "zones"
WEIGHTS = DATA / "weights" / "yolo11n_int8_openvino_model"


@dataclass(frozen=True, slots=True)
class Truth:
    """One thing that is put down and stays: its box, and between which media times it may be said to stand since."""

    box: BoundingBox
    since_from_s: float
    since_to_s: float
    until_s: float = float("inf")


@dataclass(frozen=True, slots=True)
class Scene:
    """One clip or one folder of pictures (file name = second), and all that is put down in it."""

    name: str
    source: str
    truths: tuple[Truth, ...]

    @property
    def path(self) -> Path:
        """Where the footage lies."""
        return DATA / self.source


SCENES = (
    Scene("aboda_video4", "footage/aboda_video4.avi", (Truth(BoundingBox(0.626, 0.769, 0.699, 0.869), 13, 20),)),
    Scene("video01", "frames/video01", (Truth(BoundingBox(0.182, 0.630, 0.332, 0.797), 42, 58),)),
    Scene("video09", "frames/video09", (Truth(BoundingBox(0.556, 0.243, 0.708, 0.478), 30, 46),)),
    Scene("vtest", "footage/vtest.avi", ()),
    Scene("pedestrian_road", "footage/pedestrian_road_30s.mp4", ()),
    Scene("towncentre", "footage/towncentre_a_10s.mp4", ()),
)


class ArrayPicture:
    """A picture that lies in memory: HxWx3 uint8 BGR."""

    def __init__(self, image: Image) -> None:
        """Keep the array and forbid writing to it."""
        image.flags.writeable = False
        self._image = image

    @property
    def width_px(self) -> int:
        """Width at full resolution."""
        return int(self._image.shape[1])

    @property
    def height_px(self) -> int:
        """Height at full resolution."""
        return int(self._image.shape[0])

    def bgr(self, *, width_px: int | None = None) -> Image:
        """The picture, scaled to this width with its aspect kept."""
        if width_px is None or width_px == self.width_px:
            return self._image
        height_px = max(1, round(self.height_px * width_px / self.width_px))
        scaled = np.asarray(cv2.resize(self._image, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)
        scaled.flags.writeable = False
        return scaled


def frame_at(scene_name: str, media_time_s: float, image: Image) -> Frame:
    """A look of this scene at this media time."""
    return Frame(scene_name, UNKNOWN_EPOCH + timedelta(seconds=media_time_s), media_time_s, ArrayPicture(image))


def looks_of(scene: Scene, interval_s: float) -> list[Frame]:
    """The looks of a scene on a grid of ``interval_s`` (at least 1 s), earliest first."""
    looks: list[Frame] = []
    due_s = -1e9
    for look in _looks_each_second(scene):
        if look.media_time_s >= due_s - 0.02:
            looks.append(look)
            due_s = look.media_time_s + interval_s
    return looks


@lru_cache(maxsize=2)
def _looks_each_second(scene: Scene) -> tuple[Frame, ...]:
    pictures = _folder_pictures(scene.path) if scene.path.is_dir() else _video_pictures(scene.path)
    return tuple(frame_at(scene.name, media_time_s, image) for media_time_s, image in pictures)


def _folder_pictures(folder: Path) -> Iterator[tuple[float, Image]]:
    for path in sorted(folder.glob("*.jpg")):
        yield float(path.stem), np.asarray(cv2.imread(str(path)), np.uint8)


def _video_pictures(path: Path) -> Iterator[tuple[float, Image]]:
    capture = cv2.VideoCapture(str(path))
    rate = capture.get(cv2.CAP_PROP_FPS)
    number, due_s = 0, 0.0
    while capture.grab():
        if number / rate >= due_s - 1e-6:
            _, image = capture.retrieve()
            yield due_s, np.asarray(image, np.uint8)
            due_s += 1.0
        number += 1
    capture.release()


def zones_of(scene: Scene) -> CameraZones:
    """The zones drawn for this scene."""
    return load_zones(ZONES / f"{scene.name}.geojson", camera_id=scene.name, shops=None)
