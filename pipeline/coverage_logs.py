"""Observation logs -> how much was really seen: which logs there are, read look by look, and whose places their cameras show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.coverage import CameraCoverage, CoverageFold, LookRun, PlaceCoverage, Span, place_coverage
from pipeline.errors import ConfigError, FaultsError, PipelineError, RecordError
from pipeline.look_runs import HOUR_OF_LOG, LookLogs, told_seconds
from pipeline.observations import LoggedRun, read_log
from pipeline.shops import ShopRegistry, load_shops
from pipeline.types import GapReason
from pipeline.zones import CameraZones, ZoneKind
from pipeline.zones.zone_files import load_zones


@dataclass(frozen=True, slots=True)
class CoverageRequest:
    """What is asked. Times are aware; None: from the first look of the logs to the last."""

    settings: DoorlineSettings
    since: datetime | None = None
    until: datetime | None = None
    cameras: tuple[str, ...] = ()
    """Empty: all that have a live stream or a live log, or all that the given logs are of."""
    logs: tuple[Path, ...] = ()
    """Logs, or folders of them, instead of those of the live cameras."""


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """What was seen of the span, worst first."""

    since: datetime
    until: datetime
    cameras: tuple[CameraCoverage, ...]
    places: tuple[PlaceCoverage, ...]
    faults: tuple[str, ...]
    """Logs that could not be read in full: what they hold beyond counts as not looked at."""
    enforced_gaps: Mapping[str, tuple[tuple[GapReason, float], ...]] = field(default_factory=dict)
    """Of live cameras: seconds not observed within enforcement hours (of the whole span where there are none), by reason, most first."""


def coverage_of(request: CoverageRequest) -> CoverageReport:
    """Fold all logs. Needs memory for stretches of observation, not for looks.

    Raises:
        ConfigError: a camera or the camera of a log is not configured, the span is empty, or nothing says what it is.
        FaultsError: zones or the shop list are refused, or no log can be read and nothing says what the span is.
    """
    faults: list[str] = []
    logs = _given(request, faults) if request.logs else _live(request, faults)
    shops = load_shops(request.settings.shops) if request.settings.shops else None
    zones = {
        camera.id: load_zones(camera.zones, camera_id=camera.id, shops=shops) for camera in request.settings.cameras if camera.id in logs
    }
    folds = {camera_id: _fold(paths, request, faults) for camera_id, paths in logs.items()}
    since, until = _asked(request, list(folds.values()), faults)
    return _report(request.settings, folds, (since, until), zones, shops, faults)


def live_coverage(
    settings: DoorlineSettings,
    cameras: Sequence[CameraSettings],
    looks: LookLogs,
    span: tuple[datetime, datetime],
    shops: ShopRegistry | None,
    on_camera: Callable[[int], None] = lambda _: None,
) -> CoverageReport:
    """The same for live cameras and a span that is given, from logs that are kept in mind. Zones that are refused are told as a fault.

    Args:
        settings: with all that counts.
        cameras: which.
        looks: of their logs.
        span: from when to when, aware, not empty.
        shops: for the names of those who hold them.
        on_camera: told how many cameras are counted.
    """
    faults: list[str] = []
    zones: dict[str, CameraZones] = {}
    folds: dict[str, CoverageFold] = {}
    gaps: dict[str, tuple[tuple[GapReason, float], ...]] = {}
    for number, camera in enumerate(cameras, start=1):
        try:
            zones[camera.id] = load_zones(camera.zones, camera_id=camera.id, shops=shops)
        except PipelineError as err:
            faults.append(str(err))
        logged = looks.of(camera.id, *span)
        faults += logged.faults
        folds[camera.id] = fold = CoverageFold(settings.rules.longest_look_interval_s, *span)
        for run in logged.runs:
            fold.add_run(run)
        zone = zones[camera.id].timezone if camera.id in zones else ZoneInfo(settings.looks.timezone)
        gaps[camera.id] = _enforced_gaps(logged.runs, Span(*span, zone, settings.rules.enforcement_hours), settings)
        on_camera(number)
    return replace(_report(settings, folds, span, zones, shops, faults), enforced_gaps=gaps)


def _enforced_gaps(runs: Sequence[LookRun], span: Span, settings: DoorlineSettings) -> tuple[tuple[GapReason, float], ...]:
    told = told_seconds(runs, span, timedelta(seconds=settings.rules.longest_look_interval_s))
    return tuple((reason, seconds) for reason, seconds in told.items() if reason is not None)


def _report(
    settings: DoorlineSettings,
    folds: Mapping[str, CoverageFold],
    span: tuple[datetime, datetime],
    zones: Mapping[str, CameraZones],
    shops: ShopRegistry | None,
    faults: Sequence[str],
) -> CoverageReport:
    since, until = span
    default, hours = ZoneInfo(settings.looks.timezone), settings.rules.enforcement_hours
    spans = {name: Span(since, until, zones[name].timezone if name in zones else default, hours) for name in folds}
    cameras = [fold.coverage(camera_id, spans[camera_id]) for camera_id, fold in folds.items()]
    known = [camera for camera in cameras if camera.camera_id in zones]
    places = _places(settings.cameras, known, zones, spans, shops)
    return CoverageReport(
        since,
        until,
        tuple(sorted(cameras, key=lambda camera: (camera.figures.required_share, camera.figures.share, camera.camera_id))),
        tuple(sorted(places, key=lambda place: (place.figures.observed_s, place.shop_code, place.name))),
        tuple(faults),
    )


# --- which logs --------------------------------------------------------------------------------------------


def _given(request: CoverageRequest, faults: list[str]) -> dict[str, list[LoggedRun]]:
    """The given logs by camera, each camera's in the order of their first looks."""
    wanted = _known(request, request.cameras)
    found: dict[str, list[tuple[datetime, LoggedRun]]] = {}
    for path in (log for given in request.logs for log in (sorted(given.rglob("*.jsonl")) if given.is_dir() else [given])):
        logged = _opened(path, faults)
        if logged is None or (wanted and logged.header.camera_id not in wanted):
            continue
        _known(request, [logged.header.camera_id], where=str(path))
        if not logged.header.clock.known:
            faults.append(f"{path}: nobody knows when this was recorded; left out")
            continue
        first = next(_looks([logged], faults), None)
        if first is not None:
            found.setdefault(logged.header.camera_id, []).append((first[0], logged))
    logs = {camera_id: [log for _, log in sorted(pairs, key=lambda pair: (pair[0], pair[1].path))] for camera_id, pairs in found.items()}
    return {camera_id: [] for camera_id in wanted} | logs


