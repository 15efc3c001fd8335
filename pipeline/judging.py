"""A series of recordings of one camera, from opening the first to the last row."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.addresses import hide_secrets
from pipeline.archive.recordings import Recording
from pipeline.archive.series import Series
from pipeline.archive.series_footage import SeriesFootage, ShownPart
from pipeline.archive.series_looks import SeriesTimeline
from pipeline.checkpoints import Checkpoint, load_checkpoint, memories_of, save_checkpoint
from pipeline.config import DoorlineSettings
from pipeline.detectors import LoadedDetectors
from pipeline.errors import PipelineError, RecordError, SourceError
from pipeline.guards import guards_for
from pipeline.observations import LogHeader, ObservationLog, read_log
from pipeline.readers import MediaSpan, open_reader
from pipeline.records import Records, RunState, SourceStart
from pipeline.reports import Hooks, SourceProgress, SourceReport, StoredViolation
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages, run_source
from pipeline.settling import SettledViolation, Settling
from pipeline.shops import ShopRegistry
from pipeline.stages import FrameReader
from pipeline.storing import JudgedSource, ViolationStore
from pipeline.types import Frame, GapReason, Look, Observation, ReadSummary, RunInfo
from pipeline.zones import CameraZones
from pipeline.zones.reference_picture import load_reference

_LOG = logging.getLogger(__name__)
PROGRESS_EVERY_LOOKS = 5
SMALLEST_SIDE_PX = 32
"""Nobody recognises anything in smaller pictures: they are no footage of a street."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all series of a run share."""

    settings: DoorlineSettings
    run: RunInfo
    records: Records
    detectors: LoadedDetectors
    shops: ShopRegistry
    hooks: Hooks


@dataclass(slots=True)
class _Judged:
    """What became of one recording of the series so far."""

    recording: Recording
    notes: tuple[str, ...]
    source_id: int = 0
    reader: FrameReader | None = None
    """Once it was opened."""
    read: ReadSummary | None = None
    gaps: Counter[GapReason] = field(default_factory=Counter)
    looks: int = 0
    stored: list[StoredViolation] = field(default_factory=list)
    error: str | None = None
    interrupted: bool = False
    kept: bool = False

    @property
    def reached(self) -> bool:
        return self.reader is not None or self.error is not None or self.interrupted or self.kept

    def report(self) -> SourceReport:
        return SourceReport(
            uri=self.recording.shown_uri,
            camera_id=self.recording.camera.id,
            clock=self.recording.clock if self.reader or self.kept else None,
            read=self.read,
            gaps=tuple((reason.value, count) for reason, count in self.gaps.most_common()),
            violations=tuple(self.stored),
            error=self.error,
            interrupted=self.interrupted,
            kept=self.kept,
            notes=self.notes,
        )


