"""How much of a span of time was really seen: a pure fold over the looks of a camera, and what places inherit from it.

Time is observed between two looks that count, where no gap lies between them and they are no further apart than the longest
look interval: the very time that can add dwell (pipeline/rules/occupancy.py). All other time is a gap of one reason, so observed
and unobserved time are the whole span, to the microsecond.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from statistics import median
from zoneinfo import ZoneInfo

from pipeline.errors import PipelineError
from pipeline.local_hours import Hours, stretches_of
from pipeline.types import GapReason

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_SECOND = 1_000_000
"""Microseconds: times are whole ones here, so that sums are exact."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is asked about: [since, until), aware, not empty; and how its local hours are read."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    enforcement_hours: tuple[Hours, ...] = ()
    """Empty: always."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was seen of one camera or place within a span. Times in seconds, shares 0..1."""

    observed_s: float
    unobserved_s: float
    share: float
    enforced_share: float | None
    """Of the time within enforcement hours; None where the settings name none, or none lie in the span."""
    longest_unobserved_s: float
    longest_unobserved_since: datetime | None
    """None where all was observed."""
    enforced_longest_s: float
    """The longest time that was not observed within enforcement hours, never over their end; within the span where there are none."""
    enforced_longest_since: datetime | None
    visits: int
    """Stretches of observation."""
    visit_median_s: float | None
    between_median_s: float | None
    """From the end of one visit to the beginning of the next; None below two visits."""
    between_longest_s: float | None
    by_hour: tuple[float | None, ...]
    """Share observed of each hour of the local day, 24 of them; None for hours that the span does not touch."""

    @property
    def required_share(self) -> float:
        """What a demand is measured by: within enforcement hours where there are any, else of the whole span."""
        return self.share if self.enforced_share is None else self.enforced_share


@dataclass(frozen=True, slots=True)
class CameraCoverage:
    """One camera within a span."""

    camera_id: str
    looks: int
    counted: int
    """Looks that count."""
    last_seen_at: datetime | None
    """The last look that counts."""
    gaps: tuple[tuple[GapReason, float], ...]
    """Seconds by reason, most first; time without any look is ``no_look``."""
    figures: Figures
    observed: Stretches


@dataclass(frozen=True, slots=True)
class PlaceCoverage:
    """One shop or public place within a span: what all cameras that show it have seen together."""

    shop_code: str
    """Empty for a public place."""
    name: str
    """Of the place, or of who holds the shop."""
    cameras: tuple[str, ...]
    last_seen_at: datetime | None
    figures: Figures


