"""What really happened in a clip, as somebody who knows it wrote it down. Plain frozen values.

Times are seconds from the first picture of the clip, boxes are fractions 0..1 of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.config import DwellSettings
from pipeline.types import BoundingBox, ViolationKind

OPTIONAL = "optional"
"""As ``excused_by``: it may be reported or not, and counts neither way."""


@dataclass(frozen=True, slots=True)
class TruthBox:
    """Where something stood from ``from_s`` to ``to_s``: the smallest box around all of it, and how many things that was."""

    from_s: float
    to_s: float
    box: BoundingBox
    things: int = 1


@dataclass(frozen=True, slots=True)
class TruthGap:
    """A time in which nothing can be known: a frozen picture, a turned camera, darkness."""

    from_s: float
    to_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class TruthEvent:
    """One thing that happened and that an officer would have an opinion on.

    ``began_s`` may lie before the clip (less than 0), ``ended_s`` is None where it still stood at the end. ``shop_codes`` is sorted: one
    code: that shop; several: nobody can tell among them; none: the place. ``excused_by`` says why it must not be
    reported (None: it must, if it stands long enough; "optional": it may or may not). ``metres_beyond`` is its furthest reach
    beyond the door line, where known.
    """

    name: str
    kind: ViolationKind
    shop_codes: tuple[str, ...]
    place: str | None
    began_s: float
    ended_s: float | None
    excused_by: str | None
    why: str
    boxes: tuple[TruthBox, ...]
    metres_beyond: float | None = None

    def box_at(self, at_s: float) -> BoundingBox | None:
        """Where it stood at that moment; None if it did not."""
        return next((span.box for span in self.boxes if span.from_s <= at_s < span.to_s), None)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Light and weather of a clip, as free words: figures are given for each."""

    light: str = "unknown"
    weather: str = "unknown"


@dataclass(frozen=True, slots=True)
class ClipTruth:
    """One clip (or a stretch of a camera's time) and everything that happened in it.

    ``dwell`` is the dwell that it is meant to be judged with; None: that of the configuration. ``file`` is where all this is written.
    """

    file: Path
    clip: str
    title: str
    camera_id: str
    starts_at: datetime
    length_s: float
    conditions: Conditions
    held_out: bool
    dwell: DwellSettings | None
    gaps: tuple[TruthGap, ...]
    events: tuple[TruthEvent, ...]

    @property
    def ends_at(self) -> datetime:
        """Wall-clock time at which it ends."""
        return self.starts_at + timedelta(seconds=self.length_s)

    @property
    def name(self) -> str:
        """What people call it: the clip's file name, else the truth file's."""
        return self.clip or self.file.name.removesuffix(".truth.json")
