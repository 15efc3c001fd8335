"""Many sources, one after another: footage in, violations with evidence and records out.

A source that fails is one line in the report; the others go on.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.addresses import hide_secrets
from pipeline.config import DoorlineSettings
from pipeline.detectors import load_detectors
from pipeline.errors import PipelineError, RecordError
from pipeline.judging import Bench, SourceJudge, one_line
from pipeline.preparing import checked_zones, run_info, save_catalogue, shops_of, without_secrets
from pipeline.reconciling import reconcile
from pipeline.records import Records, RunState
from pipeline.reports import BatchReport, Hooks, SourceReport
from pipeline.sources import PlannedSource
from pipeline.types import RunInfo
from pipeline.zones import CameraZones


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
    zones = checked_zones(settings)
    detectors = load_detectors(settings)
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s) as records:
        lines = reconcile(records, settings, hooks.now())
        run = _run(request, records, detectors.model_sha256, zones, hooks)
        shops = shops_of(settings, zones)
        records.start_run(run, without_secrets(request.command))
        save_catalogue(records, settings, zones, shops)
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


def _run(request: BatchRequest, records: Records, model_sha256: str, zones: Mapping[str, CameraZones], hooks: Hooks) -> RunInfo:
    """Of a new run, or of the one to go on with, which keeps its first start: its manifests name it."""
    earlier = records.find_run(request.resume) if request.resume else None
    run_id, started_at = (earlier.run_id, earlier.started_at) if earlier else (hooks.new_run_id(), hooks.now())
    return run_info(request.settings, request.config_text, model_sha256, zones, run_id=run_id, started_at=started_at)


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
