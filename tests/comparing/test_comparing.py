"""Which violation of one run is which of another."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.comparing import Compared, CompareSettings, Difference, compare_runs, counts_of
from pipeline.records import ViolationRow
from pipeline.types import BoundingBox, TargetKind, ViolationKind
from tests.comparing.rows import BOX, row

ELSEWHERE = BoundingBox(0.0, 0.1, 0.1, 0.2)


def compare(before: list[ViolationRow], after: list[ViolationRow], tolerance_s: float = 15.0) -> list[tuple[str, str, str]]:
    """(difference, id before, id after)."""
    return [
        (each.difference.value, each.before.violation_id if each.before else "", each.after.violation_id if each.after else "")
        for each in compare_runs(before, after, CompareSettings(tolerance_s))
    ]


def test_the_same_again_is_the_same() -> None:
    rows = [row("a"), row("b", 5000), row("c", 9000, cleared=False)]
    assert compare(rows, rows) == [("same", name, name) for name in "abc"]


def test_what_is_in_one_run_alone_is_new_or_lost() -> None:
    assert compare([row("a"), row("b", 5000)], [row("b", 5000), row("c", 9000)]) == [
        ("lost", "a", ""),
        ("same", "b", "b"),
        ("new", "", "c"),
    ]


def test_another_id_in_the_same_place_and_time_is_the_same_thing() -> None:
    assert compare([row("a")], [row("x", 8.0, 895.0)]) == [("same", "a", "x")]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (row("x", 60.0, 840.0, dwell_s=900.0), ("first seen 60 s later",)),
        (row("x", 0.0, 600.0, dwell_s=900.0), ("cleared 300 s earlier",)),
        (row("x", dwell_s=700.0), ("dwell 200 s shorter",)),
        (row("x", cleared=False), ("no longer cleared",)),
        (row("x", shop_codes=("BS-0002",)), ("whose: BS-0001 -> BS-0002",)),
        (row("x", target=TargetKind.AMBIGUOUS, shop_codes=("BS-0001", "BS-0002")), ("whose: BS-0001 -> BS-0001 or BS-0002",)),
        (row("x", target=TargetKind.PLACE, shop_codes=()), ("whose: BS-0001 -> door",)),
        (row("x", complete=False), ("evidence incomplete",)),
    ],
)
def test_what_has_changed_is_said(after: ViolationRow, said: tuple[str, ...]) -> None:
    (found,) = compare_runs([row("a")], [after], CompareSettings())
    assert found.difference is Difference.CHANGED
    assert found.changes == said


def test_a_little_is_no_change() -> None:
    assert compare([row("a")], [row("x", 14.0, 890.0)]) == [("same", "a", "x")]
    assert compare([row("a")], [row("x", 14.0, 890.0)], tolerance_s=1.0) == [("changed", "a", "x")]


@pytest.mark.parametrize(
    "other",
    [
        row("x", camera_id="CAM02"),
        row("x", kind=ViolationKind.STREET_STALL),
        row("x", 2000.0),
        row("x", box=ELSEWHERE),
        row("x", box=ELSEWHERE, shop_codes=("BS-0002",)),
    ],
)
def test_another_camera_kind_time_or_place_is_another(other: ViolationRow) -> None:
    assert sorted(difference for difference, *_ in compare([row("a")], [other])) == ["lost", "new"]


def test_one_that_is_two_now_is_paired_with_the_longer_and_the_other_is_new() -> None:
    assert compare([row("a", 0, 1000)], [row("x", 0, 300), row("y", 400, 600)]) == [("new", "", "x"), ("changed", "a", "y")]


def test_without_a_clock_only_the_same_source_is_compared() -> None:
    before = row("a", known=False, source_uri="a.mp4")
    assert compare([before], [row("x", known=False, source_uri="a.mp4")]) == [("same", "a", "x")]
    assert sorted(difference for difference, *_ in compare([before], [row("x", known=False, source_uri="b.mp4")])) == ["lost", "new"]


def street(number: int, seed: int) -> list[ViolationRow]:
    """Many, here and there."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    rows = []
    for index in range(number):
        x = chance.choice((0.0, 0.3, 0.6))
        rows.append(
            row(
                f"{seed}-{index}",
                index * 40.0 + chance.uniform(0, 60),
                chance.uniform(600, 3000),
                camera_id=f"CAM{index % 7}",
                box=BoundingBox(x, 0.5, x + 0.2, 0.8),
                shop_codes=(f"BS-{x}",),
            )
        )
    return rows


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 5))
def test_each_violation_comes_once(before: int, after: int, seed: int) -> None:
    one, other = street(before, seed), street(after, seed + 100)
    found = compare_runs(one, other, CompareSettings())
    assert sorted(each.before.violation_id for each in found if each.before) == sorted(each.violation_id for each in one)
    assert sorted(each.after.violation_id for each in found if each.after) == sorted(each.violation_id for each in other)
    assert sum(counts_of(found).values()) == len(found)


@given(st.integers(1, 60), st.integers(0, 5))
def test_the_other_way_round_new_and_lost_change_places(number: int, seed: int) -> None:
    one, other = street(number, seed), street(number, seed + 100)

    def counted(found: tuple[Compared, ...]) -> tuple[int, int]:
        counts = counts_of(found)
        return counts[Difference.NEW], counts[Difference.LOST]

    there = counted(compare_runs(one, other, CompareSettings()))
    back = counted(compare_runs(other, one, CompareSettings()))
    assert there == back[::-1]


def test_neither_is_nothing_that_can_be_shown() -> None:
    with pytest.raises(ValueError, match="neither"):
        _ = Compared(Difference.SAME, None, None).shown


def test_a_box_that_overlaps_is_the_same_place_whoever_is_named() -> None:
    moved = replace(row("x", shop_codes=("BS-0009",)), box=BoundingBox(BOX.x_min + 0.05, BOX.y_min, BOX.x_max + 0.05, BOX.y_max))
    assert compare([row("a")], [moved]) == [("changed", "a", "x")]
