"""What should have been reported: from the truth and the dwell, without asking any detector. Pure.

An event is due when it could be seen standing for its dwell without a break: gaps of the truth add nothing, and a gap longer than
``longest_gap_s`` begins the dwell anew. The eye needs a moment to become sure, so events that stand only a little longer or
shorter than the dwell (``margin_s``) may be reported or not: they count neither way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.config import DwellSettings
from pipeline.evaluation.truth import OPTIONAL, ClipTruth, TruthEvent, TruthGap


class Verdict(StrEnum):
    """Whether an event must be reported."""

    DUE = "due"
    OPTIONAL = "optional"
    """It may or may not: too near to the dwell, or the truth says so."""
    EXCUSED = "excused"
    """It must not: permitted, loading, attended by its owner, on own ground, ..."""
    SHORT = "short"
    """It must not: it did not stand for the dwell."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One event of the truth and what follows from it.

    ``due_at_s`` is when the dwell was reached, in seconds of the clip; None where it never was. ``seen_s`` is the longest time that it
    could be seen standing. ``reason`` says in words why it need not or must not be reported, "" where it is due.
    """

    event: TruthEvent
    verdict: Verdict
    due_at_s: float | None
    seen_s: float
    until_s: float
    reason: str


def claims_of(truth: ClipTruth, dwells: Sequence[DwellSettings], *, margin_s: float) -> tuple[Claim, ...]:
    """What follows from each event of a clip, in its order; ``dwells`` are those that hold for them, one each."""
    return tuple(_claim(truth, event, dwell, margin_s) for event, dwell in zip(truth.events, dwells, strict=True))


def _claim(truth: ClipTruth, event: TruthEvent, dwell: DwellSettings, margin_s: float) -> Claim:
    until = truth.length_s if event.ended_s is None else min(event.ended_s, truth.length_s)
    seen, due_at = _standing(event.began_s, until, truth.gaps, dwell)
    verdict, reason = _verdict(event, seen, dwell.candidate_after_s, margin_s)
    return Claim(event, verdict, due_at, seen, until, reason)


def _verdict(event: TruthEvent, seen_s: float, needed_s: float, margin_s: float) -> tuple[Verdict, str]:
    if event.excused_by == OPTIONAL:
        return Verdict.OPTIONAL, event.why or "the truth leaves it open"
    if event.excused_by is not None:
        return Verdict.EXCUSED, ": ".join(part for part in (event.excused_by, event.why) if part)
    if seen_s >= needed_s + margin_s:
        return Verdict.DUE, ""
    told = f"could be seen for {seen_s:.1f} s, the dwell is {needed_s:g} s"
    return (Verdict.OPTIONAL if seen_s >= needed_s - margin_s else Verdict.SHORT), told


def _standing(began_s: float, until_s: float, gaps: Sequence[TruthGap], dwell: DwellSettings) -> tuple[float, float | None]:
    """The longest time seen standing without a break, and when the dwell was first reached."""
    longest, seen, due_at = 0.0, 0.0, None
    for from_s, to_s, gap_before_s in _seen_spans(began_s, until_s, gaps):
        seen = 0.0 if gap_before_s > dwell.longest_gap_s else seen
        if due_at is None and seen + (to_s - from_s) >= dwell.candidate_after_s:
            due_at = from_s + dwell.candidate_after_s - seen
        seen += to_s - from_s
        longest = max(longest, seen)
    return longest, due_at


def _seen_spans(began_s: float, until_s: float, gaps: Sequence[TruthGap]) -> list[tuple[float, float, float]]:
    """(from, to, length of the gap before) of the times in which it stood and could be seen."""
    spans: list[tuple[float, float, float]] = []
    at, gap_before = began_s, 0.0
    for gap in sorted(gaps, key=lambda gap: gap.from_s):
        if gap.to_s <= at or gap.from_s >= until_s:
            continue
        if gap.from_s > at:
            spans.append((at, gap.from_s, gap_before))
            gap_before = 0.0
        gap_before += min(gap.to_s, until_s) - max(gap.from_s, at)
        at = max(at, gap.to_s)
    if at < until_s:
        spans.append((at, until_s, gap_before))
    return spans
