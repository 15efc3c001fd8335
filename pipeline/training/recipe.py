"""models/<name>/recipe.yaml: from what, and how, a model is trained. Read strictly; pictures held out are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, ValidationError, model_validator

from pipeline.config import Settings, Share
from pipeline.errors import ConfigError, FaultsError, fault_line
from pipeline.training.classes import CLASSES, COCO_CLASSES
from pipeline.yaml_files import read_yaml

Roots: TypeAlias = Mapping["Root", Path]
"""Where each root lies on this machine; a root may be missing where no source needs it."""


class Root(StrEnum):
    """What a path of a recipe is seen from."""

    PICTURES = "pictures"
    """Made here: rendered pictures and labelled frames (``--pictures``)."""
    REAL = "real"
    """Real footage, pictures and weights beside the project (``--real``)."""
    RECIPE = "recipe"
    """The folder of the recipe."""


class BaseWeights(Settings):
    """The COCO checkpoint that training begins from."""

    root: Root
    path: Path
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Checked before it is loaded, because a ``.pt`` file can run code."""


def _is_form_of_labels(labels: str) -> str:
    if labels in {"street", "coco"} or labels.endswith(".json"):
        return labels
    raise ValueError(f"no form of labels: {labels!r}; expected street, coco or the path of a .json file in COCO's form")


class LabelledPictures(Settings):
    """Pictures with labels: ``.../images/NAME.jpg``, ``.../labels/NAME.txt``, ``.../ignored/NAME.txt``, or one JSON file for all."""

    root: Root
    images: str = Field(min_length=1)
    """Pattern (``*``, ``**``, ``?``) below the root; pictures are taken in the order of their names."""
    labels: Annotated[str, AfterValidator(_is_form_of_labels)] = "street"
    """How the label files number their classes (``street``, ``coco``), or a file in COCO's form (``PATH.json`` below the root)."""
    classes: Mapping[str, str | None] = Field(default_factory=dict)
    """Category of the JSON file -> class of ours, null for background; ``"*": null`` for all that are not named."""

    @model_validator(mode="after")
    def _maps_to_classes(self) -> Self:
        if self.classes and not self.labels.endswith(".json"):
            raise ValueError(f"classes is for labels in a .json file; found labels: {self.labels}")
        unknown = sorted({ours for ours in self.classes.values() if ours is not None and ours not in CLASSES})
        if unknown:
            raise ValueError(f"classes names unknown classes: {', '.join(unknown)}; expected {', '.join(CLASSES)}, or null")
        if self.classes.get("*") is not None:
            raise ValueError('classes: "*" may only be null')
        return self


class Source(LabelledPictures):
    """A set of pictures to train on."""

    name: str = Field(pattern=r"^[\w.\-]+$")
    kind: Literal["rendered", "real"]
    first: int | None = Field(default=None, ge=1)
    """Only so many of them."""
    without: tuple[str, ...] = ()
    """File names of pictures that are left out, because their labels are wrong for us."""
    weight: float = Field(default=1.0, gt=0, le=100)
    """How often its pictures are drawn, against other pictures of the same kind."""
    unjudged: tuple[str, ...] = ()
    """Classes that its labels leave out: finding one there is neither right nor wrong."""
    validate_every: int = Field(default=0, ge=0)
    """Every so-manieth picture is not trained on but watches over the training; 0: none."""

    @model_validator(mode="after")
    def _knows_its_classes(self) -> Self:
        unknown = sorted(set(self.unjudged) - set(CLASSES))
        if unknown:
            raise ValueError(f"unjudged names unknown classes: {', '.join(unknown)}")
        return self


class HoldOut(Settings):
    """Pictures that no model may be trained on."""

    root: Root
    match: str = Field(min_length=1)
    """Pattern for the path below the root, or for any one part of it."""
    last: int | None = Field(default=None, ge=1)
    """Only so many, the last by name."""


class ReportPictures(LabelledPictures):
    """Labelled pictures that figures are reported on."""

    last: int | None = Field(default=None, ge=1)
    """Only so many, the last by name."""


