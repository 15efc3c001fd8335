"""A turned, knocked, zoomed or covered camera is found out; light, people and a little shaking are not taken for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.config import GuardSettings
from pipeline.guards import CameraPoseGuard, camera_pose
from pipeline.readers import open_reader
from pipeline.types import Frame, GapReason, Image
from tests.detectors.looks import ArrayPicture

ROOT = Path(__file__).parents[2]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFERENCES = sorted((ROOT / "zones/samples").glob("*_reference.jpg"))
WIDTH = 640
"""Of the pictures below, pixels."""


def picture(path: Path) -> Image:
    image = cv2.imread(str(path))
    assert image is not None
    return np.asarray(cv2.resize(image, (WIDTH, 360), interpolation=cv2.INTER_AREA), np.uint8)


STREET = picture(ROOT / "zones/samples/CAM24_reference.jpg")
OTHER = picture(ROOT / "zones/samples/CAM27_reference.jpg")


def look(image: Image, second: float = 0.0) -> Frame:
    return Frame("CAM", START + timedelta(seconds=second), second, ArrayPicture(np.ascontiguousarray(image)))


def moved(image: Image, *, turn: float = 0.0, zoom: float = 1.0, right: float = 0.0, down: float = 0.0) -> Image:
    """Degrees, times, pixels. What comes into view at the edges is a mirror of what was there."""
    matrix = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), turn, zoom)
    matrix[:, 2] += np.array([right, down])
    return np.asarray(cv2.warpAffine(image, matrix, (image.shape[1], image.shape[0]), borderMode=cv2.BORDER_REFLECT), np.uint8)


def judge(image: Image, reference: Image | None = STREET) -> GapReason | None:
    return CameraPoseGuard(GuardSettings(), reference).judge(look(image))


def farthest_corner(*, turn: float, zoom: float, right: float, down: float) -> float:
    """How far the corners of the picture move under these, as a share of its width."""
    corners = np.array([complex(x * WIDTH / 2, y * 180) for x in (-1, 1) for y in (-1, 1)])
    there = corners * zoom * np.exp(-1j * np.radians(turn)) + complex(right, down)
    return float(np.abs(there - corners).max()) / WIDTH


SHAKE = {"right": st.floats(-24, 24), "down": st.floats(-24, 24), "turn": st.floats(-2, 2), "zoom": st.floats(0.97, 1.03)}


@given(**SHAKE)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_camera_may_shake_as_much_as_the_settings_say(right: float, down: float, turn: float, zoom: float) -> None:
    how_far = farthest_corner(right=right, down=down, turn=turn, zoom=zoom) / GuardSettings().max_shake
    assume(not 0.85 < how_far < 1.15)
    expected = None if how_far < 1 else GapReason.CAMERA_MOVED
    assert judge(moved(STREET, right=right, down=down, turn=turn, zoom=zoom)) is expected


@given(right=st.floats(-7, 7), down=st.floats(-7, 7), turn=st.floats(-0.3, 0.3), zoom=st.floats(0.997, 1.003))
@settings(max_examples=40, deadline=None)
def test_a_camera_may_shake_a_little(right: float, down: float, turn: float, zoom: float) -> None:
    assume(farthest_corner(right=right, down=down, turn=turn, zoom=zoom) < 0.85 * GuardSettings().max_shake)
    assert judge(moved(STREET, right=right, down=down, turn=turn, zoom=zoom)) is None


@given(far=st.floats(18, 300), direction=st.floats(0, 6.28))
@settings(max_examples=40, deadline=None)
def test_a_view_that_is_shifted_further_is_another_view(far: float, direction: float) -> None:
    shifted = moved(STREET, right=far * float(np.cos(direction)), down=min(150.0, far) * float(np.sin(direction)))
    if max(abs(far * np.cos(direction)), abs(min(150.0, far) * np.sin(direction))) > 17:
        assert judge(shifted) is GapReason.CAMERA_MOVED


@pytest.mark.parametrize("how", [{"turn": 3.0}, {"turn": -8.0}, {"zoom": 1.06}, {"zoom": 0.9}, {"zoom": 1.5}, {"turn": 180.0}])
def test_a_turned_or_zoomed_camera_is_found_out(how: dict[str, float]) -> None:
    assert judge(moved(STREET, **how)) is GapReason.CAMERA_MOVED


def test_no_street_is_taken_for_another() -> None:
    pictures = {path.name[:5]: picture(path) for path in REFERENCES}
    pictures.pop("CAM33")  # the camera of CAM24, hung up again for another clip
    for name, image in pictures.items():
        assert judge(image, image) is None, name
        taken = [other for other, seen in pictures.items() if other != name and judge(seen, image) is None]
        assert taken == [], name


def in_light(image: Image, kind: str) -> Image:
    rng = np.random.default_rng(4)
    light: npt.NDArray[Any] = image.astype(np.float64) / 255
    if kind == "dark":
        light = light * 0.12 + rng.normal(0, 0.01, image.shape)
    elif kind == "bright":
        light = np.clip(light * 2.2, 0, 1) ** 0.7
    elif kind == "infrared":
        light = np.repeat((light @ np.array([0.2, 0.2, 0.6]))[..., None], 3, -1) ** 0.6 * 0.9
    elif kind == "noise":
        light = light + rng.normal(0, 0.08, image.shape)
    elif kind == "lamp":
        across, down = np.meshgrid(np.linspace(-1, 1, image.shape[1]), np.linspace(-1, 1, image.shape[0]))
        light = light * (0.1 + 0.9 * np.exp(-3 * ((across - 0.4) ** 2 + (down - 0.2) ** 2)))[..., None]
    elif kind == "rain":
        light = cv2.GaussianBlur(light, (0, 0), 1.5) * 0.7 + 0.2
    return np.asarray(np.clip(light * 255, 0, 255), np.uint8)


@pytest.mark.parametrize("kind", ["dark", "bright", "infrared", "noise", "lamp", "rain"])
def test_light_does_not_turn_a_camera(kind: str) -> None:
    assert judge(in_light(STREET, kind)) is None
    assert judge(in_light(moved(STREET, right=40), kind)) is GapReason.CAMERA_MOVED


def test_what_stands_before_the_street_does_not_turn_a_camera() -> None:
    rng = np.random.default_rng(2)
    crowded = STREET.copy()
    crowded[80:, 100:460] = rng.integers(0, 255, (280, 360, 3))  # a lorry with a pattern, over four tenths of the picture
    assert judge(crowded) is None


def test_a_covered_camera_is_found_out() -> None:
    rng = np.random.default_rng(2)
    cloth = cv2.GaussianBlur(rng.integers(0, 255, STREET.shape).astype(np.uint8), (0, 0), 3)
    assert judge(np.asarray(cloth, np.uint8)) is GapReason.CAMERA_MOVED


def test_a_view_without_structure_is_not_judged() -> None:
    wall = np.full((360, WIDTH, 3), 120, np.uint8)
    assert judge(STREET, wall) is None


def test_fog_at_the_beginning_is_no_view_to_be_known() -> None:
    guard = CameraPoseGuard(GuardSettings(), None)
    fog = np.full((360, WIDTH, 3), 120, np.uint8)
    assert [guard.judge(look(fog, second)) for second in range(6)] == [None] * 6
    assert [guard.judge(look(STREET, second)) for second in range(6, 14)] == [None] * 8
    assert guard.judge(look(OTHER, 14)) is GapReason.CAMERA_MOVED


@pytest.mark.parametrize("size", [(32, 32), (40, 320), (90, 160), (200, 120)])
def test_pictures_of_any_size_are_taken(size: tuple[int, int]) -> None:
    small = np.asarray(cv2.resize(STREET, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    assert judge(small) is None


def test_it_can_be_switched_off() -> None:
    guard = CameraPoseGuard(GuardSettings(check_pose=False), STREET)
    assert guard.judge(look(OTHER)) is None


def test_without_a_reference_picture_the_first_looks_are_believed_until_they_are_confirmed() -> None:
    guard = CameraPoseGuard(GuardSettings(), None)
    assert guard.judge(look(OTHER, 0)) is None  # a lorry before the camera, say
    assert [guard.judge(look(STREET, second)) for second in range(1, 8)] == [None] * 7
    assert guard.judge(look(OTHER, 8)) is GapReason.CAMERA_MOVED
    assert guard.judge(look(STREET, 9)) is None


def test_a_camera_that_is_turned_back_counts_again_and_one_that_is_not_never_does() -> None:
    guard = CameraPoseGuard(GuardSettings(), STREET)
    away = moved(STREET, right=60)
    assert guard.judge(look(STREET)) is None
    assert {guard.judge(look(away, 600.0 * step)) for step in range(1, 20)} == {GapReason.CAMERA_MOVED}
    assert guard.judge(look(STREET, 600.0 * 20)) is None


def test_small_steps_do_not_lead_away() -> None:
    """A bracket that sinks by less than a shake each day is off in the end, although each day's view is learnt (half of it is new)."""
    guard = CameraPoseGuard(GuardSettings(), STREET)
    verdicts = []
    for day in range(20):
        sunk = moved(STREET, down=2.0 * day)
        sunk[:, :330] = np.random.default_rng(day).integers(0, 255, (360, 330, 3))
        verdicts.append(guard.judge(look(sunk, 86400.0 * day)))
    assert verdicts[:5] == [None] * 5
    assert set(verdicts[9:]) == {GapReason.CAMERA_MOVED}


