"""The figures of the page: the most important ones as cards, all of them as a table. Pure."""

from __future__ import annotations

from html import escape

from pipeline.evaluation.attribution import Attribution
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.figures import Delays, Figures, Rate
from pipeline.evaluation.matching import Outcome
from pipeline.evaluation.wording import ATTRIBUTION_WORDS, OUTCOME_WORDS, number, outcome_count, telling_groups

_NOTHING = "–"
_COLUMNS = (
    "clips",
    "due",
    "found",
    "missed",
    "false alarms",
    "duplicates",
    "wrong kind",
    "precision",
    "recall",
    "F1",
    "false alarms per h",
    "beyond the dwell",
    "right shop or place",
    "wrong shop",
)


def cards(figures: Figures) -> str:
    """Precision, recall, F1, false alarms, delay, attribution, with their intervals and numbers."""
    wrong = figures.attributions[Attribution.WRONG_SHOP.value]
    return "".join(
        [
            '<div class="cards">',
            _card("events to be reported", str(figures.due), _due_words(figures)),
            _share_card("precision", figures.precision, f"{figures.precision.count} of {figures.precision.of:g} finds are right"),
            _share_card("recall", figures.recall, f"{figures.recall.count} of {figures.recall.of:g} events were found"),
            _share_card("F1", figures.f1, _f1_words(figures)),
            _card("false alarms per camera-hour", _text(figures.false_alarms_per_hour), _alarm_words(figures)),
            _card("candidate after the dwell", _seconds(figures.delay_beyond_dwell), _delay_words(figures)),
            _share_card("right shop or place", figures.attribution, _attribution_words(figures)),
            _card("wrong shop", str(wrong), "hits that accuse another shop", "bad" if wrong else "good"),
            "</div>",
        ]
    )


def figures_table(evaluation: Evaluation) -> str:
    """One row for the whole, then one for each kind, light, weather, camera."""
    rows = [_row(evaluation.whole, "all")]
    for breakdown in evaluation.breakdowns:
        groups = telling_groups(breakdown)
        if not groups:
            continue
        rows.append(f'<tr class="head"><td colspan="{len(_COLUMNS) + 1}">by {escape(breakdown.by)}</td></tr>')
        rows += [_row(one) for one in groups]
    head = "".join(f"<th>{escape(one)}</th>" for one in _COLUMNS)
    return f'<div class="plain wide"><table><tr><th></th>{head}</tr>{"".join(rows)}</table></div>'


def _row(figures: Figures, style: str = "") -> str:
    outcomes = figures.outcomes
    cells = [
        str(figures.clips),
        str(figures.due),
        *(str(outcomes[one.value]) for one in (Outcome.HIT, Outcome.MISS, Outcome.FALSE_ALARM, Outcome.DUPLICATE, Outcome.WRONG_KIND)),
        *(_cell(one) for one in (figures.precision, figures.recall, figures.f1, figures.false_alarms_per_hour)),
        _seconds(figures.delay_beyond_dwell),
        _cell(figures.attribution),
        str(figures.attributions[Attribution.WRONG_SHOP.value]),
    ]
    name = escape(figures.name.replace("_", " "))
    return f'<tr class="{style}"><td>{name}</td>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _cell(rate: Rate) -> str:
    if rate.value is None:
        return _NOTHING
    return f"{number(rate.value)} <small>{_range(rate)}</small>"


def _card(name: str, value: str, more: str, style: str = "") -> str:
    return (
        f'<div class="card {style}"><div class="name">{escape(name)}</div><div class="value num">{escape(value)}</div>'
        f'<div class="more num">{escape(more)}</div></div>'
    )


def _share_card(name: str, rate: Rate, more: str) -> str:
    """A card with the interval drawn on 0..1."""
    drawn = ""
    if rate.value is not None and rate.interval is not None:
        low, high = (100 * edge for edge in rate.interval)
        drawn = (
            '<svg class="range" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            '<rect class="all" y="3" width="100" height="4"/>'
            f'<rect class="known" x="{low:.1f}" y="3" width="{high - low:.1f}" height="4"/>'
            f'<rect class="at" x="{min(100 * rate.value, 99):.1f}" width="1" height="10"/></svg>'
        )
    told = "nothing to measure" if rate.value is None else f"{_range(rate)} · {more}" if rate.interval else more
    return (
        f'<div class="card"><div class="name">{escape(name)}</div><div class="value num">{_text(rate)}</div>{drawn}'
        f'<div class="more num">{escape(told)}</div></div>'
    )


def _text(rate: Rate) -> str:
    return _NOTHING if rate.value is None else number(rate.value)


def _range(rate: Rate) -> str:
    return f"{number(rate.interval[0])} to {number(rate.interval[1])}" if rate.interval else ""


def _seconds(delays: Delays) -> str:
    return _NOTHING if delays.median_s is None else f"{delays.median_s:.1f} s"


def _due_words(figures: Figures) -> str:
    always = {Outcome.HIT, Outcome.MISS, Outcome.FALSE_ALARM}
    words = {one: figures.outcomes[one.value] for one in OUTCOME_WORDS if one is not Outcome.NOT_COUNTED}
    return ", ".join(outcome_count(one, count) for one, count in words.items() if count or one in always)


def _f1_words(figures: Figures) -> str:
    over = f"over {figures.clips} clip{'s' * (figures.clips != 1)}"
    return over if figures.f1.interval else f"{over}, too few or too alike for an interval"


def _alarm_words(figures: Figures) -> str:
    rate = figures.false_alarms_per_hour
    return f"{_range(rate)} · {rate.count} in {60 * figures.hours:.1f} min" if rate.interval else "nothing to measure"


def _delay_words(figures: Figures) -> str:
    beyond, delay = figures.delay_beyond_dwell, figures.delay
    if beyond.least_s is None or beyond.most_s is None or delay.median_s is None:
        return "nothing to measure"
    return f"median of {beyond.count}, {beyond.least_s:.1f} to {beyond.most_s:.1f} s; {delay.median_s:.1f} s after the beginning"


def _attribution_words(figures: Figures) -> str:
    known = [f"{count} {ATTRIBUTION_WORDS[Attribution(name)]}" for name, count in figures.attributions.items() if count]
    return ", ".join(known) or "no hit"
