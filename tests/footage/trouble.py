"""Made-up trouble on real looks: seeded, so that the same scene and trouble always give the same pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from shapely import Point
from shapely.geometry import box as rectangle
from shapely.ops import unary_union

from pipeline.types import BoundingBox, Frame, Image
from pipeline.zones import WATCHED, CameraZones
from tests.footage.scenes import Truth, frame_at

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Staged:
    """A scene as it is shown: its looks and what is put down in them."""

    looks: tuple[Frame, ...]
    truths: tuple[Truth, ...]


_PAINTS = ((90, 130, 165), (70, 110, 150), (160, 120, 70), (190, 195, 200), (60, 60, 70), (80, 140, 90))

Trouble = Callable[[Sequence[Frame], tuple[Truth, ...]], Staged]


def unspoilt(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
    """The scene as it was filmed."""
    return Staged(tuple(looks), truths)


def reversed_in_time(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
    """Last look first: what was put down now stands there from the start and is taken away. Nothing is put down."""
    last_s = looks[-1].media_time_s
    turned = tuple(frame_at(look.camera_id, last_s - look.media_time_s, look.picture.bgr()) for look in reversed(looks))
    return Staged(turned, ())


def exposure_swings(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
    """Exposure up and down by 40 % with a period of 13 s."""

    def swing(look: Frame, image: Floats) -> Floats:
        return np.asarray(image * (1 + 0.4 * np.sin(2 * np.pi * (look.media_time_s - looks[0].media_time_s) / 13)), np.float32)

    return _changed(looks, truths, swing)


def dark_and_noisy(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
    """65 % darker all through, with noise of 5 grey levels that is new at every look."""

    def darken(look: Frame, image: Floats) -> Floats:
        noise = _rng(look, 1).normal(0, 5, image.shape)
        return np.asarray(0.35 * image + noise, np.float32)

    return _changed(looks, truths, darken)


def infrared_at(share: float) -> Trouble:
    """After this share of the clip the camera goes infrared: grey, other weights of the colours, other contrast, more gain, noise."""

    def trouble(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
        switch_s = looks[0].media_time_s + share * (looks[-1].media_time_s - looks[0].media_time_s)

        def see_infrared(look: Frame, image: Floats) -> Floats:
            if look.media_time_s < switch_s:
                return image
            light = image @ np.array([0.10, 0.30, 0.60], np.float32)
            grey = 255 * (light / 255) ** 0.75 * 1.15 - 12 + _rng(look, 2).normal(0, 2.5, light.shape)
            return np.asarray(np.repeat(grey[:, :, None], 3, axis=2), np.float32)

        return _changed(looks, truths, see_infrared)

    return trouble


def shaken(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
    """The whole picture is shifted by up to 4 px (at 640 wide) in x and y, another way at each look."""

    def shake(look: Frame, image: Floats) -> Floats:
        reach = 4 * image.shape[1] / 640
        shift_x, shift_y = _rng(look, 3).uniform(-reach, reach, 2)
        matrix = np.array([[1, 0, shift_x], [0, 1, shift_y]], np.float32)
        return np.asarray(cv2.warpAffine(image, matrix, image.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.float32)

    return _changed(looks, truths, shake)


def cloud_shadow(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
    """A cloud with a soft edge comes in from the left, darkens half of the picture to 55 % and moves to and fro."""
    first_s, last_s = looks[0].media_time_s, looks[-1].media_time_s

    def shade(look: Frame, image: Floats) -> Floats:
        passed = (look.media_time_s - first_s) / max(1.0, last_s - first_s)
        edge = 0.5 - 0.7 * np.cos(2 * np.pi * passed * 1.5)
        across = np.linspace(0, 1, image.shape[1], dtype=np.float32)[None, :, None]
        light = 1 - 0.45 / (1 + np.exp((across - edge) / 0.04))
        return np.asarray(image * light, np.float32)

    return _changed(looks, truths, shade)


def pasted(zones: CameraZones, cutouts: Sequence[Floats], seed: int, count: int = 3) -> Trouble:
    """Put ``count`` objects of 14-60 px (at 640 wide) on watched ground after 30 % of the clip; people pass in front of them.

    ``cutouts`` are HxWx4 float32 (BGR 0..255, opacity 0..1).
    """

    def trouble(looks: Sequence[Frame], truths: tuple[Truth, ...]) -> Staged:
        rng = np.random.default_rng(seed)
        empty = np.median(np.stack([look.picture.bgr() for look in looks[:: max(1, len(looks) // 15)]]), axis=0).astype(np.float32)
        appear_s = looks[0].media_time_s + 0.3 * (looks[-1].media_time_s - looks[0].media_time_s)
        layers = _place(rng, zones, cutouts, empty, count)

        def paste(look: Frame, image: Floats) -> Floats:
            if look.media_time_s < appear_s:
                return image
            for x, y, layer in layers:
                rows, columns = slice(y, y + layer.shape[0]), slice(x, x + layer.shape[1])
                under = image[rows, columns]
                passer, light = _passer_and_light(under, empty[rows, columns])
                opacity = layer[:, :, 3:] * ~passer[:, :, None]
                noise = _rng(look, 4 + x).normal(0, 1.5, under.shape)
                image[rows, columns] = under * (1 - opacity) + (layer[:, :, :3] * light[:, :, None] + noise) * opacity
            return image

        height, width = empty.shape[:2]
        boxes = [BoundingBox(x / width, y / height, (x + i.shape[1]) / width, (y + i.shape[0]) / height) for x, y, i in layers]
        staged = _changed(looks, truths, paste)
        return Staged(staged.looks, (*truths, *(Truth(box, appear_s - 0.1, appear_s + 15) for box in boxes)))

    return trouble


TROUBLES: Mapping[str, Trouble] = {
    "as filmed": unspoilt,
    "reversed": reversed_in_time,
    "exposure swings": exposure_swings,
    "dark, noisy": dark_and_noisy,
    "infrared at 25 %": infrared_at(0.25),
    "infrared at 50 %": infrared_at(0.5),
    "shaken": shaken,
    "cloud shadow": cloud_shadow,
}
"""Trouble that needs nothing but the looks."""


def cut_out(with_thing: Image, without: Image, box: BoundingBox) -> Floats:
    """The thing in this box as HxWx4 float32, its opacity from what differs from the picture without it."""
    height, width = with_thing.shape[:2]
    rows = slice(int(box.y_min * height), int(box.y_max * height) + 1)
    columns = slice(int(box.x_min * width), int(box.x_max * width) + 1)
    thing, ground = with_thing[rows, columns].astype(np.float32), without[rows, columns].astype(np.float32)
    differs = (cv2.GaussianBlur(np.abs(thing - ground).max(axis=2), (5, 5), 0) > 16).astype(np.uint8)
    contours, _ = cv2.findContours(differs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = cv2.convexHull(max(contours, key=cv2.contourArea))
    x, y, w, h = cv2.boundingRect(outline)
    opacity = cv2.GaussianBlur(cv2.drawContours(np.zeros(differs.shape, np.float32), [outline], -1, 1.0, -1), (3, 3), 0)
    return np.dstack([thing, opacity])[y : y + h, x : x + w].astype(np.float32)


def draw_carton(rng: np.random.Generator) -> Floats:
    """A carton or crate seen from above at an angle: lit top, two sides, a strip of tape."""
    colour = np.array(_PAINTS[int(rng.integers(len(_PAINTS)))], np.float32)
    canvas = np.zeros((96, 96, 4), np.float32)
    top, depth, skew = int(rng.integers(14, 40)), int(rng.integers(24, 60)), int(rng.integers(0, 24))
    faces = (
        (1.15, [(skew, 0), (95, 0), (95 - skew, top), (0, top)]),
        (0.85, [(0, top), (95 - skew, top), (95 - skew, top + depth), (0, top + depth)]),
        (0.6, [(95, 0), (95, depth), (95 - skew, top + depth), (95 - skew, top)]),
    )
    for light, corners in faces:
        cv2.fillPoly(canvas, [np.array(corners, np.int32)], (*(min(255.0, float(c)) for c in colour * light), 1.0))
    cv2.line(canvas, (40 - skew // 2, top), (40 - skew // 2, top + depth), (*(float(c) for c in np.minimum(255, colour * 1.25)), 1.0), 5)
    ys, xs = np.nonzero(canvas[:, :, 3])
    return cv2.GaussianBlur(canvas, (3, 3), 0)[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1].astype(np.float32)


def _changed(looks: Sequence[Frame], truths: tuple[Truth, ...], change: Callable[[Frame, Floats], Floats]) -> Staged:
    changed = []
    for look in looks:
        image = change(look, look.picture.bgr().astype(np.float32))
        changed.append(frame_at(look.camera_id, look.media_time_s, np.clip(np.rint(image), 0, 255).astype(np.uint8)))
    return Staged(tuple(changed), truths)


def _passer_and_light(under: Floats, empty: Floats) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Where somebody passes in front, and how much light falls there: a shadow darkens all colours alike and lets the thing be seen."""
    ratio = cv2.blur(under + 4, (7, 7)) / cv2.blur(empty + 4, (7, 7))
    even = (ratio.max(axis=2) - ratio.min(axis=2) < 0.12) & (ratio.max(axis=2) < 0.95) & (ratio.min(axis=2) > 0.2)
    differs = cv2.GaussianBlur(np.abs(under - empty).max(axis=2), (5, 5), 0) > 28
    return np.asarray(differs & ~even, np.bool_), np.asarray(np.where(even, ratio.mean(axis=2), 1.0), np.float32)