def test_another_light_is_learnt_while_it_comes() -> None:
    """By day nothing of the lit windows is seen, and by night nothing else: what lies between joins them."""
    day, night = STREET.copy(), OTHER.copy()
    guard = CameraPoseGuard(GuardSettings(), day)
    assert CameraPoseGuard(GuardSettings(), day).judge(look(night)) is GapReason.CAMERA_MOVED
    for step in range(11):
        dusk = np.where(np.arange(WIDTH)[None, :, None] < WIDTH * step / 10, night, day)
        assert guard.judge(look(dusk, 600.0 * step)) is None, step


@pytest.mark.long
def test_the_knock_in_the_sample_clip_is_a_gap_and_nothing_else_is() -> None:
    clip = ROOT / "sample_videos/CAM33_20260526_204000.mp4"
    guard = CameraPoseGuard(GuardSettings(), picture(ROOT / "zones/samples/CAM33_reference.jpg"))
    with open_reader(str(clip), camera_id="CAM33", interval_s=1.0) as reader:
        reasons = {seen.media_time_s: guard.judge(seen) for seen in reader if isinstance(seen, Frame)}
    gaps = [second for second, reason in reasons.items() if reason is GapReason.CAMERA_MOVED]
    assert gaps == [second for second in reasons if 42 <= second < 50]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: path.stem)
