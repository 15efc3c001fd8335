"""Made-up truths and finds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipeline.config import DwellSettings
from pipeline.evaluation.due import Claim, claims_of
from pipeline.evaluation.evaluate import Evaluation, evaluate
from pipeline.evaluation.judged import Found, JudgedClip
from pipeline.evaluation.matching import MatchSettings
from pipeline.evaluation.truth import ClipTruth, Conditions, TruthBox, TruthEvent, TruthGap
from pipeline.types import BoundingBox, ViolationKind

DWELL = DwellSettings(warn_after_s=4, candidate_after_s=10, longest_gap_s=5)
SETTINGS = MatchSettings()
START = datetime(2026, 5, 12, 1, 42, tzinfo=UTC)
LENGTH_S = 100.0
GOODS, PILE, STALL = ViolationKind.BEYOND_SHOPFRONT, ViolationKind.PAVEMENT_PILING, ViolationKind.STREET_STALL


def square(x: float, y: float = 0.5, side: float = 0.1) -> BoundingBox:
    """A square box whose left top corner lies there."""
    return BoundingBox(x, y, x + side, y + side)


def event(
    name: str,
    *,
    x: float = 0.1,
    began_s: float = 10,
    ended_s: float | None = 80,
    kind: ViolationKind = GOODS,
    shops: tuple[str, ...] = ("A-01",),
    excused_by: str | None = None,
    why: str = "",
    box: BoundingBox | None = None,
) -> TruthEvent:
    """One event at x."""
    until = LENGTH_S if ended_s is None else ended_s
    place = None if shops else "corner"
    return TruthEvent(name, kind, shops, place, began_s, ended_s, excused_by, why, (TruthBox(began_s, until, box or square(x)),))


def find(
    name: str,
    *,
    x: float = 0.1,
    from_s: float = 11,
    to_s: float = 80,
    kind: ViolationKind = GOODS,
    shops: tuple[str, ...] = ("A-01",),
    box: BoundingBox | None = None,
) -> Found:
    """One find at x, a candidate ten seconds after it was seen first."""
    return Found(name, kind, shops, "" if shops else "corner", ("goods",), box or square(x), from_s, from_s + 10, to_s, to_s)


def truth(
    *events: TruthEvent, gaps: tuple[TruthGap, ...] = (), camera: str = "CAM01", light: str = "day", held_out: bool = False
) -> ClipTruth:
    """A clip of a hundred seconds."""
    file = Path(f"{camera}.truth.json")
    return ClipTruth(file, f"{camera}.mp4", "", camera, START, LENGTH_S, Conditions(light, "dry"), held_out, DWELL, gaps, events)


def claims(*events: TruthEvent, gaps: tuple[TruthGap, ...] = ()) -> tuple[Claim, ...]:
    """What follows from these events."""
    return claims_of(truth(*events, gaps=gaps), [DWELL] * len(events), margin_s=SETTINGS.margin_s)


def judged(clip: ClipTruth, *finds: Found, problem: str = "") -> JudgedClip:
    """A clip with what was found in it."""
    return JudgedClip(clip, finds, (), f"footage/{clip.clip}", 0.0, problem)


def evaluated(*clips: JudgedClip) -> Evaluation:
    """These clips, compared under their own dwell."""
    return evaluate(clips, lambda clip: [DWELL] * len(clip.events), SETTINGS, judged_by="run made-up")
