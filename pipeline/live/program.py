"""``doorline run``: the loop that watches many cameras until it is told to stop."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event, Lock, Thread
from zoneinfo import ZoneInfo

import cv2

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.detectors import load_detectors
from pipeline.errors import ConfigError, ModelError, PipelineError, RecordError
from pipeline.live.disk import DiskRoom
from pipeline.live.health import HealthBoard, health_page
from pipeline.live.heap import give_back_free_memory
from pipeline.live.judges import Judges
from pipeline.live.leases import CameraLeases
from pipeline.live.live_camera import LiveBench, LiveCamera, assemble, router_of, stream_of
from pipeline.live.pace import Pace
from pipeline.live.request import LiveHooks, LiveRequest
from pipeline.live.starting import RUN_PREFIX, alone, by_stream, cameras_to_watch, start_run
from pipeline.live.status import CameraStatus, LiveStatus, free_bytes
from pipeline.live.steady_clock import SteadyClock
from pipeline.live.touring import Touring, touring_of
from pipeline.live.views import ViewRouter
from pipeline.live.watched_files import FileWatch, Marks, files_of, marks_of
from pipeline.notifying import Contacts, Delivery, Teller, case_telling
from pipeline.preparing import run_info, save_catalogue, shops_of, without_secrets
from pipeline.reconciling import reconcile
from pipeline.records import Records, RunState
from pipeline.types import Look, Phase, RunInfo, ViolationEvent
from pipeline.watching.watched_stream import WatchedStream
from pipeline.watching.watched_streams import WatchedStreams
from pipeline.zones import CameraZones

_LOG = logging.getLogger(__name__)
_JUDGE_FOR_S = 0.5
_TELL_EVERY_S = 1.0
_TRIM_EVERY_S = 60.0
_STOP_WITHIN_S = 3.0
_FLUSH_WITHIN_S = 2.0
_MOST_FAILURES = 5
"""Model failures in a row after which nothing can be trusted: the program ends with the error, and whoever started it starts it anew."""


def run_live(request: LiveRequest, hooks: LiveHooks) -> RunInfo:
    """Watch all cameras that have a stream until asked to stop.

    Raises:
        ConfigError: zones, shops or the model's card are refused, no camera has a stream, or another program watches one of them.
        ModelError: the weights can't be loaded, or the model failed again and again.
        RecordError: the database can't be opened, or a log can't be read.
    """
    settings = request.settings
    # Several threads on pictures as small as ours cost more than they save, and here they would hold up each other.
    cv2.setNumThreads(1)
    marks = marks_of(files_of(settings))
    cameras, zones = cameras_to_watch(settings)
    with ExitStack() as opened:
        locks = {camera.id: opened.enter_context(alone(settings.live.folder / camera.id, camera.id)) for camera in cameras}
        detectors = load_detectors(settings)
        records = opened.enter_context(Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s))
        leases = CameraLeases(records, settings.live.folder, hooks.monotonic)
        leases.claim(locks)
        for line in reconcile(records, settings, hooks.wall()):
            hooks.on_line(line)
        run = start_run(request, records, detectors.model_sha256, zones, hooks)
        live = LiveProgram(request, hooks, opened, set(locks), leases, marks)
        shops = shops_of(settings, zones)
        live.bench = LiveBench(
            settings=settings,
            run=run,
            records=records,
            detectors=detectors,
            shops=shops,
            now=live.clock.now,
            monotonic=hooks.monotonic,
            keeping=live.keeping,
            storing=live.storing,
            teller=Teller(records, settings.notify.receivers, shops, hooks.wall),
            on_event=live.tell,
            room=live.room,
        )
        _tell_of_cases(live.bench, hooks)
        save_catalogue(records, settings, zones, shops)
        live.watch(cameras, zones)
        return live.bench.run


@dataclass(frozen=True, slots=True)
class _Change:
    """What a reload brings, tried as far as it can be."""

    cameras: Sequence[CameraSettings]
    zones: Mapping[str, CameraZones]
    bench: LiveBench
    routers: dict[str, ViewRouter | None]
    """By stream."""
    kept: dict[str, WatchedStream]
    """By stream: those that are watched already, and go on."""


class LiveProgram:
    """The parts of one running program."""

    bench: LiveBench

    def __init__(
        self, request: LiveRequest, hooks: LiveHooks, opened: ExitStack, locked: set[str], leases: CameraLeases, marks: Marks
    ) -> None:
        self._request = request
        self._hooks = hooks
        self._opened = opened
        self._locked = locked
        self._leases = leases
        self._files = FileWatch(marks, request.settings.live.watch_files_s, hooks.monotonic)
        self._refused = ""
        self._pace = Pace(hooks.monotonic)
        self._board = HealthBoard(hooks.monotonic)
        self._cameras: dict[str, LiveCamera] = {}
        self._touring: Touring | None = None
        self._watched: dict[str, WatchedStream] = {}
        """By stream."""
        self._routers: dict[str, ViewRouter | None] = {}
        """By stream."""
        self._failures = 0
        self._judged = 0
        self._counting, self._telling = Lock(), Lock()
        self._flushing: Future[bool] | None = None
        self.clock = SteadyClock(hooks.wall, hooks.monotonic)
        live, evidence = request.settings.live, request.settings.evidence.folder
        self._streams = WatchedStreams(self.clock.now, hooks.monotonic, live.streams_per_process)
        self._judges = Judges(self._streams, self._judge_stream, live.judges, hooks.monotonic)
        self.keeping = ThreadPoolExecutor(1, "keeping")
        self.storing = ThreadPoolExecutor(1, "storing")
        self._started_at = self.clock.now()
        self.room = DiskRoom(
            lambda: free_bytes(evidence), warn_gib=live.disk_warn_gib, stop_gib=live.disk_stop_gib, monotonic=hooks.monotonic
        )

    def watch(self, cameras: Sequence[CameraSettings], zones: Mapping[str, CameraZones]) -> None:
        """Everything from the first connection to the last row."""
        address = self.bench.settings.live.health
        state = RunState.FAILED
        try:
            with health_page(address, self._board) if address else nullcontext(), self._delivery():
                groups = by_stream(cameras)
                self._routers = {stream: router_of(views, zones, self.bench.settings) for stream, views in groups.items()}
                self._watched = {stream: stream_of(views, self._streams, self.bench) for stream, views in groups.items()}
                for camera in cameras:
                    self._cameras[camera.id] = assemble(camera, zones[camera.id], self.bench, self._watched[camera.stream])
                self._touring = touring_of(self.bench, self._cameras, zones, self.clock.now())
                for each in self._watched.values():
                    each.start()
                self._judge_until_stopped()
            state = RunState.INTERRUPTED
        finally:
            self._end(state)

    # --- the loop ---------------------------------------------------------------------------------------------

    def _judge_until_stopped(self) -> None:
        self._tell_status()
        told_s = trimmed_s = self._hooks.monotonic()
        while not self._hooks.should_stop():
            if self._touring is not None:
                self._touring.tick(self.clock.now())
            self._judges.work(_JUDGE_FOR_S)
            if self._pace.note(self._judged, self._streams.dropped(), self._judges.busy_s):
                self._say_pace()
            if self._hooks.monotonic() - told_s >= _TELL_EVERY_S:
                told_s = self._hooks.monotonic()
                self._streams.tend(self._pace.factor)
                self._leave_what_others_watch()
                self._tell_status()
                self._flush()
            if self._hooks.monotonic() - trimmed_s >= _TRIM_EVERY_S:
                trimmed_s = self._hooks.monotonic()
                give_back_free_memory()
            asked = self._hooks.reload()
            if asked is not None:
                self._reload(asked)
            self._follow_files()

    def _say_pace(self) -> None:
        if self._pace.factor > 1:
            _LOG.warning("looks come %.2f times as far apart as asked for: more come than can be judged", self._pace.factor)
        else:
            _LOG.info("looks come as asked for again")

    def tell(self, event: ViolationEvent) -> None:
        """Whoever wants to know, one at a time."""
        with self._telling:
            if self._touring is not None and event.phase is Phase.OPENED:
                self._touring.found(event.violation.camera_id, event.at)
            self._hooks.on_event(event)

    def _judge_stream(self, stream: WatchedStream, looks: Sequence[Look]) -> None:
        """Each look goes to the camera of the configuration that it shows."""
        router = self._routers.get(stream.camera.stream)
        for camera_id, of_camera in _by_camera([each for look in looks for each in (router.route(look) if router else [look])]).items():
            self._judge(camera_id, of_camera)

    def _judge(self, camera_id: str, looks: Sequence[Look]) -> None:
        each = self._cameras.get(camera_id)
        if each is None:
            return
        try:
            each.judge.judge(looks)
        except ModelError as err:
            _LOG.error("%s", err)
            if self._count(failed=True) >= _MOST_FAILURES:
                raise
        else:
            self._count(failed=False)

    def _count(self, *, failed: bool) -> int:
        """Take in what became of the looks of one camera; how often the model has failed in a row."""
        with self._counting:
            self._judged += 1
            self._failures = self._failures + 1 if failed else 0
            return self._failures

    def _leave_what_others_watch(self) -> None:
        """This program was away from the records for so long that another one took a camera: both would judge everything twice."""
        for taken in self._leases.lost():
            _LOG.error("camera %s: not watched any more, it is by %s", taken.camera_id, taken.told)
            camera = self._cameras.get(taken.camera_id)
            if camera is not None:
                self._watched[camera.camera.stream].stop()

    def _tell_status(self) -> None:
        now, cameras = self.clock.now(), tuple(self._cameras.values())
        status = LiveStatus(
            run_id=self.bench.run.run_id,
            at=now,
            started_at=self._started_at,
            cameras=tuple(self._status_of(each, now) for each in cameras),
            waiting=self._streams.waiting(),
            stretch=self._pace.factor,
            delays_s=tuple(delay for each in cameras for delay in each.judge.delays_s),
            detect_s=sum(each.judge.detect_s for each in cameras),
            rule_s=sum(each.judge.rule_s for each in cameras),
            disk_free_bytes=self.room.free_bytes,
            disk=self.room.state,
            clock_parted=self.clock.parted,
            refused=self._refused,
        )
        self._board.post(status)
        self._hooks.on_status(status)

    @contextmanager
    def _delivery(self) -> Iterator[None]:
        """Messages go out meanwhile, from the outbox, in a thread of its own."""
        notify = self.bench.settings.notify
        stop = Event()
        contacts = Contacts(lambda: self.bench.settings.shops, ZoneInfo(self.bench.settings.looks.timezone))
        delivery = Delivery(self.bench.records, notify, now=self._hooks.wall, chance=random.random, contacts=contacts)
        thread = Thread(target=delivery.run, args=(stop,), name="notify", daemon=True)
        if notify.receivers:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            if notify.receivers:
                _within(_FLUSH_WITHIN_S, self.bench.teller.flush)
                thread.join(_FLUSH_WITHIN_S)

    def _flush(self) -> None:
        """Put what was told into the outbox, by the thread that may wait for a database."""
        if self.bench.teller.waiting and (self._flushing is None or self._flushing.done()):
            self._flushing = self.storing.submit(self.bench.teller.flush)

    def _status_of(self, each: LiveCamera, now: datetime) -> CameraStatus:
        elsewhere = self._touring is not None and self._touring.is_elsewhere(each.camera.id)
        return each.status(now, stretch=self._pace.factor, elsewhere=elsewhere)

    # --- other settings ---------------------------------------------------------------------------------------

    def _follow_files(self) -> None:
        """Zones and shops that lie there now come into force under the settings that are; a refusal is said once."""
        changed = self._files.look()
        if changed is None:
            return
        if changed.paths:
            self._hooks.on_line(f"changed: {', '.join(map(str, changed.paths))}")
        self._refused = self._take_in(self._request)
        if self._refused:
            self._files.refused()
            if changed.paths:
                self._say_refused(self._refused)

    def _reload(self, request: LiveRequest) -> None:
        """What somebody asked for; whether it was taken in is said."""
        refusal = self._take_in(request)
        if refusal:
            self._say_refused(refusal)

    def _say_refused(self, refusal: str) -> None:
        self._hooks.on_line(f"not reloaded, all goes on as before: {refusal}")

    def _take_in(self, request: LiveRequest) -> str:
        """Take other zones, shops, rules and cameras into force; streams that are wanted as before are not left.

        What stands on the street is judged by the new rules as if they had been in force since it came.

        Returns:
            Why it is refused: then nothing has changed. Empty where it is in force now.

        Raises RecordError where the records fail in the middle of the change: the next start takes up what was going on.
        """
        marks = marks_of(files_of(request.settings))
        try:
            change = self._prepared(request)
        except PipelineError as err:
            return str(err)
        if change is not None:
            self._change_over(change)
        self._request, self._refused = request, ""
        self._files.taken_in(marks)
        self._hooks.on_line("reloaded: nothing has changed" if change is None else f"reloaded: run {self.bench.run.run_id}")
        return ""

    def _prepared(self, request: LiveRequest) -> _Change | None:
        """All that can be refused, tried; None where nothing has changed."""
        settings, old = request.settings, self.bench
        self._refuse_what_needs_a_start(settings)
        cameras, zones = cameras_to_watch(settings)
        detectors = old.detectors.under(settings)
        run_id, now = RUN_PREFIX + self._hooks.new_run_id(), self._hooks.wall()
        run = run_info(settings, request.config_text, detectors.model_sha256, zones, run_id=run_id, started_at=now)
        if replace(run, run_id=old.run.run_id, started_at=old.run.started_at) == old.run:
            return None
        shops = shops_of(settings, zones)
        teller = Teller(old.records, settings.notify.receivers, shops, self._hooks.wall)
        bench = replace(old, settings=settings, run=run, detectors=detectors, shops=shops, teller=teller)
        groups = by_stream(cameras)
        kept = {stream: watched for stream, watched in self._watched.items() if watched.is_for(groups.get(stream, ()), settings)}
        routers = {stream: router_of(views, zones, settings) for stream, views in groups.items()}
        for camera in cameras:
            if camera.id not in self._locked:
                self._opened.enter_context(alone(settings.live.folder / camera.id, camera.id))
                self._locked.add(camera.id)
        self._leases.claim([camera.id for camera in cameras])
        # What fails leaves no run behind that never was.
        save_catalogue(old.records, settings, zones, shops)
        old.records.start_run(run, without_secrets(request.command))
        return _Change(cameras, zones, bench, routers, kept)

    def _refuse_what_needs_a_start(self, settings: DoorlineSettings) -> None:
        before = self.bench.settings
        for name in ("records", "live", "observations", "evidence", "notify"):
            if getattr(settings, name) != getattr(before, name):
                raise ConfigError("this can't be changed while looking", where=name, hint="Start the program anew")

    def _change_over(self, change: _Change) -> None:
        before, old, records = self._cameras, self.bench, change.bench.records
        if self._touring is not None:
            self._touring.close(self.clock.now())
        for each in before.values():
            each.judge.close()
            records.finish_source(each.source_id, RunState.FINISHED, each.summary())
        old.teller.flush()
        with suppress(RecordError):
            self._leases.release(before.keys() - {camera.id for camera in change.cameras})
        for stream in self._watched.keys() - change.kept.keys():
            self._watched[stream].stop()
            self._watched[stream].forget()
        self.bench, self._routers = change.bench, change.routers
        _tell_of_cases(self.bench, self._hooks)
        groups = by_stream(change.cameras)
        self._watched = {stream: change.kept.get(stream) or stream_of(views, self._streams, self.bench) for stream, views in groups.items()}
        self._cameras = {
            camera.id: assemble(camera, change.zones[camera.id], change.bench, self._watched[camera.stream]) for camera in change.cameras
        }
        for watched in change.kept.values():
            watched.visit()
        self._touring = touring_of(self.bench, self._cameras, change.zones, self.clock.now())
        for stream in self._watched.keys() - change.kept.keys():
            self._watched[stream].start()
        records.finish_run(old.run.run_id, RunState.FINISHED, self._hooks.wall())

    # --- the end ----------------------------------------------------------------------------------------------

    def _end(self, state: RunState) -> None:
        """Within seconds: what isn't written yet is in the logs, and is taken up by the next start."""
        self._judges.close()
        if self._touring is not None:
            self._touring.close(self.clock.now())
        for each in self._watched.values():
            each.stop()
        until_s = self._hooks.monotonic() + _STOP_WITHIN_S
        for each in self._watched.values():
            each.join(max(0.0, until_s - self._hooks.monotonic()))
        self.storing.shutdown(wait=False, cancel_futures=True)
        for camera in self._cameras.values():
            camera.judge.close()
        self._streams.close()
        # Last: what the judges let go of is written by it.
        _within(_STOP_WITHIN_S, self.keeping.shutdown)
        _within(_FLUSH_WITHIN_S, lambda: self._finish(state))

    def _finish(self, state: RunState) -> None:
        with suppress(RecordError):
            for each in self._cameras.values():
                self.bench.records.finish_source(each.source_id, RunState.INTERRUPTED, each.summary())
            self.bench.records.finish_run(self.bench.run.run_id, state, self._hooks.wall())
            self._leases.close()


def _tell_of_cases(bench: LiveBench, hooks: LiveHooks) -> None:
    """What the camera sees cleared ends cases: whoever was asked to see to it is told."""
    bench.records.tell_of_cases(case_telling(bench.settings, lambda: bench.shops, hooks.wall))


def _by_camera(looks: Sequence[Look]) -> dict[str, list[Look]]:
    """Looks of several cameras, each in the order given."""
    sorted_out: dict[str, list[Look]] = {}
    for look in looks:
        sorted_out.setdefault(look.camera_id, []).append(look)
    return sorted_out


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do what may wait for a database, but wait no longer than this for it: nothing depends on it."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
