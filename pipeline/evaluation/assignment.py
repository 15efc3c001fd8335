"""Pairs of rows and columns with the greatest total score: the assignment problem, solved exactly. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence


def best_pairs(scores: Sequence[Sequence[float | None]]) -> list[tuple[int, int]]:
    """(row, column) pairs, each row and column at most once, whose scores add up to the most; rows in order.

    None: this pair may not be. Scores must be greater than 0: leaving a row alone is worth 0. The Hungarian method with
    potentials, in O(rows^2 x columns); among equal totals the choice is the same each time.
    """
    rows = len(scores)
    columns = len(scores[0]) if scores else 0
    if not columns:
        return []
    # One private column per row, worth nothing, so that any row may stay alone.
    costs = [[-(score or 0.0) for score in row] + [0.0] * rows for row in scores]
    owners = _owners(costs)
    pairs = [(row, column) for column, row in enumerate(owners[:columns]) if row is not None and scores[row][column] is not None]
    return sorted(pairs)


def _owners(costs: Sequence[Sequence[float]]) -> list[int | None]:
    """Column -> row of the cheapest complete assignment; there are at least as many columns as rows."""
    rows, columns = len(costs), len(costs[0])
    # Column 0 and row 0 stand for "none", as in the usual form of the method.
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        way, last = _cheapest_way(costs, of_row, of_column, owner)
        while last:
            owner[last] = owner[way[last]]
            last = way[last]
    return [row - 1 if row else None for row in owner[1:]]


def _cheapest_way(
    costs: Sequence[Sequence[float]], of_row: list[float], of_column: list[float], owner: Sequence[int]
) -> tuple[list[int], int]:
    """From the row in column 0 to the first free column: the column before each, and the last one. Lifts the potentials."""
    columns = len(of_column) - 1
    least, way, used = [math.inf] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
    at = 0
    while owner[at]:
        used[at] = True
        row = owner[at]
        for column in range(1, columns + 1):
            reduced = costs[row - 1][column - 1] - of_row[row] - of_column[column]
            if not used[column] and reduced < least[column]:
                least[column], way[column] = reduced, at
        after = min((column for column in range(1, columns + 1) if not used[column]), key=lambda column: least[column])
        step = least[after]
        for column in range(columns + 1):
            if used[column]:
                of_row[owner[column]] += step
                of_column[column] -= step
            else:
                least[column] -= step
        at = after
    return way, at
