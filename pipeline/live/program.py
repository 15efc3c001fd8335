"""``doorline run``: the loop that watches many cameras until it is told to stop."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event, Thread

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.detectors import load_detectors
from pipeline.errors import ConfigError, ModelError, PipelineError, RecordError
from pipeline.live.camera_watch import CameraWatch, WatchTools
from pipeline.live.disk import DiskRoom
from pipeline.live.health import HealthBoard, health_page
from pipeline.live.live_camera import LiveBench, LiveCamera, assemble, watch_of
from pipeline.live.look_queue import LookQueue, Pace
from pipeline.live.request import LiveHooks, LiveRequest
from pipeline.live.starting import RUN_PREFIX, alone, by_stream, cameras_to_watch, start_run
from pipeline.live.status import CameraStatus, LiveStatus, free_bytes
from pipeline.live.steady_clock import SteadyClock
from pipeline.live.touring import Touring, touring_of
from pipeline.notifying import Delivery, Teller
from pipeline.preparing import run_info, save_catalogue, shops_of, without_secrets
from pipeline.readers.stream_addresses import StreamAddresses
from pipeline.reconciling import reconcile
from pipeline.records import Records, RunState
from pipeline.types import Look, Phase, RunInfo, ViolationEvent
from pipeline.zones import CameraZones

_LOG = logging.getLogger(__name__)
_WAIT_S = 0.2
_TELL_EVERY_S = 1.0
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
    cameras, zones = cameras_to_watch(settings)
    with ExitStack() as opened:
        locks = {camera.id: opened.enter_context(alone(settings.live.folder / camera.id, camera.id)) for camera in cameras}
        detectors = load_detectors(settings)
        records = opened.enter_context(Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s))
        for line in reconcile(records, settings, hooks.wall()):
            hooks.on_line(line)
        run = start_run(request, records, detectors.model_sha256, zones, hooks)
        live = LiveProgram(request, hooks, opened, set(locks))
        shops = shops_of(settings, zones)
        live.bench = LiveBench(
            settings=settings,
            run=run,
            records=records,
            detectors=detectors,
            shops=shops,
            now=live.clock.now,
            watching=live.watching(settings),
            keeping=live.keeping,
            storing=live.storing,
            teller=Teller(records, settings.notify.receivers, shops, hooks.wall),
            on_event=live.tell,
            room=live.room,
        )
        save_catalogue(records, settings, zones, shops)
        live.watch(cameras, zones)
        return live.bench.run


@dataclass(frozen=True, slots=True)
class _Change:
    """What a reload brings, tried as far as it can be."""

    cameras: Sequence[CameraSettings]
    zones: Mapping[str, CameraZones]
    bench: LiveBench
    watches: dict[str, CameraWatch]
    """By stream; those of ``kept`` run already."""
    kept: frozenset[str]


class LiveProgram:
    """The parts of one running program."""

    bench: LiveBench

    def __init__(self, request: LiveRequest, hooks: LiveHooks, opened: ExitStack, locked: set[str]) -> None:
        self._request = request
        self._hooks = hooks
        self._opened = opened
        self._locked = locked
        self._queue = LookQueue()
        self._pace = Pace(hooks.monotonic)
        self._board = HealthBoard(hooks.monotonic)
        self._cameras: dict[str, LiveCamera] = {}
        self._touring: Touring | None = None
        self._watches: dict[str, CameraWatch] = {}
        """By stream."""
        self._failures = 0
        self._judged = 0
        self._flushing: Future[bool] | None = None
        self.clock = SteadyClock(hooks.wall, hooks.monotonic)
        self.keeping = ThreadPoolExecutor(1, "keeping")
        self.storing = ThreadPoolExecutor(1, "storing")
        self._started_at = self.clock.now()
        live, evidence = request.settings.live, request.settings.evidence.folder
        self.room = DiskRoom(
            lambda: free_bytes(evidence), warn_gib=live.disk_warn_gib, stop_gib=live.disk_stop_gib, monotonic=hooks.monotonic
        )

    def watching(self, settings: DoorlineSettings) -> WatchTools:
        """What the threads of the cameras share."""
        addresses = StreamAddresses(settings.gateways, self._hooks.monotonic)
        return WatchTools(settings, addresses, self._queue.put, self._hooks.monotonic, random.random, lambda: self._pace.factor)

    def watch(self, cameras: Sequence[CameraSettings], zones: Mapping[str, CameraZones]) -> None:
        """Everything from the first connection to the last row."""
        address = self.bench.settings.live.health
        state = RunState.FAILED
        try:
            with health_page(address, self._board) if address else nullcontext(), self._delivery():
                self._watches = {stream: watch_of(views, zones, self.bench) for stream, views in by_stream(cameras).items()}
                for camera in cameras:
                    self._cameras[camera.id] = assemble(camera, zones[camera.id], self.bench, self._watches[camera.stream])
                self._touring = touring_of(self.bench, self._cameras, zones, self.clock.now())
                for each in self._watches.values():
                    each.start()
                self._judge_until_stopped()
            state = RunState.INTERRUPTED
        finally:
            self._end(state)

    # --- the loop ---------------------------------------------------------------------------------------------

    def _judge_until_stopped(self) -> None:
        told_s = self._hooks.monotonic()
        self._tell_status()
        while not self._hooks.should_stop():
            if self._touring is not None:
                self._touring.tick(self.clock.now())
            for looks in self._queue.take(self.bench.settings.looks.batch, _WAIT_S):
                self._judge(looks[0].camera_id, looks)
            if self._pace.note(self._judged, self._queue.dropped_in_all()):
                _LOG.warning("looks come %.1f times as far apart as asked for: more come than can be judged", self._pace.factor)
            if self._hooks.monotonic() - told_s >= _TELL_EVERY_S:
                told_s = self._hooks.monotonic()
                self._tell_status()
                self._flush()
            asked = self._hooks.reload()
            if asked is not None:
                self._reload(asked)

    def tell(self, event: ViolationEvent) -> None:
        """Whoever wants to know."""
        if self._touring is not None and event.phase is Phase.OPENED:
            self._touring.found(event.violation.camera_id, event.at)
        self._hooks.on_event(event)

    def _judge(self, camera_id: str, looks: Sequence[Look]) -> None:
        each = self._cameras.get(camera_id)
        if each is None:
            return
        try:
            each.judge.judge(looks)
            self._failures = 0
        except ModelError as err:
            self._failures += 1
            _LOG.error("%s", err)
            if self._failures >= _MOST_FAILURES:
                raise
        self._judged += 1

    def _tell_status(self) -> None:
        now, cameras = self.clock.now(), tuple(self._cameras.values())
        status = LiveStatus(
            run_id=self.bench.run.run_id,
            at=now,
            started_at=self._started_at,
            cameras=tuple(self._status_of(each, now) for each in cameras),
            waiting=self._queue.waiting(),
            stretch=self._pace.factor,
            delays_s=tuple(delay for each in cameras for delay in each.judge.delays_s),
            detect_s=sum(each.judge.detect_s for each in cameras),
            rule_s=sum(each.judge.rule_s for each in cameras),
            disk_free_bytes=self.room.free_bytes,
            disk=self.room.state,
            clock_parted=self.clock.parted,
        )
        self._board.post(status)
        self._hooks.on_status(status)

    @contextmanager
    def _delivery(self) -> Iterator[None]:
        """Messages go out meanwhile, from the outbox, in a thread of its own."""
        notify = self.bench.settings.notify
        stop = Event()
        delivery = Delivery(self.bench.records, notify, now=self._hooks.wall, chance=random.random)
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
        return each.status(now, stretch=self._pace.factor, dropped=self._queue.dropped(each.camera.id), elsewhere=elsewhere)

    # --- other settings ---------------------------------------------------------------------------------------

    def _reload(self, request: LiveRequest) -> None:
        """Take other zones, shops, rules and cameras into force; streams that are wanted as before are not left.

        What is refused changes nothing. What stands on the street is judged by the new rules as if they had been in force since it came.
        Raises RecordError where the records fail in the middle of the change: the next start takes up what was going on.
        """
        try:
            change = self._prepared(request)
        except PipelineError as err:
            self._hooks.on_line(f"not reloaded, all goes on as before: {err}")
            return
        if change is None:
            self._hooks.on_line("reloaded: nothing has changed")
            return
        self._change_over(change)
        self._hooks.on_line(f"reloaded: run {self.bench.run.run_id}")

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
        bench = replace(old, settings=settings, run=run, detectors=detectors, shops=shops, watching=self.watching(settings), teller=teller)
        groups = by_stream(cameras)
        kept = {stream: watch for stream, watch in self._watches.items() if watch.is_for(groups.get(stream, ()), settings)}
        watches = {stream: kept.get(stream) or watch_of(views, zones, bench) for stream, views in groups.items()}
        for camera in cameras:
            if camera.id not in self._locked:
                self._opened.enter_context(alone(settings.live.folder / camera.id, camera.id))
                self._locked.add(camera.id)
        old.records.start_run(run, without_secrets(request.command))
        save_catalogue(old.records, settings, zones, shops)
        return _Change(cameras, zones, bench, watches, frozenset(kept))

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
        for stream in self._watches.keys() - change.kept:
            self._watches[stream].stop()
        self.bench, self._watches = change.bench, change.watches
        self._cameras = {
            camera.id: assemble(camera, change.zones[camera.id], change.bench, change.watches[camera.stream]) for camera in change.cameras
        }
        for stream in change.kept:
            self._watches[stream].visit()
        self._touring = touring_of(self.bench, self._cameras, change.zones, self.clock.now())
        for stream in self._watches.keys() - change.kept:
            self._watches[stream].start()
        records.finish_run(old.run.run_id, RunState.FINISHED, self._hooks.wall())

    # --- the end ----------------------------------------------------------------------------------------------

    def _end(self, state: RunState) -> None:
        """Within seconds: what isn't written yet is in the logs, and is taken up by the next start."""
        self._queue.close()
        if self._touring is not None:
            self._touring.close(self.clock.now())
        for each in self._watches.values():
            each.stop()
        until_s = self._hooks.monotonic() + _STOP_WITHIN_S
        for each in self._watches.values():
            each.join(max(0.0, until_s - self._hooks.monotonic()))
        self.storing.shutdown(wait=False, cancel_futures=True)
        for camera in self._cameras.values():
            camera.judge.close()
        # Last: what the judges let go of is written by it.
        _within(_STOP_WITHIN_S, self.keeping.shutdown)
        _within(_FLUSH_WITHIN_S, lambda: self._finish(state))

    def _finish(self, state: RunState) -> None:
        with suppress(RecordError):
            for each in self._cameras.values():
                self.bench.records.finish_source(each.source_id, RunState.INTERRUPTED, each.summary())
            self.bench.records.finish_run(self.bench.run.run_id, state, self._hooks.wall())


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do what may wait for a database, but wait no longer than this for it: nothing depends on it."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