def test_no_view_that_moved_too_far_is_taken_for_one_at_rest(reference: Path) -> None:
    """Stripes fit a little further on nearly as well: in every street there is enough else."""
    street = picture(reference)
    guard = CameraPoseGuard(GuardSettings(), street)
    limit_px = GuardSettings().max_shake * WIDTH
    for times in (1.0, 1.5, 2.5):
        for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7)):
            seen = moved(street, right=times * right * limit_px, down=times * down * limit_px)
            now = camera_pose._edges(look(seen).picture.bgr(width_px=320))
            assert not guard._is_at_rest(now, guard._first_view(now)), (times, right, down)


def test_a_view_that_is_just_where_it_was_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = CameraPoseGuard(GuardSettings(), STREET)
    searched: list[object] = []

    def nowhere(now: object, first: object) -> tuple[float, None]:
        searched.append(now)
        return 0.0, None

    monkeypatch.setattr(guard, "_best", nowhere)
    noise = np.random.default_rng(1).normal(0, 4, STREET.shape)
    assert guard.judge(look(np.clip(STREET + noise, 0, 255).astype(np.uint8))) is None
    assert not searched
    assert guard.judge(look(moved(STREET, right=10.0), 2.0)) is GapReason.CAMERA_MOVED
    assert searched, "and is looked for where it is not"
