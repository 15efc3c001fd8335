"""What other zones would have made of the last looks of a camera: these would have been reported, those no longer.

The looks are those that were logged, judged again by the same rules, shops and settings, once with the zones in force and once
with others. That is exact as far as the log goes, and no further: the eyes look where zones are. Ground that no zone watched was
not looked at by the eye for what is put down, small things on it were not looked at enlarged, and what stands there is not in any
log. So where other zones watch new ground, nothing new found there proves nothing, and only the next days tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import ConfigError, PipelineError, RecordError
from pipeline.observations import LoggedRun, LogHeader, read_log
from pipeline.rules import RuleEngine
from pipeline.rules import replay as judge_again
from pipeline.shops import ShopRegistry
from pipeline.types import Observation, Violation
from pipeline.zones import CameraZones

_Look = TypeVar("_Look")
SPAN = timedelta(hours=1)
"""Violations that were seen within so much time before the last look are told."""
WARM_UP = timedelta(hours=1)
"""So much before that is judged too: what stood there already has its dwell."""
MOST_LOOKS = 4500
"""Of a log that holds more, the last so many are judged: an hour and a quarter of one a second. With ten things in each look that
takes three seconds or four."""
_SAME_PLACE = 0.3
"""Share of the smaller box in the other for two violations of different kinds or shops to be of one place."""


class NothingToTryError(PipelineError):
    """No looks to judge again."""


class NoClockError(NothingToTryError):
    """Looks of which nobody knows the time of day, and zones or rules that depend on it."""


@dataclass(frozen=True, slots=True)
class LastLooks:
    """The last looks of a camera, in order, and which of them are told of."""

    looks: tuple[Observation, ...]
    since: datetime
    until: datetime
    clock_known: bool
    timeline: str

    @property
    def told(self) -> int:
        """How many looks lie within the span."""
        return sum(1 for look in self.looks if look.captured_at >= self.since)


@dataclass(frozen=True, slots=True)
class TriedZones:
    """Violations of the span, in the order of their first sight: with the zones in force (``lost``), with others (``new``), with both.

    ``changed`` are those that stand in one place at one time and differ in kind, in whose they are, or in whether they were confirmed.
    """

    same: tuple[Violation, ...]
    new: tuple[Violation, ...]
    lost: tuple[Violation, ...]
    changed: tuple[tuple[Violation, Violation], ...]


def last_looks(settings: DoorlineSettings, camera: CameraSettings) -> LastLooks:
    """The last looks that were logged of a camera: live, else of the run that began last and has a log of it.

    A log that is damaged is read up to the damage. NothingToTryError where there is none.
    """
    found = next((last for logs in _logs(settings, camera.id) if (last := _last_of(logs)) is not None), None)
    if found is not None:
        return found
    raise NothingToTryError("no look of this camera is logged", where=f"camera {camera.id}", hint="Watch it first, or judge footage of it")


def span_of_looks(settings: DoorlineSettings, camera: CameraSettings) -> tuple[datetime, datetime] | None:
    """The first and the last of the looks that ``last_looks`` would tell of, without reading what they saw; None where there is none."""
    for logs in _logs(settings, camera.id):
        looks, _ = _from_the_end(logs, lambda logged: logged.looks(), lambda look: look[0], SPAN)
        if looks:
            return looks[0][0], looks[-1][0]
    return None


def try_zones(
    last: LastLooks,
    camera: CameraSettings,
    shops: ShopRegistry | None,
    settings: DoorlineSettings,
    zones: tuple[CameraZones | None, CameraZones],
) -> TriedZones:
    """Judge looks by two versions of zones and say what differs. ``zones``: those in force (None: none yet) and others.

    NoClockError where they can't be judged.
    """
    before, after = (() if each is None else _violations(last, camera, shops, settings, each) for each in zones)
    return _compared(list(before), list(after))


# --- which looks -------------------------------------------------------------------------------------------


def _logs(settings: DoorlineSettings, camera_id: str) -> Iterator[Iterable[LoggedRun]]:
    """The logs of each source of looks, newest first: live, then run by run."""
    yield _of_camera(_live(settings, camera_id), camera_id)
    for paths in _of_runs(settings, camera_id):
        yield _in_time(_of_camera(paths, camera_id))


def _live(settings: DoorlineSettings, camera_id: str) -> list[Path]:
    """The hourly logs of a live camera, newest first."""
    return sorted((settings.observations / "live" / camera_id).glob("*.jsonl"), reverse=True)


def _of_runs(settings: DoorlineSettings, camera_id: str) -> Iterator[list[Path]]:
    """The logs that each run of ``doorline batch`` may have of this camera, the newest run first: runs are named by when they began."""
    runs = (folder for folder in settings.observations.glob("*") if folder.is_dir() and folder.name != "live")
    for folder in sorted(runs, reverse=True):
        yield sorted(folder.glob(f"{camera_id}-*.jsonl"))


def _of_camera(paths: Iterable[Path], camera_id: str) -> Iterator[LoggedRun]:
    """Those that are logs of it: a crash may have left not even a first line, and another camera's name may begin in the same way."""
    for path in paths:
        with suppress(RecordError):
            logged = read_log(path)
            if logged.header.camera_id == camera_id:
                yield logged


