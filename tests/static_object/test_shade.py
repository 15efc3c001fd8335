"""Shadows, the things that cast them, dark things that lie flat, and spots of light, on the drawn street."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from pipeline.types import BoundingBox, Detection, Image
from tests.static_object.scenery import BAG, HEIGHT, WIDTH, Change, detector, person, put_bag, show, street, sure_of, watch

SECONDS = [float(s) for s in range(20)]
COMES_S = 6.0
STANDING = BoundingBox(0.30, 0.32, 0.36, 0.68)
"""Somebody who stands; the shadow falls to the right and towards the camera."""
SHADOW = ((0.31, 0.67), (0.36, 0.66), (0.56, 0.80), (0.52, 0.84))
SUNLESS = (0.64, 0.60, 0.57)
"""What a hard shadow leaves of blue, green and red: the sky that still lights it is bluer than the sun."""
BAG_SHADOW = ((0.45, 0.71), (0.52, 0.66), (0.62, 0.78), (0.55, 0.80))
CARTON = (70, 120, 165)
MAT = ((0.46, 0.60), (0.60, 0.60), (0.62, 0.74), (0.47, 0.74))


def _inside(corners: Sequence[tuple[float, float]], softness_px: float = 1.2) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """1 inside these corners (fractions), 0 outside, with the soft rim of a shadow."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.fillPoly(mask, [np.rint(np.array(corners) * (WIDTH, HEIGHT)).astype(np.int32)], 1.0)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), softness_px), np.float32)[:, :, None]


def relit(image: Image, corners: Sequence[tuple[float, float]], light: tuple[float, float, float]) -> Image:
    """The picture with this share of its blue, green and red light inside the corners."""
    inside = _inside(corners)
    return np.asarray(np.clip(image * (1 - inside + inside * np.array(light, np.float32)), 0, 255), np.uint8)


def _figure(image: Image, sway_px: int = 0) -> Image:
    """Somebody in a dark coat and darker trousers; the upper part sways."""
    x, y = STANDING.x_min * WIDTH, STANDING.y_min * HEIGHT
    width, height = STANDING.width * WIDTH, STANDING.height * HEIGHT

    def part(left: float, top: float, right: float, bottom: float, colour: tuple[int, int, int], sway: int) -> None:
        corner, other = (
            (round(x + left * width) + sway, round(y + top * height)),
            (round(x + right * width) + sway, round(y + bottom * height)),
        )
        cv2.rectangle(image, corner, other, colour, -1)

    part(0.2, 0.5, 0.8, 1.0, (52, 46, 44), 0)
    part(0.05, 0.15, 0.95, 0.55, (90, 60, 40), sway_px)
    part(0.3, 0.0, 0.7, 0.15, (50, 60, 75), sway_px)
    return image


def _from(second: float) -> bool:
    return second >= COMES_S


@pytest.mark.parametrize("noise", [1.0, 4.0])
def test_the_shadow_of_somebody_who_stands_is_no_thing(noise: float) -> None:
    def change(second: float, image: Image) -> Image:
        return _figure(relit(image, SHADOW, SUNLESS)) if _from(second) else image

    frames = show(SECONDS, change, noise=noise)
    earlier = [(person(STANDING),) if _from(f.media_time_s) else () for f in frames]
    assert not any(sure_of(watch(detector(), frames, earlier)))


def test_a_shadow_that_falls_in_from_outside_is_no_thing() -> None:
    frames = show(SECONDS, lambda s, i: relit(i, MAT, SUNLESS) if _from(s) else i)
    assert not any(sure_of(watch(detector(), frames)))


def test_a_spot_of_light_is_no_thing() -> None:
    frames = show(SECONDS, lambda s, i: relit(i, MAT, (1.4, 1.5, 1.55)) if _from(s) else i)
    assert not any(sure_of(watch(detector(), frames)))


@pytest.mark.parametrize("noise", [1.0, 4.0])
def test_a_carton_is_found_without_its_shadow(noise: float) -> None:
    def change(second: float, image: Image) -> Image:
        return put_bag(relit(image, BAG_SHADOW, SUNLESS), BAG, CARTON) if _from(second) else image

    sure = sure_of(watch(detector(), show(SECONDS, change, noise=noise)))
    assert len(sure[-1]) == 1
    box = sure[-1][0].box
    assert box.iou(BAG) > 0.55
    assert box.y_max == pytest.approx(BAG.y_max, abs=0.03)
    assert box.x_max == pytest.approx(BAG.x_max, abs=0.03)


