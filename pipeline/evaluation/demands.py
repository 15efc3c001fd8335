"""What an evaluation must reach (``--require recall=0.95``). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import FaultsError, fault_line
from pipeline.evaluation.attribution import Attribution
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.figures import Figures
from pipeline.evaluation.matching import Outcome


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that may be demanded. ``at_least``: more is better. ``value`` gives None where nothing was measured."""

    meaning: str
    at_least: bool
    value: Callable[[Figures], float | None]


def _outcome(outcome: Outcome) -> Callable[[Figures], float | None]:
    return lambda figures: figures.outcomes[outcome.value]


MEASURES: Mapping[str, Measure] = {
    "precision": Measure("share of finds that are right", True, lambda figures: figures.precision.value),
    "recall": Measure("share of due events that were found", True, lambda figures: figures.recall.value),
    "f1": Measure("harmonic mean of both", True, lambda figures: figures.f1.value),
    "attribution": Measure("share of hits that name the right shop or place", True, lambda figures: figures.attribution.value),
    "wrong-shop": Measure("hits that name a wrong shop", False, lambda figures: figures.attributions[Attribution.WRONG_SHOP.value]),
    "misses": Measure("due events that were not found", False, _outcome(Outcome.MISS)),
    "false-alarms": Measure("finds that should not be there (duplicates and wrong kinds too)", False, lambda figures: figures.unwanted),
    "false-alarms-per-hour": Measure("the same per camera-hour", False, lambda figures: figures.false_alarms_per_hour.value),
    "duplicates": Measure("second finds on one event", False, _outcome(Outcome.DUPLICATE)),
    "wrong-kinds": Measure("finds of another kind", False, _outcome(Outcome.WRONG_KIND)),
    "delay-beyond-dwell": Measure("median seconds beyond the dwell", False, lambda figures: figures.delay_beyond_dwell.median_s),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """One figure and its limit."""

    name: str
    limit: float

    def unmet(self, figures: Figures) -> str | None:
        """One line that says what is wanting; None where the demand is met. What was not measured is not met."""
        measure = MEASURES[self.name]
        value = measure.value(figures)
        if value is not None and (value >= self.limit if measure.at_least else value <= self.limit):
            return None
        word = "at least" if measure.at_least else "at most"
        found = "nothing to measure" if value is None else f"{value:.4g}"
        return fault_line(self.name, "not reached", expected=f"{word} {self.limit:g}", found=found, hint=f"It is the {measure.meaning}")


def parse_demands(texts: Sequence[str]) -> tuple[Demand, ...]:
    """``recall=0.95`` and so on. FaultsError with every text that is none."""
    demands: list[Demand] = []
    faults: list[str] = []
    for text in texts:
        name, _, limit = text.partition("=")
        try:
            demand = Demand(name.strip(), float(limit))
        except ValueError:
            demand = Demand(name.strip(), float("nan"))
        if demand.name not in MEASURES or not demand.limit >= 0:
            faults.append(fault_line("--require", "not a demand", expected=f"NAME=NUMBER with one of {', '.join(MEASURES)}", found=text))
        demands.append(demand)
    if faults:
        raise FaultsError("demands refused", tuple(faults))
    return tuple(demands)


def unmet_demands(demands: Sequence[Demand], evaluation: Evaluation) -> tuple[str, ...]:
    """One line for each demand that is not met; and, where anything is demanded, for clips that were not judged."""
    lines = [line for demand in demands if (line := demand.unmet(evaluation.whole)) is not None]
    if demands and evaluation.not_judged:
        names = ", ".join(one.truth.name for one in evaluation.not_judged)
        lines.append(fault_line("clips", "not all judged", expected="every clip of the truth in the run", found=f"none of {names}"))
    return tuple(lines)