class Negative(Settings):
    """Footage of a street where nothing was put down: every goods, table or stall in it is false."""

    root: Root
    path: Path
    every_s: float = Field(default=1.0, gt=0, le=600)
    """Seconds from one picture to the next."""


class Check(Settings):
    """What ``doorline models check`` measures on."""

    streets: ReportPictures | None = None
    """Rendered pictures of streets that no model was trained on."""
    real: ReportPictures | None = None
    """Real pictures that no model was trained on; the base model is measured on them too."""
    negatives: tuple[Negative, ...] = ()
    min_confidence: Share = 0.25
    """From where on the product believes a detection."""


class Phase(Settings):
    """A stretch of training with one set of frozen layers."""

    epochs: int = Field(ge=1, le=1000)
    freeze: int = Field(ge=0, le=22)
    """Layers that keep their weights, counted from the input; 10 = the whole backbone of a YOLOv8."""
    learning_rate: float = Field(gt=0, le=0.1)
    close_mosaic: int = Field(default=0, ge=0)
    """So many epochs at the end see whole pictures instead of four joined to one."""
    image_size: int | None = Field(default=None, ge=160, le=1280, multiple_of=32)
    """In place of the recipe's: a first phase in small pictures learns nearly as much in half the time."""
    hide: Share = 0.0
    """Share of the pictures in which something is drawn before one to three things."""
    closer: Share = 0.0
    """Share of the pictures that are four closer looks, as the product takes them before it reports a thing."""
    real_share: float | None = Field(default=None, ge=0, lt=1)
    """In place of the recipe's."""
    remember: float | None = Field(default=None, ge=0, le=10)
    """In place of the recipe's."""


class Augmentation(Settings):
    """How pictures are changed before each use: shares of pictures, or strengths as ultralytics names them."""

    mosaic: Share = 0.6
    hsv_h: Share = 0.015
    hsv_s: Share = 0.5
    hsv_v: Share = 0.5
    scale: Share = 0.4
    translate: Share = 0.1
    degrees: float = Field(default=0.0, ge=0, le=45)
    """Turned by up to so much."""
    shear: float = Field(default=0.0, ge=0, le=30)
    """Slanted by up to so many degrees: things of other proportions."""
    flip: Share = 0.5
    infrared: Share = 0.12
    """Grey, with another contrast, as a camera sees under its infrared lamp."""
    blur: Share = 0.12
    noise: Share = 0.2
    jpeg: Share = 0.3
    h264: Share = 0.0
    """As a key frame of a camera with few bits to spend."""
    erase: Share = 0.15
    """A grey block somewhere: things are hidden by other things."""


