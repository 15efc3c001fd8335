"""A camera that turns between known views: each look goes to the view that it shows, and an unknown pose is nobody's ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.config import GuardSettings
from pipeline.guards import CameraPoseGuard
from pipeline.live.views import View, ViewRouter
from pipeline.types import Frame, GapReason, Image, Look, MissedLook
from tests.detectors.looks import ArrayPicture

SAMPLES = Path(__file__).parents[2] / "zones" / "samples"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def picture(name: str) -> Image:
    image = cv2.imread(str(SAMPLES / f"{name}_reference.jpg"))
    assert image is not None
    return np.asarray(cv2.resize(image, (640, 360), interpolation=cv2.INTER_AREA), np.uint8)


def look(name: str, second: float) -> Frame:
    return Frame("PTZ", START + timedelta(seconds=second), second, ArrayPicture(picture(name)))


class Street:
    """A router with the views GATE and SQUARE, and all that it hands on."""

    def __init__(self) -> None:
        self.given: list[Look] = []
        views = [View(name, CameraPoseGuard(GuardSettings(), picture(of))) for name, of in (("GATE", "CAM24"), ("SQUARE", "CAM27"))]
        self.router = ViewRouter(views, gap_every_s=10)

    def put(self, shown: Look) -> None:
        self.given += self.router.route(shown)

    def show(self, name: str, second: float) -> list[tuple[str, str]]:
        """What one look became: camera, and "seen" or the reason of the gap."""
        before = len(self.given)
        self.put(look(name, second))
        return [(each.camera_id, each.reason.value if isinstance(each, MissedLook) else "seen") for each in self.given[before:]]


def test_each_look_goes_to_the_view_that_it_shows() -> None:
    street = Street()
    assert street.show("CAM24", 0) == [("GATE", "seen"), ("SQUARE", "no_look")]
    assert street.show("CAM24", 2) == [("GATE", "seen")]
    assert street.show("CAM27", 4) == [("SQUARE", "seen")]
    assert street.show("CAM27", 6) == [("SQUARE", "seen")]
    assert street.show("CAM24", 8) == [("GATE", "seen")]


def test_who_is_not_looked_at_is_told_now_and_then() -> None:
    street = Street()
    told = [each for second in range(0, 60, 2) for each in street.show("CAM24", second) if each[0] == "SQUARE"]
    assert told == [("SQUARE", "no_look")] * 6


def test_an_unknown_pose_is_a_gap_for_all_views() -> None:
    street = Street()
    street.show("CAM24", 0)
    assert street.show("CAM21", 2) == [("GATE", "camera_moved"), ("SQUARE", "camera_moved")]
    assert street.show("CAM21", 4) == [("GATE", "camera_moved"), ("SQUARE", "camera_moved")]
    assert street.show("CAM24", 6)[0] == ("GATE", "seen")


def test_a_lost_stream_is_a_gap_for_all_views() -> None:
    street = Street()
    street.put(MissedLook("PTZ", START, 0.0, GapReason.NO_FRAME))
    assert [(each.camera_id, each.reason) for each in street.given if isinstance(each, MissedLook)] == [
        ("GATE", GapReason.NO_FRAME),
        ("SQUARE", GapReason.NO_FRAME),
    ]


def test_looks_keep_their_time_and_picture() -> None:
    street = Street()
    shown = look("CAM27", 3)
    street.put(shown)
    assert street.given[0] == replace(shown, camera_id="SQUARE")


@pytest.mark.parametrize("reference", [None, np.full((360, 640, 3), 128, np.uint8)])
def test_without_a_picture_that_can_be_known_again_nothing_is_recognised(reference: Image | None) -> None:
    guard = CameraPoseGuard(GuardSettings(), reference)
    assert not any(guard.recognises(look(name, second)) for second, name in enumerate(["CAM24", "CAM24", "CAM27"]))
