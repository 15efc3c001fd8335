"""What tests ask of a reader again and again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from pipeline.readers import open_reader
from pipeline.types import Frame, Look, MissedLook, ReadSummary
from tests.clips import frame_number


def read(path: Path, interval_s: float = 1.0) -> tuple[list[Look], ReadSummary]:
    """All looks of a source and its summary."""
    with open_reader(str(path), camera_id="CAM01", interval_s=interval_s) as reader:
        return list(reader), reader.summary()


def frames(looks: list[Look]) -> list[Frame]:
    """Those looks that gave a picture."""
    return [look for look in looks if isinstance(look, Frame)]


def missed(looks: list[Look]) -> list[float]:
    """Media times of those that gave none."""
    return [round(look.media_time_s, 6) for look in looks if isinstance(look, MissedLook)]


def seen(looks: list[Look]) -> list[tuple[float, int | None]]:
    """Media time, to the millisecond, and burnt-in number of each picture."""
    return [(round(frame.media_time_s, 3), frame_number(frame.picture.bgr())) for frame in frames(looks)]


def assert_rising(looks: list[Look]) -> None:
    """Times rise strictly over pictures and missed looks alike."""
    times = [look.media_time_s for look in looks]
    assert all(earlier < later for earlier, later in pairwise(times)), times
