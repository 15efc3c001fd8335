"""What a batch would judge, said before it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from pipeline.cli.printing import ERRORS, OUT, clock, counted, duration, table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from pipeline.archive.planning import ArchivePlan
    from pipeline.archive.series import Series
    from pipeline.estimating import Estimate


def print_plan(plan: ArchivePlan, estimate: Estimate, zone: ZoneInfo) -> None:
    """A line for each series, what is left out and why, and how long it would take."""
    shown = table("Would be judged", "camera", "from", "to", "recordings", "footage", "size", "first source")
    for series in plan.series:
        shown.add_row(*_cells(series, zone))
    OUT.print(shown)
    for series in plan.series:
        for recording in series.recordings:
            for note in series.notes_of(recording):
                OUT.print(f"[yellow]note[/] {escape(recording.name)}: {escape(note)}", soft_wrap=True)
    for each in plan.covered:
        said = f"{each.recording.name}: needs no look, {each.by.name} shows the same time"
        OUT.print(f"[yellow]note[/] {escape(said)}", soft_wrap=True)
    for broken in plan.unusable:
        ERRORS.print(f"[bold red]failed[/] {escape(broken.fault)}", soft_wrap=True)
    if plan.outside:
        OUT.print(f"{counted(plan.outside, 'recording')} of other streets or times left out")
    footage = f"{counted(plan.recordings, 'recording')} of {duration(plan.wanted_s)}, {counted(estimate.looks, 'look')}"
    OUT.print(f"{footage}: {_how_long(plan, estimate)}", soft_wrap=True)


def plan_as_json(plan: ArchivePlan, estimate: Estimate) -> dict[str, Any]:
    """Plain values for ``--json``."""
    return {
        "series": [
            {
                "camera": series.camera.id,
                "start_at": series.first.start_at.isoformat() if series.first.clock.known else None,
                "wanted_s": series.wanted_s,
                "recordings": [
                    {"source": each.shown_uri, "bytes": each.bytes, "wanted_s": each.wanted_s, "notes": list(series.notes_of(each))}
                    for each in series.recordings
                ],
            }
            for series in plan.series
        ],
        "covered": [{"source": each.recording.shown_uri, "by": each.by.shown_uri} for each in plan.covered],
        "unusable": [{"source": each.uri, "camera": each.camera_id, "error": each.fault} for each in plan.unusable],
        "outside": plan.outside,
        "looks": estimate.looks,
        "estimated_s": estimate.seconds,
    }


def _cells(series: Series, zone: ZoneInfo) -> tuple[str, ...]:
    first, last = series.recordings[0], series.recordings[-1]
    known = first.clock.known
    return (
        escape(series.camera.id),
        clock(first.start_at, None, zone) if known else "unknown",
        clock(last.end_at, None, zone) if known and last.end_at else "unknown",
        str(len(series.recordings)),
        duration(series.wanted_s),
        f"{sum(each.bytes for each in series.recordings) / 1e6:,.1f} MB",
        escape(Path(first.uri).name),
    )


def _how_long(plan: ArchivePlan, estimate: Estimate) -> str:
    if estimate.seconds is None:
        return "nothing of it could be tried, so nobody knows how long it would take"
    speed = plan.wanted_s / estimate.seconds if estimate.seconds else 0.0
    return f"about {duration(estimate.seconds)} on this machine as busy as it is now ({speed:.0f}x real time), evidence not counted"
