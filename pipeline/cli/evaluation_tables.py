"""An evaluation as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape

from pipeline.cli.printing import ERRORS, OUT, counted, table
from pipeline.evaluation.attribution import Attribution
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.figures import EvaluatedClip, Figures
from pipeline.evaluation.matching import Outcome, Pairing
from pipeline.evaluation.wording import ATTRIBUTION_WORDS, OUTCOME_WORDS, delays, is_misattributed, rate, telling_groups, whose_event

_COLOURS = {
    Outcome.HIT: "green",
    Outcome.MISS: "red",
    Outcome.FALSE_ALARM: "red",
    Outcome.DUPLICATE: "yellow",
    Outcome.WRONG_KIND: "yellow",
    Outcome.NOT_COUNTED: "dim",
}


def print_evaluation(evaluation: Evaluation) -> None:
    """Figures on standard output: the whole, then by kind, light, weather, camera; then every line that is not a plain hit."""
    _print_figures(evaluation)
    _print_results(evaluation.clips)
    for judged in evaluation.not_judged:
        ERRORS.print(f"[yellow]not judged[/] {escape(judged.truth.name)}: {escape(judged.problem)}", soft_wrap=True)
    if evaluation.outside:
        told = f"{counted(evaluation.outside, 'violation')} of the run lie in no clip of the truth"
        ERRORS.print(f"[yellow]not counted[/] {told}", soft_wrap=True)


def _print_figures(evaluation: Evaluation) -> None:
    columns = ("precision", "recall", "F1", "false/h", "delay", "whose", "wrong shop")
    shown = table(f"{escape(evaluation.judged_by)}; below each figure its 95 % interval", "", "clips", "due", *columns)
    shown.add_row(*_cells(evaluation.whole), end_section=True)
    for breakdown in evaluation.breakdowns:
        groups = telling_groups(breakdown)
        for number, group in enumerate(groups):
            shown.add_row(*_cells(group), end_section=number == len(groups) - 1)
    OUT.print(shown)


def _cells(figures: Figures) -> tuple[str, ...]:
    shown = (
        rate(figures.precision),
        rate(figures.recall),
        rate(figures.f1, of=False),
        rate(figures.false_alarms_per_hour, of=False),
        delays(figures.delay_beyond_dwell),
        rate(figures.attribution),
    )
    wrong = str(figures.attributions[Attribution.WRONG_SHOP.value])
    cells = (f"{value}\n[dim]{more}[/]" if more else value for value, more in shown)
    return (escape(figures.name), str(figures.clips), str(figures.due), *cells, wrong)


def _print_results(clips: Iterable[EvaluatedClip]) -> None:
    shown = table("", "", "clip", "time", "kind", "whose", "title")
    rows = 0
    for clip in clips:
        for pairing in clip.pairings:
            if pairing.outcome is Outcome.HIT and not is_misattributed(pairing):
                continue
            shown.add_row(*_result_cells(clip, pairing))
            rows += 1
    if rows:
        OUT.print(shown)


def _result_cells(clip: EvaluatedClip, pairing: Pairing) -> tuple[str, ...]:
    found, claim = pairing.found, pairing.claim
    missed = pairing.outcome is Outcome.MISS
    begin = claim.event.began_s if claim and (missed or not found) else found.first_seen_s if found else 0.0
    kind = claim.event.kind if claim and (missed or not found) else found.kind if found else None
    whose = whose_event(claim.event) if claim and (missed or not found) else found.whose if found else ""
    word = OUTCOME_WORDS[pairing.outcome]
    reason = pairing.reason
    if is_misattributed(pairing) and pairing.attribution and claim:
        word, reason = ATTRIBUTION_WORDS[pairing.attribution], f"{claim.event.name} is of {whose_event(claim.event)}"
    elif missed and claim:
        reason = f"{claim.event.name}: {reason}"
    colour = "red" if is_misattributed(pairing) else _COLOURS[pairing.outcome]
    return (
        f"[{colour}]{word}[/]",
        escape(clip.judged.truth.name),
        f"{begin:.1f} s",
        kind.value if kind else "",
        escape(whose),
        escape(reason),
    )
