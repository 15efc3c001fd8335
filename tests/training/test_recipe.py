"""Recipes are read strictly, and no picture that is held out gets past them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, FaultsError
from pipeline.training.pictures import collect_pictures
from pipeline.training.recipe import Root, load_recipe
from tests.training.toys import write_pictures, write_recipe

STREET_N = Path(__file__).parents[2] / "models" / "street-n" / "recipe.yaml"


def test_the_recipe_of_the_street_model_is_valid_and_holds_out_what_figures_are_reported_on() -> None:
    recipe = load_recipe(STREET_N)
    assert recipe.real_share >= 0.3
    held_out = {(rule.match, rule.last) for rule in recipe.hold_out}
    assert {("images/coco_val128/images/*.jpg", 28), ("unseen*", None), ("mei*", None), ("lan*", None)} <= held_out
    assert {path.path.stem for path in recipe.check.negatives} == {"towncentre_a_10s", "vtest", "pedestrian_road_30s"}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("colour: red\n", "recipe.yaml:19: colour: Extra inputs are not permitted"),
        ("real_share: 1.5\n", "real_share: Input should be less than 1"),
        ("min_confidence: {crate: 0.5}\n", "min_confidence names unknown classes: crate"),
        ("average: 9\n", "average: expected at most the"),
        ("recall: {goods: 0.5}\n", "recall names unknown classes: goods; expected canopy, chair, person"),
        ("augmentation: {flip: yes}\n", "augmentation.flip: expected no yes or no"),
    ],
)
def test_faults_name_file_line_and_key(tmp_path: Path, more: str, fault: str) -> None:
    with pytest.raises(FaultsError) as refused:
        load_recipe(write_recipe(tmp_path, more=more))
    assert fault in " ".join(refused.value.faults)


def test_pictures_that_are_held_out_are_refused_by_name(tmp_path: Path) -> None:
    roots = write_pictures(tmp_path)
    write_pictures(tmp_path, rendered=2, street="mei_morning")
    with pytest.raises(FaultsError) as refused:
        collect_pictures(load_recipe(write_recipe(tmp_path)), roots)
    assert len(refused.value.faults) == 2
    assert "rendered/mei_morning/images/000.jpg: picture is held out; expected nothing like 'mei*'" in refused.value.faults[0]


def test_the_last_pictures_by_name_are_refused(tmp_path: Path) -> None:
    roots = write_pictures(tmp_path)
    assert len(collect_pictures(load_recipe(write_recipe(tmp_path, first=4)), roots).training) == 6 + 4
    with pytest.raises(FaultsError) as refused:
        collect_pictures(load_recipe(write_recipe(tmp_path, first=5)), roots)
    assert "people/images/004.jpg: picture is held out" in refused.value.faults[0]


def test_a_copy_under_another_name_is_refused_too(tmp_path: Path) -> None:
    roots = write_pictures(tmp_path)
    shutil.copyfile(roots[Root.REAL] / "people/images/005.jpg", roots[Root.PICTURES] / "rendered/tong/images/harmless.jpg")
    with pytest.raises(FaultsError) as refused:
        collect_pictures(load_recipe(write_recipe(tmp_path)), roots)
    assert "harmless.jpg: picture is held out; found the same as 005.jpg" in refused.value.faults[0]


def test_a_missing_root_and_an_empty_source_are_told(tmp_path: Path) -> None:
    recipe = load_recipe(write_recipe(tmp_path))
    with pytest.raises(ConfigError, match="--pictures: folder is missing"):
        collect_pictures(recipe, {})
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ConfigError, match="source rendered: source has no pictures"):
        collect_pictures(recipe, {Root.PICTURES: tmp_path / "nothing"})
