"""The architecture on one page: what each stage promises to the next.

uri -> FrameReader -> Look -> Guard -> Detector ... -> Observation -> Rule -> ViolationEvent -> evidence -> records
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias, runtime_checkable

from pipeline.types import (
    BoundingBox,
    Detection,
    Frame,
    GapReason,
    Look,
    Observation,
    Picture,
    ReadSummary,
    SourceClock,
    ViolationEvent,
)


class Footage(Protocol):
    """Random access to a source on the timeline of its reader (media times, seconds), for cutting evidence.

    All methods raise SourceError where the source holds nothing readable at that time or can't be read any more.
    """

    @property
    def codec(self) -> str:
        """ffmpeg's name of the video codec ("h264", "hevc", "mpeg4", ...); "" for a folder of pictures."""
        ...

    @property
    def begin_s(self) -> float:
        """The earliest media time that it may show: 0, or before it where footage from before the beginning is known."""
        ...

    def holds(self, media_time_s: float) -> bool:
        """Whether it can show the look of this media time. Recordings hold all that was read; of a live stream only parts are kept."""
        ...

    def picture_at(self, media_time_s: float) -> tuple[float, Picture]:
        """The first picture not more than 1 ms before this time, with its own media time.

        Asked for the media time of a look, it gives the picture of that look, fully decoded.
        """
        ...

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, Picture]]:
        """All pictures from start to end (both inclusive) with their media times."""
        ...

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Copy the compressed video of this span to a new file (.mp4 or .mkv), without decoding.

        It begins at the last key frame at or before ``start_s`` (or at the first one of the source) and ends
        with the last picture shown at or before ``end_s``. Returns the media time of its first picture.
        SourceError for a folder of pictures.
        """
        ...


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

    def footage(self) -> Footage:
        """Random access to what has been read so far, on the same timeline; usable during and after iteration."""
        ...


class Guard(Protocol):
    """Says whether a look may count. One guard belongs to one camera and is shown its looks in order."""

    def judge(self, frame: Frame) -> GapReason | None:
        """The reason why this look is a gap, or None where it may count."""
        ...


CloserLook: TypeAlias = Callable[[Frame, BoundingBox], tuple[Detection, ...]]
"""What a detector sees in an enlarged cut-out around a box, at full resolution. Boxes are fractions of the whole picture."""


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


@runtime_checkable
class Remembers(Protocol):
    """An eye or a guard with a memory that can be carried over a restart."""

    def memory(self, *, whole: bool) -> object:
        """What it remembers, fit for pickling; of use only to one of the same version.

        ``whole``: all of it, so that one that recalls it goes on as if nothing had happened. Else what a restart needs, which may
        be much smaller: time has passed meanwhile.
        """
        ...

    def recall(self, memory: object) -> None:
        """Go on with what one of the same version remembered. What was drawn or set since then holds."""
        ...


@runtime_checkable
class Assumes(Protocol):
    """An eye that knows what stands there by knowing the ground without it."""

    def assume(self, standing: Sequence[Detection]) -> None:
        """Before the first look, with nothing to recall: this was seen standing, and must not count as gone for want of a memory."""
        ...


class Rule(Protocol):
    """Folds observations of one camera into violation events: pure, no pixels, no clock."""

    @property
    def unsettled(self) -> frozenset[str]:
        """Ids of the violations that may still change after the last look: those that go on, and those that may come back."""
        ...

    def update(self, observation: Observation) -> list[ViolationEvent]:
        """What this look changed, in a fixed order. Looks come in rising time."""
        ...

    def finish(self, at: datetime) -> list[ViolationEvent]:
        """The last word at the end of the observations: changed snapshots of what is still open, nothing cleared."""
        ...
