"""docs/configuration.md: every setting is there, with its present default and meaning, and the example loads."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from pipeline.config import DoorlineSettings
from pipeline.config_files import load_settings
from tests.config.settings_reference import BEGIN, END, PAGE, reference, sections
from tests.zones.zone_data import example


def test_every_setting_says_what_it_means() -> None:
    silent = [
        f"{title}.{name}"
        for title, section in sections(DoorlineSettings, "")
        for name, field in section.model_fields.items()
        if not field.description
    ]
    assert silent == [], "write a text below these fields in pipeline/config.py"


def test_every_setting_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    tables = page.split(BEGIN)[1].split(END)[0].strip().splitlines()
    assert tables == reference().splitlines(), "write them anew: python -m tests.config.settings_reference"


def test_tables_name_defaults_units_and_limits() -> None:
    rows = reference().splitlines()
    assert "| `looks.interval_s` | `2` | s > 0, <= 600 | Time from one look to the next. |" in rows
    assert any(row.startswith("| `rules.dwell.min_present_share` | `0.8` | 0..1 |") for row in rows)
    assert any(row.startswith("| `rules.overrides[].candidate_after_s` | none | s >= 0 |") for row in rows)
    assert any(row.startswith("| `cameras[].id` | needed | text |") for row in rows)
    assert any(row.startswith("| `static_object.enabled` | `true` | `true`, `false` |") for row in rows)
    assert any("`beyond_shopfront`, `pavement_piling`, `street_stall`" in row for row in rows)


def test_example_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORLINE_DB_PASSWORD", "x")
    path = tmp_path / "configs" / "street.yaml"
    path.parent.mkdir()
    path.write_text(example("configuration.md", "yaml"), encoding="utf-8")
    settings = load_settings(path)
    assert settings.rules.overrides[0].hours == (time(18), time(2))
    assert settings.records.url.endswith(":x@db/doorline")
