"""Figures of a set of clips: precision, recall, F1, false alarms, delays, attribution. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.evaluation.attribution import RIGHT, Attribution
from pipeline.evaluation.due import Claim
from pipeline.evaluation.intervals import bootstrap_f1, poisson, wilson
from pipeline.evaluation.judged import Found, JudgedClip
from pipeline.evaluation.matching import Outcome, Pairing
from pipeline.types import ViolationKind

UNWANTED = frozenset({Outcome.FALSE_ALARM, Outcome.DUPLICATE, Outcome.WRONG_KIND})
"""Finds that should not be there: all of them count against precision and as false alarms per hour."""


@dataclass(frozen=True, slots=True)
class EvaluatedClip:
    """One clip with what its truth demands and what became of each event and find."""

    judged: JudgedClip
    claims: tuple[Claim, ...]
    pairings: tuple[Pairing, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure with its 95 % interval. ``value`` is None where there is nothing to divide by; ``of`` is that number."""

    value: float | None
    interval: tuple[float, float] | None
    count: int
    of: float


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds, over all hits. Empty where there is none."""

    count: int
    median_s: float | None
    least_s: float | None
    most_s: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one group of clips or of one kind of event.

    ``f1.of`` is the number of clips. ``false_alarms_per_hour.of`` are camera-hours. ``delay`` runs from the beginning of the
    event to the candidate, ``delay_beyond_dwell`` from the earliest moment at which it could be a candidate.
    """

    name: str
    clips: int
    hours: float
    due: int
    outcomes: dict[str, int]
    precision: Rate
    recall: Rate
    f1: Rate
    false_alarms_per_hour: Rate
    delay: Delays
    delay_beyond_dwell: Delays
    attribution: Rate
    attributions: dict[str, int]

    @property
    def unwanted(self) -> int:
        """False alarms, duplicates and wrong kinds."""
        return sum(self.outcomes[outcome.value] for outcome in UNWANTED)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The same figures for each value of one property."""

    by: str
    groups: tuple[Figures, ...]


def figures_of(name: str, clips: Sequence[EvaluatedClip], kind: ViolationKind | None = None) -> Figures:
    """Figures over these clips, of all kinds or of one: an event's kind for what was due, the find's kind for what was unwanted."""
    chosen = [[pairing for pairing in clip.pairings if kind in {None, _kind_of(pairing)}] for clip in clips]
    whole = [pairing for pairings in chosen for pairing in pairings]
    outcomes = Counter(pairing.outcome for pairing in whole)
    counts = [_counts(pairings) for pairings in chosen]
    hits, unwanted, misses = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    attributions = Counter(pairing.attribution for pairing in whole if pairing.attribution)
    right = sum(attributions[one] for one in RIGHT)
    hours = sum(clip.judged.truth.length_s for clip in clips) / 3600
    doubled = 2 * hits + unwanted + misses
    low, high = poisson(unwanted)
    return Figures(
        name=name,
        clips=len(clips),
        hours=hours,
        due=hits + misses,
        outcomes={outcome.value: outcomes[outcome] for outcome in Outcome},
        precision=_share(hits, hits + unwanted),
        recall=_share(hits, hits + misses),
        f1=Rate(2 * hits / doubled if doubled else None, bootstrap_f1(counts), hits, len(clips)),
        false_alarms_per_hour=Rate(unwanted / hours if hours else None, (low / hours, high / hours) if hours else None, unwanted, hours),
        delay=_delays(found.confirmed_s - claim.event.began_s for claim, found in _hits(whole)),
        delay_beyond_dwell=_delays(found.confirmed_s - claim.due_at_s for claim, found in _hits(whole) if claim.due_at_s is not None),
        attribution=_share(right, sum(attributions.values())),
        attributions={one.value: attributions[one] for one in Attribution},
    )


def breakdowns(clips: Sequence[EvaluatedClip]) -> tuple[Breakdown, ...]:
    """By kind, whether the clip was held out, light, weather, camera."""
    kinds = tuple(figures_of(kind.value, clips, kind) for kind in ViolationKind)
    return (
        Breakdown("kind", kinds),
        _by("held out", clips, lambda clip: "held out" if clip.judged.truth.held_out else "not held out"),
        _by("light", clips, lambda clip: clip.judged.truth.conditions.light),
        _by("weather", clips, lambda clip: clip.judged.truth.conditions.weather),
        _by("camera", clips, lambda clip: clip.judged.truth.camera_id),
    )


def _by(name: str, clips: Sequence[EvaluatedClip], value: Callable[[EvaluatedClip], str]) -> Breakdown:
    names = sorted({value(clip) for clip in clips})
    return Breakdown(name, tuple(figures_of(one, [clip for clip in clips if value(clip) == one]) for one in names))


def _kind_of(pairing: Pairing) -> ViolationKind | None:
    """The kind that a line counts under: that of the event for hits and misses, that of the find else."""
    if pairing.outcome in {Outcome.HIT, Outcome.MISS} and pairing.claim:
        return pairing.claim.event.kind
    return pairing.found.kind if pairing.found else None


def _counts(pairings: Iterable[Pairing]) -> tuple[int, int, int]:
    """Hits, unwanted finds, misses."""
    outcomes = Counter(pairing.outcome for pairing in pairings)
    return outcomes[Outcome.HIT], sum(outcomes[one] for one in UNWANTED), outcomes[Outcome.MISS]


def _hits(pairings: Iterable[Pairing]) -> list[tuple[Claim, Found]]:
    return [(one.claim, one.found) for one in pairings if one.outcome is Outcome.HIT and one.claim and one.found]


def _share(count: int, of: int) -> Rate:
    return Rate(count / of if of else None, wilson(count, of), count, of)


def _delays(seconds: Iterable[float]) -> Delays:
    found = sorted(seconds)
    return Delays(len(found), median(found), found[0], found[-1]) if found else Delays(0, None, None, None)
