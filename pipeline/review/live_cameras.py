"""What is known of the live cameras right now: asked of the running program, else told by its logs and by who has the right to watch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from enum import StrEnum
from functools import partial
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from pipeline.asking_health import HealthAsker, Heard, ToldCamera, ToldProgram, ask_program
from pipeline.config import CameraSettings, DoorlineSettings, PatrolMode
from pipeline.coverage import LookRun, Span
from pipeline.look_runs import LookLogs, told_seconds
from pipeline.records import Records
from pipeline.review.found_out import FoundOut
from pipeline.types import GapReason

_ASK_TIMEOUT_S = 2.5
_TODAY_EVERY_S = 10.0
_TODAY_WAIT_S = 0.4
_SIGHT_FOR_S = 2.0
_TAIL = timedelta(minutes=15)
"""Of the logs, for what a camera does now."""
_FRESH_S = 30.0
_RATES_OVER = 12


class CameraState(StrEnum):
    """How a camera is doing, what needs somebody first."""

    NOBODY = "nobody"
    """It should be watched, and nobody does."""
    UNKNOWN = "unknown"
    """A program has the right to watch it, and from here nobody sees whether it does."""
    MOVED = "moved"
    """It was turned or knocked: nothing is judged."""
    GAP = "gap"
    CONNECTING = "connecting"
    WATCHED = "watched"
    ELSEWHERE = "elsewhere"
    """It takes turns with others, and it is not its turn."""
    OFF = "off"
    """No live stream, or switched off."""


TROUBLED = frozenset({CameraState.NOBODY, CameraState.UNKNOWN, CameraState.MOVED, CameraState.GAP})
"""Where somebody should look what is the matter."""


@dataclass(frozen=True, slots=True)
class Today:
    """What was seen of the local day so far."""

    share: float
    """Observed, 0..1: of the enforcement hours so far where there are any, else of the whole day so far."""
    gap_s: float
    """Of the same time, what was not observed."""
    gaps: tuple[tuple[str, float], ...]
    """Reason -> seconds, most first."""
    seen_at: datetime | None
    """The last look that counts."""


@dataclass(frozen=True, slots=True)
class CameraNow:
    """One camera of the configuration right now."""

    camera: CameraSettings
    state: CameraState
    reason: str
    """Why the last look did not count, as GapReason has it; empty where it did, or nobody knows of one."""
    fault: str
    """What broke the stream, as the program tells it."""
    result_at: datetime | None
    """When the last look that counts was made, as far as anybody knows."""
    looks_per_s: float | None
    today: Today | None
    """None where no log tells."""
    picture: str
    """Mark of its newest picture, another one for each; empty where there is none."""
    picture_at: datetime | None
    zone_version: str
    """By which zones the running program judges it; empty where nobody knows."""


@dataclass(frozen=True, slots=True)
class Sight:
    """All cameras at one moment, in the order of the configuration."""

    at: datetime
    cameras: tuple[CameraNow, ...]
    heard: Heard | None
    """What the program answered; None where the settings name no health page."""
    logs_here: bool


class LiveCameras:
    """Found out once for everybody who looks at the same time."""

    def __init__(
        self,
        settings: DoorlineSettings,
        records: Records,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``now``: aware; the time of the cameras."""
        self._settings = settings
        self._records = records
        self._now = now
        self._monotonic = monotonic
        self._zone = ZoneInfo(settings.looks.timezone)
        address = settings.live.health
        self._asker = HealthAsker(partial(ask_program, address, timeout_s=_ASK_TIMEOUT_S), monotonic) if address else None
        self._today = FoundOut(self._count_today, every_s=_TODAY_EVERY_S, monotonic=monotonic)
        self._lock = Lock()
        self._sight: tuple[float, Sight] | None = None
        self._rates = _Rates()
        self.looks = LookLogs(settings.observations / "live", settings.rules.longest_look_interval_s)

    def sight(self) -> Sight:
        """How all cameras are doing, not older than two seconds. Raises RecordError."""
        with self._lock:
            if self._sight is None or self._monotonic() - self._sight[0] >= _SIGHT_FOR_S:
                self._sight = (self._monotonic(), self._look())
            return self._sight[1]

    def midnight(self, days_ago: int = 0) -> datetime:
        """The beginning of the local day, or of one before it."""
        return datetime.combine(self._now().astimezone(self._zone).date() - timedelta(days=days_ago), time_of_day(), self._zone)

    def _look(self) -> Sight:
        now = self._now()
        heard = self._asker.heard() if self._asker else None
        program = heard.program if heard else None
        if heard is not None and program is not None:
            self._rates.note(self._monotonic() - heard.age_s, program.cameras)
        leased = frozenset[str]() if program else frozenset(lease.camera_id for lease in self._records.watching())
        today = self._today.look(_TODAY_WAIT_S) or {}
        age_s = heard.age_s if heard else 0.0
        cameras = tuple(self._camera(camera, now, program, age_s, leased, today.get(camera.id)) for camera in self._settings.cameras)
        return Sight(now, cameras, heard, self.looks.exist)

    def _camera(
        self,
        camera: CameraSettings,
        now: datetime,
        program: ToldProgram | None,
        age_s: float,
        leased: Collection[str],
        today: Today | None,
    ) -> CameraNow:
        runs = self.looks.of(camera.id, now - _TAIL, now + _TAIL).runs if camera.stream else ()
        told = program.cameras.get(camera.id) if program else None
        seen_at = max((run.last for run in runs if run.gap is None), default=today.seen_at if today else None)
        if told is not None and told.result_age_s is not None:
            seen_at = now - timedelta(seconds=told.result_age_s + age_s)
        state, reason = self._state(camera, program, told, runs, now, leased)
        picture = self._settings.live.picture_of(camera.id)
        mark, at = _mark_of(picture)
        rate = self._rates.of(camera.id) if program else _rate(runs, now)
        return CameraNow(
            camera, state, reason, told.fault if told else "", seen_at, rate, today, mark, at, told.zone_version if told else ""
        )

    def _state(
        self,
        camera: CameraSettings,
        program: ToldProgram | None,
        told: ToldCamera | None,
        runs: Sequence[LookRun],
        now: datetime,
        leased: Collection[str],
    ) -> tuple[CameraState, str]:
        if not camera.stream or self._settings.patrol_of(camera) is PatrolMode.OFF:
            return CameraState.OFF, ""
        if told is not None:
            return _told_state(told)
        if program is not None:
            return CameraState.NOBODY, ""
        return self._logged_state(camera, runs, now, is_leased=camera.id in leased)

    def _logged_state(self, camera: CameraSettings, runs: Sequence[LookRun], now: datetime, *, is_leased: bool) -> tuple[CameraState, str]:
        """What the logs tell where no program does."""
        interval_s = camera.interval_s or self._settings.looks.interval_s
        limit = timedelta(seconds=max(_FRESH_S, 4 * interval_s, 3 * self._settings.live.gap_every_s))
        is_toured = self._settings.patrol_of(camera) is PatrolMode.TOURED
        last = runs[-1] if runs and now - runs[-1].last <= limit else None
        if last is None or (last.gap is GapReason.NO_LOOK and is_toured):
            # Between two visits of a patrol there may be no look at all.
            waits = CameraState.ELSEWHERE if is_toured else CameraState.UNKNOWN
            return (waits if is_leased else CameraState.NOBODY), ""
        counted = next((run for run in reversed(runs) if run.gap is None), None)
        is_watched = counted is not None and now - counted.last <= limit
        reason = last.gap.value if last.gap else ""
        return (CameraState.WATCHED if is_watched else _gap_state(reason)), reason

    def _count_today(self) -> Mapping[str, Today]:
        """Of each camera whose logs are here."""
        since, until = self.midnight(), self._now()
        if until <= since or not self.looks.exist:
            return {}
        span = Span(since, until, self._zone, self._settings.rules.enforcement_hours)
        longest = timedelta(seconds=self._settings.rules.longest_look_interval_s)
        found = {}
        for camera in self._settings.cameras:
            runs = self.looks.of(camera.id, since, until).runs if camera.stream else ()
            if runs:
                found[camera.id] = _today(runs, span, longest)
        return found


