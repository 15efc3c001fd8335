"""docs/notifications.md: its bodies are those that are sent, its configuration loads, and its ways to check a signature work."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.config import MessageTemplate, NotifyEvent
from pipeline.config_files import load_settings
from pipeline.notifying import sign
from tests.notifying.payload_reference import PAGE, body, shown
from tests.zones.zone_data import example

BODY = '{"门":1}'.encode()


@pytest.mark.parametrize("about", ["violation", "camera"])
@pytest.mark.parametrize("template", list(MessageTemplate))
def test_every_body_is_shown_as_it_is_sent(template: MessageTemplate, about: str) -> None:
    assert shown()[template.value, about] == body(template.value, about), "write it anew: python -m tests.notifying.payload_reference"


def test_every_event_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8").split("## Events")[1].split("## The post")[0], re.MULTILINE)
    assert rows == [event.value for event in NotifyEvent]


def test_the_configuration_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISTRICT_SECRET", "PLATFORM_TOKEN", "SMS_KEY"):
        monkeypatch.setenv(name, f"x-{name}")
    path = tmp_path / "configs" / "street.yaml"
    path.parent.mkdir()
    path.write_text(example("notifications.md", "yaml"), encoding="utf-8")
    district, platform, squad = load_settings(path).notify.receivers
    assert (district.secret, platform.authorization) == ("x-DISTRICT_SECRET", "Bearer x-PLATFORM_TOKEN")
    assert squad.url.endswith("key=x-SMS_KEY")


def signed(*, ago_s: float = 0, key: str = "s3cret") -> str:
    return sign(key, BODY, datetime.now(UTC) - timedelta(seconds=ago_s))


def in_python(header: str) -> bool:
    call = f"\nprint(is_genuine('s3cret', {header!r}, {BODY!r}))"
    done = subprocess.run([sys.executable, "-c", example("notifications.md", "python") + call], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


def in_shell(header: str, folder: Path) -> bool:
    (folder / "body.json").write_bytes(BODY)
    script = "header=$1 secret=$2\n" + example("notifications.md", "sh")
    done = subprocess.run(["sh", "-c", script, "sh", header, "s3cret"], capture_output=True, text=True, cwd=folder, check=False)
    return done.stdout.strip() == "genuine"


def test_a_receiver_in_python_can_tell_what_is_genuine() -> None:
    assert in_python(signed())
    for forged in (signed(key="other"), signed(ago_s=301), f"t={int(time.time())},v1=", "", "门"):
        assert not in_python(forged), forged


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_a_receiver_in_a_shell_can_tell_what_is_genuine(tmp_path: Path) -> None:
    assert in_shell(signed(), tmp_path)
    for forged in (signed(key="other"), signed(ago_s=301), f"t={int(time.time())},v1="):
        assert not in_shell(forged, tmp_path), forged
