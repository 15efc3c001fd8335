"""One camera of a running program, put together: the stream that is watched, and the judge of what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.addresses import hide_secrets
from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.detectors import LoadedDetectors
from pipeline.errors import ConfigError
from pipeline.guards import CameraPoseGuard, guards_for
from pipeline.live.current_picture import CurrentPicture
from pipeline.live.disk import DiskRoom
from pipeline.live.evidence_queue import EvidenceQueue, EvidenceTools
from pipeline.live.hourly_log import HourlyLog
from pipeline.live.keeping import Keeper
from pipeline.live.live_judge import JudgeTools, LiveJudge
from pipeline.live.quiet_pictures import QuietPictures
from pipeline.live.status import CameraStatus
from pipeline.live.telling import CameraTelling
from pipeline.live.timeline_file import timeline_start
from pipeline.live.views import View, ViewRouter
from pipeline.notifying import Scene, Teller
from pipeline.observations import LogHeader
from pipeline.readers.kept_video import KeptVideo
from pipeline.records import Records, SourceStart, ViolationFilter
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages
from pipeline.shops import ShopRegistry
from pipeline.storing import JudgedSource, ViolationStore
from pipeline.types import ClockSource, ReadSummary, RunInfo, SourceClock, ViolationEvent
from pipeline.watching.watched_stream import WatchedStream
from pipeline.watching.watched_streams import WatchedStreams
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
    monotonic: Callable[[], float]
    """Seconds that run on."""
    keeping: Executor
    storing: Executor
    teller: Teller
    on_event: Callable[[ViolationEvent], None]
    room: DiskRoom


@dataclass(frozen=True, slots=True)
class LiveCamera:
    """One camera of a running program."""

    camera: CameraSettings
    stream: WatchedStream
    """Shared by all views of one camera."""
    judge: LiveJudge
    source_id: int
    zone_version: str

    def status(self, now: datetime, *, stretch: float, elsewhere: bool) -> CameraStatus:
        """How it is doing.

        Args:
            now: on the steady clock.
            stretch: by how much its looks are further apart than asked for.
            elsewhere: it takes turns with others, and it is not its turn.
        """
        judge, state = self.judge, self.stream.state
        return CameraStatus(
            camera_id=self.camera.id,
            name=self.camera.name,
            elsewhere=elsewhere,
            state=state.link.state.value,
            fault=state.link.fault,
            last_result_at=judge.judged_at,
            result_age_s=None if judge.judged_at is None else (now - judge.judged_at).total_seconds(),
            interval_s=self.stream.interval_s * stretch,
            looks=judge.looks,
            gaps=tuple((reason.value, count) for reason, count in judge.gaps.most_common()),
            gap=judge.last_gap.value if judge.last_gap else "",
            dropped=state.dropped,
            reconnections=state.link.reconnections,
            decoded=state.counts.decoded,
            damaged=state.counts.damaged,
            clock_jumps=state.counts.clock_jumps,
            stream_bytes=state.counts.bytes,
            ring_bytes=state.ring_bytes,
            ring_s=state.ring_s,
            open_violations=judge.running,
            evidence_waiting=judge.waiting,
            zone_version=self.zone_version,
        )

    def summary(self) -> ReadSummary:
        """For the row of the source."""
        counts, gaps, fault = self.stream.counts, sum(self.judge.gaps.values()), self.stream.link.fault
        return ReadSummary(
            looks=self.judge.looks - gaps,
            missed_looks=gaps,
            frames_decoded=counts.decoded,
            damaged_packets=counts.damaged,
            first_media_time_s=None,
            last_media_time_s=None,
            faults=(fault,) if fault else (),
        )


def stream_of(cameras: Sequence[CameraSettings], streams: WatchedStreams, bench: LiveBench) -> WatchedStream:
    """The stream that these cameras share, not watched yet: one camera's, or that of the views of a camera that turns."""
    shortest = min(cameras, key=lambda camera: camera.interval_s or bench.settings.looks.interval_s)
    return streams.add(shortest, bench.settings, media_start(bench), views=len(cameras))


def router_of(cameras: Sequence[CameraSettings], zones: Mapping[str, CameraZones], settings: DoorlineSettings) -> ViewRouter | None:
    """Tells the views of one stream apart; None for a camera alone. Raises ConfigError: they can't be told apart."""
    if len(cameras) == 1:
        return None
    views = []
    for camera in cameras:
        reference = load_reference(zones[camera.id])
        if reference is None or not settings.guards.check_pose:
            raise ConfigError(
                "cameras that share a stream are views of one camera that turns, and can't be told apart",
                where=f"camera {camera.id}",
                expected="a clean reference picture in the zones of each, and guards.check_pose",
            )
        views.append(View(camera.id, CameraPoseGuard(settings.guards, reference)))
    return ViewRouter(views, gap_every_s=settings.live.gap_every_s)


def assemble(camera: CameraSettings, zones: CameraZones, bench: LiveBench, stream: WatchedStream) -> LiveCamera:
    """A camera as the last run left it.

    Raises RecordError: the records can't be written, or what was logged can't be read. OSError: the disk refuses.
    """
    settings = bench.settings
    folder = settings.live.folder / camera.id
    folder.mkdir(parents=True, exist_ok=True)
    clock = SourceClock(media_start(bench), ClockSource.RECEIVED)
    source_id = bench.records.start_source(bench.run.run_id, SourceStart(camera.stream, camera.id, clock, None))
    rule = RuleEngine(camera, zones, bench.shops, settings.rules, clock_known=True)
    stages = CameraStages(guards_for(settings.guards, load_reference(zones)), bench.detectors.chain_for(zones), rule, zones.version)
    keep = timedelta(days=settings.live.keep_logs_days)
    log = HourlyLog(settings.observations / "live" / camera.id, _header(camera, zones, clock, stages, bench), keep)
    rows = bench.records.list_violations(ViolationFilter(run_id=bench.run.run_id, camera_id=camera.id))
    evidence = EvidenceTools(
        settings=settings,
        camera_id=camera.id,
        keeper=Keeper(settings, stream, KeptVideo(folder / "kept"), bench.keeping, folder),
        store=ViolationStore(settings, bench.run, bench.records, bench.shops, camera, zones),
        source=JudgedSource(source_id, hide_secrets(camera.stream), clock, log.between),
        storer=bench.storing,
        room=bench.room,
    )
    tools = JudgeTools(
        settings=settings,
        camera=camera,
        stages=stages,
        rule=rule,
        log=log,
        evidence=EvidenceQueue(evidence, {row.violation_id: (row.confirmed_at, row.cleared_at) for row in rows}),
        start_at=clock.start_at,
        folder=folder,
        telling=CameraTelling(bench.teller, Scene(camera, zones.timezone, bench.run.run_id), settings.notify, folder, bench.on_event),
        picture=CurrentPicture(settings.live.picture_of(camera.id), settings.live.picture_every_s),
        quiet=QuietPictures(settings.live.quiet_of(camera.id)),
        now=bench.now,
        monotonic=bench.monotonic,
    )
    judge = LiveJudge(tools)
    judge.take_up()
    return LiveCamera(camera, stream, judge, source_id, zones.version)


def media_start(bench: LiveBench) -> datetime:
    """Media time 0 of all cameras: those that share a stream share its times."""
    return timeline_start(bench.settings.live.folder, bench.now())


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
