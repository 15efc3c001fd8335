"""One source from opening to its last row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.addresses import hide_secrets
from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.detectors import LoadedDetectors
from pipeline.errors import PipelineError, RecordError, SourceError
from pipeline.guards import guards_for
from pipeline.observations import LogHeader, ObservationLog
from pipeline.readers import open_reader
from pipeline.records import Records, RunState, SourceStart
from pipeline.reports import Hooks, SourceProgress, SourceReport, StoredViolation
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages, run_source
from pipeline.settling import SettledViolation, Settling
from pipeline.shops import ShopRegistry
from pipeline.stages import FrameReader
from pipeline.storing import JudgedSource, ViolationStore
from pipeline.types import Frame, GapReason, Look, RunInfo, SourceClock
from pipeline.zones import CameraZones
from pipeline.zones.reference_picture import load_reference

PROGRESS_EVERY_LOOKS = 5
SMALLEST_SIDE_PX = 32
"""Nobody recognises anything in smaller pictures: they are no footage of a street."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all sources of a run share."""

    settings: DoorlineSettings
    run: RunInfo
    records: Records
    detectors: LoadedDetectors
    shops: ShopRegistry
    start: datetime | None
    hooks: Hooks


class SourceJudge:
    """Judges one source of one camera and keeps what it found, so that a failure half-way still tells all that was stored."""

    def __init__(self, bench: Bench, camera: CameraSettings, zones: CameraZones, uri: str) -> None:
        """Nothing is opened yet."""
        self._bench = bench
        self._camera = camera
        self._zones = zones
        self._uri = uri
        self._settling = Settling()
        self._store_of_camera = ViolationStore(bench.settings, bench.run, bench.records, bench.shops, camera, zones)
        self._stored: list[StoredViolation] = []
        self._gaps: Counter[GapReason] = Counter()
        self._looks = 0
        self._reader: FrameReader | None = None

    def run(self) -> SourceReport:
        """Judge to the end, or to where the user asked to stop.

        Raises:
            PipelineError: the source, model, evidence or records failed. What was stored before stays stored.
            OSError: the system refused something that no stage foresaw; see ``one_line``.
        """
        looks = self._bench.settings.looks
        with open_reader(
            self._uri, camera_id=self._camera.id, interval_s=looks.interval_s, start=self._bench.start, timezone=looks.timezone
        ) as reader:
            self._reader = reader
            source = SourceStart(self._uri, self._camera.id, reader.clock, reader.duration_s)
            source_id = self._bench.records.start_source(self._bench.run.run_id, source)
            try:
                state = RunState.FINISHED if self._judge(reader, source_id) else RunState.INTERRUPTED
                self._bench.records.finish_source(source_id, state, reader.summary())
            except (PipelineError, OSError) as err:
                with suppress(RecordError):  # the first error is the one to tell; the records may be what failed
                    self._bench.records.finish_source(source_id, RunState.FAILED, reader.summary(), one_line(err))
                raise
        return self.report(interrupted=state is RunState.INTERRUPTED)

    def report(self, *, error: str | None = None, interrupted: bool = False) -> SourceReport:
        """What became of the source so far."""
        return SourceReport(
            uri=hide_secrets(self._uri),
            camera_id=self._camera.id,
            clock=self._reader.clock if self._reader else None,
            read=self._reader.summary() if self._reader else None,
            gaps=tuple((reason.value, count) for reason, count in self._gaps.most_common()),
            violations=tuple(self._stored),
            error=error,
            interrupted=interrupted,
        )

    def _judge(self, reader: FrameReader, source_id: int) -> bool:
        """Fold all looks; False if asked to stop before the end."""
        stages = self._stages(reader.clock)
        last: datetime | None = None
        with _complete_to_here(ObservationLog(self._log_path(), self._log_header(reader, stages))) as log:
            for step in run_source(_large_enough(reader, self._uri), stages, batch=self._bench.settings.looks.batch):
                last = step.observation.captured_at
                log.append(step.observation)
                self._settling.add(step.events)
                self._tell(step.observation.media_time_s, reader, step.observation.gap)
                for held in self._settling.take_settled(stages.rule.unsettled):
                    if self._bench.hooks.should_stop():
                        return False
                    self._store(held, reader, log, source_id)
                if self._bench.hooks.should_stop():
                    return False
            if last is not None:
                self._settling.add(stages.rule.finish(last))
                for held in self._settling.take_all():
                    if self._bench.hooks.should_stop():
                        return False
                    self._store(held, reader, log, source_id)
        self._tell_end(reader)
        return True

    def _stages(self, clock: SourceClock) -> CameraStages:
        """Fresh eyes, guard and rules: nothing is carried over from another source."""
        settings = self._bench.settings
        return CameraStages(
            guards=guards_for(settings.guards, load_reference(self._zones)),
            detectors=self._bench.detectors.chain_for(self._zones),
            rule=self._engine(clock),
            zone_version=self._zones.version,
        )

    def _engine(self, clock: SourceClock) -> RuleEngine:
        return RuleEngine(
            self._camera,
            self._zones,
            self._bench.shops,
            self._bench.settings.rules,
            clock_known=clock.known,
            timeline="" if clock.known else content_name(self._uri),
        )

    def _log_path(self) -> Path:
        name = f"{self._camera.id}-{Path(self._uri).stem}-{hashlib.sha256(self._uri.encode()).hexdigest()[:6]}.jsonl"
        return self._bench.settings.observations / self._bench.run.run_id / name

    def _log_header(self, reader: FrameReader, stages: CameraStages) -> LogHeader:
        return LogHeader(
            camera_id=self._camera.id,
            source=Path(self._uri).name,
            clock=reader.clock,
            timezone=self._bench.settings.looks.timezone,
            interval_s=self._bench.settings.looks.interval_s,
            zone_version=self._zones.version,
            model_version=stages.model_version,
            rule_version=self._bench.run.rules_sha256,
            timeline="" if reader.clock.known else content_name(self._uri),
            run=self._bench.run,
        )

    def _store(self, held: SettledViolation, reader: FrameReader, log: ObservationLog, source_id: int) -> None:
        source = JudgedSource(source_id, Path(self._uri).name, reader.clock, log.between)
        self._stored.append(self._store_of_camera.store(held, source, reader.footage()))

    def _tell(self, media_time_s: float, reader: FrameReader, gap: GapReason | None) -> None:
        self._looks += 1
        if gap is not None:
            self._gaps[gap] += 1
        if self._looks % PROGRESS_EVERY_LOOKS == 1:
            self._bench.hooks.on_progress(self._progress(media_time_s, reader, finished=False))

    def _tell_end(self, reader: FrameReader) -> None:
        self._bench.hooks.on_progress(self._progress(reader.summary().last_media_time_s or 0.0, reader, finished=True))

    def _progress(self, media_time_s: float, reader: FrameReader, *, finished: bool) -> SourceProgress:
        violations = len(self._stored) + self._settling.confirmed
        return SourceProgress(self._uri, self._looks, media_time_s, reader.duration_s, violations, finished)


