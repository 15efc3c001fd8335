"""Stopped in the middle of something, the program keeps what there is of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.types import Certainty
from tests.live.live_camera import live_camera
from tests.live.live_office import live_office, running
from tests.live.street_film import Film


@pytest.mark.long
def test_a_stop_just_after_something_was_put_down_keeps_its_clip(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as camera:
        evidence = {"folder": "out/evidence", "before_s": 3, "after_s": 15}
        office = live_office(tmp_path, {"CAM01": camera.address}, reference=True, evidence=evidence)
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 3)
            camera.put_down()
            program.until(lambda: any(thing.certainty is Certainty.SURE for thing in office.observations()[-1].detections))
            assert program.stop() == 0
            assert "Traceback" not in program.err
            kept = list((tmp_path / "out" / "live" / "CAM01" / "kept").glob("*.mkv"))
            assert kept, "what was in memory is gone"
