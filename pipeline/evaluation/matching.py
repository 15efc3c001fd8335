"""Which found violation is which event of the truth, clip by clip. Pure. The rule in words: docs/evaluation.md.

1. Found violations and events of the same kind are paired one to one where they agree in time and place, so that the total
   score is the greatest.
2. What is left over is looked at again: another find on an event that has one already (a duplicate), an event found under
   another kind, or an event whose place is covered by a find that belongs to its neighbour.
3. All the rest is missed, or a false alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce

from pipeline.evaluation.assignment import best_pairs
from pipeline.evaluation.attribution import Attribution, attribution_of
from pipeline.evaluation.due import Claim, Verdict
from pipeline.evaluation.judged import Found
from pipeline.types import BoundingBox, ViolationKind


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """When a find is said to be about an event.

    ``tolerance_s``: so far apart they may be in time. ``min_cover``: share of the smaller box that lies in the other. ``min_iou``:
    intersection over union of both. ``margin_s``: see ``pipeline.evaluation.due``.
    """

    tolerance_s: float = 3.0
    min_cover: float = 0.5
    min_iou: float = 0.1
    margin_s: float = 6.0


class Outcome(StrEnum):
    """What became of a find, or of an event that nobody found."""

    HIT = "hit"
    DUPLICATE = "duplicate"
    """A second find on an event that has one."""
    WRONG_KIND = "wrong_kind"
    """The event is there, but it is of another kind."""
    FALSE_ALARM = "false_alarm"
    """About nothing, or about something that must not be reported."""
    NOT_COUNTED = "not_counted"
    """About an event that may be reported or not."""
    MISS = "miss"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One line of the result: a find, an event, or both. ``reason`` is in words, "" for a plain hit.

    ``claim`` of a false alarm is the excused event that it is about, if there is one; ``found`` of a miss is the find that
    stands in its place, if any.
    """

    outcome: Outcome
    claim: Claim | None
    found: Found | None
    reason: str = ""
    attribution: Attribution | None = None


def pair(claims: Sequence[Claim], found: Sequence[Found], settings: MatchSettings) -> tuple[Pairing, ...]:
    """Every find once, and every due event that nobody found; by time."""
    scores = [[_score(claim, one, settings) if claim.event.kind is one.kind else None for one in found] for claim in claims]
    first = {column: row for row, column in best_pairs(scores)}
    pairings = [_pairing(claims[first[column]], one) for column, one in enumerate(found) if column in first]
    spare = [one for column, one in enumerate(found) if column not in first]
    unfound = [claim for row, claim in enumerate(claims) if row not in first.values()]
    others, wrong = _wrong_kinds(unfound, spare, settings)
    pairings += [_spare(one, claims, wrong.get(number), settings) for number, one in enumerate(spare)]
    pairings += [_miss(claim, others.get(number), found, settings) for number, claim in enumerate(unfound) if claim.verdict is Verdict.DUE]
    return tuple(sorted(pairings, key=_order))


def place_agreement(claim: Claim, found: Found) -> tuple[float, float]:
    """(cover, IoU) of the find's box with the event's: the best of its boxes over time and of all of them together."""
    spans = [span.box for span in claim.event.boxes]
    boxes = [*spans, reduce(BoundingBox.union, spans)]
    cover = max(max(box.covered_by(found.box), found.box.covered_by(box)) for box in boxes)
    return cover, max(box.iou(found.box) for box in boxes)


def time_agreement(claim: Claim, found: Found, tolerance_s: float) -> float:
    """Share of the time that both last in which both are there, 0..1; a little more than 0 within the tolerance."""
    begins, ends = max(claim.event.began_s, found.first_seen_s), min(claim.until_s, found.ended_s)
    if begins > ends + tolerance_s:
        return 0.0
    whole = max(claim.until_s, found.ended_s) - min(claim.event.began_s, found.first_seen_s)
    return max((ends - begins) / whole if whole > 0 else 1.0, 0.01)


