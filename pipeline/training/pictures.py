"""Pictures with their labels, and which of them an epoch sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import FaultsError, fault_line
from pipeline.training.classes import CLASSES, COCO_ALL, COCO_CLASSES, COCO_MAYBE
from pipeline.training.recipe import Recipe, Roots, Source, pictures_of, refuse_held_out

ANY_CLASS = "*"
"""In an ``ignored`` file: whatever is found there is neither right nor wrong."""


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """One thing in a picture. ``cls``: number in CLASSES, or None for any class (ignored regions only)."""

    cls: int | None
    box: tuple[float, float, float, float]
    """Centre x and y, width, height; fractions of the picture."""


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
        for number, picture in enumerate(read_pictures(source, paths)):
            watches = source.validate_every and number % source.validate_every == source.validate_every - 1
            (watching if watches else training).append(picture)
    return PictureSet(tuple(training), tuple(watching))


def read_pictures(source: Source, paths: Sequence[Path]) -> tuple[LabelledPicture, ...]:
    """Read the label files beside these pictures. A picture without one has nothing in it. Raises FaultsError."""
    faults: list[str] = []
    everywhere = tuple(LabelledBox(CLASSES.index(name), (0.5, 0.5, 1.0, 1.0)) for name in source.unjudged)
    pictures = []
    for path in paths:
        boxes, maybe = _read_labels(_beside(path, "labels"), source.labels, faults)
        hidden, _ = _read_labels(_beside(path, "ignored"), "street", faults)
        faults += [fault_line(str(path), f"{ANY_CLASS!r} in labels", expected="a class") for box in boxes if box.cls is None]
        pictures.append(LabelledPicture(path, boxes, (*maybe, *hidden, *everywhere), source.kind == "real", source.weight))
    if faults:
        raise FaultsError("labels refused", tuple(faults))
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


def _beside(picture: Path, folder: str) -> Path:
    """``.../images/a/NAME.jpg`` -> ``.../labels/a/NAME.txt``; a picture in no such folder has its labels beside it."""
    parts = list(picture.parts)
    if "images" in parts[:-1]:
        parts[len(parts) - 2 - parts[-2::-1].index("images")] = folder
        return Path(*parts).with_suffix(".txt")
    return picture.with_suffix(".txt") if folder == "labels" else picture.with_suffix(f".{folder}.txt")


def _read_labels(path: Path, numbering: str, faults: list[str]) -> tuple[tuple[LabelledBox, ...], tuple[LabelledBox, ...]]:
    """The things of one label file, and those that may or may not be one of ours."""
    if not path.is_file():
        return (), ()
    things: list[LabelledBox] = []
    maybe: list[LabelledBox] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            name, box = _parse(line.split(), CLASSES if numbering == "street" else COCO_ALL)
        except ValueError as err:
            faults.append(fault_line(f"{path}:{number}", str(err), expected="CLASS X Y WIDTH HEIGHT, fractions of the picture", found=line))
            continue
        if numbering == "coco":
            if name in COCO_CLASSES:
                things.append(LabelledBox(CLASSES.index(COCO_CLASSES[name]), box))
            elif name in COCO_MAYBE:
                maybe.append(LabelledBox(CLASSES.index(COCO_MAYBE[name]), box))
        else:
            things.append(LabelledBox(None if name == ANY_CLASS else CLASSES.index(name), box))
    return tuple(things), tuple(maybe)


def _parse(words: list[str], names: Sequence[str]) -> tuple[str, tuple[float, float, float, float]]:
    if len(words) != 5:
        raise ValueError("not a box")
    name = words[0] if words[0] == ANY_CLASS else names[_class_number(words[0], len(names))]
    x, y, width, height = (float(word) for word in words[1:])
    if not (0 <= x <= 1 and 0 <= y <= 1 and 0 < width <= 1 and 0 < height <= 1):
        raise ValueError("box lies outside the picture")
    return name, (x, y, width, height)


def _class_number(word: str, classes: int) -> int:
    number = int(word)
    if not 0 <= number < classes:
        raise ValueError(f"class {number} does not exist")
    return number
