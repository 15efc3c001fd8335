"""The architecture on one page: what each stage promises to the next.

uri -> FrameReader -> Look -> Guard -> Detector ... -> Observation -> Rule -> ViolationEvent -> evidence -> records
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from pipeline.types import (
    Detection,
    Frame,
    GapReason,
    Look,
    Observation,
    ReadSummary,
    SourceClock,
    ViolationEvent,
)


class FrameReader(Protocol):
    """Gives the looks that were asked for, in strictly rising time, and says what it could not give.

    Opening raises SourceError. While iterating nothing is raised for damaged data: what can't be read becomes
    a MissedLook and a fault in ``summary()``.
    """

    @property
    def clock(self) -> SourceClock:
        """Wall-clock time of media time 0, and where it came from."""
        ...

    @property
    def duration_s(self) -> float | None:
        """Length of the source in seconds as its container claims it; None where it says nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def __iter__(self) -> Iterator[Look]: ...

    def summary(self) -> ReadSummary:
        """What was read so far; complete once iteration has ended."""
        ...


class Guard(Protocol):
    """Says whether a look may count. One guard belongs to one camera and is shown its looks in order."""

    def judge(self, frame: Frame) -> GapReason | None:
        """The reason why this look is a gap, or None where it may count."""
        ...


class Detector(Protocol):
    """One eye of a chain that belongs to one camera and is shown its looks in order.

    Results depend on the looks alone, never on how they were cut into batches.
    """

    @property
    def version(self) -> str:
        """Name and content hash of what looks: the same version gives the same answer to the same looks."""
        ...

    def detect(self, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]]) -> list[tuple[Detection, ...]]:
        """Everything known of each frame after this eye: what earlier eyes saw plus its own.

        Args:
            frames: looks that may count, in time order.
            earlier: per frame, what the eyes before this one saw (empty tuples for the first).

        Returns:
            One tuple per frame, same length and order.

        Raises:
            ModelError: the model failed. A failure is never "no detections".
        """
        ...


class Rule(Protocol):
    """Folds observations of one camera into violation events: pure, no pixels, no clock."""

    def update(self, observation: Observation) -> list[ViolationEvent]:
        """What this look changed, in a fixed order. Looks come in rising time."""
        ...

    def finish(self, at: datetime) -> list[ViolationEvent]:
        """The last word at the end of the observations: changed snapshots of what is still open, nothing cleared."""
        ...
