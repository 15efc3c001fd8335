"""Figures and results in words, the same on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.evaluation.attribution import RIGHT, Attribution
from pipeline.evaluation.figures import Breakdown, Delays, Figures, Rate
from pipeline.evaluation.matching import Outcome, Pairing
from pipeline.evaluation.truth import TruthEvent
from pipeline.types import ViolationKind

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.HIT: "found",
    Outcome.MISS: "missed",
    Outcome.FALSE_ALARM: "false alarm",
    Outcome.DUPLICATE: "duplicate",
    Outcome.WRONG_KIND: "wrong kind",
    Outcome.NOT_COUNTED: "not counted",
}
ATTRIBUTION_WORDS: Mapping[Attribution, str] = {
    Attribution.RIGHT_SHOP: "right shop",
    Attribution.WRONG_SHOP: "wrong shop",
    Attribution.RIGHT_AMBIGUOUS: "rightly left open",
    Attribution.WRONG_AMBIGUOUS: "wrongly left open or decided",
    Attribution.RIGHT_PLACE: "right place",
    Attribution.WRONG_PLACE: "wrong place",
}
KIND_WORDS: Mapping[ViolationKind, str] = {
    ViolationKind.BEYOND_SHOPFRONT: "beyond shopfront",
    ViolationKind.PAVEMENT_PILING: "pavement piling",
    ViolationKind.STREET_STALL: "street stall",
}


def number(value: float) -> str:
    """About three digits, whole numbers bare: ``0.95``, ``1``, ``81.8``, ``296``. What is less than 1 is never shown as 1."""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    if 0.995 <= value < 1:
        return "0.99+"
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def outcome_count(outcome: Outcome, count: int) -> str:
    """``2 missed``, ``1 duplicate``, ``0 false alarms``."""
    plural = outcome in {Outcome.FALSE_ALARM, Outcome.DUPLICATE} and count != 1
    return f"{count} {OUTCOME_WORDS[outcome]}{'s' * plural}"


def rate(figure: Rate, *, of: bool = True) -> tuple[str, str]:
    """A figure and its interval: ``0.95 (19/20)`` and ``0.76..0.99``; ``-`` and nothing where nothing was measured."""
    if figure.value is None:
        return "-", ""
    interval = f"{number(figure.interval[0])}..{number(figure.interval[1])}" if figure.interval else ""
    return number(figure.value) + (f" ({figure.count}/{figure.of:g})" if of else ""), interval


def delays(figures: Delays) -> tuple[str, str]:
    """The median and the range: ``2.5 s`` and ``0.5..7.0``; ``-`` and nothing without any."""
    if figures.median_s is None or figures.least_s is None or figures.most_s is None:
        return "-", ""
    return f"{figures.median_s:.1f} s", f"{figures.least_s:.1f}..{figures.most_s:.1f}"


def telling_groups(breakdown: Breakdown) -> tuple[Figures, ...]:
    """The groups worth showing: not one alone, which says what the whole says, and no kind that never came up."""
    groups = tuple(one for one in breakdown.groups if one.due or one.unwanted or breakdown.by != "kind")
    return groups if len(groups) > 1 else ()


def whose_event(event: TruthEvent) -> str:
    """Its shop, its candidates joined by "or", or its place."""
    return " or ".join(event.shop_codes) or event.place or "a public place"


def is_misattributed(pairing: Pairing) -> bool:
    """Whether a hit names somebody else, or leaves open what is clear."""
    return pairing.attribution is not None and pairing.attribution not in RIGHT
