"""Facts -> the body of a message. Pure. Every body is one JSON object; docs/notifications.md shows each in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.config import MessageTemplate, ReceiverSettings
from pipeline.notifying.events import CameraEvent, CaseEvent, Facts
from pipeline.notifying.wording import EVENTS, KINDS, address, describe, minutes, reason_text, without_secrets
from pipeline.types import Violation

FORMAT = "doorline-message-1"
"""Changes whenever a reader of the old one would misread the new one."""
PHONES_OF_SMS, SHOP_OF_SMS = "phones", "shop"
"""Keys of an ``sms`` body: whom the gateway writes to, and the shop that a case is about (``{"code": ..., "name": ...}`` or null)."""


def body_of(receiver: ReceiverSettings, facts: Facts) -> str:
    """The body in the receiver's template: JSON text, readable Chinese, the order of keys as documented."""
    return body_text(_BUILDERS[receiver.template](receiver, facts))


def body_text(values: Mapping[str, Any]) -> str:
    """A body as it is sent."""
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Names may hold lone surrogates, which no one can send; as escapes they are plain JSON.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _doorline(_: ReceiverSettings, facts: Facts) -> dict[str, Any]:
    body: dict[str, Any] = {
        "format": FORMAT,
        "message_id": facts.message_id,
        "test": facts.test,
        "event": facts.event.value,
        "event_text": EVENTS[facts.event],
        "at": facts.time(facts.at),
        "run_id": facts.scene.run_id,
        "camera": _camera(facts),
    }
    if facts.violation is not None:
        body["violation"] = _violation(facts, facts.violation)
    if facts.trouble is not None:
        body["trouble"] = _trouble(facts, facts.trouble)
    if facts.case is not None:
        body["case"] = _case(facts, facts.case)
    return body | {"text": describe(facts)}


def _sms(receiver: ReceiverSettings, facts: Facts) -> dict[str, Any]:
    body: dict[str, Any] = {
        "message_id": facts.message_id,
        "test": facts.test,
        "event": facts.event.value,
        PHONES_OF_SMS: list(receiver.phones),
    }
    if facts.case is not None:
        body[SHOP_OF_SMS] = _shops(facts)[0] if len(facts.shops) == 1 else None
    return body | {"text": describe(facts)}


def _ywtg(receiver: ReceiverSettings, facts: Facts) -> dict[str, Any]:
    camera = facts.scene.camera
    body: dict[str, Any] = {
        "messageId": facts.message_id,
        "test": facts.test,
        "eventId": "",
        "eventSource": "视频智能巡查",
        "eventTypeCode": "",
        "eventTypeName": "",
        "eventState": facts.event.value,
        "eventStateName": EVENTS[facts.event],
        "reportTime": facts.time(facts.at),
        "street": camera.street,
        "address": address(facts),
        "cameraCode": camera.id,
        "cameraName": camera.name,
        "description": describe(facts),
        "runId": facts.scene.run_id,
    }
    violation, trouble = facts.violation, facts.trouble
    if facts.case is not None:
        body |= _ywtg_case(receiver, facts, facts.case)
    if violation is not None:
        body |= {
            "eventId": violation.violation_id,
            "eventTypeCode": receiver.type_codes.get(violation.kind, ""),
            "eventType": violation.kind.value,
            "eventTypeName": KINDS[violation.kind],
            "objectType": violation.target.kind.value,
            "objects": _shops(facts),
            "placeName": violation.target.place,
            "occurTime": facts.time(violation.first_seen_at),
            "warnTime": facts.time(violation.warned_at),
            "confirmTime": facts.time(violation.confirmed_at),
            "clearTime": facts.time(violation.cleared_at),
            "dwellMinutes": minutes(violation.dwell_s),
        }
    if trouble is not None:
        body |= {
            "eventId": f"{camera.id}-{trouble.since.strftime('%Y%m%dT%H%M%SZ')}",
            "eventType": "camera",
            "eventTypeName": "设备异常",
            "reason": trouble.reason,
            "reasonName": reason_text(trouble.reason),
            "occurTime": facts.time(trouble.since),
            "detail": without_secrets(trouble.detail),
        }
    return body


def _ywtg_case(receiver: ReceiverSettings, facts: Facts, case: CaseEvent) -> dict[str, Any]:
    return {
        "eventId": case.violation_id,
        "eventTypeCode": receiver.type_codes.get(case.kind, ""),
        "eventType": case.kind.value,
        "eventTypeName": KINDS[case.kind],
        "street": case.street,
        "objectType": case.target.value,
        "objects": _shops(facts),
        "placeName": case.place,
        "occurTime": facts.time(case.first_seen_at),
        "caseState": case.state.value,
        "stepNumber": case.number,
        "deadline": facts.time(case.deadline),
        "squad": case.squad,
        "detailUrl": case.url or None,
    }


_BUILDERS: Mapping[MessageTemplate, Callable[[ReceiverSettings, Facts], dict[str, Any]]] = {
    MessageTemplate.DOORLINE: _doorline,
    MessageTemplate.SMS: _sms,
    MessageTemplate.YWTG: _ywtg,
}


def _camera(facts: Facts) -> dict[str, str]:
    camera = facts.scene.camera
    return {"id": camera.id, "name": camera.name, "place": camera.place, "street": camera.street}


def _violation(facts: Facts, violation: Violation) -> dict[str, Any]:
    return {
        "id": violation.violation_id,
        "kind": violation.kind.value,
        "kind_text": KINDS[violation.kind],
        "target": violation.target.kind.value,
        "shops": _shops(facts),
        "place": violation.target.place,
        "first_seen_at": facts.time(violation.first_seen_at),
        "warned_at": facts.time(violation.warned_at),
        "confirmed_at": facts.time(violation.confirmed_at),
        "last_seen_at": facts.time(violation.last_seen_at),
        "cleared_at": facts.time(violation.cleared_at),
        "dwell_minutes": minutes(violation.dwell_s),
    }


def _case(facts: Facts, case: CaseEvent) -> dict[str, Any]:
    return {
        "id": case.violation_id,
        "step": case.number,
        "state": case.state.value,
        "kind": case.kind.value,
        "kind_text": KINDS[case.kind],
        "target": case.target.value,
        "shops": _shops(facts),
        "place": case.place,
        "street": case.street,
        "first_seen_at": facts.time(case.first_seen_at),
        "deadline": facts.time(case.deadline),
        "squad": case.squad,
        "url": case.url or None,
    }


def _shops(facts: Facts) -> list[dict[str, str]]:
    return [{"code": code, "name": name} for code, name in facts.shops]


def _trouble(facts: Facts, trouble: CameraEvent) -> dict[str, Any]:
    return {
        "reason": trouble.reason,
        "reason_text": reason_text(trouble.reason),
        "since": facts.time(trouble.since),
        "detail": without_secrets(trouble.detail),
    }