def _large_enough(looks: Iterable[Look], uri: str) -> Iterator[Look]:
    """The same looks. SourceError at the first whose picture is too small to show anything."""
    for look in looks:
        if isinstance(look, Frame) and min(look.picture.width_px, look.picture.height_px) < SMALLEST_SIDE_PX:
            found = f"{look.picture.width_px}x{look.picture.height_px}"
            expected = f"at least {SMALLEST_SIDE_PX}x{SMALLEST_SIDE_PX} pixels"
            raise SourceError("pictures too small to see anything", where=hide_secrets(uri), expected=expected, found=found)
        yield look


@contextmanager
def _complete_to_here(log: ObservationLog) -> Iterator[ObservationLog]:
    """A log that stays, complete up to the failure, when the source fails: stored violations stand on it."""
    try:
        yield log
    finally:
        log.close()


def one_line(err: PipelineError | OSError) -> str:
    """An error as a user sees it."""
    if isinstance(err, OSError):
        return str(PipelineError("the system refuses", where=str(err.filename or ""), found=err.strerror or type(err).__name__))
    return str(err)


def content_name(uri: str) -> str:
    """A name for what a source holds, for violation ids on a timeline without a wall clock: file name and size.

    OSError where it is gone.
    """
    path = Path(uri.removeprefix("file://"))
    if path.is_dir():
        return f"{path.name}/{sum(1 for _ in path.iterdir())}"
    return f"{path.name}/{path.stat().st_size}"