def _score(claim: Claim, found: Found, settings: MatchSettings) -> float | None:
    """Agreement in time and in place, each 0..1, and half a point where the event stood when the find became a candidate.

    The same shop breaks ties only: whether the right shop was named is measured, not assumed.
    """
    when = time_agreement(claim, found, settings.tolerance_s)
    cover, iou = place_agreement(claim, found)
    if not when or cover < settings.min_cover or iou < settings.min_iou:
        return None
    stood = claim.event.began_s <= found.confirmed_s <= claim.until_s + settings.tolerance_s
    return when + iou + (0.5 if stood else 0.0) + (0.01 if claim.event.shop_codes == tuple(sorted(found.shop_codes)) else 0.0)


def _pairing(claim: Claim, found: Found) -> Pairing:
    if claim.verdict is Verdict.DUE:
        return Pairing(Outcome.HIT, claim, found, attribution=attribution_of(claim.event, found))
    if claim.verdict is Verdict.OPTIONAL:
        return Pairing(Outcome.NOT_COUNTED, claim, found, claim.reason)
    return Pairing(Outcome.FALSE_ALARM, claim, found, f"{claim.event.name}: {claim.reason}")


def _wrong_kinds(unfound: Sequence[Claim], spare: Sequence[Found], settings: MatchSettings) -> tuple[dict[int, Found], dict[int, Claim]]:
    """Due events without a find, paired with finds of another kind at the same time and place."""
    scores = [[_score(claim, one, settings) if claim.verdict is Verdict.DUE else None for one in spare] for claim in unfound]
    pairs = best_pairs(scores)
    return {row: spare[column] for row, column in pairs}, {column: unfound[row] for row, column in pairs}


def _spare(found: Found, claims: Sequence[Claim], meant: Claim | None, settings: MatchSettings) -> Pairing:
    if meant is not None:
        return Pairing(Outcome.WRONG_KIND, meant, found, f"{meant.event.name} is {_word(meant.event.kind)}")
    scored = [(score, number, claim) for number, claim in enumerate(claims) if (score := _score(claim, found, settings)) is not None]
    same_kind = [entry for entry in scored if entry[2].event.kind is found.kind]
    for _, _, claim in sorted(same_kind or scored, key=lambda entry: (-entry[0], entry[1])):
        if claim.verdict is Verdict.OPTIONAL:
            return Pairing(Outcome.NOT_COUNTED, claim, found, claim.reason)
        if claim.verdict is Verdict.DUE:
            told = "" if claim.event.kind is found.kind else f", as {_word(found.kind)} this time"
            return Pairing(Outcome.DUPLICATE, claim, found, f"{claim.event.name} was found already{told}")
        return Pairing(Outcome.FALSE_ALARM, claim, found, f"{claim.event.name}: {claim.reason}")
    return Pairing(Outcome.FALSE_ALARM, None, found, "nothing of the truth is there")


def _miss(claim: Claim, other: Found | None, found: Sequence[Found], settings: MatchSettings) -> Pairing:
    if other is not None:
        return Pairing(Outcome.MISS, claim, other, f"reported as {_word(other.kind)}")
    for one in found:
        if one.kind is claim.event.kind and time_agreement(claim, one, 0.0) and place_agreement(claim, one)[0] >= settings.min_cover:
            return Pairing(Outcome.MISS, claim, one, "its place is part of another find")
    return Pairing(Outcome.MISS, claim, None, "nothing was reported")


def _word(kind: ViolationKind) -> str:
    return kind.value.replace("_", " ")


def _order(pairing: Pairing) -> tuple[float, float, str, str, str]:
    """By time; equal times in an order that does not depend on that of the finds."""
    event = pairing.claim.event if pairing.claim else None
    found = pairing.found
    begins = event.began_s if event else found.first_seen_s if found else 0.0
    seen = found.first_seen_s if found else begins
    return begins, seen, event.name if event else "", pairing.outcome.value, found.violation_id if found else ""
