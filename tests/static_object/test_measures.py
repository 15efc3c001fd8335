"""Cheaper ways to the same numbers: to the bit, not nearly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.measures import median_of, share_of

_NUMBERS = st.floats(-600, 600, width=32)


@given(arrays.arrays(np.float32, arrays.array_shapes(max_dims=2, max_side=40), elements=_NUMBERS))
def test_the_median_is_that_of_numpy_and_leaves_the_values_as_they_lie(values: Plane) -> None:
    before = values.copy()
    assert median_of(values) == float(np.median(values))
    assert np.array_equal(values, before)


@given(arrays.arrays(np.bool_, arrays.array_shapes(max_dims=2, max_side=40)))
def test_the_share_is_the_mean(mask: Mask) -> None:
    assert share_of(mask) == float(mask.mean())


@pytest.mark.parametrize("columns", [slice(0, 9), slice(7, 40), slice(30, 61)])
@pytest.mark.parametrize("rows", [slice(0, 12), slice(5, 33), slice(20, 44)])
def test_a_part_has_the_slopes_of_the_whole_whether_or_not_those_are_known(rows: slice, columns: slice) -> None:
    planes = np.random.default_rng(1).uniform(230, 560, (3, 44, 61)).astype(np.float32)
    whole = Features(*planes)
    unasked = whole.cut(rows, columns).slopes
    asked = [slope[rows, columns] for slope in whole.slopes]
    known = whole.cut(rows, columns).slopes
    for one, two, three in zip(unasked, asked, known, strict=True):
        assert np.array_equal(one, two)
        assert np.array_equal(two, three)
