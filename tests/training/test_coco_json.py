"""Labels in COCO's form: the same boxes as in YOLO's form, and one clear line for everything that is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from pipeline.errors import ConfigError, FaultsError
from pipeline.training.check import report_pictures
from pipeline.training.classes import CLASSES
from pipeline.training.coco_json import ClassMapping, CocoLabels, box_in_fractions
from pipeline.training.labels import LabelledBox, Labels, YoloLabels
from pipeline.training.pictures import collect_pictures
from pipeline.training.recipe import ReportPictures, Root, load_recipe
from pipeline.training.train import train
from tests.training.toys import write_pictures, write_recipe

Box: TypeAlias = tuple[float, float, float, float]
GOODS, CHAIR, VEHICLE = (CLASSES.index(name) for name in ("goods", "chair", "vehicle"))
WIDE, HIGH = 96, 72
sides = st.tuples(st.floats(0, 0.99), st.floats(0.01, 1)).map(lambda pair: (pair[0], min(pair[1], 1 - pair[0])))
boxes = st.tuples(sides, sides).map(lambda pair: (pair[0][0] + pair[0][1] / 2, pair[1][0] + pair[1][1] / 2, pair[0][1], pair[1][1]))
sizes = st.integers(1, 5000)


def in_pixels(box: Box, width: int, height: int) -> list[float]:
    """As a program that writes COCO's form has it."""
    x, y, wide, high = box
    return [(x - wide / 2) * width, (y - high / 2) * height, wide * width, high * height]


def coco(
    *annotations: dict[str, Any], categories: tuple[str, ...] = ("goods", "person"), names: tuple[str, ...] = ("a.jpg",)
) -> dict[str, Any]:
    """A whole file; annotations are of the first image and category unless they say otherwise. Categories count from 1, images from 10."""
    return {
        "info": {"description": "exported"},
        "images": [{"id": 10 + at, "file_name": name, "width": WIDE, "height": HIGH, "license": 1} for at, name in enumerate(names)],
        "annotations": [
            {"id": at, "image_id": 10, "category_id": 1, "bbox": [24, 18, 48, 36], "area": 1.0} | one for at, one in enumerate(annotations)
        ],
        "categories": [{"id": at, "name": name, "supercategory": ""} for at, name in enumerate(categories, 1)],
    }


def reader(folder: Path, content: Any, classes: ClassMapping | None = None) -> CocoLabels:
    path = folder / "labels.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return CocoLabels(path, folder / "images", classes or {})


def read(folder: Path, content: Any, classes: ClassMapping | None = None) -> Labels:
    faults: list[str] = []
    found = reader(folder, content, classes).labels_of(folder / "images/a.jpg", faults)
    assert not faults
    return found