class Stretches:
    """Stretches of time in rising order, apart from each other. 16 bytes each, so that a year of them is small."""

    def __init__(self) -> None:
        """None yet."""
        self._starts = array("q")
        self._ends = array("q")

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Begin and end of each, microseconds since 1970."""
        return zip(self._starts, self._ends, strict=True)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._starts)

    def add(self, start: int, end: int) -> None:
        """Add the next one, not empty; one that begins before the last one's end continues it."""
        if self._ends and start <= self._ends[-1]:
            self._ends[-1] = max(end, self._ends[-1])
        else:
            self._starts.append(start)
            self._ends.append(end)

    @property
    def total(self) -> int:
        """Microseconds in all."""
        return sum(self._ends) - sum(self._starts)

    def shared_with(self, other: Stretches) -> int:
        """Microseconds that lie in both."""
        total = 0
        theirs = iter(other)
        start, end = next(theirs, (0, 0))
        for first, last in self:
            while end <= last and end > start:
                total += max(0, end - max(start, first))
                start, end = next(theirs, (0, 0))
            total += max(0, min(end, last) - max(start, first))
        return total

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What lies between them, from start to end; they must lie within."""
        for first, last in self:
            if first > start:
                yield start, first
            start = last
        if end > start:
            yield start, end


def union_of(parts: Sequence[Stretches]) -> Stretches:
    """Time that lies in any of these."""
    if len(parts) == 1:
        return parts[0]
    union = Stretches()
    for start, end in merge(*parts):
        union.add(start, end)
    return union


@dataclass(frozen=True, slots=True)
class LookRun:
    """Looks in a row that say the same, each no longer after the one before it than what still counts as looking."""

    first: datetime
    last: datetime
    looks: int
    """1 or more; where it is 1, ``first`` and ``last`` are the same."""
    gap: GapReason | None


class CoverageFold:
    """The looks of one camera, one after the other. Remembers stretches, no looks."""

    def __init__(self, longest_step_s: float, since: datetime | None = None, until: datetime | None = None) -> None:
        """Count only what lies in [since, until); None: no limit.

        ``longest_step_s``: time between two looks beyond which nobody was looking.
        """
        self._longest = round(longest_step_s * _SECOND)
        self._since = None if since is None else _ticks(since)
        self._until = None if until is None else _ticks(until)
        self._observed = Stretches()
        self._gaps: Counter[GapReason] = Counter()
        self._looks = self._counted = 0
        self._seen: int | None = None
        self._first: int | None = None
        self._last: tuple[int, GapReason | None] | None = None

    @property
    def first_at(self) -> datetime | None:
        """The first look that was added."""
        return None if self._first is None else _moment(self._first)

    @property
    def last_at(self) -> datetime | None:
        """The last look that was added."""
        return None if self._last is None else _moment(self._last[0])

    def add(self, captured_at: datetime, gap: GapReason | None) -> None:
        """Fold in one look; those just before and after the limits tell about the time at them. PipelineError out of order."""
        at = _ticks(captured_at)
        if self._last is None:
            self._first = at
        else:
            if at <= self._last[0]:
                raise PipelineError("looks out of order", expected=f"later than {_moment(self._last[0])}", found=str(captured_at))
            self._step(self._last, (at, gap))
        self._last = (at, gap)
        if (self._since is None or at >= self._since) and (self._until is None or at < self._until):
            self._looks += 1
            if gap is None:
                self._counted += 1
                self._seen = at

    def add_run(self, run: LookRun) -> None:
        """Fold in looks in a row that say the same. Those of a run that lies across a limit count where its last one lies."""
        self.add(run.first, run.gap)
        if run.looks == 1:
            return
        first, last = _ticks(run.first), _ticks(run.last)
        start = first if self._since is None else max(first, self._since)
        end = last if self._until is None else min(last, self._until)
        if start < end and run.gap is None:
            self._observed.add(start, end)
        elif start < end and run.gap is not None:
            self._gaps[run.gap] += end - start
        self._last = (last, run.gap)
        if (self._since is None or last >= self._since) and (self._until is None or last < self._until):
            self._looks += run.looks - 1
            if run.gap is None:
                self._counted += run.looks - 1
                self._seen = last

    def coverage(self, camera_id: str, span: Span) -> CameraCoverage:
        """What was seen of the span, which must be what this fold was limited to, or hold all its looks. Changes nothing."""
        since, until = _ticks(span.since), _ticks(span.until)
        gaps = self._gaps.copy()
        before = until if self._first is None else min(max(since, self._first), until)
        after = before if self._last is None else min(max(since, self._last[0]), until)
        unlooked = before - since + until - after
        if unlooked:
            gaps[GapReason.NO_LOOK] += unlooked
        return CameraCoverage(
            camera_id=camera_id,
            looks=self._looks,
            counted=self._counted,
            last_seen_at=None if self._seen is None else _moment(self._seen),
            gaps=tuple((reason, ticks / _SECOND) for reason, ticks in sorted(gaps.items(), key=lambda item: (-item[1], item[0]))),
            figures=figures_of(self._observed, span),
            observed=self._observed,
        )

    def _step(self, before: tuple[int, GapReason | None], now: tuple[int, GapReason | None]) -> None:
        """The time from one look to the next: observed, or a gap of one reason."""
        start = before[0] if self._since is None else max(before[0], self._since)
        end = now[0] if self._until is None else min(now[0], self._until)
        if start >= end:
            return
        # The time up to a failed look is that look's, the time after the last of them is its too.
        reason = GapReason.NO_LOOK if now[0] - before[0] > self._longest else now[1] or before[1]
        if reason is None:
            self._observed.add(start, end)
        else:
            self._gaps[reason] += end - start


def place_coverage(shop_code: str, name: str, cameras: Sequence[CameraCoverage], span: Span) -> PlaceCoverage:
    """What the cameras that show a place have seen of it together: the union of their times, not the sum."""
    return PlaceCoverage(
        shop_code=shop_code,
        name=name,
        cameras=tuple(camera.camera_id for camera in cameras),
        last_seen_at=max((camera.last_seen_at for camera in cameras if camera.last_seen_at), default=None),
        figures=figures_of(union_of([camera.observed for camera in cameras]), span),
    )


def figures_of(observed: Stretches, span: Span) -> Figures:
    """All figures of a span of which these stretches, which lie in it, were observed."""
    since, until = _ticks(span.since), _ticks(span.until)
    total = observed.total
    unobserved = list(observed.between(since, until))
    longest = max(unobserved, key=lambda part: (part[1] - part[0], -part[0]), default=None)
    lengths = [end - start for start, end in observed]
    enforced = max(_within(unobserved, _enforced(span)), key=lambda part: (part[1] - part[0], -part[0]), default=None)
    pauses = [end - start for start, end in unobserved if start > since and end < until]
    return Figures(
        observed_s=total / _SECOND,
        unobserved_s=(until - since - total) / _SECOND,
        share=total / (until - since),
        enforced_share=_enforced_share(observed, span),
        longest_unobserved_s=(longest[1] - longest[0]) / _SECOND if longest else 0.0,
        longest_unobserved_since=_moment(longest[0]) if longest else None,
        enforced_longest_s=(enforced[1] - enforced[0]) / _SECOND if enforced else 0.0,
        enforced_longest_since=_moment(enforced[0]) if enforced else None,
        visits=len(observed),
        visit_median_s=median(lengths) / _SECOND if lengths else None,
        between_median_s=median(pauses) / _SECOND if pauses else None,
        between_longest_s=max(pauses) / _SECOND if pauses else None,
        by_hour=_by_hour(observed, span),
    )


def _enforced_share(observed: Stretches, span: Span) -> float | None:
    enforced = _enforced(span)
    return observed.shared_with(enforced) / enforced.total if len(enforced) else None


def _enforced(span: Span) -> Stretches:
    """The enforcement hours of a span; none where there are none."""
    enforced = Stretches()
    for start, end in stretches_of(span.enforcement_hours, span.since, span.until, span.zone):
        enforced.add(_ticks(start), _ticks(end))
    return enforced


def _within(parts: Sequence[tuple[int, int]], hours: Stretches) -> Iterator[tuple[int, int]]:
    """What of these lies within hours; all of it where there are none."""
    if not len(hours):
        yield from parts
    for first, last in hours:
        for start, end in parts:
            if start < last and end > first:
                yield max(start, first), min(end, last)


def _by_hour(observed: Stretches, span: Span) -> tuple[float | None, ...]:
    asked = _hours_in(_ticks(span.since), _ticks(span.until), span.zone)
    seen: Counter[int] = Counter()
    for start, end in observed:
        seen.update(_hours_in(start, end, span.zone))
    return tuple(seen[hour] / asked[hour] if asked[hour] else None for hour in range(24))


def _hours_in(start: int, end: int, zone: ZoneInfo) -> Counter[int]:
    """Microseconds of a stretch by hour of the local day."""
    found: Counter[int] = Counter()
    while start < end:
        local = _moment(start).astimezone(zone)
        rest = 3600 * _SECOND - ((local.minute * 60 + local.second) * _SECOND + local.microsecond)
        upto = min(end, start + rest)
        found[local.hour] += upto - start
        start = upto
    return found


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK
