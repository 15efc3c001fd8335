"""What a run said, beside the truth: each clip with what was found in it. Pure.

What was found is told in media seconds of its source first, then in seconds of the clip that the truth is about, which may be a part
of a longer recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.evaluation.truth import ClipTruth, TruthGap
from pipeline.types import BoundingBox, ViolationKind


@dataclass(frozen=True, slots=True)
class Found:
    """One violation as a run found it. Times in seconds; ``cleared_s`` is None where it was still there at the end."""

    violation_id: str
    kind: ViolationKind
    shop_codes: tuple[str, ...]
    place: str
    labels: tuple[str, ...]
    box: BoundingBox
    first_seen_s: float
    confirmed_s: float
    last_seen_s: float
    cleared_s: float | None

    @property
    def ended_s(self) -> float:
        """When it was gone, or last seen."""
        return self.last_seen_s if self.cleared_s is None else max(self.last_seen_s, self.confirmed_s)

    @property
    def whose(self) -> str:
        """Its shop, its candidates joined by "or", or its place."""
        return " or ".join(self.shop_codes) or self.place

    def shifted(self, seconds: float) -> Found:
        """The same, told so many seconds later."""
        return replace(
            self,
            first_seen_s=self.first_seen_s + seconds,
            confirmed_s=self.confirmed_s + seconds,
            last_seen_s=self.last_seen_s + seconds,
            cleared_s=None if self.cleared_s is None else self.cleared_s + seconds,
        )


@dataclass(frozen=True, slots=True)
class JudgedSource:
    """One source of a run (or one log judged again). ``start_at`` is the time of its first picture, None where unknown.

    ``to_s`` is the media time of its last look; ``error`` is why it was not judged to its end ("" if it was). ``gaps`` are
    the times in which the run saw nothing that may count.
    """

    uri: str
    name: str
    camera_id: str
    start_at: datetime | None
    to_s: float
    error: str
    found: tuple[Found, ...]
    gaps: tuple[TruthGap, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedClip:
    """One clip with what was found in it, in seconds of the clip, by first sight.

    ``problem`` says why it was not judged ("" if it was). ``media_s`` is the media time of the clip's beginning in its source.
    """

    truth: ClipTruth
    found: tuple[Found, ...]
    gaps: tuple[TruthGap, ...]
    source_uri: str
    media_s: float
    problem: str = ""


def judged_clips(truths: Iterable[ClipTruth], sources: Sequence[JudgedSource]) -> tuple[JudgedClip, ...]:
    """Each clip with the source of the same camera and time; without a wall clock the file name decides."""
    return tuple(_judged(truth, sources) for truth in truths)


def outside_of_truth(clips: Iterable[JudgedClip], sources: Iterable[JudgedSource]) -> int:
    """Number of found violations that lie in no clip of the truth: nobody can say whether they are right."""
    told = {found.violation_id for clip in clips for found in clip.found}
    return sum(found.violation_id not in told for source in sources for found in source.found)


def _judged(truth: ClipTruth, sources: Sequence[JudgedSource]) -> JudgedClip:
    matching = [(source, offset) for source in sources if (offset := _offset_s(truth, source)) is not None]
    if not matching:
        return JudgedClip(truth, (), (), "", 0.0, "no source of this camera and time in the run")
    # Where a recording was judged twice, the one that covers most of the clip is meant.
    source, offset = max(matching, key=lambda match: _covered_s(truth, *match))
    found = [one.shifted(-offset) for one in source.found]
    inside = sorted((one for one in found if _lies_in(truth, one)), key=lambda one: (one.first_seen_s, one.violation_id))
    gaps = [TruthGap(max(gap.from_s - offset, 0.0), min(gap.to_s - offset, truth.length_s), gap.reason) for gap in source.gaps]
    inside_gaps = tuple(gap for gap in gaps if gap.from_s < gap.to_s)
    return JudgedClip(truth, tuple(inside), inside_gaps, source.uri, offset, source.error)


def _offset_s(truth: ClipTruth, source: JudgedSource) -> float | None:
    """Media time of the clip's beginning in a source; None where the source is of another camera or time."""
    if source.camera_id != truth.camera_id:
        return None
    if source.start_at is None:
        return 0.0 if truth.clip and source.name == truth.clip else None
    ends_at = source.start_at + timedelta(seconds=source.to_s)
    if source.start_at >= truth.ends_at or ends_at < truth.starts_at:
        return None
    return (truth.starts_at - source.start_at).total_seconds()


def _covered_s(truth: ClipTruth, source: JudgedSource, offset_s: float) -> float:
    return min(source.to_s, offset_s + truth.length_s) - max(0.0, offset_s)


def _lies_in(truth: ClipTruth, found: Found) -> bool:
    """Whether it was a violation at some time of the clip."""
    return found.confirmed_s < truth.length_s and max(found.ended_s, found.confirmed_s) >= 0