def write_picture(path: Path, width: int = WIDE, height: int = HIGH, **more: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    PillowImage.new("RGB", (width, height)).save(path, **more)


@settings(deadline=None)
@given(box=boxes, width=sizes, height=sizes)
def test_a_box_there_and_back_is_the_same_box(box: Box, width: int, height: int) -> None:
    assert box_in_fractions(in_pixels(box, width, height), width, height) == pytest.approx(box, abs=1e-9)


@settings(deadline=None)
@given(
    box=st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(0.5, 400), st.floats(0.5, 400)),
    width=st.integers(50, 200),
    height=st.integers(50, 200),
)
def test_what_lies_outside_is_cut_off_and_nothing_else(box: Box, width: int, height: int) -> None:
    left, top, wide, high = box
    inside = [min(left + wide, width) - max(left, 0), min(top + high, height) - max(top, 0)]
    if min(inside) <= 1e-9:
        if min(inside) < 0:
            with pytest.raises(ValueError, match="outside the picture"):
                box_in_fractions(box, width, height)
        return
    x, y, w, h = box_in_fractions(box, width, height)
    assert (w * width, h * height) == pytest.approx(inside, abs=1e-6)
    assert min(x - w / 2, y - h / 2) >= -1e-12
    assert max(x + w / 2, y + h / 2) <= 1 + 1e-12
    assert (x - w / 2) * width == pytest.approx(max(left, 0), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(things=st.lists(st.tuples(st.integers(0, len(CLASSES) - 1), boxes), max_size=8))
def test_both_forms_tell_the_same(things: list[tuple[int, Box]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "labels").mkdir()
        (folder / "labels/a.txt").write_text("".join(f"{kind} {' '.join(map(repr, box))}\n" for kind, box in things))
        of_yolo = YoloLabels("street").labels_of(folder / "images/a.jpg", [])
        rows = [{"category_id": kind + 1, "bbox": in_pixels(box, WIDE, HIGH)} for kind, box in things]
        of_coco = read(folder, coco(*rows, categories=CLASSES))
    assert [thing.cls for thing in of_coco.things] == [thing.cls for thing in of_yolo.things]
    for ours, theirs in zip(of_coco.things, of_yolo.things, strict=True):
        assert ours.box == pytest.approx(theirs.box, abs=1e-9)
    assert of_coco.ignored == of_yolo.ignored == ()


def test_crowds_and_what_is_to_be_ignored_are_ignored_regions_of_their_class(tmp_path: Path) -> None:
    found = read(tmp_path, coco({"iscrowd": 1}, {}, {"ignore": 1, "category_id": 2}, {"iscrowd": 0, "ignore": False}))
    assert found.things == (LabelledBox(GOODS, (0.5, 0.5, 0.5, 0.5)),) * 2
    assert [box.cls for box in found.ignored] == [GOODS, CLASSES.index("person")]


def test_categories_become_our_classes_by_the_mapping_or_by_their_name(tmp_path: Path) -> None:
    rows = [{"category_id": number} for number in (1, 2, 3, 4)] + [{"category_id": 4, "iscrowd": 1}]
    content = coco(*rows, categories=("fruit crate", "chair", "van", "lamp"))
    found = read(tmp_path, content, {"fruit crate": "goods", "van": "vehicle", "lamp": None})
    assert [thing.cls for thing in found.things] == [GOODS, CHAIR, VEHICLE]
    assert found.ignored == ()
    assert [thing.cls for thing in read(tmp_path, content, {"*": None}).things] == [CHAIR]
    assert [thing.cls for thing in read(tmp_path, content, {"*": None, "chair": "table"}).things] == [CLASSES.index("table")]


def test_unknown_categories_are_named_unless_they_are_mapped(tmp_path: Path) -> None:
    content = coco(categories=("goods", "lamp", "bin", "van"))
    with pytest.raises(FaultsError) as refused:
        reader(tmp_path, content, {"van": "vehicle", "crate": "goods"})
    assert refused.value.faults == (
        f"{tmp_path}/labels.json: categories: unknown categories; expected {', '.join(CLASSES)}; found lamp, bin. "
        "Say under classes, in the recipe, what each of them is to us; null: background",
        f"{tmp_path}/labels.json: categories: no category is called crate; found goods, lamp, bin, van. See classes in the recipe",
    )


BROKEN: list[tuple[Any, str]] = [
    ('{"images": [', "line 1, column 13: not valid JSON; found Expecting value"),
    ('{"images": NaN}', "(whole file): not valid JSON; found NaN is no number"),
    ("[1, 2]", "(whole file): not COCO labels; expected an object with images, annotations and categories; found [1, 2]"),
    ({"images": [], "categories": []}, "annotations: is missing. Format: docs/training.md"),
    (coco() | {"images": {}}, "images: Input should be a list; found an object"),
    (coco({"bbox": None}), "annotations[0].bbox: Input should be a list; found null"),
    (coco({}, {"bbox": [1, 2, 3]}), "annotations[1].bbox[3]: is missing"),
    (coco({"bbox": [1, 2, 3, "wide"]}), "annotations[0].bbox[3]: Input should be a valid number"),
    (coco({"bbox": [1, 2, 0, 9]}), "annotations[0].bbox: box has no size; expected left, top, width, height in a picture of 96x72 pixels"),
    (coco({"bbox": [96, 2, 5, 9]}), "annotations[0].bbox: box lies outside the picture"),
    (coco({"image_id": 11}), "annotations[0].image_id: no such image; found 11"),
    (coco({"image_id": None}), "annotations[0].image_id: not an id; expected a number or a text; found null"),
    (coco({"category_id": "1"}), 'annotations[0].category_id: no such category; found "1"'),
    (coco(names=("a.jpg", "./a.jpg")), 'images[1].file_name: given twice; found "a.jpg", as in images[0]'),
    (coco() | {"images": coco()["images"] * 2}, "images[1].id: given twice; found 10, as in images[0]"),
    (coco() | {"categories": coco()["categories"] * 2}, "categories[2].id: given twice; found 1, as in categories[0]"),
    (coco() | {"images": [{"id": 1, "file_name": "a.jpg", "width": 0, "height": 5}]}, "images[0].width: Input should be greater"),
]


@pytest.mark.parametrize(("content", "fault"), BROKEN, ids=[fault[:40] for _, fault in BROKEN])
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, content: Any, fault: str) -> None:
    with pytest.raises(FaultsError) as refused:
        reader(tmp_path, content)
    assert refused.value.faults[0].startswith(f"{tmp_path}/labels.json: {fault}")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"labels\.json: \(whole file\): cannot read labels; found No such file"):
        CocoLabels(tmp_path / "labels.json", tmp_path, {})
    (tmp_path / "labels.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ConfigError, match="expected UTF-8"):
        CocoLabels(tmp_path / "labels.json", tmp_path, {})


def test_of_a_million_faults_the_first_are_told(tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as refused:
        reader(tmp_path, coco(*[{"image_id": 99}] * 500))
    assert len(refused.value.faults) == 21
    assert refused.value.faults[-1] == "and 480 more"


def test_a_picture_that_nobody_labelled_is_a_fault_and_one_without_things_is_not(tmp_path: Path) -> None:
    labels = reader(tmp_path, coco({}, names=("a.jpg", "sub\\b.jpg")))
    faults: list[str] = []
    assert labels.labels_of(tmp_path / "images/sub/b.jpg", faults) == Labels()
    assert not faults
    labels.labels_of(tmp_path / "images/b.jpg", faults)
    assert faults == [
        f"{tmp_path}/labels.json: images: a picture has no labels; expected a file_name 'b.jpg'; found file names such as 'a.jpg'"
    ]


@pytest.mark.parametrize(
    ("size", "orientation", "right"),
    [((WIDE, HIGH), 1, True), ((HIGH, WIDE), 1, False), ((HIGH, WIDE), 6, True), ((WIDE // 2, HIGH // 2), 1, False)],
)
def test_labels_of_another_size_are_told(tmp_path: Path, size: tuple[int, int], orientation: int, right: bool) -> None:
    exif = PillowImage.Exif()
    exif[0x0112] = orientation
    write_picture(tmp_path / "images/a.jpg", *size, exif=exif)
    faults: list[str] = []
    reader(tmp_path, coco({})).labels_of(tmp_path / "images/a.jpg", faults)
    assert right is not bool(faults)
    assert right or "picture has another size than its labels" in faults[0]


def shop(folder: Path) -> dict[Root, Path]:
    """Real pictures in two folders below ``real/shop``, labelled by one JSON file."""
    roots = write_pictures(folder)
    names = ("north/1.jpg", "south/2.jpg")
    for number, name in enumerate(names):
        write_picture(roots[Root.REAL] / "shop" / name)
        image = np.full((HIGH, WIDE, 3), 60 + number, np.uint8)
        PillowImage.fromarray(image).save(roots[Root.REAL] / "shop" / name)
    rows = [{"category_id": 1}, {"image_id": 11, "category_id": 2}, {"image_id": 11, "category_id": 1, "iscrowd": 1}]
    (roots[Root.REAL] / "shop.json").write_text(json.dumps(coco(*rows, categories=("crate", "lamp"), names=names)))
    return roots


def with_shop(folder: Path, more: str = "classes: {crate: goods, lamp: null}") -> Path:
    recipe = write_recipe(folder)
    source = f'  - {{name: shop, root: real, images: "shop/*/*.jpg", kind: real, labels: shop.json, {more}}}\n'
    recipe.write_text(recipe.read_text().replace("hold_out:\n", f"{source}hold_out:\n"))
    return recipe


def test_a_recipe_trains_on_a_source_in_cocos_form(tmp_path: Path) -> None:
    roots = shop(tmp_path)
    recipe = load_recipe(with_shop(tmp_path))
    pictures = [picture for picture in collect_pictures(recipe, roots).training if "shop" in picture.path.parts]
    assert [[box.cls for box in picture.boxes] for picture in pictures] == [[GOODS], []]
    assert [[box.cls for box in picture.ignored] for picture in pictures] == [[], [GOODS]]
    assert all(picture.real for picture in pictures)
    reported = ReportPictures(root=Root.REAL, images="shop/*/*.jpg", labels="shop.json", classes={"crate": "goods", "lamp": None})
    assert [picture.boxes for picture in report_pictures(reported, roots)] == [picture.boxes for picture in pictures]


def test_held_out_pictures_are_refused_in_cocos_form_too(tmp_path: Path) -> None:
    roots = shop(tmp_path)
    recipe = with_shop(tmp_path)
    recipe.write_text(recipe.read_text().replace("hold_out:\n", 'hold_out:\n  - {root: real, match: "south"}\n'))
    with pytest.raises(FaultsError, match="training refused") as refused:
        collect_pictures(load_recipe(recipe), roots)
    assert refused.value.faults[0].startswith("source shop: shop/south/2.jpg: picture is held out")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("labels: shop.xml", "no form of labels: 'shop.xml'; expected street, coco or the path of a .json file in COCO's form"),
        ("labels: coco, classes: {crate: goods}", "classes is for labels in a .json file; found labels: coco"),
        ("labels: a.json, classes: {crate: box}", "classes names unknown classes: box; expected person, goods"),
        ('labels: a.json, classes: {"*": goods}', 'classes: "*" may only be null'),
    ],
)
def test_a_recipe_with_labels_of_no_form_is_refused(tmp_path: Path, more: str, fault: str) -> None:
    recipe = with_shop(tmp_path, more)
    recipe.write_text(recipe.read_text().replace("labels: shop.json, ", ""))
    with pytest.raises(FaultsError) as refused:
        load_recipe(recipe)
    assert fault in refused.value.faults[0]


def test_a_training_that_an_earlier_version_began_goes_on(tmp_path: Path) -> None:
    """Its state lacks settings that are new since then. Past the state, this one fails for want of pictures."""
    recipe = load_recipe(write_recipe(tmp_path))
    (tmp_path / "real").mkdir()
    state = recipe.model_dump(mode="json")
    del state["sources"][0]["classes"]
    (tmp_path / "training.json").write_text(json.dumps(state))
    with pytest.raises(ConfigError, match="--pictures: folder is missing"):
        train(recipe, {Root.REAL: tmp_path / "real"}, tmp_path, resume=True)
    (tmp_path / "training.json").write_text(json.dumps(state | {"batch": 8}))
    with pytest.raises(ConfigError, match="begun with another recipe"):
        train(recipe, {Root.REAL: tmp_path / "real"}, tmp_path, resume=True)
