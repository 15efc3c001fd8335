"""The newest picture of a camera: small, replaced in one step, and never the reason why anything fails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.live.current_picture import CurrentPicture
from pipeline.readers.picture import CachedPicture
from pipeline.types import UNKNOWN_EPOCH, Frame, GapReason, Image, MissedLook


class Painted(CachedPicture):
    """All of one brightness."""

    def __init__(self, level: int, width_px: int = 1920, height_px: int = 1080) -> None:
        super().__init__(width_px, height_px)
        self._level = level

    def _convert(self, width: int, height: int) -> Image:
        return np.full((height, width, 3), self._level, np.uint8)


def frame(second: float, level: int, width_px: int = 1920) -> Frame:
    return Frame("cam01", UNKNOWN_EPOCH + timedelta(seconds=second), second, Painted(level, width_px, width_px * 9 // 16))


def missed(second: float) -> MissedLook:
    return MissedLook("cam01", UNKNOWN_EPOCH + timedelta(seconds=second), second, GapReason.NO_FRAME)


def level_of(path: Path) -> int:
    picture = cv2.imread(str(path))
    assert picture is not None
    return round(float(picture.mean()))


def test_one_is_kept_now_and_then_and_it_is_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "pictures" / "cam01.jpg"
    current = CurrentPicture(path, 30.0)
    current.show([missed(0)])
    assert not path.exists()
    current.show([frame(1, 10), frame(2, 60), missed(3)])
    assert level_of(path) == 60
    current.show([frame(31.9, 120)])
    assert level_of(path) == 60
    current.show([frame(32, 180)])
    assert level_of(path) == 180
    picture = cv2.imread(str(path))
    assert picture is not None
    assert picture.shape == (270, 480, 3)
    assert [each.name for each in path.parent.iterdir()] == ["cam01.jpg"]
    assert path.stat().st_size < 40_000


def test_a_small_picture_is_not_made_larger(tmp_path: Path) -> None:
    CurrentPicture(tmp_path / "a.jpg", 30.0).show([frame(0, 50, 320)])
    picture = cv2.imread(str(tmp_path / "a.jpg"))
    assert picture is not None
    assert picture.shape == (180, 320, 3)


def test_none_is_kept_where_nobody_wants_any_and_an_old_one_goes(tmp_path: Path) -> None:
    path = tmp_path / "cam01.jpg"
    CurrentPicture(path, 30.0).show([frame(0, 50)])
    assert path.exists()
    current = CurrentPicture(path, 0.0)
    assert not path.exists()
    current.show([frame(1, 50)])
    assert not path.exists()


def test_a_disk_that_refuses_is_said_once_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "pictures"
    folder.write_text("no folder")
    current = CurrentPicture(folder / "cam01.jpg", 1.0)
    for second in range(5):
        current.show([frame(second, 50)])
    assert len(caplog.records) == 1
    folder.unlink()
    current.show([frame(6, 70)])
    assert level_of(folder / "cam01.jpg") == 70
