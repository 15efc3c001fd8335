"""More cameras than may be watched: ``doorline run`` takes turns, and the log tells toured from watched."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.types import GapReason
from tests.cli.running import doorline
from tests.live.live_camera import live_camera
from tests.live.live_office import live_office, running
from tests.live.street_film import Film


@pytest.mark.long
def test_cameras_take_turns(street: Film, tmp_path: Path) -> None:
    names = ["CAM01", "CAM02", "CAM03"]
    with ExitStack() as opened:
        cameras = {name: opened.enter_context(live_camera(street)) for name in [*names, "GATE"]}
        listed = [{"id": name, "zones": f"{name}.geojson", "stream": camera.address} for name, camera in cameras.items()]
        listed[-1]["patrol"] = "always"
        office = live_office(
            tmp_path,
            {name: camera.address for name, camera in cameras.items()},
            reference=True,
            patrol={"slots": 1, "stay_s": 3, "warm_up_s": 4},
            # The film repeats itself every eight seconds: to visits that keep step with it, it stands still.
            guards={"frozen_after_s": 3600},
            cameras=listed,
        )
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: all(office.counting(name) >= 6 for name in names), 120)
            program.until(lambda: all(camera.connections >= 2 for name, camera in cameras.items() if name != "GATE"), 120)
            assert program.stop() == 0
        assert cameras["GATE"].connections == 1, "one that is always watched takes no turns"
    visits = json.loads((tmp_path / "out" / "live" / "patrol.json").read_text(encoding="utf-8"))
    assert set(visits["cameras"]) == set(names)
    for name in names:
        reasons = {seen.gap for seen in office.observations(name) if seen.gap is not None}
        assert reasons == {GapReason.NO_LOOK}, name
    counted = {name: office.counting(name) for name in names}
    assert max(counted.values()) <= 3 * min(counted.values()), counted
    assert office.counting("GATE") > max(counted.values())
    report = doorline("coverage", "--config", "doorline.yaml", "--json", cwd=tmp_path)
    assert report.code == 0, report
