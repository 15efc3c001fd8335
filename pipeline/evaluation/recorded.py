"""What a run of ``doorline batch`` recorded, and what observation logs give when they are judged again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import ConfigError, RecordError
from pipeline.evaluation.judged import Found, JudgedSource
from pipeline.evaluation.truth import TruthGap
from pipeline.observations import LoggedRun, read_log
from pipeline.records import Records, RunState, SourceRow, ViolationFilter, ViolationRow
from pipeline.rules import RuleEngine
from pipeline.rules import replay as judge_again
from pipeline.shops import ShopRegistry, load_shops
from pipeline.types import Observation, Violation, ViolationEvent
from pipeline.zones.zone_files import load_zones

_logger = logging.getLogger(__name__)


def recorded_sources(records: Records, run_id: str, logs: Path) -> tuple[JudgedSource, ...]:
    """All sources of a run with their violations; the gaps come from its observation logs, where these are still there."""
    rows = records.list_violations(ViolationFilter(run_id=run_id))
    gaps = _gaps_by_source(logs / run_id)
    return tuple(
        _recorded(source, rows, gaps.get((source.camera_id, Path(source.uri).name), ())) for source in records.list_sources(run_id)
    )


def replayed_sources(paths: Iterable[Path], settings: DoorlineSettings) -> tuple[JudgedSource, ...]:
    """Logs (files, or all ``*.jsonl`` of folders), judged again with these settings.

    Raises ConfigError where there is no log, or one of a camera that is not configured; RecordError for a damaged one.
    """
    shops = load_shops(settings.shops) if settings.shops else None
    return tuple(_replayed(read_log(path), settings, shops) for path in _log_files(paths))


def _log_files(paths: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            raise ConfigError("no observation log", where=str(path), expected="files named *.jsonl", found="none in this folder")
        found |= dict.fromkeys(inside)
    return list(found)


def _recorded(source: SourceRow, rows: Sequence[ViolationRow], gaps: tuple[TruthGap, ...]) -> JudgedSource:
    found = tuple(one for row in rows if row.source_id == source.source_id if (one := _found_row(row)) is not None)
    error = "" if source.state is RunState.FINISHED else source.error or f"{source.state.value}, not judged to its end"
    to_s = max(source.last_media_s or 0.0, source.duration_s or 0.0)
    return JudgedSource(source.uri, Path(source.uri).name, source.camera_id, source.start_at, to_s, error, found, gaps)


def _found_row(row: ViolationRow) -> Found | None:
    if row.confirmed_media_s is None:
        return None  # a warning is no candidate
    return Found(
        violation_id=row.violation_id,
        kind=row.kind,
        shop_codes=row.shop_codes,
        place=row.place,
        labels=row.labels,
        box=row.box,
        first_seen_s=row.first_seen_media_s,
        confirmed_s=row.confirmed_media_s,
        last_seen_s=row.last_seen_media_s,
        cleared_s=row.cleared_media_s,
    )


def _replayed(log: LoggedRun, settings: DoorlineSettings, shops: ShopRegistry | None) -> JudgedSource:
    camera = camera_of(settings, log.header.camera_id, str(log.path))
    zones = load_zones(camera.zones, camera_id=camera.id, shops=shops)
    engine = RuleEngine(camera, zones, shops, settings.rules, clock_known=log.header.clock.known, timeline=log.header.timeline)
    seen = tuple(log.observations())
    start = log.header.clock.start_at
    last_s = seen[-1].media_time_s if seen else 0.0
    found = tuple(_found_violation(one, start) for one in _last_words(judge_again(seen, engine)) if one.confirmed_at is not None)
    known_start = start if log.header.clock.known else None
    gaps = _gaps(seen, log.header.interval_s)
    return JudgedSource(log.header.source, log.header.source, camera.id, known_start, last_s, "", found, gaps)


def camera_of(settings: DoorlineSettings, camera_id: str, where: str) -> CameraSettings:
    """The settings of a camera. ConfigError where it is not configured."""
    for camera in settings.cameras:
        if camera.id == camera_id:
            return camera
    known = ", ".join(camera.id for camera in settings.cameras)
    raise ConfigError("of a camera that is not configured", where=where, expected=known, found=camera_id)


def _last_words(events: Iterable[ViolationEvent]) -> list[Violation]:
    """The last snapshot of each violation."""
    return list({event.violation.violation_id: event.violation for event in events}.values())


def _found_violation(violation: Violation, start: datetime) -> Found:
    def seconds(moment: datetime) -> float:
        return (moment - start).total_seconds()

    confirmed = violation.confirmed_at or violation.last_seen_at
    return Found(
        violation_id=violation.violation_id,
        kind=violation.kind,
        shop_codes=violation.target.shop_codes,
        place=violation.target.place,
        labels=violation.labels,
        box=violation.box,
        first_seen_s=seconds(violation.first_seen_at),
        confirmed_s=seconds(confirmed),
        last_seen_s=seconds(violation.last_seen_at),
        cleared_s=seconds(violation.cleared_at) if violation.cleared_at else None,
    )


def _gaps_by_source(folder: Path) -> dict[tuple[str, str], tuple[TruthGap, ...]]:
    """(camera, source name) -> gaps that the run saw.

    A log that is gone or damaged takes nothing from the figures, which rest on the gaps of the truth: only its gaps are not
    drawn on the timeline. A damaged one is told.
    """
    found: dict[tuple[str, str], tuple[TruthGap, ...]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        try:
            log = read_log(path)
            found[log.header.camera_id, log.header.source] = _gaps(tuple(log.observations()), log.header.interval_s)
        except RecordError as err:
            _logger.warning("gaps are not drawn: %s", err)
    return found


def _gaps(seen: Sequence[Observation], interval_s: float) -> tuple[TruthGap, ...]:
    """Looks that saw nothing, joined to spans."""
    spans: list[TruthGap] = []
    for look in seen:
        if look.gap is None:
            continue
        end = look.media_time_s + interval_s
        last = spans[-1] if spans else None
        if last and last.reason == look.gap.value and look.media_time_s <= last.to_s + 0.5 * interval_s:
            spans[-1] = TruthGap(last.from_s, end, last.reason)
        else:
            spans.append(TruthGap(look.media_time_s, end, look.gap.value))
    return tuple(spans)