class SeriesJudge:
    """Judges the recordings of a series one after the other with the same eyes and rules.

    A recording that fails is one line, and the rest of its time a gap; the others go on. What was stored stays.
    Where an earlier process of the same run left off at the border of two recordings, it goes on.
    """

    def __init__(self, bench: Bench, series: Series, zones: CameraZones) -> None:
        """Nothing is opened yet."""
        self._bench = bench
        self._series = series
        self._zones = zones
        self._settling = Settling()
        self._store_of_camera = ViolationStore(bench.settings, bench.run, bench.records, bench.shops, series.camera, zones)
        self._judged = [_Judged(each, series.notes_of(each)) for each in series.recordings]
        self._timeline = SeriesTimeline(series.first.start_at, bench.settings.looks.interval_s)
        self._shown: list[ShownPart] = []
        self._unfinished: list[_Judged] = []
        self._current = self._judged[0]
        self._is_whole = True
        """No recording has failed yet."""
        self._log_broken = False

    def run(self) -> tuple[SourceReport, ...]:
        """Judge to the end, or to where the user asked to stop, or to what fails.

        One report per recording that was reached, in order, and one for each that was not because of a failure.
        """
        try:
            is_whole = self._judge()
        except (PipelineError, OSError) as err:
            self._fail(one_line(err))
        else:
            if not is_whole:
                self._interrupt()
        return tuple(each.report() for each in self._judged if each.reached)

    # --- the fold ---------------------------------------------------------------------------------------------

    def _judge(self) -> bool:
        """Fold everything; False if asked to stop before the end."""
        stages = self._stages()
        checkpoint = load_checkpoint(self._checkpoint_path, judges=self._judges(stages), content_of=self._series.content_of)
        log = ObservationLog(self._log_path(), self._log_header(stages), go_on_at=checkpoint.log_bytes if checkpoint else None)
        with _complete_to_here(log):
            done = self._take_up(checkpoint, stages, log) if checkpoint else 0
            for each in self._judged[done:]:
                self._current = each
                if self._bench.hooks.should_stop() or not self._judge_one(each, stages, log):
                    return False
                self._mark_border(stages, log)
            if not self._store_the_rest(stages, log):
                return False
        # The last checkpoint stays: recordings that come later may go on from it.
        self._finish_rows()
        return True

    def _judge_one(self, each: _Judged, stages: CameraStages, log: ObservationLog) -> bool:
        """Fold the looks of one recording; False if asked to stop before its end."""
        try:
            with self._opened(each) as reader:
                self._start_row(each, reader)
                if not self._fold(each, reader, stages, log):
                    return False
                each.read = reader.summary()
        except (PipelineError, OSError) as err:
            if self._log_broken:
                raise
            self._note_failure(each, one_line(err))
            return True
        self._unfinished.append(each)
        self._bench.hooks.on_progress(self._progress(each, each.read.last_media_time_s or 0.0, finished=True))
        return True

    def _opened(self, each: _Judged) -> FrameReader:
        recording, looks = each.recording, self._bench.settings.looks
        return open_reader(
            recording.uri,
            camera_id=recording.camera.id,
            interval_s=looks.interval_s,
            start=recording.start_at if recording.clock.known else None,
            timezone=looks.timezone,
            span=MediaSpan(self._timeline.from_s(recording), recording.until_s),
        )

    def _fold(self, each: _Judged, reader: FrameReader, stages: CameraStages, log: ObservationLog) -> bool:
        own = self._timeline.looks(self._noting(_large_enough(reader, each.recording.uri), each, reader))
        for step in run_source(own, stages, batch=self._bench.settings.looks.batch):
            self._log(step.observation, log)
            self._tell(each, step.observation, reader)
            self._settling.add(step.events)
            for held in self._settling.take_settled(stages.rule.unsettled):
                if self._bench.hooks.should_stop():
                    return False
                self._store(held, log)
            if self._bench.hooks.should_stop():
                return False
        return True

    def _log(self, observation: Observation, log: ObservationLog) -> None:
        """Nothing may follow a line that could not be written."""
        try:
            log.append(observation)
        except RecordError:
            self._log_broken = True
            raise

    def _note_failure(self, each: _Judged, error: str) -> None:
        """The rest of this recording is not judged, and its time is a gap; whoever goes on with the run judges it again."""
        each.error, self._is_whole = error, False
        each.read = each.reader.summary() if each.reader else None
        with suppress(RecordError):  # the first error is the one to tell; the records may be what failed
            if not each.source_id:
                self._start_row(each, each.reader)
            self._bench.records.finish_source(each.source_id, RunState.FAILED, each.read, error)

    def _noting(self, looks: Iterable[Look], each: _Judged, reader: FrameReader) -> Iterator[Look]:
        """The same looks; the first tells from when on this recording shows what is looked at."""
        is_first = True
        for look in looks:
            if is_first:
                since = look.captured_at if self._shown else each.recording.start_at
                self._shown.append(ShownPart(each.recording, reader.footage(), since))
                is_first = False
            yield look

    def _store_the_rest(self, stages: CameraStages, log: ObservationLog) -> bool:
        """The last word of the rules, and all that is still in hand; False if asked to stop."""
        if self._timeline.last_at is not None:
            self._settling.add(stages.rule.finish(self._timeline.last_at))
        for held in self._settling.take_all():
            if self._bench.hooks.should_stop():
                return False
            self._store(held, log)
        return True

    def _store(self, held: SettledViolation, log: ObservationLog) -> None:
        """Evidence and row, as of the recording in which it was first seen."""
        since = held.violation.first_seen_at
        part = max((part for part in self._shown if part.since <= since), key=lambda part: part.since, default=self._shown[0])
        each = next(each for each in self._judged if each.recording is part.recording)
        recording, is_alone = part.recording, len(self._series.recordings) == 1

        def looks_between(start: datetime, end: datetime) -> tuple[Observation, ...]:
            """At media times of the recording that evidence names, not of the series."""
            return tuple(replace(look, media_time_s=source.media(look.captured_at)) for look in log.between(start, end))

        source = JudgedSource(each.source_id, recording.name, recording.clock, log.between if is_alone else looks_between)
        footage = part.footage if is_alone else SeriesFootage(self._shown, recording)
        each.stored.append(self._store_of_camera.store(held, source, footage))

    # --- borders ----------------------------------------------------------------------------------------------

    def _mark_border(self, stages: CameraStages, log: ObservationLog) -> None:
        """Between two recordings: from here on a kill loses nothing of what lies before. It takes less than half as long as a look."""
        done = self._judged.index(self._current) + 1
        if not self._is_whole or done == len(self._judged):
            return
        numbers = {id(each.recording): number for number, each in enumerate(self._judged)}
        checkpoint = Checkpoint(
            judges=self._judges(stages),
            content=self._series.content_of(done),
            done=done,
            log_bytes=log.sync(),
            last_at=self._timeline.last_at,
            shown=tuple((numbers[id(part.recording)], part.since, part.footage) for part in self._shown),
            memories=memories_of(stages),
        )
        try:
            save_checkpoint(self._checkpoint_path, checkpoint)
        except OSError as err:
            _LOG.warning("%s can't be written (%s): a kill would cost more work than it should", self._checkpoint_path, err.strerror or err)
            return
        self._finish_rows()

    def _take_up(self, checkpoint: Checkpoint, stages: CameraStages, log: ObservationLog) -> int:
        """Go on behind what was judged before; how many recordings that is."""
        checkpoint.recall(stages)
        self._timeline.last_at = checkpoint.last_at
        self._shown = [ShownPart(self._series.recordings[number], footage, since) for number, since, footage in checkpoint.shown]
        for observation in read_log(log.written_path).observations():
            self._settling.add(stages.rule.update(observation))
            self._settling.take_settled(stages.rule.unsettled)
        rows = {(row.uri, row.camera_id): row for row in self._bench.records.list_sources(self._bench.run.run_id)}
        for each in self._judged[: checkpoint.done]:
            row = rows[each.recording.shown_uri, each.recording.camera.id]
            each.source_id, each.error = row.source_id, row.error or None
            each.kept = each.error is None
        return checkpoint.done

    def _start_row(self, each: _Judged, reader: FrameReader | None) -> None:
        recording = each.recording
        start = SourceStart(recording.uri, recording.camera.id, recording.clock, reader.duration_s if reader else None, recording.looked_at)
        each.source_id = self._bench.records.start_source(self._bench.run.run_id, start)
        each.reader = reader

    def _finish_rows(self) -> None:
        """Of the recordings that need no second look, whatever happens."""
        for each in self._unfinished:
            self._bench.records.finish_source(each.source_id, RunState.FINISHED, each.read)
        self._unfinished.clear()

    def _interrupt(self) -> None:
        self._let_go(RunState.INTERRUPTED, "")
        self._current.interrupted = True

    def _fail(self, error: str) -> None:
        """The recording in hand failed, and those behind it were not reached."""
        failed = self._current
        self._let_go(RunState.FAILED, error)
        failed.error = failed.error or error
        for each in self._judged[self._judged.index(failed) + 1 :]:
            each.error = f"{each.recording.shown_uri}: not judged, as {failed.recording.name} before it failed"

    def _let_go(self, state: RunState, error: str) -> None:
        """Rows of recordings that will be looked at again: of the one in hand, and of those since the last border that was kept."""
        rows = [(each, RunState.INTERRUPTED, "") for each in self._unfinished if each is not self._current]
        if self._current.reader and not self._current.error:
            rows.append((self._current, state, error))
        for each, its_state, its_error in rows:
            each.read = each.read or (each.reader.summary() if each.reader else None)
            each.interrupted = each.interrupted or its_state is RunState.INTERRUPTED
            with suppress(RecordError):  # the first error is the one to tell; the records may be what failed
                self._bench.records.finish_source(each.source_id, its_state, each.read, its_error)

    # --- names ------------------------------------------------------------------------------------------------

    def _stages(self) -> CameraStages:
        """Fresh eyes, guard and rules: nothing is carried over from another series."""
        settings = self._bench.settings
        return CameraStages(
            guards=guards_for(settings.guards, load_reference(self._zones)),
            detectors=self._bench.detectors.chain_for(self._zones),
            rule=RuleEngine(
                self._series.camera,
                self._zones,
                self._bench.shops,
                settings.rules,
                clock_known=self._series.first.clock.known,
                timeline=self._timeline_name,
            ),
            zone_version=self._zones.version,
        )

    @property
    def _timeline_name(self) -> str:
        return "" if self._series.first.clock.known else content_name(self._series.first.uri)

    def _judges(self, stages: CameraStages) -> str:
        run = self._bench.run
        return f"{run.run_id} {run.code_version} {run.rules_sha256} {self._zones.version} {stages.model_version}"

    def _log_path(self) -> Path:
        uri = self._series.first.uri
        name = f"{self._series.camera.id}-{Path(uri).stem}-{hashlib.sha256(uri.encode()).hexdigest()[:6]}.jsonl"
        return self._bench.settings.observations / self._bench.run.run_id / name

    @property
    def _checkpoint_path(self) -> Path:
        return self._log_path().with_suffix(".checkpoint")

    def _log_header(self, stages: CameraStages) -> LogHeader:
        looks = self._bench.settings.looks
        return LogHeader(
            camera_id=self._series.camera.id,
            source=self._series.first.name,
            clock=self._series.first.clock,
            timezone=looks.timezone,
            interval_s=looks.interval_s,
            zone_version=self._zones.version,
            model_version=stages.model_version,
            rule_version=self._bench.run.rules_sha256,
            timeline=self._timeline_name,
            run=self._bench.run,
        )

    # --- progress ---------------------------------------------------------------------------------------------

    def _tell(self, each: _Judged, seen: Observation, reader: FrameReader) -> None:
        each.looks += 1
        if seen.gap is not None:
            each.gaps[seen.gap] += 1
        if each.looks % PROGRESS_EVERY_LOOKS == 1:
            media_time_s = (seen.captured_at - each.recording.start_at).total_seconds()
            self._bench.hooks.on_progress(self._progress(each, media_time_s, duration_s=reader.duration_s))

    def _progress(self, each: _Judged, media_time_s: float, *, duration_s: float | None = None, finished: bool = False) -> SourceProgress:
        violations = sum(len(one.stored) for one in self._judged) + self._settling.confirmed
        return SourceProgress(each.recording.uri, each.looks, media_time_s, duration_s or each.recording.duration_s, violations, finished)


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
