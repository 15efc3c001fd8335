"""Many sources, one after another: footage in, violations with evidence and records out.

A source that fails is one line in the report; the others go on.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import __version__
from pipeline.addresses import hide_secrets
from pipeline.config import DoorlineSettings
from pipeline.detectors import load_detectors
from pipeline.errors import ConfigError, FaultsError, PipelineError, RecordError
from pipeline.judging import Bench, SourceJudge, one_line
from pipeline.reconciling import reconcile
from pipeline.records import Records, RunState
from pipeline.reports import BatchReport, Hooks, SourceReport
from pipeline.rules import rule_version
from pipeline.shops import ShopRegistry, load_shops
from pipeline.sources import PlannedSource
from pipeline.types import RunInfo
from pipeline.zones import CameraZones
from pipeline.zones.zone_files import check_zones


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What the user asked for.

    ``config_text`` is the configuration as written (before ${NAME} is filled in), for its hash. ``start`` is
    the wall-clock start of every source, or None. ``resume`` is the id of a run whose finished sources are
    kept, or None for a new run. ``command`` is what the user typed, for the record.
    """

    settings: DoorlineSettings
    config_text: str
    sources: tuple[PlannedSource, ...]
    start: datetime | None = None
    resume: str | None = None
    command: str = ""


def run_batch(request: BatchRequest, hooks: Hooks) -> BatchReport:
    """Judge every source and store what was found.

    Raises:
        ConfigError: zones, shops or the model's card are refused; nothing was run.
        ModelError: the weights can't be loaded.
        RecordError: the database can't be opened, or the run to resume is not the same.
    """
    settings = request.settings
    zones = _checked_zones(settings)
    detectors = load_detectors(settings)
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s) as records:
        lines = reconcile(records, settings, hooks.now())
        run = _run_info(request, records, detectors.model_sha256, zones, hooks)
        shops = _shops(settings, zones)
        records.start_run(run, _without_secrets(request.command))
        _save_catalogue(records, settings, zones, shops)
        bench = Bench(settings, run, records, detectors, shops, request.start, hooks)
        reports, interrupted = _judge_all(request, bench, zones)
        state = RunState.INTERRUPTED if interrupted else RunState.FINISHED
        error = _finish(records, run.run_id, state, hooks)
    return BatchReport(
        run=run,
        sources=reports,
        reconciled=lines,
        interrupted=interrupted,
        evidence_folder=settings.evidence.folder,
        command_to_resume=command_to_resume(request.command, run.run_id),
        error=error,
    )


def command_to_resume(command: str, run_id: str) -> str:
    """The command line, quoted for a shell, that goes on with a run which this command line began. Without passwords."""
    words = shlex.split(command)
    kept = [
        hide_secrets(word)
        for before, word in zip(["", *words], words, strict=False)
        if "--resume" not in {before, word} and not word.startswith("--resume=")
    ]
    return shlex.join([*kept, "--resume", run_id])


def code_version() -> str:
    """Version of the package and 12 hex digits over its source files: other code, other version."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def _checked_zones(settings: DoorlineSettings) -> Mapping[str, CameraZones]:
    report = check_zones(settings)
    if report.faults:
        raise FaultsError("zones or shops refused", report.faults)
    return {zones.camera_id: zones for zones in report.cameras}


def _shops(settings: DoorlineSettings, zones: Mapping[str, CameraZones]) -> ShopRegistry:
    """The shop list; without one, the codes that the zones name, with nobody known to hold them."""
    if settings.shops:
        return load_shops(settings.shops)
    codes = {code for camera in zones.values() for zone in camera.zones for code in (zone.shop_code, *zone.shop_codes) if code}
    return ShopRegistry({code: () for code in sorted(codes)})


def _run_info(request: BatchRequest, records: Records, model_sha256: str, zones: Mapping[str, CameraZones], hooks: Hooks) -> RunInfo:
    """Of a new run, or of the one to go on with, which keeps its first start: its manifests name it."""
    earlier = records.find_run(request.resume) if request.resume else None
    digest = hashlib.sha256()
    for camera_id in sorted(zones):
        digest.update(f"{camera_id}\0{zones[camera_id].version}\0".encode())
    if request.settings.shops:
        digest.update(_bytes_of(request.settings.shops))
    return RunInfo(
        run_id=earlier.run_id if earlier else hooks.new_run_id(),
        code_version=code_version(),
        model_sha256=model_sha256,
        config_sha256=hashlib.sha256(request.config_text.encode()).hexdigest(),
        zones_sha256=digest.hexdigest(),
        rules_sha256=rule_version(request.settings.rules),
        started_at=earlier.started_at if earlier else hooks.now(),
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise ConfigError("cannot read file", where=str(path), found=err.strerror or str(err)) from err


def _save_catalogue(records: Records, settings: DoorlineSettings, zones: Mapping[str, CameraZones], shops: ShopRegistry) -> None:
    """Cameras, shops and zone versions: what violations refer to."""
    records.save_shops(shops)
    for camera in settings.cameras:
        records.save_camera(camera)
        records.save_zones(zones[camera.id], _bytes_of(camera.zones))


def _judge_all(request: BatchRequest, bench: Bench, zones: Mapping[str, CameraZones]) -> tuple[tuple[SourceReport, ...], bool]:
    """All sources in order; whether the user asked to stop before the last one ended."""
    kept = _finished_before(request, bench)
    reports: list[SourceReport] = []
    for planned in request.sources:
        if bench.hooks.should_stop():
            return tuple(reports), True
        report = _judge_one(planned, bench, zones, kept)
        reports.append(report)
        if report.interrupted:
            return tuple(reports), True
    return tuple(reports), False


def _judge_one(planned: PlannedSource, bench: Bench, zones: Mapping[str, CameraZones], kept: frozenset[tuple[str, str]]) -> SourceReport:
    uri = hide_secrets(planned.uri)
    if planned.camera is None:
        return SourceReport(uri, "", error=planned.fault)
    if (uri, planned.camera.id) in kept:
        return SourceReport(uri, planned.camera.id, kept=True)
    judge = SourceJudge(bench, planned.camera, zones[planned.camera.id], planned.uri)
    try:
        return judge.run()
    except (PipelineError, OSError) as err:
        return judge.report(error=one_line(err))


def _finished_before(request: BatchRequest, bench: Bench) -> frozenset[tuple[str, str]]:
    if not request.resume:
        return frozenset()
    rows = bench.records.list_sources(bench.run.run_id)
    return frozenset((row.uri, row.camera_id) for row in rows if row.state is RunState.FINISHED)


def _finish(records: Records, run_id: str, state: RunState, hooks: Hooks) -> str | None:
    """Record the end of the run. What was judged is told even where this fails, so the error is given back."""
    try:
        records.finish_run(run_id, state, hooks.now())
    except RecordError as err:
        return str(err)
    return None


def _without_secrets(command: str) -> str:
    return shlex.join(hide_secrets(word) for word in shlex.split(command))