def _mat(image: Image, grey: int) -> Image:
    """A mat, tarpaulin or cloth of one dark colour, spread on the ground: it hides the joints of the paving."""
    inside = _inside(MAT, 0.7)
    return np.asarray(image * (1 - inside) + inside * grey, np.uint8)


@pytest.mark.parametrize("grey", [30, 50, 75])
def test_a_dark_mat_that_hides_the_paving_is_found_though_it_is_as_dark_as_a_shadow(grey: int) -> None:
    frames = show(SECONDS, lambda s, i: _mat(i, grey) if _from(s) else i)
    sure = sure_of(watch(detector(), frames))
    assert len(sure[-1]) == 1
    xs, ys = zip(*MAT, strict=True)
    assert sure[-1][0].box.iou(BoundingBox(min(xs), min(ys), max(xs), max(ys))) > 0.6


def test_a_mat_in_the_shadow_of_somebody_is_found() -> None:
    """Beside somebody who may cast it, darkness that hides the paving is a thing all the same."""
    beside = BoundingBox(0.40, 0.28, 0.46, 0.66)
    frames = show(SECONDS, lambda s, i: _mat(i, 50) if _from(s) else i)
    earlier = [(person(beside),) if _from(f.media_time_s) else () for f in frames]
    assert len(sure_of(watch(detector(), frames, earlier))[-1]) == 1


@pytest.mark.parametrize("stays", [False, True])
def test_only_somebody_who_stays_casts_a_shadow_that_stays(*, stays: bool) -> None:
    """Too small and even to tell by itself: it is taken for the shadow of who stands beside it, but not of passers-by."""
    patch = ((0.665, 0.655), (0.695, 0.655), (0.695, 0.705), (0.665, 0.705))
    beside = BoundingBox(0.60, 0.40, 0.65, 0.72)
    frames = show([2.0 * s for s in range(12)], lambda s, i: relit(i, patch, (0.40, 0.38, 0.38)) if _from(s) else i, noise=1.0)
    earlier = [(person(beside),) if _from(f.media_time_s) and (stays or f.media_time_s % 4 == 0) else () for f in frames]
    assert any(sure_of(watch(detector(), frames, earlier))) != stays


def _swaying(second: float, image: Image) -> Image:
    return _figure(image, 5 * (round(second / 3) % 3 - 1)) if _from(second) else image


def test_somebody_whom_no_model_saw_is_no_thing_as_long_as_they_stir() -> None:
    assert not any(sure_of(watch(detector(), show([float(s) for s in range(50)], _swaying))))


def test_a_bag_is_kept_however_many_walk_past_behind_it() -> None:
    def walker(second: float) -> BoundingBox:
        x = (0.13 * second) % 1.2 - 0.1
        return BoundingBox(min(0.95, max(0.0, x)), 0.42, min(1.0, max(0.05, x + 0.05)), 0.64)

    def change(second: float, image: Image) -> Image:
        image = put_bag(image, walker(second), (120, 70, 60))
        return put_bag(image) if _from(second) else image

    frames = show([float(s) for s in range(50)], change)
    looks = sure_of(watch(detector(), frames, [(person(walker(f.media_time_s)),) for f in frames]))
    found = [any(d.box.iou(BAG) > 0.5 for d in look) for look in looks[14:]]
    assert sum(found) > 0.6 * len(found)


def _passed(change: Change, seen: Sequence[tuple[Detection, ...]] | None = None) -> bool:
    return not any(sure_of(watch(detector(), show(SECONDS, change), seen)))


@pytest.mark.parametrize("depth", [0.35, 0.5, 0.7, 0.85])
def test_shadows_of_any_depth_are_none(depth: float) -> None:
    assert _passed(lambda s, i: relit(i, SHADOW, (depth + 0.04, depth, depth - 0.03)) if _from(s) else i)


def test_the_drawn_paving_shows_through_a_shadow_only() -> None:
    """The scenes above can tell a mat from a shadow: their levels are alike, their textures are not."""
    shadow, mat = relit(street(), MAT, SUNLESS).astype(np.float32), _mat(street(), 75).astype(np.float32)
    inner = _inside(MAT)[:, :, 0] > 0.99
    assert abs(float(shadow[inner].mean()) - float(mat[inner].mean())) < 15
    assert float(shadow[inner].std()) > 3 * float(mat[inner].std())