def _rng(look: Frame, salt: int) -> np.random.Generator:
    return np.random.default_rng([salt, round(1000 * look.media_time_s)])


def _place(
    rng: np.random.Generator, zones: CameraZones, cutouts: Sequence[Floats], empty: Floats, count: int
) -> list[tuple[int, int, Floats]]:
    """Choose a thing, a size and a free spot for each, in the light of the place."""
    height, width = empty.shape[:2]
    ground = unary_union([zone.polygon for zone in zones.of_kind(*WATCHED)])
    taken: list[BoundingBox] = []
    layers: list[tuple[int, int, Floats]] = []
    while len(layers) < count:
        cutout = cutouts[int(rng.integers(len(cutouts)))] if rng.random() < 0.5 else draw_carton(rng)
        size = float(np.exp(rng.uniform(np.log(14), np.log(60)))) * width / 640
        scale = size / max(cutout.shape[:2])
        w, h = max(3, round(cutout.shape[1] * scale)), max(3, round(cutout.shape[0] * scale))
        x, y = int(rng.integers(4, width - w - 4)), int(rng.integers(4, height - h - 4))
        spot = rectangle(x / width, (y + 0.6 * h) / height, (x + w) / width, (y + h) / height)
        reach = BoundingBox((x - w) / width, (y - h) / height, (x + 2 * w) / width, (y + 2 * h) / height)
        if not ground.contains(spot) or not ground.contains(Point(spot.centroid)) or any(reach.intersection_area(b) for b in taken):
            continue
        taken.append(reach)
        layer = cv2.resize(cutout, (w, h), interpolation=cv2.INTER_AREA)
        light = float(np.clip(empty[y : y + h, x : x + w].mean() / 120, 0.5, 1.4))
        layer[:, :, :3] = np.clip(cv2.GaussianBlur(layer[:, :, :3], (3, 3), 0) * light, 0, 255)
        layers.append((x, y, np.asarray(layer, np.float32)))
    return layers
