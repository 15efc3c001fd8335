"""What a batch will judge: words of the command line -> series, and all that is left out with its reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pipeline.archive.finding import plan_sources
from pipeline.archive.recorder_names import NameReader
from pipeline.archive.recordings import Unusable, read_recordings, within
from pipeline.archive.series import Covered, Series, series_of
from pipeline.config import DoorlineSettings
from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """What the user named.

    ``camera_id``: of all of it, where names don't tell. ``start``: of each recording. ``streets``: those to judge, empty for all.
    ``since``, ``until``: the span to judge, aware.
    """

    words: tuple[str, ...]
    camera_id: str | None = None
    start: datetime | None = None
    streets: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """``outside`` counts recordings of other streets and times."""

    series: tuple[Series, ...]
    unusable: tuple[Unusable, ...] = ()
    covered: tuple[Covered, ...] = ()
    outside: int = 0

    @property
    def recordings(self) -> int:
        """All that will be judged."""
        return sum(len(series.recordings) for series in self.series)

    @property
    def wanted_s(self) -> float:
        """Seconds to be looked at, as far as is known."""
        return sum(series.wanted_s for series in self.series)


def plan_archive(settings: DoorlineSettings, request: ArchiveRequest) -> ArchivePlan:
    """Find, read the headers of, and order what the user named. Series come in the order in which they were named first.

    Raises ConfigError: unknown camera or street, a list that can't be read, a span that ends before it begins.
    """
    _check(settings, request)
    names = NameReader(settings.looks.file_names, settings.looks.timezone)
    sources = plan_sources(settings.cameras, request.words, request.camera_id, names)
    recordings, unusable = read_recordings(sources, settings.looks, names, request.start)
    of_streets = [each for each in recordings if not request.streets or each.camera.street in request.streets]
    wanted = within(of_streets, request.since, request.until)
    series, covered = series_of(wanted, apart_s=settings.looks.apart_s)
    place = {each.uri: number for number, each in enumerate(recordings)}
    ordered = sorted(series, key=lambda series: min(place[each.uri] for each in series.recordings))
    return ArchivePlan(tuple(ordered), unusable, covered, len(recordings) - len(wanted))


def _check(settings: DoorlineSettings, request: ArchiveRequest) -> None:
    if request.since and request.until and request.until <= request.since:
        raise ConfigError(
            "the span ends before it begins", where="--until", expected=f"later than {request.since}", found=str(request.until)
        )
    known = {camera.street for camera in settings.cameras if camera.street}
    strange = sorted(set(request.streets) - known)
    if strange:
        raise ConfigError("unknown street", where="--street", expected=f"one of {', '.join(sorted(known)) or 'none'}", found=strange[0])
