"""Training pictures: random scenes on the streets, with boxes of what can be seen. Each picture follows from its number alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from sample_videos.generator.chances import Setting, Split, random_setting
from sample_videos.generator.labels import LABEL_FILES, write_labels

if TYPE_CHECKING:
    from sample_videos.generator.studio import Scene, Studio

BATCH = 48
"""So many pictures in a row share one street and its weather: building it takes as long as rendering two of them."""
HOURS = 4
"""So many pictures share what Blender renders: the camera, the light and what stands there. People and wheels differ."""
_SETTING, _SCENE, _QUALITY, _MOMENT = 11, 12, 13, 14
"""Streams of random numbers, each with the seed before it and the number of what it decides after it."""


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """Which pictures are made, and where."""

    build: Path
    out: Path
    """images/, labels/, ignored/ (boxes that are neither right nor wrong) and seen/ (everything about each box)."""
    count: int
    split: Split = Split.TRAINING
    seed: int = 1
    say: Callable[[str], None] = print


def setting_of(batch: int, options: PictureOptions) -> Setting:
    """Street, darkness and wetness of a batch."""
    return random_setting(batch, np.random.default_rng([options.seed, _SETTING, batch]), options.split)


def batches(options: PictureOptions) -> list[int]:
    """The batches, the last one perhaps not full."""
    return list(range(math.ceil(options.count / BATCH)))


def unfinished_batches(options: PictureOptions) -> list[int]:
    """The batches in which a picture is missing."""
    return [batch for batch in batches(options) if _missing(batch, options)]


def label_files(batch: int, options: PictureOptions) -> list[str]:
    """The names, in `out`, of all files that tell what the pictures of a batch show."""
    return [name.format(_stem(number, options)) for number in _numbers(batch, options) for name in LABEL_FILES]


def make_batch(batch: int, options: PictureOptions) -> None:
    """Render what is missing of one batch. One batch per process: Blender builds one street."""
    from sample_videos.generator.studio import Camera, Studio

    missing = _missing(batch, options)
    if not missing:
        return
    studio = Studio(setting_of(batch, options), options.build)
    camera = Camera(studio, options.build / "pictures" / f"batch-{batch}")
    for scene, numbers in _scenes(studio, missing, options):
        backdrop = camera.backdrop(scene)
        for number in numbers:
            rng = _moment_rng(number, options)
            moment = studio.moment(scene, rng)
            picture = camera.picture(backdrop, scene.conditions, moment, rng, number)
            write_labels(moment.seen, options.out, _stem(number, options))
            # The picture last: where it is, everything about it is.
            _write_picture(number, picture, options)
    options.say(f"pictures {missing[0]}-{missing[-1]} of {options.count}: {studio.setting.plan.name}")


def label_batch(batch: int, options: PictureOptions) -> None:
    """Make the labels of one batch as `make_batch` does, without any picture."""
    from sample_videos.generator.studio import Studio

    studio = Studio(setting_of(batch, options), options.build)
    for scene, numbers in _scenes(studio, _numbers(batch, options), options):
        for number in numbers:
            moment = studio.moment(scene, _moment_rng(number, options))
            write_labels(moment.seen, options.out, _stem(number, options))


def _scenes(studio: Studio, numbers: Sequence[int], options: PictureOptions) -> Iterator[tuple[Scene, list[int]]]:
    """Set up each scene that these pictures show; with it the pictures that show it."""
    for scene in sorted({number // HOURS for number in numbers}):
        rng = np.random.default_rng([options.seed, _SCENE, options.split.value, scene])
        yield studio.set_up(rng), [number for number in numbers if number // HOURS == scene]


def _moment_rng(number: int, options: PictureOptions) -> np.random.Generator:
    return np.random.default_rng([options.seed, _MOMENT, options.split.value, number])


def _numbers(batch: int, options: PictureOptions) -> range:
    return range(batch * BATCH, min((batch + 1) * BATCH, options.count))


def _missing(batch: int, options: PictureOptions) -> list[int]:
    return [number for number in _numbers(batch, options) if not (options.out / "images" / f"{_stem(number, options)}.jpg").exists()]


def _stem(number: int, options: PictureOptions) -> str:
    return f"{options.split.prefix}_{number:05d}"


def _write_picture(number: int, picture: np.ndarray[Any, Any], options: PictureOptions) -> None:
    images = options.out / "images"
    images.mkdir(parents=True, exist_ok=True)
    quality = int(np.random.default_rng([options.seed, _QUALITY, number]).integers(45, 93))
    stem = _stem(number, options)
    partial = images / f"{stem}.partial.jpg"
    cv2.imwrite(str(partial), picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    partial.replace(images / f"{stem}.jpg")
