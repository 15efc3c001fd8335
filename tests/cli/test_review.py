"""``doorline review``: it serves, tells how to log in, and stops when told to."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import yaml

from tests.cli.running import ROOT, doorline
from tests.cli.test_documentation import SERVED
from tests.pipeline_run.conftest import make_office
from tests.review.asking import form_token
from tests.streams.servers import free_port, wait_for


@pytest.mark.long
def test_the_console_opens_with_the_account_that_it_made_and_stops_when_told_to(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    address = f"127.0.0.1:{free_port()}"
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    config["review"] = {"listen": address}
    office.config.write_text(yaml.safe_dump(config), encoding="utf-8")
    (example,) = SERVED
    command = [sys.executable, "-m", "pipeline.cli", *shlex.split(example)[1:], "--first-account", "demo"]
    said = tmp_path / "said.txt"
    with said.open("w") as out, subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out) as running:
        try:
            wait_for(lambda: _answers(address), 60)
            found = re.search(r"log in as demo with the password (\S+)", said.read_text())
            assert found
            with httpx2.Client(base_url=f"http://{address}", follow_redirects=True) as client:
                form = {"form_token": form_token(client.get("/login")), "name": "demo", "password": found[1], "next": "/"}
                page = client.post("/login", data=form)
            assert (page.status_code, page.url.path) == (200, "/")
            running.send_signal(signal.SIGTERM)
            assert running.wait(20) in {0, -signal.SIGTERM}
        finally:
            running.kill()
    assert f"http://{address}/" in said.read_text()


def test_an_address_that_others_can_reach_needs_a_proxy(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    config["review"] = {"listen": "0.0.0.0:8470"}
    office.config.write_text(yaml.safe_dump(config), encoding="utf-8")
    done = doorline("review", "--config", office.config.name, cwd=tmp_path)
    assert done.code == 2
    assert "put a proxy with TLS before it and set 'behind_proxy'" in done.err


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"http://{address}/login").status_code == 200
    except httpx2.TransportError:
        return False