class Recipe(Settings):
    """All that a training depends on, but for the pictures themselves."""

    name: str = Field(pattern=r"^[\w.\-]+$")
    title: str = Field(min_length=1)
    base: BaseWeights
    image_size: int = Field(default=640, ge=160, le=1280, multiple_of=32)
    """Longest side that the network sees, pixels."""
    batch: int = Field(default=16, ge=2, le=256)
    seed: int = Field(default=0, ge=0)
    real_share: float = Field(default=0.3, ge=0, lt=1)
    """Least share of real pictures in every epoch, reached by drawing them repeatedly."""
    epoch_pictures: int | None = Field(default=None, ge=2)
    """Pictures of one epoch; left out: each rendered picture once, with real ones added."""
    smallest_px: float = Field(default=8.0, ge=2)
    """Things smaller than this at the network's input are neither learnt nor held against it."""
    phases: tuple[Phase, ...] = Field(min_length=1)
    blend: float = Field(default=1.0, gt=0, le=1)
    """Share of the trained weights in what is kept; the rest is COCO's, which knows more of the real world. 1: the trained ones alone."""
    remember: float = Field(default=0.0, ge=0, le=10)
    """How much the opinions of COCO's detector count beside the labels, lest they be forgotten; 0: not at all."""
    average: int = Field(default=1, ge=1)
    """The mean of the best weights of so many phases, the last ones, is kept."""
    recall: Mapping[str, Share] = Field(default_factory=dict)
    """Class -> share of COCO's own opinion in what is kept, read from the trained features; ``remember`` keeps it readable there."""
    augmentation: Augmentation = Augmentation()
    sources: tuple[Source, ...] = Field(min_length=1)
    hold_out: tuple[HoldOut, ...] = ()
    min_confidence: Mapping[str, Share] = Field(default_factory=dict)
    """Class -> confidence below which the product ignores it, where it needs more than the settings ask of all: for the card."""
    check: Check = Check()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.average > len(self.phases):
            raise ValueError(f"average: expected at most the {len(self.phases)} phases, found {self.average}")
        names = [source.name for source in self.sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"several sources are called {', '.join(twice)}")
        for setting, known in (("min_confidence", set(CLASSES)), ("recall", set(COCO_CLASSES.values()))):
            unknown = sorted(set(getattr(self, setting)) - known)
            if unknown:
                raise ValueError(f"{setting} names unknown classes: {', '.join(unknown)}; expected {', '.join(sorted(known))}")
        return self


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe. Raises ConfigError or FaultsError with one line per fault."""
    file = read_yaml(path)
    try:
        return Recipe.model_validate(file.data)
    except ValidationError as err:
        faults = (fault_line(file.where(tuple(item["loc"])), str(item["msg"]).removeprefix("Value error, ")) for item in err.errors())
        raise FaultsError("recipe refused", tuple(faults)) from None


def root_of(root: Root, roots: Roots) -> Path:
    """Where a root lies. ConfigError where it was not given or is no folder."""
    folder = roots.get(root)
    if folder is None or not folder.is_dir():
        raise ConfigError("folder is missing", where=f"--{root}", expected="a folder", found=str(folder) if folder else "nothing given")
    return folder


def pictures_of(source: Source, roots: Roots) -> tuple[Path, ...]:
    """The pictures that a source names, by name. ConfigError where there is none."""
    folder = root_of(source.root, roots)
    named = sorted(path for path in folder.glob(source.images) if path.is_file())[: source.first]
    if strange := sorted(set(source.without) - {path.name for path in named}):
        raise ConfigError("source leaves out pictures that it has not", where=f"source {source.name}", found=", ".join(strange))
    found = tuple(path for path in named if path.name not in source.without)
    if not found:
        raise ConfigError("source has no pictures", where=f"source {source.name}", expected=str(folder / source.images))
    return found


def folder_of(source: LabelledPictures, roots: Roots) -> Path:
    """What all its pictures lie below: the root and the part of the pattern before the first wildcard."""
    fixed = takewhile(lambda part: not set(part) & set("*?["), PurePosixPath(source.images).parent.parts)
    return root_of(source.root, roots).joinpath(*fixed)


def refuse_held_out(recipe: Recipe, source: Source, pictures: Iterable[Path], roots: Roots) -> None:
    """Raise FaultsError if any of these pictures is held out: by its path, or because it is a copy of one that is."""
    faults = []
    copies = _held_out_contents(recipe, roots)
    folder = root_of(source.root, roots)
    for path in pictures:
        below = path.relative_to(folder).as_posix()
        by_name = [rule.match for rule in recipe.hold_out if rule.last is None and rule.root is source.root and _matches(below, rule.match)]
        if by_name:
            faults.append(fault_line(f"source {source.name}: {below}", "picture is held out", expected=f"nothing like {by_name[0]!r}"))
        elif copies and (original := copies.get(_digest(path))):
            faults.append(fault_line(f"source {source.name}: {below}", "picture is held out", found=f"the same as {original}"))
    if faults:
        raise FaultsError("training refused", tuple(faults))


def held_out_pictures(rule: HoldOut, roots: Roots) -> tuple[Path, ...]:
    """The pictures that a hold-out names, where its root is given; else none."""
    folder = roots.get(rule.root)
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted(folder.glob(rule.match)))[-rule.last :] if rule.last else tuple(sorted(folder.glob(rule.match)))


def _held_out_contents(recipe: Recipe, roots: Roots) -> dict[str, str]:
    rules = [rule for rule in recipe.hold_out if rule.last is not None]
    return {_digest(path): path.name for rule in rules for path in held_out_pictures(rule, roots)}


def _matches(below: str, pattern: str) -> bool:
    return fnmatchcase(below, pattern) or any(fnmatchcase(part, pattern) for part in below.split("/"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