def _live(request: CoverageRequest, faults: list[str]) -> dict[str, list[LoggedRun]]:
    """The hourly logs of the live cameras, as far as they may hold looks of the span."""
    settings, wanted = request.settings, _known(request, request.cameras)
    beside = timedelta(seconds=settings.rules.longest_look_interval_s)
    first = f"{(request.since - beside).astimezone(UTC):{HOUR_OF_LOG}}" if request.since else ""
    last = f"{(request.until + beside).astimezone(UTC):{HOUR_OF_LOG}}" if request.until else "9"
    found = {}
    for camera in settings.cameras:
        folder = settings.observations / "live" / camera.id
        if camera.id in wanted or (not wanted and (camera.stream or folder.is_dir())):
            paths = [path for path in sorted(folder.glob("*.jsonl")) if first <= path.name[: len("20240131T09")] <= last]
            found[camera.id] = [logged for path in paths if (logged := _opened(path, faults)) is not None]
    return found


def _known(request: CoverageRequest, camera_ids: Sequence[str], where: str = "--camera") -> frozenset[str]:
    known = [camera.id for camera in request.settings.cameras]
    for camera_id in camera_ids:
        if camera_id not in known:
            raise ConfigError("no such camera", where=where, expected=", ".join(known), found=camera_id)
    return frozenset(camera_ids)


