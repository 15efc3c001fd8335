"""A street of 44 s in which something is put down at 16 s and taken away at 34 s, with all that evidence needs of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import cv2
import numpy as np
from shapely import box as rectangle

from pipeline.config import CameraSettings, EvidenceSettings
from pipeline.errors import SourceError
from pipeline.evidence import EvidenceWriter
from pipeline.types import (
    BoundingBox,
    ClockSource,
    Detection,
    DetectionSource,
    GapReason,
    Image,
    Observation,
    Role,
    RunInfo,
    SourceClock,
    Target,
    TargetKind,
    Violation,
    ViolationKind,
)
from pipeline.zones import CameraZones, Zone, ZoneKind
from tests.clips import make_clip, make_picture

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)
FPS = 8
SECONDS = 44
PUT_DOWN_S, CONFIRMED_S, TAKEN_S, CLEARED_S = 16.0, 24.0, 34.0, 38.0
THING = BoundingBox(0.55, 0.6, 0.68, 0.8)
PASSER_BY = BoundingBox(0.5, 0.3, 0.7, 0.95)
CLOCK = SourceClock(START, ClockSource.FILE_NAME)


def put_down(number: int, canvas: Image) -> None:
    """Draws the thing while it stands there (a Scene of tests.clips)."""
    height, width = canvas.shape[:2]
    if PUT_DOWN_S <= number / FPS < TAKEN_S:
        low = (round(THING.x_min * width), round(THING.y_min * height))
        high = (round(THING.x_max * width), round(THING.y_max * height))
        cv2.rectangle(canvas, low, high, (60, 160, 60), -1)


def street_clip(path: Path, *, codec: str = "h264", size: tuple[int, int] = (640, 360), pixel_format: str = "yuv420p") -> Path:
    """The whole street as a clip; picture k shows number k and media time k / FPS."""
    return make_clip(path, seconds=SECONDS, fps=FPS, size=size, codec=codec, scene=put_down, pixel_format=pixel_format)


@dataclass(frozen=True)
class StillPicture:
    """A decoded picture in memory."""

    image: Image

    @property
    def width_px(self) -> int:
        """Columns."""
        return int(self.image.shape[1])

    @property
    def height_px(self) -> int:
        """Rows."""
        return int(self.image.shape[0])

    def bgr(self, *, width_px: int | None = None) -> Image:
        """The pixels, scaled if asked for."""
        if width_px is None:
            return self.image
        height = max(1, round(self.height_px * width_px / self.width_px))
        return np.asarray(cv2.resize(self.image, (width_px, height)), dtype=np.uint8)


@dataclass
class ClipFootage:
    """Random access to a video file whose first picture has media time 0, simple and slow."""

    path: Path
    begin_s: float = 0.0

    @property
    def codec(self) -> str:
        """Name of the codec."""
        with av.open(str(self.path)) as container:
            return container.streams.video[0].codec_context.name

    def holds(self, media_time_s: float) -> bool:
        return True

    def picture_at(self, media_time_s: float) -> tuple[float, StillPicture]:
        """First picture not more than 1 ms before."""
        for at, picture in self.pictures_between(media_time_s - 0.001, float("inf")):
            return at, picture
        raise SourceError("no picture", where=self.path.name)

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, StillPicture]]:
        """Decodes from the beginning."""
        with av.open(str(self.path)) as container:
            for frame in container.decode(video=0):
                if frame.time is not None and start_s <= frame.time <= end_s:
                    yield frame.time, StillPicture(np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8))

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Copies packets (the test clips have no B-frames, so decoding order is picture order)."""
        with av.open(str(self.path)) as before, av.open(str(path), "w") as after:
            video = before.streams.video[0]
            copy = after.add_stream_from_template(video)
            base = video.time_base or Fraction(1)
            packets = [packet for packet in before.demux(video) if packet.size and packet.pts is not None]
            keys = [
                packet.pts for packet in packets if packet.is_keyframe and packet.pts is not None and packet.pts * base <= max(start_s, 0)
            ]
            first = keys[-1] or 0
            for packet in packets:
                pts = packet.pts or 0
                if first <= pts and pts * base <= end_s:
                    packet.pts = packet.dts = pts - first
                    packet.stream = copy
                    after.mux(packet)
        return float(first * base)


