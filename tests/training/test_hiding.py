import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.training.hiding import hide_some, seen_part

_PLACES = st.integers(0, 300)
_SIDES = st.integers(1, 200)


def _box(left: int, top: int, width: int, height: int) -> np.ndarray:
    return np.array([left, top, left + width, top + height], dtype=np.float32)


_BOXES = st.builds(_box, _PLACES, _PLACES, _SIDES, _SIDES)


@given(_BOXES, _BOXES)
def test_what_is_left_lies_in_the_box_and_shows_the_share_that_is_said(box: np.ndarray, cover: np.ndarray) -> None:
    left, seen = seen_part(box, cover)
    assert (left[:2] >= box[:2]).all()
    assert (left[2:] <= box[2:]).all()
    picture = np.zeros((520, 520), dtype=bool)
    inside, covered = (tuple(slice(int(b[at]), int(b[at + 2])) for at in (1, 0)) for b in (box, cover))
    picture[inside] = True
    whole = picture.sum()
    picture[covered] = False
    assert seen == pytest.approx(picture.sum() / whole, abs=1e-5)
    if picture.any():
        rows, columns = np.nonzero(picture)
        tight = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        # Never tighter than what is seen; a cover inside the box or at its corner leaves it as it is.
        assert (left[:2] <= tight[:2]).all()
        assert (left[2:] >= tight[2:]).all()


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (_box(0, 150, 300, 100), [100, 100, 200, 150]),
        (_box(0, 50, 300, 70), [100, 120, 200, 200]),
        (_box(50, 90, 80, 200), [130, 100, 200, 200]),
        (_box(170, 90, 80, 200), [100, 100, 170, 200]),
        (_box(140, 0, 20, 300), [100, 100, 200, 200]),
    ],
    ids=["foot", "head", "left", "right", "pole"],
)
def test_a_cover_across_a_whole_side_moves_that_side(cover: np.ndarray, expected: list[float]) -> None:
    left, _ = seen_part(_box(100, 100, 100, 100), cover)
    assert left.tolist() == expected


@given(st.integers(0, 10_000))
def test_some_things_are_hidden_in_part_and_nothing_else_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)
    boxes = np.stack([_box(20, 20, 60, 90), _box(150, 60, 80, 80), _box(260, 200, 12, 30)])
    kinds = np.array([7, 1, 0])
    changed = image.copy()
    left = hide_some(changed, boxes, kinds, 10, rng)
    assert (changed != image).any()
    # The small one is never chosen, and each class stays known.
    assert (kinds % 10 == [7, 1, 0]).all()
    assert (left[:, :2] >= boxes[:, :2]).all()
    assert (left[:, 2:] <= boxes[:, 2:]).all()
    shares = (left[:, 2:] - left[:, :2]).prod(axis=1) / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    assert (kinds[shares < 0.3] >= 10).all()


def test_a_picture_without_large_things_stays_as_it_is() -> None:
    image = np.full((100, 100, 3), 90, dtype=np.uint8)
    changed = image.copy()
    small, none = np.stack([_box(5, 5, 10, 10)]), np.zeros((0, 4), dtype=np.float32)
    for boxes in (small, none):
        kinds = np.zeros(len(boxes), dtype=np.int64)
        assert np.array_equal(hide_some(changed, boxes, kinds, 10, np.random.default_rng(1)), boxes)
    assert np.array_equal(changed, image)
