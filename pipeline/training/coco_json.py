"""Labels in COCO's form: one JSON file with ``images``, ``annotations`` (boxes in pixels) and ``categories`` (by name)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, NoReturn, TypeAlias

from PIL import ExifTags, UnidentifiedImageError
from PIL import Image as PillowImage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import FaultsError, fault_line
from pipeline.training.classes import CLASSES
from pipeline.training.labels import ANY_CLASS, LabelledBox, Labels, refuse_faults

SUFFIX = ".json"

ClassMapping: TypeAlias = Mapping[str, str | None]
"""Category -> class of ours, or None for what is background to us. ANY_CLASS stands for every category that is not named."""

_HINT = "Format: docs/training.md"
_LONGEST_SHOWN = 60
_Id: TypeAlias = int | str
_Pixels = Annotated[int, Field(ge=1)]


class _Part(BaseModel):
    """COCO's files hold much that labels do not need: other keys are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class _Image(_Part):
    id: _Id
    file_name: Annotated[str, Field(min_length=1)]
    width: _Pixels
    height: _Pixels


class _Annotation(_Part):
    image_id: _Id
    category_id: _Id
    bbox: tuple[float, float, float, float]
    """Left, top, width, height; pixels."""
    iscrowd: bool = False
    ignore: bool = False


class _Category(_Part):
    id: _Id
    name: str


class _File(_Part):
    images: tuple[_Image, ...]
    annotations: tuple[_Annotation, ...]
    categories: tuple[_Category, ...]


class CocoLabels:
    """The labels of one file, checked as a whole when it is read."""

    def __init__(self, path: Path, folder: Path, classes: ClassMapping) -> None:
        """Read the file.

        Args:
            path: the JSON file.
            folder: what its ``file_name`` is seen from.
            classes: for categories that are not called as our class is.

        Raises FaultsError with one line per fault; of many, the first ones.
        """
        self._path, self._folder = path, folder
        file = _parsed(path)
        faults: list[str] = []
        kinds = _kinds(path, file.categories, classes, faults)
        images = _once(path, "images", "id", [image.id for image in file.images], faults)
        _once(path, "categories", "id", [category.id for category in file.categories], faults)
        names = _once(path, "images", "file_name", [_plain(image.file_name) for image in file.images], faults)
        self._images = {str(name): file.images[at] for name, at in names.items()}
        self._labels = _by_image(path, file, images, kinds, faults)
        refuse_faults(faults)

    def labels_of(self, picture: Path, faults: list[str]) -> Labels:
        """See LabelReader. A picture that the file does not name was not labelled: a fault, not an empty street."""
        name = picture.relative_to(self._folder).as_posix() if picture.is_relative_to(self._folder) else picture.as_posix()
        image = self._images.get(name)
        if image is None:
            known = f"file names such as {next(iter(self._images))!r}" if self._images else "no images"
            faults.append(fault_line(f"{self._path}: images", "a picture has no labels", expected=f"a file_name {name!r}", found=known))
            return Labels()
        size = _size_of(picture)
        if size is not None and size != (image.width, image.height):
            found = f"{image.width}x{image.height} in {self._path.name}"
            faults.append(
                fault_line(str(picture), "picture has another size than its labels", expected=f"{size[0]}x{size[1]}", found=found)
            )
        return self._labels.get(image.id, Labels())


def box_in_fractions(bbox: Sequence[float], width: int, height: int) -> tuple[float, float, float, float]:
    """Left, top, width, height in pixels -> centre x and y, width, height as fractions; what lies outside the picture is cut off.

    Raises ValueError where nothing is left.
    """
    left, top, wide, high = bbox
    if wide <= 0 or high <= 0:
        raise ValueError("box has no size")
    x_min, x_max = (min(max(x / width, 0.0), 1.0) for x in (left, left + wide))
    y_min, y_max = (min(max(y / height, 0.0), 1.0) for y in (top, top + high))
    if x_max <= x_min or y_max <= y_min:
        raise ValueError("box lies outside the picture")
    return (x_min + x_max) / 2, (y_min + y_max) / 2, x_max - x_min, y_max - y_min


