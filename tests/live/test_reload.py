"""SIGHUP, the health page and the webhooks of a running ``doorline run``."""

from __future__ import annotations

import json
import signal
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.running import doorline
from tests.live.live_camera import live_camera
from tests.live.live_office import LiveOffice, live_office, running
from tests.live.street_film import Film
from tests.notifying.webhook import webhook
from tests.streams.servers import free_port


def rewrite(office: LiveOffice, **changes: Any) -> None:
    """Sections of the configuration, replaced."""
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    office.config.write_text(yaml.safe_dump(config | changes), encoding="utf-8")


def dwell(office: LiveOffice, **changes: Any) -> dict[str, Any]:
    """The rules with another dwell."""
    rules: dict[str, Any] = yaml.safe_load(office.config.read_text(encoding="utf-8"))["rules"]
    return {"rules": rules | {"dwell": rules["dwell"] | changes}}


@pytest.mark.long
def test_other_rules_and_cameras_come_into_force_without_leaving_the_stream(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as camera, live_camera(street) as other, webhook() as hook:
        health = f"127.0.0.1:{free_port()}"
        receivers = [{"name": "district", "url": hook.address, "secret": "s3cret"}]
        office = live_office(tmp_path, {"CAM01": camera.address}, reference=True, notify={"receivers": receivers})
        rewrite(office, **dwell(office, candidate_after_s=600, warn_after_s=500))
        rewrite(office, live={"ring_s": 20, "still_every_s": 2, "memory_every_s": 2, "gap_every_s": 2, "health": health})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 3)
            camera.put_down()
            before = office.counting()
            program.until(lambda: office.counting() >= before + 12)
            assert program.told("warned") == []

            good = office.config.read_text(encoding="utf-8")
            rewrite(office, shops="nowhere.csv")
            program.process.send_signal(signal.SIGHUP)
            program.until(lambda: "not reloaded, all goes on as before" in program.err)
            (run,) = office.runs()
            office.config.write_text(good, encoding="utf-8")

            shared = [{"id": name, "zones": "CAM01.geojson", "stream": camera.address} for name in ("CAM01", "CAM01b")]
            shared[1]["zones"] = "CAM01b.geojson"
            zones_b = (tmp_path / "CAM01.geojson").read_text(encoding="utf-8").replace("CAM01", "CAM01b")
            (tmp_path / "CAM01b.geojson").write_text(zones_b, encoding="utf-8")
            rewrite(office, cameras=shared, guards={"check_pose": False})
            program.process.send_signal(signal.SIGHUP)
            program.until(lambda: "can't be told apart" in program.err)
            looks = office.counting()
            program.until(lambda: office.counting() >= looks + 3)
            assert len(office.runs()) == 1, "what is refused begins no run"
            office.config.write_text(good, encoding="utf-8")

            zones = json.loads((tmp_path / "CAM01.geojson").read_text(encoding="utf-8"))
            zones["doorline"]["camera_id"] = "CAM02"
            (tmp_path / "CAM02.geojson").write_text(json.dumps(zones), encoding="utf-8")
            cameras = [
                {"id": "CAM01", "zones": "CAM01.geojson", "stream": camera.address},
                {"id": "CAM02", "zones": "CAM02.geojson", "stream": other.address},
            ]
            rewrite(office, cameras=cameras, **dwell(office, candidate_after_s=8, warn_after_s=4))
            served = camera.connections
            program.process.send_signal(signal.SIGHUP)
            program.until(lambda: f"reloaded: run {office.runs()[-1]['run_id']}" in program.err and len(office.runs()) == 2)
            program.until(lambda: len(office.violations()) == 1)
            program.until(lambda: office.counting("CAM02") >= 2)
            assert camera.connections == served, "the stream was left"

            program.process.send_signal(signal.SIGHUP)
            program.until(lambda: "reloaded: nothing has changed" in program.err)

            with urllib.request.urlopen(f"http://{health}/status", timeout=5) as answer:
                status = json.load(answer)
            assert {each["camera_id"]: each["watched"] for each in status["cameras"]} == {"CAM01": True, "CAM02": True}
            shown = doorline("status", "--config", "doorline.yaml", cwd=tmp_path)
            assert shown.code == 0, shown
            assert "2 of 2 cameras watched" in shown.out
            program.until(lambda: len(hook.got) >= 2)
            assert program.stop() == 0
        states = {row["run_id"]: row["state"] for row in office.runs()}
        assert states[run["run_id"]] == "finished"
    gaps = [seen.gap for seen in office.observations() if seen.gap is not None]
    assert gaps == [], "nothing was missed while the settings changed"
    (row,) = office.violations()
    first_look = office.observations()[0].captured_at
    assert row["first_seen_media_s"] > 0
    assert row["first_seen_at"] > str(first_look)[:19], "the carton was put down after the program began"
    events = [json.loads(got.body)["event"] for got in hook.got]
    assert events == ["warned", "opened"]


def test_status_without_a_program_says_so(street: Film, tmp_path: Path) -> None:
    office = live_office(tmp_path, {"CAM01": "rtsp://127.0.0.1:1/none"}, live={"health": f"127.0.0.1:{free_port()}"})
    done = doorline("status", "--config", "doorline.yaml", cwd=office.folder)
    done.the_error("no running doorline answers", "Connection refused", code=1)


def test_status_needs_to_know_where_to_ask(tmp_path: Path) -> None:
    office = live_office(tmp_path, {"CAM01": "rtsp://127.0.0.1:1/none"})
    done = doorline("status", "--config", "doorline.yaml", cwd=office.folder)
    done.the_error("names no health page", "live.health", code=2)
