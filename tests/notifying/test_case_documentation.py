"""docs/notifications.md on cases: its bodies are those that are sent, and its configuration loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.config import CASE_EVENTS, MessageTemplate
from pipeline.config_files import load_settings
from tests.notifying.payload_reference import PAGE, body, shown


@pytest.mark.parametrize("template", list(MessageTemplate))
def test_every_body_of_a_case_is_shown_as_it_is_sent(template: MessageTemplate) -> None:
    assert shown()[template.value, "case"] == body(template.value, "case"), "write it anew: python -m tests.notifying.payload_reference"


def test_the_configuration_loads_and_tells_each_what_is_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_KEY", "k3y")
    example = re.search(r"<!-- cases -->\n```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    path = tmp_path / "configs" / "street.yaml"
    path.parent.mkdir()
    path.write_text(example[1], encoding="utf-8")
    owners, phone, platform = load_settings(path).notify.receivers
    assert (owners.to_contact, owners.phones) == (True, ())
    assert phone.squads
    assert all(any(event in receiver.events for event in CASE_EVENTS) for receiver in (owners, phone, platform))
