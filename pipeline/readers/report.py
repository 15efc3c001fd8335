"""What a reader could not read, in sentences for the run's summary."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.readers.groups import DemuxCounts
from pipeline.readers.timeline import LONGEST_HOLE_S, Timeline
from pipeline.types import ReadSummary


@dataclass(slots=True)
class ReadCounts:
    """What was looked at so far. Numbers only: memory stays flat over hours."""

    looks: int = 0
    missed: int = 0
    decoded: int = 0
    damaged: int = 0
    """Packets that failed while decoding."""
    first_s: float | None = None
    last_s: float | None = None
    """Media time of the last picture in the file, looked at or not."""
    lenient: bool = False
    """Whether the video breaks its codec's rules everywhere, so that damage can't be told apart."""
    listed: int = 0
    """Pictures that the container lists; 0 where it doesn't."""
    ended: bool = False
    """Whether reading has come to the end of the file."""
    ends_torn: bool = False
    """Whether the file ends in the middle of a packet."""
    claimed_s: float | None = None
    """The end that the container claims, where the pictures end before it."""


def summarise(counts: ReadCounts, demuxed: DemuxCounts, timeline: Timeline) -> ReadSummary:
    """The summary of a video file."""
    damaged = counts.damaged + demuxed.damaged + demuxed.unreadable
    return ReadSummary(
        looks=counts.looks,
        missed_looks=counts.missed,
        frames_decoded=counts.decoded,
        damaged_packets=damaged,
        first_media_time_s=counts.first_s,
        last_media_time_s=counts.last_s,
        faults=tuple(_faults(counts, demuxed, timeline, damaged)),
    )


def _faults(counts: ReadCounts, demuxed: DemuxCounts, timeline: Timeline, damaged: int) -> list[str]:
    faults = []
    if damaged:
        why = f" ({demuxed.error})" if demuxed.error else ""
        faults.append(f"{damaged} of {demuxed.packets + demuxed.unreadable} packets damaged{why}")
    if demuxed.before_key:
        faults.append(f"{demuxed.before_key} packet{_s(demuxed.before_key)} before the first key frame can't be decoded")
    if demuxed.holes:
        seconds = float(demuxed.hole_ticks * timeline.time_base)
        faults.append(f"packets are missing in {demuxed.holes} place{_s(demuxed.holes)}, {seconds:.1f} s in all")
    if counts.lenient:
        faults.append("the video breaks the rules of its codec throughout: damage to its pictures can't be told")
    faults += _faults_at_the_end(counts, demuxed) if counts.ended else []
    if counts.missed:
        faults.append(f"{counts.missed} look{_s(counts.missed)} lost: nothing readable where one was due")
    return faults + _faults_of_time(timeline)


def _faults_at_the_end(counts: ReadCounts, demuxed: DemuxCounts) -> list[str]:
    faults = []
    if demuxed.packets < counts.listed:
        faults.append(f"the file lists {counts.listed} pictures, but holds {demuxed.packets}")
    if counts.ends_torn:
        faults.append("the file ends in the middle of a packet")
    if counts.claimed_s is not None:
        end = "there is no picture" if counts.last_s is None else f"the pictures end at {counts.last_s:.1f} s"
        faults.append(f"the file says that it lasts {counts.claimed_s:.1f} s, but {end}")
    return faults


def _faults_of_time(timeline: Timeline) -> list[str]:
    faults = []
    if timeline.jumps:
        first = f", first at {timeline.first_jump_s:.1f} s" if timeline.first_jump_s is not None else ""
        faults.append(
            f"the time stamps jump {timeline.jumps} time{_s(timeline.jumps)} (backwards, or by more than "
            f"{LONGEST_HOLE_S / 60:.0f} min{first}): time runs on across each jump, what lies between is unknown"
        )
    if timeline.made_up:
        faults.append(f"{timeline.made_up} time stamp{_s(timeline.made_up)} missing or impossible, taken from the packets around")
    return faults


def _s(count: int) -> str:
    return "" if count == 1 else "s"