@dataclass
class FolderFootage:
    """A folder of pictures, one a second, the first at media time 0."""

    seconds: int = SECONDS
    size: tuple[int, int] = (321, 241)
    codec: str = ""
    begin_s: float = 0.0

    def holds(self, media_time_s: float) -> bool:
        return True

    def picture_at(self, media_time_s: float) -> tuple[float, StillPicture]:
        """Drawn when asked for."""
        for at, picture in self.pictures_between(media_time_s - 0.001, self.seconds):
            return at, picture
        raise SourceError("no picture", where="folder")

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, StillPicture]]:
        """The picture of second k has number k * FPS."""
        for second in range(self.seconds):
            if start_s <= second <= end_s:
                yield float(second), StillPicture(make_picture(second * FPS, self.size, put_down))

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """There is nothing to copy."""
        raise SourceError("pictures can't be cut", where=path.name)


def at(media_time_s: float) -> datetime:
    """Wall clock of a media time."""
    return START + timedelta(seconds=media_time_s)


def observations(*, gaps: Sequence[float] = (), hidden: Sequence[float] = (), step_s: float = 1.0) -> tuple[Observation, ...]:
    """What the looks saw; ``hidden`` looks see only the passer-by, ``gaps`` see nothing that counts."""
    looks = []
    for index in range(round(SECONDS / step_s)):
        time_s = index * step_s
        seen: list[Detection] = []
        if PUT_DOWN_S <= time_s < TAKEN_S and time_s not in hidden:
            seen.append(Detection("carton", Role.GOODS, 0.83, THING, DetectionSource.YOLO))
        if time_s in hidden:
            seen.append(Detection("person", Role.PERSON, 0.9, PASSER_BY, DetectionSource.YOLO))
        gap = GapReason.GREY if time_s in gaps else None
        looks.append(Observation("CAM01", at(time_s), time_s, gap, () if gap else tuple(seen), "z1", "yolo@1"))
    return tuple(looks)


def violation(**changes: object) -> Violation:
    """The pile, confirmed and cleared."""
    whole = Violation(
        violation_id="v0001",
        kind=ViolationKind.PAVEMENT_PILING,
        camera_id="CAM01",
        target=Target(TargetKind.SHOP, ("BS-0007",), ""),
        labels=("carton",),
        box=THING,
        things=(THING,),
        first_seen_at=at(PUT_DOWN_S),
        warned_at=at(20),
        confirmed_at=at(CONFIRMED_S),
        last_seen_at=at(TAKEN_S - 1),
        cleared_at=at(CLEARED_S),
        dwell_s=17.0,
        gap_s=0.0,
        present_looks=18,
        observed_looks=18,
        hidden_looks=0,
        peak_things=1,
        peak_at=at(PUT_DOWN_S),
        zone_version="z1",
        rule_version="r1",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # any field, by name


def zones(reference: Path | None) -> CameraZones:
    """A shop, its frontage and the pavement."""
    drawn = (
        Zone("a", ZoneKind.SHOPFRONT, rectangle(0.3, 0.25, 0.8, 0.5), name="老王水果", shop_code="BS-0007"),
        Zone("b", ZoneKind.FRONTAGE, rectangle(0.3, 0.5, 0.8, 0.85), name="老王水果", shop_code="BS-0007"),
        Zone("c", ZoneKind.PUBLIC, rectangle(0.0, 0.85, 1.0, 1.0), place="样谊路北侧人行道"),
    )
    return CameraZones("CAM01", "z1", "李明", date(2024, 1, 2), "first", reference, 16 / 9, drawn, ZoneInfo("Asia/Shanghai"))


def reference_picture(path: Path, size: tuple[int, int] = (640, 360)) -> Path:
    """The empty street."""
    done, data = cv2.imencode(path.suffix, make_picture(0, size))
    assert done
    path.write_bytes(data.tobytes())
    return path


def run_info(run_id: str = "run-1") -> RunInfo:
    """Of a run that never changes but for its id."""
    return RunInfo(run_id, "0.1.0", "a" * 64, "b" * 64, "c" * 64, "d" * 64, START)


CAMERA = CameraSettings(id="CAM01", place="样谊路 1 号", zones=Path("zones/CAM01.geojson"))


def settings(**changes: object) -> EvidenceSettings:
    """Of evidence, by name."""
    return EvidenceSettings.model_validate(changes)


def writer(folder: Path, *, reference: Path | None = None, run_id: str = "run-1", **changes: object) -> EvidenceWriter:
    """An evidence writer into this folder."""
    return EvidenceWriter(settings(folder=folder, **changes), run_info(run_id), CAMERA, zones(reference))


def shifted(look: Observation, by: timedelta) -> Observation:
    """The same look at another wall-clock time."""
    return replace(look, captured_at=look.captured_at + by)
