"""Pictures with their labels, and which of them an epoch sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.training import coco_json
from pipeline.training.classes import CLASSES
from pipeline.training.coco_json import CocoLabels
from pipeline.training.labels import LabelledBox, LabelReader, YoloLabels, refuse_faults
from pipeline.training.recipe import Recipe, Roots, Source, folder_of, pictures_of, refuse_held_out, root_of


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """A picture, what is in it, and where nothing is judged."""

    path: Path
    boxes: tuple[LabelledBox, ...]
    ignored: tuple[LabelledBox, ...]
    """Too small, too hidden or too uncertain to be learnt or held against anybody."""
    real: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PictureSet:
    """What a training sees, and what watches over it."""

    training: tuple[LabelledPicture, ...]
    watching: tuple[LabelledPicture, ...]


def collect_pictures(recipe: Recipe, roots: Roots) -> PictureSet:
    """Find and read everything that a recipe names.

    Raises FaultsError (held-out pictures, bad label files) or ConfigError (missing folders, sources without pictures).
    """
    training: list[LabelledPicture] = []
    watching: list[LabelledPicture] = []
    for source in recipe.sources:
        paths = pictures_of(source, roots)
        refuse_held_out(recipe, source, paths, roots)
        for number, picture in enumerate(read_pictures(source, paths, label_reader(source, roots))):
            watches = source.validate_every and number % source.validate_every == source.validate_every - 1
            (watching if watches else training).append(picture)
    return PictureSet(tuple(training), tuple(watching))


def label_reader(source: Source, roots: Roots) -> LabelReader:
    """What knows the labels of a source. Raises ConfigError (missing root) or FaultsError (a file that can't be used)."""
    if source.labels.endswith(coco_json.SUFFIX):
        return CocoLabels(root_of(source.root, roots) / source.labels, folder_of(source, roots), source.classes)
    return YoloLabels("coco" if source.labels == "coco" else "street")


def read_pictures(source: Source, paths: Sequence[Path], reader: LabelReader) -> tuple[LabelledPicture, ...]:
    """These pictures with their labels. Raises FaultsError."""
    faults: list[str] = []
    everywhere = tuple(LabelledBox(CLASSES.index(name), (0.5, 0.5, 1.0, 1.0)) for name in source.unjudged)
    pictures = []
    for path in paths:
        labels = reader.labels_of(path, faults)
        pictures.append(LabelledPicture(path, labels.things, (*labels.ignored, *everywhere), source.kind == "real", source.weight))
    refuse_faults(faults)
    return tuple(pictures)


def draw_epoch(
    pictures: Sequence[LabelledPicture], *, real_share: float, size: int | None, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Which pictures one epoch sees, as positions in ``pictures``, shuffled.

    At least ``real_share`` of them are real. Every rendered picture comes once (``size`` None) before any comes again.
    """
    real = np.flatnonzero([picture.real for picture in pictures])
    rendered = np.flatnonzero([not picture.real for picture in pictures])
    weights = np.array([picture.weight for picture in pictures], dtype=np.float64)
    if not len(real) or not len(rendered):
        alone = real if len(real) else rendered
        drawn = _draw(alone, weights[alone], size or len(alone), rng)
    else:
        total = size or max(len(pictures), int(np.ceil(len(rendered) / (1 - real_share))))
        real_count = max(int(np.ceil(total * real_share)), 0 if size else total - len(rendered))
        drawn = np.concatenate([_draw(real, weights[real], real_count, rng), _draw(rendered, weights[rendered], total - real_count, rng)])
    rng.shuffle(drawn)
    return drawn


def _draw(
    positions: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], count: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """``count`` of these positions; each as often as its weight asks, give or take one."""
    wanted = weights / weights.sum() * count
    times = np.floor(wanted).astype(np.int64)
    rest = wanted - times
    missing = count - int(times.sum())
    if missing:
        chance = rest / rest.sum() if rest.sum() > 0 else None
        able = int(np.count_nonzero(rest)) if chance is not None else len(positions)
        times[rng.choice(len(positions), size=min(missing, able), replace=False, p=chance)] += 1
        while times.sum() < count:  # rounding left one or two over
            times[int(rng.integers(len(positions)))] += 1
    return np.repeat(positions, times)
