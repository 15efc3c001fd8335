"""The emptiest pictures of a street, for a person to choose a clean reference from."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.live.quiet_pictures import QuietPictures
from pipeline.types import BoundingBox, Detection, DetectionSource, Frame, GapReason, Image, MissedLook, Observation, Role
from tests.footage.scenes import ArrayPicture
from tests.live.test_judge import PUT_DOWN_S, Desk
from tests.static_object import scenery

NOON = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)


class Street:
    """Looks at a street, a grey level for each time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.quiet = QuietPictures(folder)

    def look(self, at: datetime, *, people: float = 0.0, idle: bool = True, gap: GapReason | None = None) -> None:
        level = round((at - NOON).total_seconds() / 60) % 200 + 20
        picture = ArrayPicture(np.full((36, 64, 3), level, np.uint8))
        look = MissedLook("street", at, 0.0, gap) if gap else Frame("street", at, 0.0, picture)
        box = BoundingBox(0.1, 0.1, 0.1 + people, 1.1)
        seen = (Detection("person", Role.PERSON, 0.9, box, DetectionSource.YOLO),) if people and not gap else ()
        self.quiet.look(look, Observation("street", at, 0.0, gap, seen, "v", "m"), idle=idle)

    def watch(self, begin: datetime, minutes: float, **more: float | bool) -> None:
        for number in range(int(minutes * 6) + 1):
            self.look(begin + timedelta(seconds=10 * number), **more)  # type: ignore[arg-type]  # one of both

    def kept(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*"))


@pytest.fixture
def street(tmp_path: Path) -> Street:
    return Street(tmp_path / "quiet")


def test_an_empty_street_is_kept_once_and_in_full(street: Street) -> None:
    street.watch(NOON, 1.9)
    assert street.kept() == []
    street.watch(NOON + timedelta(minutes=2), 30)
    assert street.kept() == ["20260512T120000Z.jpg"]
    picture = cv2.imread(str(street.folder / "20260512T120000Z.jpg"))
    assert picture is not None
    assert picture.shape == (36, 64, 3)
    assert abs(int(picture.mean()) - 20) <= 1


def test_the_emptier_one_takes_its_place(street: Street) -> None:
    street.watch(NOON, 5, people=0.3)
    assert street.kept() == ["20260512T120000Z.jpg"]
    street.watch(NOON + timedelta(minutes=6), 5, people=0.1)
    assert street.kept() == ["20260512T120600Z.jpg"]
    street.watch(NOON + timedelta(minutes=12), 5, people=0.2)
    assert street.kept() == ["20260512T120600Z.jpg"]


def test_what_turns_out_to_stand_there_makes_the_picture_before_it_no_quiet_one(street: Street) -> None:
    street.watch(NOON, 1.5)
    street.look(NOON + timedelta(minutes=1.6), idle=False)
    street.watch(NOON + timedelta(minutes=1.7), 1.5)
    assert street.kept() == []
    street.watch(NOON + timedelta(minutes=3.3), 2)
    assert street.kept() == ["20260512T120142Z.jpg"]


def test_a_gap_proves_nothing(street: Street) -> None:
    street.watch(NOON, 1.5)
    street.look(NOON + timedelta(minutes=1.6), gap=GapReason.CAMERA_MOVED)
    street.look(NOON + timedelta(minutes=3))
    assert street.kept() == []


def test_by_day_and_by_night_and_no_longer_than_a_day(street: Street) -> None:
    for hours in range(0, 40, 4):
        street.watch(NOON + timedelta(hours=hours), 3)
    assert street.kept() == [f"{NOON + timedelta(hours=hours):%Y%m%dT%H%M%SZ}.jpg" for hours in range(16, 40, 4)]


def test_a_program_that_starts_again_keeps_what_the_last_one_kept(street: Street) -> None:
    street.watch(NOON, 3)
    again = Street(street.folder)
    again.watch(NOON + timedelta(minutes=10), 10)
    assert again.kept() == ["20260512T120000Z.jpg"]


def test_a_disk_that_refuses_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "quiet").write_text("in the way")
    street = Street(tmp_path / "quiet")
    street.watch(NOON, 30)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    (tmp_path / "quiet").unlink()
    street.watch(NOON + timedelta(minutes=31), 3)
    assert len(street.kept()) == 1


@pytest.mark.long
def test_a_live_camera_keeps_its_empty_street_and_not_the_bag_that_was_just_put_down(tmp_path: Path) -> None:
    def change(second: float, image: Image) -> Image:
        return scenery.put_bag(image) if second >= 130 + PUT_DOWN_S else image

    shown = scenery.show([float(second) for second in range(0, 180, 2)], change)
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown)
    (kept,) = (tmp_path / "live" / "street" / "quiet").glob("*.jpg")
    picture = cv2.imread(str(kept))
    assert picture is not None
    assert np.abs(picture.astype(int) - scenery.street().astype(int)).mean() < 4
