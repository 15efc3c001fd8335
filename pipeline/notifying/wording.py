"""The Chinese words of messages. A message tells of what a program suspects: people decide what it is."""

from __future__ import annotations

import re

from pipeline.addresses import hide_secrets
from pipeline.cases import CaseState
from pipeline.config import NotifyEvent
from pipeline.notifying.events import CaseEvent, Facts
from pipeline.types import GapReason, TargetKind, ViolationKind

KINDS = {
    ViolationKind.BEYOND_SHOPFRONT: "跨门经营",
    ViolationKind.PAVEMENT_PILING: "占道堆物",
    ViolationKind.STREET_STALL: "占道设摊",
}
EVENTS = {
    NotifyEvent.WARNED: "预警",
    NotifyEvent.OPENED: "待初审",
    NotifyEvent.CHANGED: "有变化",
    NotifyEvent.CLEARED: "已清除",
    NotifyEvent.REOPENED: "再次出现",
    NotifyEvent.CAMERA_TROUBLE: "摄像机异常",
    NotifyEvent.CAMERA_WELL: "摄像机恢复",
    NotifyEvent.CASE_NOTIFIED: "已告知",
    NotifyEvent.CASE_DISPATCHED: "已派单",
    NotifyEvent.CASE_OVERDUE: "已逾期",
    NotifyEvent.CASE_RECTIFIED: "自行整改",
    NotifyEvent.CASE_WITHDRAWN: "已撤回",
}
REASONS = {
    GapReason.NO_FRAME.value: "无画面",
    GapReason.GREY.value: "画面灰屏",
    GapReason.FROZEN.value: "画面冻结",
    GapReason.TORN.value: "画面撕裂",
    GapReason.DARK.value: "画面过暗",
    GapReason.BLURRED.value: "画面模糊",
    GapReason.CAMERA_MOVED.value: "镜头移位",
    GapReason.NO_LOOK.value: "无人查看",
}
TEST_MARK = "【测试】"
_SHORT_ID = 8
"""Characters of a violation's id that people type."""


def describe(facts: Facts) -> str:
    """One sentence in Chinese, for a text message or a list of events."""
    mark = TEST_MARK if facts.test else ""
    if facts.case is not None:
        return mark + _about_case(facts, facts.case)
    return mark + (_about_violation(facts) if facts.violation else _about_camera(facts))


def address(facts: Facts) -> str:
    """Street and place of the camera, as far as they are filled in, else its name or code."""
    camera = facts.scene.camera
    return " ".join(part for part in (camera.street, camera.place) if part) or camera.name or camera.id


def reason_text(reason: str) -> str:
    """In Chinese where the word is known, else the word."""
    return REASONS.get(reason, reason)


def without_secrets(text: str) -> str:
    """One line of printable text in which addresses have no password."""
    line = " ".join(re.sub(r"[A-Za-z][\w+.\-]*://\S+", lambda found: hide_secrets(found.group()), text).split())
    return "".join(character for character in line if character.isprintable())


def whose(facts: Facts) -> str:
    """The shop, the candidates, or the place."""
    labels = [f"{name}({code})" if name else code for code, name in facts.shops]
    place = facts.violation.target.place if facts.violation else facts.case.place if facts.case else ""
    return "或".join(labels) or place


def _about_violation(facts: Facts) -> str:
    violation = facts.violation
    if violation is None:
        raise ValueError("no violation")
    seen = facts.time_of_day(violation.first_seen_at)
    ambiguous = "（商户待定）" if violation.target.kind is TargetKind.AMBIGUOUS else ""
    parts = [
        f"疑似{KINDS[violation.kind]}，{EVENTS[facts.event]}：{whose(facts)}{ambiguous}",
        address(facts),
        *([f"{seen}首次发现"] if seen else []),
        f"停留{minutes(violation.dwell_s):g}分钟",
        f"编号{violation.violation_id[:_SHORT_ID]}",
    ]
    return "，".join(parts)


def _about_case(facts: Facts, case: CaseEvent) -> str:
    told = "提醒清理" if case.event is NotifyEvent.CASE_NOTIFIED else EVENTS[case.event]
    parts = [
        f"疑似{KINDS[case.kind]}，{told}：{whose(facts)}",
        address(facts),
        _what_is_wanted(facts, case),
        f"编号{case.violation_id[:_SHORT_ID]}",
        # Whoever is asked to clear the ground can't enter the console.
        *([case.url] if case.url and not case.for_owner else []),
    ]
    return "，".join(parts)


def _what_is_wanted(facts: Facts, case: CaseEvent) -> str:
    until = "" if case.deadline is None else facts.day_and_time(case.deadline)
    match case.event:
        case NotifyEvent.CASE_NOTIFIED:
            return f"请于{until}前清理"
        case NotifyEvent.CASE_DISPATCHED:
            return f"请{case.squad}于{until}前到场处理并反馈"
        case NotifyEvent.CASE_OVERDUE:
            missing = {CaseState.NOTIFIED: "尚未见清理", CaseState.DISPATCHED: f"{case.squad}尚未反馈"}.get(case.state, "尚未回头看")
            return f"{until}期限已过，{missing}"
        case NotifyEvent.CASE_RECTIFIED:
            return "已见清理，无需再处理"
        case _:
            return "此前的提醒或派单不再有效，无需处理"


def _about_camera(facts: Facts) -> str:
    trouble, camera = facts.trouble, facts.scene.camera
    if trouble is None:
        raise ValueError("neither violation nor camera event")
    name = f"{camera.name}({camera.id})" if camera.name else camera.id
    since = facts.time_of_day(trouble.since)
    what = reason_text(trouble.reason)
    return "，".join([f"{EVENTS[facts.event]}：{name}", address(facts), f"自{since}起{what}" if since else what])


def minutes(seconds: float) -> float:
    """To a tenth of a minute."""
    return round(seconds / 60, 1)
