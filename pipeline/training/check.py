"""How good a street model is: on streets it never saw, on real people, on footage where nothing should be found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.errors import ConfigError
from pipeline.training.classes import CLASSES
from pipeline.training.labels import LabelledBox
from pipeline.training.pictures import LabelledPicture, label_reader, read_pictures
from pipeline.training.recipe import Negative, Recipe, ReportPictures, Roots, Source, root_of
from pipeline.training.scoring import Scores, Truth, score
from pipeline.training.seeing import Eye, Found, card_of, coco_eye, pictures_in, read_picture

LARGE_PX = 32.0
"""Square root of a box's area, in a picture scaled to a width of 640, from which on a thing counts as large."""
FALSE_CLASSES = ("goods", "table", "stall")
"""What should not be found on a street where nothing was put down."""
_LEAST = 0.005
"""Confidence from which on detections enter the curve."""


@dataclass(frozen=True, slots=True)
class StreetFigures:
    """On rendered streets."""

    large: Scores
    """Things at least 30 % visible and LARGE_PX large; others neither reward nor punish."""
    everything: Scores
    """Every thing that the truth names, slivers and all."""
    ms_per_picture: float
    """Median, on one picture after the other, with scaling and suppression."""


@dataclass(frozen=True, slots=True)
class RealFigures:
    """On real pictures, against the model that training began from; only classes that COCO has."""

    model: Scores
    base: Scores

    def loss_of(self, name: str) -> float | None:
        """How much AP50 of a class fell, where the pictures show any."""
        before, after = self.base.classes.get(name), self.model.classes.get(name)
        return before.ap50 - after.ap50 if before and after else None


@dataclass(frozen=True, slots=True)
class NegativeFigures:
    """On footage where nothing was put down."""

    source: str
    pictures: int
    false_things: int
    """FALSE_CLASSES found at the product's threshold."""

    @property
    def per_ten(self) -> float:
        """False things in ten pictures."""
        return self.false_things / self.pictures * 10 if self.pictures else 0.0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything that was measured; None where the pictures are not there."""

    streets: StreetFigures | None
    real: RealFigures | None
    negatives: tuple[NegativeFigures, ...]


def check(eye: Eye, recipe: Recipe, roots: Roots) -> CheckReport:
    """Measure what the recipe's ``check`` names, as far as its roots are given. Raises ConfigError, ModelError or SourceError."""
    wanted = recipe.check
    base = root_of(recipe.base.root, roots) / recipe.base.path if wanted.real and recipe.base.root in roots else None
    real = None
    if wanted.real and base and wanted.real.root in roots:
        pictures = report_pictures(wanted.real, roots)
        reference = coco_eye(card_of(base, recipe.image_size, recipe.base.sha256), recipe.image_size)
        real = RealFigures(judge(eye, pictures).everything, judge(reference, pictures).everything)
    return CheckReport(
        judge(eye, report_pictures(wanted.streets, roots)) if wanted.streets and wanted.streets.root in roots else None,
        real,
        tuple(_false_things(eye, each, roots, recipe) for each in wanted.negatives if each.root in roots),
    )


def report_pictures(wanted: ReportPictures, roots: Roots) -> tuple[LabelledPicture, ...]:
    """Read labelled pictures. Raises ConfigError where there are none, FaultsError for bad labels."""
    folder = root_of(wanted.root, roots)
    paths = sorted(path for path in folder.glob(wanted.images) if path.is_file())[-(wanted.last or 0) :]
    if not paths:
        raise ConfigError("nothing to check on", where=str(folder / wanted.images), expected="pictures")
    unjudged = ("goods", "rack_or_sign", "stall", "tricycle") if wanted.labels == "coco" else ()
    source = Source(
        name="check",
        root=wanted.root,
        images=wanted.images,
        kind="rendered" if wanted.labels == "street" else "real",
        labels=wanted.labels,
        classes=wanted.classes,
        unjudged=unjudged,
    )
    return read_pictures(source, paths, label_reader(source, roots))


def judge(eye: Eye, pictures: Sequence[LabelledPicture]) -> StreetFigures:
    """Look at every picture and compare."""
    found: list[Found] = []
    spent: list[float] = []
    shapes: list[tuple[int, int]] = []
    for picture in pictures:
        image = read_picture(picture.path)
        began = time.perf_counter()
        found.append(eye.look(image, _LEAST))
        spent.append(time.perf_counter() - began)
        shapes.append((image.shape[0], image.shape[1]))
    large = [_truth(picture, _large_area(shape)) for picture, shape in zip(pictures, shapes, strict=True)]
    everything = [_truth(_with_slivers(picture), 0.0) for picture in pictures]
    return StreetFigures(
        score(large, found, [_large_area(shape) for shape in shapes]),
        score(everything, found),
        float(np.median(spent)) * 1000 if spent else 0.0,
    )


def _false_things(eye: Eye, negative: Negative, roots: Roots, recipe: Recipe) -> NegativeFigures:
    path = root_of(negative.root, roots) / negative.path
    least = {CLASSES.index(name): max(recipe.check.min_confidence, recipe.min_confidence.get(name, 0.0)) for name in FALSE_CLASSES}
    pictures = false_things = 0
    for _, image in pictures_in(path, negative.every_s):
        found = eye.look(image, recipe.check.min_confidence)
        pictures += 1
        false_things += sum(
            kind in least and confidence >= least[kind]
            for kind, confidence in zip(found.classes.tolist(), found.confidences.tolist(), strict=True)
        )
    return NegativeFigures(Path(negative.path).name, pictures, false_things)


def _large_area(shape: tuple[int, int]) -> float:
    """LARGE_PX squared as a share of a picture of this height and width."""
    height, width = shape
    return (LARGE_PX * width / 640) ** 2 / (height * width)


def _truth(picture: LabelledPicture, least_area: float) -> Truth:
    """Boxes from an area on are judged; smaller ones are ignored."""
    judged = [box for box in picture.boxes if box.box[2] * box.box[3] >= least_area]
    ignored = [*picture.ignored, *(box for box in picture.boxes if box.box[2] * box.box[3] < least_area)]
    return Truth(_corners(judged), _kinds(judged), _corners(ignored), _kinds(ignored))


def _with_slivers(picture: LabelledPicture) -> LabelledPicture:
    """Ignored things become things again; regions and whole pictures that are not judged stay so."""
    things = tuple(box for box in picture.ignored if box.cls is not None and box.box != (0.5, 0.5, 1.0, 1.0) and not picture.real)
    rest = tuple(box for box in picture.ignored if box not in things)
    return LabelledPicture(picture.path, (*picture.boxes, *things), rest, picture.real, picture.weight)


def _corners(boxes: Sequence[LabelledBox]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    rows = [(x - w / 2, y - h / 2, x + w / 2, y + h / 2) for x, y, w, h in (box.box for box in boxes)]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _kinds(boxes: Sequence[LabelledBox]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([-1 if box.cls is None else box.cls for box in boxes], dtype=np.int64)