def _in_time(logs: Iterable[LoggedRun]) -> list[LoggedRun]:
    """Sources of a run, the last one first. Without a wall clock there is no order: each would be a street of its own."""
    found = list(logs)
    known = [each for each in found if each.header.clock.known]
    return sorted(known, key=lambda each: each.header.clock.start_at, reverse=True) or found[-1:]


def _last_of(logs: Iterable[LoggedRun]) -> LastLooks | None:
    looks, header = _from_the_end(logs, lambda logged: logged.observations(last=MOST_LOOKS), lambda look: look.captured_at, SPAN + WARM_UP)
    if header is None:
        return None
    kept = tuple(looks[-MOST_LOOKS:])
    until = kept[-1].captured_at
    return LastLooks(kept, max(kept[0].captured_at, until - SPAN), until, header.clock.known, header.timeline)


def _from_the_end(
    logs: Iterable[LoggedRun], read: Callable[[LoggedRun], Iterator[_Look]], time_of: Callable[[_Look], datetime], reach: timedelta
) -> tuple[list[_Look], LogHeader | None]:
    """Looks of the last logs, as far back as ``reach`` from the very last one; and what the last log is of."""
    looks: list[_Look] = []
    header: LogHeader | None = None
    for logged in logs:
        before: list[_Look] = []
        with suppress(RecordError):  # up to the first damage
            for look in read(logged):
                if looks and time_of(look) >= time_of(looks[0]):
                    break
                before.append(look)
        looks = before + looks
        header = header or (logged.header if looks else None)
        if looks and (time_of(looks[0]) <= time_of(looks[-1]) - reach or len(looks) >= MOST_LOOKS):
            break
    return [look for look in looks if time_of(look) >= time_of(looks[-1]) - reach], header


# --- judging and comparing ---------------------------------------------------------------------------------


def _violations(
    last: LastLooks, camera: CameraSettings, shops: ShopRegistry | None, settings: DoorlineSettings, zones: CameraZones
) -> list[Violation]:
    """The last word on each violation that somebody would have been told of and that was seen within the span."""
    try:
        engine = RuleEngine(camera, zones, shops, settings.rules, clock_known=last.clock_known, timeline=last.timeline)
    except ConfigError as err:
        raise NoClockError(err.what, where=err.where, expected=err.expected, found=err.found) from err
    words = {event.violation.violation_id: event.violation for event in judge_again(last.looks, engine)}
    found = [each for each in words.values() if each.last_seen_at >= last.since]
    return sorted(found, key=lambda each: (each.first_seen_at, each.violation_id))


def _compared(before: list[Violation], after: list[Violation]) -> TriedZones:
    """Pair what is most alike first."""
    alike = _paired(before, after, _likeness)
    same = [pair for pair in alike if _is_confirmed(pair[0]) is _is_confirmed(pair[1])]
    changed = [pair for pair in alike if pair not in same]
    changed += _paired(before, after, _neighbourhood)
    return TriedZones(
        same=tuple(other for _, other in sorted(same, key=lambda pair: pair[1].first_seen_at)),
        new=tuple(after),
        lost=tuple(before),
        changed=tuple(sorted(changed, key=lambda pair: pair[1].first_seen_at)),
    )


Score = Callable[[Violation, Violation], float]


def _paired(before: list[Violation], after: list[Violation], score: Score) -> list[tuple[Violation, Violation]]:
    """Each with at most one of the others, the most alike first; what is paired leaves both lists."""
    scored = ((score(one, other), number, place) for number, one in enumerate(before) for place, other in enumerate(after))
    pairs: list[tuple[int, int]] = []
    for alike, number, place in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if alike > 0 and all(number != one and place != other for one, other in pairs):
            pairs.append((number, place))
    found = [(before[number], after[place]) for number, place in pairs]
    for number in sorted((number for number, _ in pairs), reverse=True):
        del before[number]
    for place in sorted((place for _, place in pairs), reverse=True):
        del after[place]
    return found


def _likeness(one: Violation, other: Violation) -> float:
    """Above 0 for the same kind on the same ground at the same time."""
    if one.kind is not other.kind or one.target != other.target or not _at_once(one, other):
        return 0.0
    return one.box.iou(other.box)


def _neighbourhood(one: Violation, other: Violation) -> float:
    """Above 0 for what stands in the same place at the same time, whatever it is and whose."""
    inside = max(one.box.covered_by(other.box), other.box.covered_by(one.box))
    return inside if _at_once(one, other) and inside >= _SAME_PLACE else 0.0


def _at_once(one: Violation, other: Violation) -> bool:
    return one.first_seen_at <= other.last_seen_at and other.first_seen_at <= one.last_seen_at


def _is_confirmed(violation: Violation) -> bool:
    return violation.confirmed_at is not None
