"""Who is watched next, where there are more cameras than can be watched at a time. Pure: it is told the time and what happened.

The order, first to last:

1. *Overdue*: cameras without a turn for three rounds, those that have waited longest first, whatever anybody weighs. This is what
   lets nobody starve: see ``longest_wait_s``.
2. *Below their coverage target* so far today: the further below, times their priority, the sooner.
3. All others: the stalest, times their priority.

The priority of a camera is the weight of the best grade that it sees, times one for recent violations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any, Self
from zoneinfo import ZoneInfo

from pipeline.config import PatrolMode, PatrolSettings
from pipeline.errors import PipelineError, RecordError
from pipeline.json_values import time_from_text, time_to_text
from pipeline.live.patrolled import PatrolledCamera
from pipeline.local_hours import Hours, is_within_any, stretches_of

_PATIENCE = 3
"""Rounds without a turn after which a camera goes before all weights."""
_PAUSE_S = 60.0
_LONGEST_PAUSE_S = 600.0
"""A camera that showed nothing is left out for _PAUSE_S; twice as long each time, up to this: a dead one costs next to nothing."""
_NEVER_S = 86400.0
"""A camera that was never seen is at least this stale."""


@dataclass(slots=True)
class _Turns:
    """What became of one camera's visits."""

    turn_at: datetime | None = None
    """When its last turn ended, or when the planner met it; None before either."""
    seen_at: datetime | None = None
    """When its last visit ended that saw anything."""
    started_at: datetime | None = None
    """Of the visit that is going on."""
    failures: int = 0
    """Visits in a row that saw nothing."""
    not_before: datetime | None = None
    day: date | None = None
    """The local day that ``observed_s`` is of."""
    observed_s: float = 0.0
    """Within enforcement hours."""


def longest_wait_s(cameras: int, slots: int, visit_s: float) -> float:
    """The longest that any toured camera waits for a turn, from the end of the last one or of the quiet hours, whatever the weights.

    A round is the time in which each gets one turn. After three without one a camera is overdue, and only cameras that have waited even
    longer go before it, each once: that takes one more round at most. It holds where ``next_to_watch`` is asked for all free slots
    whenever a visit is over; ``visit_s`` is then warm-up and stay, and the time until somebody asks. Cameras that fail wait for up to
    ten minutes more.
    """
    return (_PATIENCE + 1) * ceil(cameras / slots) * visit_s if cameras else 0.0


