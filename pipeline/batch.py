"""Many sources, one after another: footage in, violations with evidence and records out.

A source that fails is one line in the report; the others go on.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.addresses import hide_secrets
from pipeline.archive.planning import ArchivePlan
from pipeline.config import DoorlineSettings
from pipeline.detectors import load_detectors
from pipeline.errors import RecordError
from pipeline.estimating import Estimate, estimate
from pipeline.judging import Bench, SeriesJudge
from pipeline.notifying import case_telling
from pipeline.preparing import checked_zones, run_info, save_catalogue, shops_of
from pipeline.reconciling import reconcile
from pipeline.records import Records, RunRow, RunState, SourceRow
from pipeline.reports import BatchReport, Hooks, SourceReport
from pipeline.types import RunInfo
from pipeline.zones import CameraZones


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What the user asked for.

    ``config_text`` is the configuration as written (before ${NAME} is filled in), for its hash. ``resume`` is the id of a run
    whose finished sources are kept. Without one, a run that was begun by the same ``command`` line (as the user typed it), with the same
    versions of all that judges and the same footage goes on, unless all is wanted ``anew``.
    """

    settings: DoorlineSettings
    config_text: str
    plan: ArchivePlan
    resume: str | None = None
    command: str = ""
    anew: bool = False


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
        records.start_run(run, _what_was_asked(request.command))
        save_catalogue(records, settings, zones, shops)
        records.tell_of_cases(case_telling(settings, lambda: shops, hooks.now))
        bench = Bench(settings, run, records, detectors, shops, hooks)
        reports, interrupted = _judge_all(request.plan, bench, zones)
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


def estimate_batch(request: BatchRequest) -> Estimate:
    """How long it would take, without a trace of it in the records. Raises as ``run_batch`` does before it runs anything."""
    zones = checked_zones(request.settings)
    return estimate(request.plan, request.settings, load_detectors(request.settings), zones)


def command_to_resume(command: str, run_id: str) -> str:
    """The command line, quoted for a shell, that goes on with a run which this command line began. Without passwords."""
    return shlex.join([*_lasting_words(command), "--resume", run_id])


def _what_was_asked(command: str) -> str:
    """The same without what does not change the work: who asks for the same goes on with the same run."""
    return shlex.join(word for word in _lasting_words(command) if word != "--json")


def _lasting_words(command: str) -> list[str]:
    """Without passwords, and without what is about one run."""
    words = shlex.split(command)
    return [
        hide_secrets(word)
        for before, word in zip(["", *words], words, strict=False)
        if "--resume" not in {before, word} and not word.startswith("--resume=") and word != "--anew"
    ]


def _run(request: BatchRequest, records: Records, model_sha256: str, zones: Mapping[str, CameraZones], hooks: Hooks) -> RunInfo:
    """Of a new run, or of the one to go on with, which keeps its first start: its manifests name it."""

    def run(run_id: str, started_at: datetime) -> RunInfo:
        return run_info(request.settings, request.config_text, model_sha256, zones, run_id=run_id, started_at=started_at)

    if request.resume:
        earlier: RunRow | None = records.find_run(request.resume)
    else:
        asked = _what_was_asked(request.command)
        earlier = None if request.anew else records.run_to_go_on(run("", hooks.now()), asked)
        if earlier and _has_changed(request.plan, records.list_sources(earlier.run_id)):
            earlier = None
    if earlier is None:
        return run(hooks.new_run_id(), hooks.now())
    if not request.resume:
        hooks.on_line(f"run {earlier.run_id} goes on: what it has done is kept")
    return run(earlier.run_id, earlier.started_at)


def _has_changed(plan: ArchivePlan, rows: Sequence[SourceRow]) -> bool:
    """Whether a recording that the run has judged holds something else by now, or is another part of it that is wanted."""
    judged = {(row.uri, row.camera_id): row.content for row in rows if row.state is RunState.FINISHED}
    wanted = {(each.shown_uri, each.camera.id): each.looked_at for series in plan.series for each in series.recordings}
    return any(wanted[key] != content for key, content in judged.items() if key in wanted)


def _judge_all(plan: ArchivePlan, bench: Bench, zones: Mapping[str, CameraZones]) -> tuple[tuple[SourceReport, ...], bool]:
    """All series in order; whether the user asked to stop before the last one ended."""
    reports = [SourceReport(each.uri, each.camera_id, error=each.fault) for each in plan.unusable]
    reports += [SourceReport(each.recording.shown_uri, each.recording.camera.id, covered_by=each.by.shown_uri) for each in plan.covered]
    finished = {(row.uri, row.camera_id): row for row in _finished_before(bench)}
    counts = bench.records.count_violations_by_source(bench.run.run_id) if finished else {}
    for series in plan.series:
        if bench.hooks.should_stop():
            return tuple(reports), True
        if all((each.shown_uri, each.camera.id) in finished for each in series.recordings):
            rows = (finished[each.shown_uri, each.camera.id] for each in series.recordings)
            reports += [SourceReport(row.uri, row.camera_id, kept=True, stored_before=counts.get(row.source_id, 0)) for row in rows]
            continue
        judged = SeriesJudge(bench, series, zones[series.camera.id]).run()
        reports += judged
        if judged[-1].state == "interrupted":
            return tuple(reports), True
    return tuple(reports), False


def _finished_before(bench: Bench) -> tuple[SourceRow, ...]:
    """Sources that an earlier part of the run has finished."""
    return tuple(row for row in bench.records.list_sources(bench.run.run_id) if row.state is RunState.FINISHED)


def _finish(records: Records, run_id: str, state: RunState, hooks: Hooks) -> str | None:
    """Record the end of the run. What was judged is told even where this fails, so the error is given back."""
    try:
        records.finish_run(run_id, state, hooks.now())
    except RecordError as err:
        return str(err)
    return None
