"""Looks and zones for tests: pictures from arrays and from real footage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import cv2
import numpy as np
from shapely import Polygon, box

from pipeline.types import Frame, Image
from pipeline.zones import CameraZones, Zone, ZoneKind

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)
DATA = Path(__file__).parents[3] / "shared" / "data"
CLIPS = ("aboda_video4.avi", "pedestrian_road_30s.mp4", "towncentre_a_10s.mp4", "vtest.avi")
FOLDERS = ("video01", "video09")


class ArrayPicture:
    """A picture that is already decoded. Counts how many pixels were asked for."""

    def __init__(self, image: Image) -> None:
        """``image`` is HxWx3 uint8 BGR."""
        self._image = image
        self._image.flags.writeable = False
        self.widths_asked: list[int] = []

    @property
    def width_px(self) -> int:
        return int(self._image.shape[1])

    @property
    def height_px(self) -> int:
        return int(self._image.shape[0])

    def bgr(self, *, width_px: int | None = None) -> Image:
        width = width_px or self.width_px
        self.widths_asked.append(width)
        if width == self.width_px:
            return self._image
        size = width, max(1, round(self.height_px * width / self.width_px))
        scaled = cv2.resize(self._image, size, interpolation=cv2.INTER_AREA if width < self.width_px else cv2.INTER_LINEAR).astype(np.uint8)
        scaled.flags.writeable = False
        return scaled


def look(image: Image, at_s: float, camera_id: str = "cam1") -> Frame:
    """One look, ``at_s`` seconds after START."""
    return Frame(camera_id, START + timedelta(seconds=at_s), at_s, ArrayPicture(np.ascontiguousarray(image)))


def zone(polygon: Polygon, kind: ZoneKind = ZoneKind.PUBLIC, zone_id: str = "z1", smallest_thing: float | None = None) -> Zone:
    """A zone of public ground unless told otherwise."""
    return Zone(zone_id, kind, polygon, smallest_thing=smallest_thing)


def zones_of(*zones: Zone) -> CameraZones:
    """Zones of one camera; without any, one that covers the whole picture."""
    return CameraZones(
        "cam1", "1-0123456789ab", "a", date(2024, 1, 1), "test", None, 16 / 9, zones or (zone(box(0, 0, 1, 1)),), ZoneInfo("Asia/Shanghai")
    )


def clip_looks(name: str, every_s: float = 1.0) -> Iterator[Frame]:
    """Looks on a time grid from one of the real clips."""
    with av.open(str(DATA / "footage" / name)) as container:
        due = 0.0
        for index, frame in enumerate(container.decode(video=0)):
            at_s = float(frame.time) if frame.time is not None else index / float(container.streams.video[0].average_rate or 25)
            if at_s >= due - 1e-6:
                yield look(frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False), at_s)
                due += every_s


def folder_looks(name: str) -> Iterator[Frame]:
    """The pictures of one of the real folders; the file name is the second."""
    for path in sorted((DATA / "frames" / name).glob("*.jpg")):
        image = cv2.imread(str(path))
        assert image is not None
        yield look(image.astype(np.uint8), float(path.stem))


def all_real_looks(every_s: float = 1.0) -> Iterator[tuple[str, list[Frame]]]:
    """Every real scene with its looks."""
    for name in CLIPS:
        yield name, list(clip_looks(name, every_s))
    for name in FOLDERS:
        yield name, list(folder_looks(name))
