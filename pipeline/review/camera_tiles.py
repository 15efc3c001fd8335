"""A live camera in words: what its tile on the wall says, the same for the page and for the script that keeps it up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from pipeline.asking_health import Heard, Trouble
from pipeline.cases import Case, CaseState
from pipeline.config import CameraSettings, PatrolMode
from pipeline.errors import PipelineError
from pipeline.records import Account, Workload
from pipeline.review.console import Console, streets_of
from pipeline.review.frame import sees_all
from pipeline.review.live_cameras import TROUBLED, CameraNow, CameraState, Sight
from pipeline.review.seeing import seen_by
from pipeline.review.wording import Translate, local_time, span_text
from pipeline.types import GapReason

OPEN_STATES = tuple(state for state in CaseState if not Case(state).is_over)
"""Where something is left to be done."""
_OLD_PICTURE_TIMES = 4
_SOONEST_OLD_S = 15.0
_REASONS = frozenset(reason.value for reason in GapReason)
TONES = {
    CameraState.NOBODY: ("alert", "warn"),
    CameraState.UNKNOWN: ("alert", "question"),
    CameraState.MOVED: ("alert", "moved"),
    CameraState.GAP: ("warn", "gap"),
    CameraState.CONNECTING: ("warn", "signal"),
    CameraState.WATCHED: ("good", "eye"),
    CameraState.ELSEWHERE: ("plain", "clock"),
    CameraState.OFF: ("plain", "off"),
}
"""Tone and icon."""
_RANKS = {state: number for number, state in enumerate(CameraState)}


class NoSuchCameraError(PipelineError):
    """There is none, or none that this person may see."""


@dataclass(frozen=True, slots=True)
class Tile:
    """What is said of a camera; texts are whole, in one language."""

    id: str
    url: str
    name: str
    where: str
    state: str
    tone: str
    icon: str
    text: str
    note: str
    age: str
    at: str
    """When its last look that counts was made, as clocks show it; empty where nobody knows."""
    share: str
    gaps: str
    gaps_in_full: str
    rate: str
    standing: int
    standing_url: str
    picture: str
    picture_at: str
    is_old: bool
    """What the picture shows may be long over."""


def cameras_of(console: Console, account: Account) -> tuple[CameraSettings, ...]:
    """The cameras that somebody may see: a squad those of its streets."""
    streets = streets_of(account)
    return tuple(camera for camera in console.settings.cameras if streets is None or camera.street in streets)


def camera_of(console: Console, account: Account, camera_id: str) -> CameraSettings:
    """One of them. NoSuchCameraError for all others: nobody learns that they exist."""
    camera = next((camera for camera in cameras_of(console, account) if camera.id == camera_id), None)
    if camera is None:
        raise NoSuchCameraError("no such camera", where=camera_id[:100])
    return camera


def seen_now(sight: Sight, cameras: Collection[CameraSettings]) -> list[CameraNow]:
    """How these cameras are doing, what needs somebody first."""
    wanted = {camera.id for camera in cameras}
    found = [each for each in sight.cameras if each.camera.id in wanted]
    return sorted(found, key=lambda each: (_RANKS[each.state], each.camera.street, each.camera.name or each.camera.id, each.camera.id))


def workload_of(console: Console, account: Account) -> tuple[Workload, ...]:
    """What is to be done, as far as somebody sees it."""
    seen = seen_by(account)
    states = OPEN_STATES if seen.states is None else tuple(state for state in OPEN_STATES if state in seen.states)
    load = console.records.cases.workload(states, console.now())
    return load if seen.streets is None else tuple(each for each in load if each.street in seen.streets)


def tiles_of(console: Console, account: Account, t: Translate, cameras: Sequence[CameraNow], now: datetime) -> list[Tile]:
    """Their tiles, in this order."""
    standing: Counter[str] = Counter()
    for each in workload_of(console, account):
        standing[each.camera_id] += each.cases if each.standing else 0
    return [_tile(console, account, t, each, now, standing[each.camera.id]) for each in cameras]


def summary_of(t: Translate, cameras: Sequence[CameraNow]) -> str:
    """How many are in which state, in one line."""
    counts = counts_of(cameras)
    parts = [t("wall.summary_part", n=number, state=t(f"camera.{state}")) for state, number in counts.items()]
    return t("wall.summary", n=len(cameras)) + (t("list.colon") + t("list.comma").join(parts) if parts else "")


def counts_of(cameras: Iterable[CameraNow]) -> dict[str, int]:
    """State -> how many, what needs somebody first."""
    counts = Counter(each.state for each in cameras)
    return {state.value: counts[state] for state in CameraState if counts[state]}


def troubled(cameras: Iterable[CameraNow]) -> int:
    """How many need that somebody looks what is the matter."""
    return sum(each.state in TROUBLED for each in cameras)


def told_of(console: Console, account: Account, t: Translate, sight: Sight) -> dict[str, str]:
    """Where all this is known from: tone, icon, text."""
    heard = sight.heard
    source = t("wall.from_logs") if sight.logs_here else t("wall.from_leases")
    if heard is None:
        return {"tone": "plain" if sight.logs_here else "warn", "icon": "question", "text": t("wall.no_health") + source}
    if heard.program is None:
        trouble = heard.trouble or Trouble.SILENT
        return {"tone": "alert", "icon": "warn", "text": t(f"wall.program_{trouble.value}") + source + _found(account, heard, t)}
    if heard.program.disk != "ok":
        return {"tone": "alert", "icon": "warn", "text": t("wall.disk_full" if heard.program.disk == "full" else "wall.disk_low")}
    if heard.program.refused:
        found = t("wall.found", found=heard.program.refused) if sees_all(account) else ""
        return {"tone": "alert", "icon": "warn", "text": t("wall.files_refused") + found}
    if heard.program.stretch > 1.01:
        return {"tone": "warn", "icon": "clock", "text": t("wall.stretched", times=f"{heard.program.stretch:.1f}")}
    return {"tone": "good", "icon": "check", "text": t("wall.program_well")}


def as_json(tile: Tile) -> dict[str, Any]:
    """For the script."""
    return {name: getattr(tile, name) for name in Tile.__slots__}


def reason_text(t: Translate, reason: str) -> str:
    """Why a look did not count; one that this console does not know stays as it was told."""
    return t(f"gap.{reason}") if reason in _REASONS else reason


def picture_url(camera_id: str, mark: str) -> str:
    """Another address for another picture."""
    return f"/cameras/{quote(camera_id)}/picture?{urlencode({'v': mark})}" if mark else ""


def _found(account: Account, heard: Heard, t: Translate) -> str:
    """Addresses are for those who look after the program."""
    return t("wall.found", found=heard.found) if heard.found and sees_all(account) else ""


def _tile(console: Console, account: Account, t: Translate, each: CameraNow, now: datetime, standing: int) -> Tile:
    camera = each.camera
    tone, icon = TONES[each.state]
    today = each.today
    since_s = None if each.result_at is None else max(0.0, (now - each.result_at).total_seconds())
    picture_s = None if each.picture_at is None else (now - each.picture_at).total_seconds()
    old_s = _OLD_PICTURE_TIMES * max(console.settings.live.picture_every_s, _SOONEST_OLD_S)
    query = urlencode({"camera": camera.id, "standing": "1", "state": "all"})
    return Tile(
        id=camera.id,
        url=f"/cameras/{quote(camera.id)}",
        name=camera.name or camera.id,
        where=t("list.dot").join(part for part in (camera.street, camera.place) if part),
        state=each.state.value,
        tone=tone,
        icon=icon,
        text=t(f"camera.{each.state.value}"),
        note=_note(console, t, each, tells_faults=sees_all(account)),
        age=t("wall.never") if since_s is None else t("wall.ago", span=_age_text(since_s, t)),
        at=local_time(each.result_at, console.zone) if each.result_at else "",
        share="–" if today is None else f"{today.share * 100:.0f} %",
        gaps="–" if today is None else span_text(today.gap_s, t),
        gaps_in_full="" if today is None else t("list.comma").join(f"{reason_text(t, name)} {span_text(s, t)}" for name, s in today.gaps),
        rate="–" if each.looks_per_s is None else t("wall.per_s", n=f"{each.looks_per_s:.2g}"),
        standing=standing,
        standing_url=f"/?{query}",
        picture=picture_url(camera.id, each.picture),
        picture_at=_picture_time(each.picture_at, now, console.zone),
        is_old=picture_s is not None and picture_s > old_s,
    )


def _note(console: Console, t: Translate, each: CameraNow, *, tells_faults: bool) -> str:
    """What more there is to say of the state."""
    fault = t("list.dot") + each.fault if each.fault and tells_faults else ""
    match each.state:
        case CameraState.WATCHED:
            return t("wall.last_look", reason=reason_text(t, each.reason)) if each.reason else ""
        case CameraState.GAP:
            return reason_text(t, each.reason) + fault
        case CameraState.CONNECTING:
            return fault.removeprefix(t("list.dot"))
        case CameraState.OFF:
            is_off = console.settings.patrol_of(each.camera) is PatrolMode.OFF
            return t("wall.note_off") if is_off and each.camera.stream else t("wall.note_no_stream")
        case CameraState.NOBODY | CameraState.UNKNOWN | CameraState.MOVED:
            return t(f"wall.note_{each.state.value}")
        case _:
            return ""


def _age_text(seconds: float, t: Translate) -> str:
    days = int(seconds // 86400)
    return t("wall.days", n=days) if days else span_text(seconds, t)


def _picture_time(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    same_day = at.astimezone(zone).date() == now.astimezone(zone).date()
    return local_time(at, zone, "%H:%M:%S" if same_day else "%m-%d %H:%M")
