"""The patrol of a running program: lets the streams of toured cameras be watched, and left again."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config import PatrolMode
from pipeline.live.live_camera import LiveBench, LiveCamera
from pipeline.live.patrol import PatrolPlanner
from pipeline.live.patrolled import patrolled_cameras
from pipeline.records import ViolationFilter
from pipeline.watching.watched_stream import WatchedStream
from pipeline.whole_files import write_aside
from pipeline.zones import CameraZones

_LOG = logging.getLogger(__name__)
_NAME = "patrol.json"


@dataclass(frozen=True, slots=True)
class Toured:
    """One stream that takes turns, and the cameras of the configuration that are views of it."""

    stream: WatchedStream
    views: Sequence[LiveCamera]

    @property
    def counted(self) -> int:
        """Looks that counted, since the program began."""
        return sum(view.judge.looks - sum(view.judge.gaps.values()) for view in self.views)


class Touring:
    """Belongs to the thread that judges."""

    def __init__(self, planner: PatrolPlanner, toured: Mapping[str, Toured], slots: int, folder: Path) -> None:
        """``toured`` by the id of the first view of each stream; ``folder`` keeps who was visited when over a restart."""
        self._planner = planner
        self._toured = dict(toured)
        self._slots = slots
        self._path = folder / _NAME
        self._visiting: dict[str, int] = {}
        """Camera -> looks that had counted when the visit began."""
        self._first_of = {view.camera.id: name for name, each in toured.items() for view in each.views}
        for each in self._toured.values():
            each.stream.leave()

    def tick(self, at: datetime) -> None:
        """End the visits that are over and begin the next ones."""
        ended = [
            name for name, before in self._visiting.items() if self._planner.is_over(name, at, seen=self._toured[name].counted > before)
        ]
        for name in ended:
            self._end(name, at)
        for name in self._planner.next_to_watch(at, self._slots - len(self._visiting)):
            self._planner.started(name, at)
            self._visiting[name] = self._toured[name].counted
            self._toured[name].stream.visit()
        if ended:
            self._save()

    def found(self, camera_id: str, at: datetime) -> None:
        """A violation was opened before this camera; one that is watched always is no matter."""
        name = self._first_of.get(camera_id)
        if name is not None:
            self._planner.found(name, at)

    def is_elsewhere(self, camera_id: str) -> bool:
        """Whether this camera takes turns and it is not its turn."""
        name = self._first_of.get(camera_id)
        return name is not None and name not in self._visiting

    def close(self, at: datetime) -> None:
        """Remember who was visited."""
        for name in list(self._visiting):
            self._end(name, at)
        self._save()

    def _end(self, name: str, at: datetime) -> None:
        each = self._toured[name]
        each.stream.leave()
        counted = each.counted - self._visiting.pop(name)
        # A look stands for the time up to the next one, the last of a visit for next to none.
        observed_s = max(counted - 1.0, 0.5) * each.stream.interval_s if counted else 0.0
        self._planner.ended(name, at, observed_s, failed=counted == 0)

    def _save(self) -> None:
        try:
            write_aside(self._path, json.dumps(self._planner.as_json()).encode())
        except OSError as err:
            _LOG.warning("cannot write down who was visited: %s", err)


def touring_of(bench: LiveBench, cameras: Mapping[str, LiveCamera], zones: Mapping[str, CameraZones], now: datetime) -> Touring | None:
    """The patrol of a run, with what earlier programs wrote down; None where no camera takes turns. Raises RecordError."""
    settings = bench.settings
    if not settings.patrol.slots:
        return None
    zone = ZoneInfo(settings.looks.timezone)
    opened: dict[str, list[datetime]] = {}
    for row in bench.records.list_violations(ViolationFilter(since=now - timedelta(days=settings.patrol.history_days))):
        if row.confirmed_at is not None:
            opened.setdefault(row.camera_id, []).append(row.confirmed_at)
    patrolled = patrolled_cameras(settings, zones, bench.shops, opened, now.astimezone(zone).date())
    toured = {}
    for each in patrolled:
        if each.mode is PatrolMode.TOURED:
            stream = cameras[each.camera_id].stream
            toured[each.camera_id] = Toured(stream, [camera for camera in cameras.values() if camera.stream is stream])
    folder, hours = settings.live.folder, settings.rules.enforcement_hours
    before = _visited_before(folder)
    if before is None:
        planner = PatrolPlanner(settings.patrol, patrolled, zone, enforcement_hours=hours)
    else:
        planner = PatrolPlanner.from_json(settings.patrol, patrolled, zone, before, enforcement_hours=hours)
    return Touring(planner, toured, settings.patrol.slots, folder)


def _visited_before(folder: Path) -> dict[str, Any] | None:
    """What an earlier program wrote down; None where there is nothing to be read."""
    path = folder / _NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as err:
        _LOG.warning("%s can't be read, the patrol begins anew: %s", path, err)
        return None
    return dict(data) if isinstance(data, dict) else None