class PatrolPlanner:
    """Plans the turns of the toured cameras. The same calls give the same plan."""

    def __init__(
        self, settings: PatrolSettings, cameras: Sequence[PatrolledCamera], zone: ZoneInfo, *, enforcement_hours: Sequence[Hours] = ()
    ) -> None:
        """Nobody is being watched.

        Args:
            settings: how many at a time, for how long, and what weighs how much.
            cameras: all; those that are not toured are left alone.
            zone: of quiet hours, enforcement hours and days.
            enforcement_hours: what coverage targets are shares of; empty: the whole day.
        """
        self._settings = settings
        self._zone = zone
        self._enforced = tuple(enforcement_hours) or ((time(), time()),)
        self._cameras = {camera.camera_id: camera for camera in cameras if camera.mode is PatrolMode.TOURED}
        self._turns = {camera_id: _Turns() for camera_id in self._cameras}

    # --- what happened ----------------------------------------------------------------------------------------

    def started(self, camera_id: str, at: datetime) -> None:
        """It is being watched, or connected to, from now on. PipelineError if it is not toured."""
        self._turns_of(camera_id).started_at = at

    def ended(self, camera_id: str, at: datetime, observed_s: float, *, failed: bool = False) -> None:
        """Its visit is over. PipelineError if it is not toured.

        ``observed_s``: time between looks that count. 0 is taken for a failure: who shows nothing that counts must hold no slot for long.
        """
        turns = self._turns_of(camera_id)
        started_at = turns.started_at or at - timedelta(seconds=observed_s)
        turns.turn_at, turns.started_at = at, None
        if failed or observed_s <= 0:
            turns.failures += 1
            pause_s = min(_LONGEST_PAUSE_S, _PAUSE_S * 2.0 ** min(turns.failures - 1, 10))
            turns.not_before = at + timedelta(seconds=pause_s)
        else:
            turns.failures, turns.not_before, turns.seen_at = 0, None, at
        today = at.astimezone(self._zone).date()
        if turns.day != today:
            turns.day, turns.observed_s = today, 0.0
        length_s = (at - started_at).total_seconds()
        if length_s > 0:
            turns.observed_s += observed_s * self._enforced_s(max(started_at, self._midnight(at)), at) / length_s

    def found(self, camera_id: str, at: datetime) -> None:
        """A violation was opened there. PipelineError if it is not toured."""
        self._turns_of(camera_id)
        camera, oldest = self._cameras[camera_id], at - timedelta(days=self._settings.history_days)
        self._cameras[camera_id] = replace(camera, violations=(*(one for one in camera.violations if one > oldest), at))

    # --- what is next -----------------------------------------------------------------------------------------

    def next_to_watch(self, at: datetime, free_slots: int) -> tuple[str, ...]:
        """The cameras whose turn it is, first to last: at most ``free_slots``, and no more than ``slots`` with those being watched."""
        for turns in self._turns.values():
            turns.turn_at = turns.turn_at or at
        watched = sum(turns.started_at is not None for turns in self._turns.values())
        most = min(free_slots, self._settings.slots - watched)
        if most <= 0 or self.is_quiet(at):
            return ()
        # Nobody could be visited in the quiet hours: waiting begins anew when they end.
        awake_at = self._awake_since(at)
        return tuple(sorted(self._waiting(at), key=lambda camera_id: self._rank(camera_id, at, awake_at))[:most])

    def is_over(self, camera_id: str, at: datetime, *, seen: bool = True) -> bool:
        """Whether the visit that is going on should end now: its time is up and somebody waits, or quiet hours have begun.

        ``seen``: whether any look of it has counted since it was started; False: it loses its turn once the warm-up is over.
        PipelineError if it is not toured.
        """
        started_at = self._turns_of(camera_id).started_at
        if started_at is None or self.is_quiet(at):
            return True
        lasted_s = (at - started_at).total_seconds()
        if not seen:
            return lasted_s >= self._settings.warm_up_s
        return lasted_s >= self.visit_s and bool(self._waiting(at))

    def is_quiet(self, at: datetime) -> bool:
        """Whether nobody tours at this time."""
        return is_within_any(at, self._settings.quiet_hours, self._zone)

    @property
    def visit_s(self) -> float:
        """The longest time from the start of a visit to its end while somebody waits."""
        return self._settings.warm_up_s + self._settings.stay_s

    @property
    def longest_wait_s(self) -> float:
        """See the function of this name; it has to be asked without delay. 0 where nobody is toured."""
        return longest_wait_s(len(self._cameras), self._settings.slots, self.visit_s) if self._settings.slots else 0.0

    def observed_share(self, camera_id: str, at: datetime) -> float | None:
        """Share of today's enforcement hours until now that its visits observed; None before they begin. PipelineError if not toured."""
        turns, due_s = self._turns_of(camera_id), self._enforced_s(self._midnight(at), at)
        if not due_s:
            return None
        return turns.observed_s / due_s if turns.day == at.astimezone(self._zone).date() else 0.0

    # --- over a restart ---------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """What a restart needs. Visits that are going on are forgotten: their time does not count."""
        return {
            "cameras": {
                camera_id: {
                    "turn_at": _text(turns.turn_at),
                    "seen_at": _text(turns.seen_at),
                    "failures": turns.failures,
                    "not_before": _text(turns.not_before),
                    "day": turns.day.isoformat() if turns.day else None,
                    "observed_s": turns.observed_s,
                }
                for camera_id, turns in self._turns.items()
            }
        }

    @classmethod
    def from_json(
        cls,
        settings: PatrolSettings,
        cameras: Sequence[PatrolledCamera],
        zone: ZoneInfo,
        data: Mapping[str, Any],
        *,
        enforcement_hours: Sequence[Hours] = (),
    ) -> Self:
        """A planner that goes on with what ``as_json`` gave. Cameras that are gone are forgotten. RecordError for data of another shape."""
        planner = cls(settings, cameras, zone, enforcement_hours=enforcement_hours)
        try:
            for camera_id, values in data["cameras"].items():
                turns = _Turns(
                    turn_at=_moment(values["turn_at"]),
                    seen_at=_moment(values["seen_at"]),
                    failures=int(values["failures"]),
                    not_before=_moment(values["not_before"]),
                    day=date.fromisoformat(values["day"]) if values["day"] else None,
                    observed_s=float(values["observed_s"]),
                )
                if camera_id in planner._turns:
                    planner._turns[camera_id] = turns
        except (AttributeError, KeyError, TypeError, ValueError) as err:
            raise RecordError(
                "damaged plan of the patrol", expected="as this version writes it", found=f"{type(err).__name__}: {err}"
            ) from err
        return planner

    # --- weighing ---------------------------------------------------------------------------------------------

    def _waiting(self, at: datetime) -> list[str]:
        return [
            camera_id
            for camera_id, turns in self._turns.items()
            if turns.started_at is None and (turns.not_before is None or at >= turns.not_before)
        ]

    def _rank(self, camera_id: str, at: datetime, awake_at: datetime) -> tuple[int, float, datetime, str]:
        """Smaller is sooner. The longest wait, then the id, decide between equals."""
        turns, priority = self._turns[camera_id], self._priority(camera_id, at)
        turn_at = turns.turn_at or at
        waited_s = (at - max(turn_at, awake_at)).total_seconds()
        if waited_s * (_PATIENCE + 1) >= _PATIENCE * self.longest_wait_s:
            return 0, 0.0, turn_at, camera_id
        short = self._short_of_target(camera_id, at)
        if short > 0:
            return 1, -short * priority, turn_at, camera_id
        stale_s = (at - turns.seen_at).total_seconds() if turns.seen_at else _NEVER_S + waited_s
        return 2, -stale_s * priority, turn_at, camera_id

    def _priority(self, camera_id: str, at: datetime) -> float:
        camera, settings = self._cameras[camera_id], self._settings
        grade = max((settings.grade_weights.get(grade, 1.0) for grade in camera.grades), default=1.0)
        ages = [max(0.0, (at - one) / timedelta(days=1)) for one in camera.violations]
        heat = sum(1 - age / settings.history_days for age in ages if age < settings.history_days)
        return grade * (1 + settings.history_weight * heat / (1 + heat))

    def _short_of_target(self, camera_id: str, at: datetime) -> float:
        """By which share of its target it is below it, 0..1; 0 while nothing can be gained."""
        target = self._cameras[camera_id].coverage_target
        if target is None or not is_within_any(at, self._enforced, self._zone):
            return 0.0
        return max(0.0, 1 - (self.observed_share(camera_id, at) or 0.0) / target)

    def _turns_of(self, camera_id: str) -> _Turns:
        if camera_id not in self._turns:
            raise PipelineError("not a toured camera", where=f"camera {camera_id}", expected=", ".join(self._turns) or "none is toured")
        return self._turns[camera_id]

    # --- local time -------------------------------------------------------------------------------------------

    def _midnight(self, at: datetime) -> datetime:
        return datetime.combine(at.astimezone(self._zone).date(), time(), self._zone).astimezone(UTC)

    def _enforced_s(self, since: datetime, until: datetime) -> float:
        return sum((end - start).total_seconds() for start, end in stretches_of(self._enforced, since, until, self._zone))

    def _awake_since(self, at: datetime) -> datetime:
        """When the quiet hours before an hour that is not quiet ended last; long ago where there are none."""
        long_ago = at - timedelta(days=2)
        quiet = stretches_of(self._settings.quiet_hours, long_ago, at, self._zone)
        return quiet[-1][1] if quiet else long_ago


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else time_to_text(moment)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else time_from_text(text)
