"""The assignment problem: as good as trying everything, and as the solver that others use."""

from __future__ import annotations

from itertools import permutations

import lap  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.assignment import best_pairs

Scores = list[list[float | None]]


@st.composite
def tables(draw: st.DrawFn) -> Scores:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cell = st.one_of(st.none(), st.floats(0.01, 2.0))
    return draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=rows, max_size=rows))


def total(scores: Scores, pairs: list[tuple[int, int]]) -> float:
    return sum(scores[row][column] or 0.0 for row, column in pairs)


def best_by_trying(scores: Scores) -> float:
    """Over every way to give rows to columns, with as many empty columns as there are rows."""
    padded = [row + [None] * len(scores) for row in scores]
    ways = permutations(range(len(padded[0])), len(padded))
    return max(sum(padded[row][column] or 0.0 for row, column in enumerate(way)) for way in ways)


@given(tables())
def test_nothing_adds_up_to_more(scores: Scores) -> None:
    pairs = best_pairs(scores)
    assert len({row for row, _ in pairs}) == len(pairs) == len({column for _, column in pairs})
    assert all(scores[row][column] is not None for row, column in pairs)
    assert total(scores, pairs) == pytest.approx(best_by_trying(scores))


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_lapjv_on_larger_tables(seed: int) -> None:
    values = np.random.default_rng(seed).uniform(0.01, 2, (23, 31))
    cost, _, _ = lap.lapjv(-values, extend_cost=True)
    scores: Scores = values.tolist()
    assert total(scores, best_pairs(scores)) == pytest.approx(-cost)


def test_an_empty_table_has_no_pairs() -> None:
    assert best_pairs([]) == []
    assert best_pairs([[], []]) == []


def test_two_good_pairs_are_better_than_the_best_one() -> None:
    assert best_pairs([[1.0, 0.9], [0.9, None]]) == [(0, 1), (1, 0)]
