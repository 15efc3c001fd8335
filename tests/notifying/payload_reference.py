"""The bodies in docs/notifications.md, from the templates. To write them anew: ``python -m tests.notifying.payload_reference``."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipeline.config import MessageTemplate, NotifyEvent, ReceiverSettings
from pipeline.notifying import camera_messages, case_messages, violation_messages
from pipeline.records import OutgoingMessage
from pipeline.types import ViolationKind
from tests.notifying.case_samples import DISPATCHED, NOTIFIED
from tests.notifying.samples import FROZEN, NOW, OPENED, SCENE
from tests.records.samples import NOODLES, START, violation

PAGE = Path(__file__).parents[2] / "docs" / "notifications.md"
_STOOD = replace(
    violation(),
    warned_at=START + timedelta(minutes=5, seconds=14),
    confirmed_at=OPENED.at,
    last_seen_at=OPENED.at,
    dwell_s=587.0,
)
_BLOCK = re.compile(r"(<!-- body: (\w+) (\w+) -->\n```json\n)(.*?)(```)", re.DOTALL)


def body(template: str, about: str) -> str:
    """The body in that template about a violation, a camera or a case, for people: one key a line."""
    receiver = ReceiverSettings(
        name="district",
        url="https://host.example/",
        template=MessageTemplate(template),
        phones=("13800000000",),
        events=tuple(NotifyEvent),
        type_codes={ViolationKind.BEYOND_SHOPFRONT: "XY-07"},
    )
    message: OutgoingMessage
    if about == "violation":
        (message,) = violation_messages([receiver], SCENE, replace(OPENED, violation=_STOOD), {"BS-0001": NOODLES}, NOW)
    elif about == "case":
        event = NOTIFIED if template == "sms" else DISPATCHED
        (message,) = case_messages([receiver], SCENE, event, event.at)
    else:
        (message,) = camera_messages([receiver], SCENE, FROZEN, NOW)
    return json.dumps(json.loads(message.body), ensure_ascii=False, indent=2) + "\n"


def shown() -> dict[tuple[str, str], str]:
    """(template, about) -> body, as the page shows it."""
    return {(found[2], found[3]): found[4] for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))}


def main() -> None:
    """Write the bodies into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda found: found[1] + body(found[2], found[3]) + found[5], text), encoding="utf-8")


if __name__ == "__main__":
    main()
