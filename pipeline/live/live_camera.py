"""One camera of a running program, put together: the thread that watches, and the judge of what it sees."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from pipeline.addresses import hide_secrets
from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.detectors import LoadedDetectors
from pipeline.guards import guards_for
from pipeline.live.camera_watch import CameraWatch, WatchTools
from pipeline.live.hourly_log import HourlyLog
from pipeline.live.keeping import Keeper
from pipeline.live.live_judge import JudgeTools, LiveJudge
from pipeline.live.status import CameraStatus
from pipeline.live.telling import CameraTelling
from pipeline.live.timeline_file import timeline_start
from pipeline.notifying import Scene, Teller
from pipeline.observations import LogHeader
from pipeline.readers.kept_video import KeptVideo
from pipeline.readers.live_stream import LiveTimeline
from pipeline.records import Records, SourceStart, ViolationFilter
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages
from pipeline.shops import ShopRegistry
from pipeline.storing import JudgedSource, ViolationStore
from pipeline.types import ClockSource, ReadSummary, RunInfo, SourceClock, ViolationEvent
from pipeline.zones import CameraZones
from pipeline.zones.reference_picture import load_reference


@dataclass(frozen=True, slots=True)
class LiveBench:
    """What all cameras of a run share."""

    settings: DoorlineSettings
    run: RunInfo
    records: Records
    detectors: LoadedDetectors
    shops: ShopRegistry
    now: Callable[[], datetime]
    """Steady time."""
    watching: WatchTools
    keeping: Executor
    storing: Executor
    teller: Teller
    on_event: Callable[[ViolationEvent], None]


@dataclass(frozen=True, slots=True)
class LiveCamera:
    """One camera of a running program."""

    watch: CameraWatch
    judge: LiveJudge
    source_id: int

    def status(self, now: datetime, *, stretch: float, dropped: int) -> CameraStatus:
        """How it is doing. ``stretch``: by how much its looks are further apart; ``dropped``: pictures that nobody had time for."""
        watch, judge, counts = self.watch, self.judge, self.watch.counts
        return CameraStatus(
            camera_id=watch.camera.id,
            name=watch.camera.name,
            state=watch.link.state.value,
            fault=watch.link.fault,
            last_result_at=judge.judged_at,
            result_age_s=None if judge.judged_at is None else (now - judge.judged_at).total_seconds(),
            interval_s=watch.interval_s * stretch,
            looks=judge.looks,
            gaps=tuple((reason.value, count) for reason, count in judge.gaps.most_common()),
            gap=judge.last_gap.value if judge.last_gap else "",
            dropped=dropped,
            reconnections=watch.link.reconnections,
            decoded=counts.decoded,
            damaged=counts.damaged,
            clock_jumps=counts.clock_jumps,
            stream_bytes=counts.bytes,
            ring_bytes=watch.ring.bytes,
            ring_s=watch.ring.seconds,
            open_violations=judge.running,
            evidence_waiting=judge.waiting,
        )

    def summary(self) -> ReadSummary:
        """For the row of the source."""
        counts, gaps, fault = self.watch.counts, sum(self.judge.gaps.values()), self.watch.link.fault
        return ReadSummary(
            looks=self.judge.looks - gaps,
            missed_looks=gaps,
            frames_decoded=counts.decoded,
            damaged_packets=counts.damaged,
            first_media_time_s=None,
            last_media_time_s=None,
            faults=(fault,) if fault else (),
        )


def assemble(camera: CameraSettings, zones: CameraZones, bench: LiveBench, watch: CameraWatch | None = None) -> LiveCamera:
    """A camera as the last run left it, ready to be started; ``watch``: one that runs already and goes on.

    Raises RecordError: the records can't be written, or what was logged can't be read. OSError: the disk refuses.
    """
    settings = bench.settings
    folder = settings.live.folder / camera.id
    start_at = timeline_start(folder, bench.now())
    clock = SourceClock(start_at, ClockSource.RECEIVED)
    timeline = LiveTimeline(start_at, lambda: (bench.now() - start_at).total_seconds())
    source_id = bench.records.start_source(bench.run.run_id, SourceStart(camera.stream, camera.id, clock, None))
    rule = RuleEngine(camera, zones, bench.shops, settings.rules, clock_known=True)
    stages = CameraStages(guards_for(settings.guards, load_reference(zones)), bench.detectors.chain_for(zones), rule, zones.version)
    watch = watch or CameraWatch(camera, timeline, bench.watching)
    log = HourlyLog(settings.observations / "live" / camera.id, _header(camera, zones, clock, stages, bench))
    tools = JudgeTools(
        settings=settings,
        camera=camera,
        stages=stages,
        rule=rule,
        log=log,
        keeper=Keeper(settings, watch.ring, KeptVideo(folder / "kept"), bench.keeping, folder),
        store=ViolationStore(settings, bench.run, bench.records, bench.shops, camera, zones),
        source=JudgedSource(source_id, hide_secrets(camera.stream), clock, log.between),
        folder=folder,
        storer=bench.storing,
        telling=CameraTelling(bench.teller, Scene(camera, zones.timezone, bench.run.run_id), settings.notify, folder, bench.on_event),
        now=bench.now,
        monotonic=bench.watching.monotonic,
    )
    rows = bench.records.list_violations(ViolationFilter(run_id=bench.run.run_id, camera_id=camera.id))
    judge = LiveJudge(tools, {row.violation_id: (row.confirmed_at, row.cleared_at) for row in rows})
    judge.take_up()
    return LiveCamera(watch, judge, source_id)


def _header(camera: CameraSettings, zones: CameraZones, clock: SourceClock, stages: CameraStages, bench: LiveBench) -> LogHeader:
    return LogHeader(
        camera_id=camera.id,
        source=hide_secrets(camera.stream),
        clock=clock,
        timezone=bench.settings.looks.timezone,
        interval_s=camera.interval_s or bench.settings.looks.interval_s,
        zone_version=zones.version,
        model_version=stages.model_version,
        rule_version=bench.run.rules_sha256,
        timeline="",
        run=bench.run,
    )