def _parsed(path: Path) -> _File:
    data = _read(path)
    if not isinstance(data, dict):
        raise _fault(
            path, "(whole file)", "not COCO labels", expected="an object with images, annotations and categories", found=_shown(data)
        )
    try:
        return _File.model_validate(data)
    except ValidationError as err:
        faults = [_structure_fault(path, item) for item in err.errors(include_url=False)]
        refuse_faults(list(dict.fromkeys(faults)))
        raise


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_number)
    except OSError as err:
        raise _fault(path, "(whole file)", "cannot read labels", found=err.strerror or str(err)) from err
    except UnicodeDecodeError as err:
        raise _fault(path, "(whole file)", "cannot read labels", expected="UTF-8", found="other bytes", hint="Save it as UTF-8") from err
    except json.JSONDecodeError as err:
        raise _fault(path, f"line {err.lineno}, column {err.colno}", "not valid JSON", found=err.msg) from err
    except (ValueError, RecursionError) as err:
        raise _fault(path, "(whole file)", "not valid JSON", found=str(err)) from err


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _structure_fault(path: Path, item: Any) -> str:
    """One pydantic error as one line."""
    at = [part for part in item["loc"] if part not in {"int", "str"}]  # of an id, both kinds are told otherwise
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at).removeprefix(".")
    if item["type"] == "missing":
        return fault_line(f"{path}: {place}", "is missing", hint=_HINT)
    if at[-1] in {"id", "image_id", "category_id"}:
        return fault_line(f"{path}: {place}", "not an id", expected="a number or a text", found=_shown(item["input"]))
    return fault_line(f"{path}: {place}", str(item["msg"]).replace("valid tuple", "list"), found=_shown(item["input"]))


def _kinds(path: Path, categories: Iterable[_Category], classes: ClassMapping, faults: list[str]) -> dict[_Id, int | None]:
    """Category id -> number of our class; None: background."""
    kinds: dict[_Id, int | None] = {}
    unknown: list[str] = []
    for category in categories:
        if category.name in classes:
            ours = classes[category.name]
            kinds[category.id] = None if ours is None else CLASSES.index(ours)
        elif category.name in CLASSES:
            kinds[category.id] = CLASSES.index(category.name)
        else:
            kinds[category.id] = None
            unknown += [] if ANY_CLASS in classes else [category.name]
    if unknown:
        hint = "Say under classes, in the recipe, what each of them is to us; null: background"
        faults.append(
            fault_line(f"{path}: categories", "unknown categories", expected=", ".join(CLASSES), found=", ".join(unknown), hint=hint)
        )
    absent = sorted(set(classes) - {ANY_CLASS} - {category.name for category in categories})
    if absent:
        there = ", ".join(category.name for category in categories) or "none"
        faults.append(
            fault_line(f"{path}: categories", f"no category is called {', '.join(absent)}", found=there, hint="See classes in the recipe")
        )
    return kinds


def _by_image(path: Path, file: _File, images: Mapping[_Id, int], kinds: Mapping[_Id, int | None], faults: list[str]) -> dict[_Id, Labels]:
    """Image id -> what it shows."""
    things: defaultdict[_Id, list[LabelledBox]] = defaultdict(list)
    ignored: defaultdict[_Id, list[LabelledBox]] = defaultdict(list)
    for number, one in enumerate(file.annotations):
        where = f"{path}: annotations[{number}]"
        if one.image_id not in images:
            faults.append(fault_line(f"{where}.image_id", "no such image", found=_shown(one.image_id)))
        elif one.category_id not in kinds:
            faults.append(fault_line(f"{where}.category_id", "no such category", found=_shown(one.category_id)))
        else:
            image, kind = file.images[images[one.image_id]], kinds[one.category_id]
            try:
                box = box_in_fractions(one.bbox, image.width, image.height)
            except ValueError as err:
                expected = f"left, top, width, height in a picture of {image.width}x{image.height} pixels"
                faults.append(fault_line(f"{where}.bbox", str(err), expected=expected, found=_shown(one.bbox)))
                continue
            if kind is not None:
                (ignored if one.iscrowd or one.ignore else things)[one.image_id].append(LabelledBox(kind, box))
    return {image.id: Labels(tuple(things[image.id]), tuple(ignored[image.id])) for image in file.images}


def _once(path: Path, part: str, key: str, values: Sequence[_Id], faults: list[str]) -> dict[_Id, int]:
    """Value -> position; a value that comes again is a fault."""
    positions: dict[_Id, int] = {}
    for at, value in enumerate(values):
        if value in positions:
            found = f"{_shown(value)}, as in {part}[{positions[value]}]"
            faults.append(fault_line(f"{path}: {part}[{at}].{key}", "given twice", found=found))
        positions.setdefault(value, at)
    return positions


def _plain(file_name: str) -> str:
    """``.\\a\\b.jpg`` -> ``a/b.jpg``."""
    return PurePosixPath(file_name.replace("\\", "/")).as_posix()


def _size_of(picture: Path) -> tuple[int, int] | None:
    """Width and height as it is shown, pixels; None for a file that can't be read: training tells of it."""
    try:
        with PillowImage.open(picture) as image:
            lies = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
            return (image.height, image.width) if lies else image.size
    except (OSError, UnidentifiedImageError):
        return None


def _fault(path: Path, place: str, what: str, *, expected: str = "", found: str = "", hint: str = "") -> FaultsError:
    return FaultsError("labels refused", (fault_line(f"{path}: {place}", what, expected=expected, found=found, hint=hint),))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, list | tuple) and len(shown) > _LONGEST_SHOWN:
        return f"a list of {len(value)}"
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
