"""A clip as a drawing of time (SVG): above what happened, below what was found, gaps hatched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from unicodedata import east_asian_width

from pipeline.evaluation.due import Claim, Verdict
from pipeline.evaluation.figures import EvaluatedClip
from pipeline.evaluation.judged import Found
from pipeline.evaluation.matching import Outcome, Pairing
from pipeline.evaluation.truth import TruthGap
from pipeline.evaluation.wording import ATTRIBUTION_WORDS, KIND_WORDS, OUTCOME_WORDS, is_misattributed, whose_event

_WIDTH = 1000.0
_LEFT = 268.0
_RIGHT = 14.0
_LANE = 24.0
_BAR = 14.0
_TOP = 26.0
_BETWEEN = 20.0
_LETTERS = 40
"""Of a label; more would run out of the drawing. A Chinese one counts as two."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


def timeline(clip: EvaluatedClip, name: str) -> str:
    """The SVG element. ``name`` is unique on the page: patterns are called after it."""
    return _Drawing(clip, name).svg()


class _Drawing:
    def __init__(self, clip: EvaluatedClip, name: str) -> None:
        self._truth = clip.judged.truth
        self._gaps = clip.judged.gaps
        self._claims = clip.claims
        self._finds = [pairing for pairing in clip.pairings if pairing.found and pairing.outcome is not Outcome.MISS]
        self._missed = [pairing.claim for pairing in clip.pairings if pairing.outcome is Outcome.MISS]
        self._name = name
        self._middle = _TOP + _LANE * max(len(clip.claims), 1) + _BETWEEN / 2
        self._bottom = self._middle + _BETWEEN / 2 + _LANE * max(len(self._finds), 1)

    def svg(self) -> str:
        height = self._bottom + 24
        label = escape(f"Timeline of {self._truth.name}", quote=True)
        parts = [
            f'<svg class="timeline" viewBox="0 0 {_WIDTH:g} {height:g}" role="img" aria-label="{label}">',
            f'<defs><pattern id="{self._name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>',
            *self._axis(),
            f'<text class="side" x="0" y="{_TOP - 10:g}">what happened</text>',
            *(part for row, claim in enumerate(self._claims) for part in self._event(row, claim)),
            f'<line class="middle" x1="0" x2="{_WIDTH - _RIGHT:g}" y1="{self._middle:g}" y2="{self._middle:g}"/>',
            f'<text class="side" x="0" y="{self._middle + 13:g}">what was found</text>',
            *(part for row, pairing in enumerate(self._finds) for part in self._find(row, pairing)),
            # Above the bars: an event goes on in a gap, but nobody can see it.
            *self._hatched(self._truth.gaps, _TOP - 4, self._middle - 2, "nothing could be known"),
            *self._hatched(self._gaps, self._middle + 2, self._bottom, "the run saw nothing"),
            "</svg>",
        ]
        return "".join(parts)

    def _x(self, at_s: float) -> float:
        share = min(max(at_s / self._truth.length_s, 0.0), 1.0)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def _axis(self) -> list[str]:
        step = next((step for step in _STEPS_S if self._truth.length_s / step <= 10), _STEPS_S[-1])
        ticks = [number * step for number in range(int(self._truth.length_s // step) + 1)]
        lines = [f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 4:g}" y2="{self._bottom:g}"/>' for x in map(self._x, ticks)]
        y = self._bottom + 16
        return lines + [f'<text class="tick" x="{self._x(tick):.1f}" y="{y:g}">{_clock(tick)}</text>' for tick in ticks]

    def _hatched(self, gaps: Sequence[TruthGap], top: float, bottom: float, told: str) -> list[str]:
        return [
            f'<rect class="gap" fill="url(#{self._name})" x="{self._x(gap.from_s):.1f}" y="{top:g}" '
            f'width="{self._x(gap.to_s) - self._x(gap.from_s):.1f}" height="{bottom - top:g}">'
            f"<title>{escape(f'{told}: {gap.reason}, {gap.from_s:.1f} to {gap.to_s:.1f} s')}</title></rect>"
            for gap in gaps
        ]

    def _event(self, row: int, claim: Claim) -> list[str]:
        y = _TOP + row * _LANE
        event = claim.event
        told = f"{event.name}: {KIND_WORDS[event.kind]}, {whose_event(event)}, {event.began_s:.1f} to {claim.until_s:.1f} s"
        if claim.reason:
            told += f"; {claim.verdict.value}: {claim.reason}"
        state = "missed" if any(claim is missed for missed in self._missed) else claim.verdict.value
        parts = [self._label(y, event.name, state), self._bar(y, event.began_s, claim.until_s, f"event {state}", told)]
        if claim.due_at_s is not None and claim.verdict is Verdict.DUE:
            x, middle = self._x(claim.due_at_s), y + _LANE / 2
            mark = f"M{x:.1f} {middle - 10:g}v20M{x:.1f} {middle - 10:g}l5 4l-5 4z"
            parts.append(f'<path class="due-mark" d="{mark}"><title>dwell reached at {claim.due_at_s:.1f} s</title></path>')
        return parts

    def _find(self, row: int, pairing: Pairing) -> list[str]:
        found = pairing.found
        if found is None:
            return []
        y = self._middle + _BETWEEN / 2 + row * _LANE
        end = self._truth.length_s if found.cleared_s is None else found.ended_s
        state = "misnamed" if is_misattributed(pairing) else pairing.outcome.value
        told = _told(found, pairing)
        return [
            self._label(y, f"{found.whose} · {KIND_WORDS[found.kind]}", state),
            self._bar(y, found.first_seen_s, found.confirmed_s, f"seen {state}", told),
            self._bar(y, found.confirmed_s, end, f"find {state}", told),
        ]

    def _label(self, y: float, text: str, state: str) -> str:
        shown = _cut(text)
        return f'<text class="label {state}" x="{_LEFT - 12:g}" y="{y + _LANE / 2 + 4:g}">{escape(shown)}</text>'

    def _bar(self, y: float, from_s: float, to_s: float, name: str, told: str) -> str:
        x, width = self._x(from_s), max(self._x(to_s) - self._x(from_s), 2.0)
        top = y + (_LANE - _BAR) / 2
        shape = f'<rect class="{name}" x="{x:.1f}" y="{top:g}" width="{width:.1f}" height="{_BAR:g}" rx="3">'
        return f"{shape}<title>{escape(told)}</title></rect>"


def _told(found: Found, pairing: Pairing) -> str:
    cleared = "still there" if found.cleared_s is None else f"cleared at {found.cleared_s:.1f} s"
    times = f"seen from {found.first_seen_s:.1f} s, candidate at {found.confirmed_s:.1f} s, {cleared}"
    reason = f" ({pairing.reason})" if pairing.reason else ""
    if pairing.attribution is not None and is_misattributed(pairing):
        reason = f", {ATTRIBUTION_WORDS[pairing.attribution]}"
    return f"{OUTCOME_WORDS[pairing.outcome]}{reason}: {KIND_WORDS[found.kind]}, {found.whose}; {times}"


def _cut(text: str) -> str:
    """A label that fits, ending in "…" where some is missing."""
    widths = list(accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in text))
    if not widths or widths[-1] <= _LETTERS:
        return text
    return text[: sum(width < _LETTERS for width in widths)] + "…"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
