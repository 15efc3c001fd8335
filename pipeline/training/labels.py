"""What is in a picture, read from the files beside it. Another form of labels is one more LabelReader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from pipeline.errors import FaultsError, fault_line
from pipeline.training.classes import CLASSES, COCO_ALL, COCO_CLASSES, COCO_MAYBE

Numbering: TypeAlias = Literal["street", "coco"]
"""How label files number their classes: as CLASSES or as COCO_ALL."""

ANY_CLASS = "*"
"""In an ``ignored`` file: whatever is found there is neither right nor wrong."""

_MOST_FAULTS = 20
"""A wrong folder or file has as many faults as pictures: the first ones tell enough."""


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """One thing in a picture. ``cls``: number in CLASSES, or None for any class (ignored regions only)."""

    cls: int | None
    box: tuple[float, float, float, float]
    """Centre x and y, width, height; fractions of the picture."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What one picture shows."""

    things: tuple[LabelledBox, ...] = ()
    ignored: tuple[LabelledBox, ...] = ()
    """Too small, too hidden or too uncertain to be learnt or held against anybody."""


class LabelReader(Protocol):
    """Knows the labels of the pictures of one source."""

    def labels_of(self, picture: Path, faults: list[str]) -> Labels:
        """What this picture shows. What is wrong with its labels is added to ``faults``, one line each."""
        ...


class YoloLabels:
    """``.../labels/NAME.txt`` and ``.../ignored/NAME.txt`` beside ``.../images/NAME.jpg``. Without them, nothing is in the picture."""

    def __init__(self, numbering: Numbering) -> None:
        """``ignored`` is numbered as CLASSES in any case: ``doorline models label`` writes it."""
        self._numbering = numbering

    def labels_of(self, picture: Path, faults: list[str]) -> Labels:
        """See LabelReader."""
        path = _beside(picture, "labels")
        things, maybe = read_label_file(path, self._numbering, faults)
        hidden, _ = read_label_file(_beside(picture, "ignored"), "street", faults)
        faults += [fault_line(str(path), f"{ANY_CLASS!r} in labels", expected="a class") for box in things if box.cls is None]
        return Labels(things, (*maybe, *hidden))


def refuse_faults(faults: Sequence[str]) -> None:
    """Raise FaultsError where there are any; of many, it lists the first ones and counts the rest."""
    if faults:
        more = len(faults) - _MOST_FAULTS
        raise FaultsError("labels refused", (*faults[:_MOST_FAULTS], *((f"and {more} more",) if more > 0 else ())))


def _beside(picture: Path, folder: str) -> Path:
    """``.../images/a/NAME.jpg`` -> ``.../labels/a/NAME.txt``; a picture in no such folder has its labels beside it."""
    parts = list(picture.parts)
    if "images" in parts[:-1]:
        parts[len(parts) - 2 - parts[-2::-1].index("images")] = folder
        return Path(*parts).with_suffix(".txt")
    return picture.with_suffix(".txt") if folder == "labels" else picture.with_suffix(f".{folder}.txt")


def read_label_file(path: Path, numbering: Numbering, faults: list[str]) -> tuple[tuple[LabelledBox, ...], tuple[LabelledBox, ...]]:
    """The things of one label file, and those that may or may not be one of ours. No file: nothing. Faults are added to ``faults``."""
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