def _today(runs: Sequence[LookRun], span: Span, longest: timedelta) -> Today:
    seconds = told_seconds(runs, span, longest)
    whole_s, observed_s = sum(seconds.values()), seconds.pop(None, 0.0)
    gaps = tuple((reason.value, gap_s) for reason, gap_s in sorted(seconds.items(), key=lambda gap: -gap[1]) if reason)
    seen_at = next((run.last for run in reversed(runs) if run.gap is None), None)
    return Today(observed_s / whole_s, whole_s - observed_s, gaps, seen_at)


def _told_state(told: ToldCamera) -> tuple[CameraState, str]:
    """What the program says of a camera, and why its last look did not count."""
    if told.elsewhere:
        return CameraState.ELSEWHERE, ""
    if told.watched:
        return CameraState.WATCHED, told.gap
    if told.state == "connecting" or (told.state == "watched" and not told.gap):
        return CameraState.CONNECTING, ""
    reason = told.gap or GapReason.NO_FRAME.value
    return _gap_state(reason if told.state == "watched" else GapReason.NO_FRAME.value), reason


def _gap_state(reason: str) -> CameraState:
    return CameraState.MOVED if reason == GapReason.CAMERA_MOVED.value else CameraState.GAP


def _mark_of(picture: Path) -> tuple[str, datetime | None]:
    try:
        written = picture.stat().st_mtime_ns
    except OSError:
        return "", None
    return f"{written // 1_000_000:x}", datetime.fromtimestamp(written / 1e9, UTC)


def _rate(runs: Sequence[LookRun], now: datetime) -> float | None:
    """Looks a second over the last quarter of an hour, as the logs tell."""
    looks = sum(run.looks for run in runs)
    span_s = (now - runs[0].first).total_seconds() if runs else 0.0
    return looks / span_s if looks > 1 and span_s > 0 else None


class _Rates:
    """Looks a second of each camera, from how many there were when the program was asked."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, dict[str, int]]] = deque(maxlen=_RATES_OVER)

    def note(self, at_s: float, cameras: Mapping[str, ToldCamera]) -> None:
        """Take down what was told."""
        counts = {name: camera.looks for name, camera in cameras.items()}
        if self._counts and any(counts.get(name, 0) < before for name, before in self._counts[-1][1].items()):
            self._counts.clear()  # another program, or the same one started anew
        if not self._counts or counts != self._counts[-1][1]:
            self._counts.append((at_s, counts))

    def of(self, camera_id: str) -> float | None:
        """None before there is anything to compare."""
        if len(self._counts) < 2:
            return None
        (before_s, before), (after_s, after) = self._counts[0], self._counts[-1]
        if camera_id not in before or camera_id not in after or after_s <= before_s:
            return None
        return (after[camera_id] - before[camera_id]) / (after_s - before_s)
