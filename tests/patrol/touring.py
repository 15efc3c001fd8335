"""Cameras that are toured by a planner, second by second, without a stream: who was watched when, and what was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.coverage import CoverageFold
from pipeline.live.patrol import PatrolPlanner
from pipeline.live.patrolled import PatrolledCamera

SHANGHAI = ZoneInfo("Asia/Shanghai")
T0 = datetime(2024, 5, 6, 0, 0, tzinfo=UTC)
"""A Monday, 8:00 in Shanghai."""
LONGEST_STEP_S = 15.0


def at(seconds: float) -> datetime:
    """So long after T0."""
    return T0 + timedelta(seconds=seconds)


def cameras(number: int) -> list[PatrolledCamera]:
    """Toured, all alike."""
    return [PatrolledCamera(f"cam-{each:02}") for each in range(number)]


@dataclass
class Tour:
    """A program that watches as the planner says, and asks it every ``tick_s`` seconds."""

    planner: PatrolPlanner
    connect_s: float = 4.0
    """From the start of a visit to its first look."""
    look_every_s: float = 2.0
    tick_s: float = 1.0
    is_dead: Callable[[str, datetime], bool] = lambda camera_id, when: False
    visits: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    """Those that are over."""
    folds: dict[str, CoverageFold] = field(default_factory=lambda: defaultdict(lambda: CoverageFold(LONGEST_STEP_S)))
    plan: list[tuple[datetime, str]] = field(default_factory=list)
    """Who was started when."""
    _going_on: dict[str, datetime] = field(default_factory=dict)
    _looked: dict[str, int] = field(default_factory=dict)
    """Looks of the visit that is going on."""

    def run(self, since: datetime, seconds: float, slots: int) -> None:
        """Go on for so long."""
        for tick in range(int(seconds / self.tick_s)):
            now = since + timedelta(seconds=tick * self.tick_s)
            for camera_id in list(self._going_on):
                self._look(camera_id, now)
                if self.planner.is_over(camera_id, now, seen=self._looked[camera_id] > 0):
                    self._end(camera_id, now)
            for camera_id in self.planner.next_to_watch(now, slots - len(self._going_on)):
                self.planner.started(camera_id, now)
                self._going_on[camera_id] = now
                self._looked[camera_id] = 0
                self.plan.append((now, camera_id))
            assert len(self._going_on) <= slots

    def waits(self, camera_ids: Sequence[str], since: datetime, until: datetime) -> dict[str, float]:
        """The longest time between visits of each, and from the beginning and to the end, seconds."""
        longest = {}
        for camera_id in camera_ids:
            ends = [since, *(end for _, end in self.visits[camera_id])]
            starts = [*(when for when, name in self.plan if name == camera_id), until]
            longest[camera_id] = max((start - end).total_seconds() for end, start in zip(ends, starts, strict=False))
        return longest

    def _look(self, camera_id: str, now: datetime) -> None:
        if self.is_dead(camera_id, now):
            return
        first = self._going_on[camera_id] + timedelta(seconds=self.connect_s)
        while (due := first + timedelta(seconds=self._looked[camera_id] * self.look_every_s)) <= now:
            self.folds[camera_id].add(due, None)
            self._looked[camera_id] += 1

    def _end(self, camera_id: str, now: datetime) -> None:
        looks = self._looked[camera_id]
        self.planner.ended(camera_id, now, max(0, looks - 1) * self.look_every_s, failed=not looks)
        self.visits[camera_id].append((self._going_on.pop(camera_id), now))
