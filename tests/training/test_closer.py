"""Closer looks to train on are those that the product takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors.tiles import close_window
from pipeline.training.augment import as_key_frame
from pipeline.training.closer import Labelled, closer_look, four_closer_looks
from pipeline.types import BoundingBox, Image

CLASSES = 10
SIZE = 640


def same(image: Image) -> Image:
    return image


def a_picture(boxes: list[list[float]], kinds: list[int], size: tuple[int, int] = (360, 640)) -> Labelled:
    """Grey, but each thing is of a shade of its own."""
    image = np.full((*size, 3), 100, np.uint8)
    for number, (left, top, right, bottom) in enumerate(boxes):
        image[round(top) : round(bottom), round(left) : round(right)] = 150 + 20 * (number % 5)
    return Labelled(image, np.array(boxes, np.float32).reshape(-1, 4), np.array(kinds, np.int64))


def place(box: list[float]) -> BoundingBox:
    return BoundingBox(box[0] / 640, box[1] / 360, box[2] / 640, box[3] / 360)


def test_it_shows_what_the_product_enlarges() -> None:
    box = [300.0, 200.0, 340.0, 260.0]
    look = closer_look(a_picture([box], [7]), place(box), CLASSES, 320, same)
    window = close_window(place(box), 640, 360)
    assert look.image.shape == (320, 320, 3)
    assert look.boxes[0] == pytest.approx((np.array(box) - [window.left, window.top] * 2) * window.scale, abs=0.01)
    assert look.kinds.tolist() == [7]
    left, top, right, bottom = look.boxes[0].round().astype(int)
    assert (look.image[top + 4 : bottom - 4, left + 4 : right - 4] == 150).all()
    assert (look.image[: top - 4] == 100).all()


def test_small_things_are_not_enlarged_beyond_what_the_product_does() -> None:
    look = closer_look(a_picture([[50, 50, 60, 58]], [1]), place([50, 50, 60, 58]), CLASSES, 320, same)
    assert look.boxes[0][2] - look.boxes[0][0] == pytest.approx(50)


@pytest.mark.parametrize(("right", "judged"), [(330.0, True), (460.0, False)], ids=["half of it", "a tenth"])
def test_a_piece_of_a_thing_is_no_thing(right: float, judged: bool) -> None:
    thing, other = [300.0, 100.0, 320.0, 140.0], [320.0, 100.0, right, 140.0]
    look = closer_look(a_picture([thing, other], [3, 4]), place(thing), CLASSES, 320, same)
    assert look.kinds.tolist() == [3, 4 if judged else 4 + CLASSES]
    assert (look.boxes <= 320).all()


def test_what_is_not_in_it_is_left_out() -> None:
    look = closer_look(a_picture([[300, 100, 320, 140], [10, 10, 60, 60]], [3, 4]), place([300, 100, 320, 140]), CLASSES, 320, same)
    assert look.kinds.tolist() == [3]


def test_a_camera_spoils_the_picture_before_it_is_enlarged() -> None:
    seen: list[tuple[int, ...]] = []

    def spoil(image: Image) -> Image:
        seen.append(image.shape)
        return np.zeros_like(image)

    look = closer_look(a_picture([[300, 100, 330, 140]], [3]), place([300, 100, 330, 140]), CLASSES, 320, spoil)
    assert seen == [(120, 120, 3)], "88 pixels and a margin"
    assert not look.image.any()


@given(
    st.lists(
        st.tuples(st.integers(0, 620), st.integers(0, 340), st.integers(1, 300), st.integers(1, 200), st.integers(0, 2 * CLASSES)),
        max_size=6,
    ),
    st.integers(0, 2**32),
)
def test_four_looks_make_a_square_and_every_box_lies_in_its_look(things: list[tuple[int, ...]], seed: int) -> None:
    boxes = [[x, y, min(640, x + w), min(360, y + h)] for x, y, w, h, _ in things]
    picture = a_picture([[float(v) for v in box] for box in boxes], [kind for *_, kind in things])
    joined = four_closer_looks([picture] * 4, CLASSES, SIZE, same, np.random.default_rng(seed))
    assert joined.image.shape == (SIZE, SIZE, 3)
    assert len(joined.boxes) == len(joined.kinds)
    assert ((joined.boxes[:, 2:] - joined.boxes[:, :2]) > 0).all()
    middles = (joined.boxes[:, :2] + joined.boxes[:, 2:]) / 2
    tiles = middles // (SIZE / 2) * (SIZE / 2)
    assert (joined.boxes[:, :2] >= tiles - 0.01).all()
    assert (joined.boxes[:, 2:] <= tiles + SIZE / 2 + 0.01).all()
    again = four_closer_looks([picture] * 4, CLASSES, SIZE, same, np.random.default_rng(seed))
    assert (again.image == joined.image).all()


def test_every_class_is_looked_at_as_often_as_any_other() -> None:
    many = [[20.0 * n, 40.0, 20.0 * n + 10, 55.0] for n in range(20)]
    picture = a_picture([*many, [300, 300, 320, 330]], [0] * 20 + [8])
    rng = np.random.default_rng(1)
    looks = [four_closer_looks([picture] * 4, CLASSES, SIZE, same, rng).kinds for _ in range(60)]
    rare = sum(int((kinds == 8).sum()) for kinds in looks)
    assert 60 <= rare <= 130, "two fifths of 240 looks, and those that come upon it by chance"


@pytest.mark.parametrize("size", [(121, 90), (64, 64), (360, 640)])
def test_a_key_frame_loses_detail_but_is_the_same_picture(size: tuple[int, int]) -> None:
    rows, columns = np.mgrid[: size[0], : size[1]]
    image = np.stack([(rows * 2) % 256, (columns * 2) % 256, (rows + columns) % 256], axis=-1).astype(np.uint8)
    fine, poor = (np.abs(as_key_frame(image, quality).astype(int) - image).mean() for quality in (18, 44))
    assert as_key_frame(image, 30).shape == image.shape
    assert fine < poor < 40
    assert fine < 8
