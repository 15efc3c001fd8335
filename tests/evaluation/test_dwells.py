"""Whose dwell says what is due."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipeline.config_files import load_settings
from pipeline.errors import ConfigError
from pipeline.evaluation.evaluate import dwells_of_configuration, dwells_of_truth
from tests.evaluation.made_up import DWELL, PILE, STALL, event, truth
from tests.pipeline_run.conftest import Office, make_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A configuration in which stalls are given less time, and less still after 10 o'clock in the morning."""
    office = make_office(tmp_path)
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    config["rules"]["overrides"] = [
        {"kind": "street_stall", "candidate_after_s": 6},
        {"kind": "street_stall", "hours": ["10:00", "12:00"], "candidate_after_s": 5},
    ]
    office.config.write_text(yaml.safe_dump(config), encoding="utf-8")
    return office


def test_the_truth_goes_first_and_the_configuration_stands_in(office: Office) -> None:
    dwells = dwells_of_truth(load_settings(office.config))
    clip = truth(event("stall", kind=STALL, shops=()))
    assert dwells(clip) == [DWELL]
    assert [dwell.candidate_after_s for dwell in dwells(replace(clip, dwell=None))] == [6]


def test_the_configuration_gives_each_event_the_dwell_of_its_kind_and_hour(office: Office) -> None:
    # The clip starts at 9:42 local time.
    clip = truth(
        event("pile", kind=PILE, shops=()), event("stall", kind=STALL, shops=()), event("later", kind=STALL, shops=(), began_s=1100)
    )
    dwells = dwells_of_configuration(load_settings(office.config))(clip)
    assert [dwell.candidate_after_s for dwell in dwells] == [8, 6, 5]


def test_a_camera_that_is_not_configured_is_an_error(office: Office) -> None:
    with pytest.raises(ConfigError, match="CAM77") as err:
        dwells_of_configuration(load_settings(office.config))(truth(event("a"), camera="CAM77"))
    assert "expected CAM01; found CAM77" in str(err.value)
