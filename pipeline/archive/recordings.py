"""Recordings: pieces of footage of known cameras, with the time that each shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.addresses import hide_secrets
from pipeline.archive.finding import PlannedSource
from pipeline.archive.recorder_names import NameReader
from pipeline.config import CameraSettings, LookSettings
from pipeline.errors import SourceError
from pipeline.readers import FootageHeader, read_header
from pipeline.types import ClockSource, SourceClock


@dataclass(frozen=True, slots=True)
class Recording:
    """One piece of footage of one camera, as far as it can be known without a look at its pictures.

    ``duration_s`` is what its container claims, None where it claims nothing. ``content`` changes with what the file holds.
    Looks are wanted from ``from_s`` to ``until_s`` (media times; None: to its end).
    """

    uri: str
    camera: CameraSettings
    clock: SourceClock
    duration_s: float | None
    bytes: int
    content: str
    from_s: float = 0.0
    until_s: float | None = None

    @property
    def name(self) -> str:
        """For people and manifests: the file's name, without secrets."""
        return Path(self.uri).name

    @property
    def shown_uri(self) -> str:
        """As records name it: without secrets."""
        return hide_secrets(self.uri)

    @property
    def start_at(self) -> datetime:
        """When its first picture was taken."""
        return self.clock.start_at

    @property
    def end_at(self) -> datetime | None:
        """When its last picture was taken, as far as it claims."""
        return None if self.duration_s is None else self.start_at + timedelta(seconds=self.duration_s)

    @property
    def looked_at(self) -> str:
        """Changes with what the file holds, when that was, and which part of it is wanted."""
        return " ".join((self.content, self.start_at.isoformat(), f"{self.from_s:g}-", "" if self.until_s is None else f"{self.until_s:g}"))

    @property
    def wanted_s(self) -> float:
        """Seconds of it that shall be looked at; 0 where nobody knows."""
        end_s = self.duration_s if self.until_s is None else min(self.until_s, self.duration_s or self.until_s)
        return max(0.0, (end_s or 0.0) - self.from_s)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A source that can't be judged: one line says why."""

    uri: str
    camera_id: str
    fault: str


def read_recordings(
    sources: Iterable[PlannedSource], looks: LookSettings, names: NameReader, start: datetime | None
) -> tuple[tuple[Recording, ...], tuple[Unusable, ...]]:
    """Recordings in the order in which they were named, and what can't be one.

    Args:
        sources: what was found, with its cameras.
        looks: time zone of names.
        names: the expressions of the settings.
        start: of all of them, if the user knows better.
    """
    recordings, unusable = [], []
    for source in sources:
        if source.camera is None:
            unusable.append(Unusable(hide_secrets(source.uri), "", source.fault))
            continue
        told = names.read(Path(source.uri.removeprefix("file://")))
        try:
            header = read_header(source.uri, start=start or told.start_at, timezone=looks.timezone)
        except SourceError as err:
            unusable.append(Unusable(hide_secrets(source.uri), source.camera.id, str(err)))
            continue
        recordings.append(_recording(source.uri, source.camera, header, told_start=start is None and told.start_at is not None))
    return tuple(recordings), tuple(unusable)


def _recording(uri: str, camera: CameraSettings, header: FootageHeader, *, told_start: bool) -> Recording:
    clock = SourceClock(header.clock.start_at, ClockSource.FILE_NAME) if told_start else header.clock
    return Recording(uri, camera, clock, header.duration_s, header.bytes, header.content)


def within(recordings: Sequence[Recording], since: datetime | None, until: datetime | None) -> tuple[Recording, ...]:
    """Those that show anything of this span, each told which part of it is wanted.

    Of one whose clock is unknown nobody can tell: it is left out as soon as a span is asked for.
    """
    if since is None and until is None:
        return tuple(recordings)
    kept = []
    for each in recordings:
        if not each.clock.known or (until is not None and each.start_at > until):
            continue
        if since is not None and each.end_at is not None and each.end_at < since:
            continue
        from_s = 0.0 if since is None else max(0.0, (since - each.start_at).total_seconds())
        until_s = None if until is None else (until - each.start_at).total_seconds()
        if until_s is not None and each.duration_s is not None and until_s >= each.duration_s:
            until_s = None
        kept.append(replace(each, from_s=from_s, until_s=until_s))
    return tuple(kept)
