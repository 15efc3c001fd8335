"""What of a stream is worth keeping: round the moments of which evidence may be needed, and not a second more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from itertools import groupby
from logging import getLogger
from pathlib import Path

from pipeline.config import DoorlineSettings
from pipeline.errors import SourceError
from pipeline.readers.kept_video import KeptFootage, KeptPart, KeptVideo
from pipeline.readers.stream_ring import RecordedGroup
from pipeline.watching.watched_stream import Ring

_LOG = getLogger(__name__)
_MOST_STILLS = 40
"""Key frames kept of one camera for the middle of a dwell."""
_TIDY_EVERY_S = 10.0
_LEAD_S = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """Media times, both inclusive."""

    start_s: float
    end_s: float

    def touches(self, start_s: float, end_s: float) -> bool:
        """Whether any moment is in both."""
        return self.start_s <= end_s and start_s <= self.end_s


@dataclass(frozen=True, slots=True)
class Moments:
    """Of one violation, media times."""

    first_seen_s: float
    confirmed_s: float | None
    cleared_s: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What evidence may be asked for, on the media timeline."""

    standing_since: Sequence[float] = ()
    """When what stands there now, and is no violation yet, was first seen."""
    violations: Sequence[Moments] = ()
    """Those that are not over."""


@dataclass(slots=True)
class Keeper:
    """Keeps parts of one camera's stream. Belongs to the thread that judges; writing is done by ``writer``, one task after another."""

    settings: DoorlineSettings
    ring: Ring
    video: KeptVideo
    writer: Executor
    where: Path
    _done: set[Span] = field(default_factory=set)
    _still_s: float = float("-inf")
    _tidied_s: float = float("-inf")
    _pending: list[Future[None]] = field(default_factory=list)

    def tend(self, wanted: Wanted, *, may_write: bool = True) -> None:
        """Keep what is complete by now (unless there is no room), let go of what nobody can ask for any more."""
        end_s = self.ring.end_s
        if end_s is None:
            return
        clips = self._clips(wanted)
        complete = [span for span in clips if span.end_s <= end_s and span not in self._done]
        for span in _joined(complete) if may_write else ():
            self._keep(self.ring.groups_between(span.start_s, span.end_s))
        if may_write:
            # Else they wait: when there is room again, the ring may hold them still.
            self._done |= set(complete)
        if may_write and self._is_still_due(wanted, end_s):
            self._still_s = end_s
            newest = self.ring.newest_key()
            if newest is not None:
                self._submit(lambda: self.video.keep_key(newest))
        if end_s - self._tidied_s >= _TIDY_EVERY_S:
            self._tidied_s = end_s
            self._done &= set(clips)
            self._submit(lambda: self._tidy(clips, wanted))

    def flush(self, wanted: Wanted) -> None:
        """Keep what there is by now of clips that are not complete: the ring ends with the program."""
        end_s = self.ring.end_s
        if end_s is not None:
            begun = [Span(span.start_s, min(span.end_s, end_s)) for span in self._clips(wanted) if span not in self._done]
            for span in _joined(span for span in begun if span.start_s < span.end_s):
                self._keep(self.ring.groups_between(span.start_s, span.end_s))

    def written(self) -> tuple[Future[None], ...]:
        """What is being written right now: evidence that needs it waits for these."""
        self._pending = [future for future in self._pending if not future.done()]
        return tuple(self._pending)

    def footage(self) -> KeptFootage:
        """Everything that is kept right now."""
        return self.video.footage()

    def _clips(self, wanted: Wanted) -> list[Span]:
        before_s, after_s = self.settings.evidence.before_s, self.settings.evidence.after_s
        spans = [Span(at - before_s - _LEAD_S, at + after_s) for at in wanted.standing_since]
        for each in wanted.violations:
            first = Span(each.first_seen_s - before_s - _LEAD_S, each.first_seen_s + after_s)
            spans.append(first)
            if each.confirmed_s is not None:
                begins_s = each.confirmed_s - before_s - _LEAD_S
                near = begins_s - first.end_s <= self.settings.evidence.join_clips_within_s
                spans.append(Span(first.start_s if near else begins_s, each.confirmed_s + after_s))
            if each.cleared_s is not None:
                spans.append(Span(each.cleared_s, each.cleared_s + self.settings.looks.interval_s))
        return spans

    def _is_still_due(self, wanted: Wanted, end_s: float) -> bool:
        after_s = self.settings.evidence.after_s
        stands = any(at + after_s < end_s for at in wanted.standing_since)
        return stands and end_s - self._still_s >= self.settings.live.still_every_s

    def _keep(self, groups: Sequence[RecordedGroup]) -> None:
        for _, alike in groupby(groups, key=lambda group: group.form):
            part = tuple(alike)
            self._submit(lambda part=part: self.video.keep(part))  # type: ignore[misc]  # bound now

    def _submit(self, work: Callable[[], object]) -> None:
        def run() -> None:
            try:
                work()
            except (OSError, SourceError) as err:
                # The evidence will say what it lacks.
                _LOG.warning("%s: a part of the stream could not be kept: %s", self.where, err)

        self._pending = [future for future in self._pending if not future.done()]
        self._pending.append(self.writer.submit(run))

    def _tidy(self, clips: Sequence[Span], wanted: Wanted) -> None:
        dwells = [Span(at, float("inf")) for at in wanted.standing_since]
        dwells += [Span(each.first_seen_s, each.confirmed_s or float("inf")) for each in wanted.violations]
        stills: list[KeptPart] = []
        for part in self.video.parts():
            if any(span.touches(part.start_s, part.end_s) for span in clips):
                continue
            if part.start_s == part.end_s and any(span.touches(part.start_s, part.end_s) for span in dwells):
                stills.append(part)
            else:
                self.video.remove(part)
        while len(stills) > _MOST_STILLS:
            # The one between those that lie closest together: what is left stays nearly even, however long it goes on.
            between = min(range(1, len(stills) - 1), key=lambda at: stills[at + 1].start_s - stills[at - 1].start_s)
            self.video.remove(stills.pop(between))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans as one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start_s, span.end_s)):
        if joined and span.start_s <= joined[-1].end_s:
            joined[-1] = Span(joined[-1].start_s, max(joined[-1].end_s, span.end_s))
        else:
            joined.append(span)
    return joined
