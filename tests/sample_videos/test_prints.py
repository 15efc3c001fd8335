"""Pictures printed on things."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from sample_videos.generator import fonts, prints
from sample_videos.generator.prints import FAMILIES, make_prints, print_names

pytestmark = pytest.mark.skipif(not fonts.are_there(), reason="run python -m sample_videos.generator.assets first")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_prints(tmp_path_factory.mktemp("prints"))


def test_every_print_is_painted_and_no_two_are_equal(folder: Path) -> None:
    found = {path.stem: path.read_bytes() for path in folder.iterdir()}
    assert set(found) == set(print_names())
    assert len(set(found.values())) == len(found)


def test_the_same_prints_come_out_again(folder: Path, tmp_path: Path) -> None:
    for name in ("carton_3", "cloth_1"):
        first = np.asarray(Image.open(folder / f"{name}.png"))
        (folder / f"{name}.png").unlink()
        make_prints(folder)
        assert np.array_equal(first, np.asarray(Image.open(folder / f"{name}.png")))


def test_what_is_there_is_left_alone(folder: Path) -> None:
    path = folder / "kraft.png"
    before = path.stat().st_mtime_ns
    make_prints(folder)
    assert path.stat().st_mtime_ns == before


def test_a_line_that_is_too_long_gets_smaller_and_stays_inside() -> None:
    picture = Image.new("L", (120, 60), 0)
    prints.words(ImageDraw.Draw(picture), (60, 30), "一二三四五六七八九十", "white", 100, 50)
    columns = np.flatnonzero(np.asarray(picture).max(0))
    assert columns.min() >= 8
    assert columns.max() <= 112


def test_leaves_are_cut_out(folder: Path) -> None:
    for index in range(FAMILIES["leaves"][1]):
        alpha = np.asarray(Image.open(folder / f"leaves_{index}.png").convert("RGBA"))[..., 3]
        assert 0.2 < (alpha > 0).mean() < 0.8
