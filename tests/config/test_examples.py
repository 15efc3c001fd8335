"""The configurations that ship with the project: each loads, and its zones and shops have neither fault nor warning."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.config_files import load_settings
from pipeline.zones.zone_files import check_zones

CONFIGS = Path(__file__).parents[2] / "configs"
EXAMPLES = sorted(path.relative_to(CONFIGS).as_posix() for path in CONFIGS.rglob("*.yaml"))


def test_there_are_the_examples_that_the_manual_names() -> None:
    assert {"archive.yaml", "demo.yaml", "live.yaml", "samples.yaml"} <= set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_accepted_without_a_word(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CAMERA_PASSWORD", "WVP_PASSWORD"):
        monkeypatch.setenv(variable, "secret")
    report = check_zones(load_settings(CONFIGS / name), on=date(2026, 5, 12))
    assert report.faults == ()
    assert report.warnings == ()
    assert report.cameras
