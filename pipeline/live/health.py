"""The health page of a running program: ``/healthz``, ``/readyz``, ``/status`` and Prometheus ``/metrics``."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pipeline.errors import ConfigError
from pipeline.live.status import CameraStatus, LiveStatus

_LOG = logging.getLogger(__name__)
_STUCK_AFTER_S = 30.0
"""A program whose loop has not turned for this long is stuck, whatever its threads do."""


class HealthBoard:
    """Holds the newest status for whoever asks. One thread posts, any may read."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Nothing is known yet."""
        self._monotonic = monotonic
        self._posted_s = monotonic()
        self._status: LiveStatus | None = None

    def post(self, status: LiveStatus) -> None:
        """The newest status, from the loop itself."""
        self._status, self._posted_s = status, self._monotonic()

    @property
    def status(self) -> LiveStatus | None:
        """The newest one; None before the first."""
        return self._status

    @property
    def age_s(self) -> float:
        """How old it is."""
        return self._monotonic() - self._posted_s

    def health(self) -> tuple[bool, str]:
        """Whether the loop turns, and the line that says so. A camera that is away is no fault of the program."""
        if self.age_s > _STUCK_AFTER_S:
            return False, f"the loop has not turned for {self.age_s:.0f} s"
        return True, "ok"

    def readiness(self) -> tuple[bool, str]:
        """Whether it watches: begun, and at least one camera gives results."""
        well, line = self.health()
        if not well or self._status is None:
            return False, line if not well else "starting"
        watched, all_of_them = self._status.watched, len(self._status.cameras)
        return watched > 0, f"{watched} of {all_of_them} cameras watched"


@contextmanager
def health_page(address: str, board: HealthBoard) -> Iterator[str]:
    """Serve the page while the context lasts; gives the address as a browser takes it.

    Args:
        address: ``HOST:PORT``; port 0 for any that is free. Nobody is asked who they are: bind it where only the right ones reach it.

    Raises ConfigError: the address can't be bound.
    """
    host, _, port = address.rpartition(":")
    registry = CollectorRegistry()
    registry.register(_Metrics(board))
    try:
        server = ThreadingHTTPServer((host, int(port)), _handler(board, registry))
    except OSError as err:
        hint = "Give another live.health, or stop what listens there"
        raise ConfigError(
            "cannot serve the health page", where=f"live.health {address}", found=err.strerror or str(err), hint=hint
        ) from err
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(board: HealthBoard, registry: CollectorRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET, and says nothing on its own."""

        def do_GET(self) -> None:
            """One of four pages."""
            if self.path == "/healthz":
                self._say(*board.health())
            elif self.path == "/readyz":
                self._say(*board.readiness())
            elif self.path == "/status":
                status = board.status
                values = status.as_json() if status else {"cameras": []}
                self._send(200, "application/json; charset=utf-8", json.dumps(values, ensure_ascii=False).encode())
            elif self.path == "/metrics":
                self._send(200, CONTENT_TYPE_LATEST, generate_latest(registry))
            else:
                self._send(404, "text/plain; charset=utf-8", b"/healthz /readyz /status /metrics\n")

        def _say(self, well: bool, line: str) -> None:
            self._send(200 if well else 503, "text/plain; charset=utf-8", line.encode() + b"\n")

        def _send(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Who asks for the health every few seconds is no news."""
            _LOG.debug(format, *args)

    return Handler


class _Metrics(Collector):
    """The newest status as Prometheus wants it."""

    def __init__(self, board: HealthBoard) -> None:
        self._board = board

    def collect(self) -> Iterator[Metric]:
        yield _gauge("doorline_status_age_seconds", "Age of these figures: the loop is stuck where it grows", self._board.age_s)
        status = self._board.status
        if status is None:
            return
        yield _gauge("doorline_cameras", "Cameras to be watched", len(status.cameras))
        yield _gauge("doorline_cameras_watched", "Cameras of which a look counted lately", status.watched)
        yield _gauge("doorline_queue_cameras", "Cameras whose looks wait to be judged", status.waiting)
        yield _gauge("doorline_look_stretch", "Times by which looks are further apart than asked for", status.stretch)
        yield _gauge("doorline_clock_parted", "1 where the machine's clock was set since the start", float(status.clock_parted))
        yield _gauge("doorline_changes_refused", "1 where zones or shops that were changed are not in force", float(bool(status.refused)))
        yield _counter("doorline_detect_seconds", "Time spent looking", status.detect_s)
        yield _counter("doorline_rule_seconds", "Time spent in rules and logs", status.rule_s)
        if status.disk_free_bytes is not None:
            yield _gauge("doorline_disk_free_bytes", "Room left for evidence", status.disk_free_bytes)
        delay = GaugeMetricFamily(
            "doorline_look_delay_seconds", "From a picture's arrival to its verdict, of the last looks", labels=["quantile"]
        )
        for share in (0.5, 0.95):
            value = status.delay_s(share)
            if value is not None:
                delay.add_metric([str(share)], value)
        yield delay
        yield from _of_cameras(status.cameras)


def _of_cameras(cameras: tuple[CameraStatus, ...]) -> Iterator[Metric]:
    def family(
        kind: type[GaugeMetricFamily] | type[CounterMetricFamily], name: str, text: str, value: Callable[[CameraStatus], float | None]
    ) -> Metric:
        made = kind(f"doorline_camera_{name}", text, labels=["camera"])
        for camera in cameras:
            found = value(camera)
            if found is not None:
                made.add_metric([camera.camera_id], found)
        return made

    gauge, counter = GaugeMetricFamily, CounterMetricFamily
    yield family(gauge, "last_result_age_seconds", "Age of the last look that counts", lambda camera: camera.result_age_s)
    yield family(gauge, "watched", "1 where a look counted lately", lambda camera: float(camera.is_watched))
    yield family(counter, "looks", "Looks, gaps included", lambda camera: camera.looks)
    yield family(counter, "looks_dropped", "Pictures that nobody had time for", lambda camera: camera.dropped)
    yield family(counter, "reconnections", "Times the stream came back", lambda camera: camera.reconnections)
    yield family(counter, "pictures_decoded", "Pictures decoded", lambda camera: camera.decoded)
    yield family(counter, "pictures_damaged", "Pictures that could not be decoded whole", lambda camera: camera.damaged)
    yield family(counter, "clock_jumps", "Jumps of the stream's own clock", lambda camera: camera.clock_jumps)
    yield family(counter, "stream_bytes", "Bytes of video received", lambda camera: camera.stream_bytes)
    yield family(gauge, "ring_bytes", "Bytes of video held in memory", lambda camera: camera.ring_bytes)
    yield family(gauge, "ring_seconds", "Seconds of video held in memory", lambda camera: camera.ring_s)
    yield family(gauge, "violations_open", "Violations that are open", lambda camera: camera.open_violations)
    yield family(gauge, "evidence_waiting", "Violations whose evidence is still to be written", lambda camera: camera.evidence_waiting)
    gaps = CounterMetricFamily("doorline_camera_gaps", "Looks that do not count", labels=["camera", "reason"])
    for camera in cameras:
        for reason, count in camera.gaps:
            gaps.add_metric([camera.camera_id, reason], count)
    yield gaps


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)