def _opened(path: Path, faults: list[str]) -> LoggedRun | None:
    """None, with a word why, where it can't be opened; None too where a crash left not even its first line whole."""
    try:
        with path.open("rb") as file:
            begun = file.readline().endswith(b"\n")
        return read_log(path) if begun else None
    except OSError as err:
        faults.append(str(RecordError("cannot read observation log", where=str(path), found=err.strerror or str(err))))
    except RecordError as err:
        faults.append(str(err))
    return None


# --- looks -------------------------------------------------------------------------------------------------


def _fold(logs: Sequence[LoggedRun], request: CoverageRequest, faults: list[str]) -> CoverageFold:
    """One look at a time, up to the first one after the span: it tells about the time before it."""
    fold = CoverageFold(request.settings.rules.longest_look_interval_s, request.since, request.until)
    last_at: datetime | None = None
    for at, gap in _looks(logs, faults):
        # Two runs may have judged the same footage, or one have begun before another has ended: the first one is believed.
        if last_at is None or at > last_at:
            fold.add(at, gap)
            last_at = at
        if request.until is not None and at >= request.until:
            break
    return fold


def _looks(logs: Sequence[LoggedRun], faults: list[str]) -> Iterator[tuple[datetime, GapReason | None]]:
    for logged in logs:
        try:
            yield from logged.looks()
        except RecordError as err:
            if str(err) not in faults:
                faults.append(str(err))


def _asked(request: CoverageRequest, folds: Sequence[CoverageFold], faults: Sequence[str]) -> tuple[datetime, datetime]:
    since = request.since or min((fold.first_at for fold in folds if fold.first_at), default=None)
    until = request.until or max((fold.last_at for fold in folds if fold.last_at), default=None)
    if faults and (since is None or until is None):
        raise FaultsError("no log could be read", tuple(faults))
    if since is None or until is None:
        raise ConfigError("no look in the logs", expected="--since and --until, or logs with looks in them")
    if until <= since:
        raise ConfigError("an empty span", where="--since, --until", expected=f"an end later than {since}", found=str(until))
    return since, until


# --- places ------------------------------------------------------------------------------------------------


def _places(
    settings: Sequence[CameraSettings],
    cameras: Sequence[CameraCoverage],
    zones: Mapping[str, CameraZones],
    spans: Mapping[str, Span],
    shops: ShopRegistry | None,
) -> list[PlaceCoverage]:
    """Every shop and public place of the zones, seen by whichever camera shows it. Places of one name are one place."""
    default_of = {camera.id: camera.place for camera in settings}
    showing: dict[tuple[str, str], list[CameraCoverage]] = {}
    for camera in cameras:
        for key in _shown(zones[camera.camera_id], default_of[camera.camera_id]):
            showing.setdefault(key, []).append(camera)
    found = []
    for (code, place), seen_by in showing.items():
        span = spans[seen_by[0].camera_id]
        name = _holder(shops, code, span.until.astimezone(span.zone).date()) if code else place
        found.append(place_coverage(code, name, seen_by, span))
    return found


def _shown(zones: CameraZones, default_place: str) -> set[tuple[str, str]]:
    """Shop codes, and public places under the names that violations there carry (pipeline/rules/ground.py)."""
    shops = {(zone.shop_code, "") for zone in zones.of_kind(ZoneKind.SHOPFRONT, ZoneKind.FRONTAGE) if zone.shop_code}
    ground = zones.of_kind(ZoneKind.FRONTAGE, ZoneKind.PUBLIC, ZoneKind.PERMITTED)
    return shops | {("", zone.place or zone.name or default_place or zone.zone_id) for zone in ground if zone.shop_code is None}


def _holder(shops: ShopRegistry | None, code: str, day: date) -> str:
    tenancy = shops.tenant_on(code, day) if shops else None
    return tenancy.name if tenancy else ""
