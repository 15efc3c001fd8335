"""What is new, lost, changed and the same between the violations of two runs. Pure.

Two violations are one if camera and kind are the same, the times in which they stood touch, and they stand in one place: the same shop,
candidates or named place, or boxes that overlap. Those with the same id are paired first, the others one to one, the longest time in
common first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from pipeline.records import ViolationRow

_LEAST_IOU = 0.1
_EPSILON_S = 1e-6


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """``tolerance_s``: so much later or earlier, longer or shorter, is no change, and so far apart is still one."""

    tolerance_s: float = 15.0


class Difference(StrEnum):
    """What became of a violation from one run to the other."""

    NEW = "new"
    LOST = "lost"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Compared:
    """A violation in the run before, in the run after, or in both; ``changes`` are words for what is not the same."""

    difference: Difference
    before: ViolationRow | None
    after: ViolationRow | None
    changes: tuple[str, ...] = ()

    @property
    def shown(self) -> ViolationRow:
        """The later of the two that there is."""
        found = self.after or self.before
        if found is None:
            raise ValueError("neither in the run before nor in the run after")
        return found


def compare_runs(before: Sequence[ViolationRow], after: Sequence[ViolationRow], settings: CompareSettings) -> tuple[Compared, ...]:
    """Every violation of both runs once, by camera and first sight."""
    pairs = _same_ids(before, after)
    paired = {id(row) for row in chain.from_iterable(pairs)}
    rest_before, rest_after = ([row for row in rows if id(row) not in paired] for rows in (before, after))
    pairs += _matched(rest_before, rest_after, settings)
    paired = {id(row) for row in chain.from_iterable(pairs)}
    compared = [_of_pair(one, other, settings) for one, other in pairs]
    compared += [Compared(Difference.LOST, row, None) for row in before if id(row) not in paired]
    compared += [Compared(Difference.NEW, None, row) for row in after if id(row) not in paired]
    return tuple(sorted(compared, key=_order))


def counts_of(compared: Iterable[Compared]) -> dict[Difference, int]:
    """How many of each."""
    counts = dict.fromkeys(Difference, 0)
    for each in compared:
        counts[each.difference] += 1
    return counts


def _order(each: Compared) -> tuple[str, float, str]:
    row = each.shown
    return row.camera_id, _span(row)[0], row.violation_id


def _same_ids(before: Sequence[ViolationRow], after: Sequence[ViolationRow]) -> list[tuple[ViolationRow, ViolationRow]]:
    known = {row.violation_id: row for row in before}
    return [(known[row.violation_id], row) for row in after if row.violation_id in known]


def _matched(
    before: Sequence[ViolationRow], after: Sequence[ViolationRow], settings: CompareSettings
) -> list[tuple[ViolationRow, ViolationRow]]:
    groups: dict[Hashable, list[ViolationRow]] = defaultdict(list)
    for row in after:
        groups[_timeline(row)].append(row)
    candidates: list[tuple[float, int, int]] = []
    numbers = {id(row): number for number, row in enumerate(after)}
    for rows in groups.values():
        rows.sort(key=_span)
    longest_s = {key: max(_span(row)[1] - _span(row)[0] for row in rows) for key, rows in groups.items()}
    starts = {key: [_span(row)[0] for row in rows] for key, rows in groups.items()}
    for number, row in enumerate(before):
        key = _timeline(row)
        if key not in groups:
            continue
        begin_s, end_s = _span(row)
        first = bisect_left(starts[key], begin_s - longest_s[key] - settings.tolerance_s)
        for other in groups[key][first:]:
            if _span(other)[0] > end_s + settings.tolerance_s:
                break
            common_s = min(end_s, _span(other)[1]) - max(begin_s, _span(other)[0])
            if common_s >= -settings.tolerance_s and _is_one_place(row, other):
                candidates.append((-common_s, number, numbers[id(other)]))
    pairs: list[tuple[ViolationRow, ViolationRow]] = []
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    for _, one, other_number in sorted(candidates):
        if one not in taken_before and other_number not in taken_after:
            taken_before.add(one)
            taken_after.add(other_number)
            pairs.append((before[one], after[other_number]))
    return pairs


def _timeline(row: ViolationRow) -> tuple[str, ...]:
    """What may be compared in time at all: without a wall clock only what is of one source."""
    return (row.camera_id, row.kind.value, "" if row.first_seen_at else row.source_uri)


def _span(row: ViolationRow) -> tuple[float, float]:
    """From first sight to the clearing, or to the last sight: seconds on the timeline of camera or source."""
    last_s = row.last_seen_media_s if row.cleared_media_s is None else row.cleared_media_s
    if row.first_seen_at is None:
        return row.first_seen_media_s, last_s
    begin_s = row.first_seen_at.timestamp()
    return begin_s, begin_s + last_s - row.first_seen_media_s


def _is_one_place(one: ViolationRow, other: ViolationRow) -> bool:
    same_target = (one.target, one.shop_codes, one.place) == (other.target, other.shop_codes, other.place)
    return (same_target and one.box.intersection_area(other.box) > 0) or one.box.iou(other.box) >= _LEAST_IOU


def _of_pair(before: ViolationRow, after: ViolationRow, settings: CompareSettings) -> Compared:
    changes = tuple(_changes(before, after, settings))
    return Compared(Difference.CHANGED if changes else Difference.SAME, before, after, changes)


def _changes(before: ViolationRow, after: ViolationRow, settings: CompareSettings) -> Iterable[str]:
    if (before.target, before.shop_codes, before.place) != (after.target, after.shop_codes, after.place):
        yield f"whose: {_whose(before)} -> {_whose(after)}"
    shift_s = _span(after)[0] - _span(before)[0]
    if abs(shift_s) > settings.tolerance_s + _EPSILON_S:
        yield f"first seen {abs(shift_s):.0f} s {'later' if shift_s > 0 else 'earlier'}"
    if before.open != after.open:
        yield "no longer cleared" if after.open else "cleared"
    else:
        end_s = _span(after)[1] - _span(before)[1]
        if abs(end_s) > settings.tolerance_s + _EPSILON_S:
            yield f"{'last seen' if after.open else 'cleared'} {abs(end_s):.0f} s {'later' if end_s > 0 else 'earlier'}"
    longer_s = after.dwell_s - before.dwell_s
    if abs(longer_s) > settings.tolerance_s + _EPSILON_S:
        yield f"dwell {abs(longer_s):.0f} s {'longer' if longer_s > 0 else 'shorter'}"
    if before.complete != after.complete:
        yield "evidence complete" if after.complete else "evidence incomplete"


def _whose(row: ViolationRow) -> str:
    return " or ".join(row.shop_codes) or row.place or row.target.value
