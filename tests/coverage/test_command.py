"""``doorline coverage`` as a user sees it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.running import Done, doorline

from .watched_street import make_street, steady, write_live

SPAN = ("--since", "2024-05-06T10:00", "--until", "2024-05-06T10:02")


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """CAM01 was watched for one minute of two, CAM02 for one and a half."""
    make_street(tmp_path)
    write_live(tmp_path, "CAM01", steady(30, 90))
    write_live(tmp_path, "CAM02", steady(0, 90))
    return tmp_path


def coverage(street: Path, *more: str) -> Done:
    return doorline("coverage", "--config", "doorline.yaml", *SPAN, *more, cwd=street, environment={"COLUMNS": "250"})


def test_the_tables_show_cameras_worst_first_and_places(street: Path) -> None:
    done = coverage(street)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    cameras = [line.split() for line in lines if line.startswith(" CAM")]
    assert [cells[:3] for cells in cameras[:2]] == [["CAM01", "50.0%", "1:00"], ["CAM02", "75.0%", "1:30"]]
    assert next(line for line in lines if line.startswith(" CAM01")).rstrip().endswith("no_look 1:00")
    assert cameras[2] == ["CAM01", "1", "1:00", "··········▅·············"]
    (shop,) = [line for line in lines if line.startswith(" S1 面馆")]
    assert shop.split()[2:4] == ["75.0%", "1:30"]
    assert shop.rstrip().endswith("CAM01, CAM02")


def test_a_demand_that_is_not_reached_is_an_exit_code(street: Path) -> None:
    assert coverage(street, "--require", "0.5").code == 0
    done = coverage(street, "--require", "0.6")
    assert done.code == 1
    assert "CAM01: 50.0%" in done.err
    assert "CAM02" not in done.err


def test_json_has_all_figures(street: Path) -> None:
    done = coverage(street, "--json", "--camera", "CAM01")
    assert done.code == 0
    (camera,) = done.json["cameras"]
    assert (camera["camera"], camera["observed_s"], camera["unobserved_s"], camera["share"]) == ("CAM01", 60.0, 60.0, 0.5)
    assert (camera["gaps_s"], camera["by_hour"][10]) == ({"no_look": 60.0}, 0.5)
    assert camera["longest_unobserved_since"] == "2024-05-06T02:00:00+00:00"
    assert {place["shop"] or place["name"] for place in done.json["places"]} == {"S1", "东段"}


def test_csv_has_a_row_for_each_camera_shop_and_place(street: Path) -> None:
    done = coverage(street, "--csv", "figures/coverage.csv")
    assert (done.code, done.err) == (0, "")
    assert "figures/coverage.csv" in done.out
    with (street / "figures" / "coverage.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["what"], row["id"], row["name"]) for row in rows] == [
        ("camera", "CAM01", ""),
        ("camera", "CAM02", ""),
        ("place", "", "东段"),
        ("place", "", "西段"),
        ("shop", "S1", "面馆"),
        ("shop", "S2", "水果店"),
    ]
    assert (rows[0]["share"], rows[0]["gap_no_look_s"], rows[0]["hour_10"], rows[0]["hour_11"]) == ("0.5", "60.0", "0.5", "")
    assert rows[0]["last_seen_at"] == "2024-05-06T10:01:30+08:00"


def test_a_damaged_log_is_told_and_the_rest_is_shown(street: Path) -> None:
    (path,) = (street / "out" / "observations" / "live" / "CAM01").iterdir()
    with path.open("ab") as file:
        file.write(b"garbage\n")
    done = coverage(street)
    assert done.code == 1
    assert str(path) in done.err
    assert "CAM01" in done.out


def test_targets_have_a_column(street: Path) -> None:
    text = (street / "doorline.yaml").read_text(encoding="utf-8").replace("- id: CAM01", "- coverage_target: 0.6\n  id: CAM01")
    (street / "doorline.yaml").write_text(text, encoding="utf-8")
    assert ["CAM01", "50.0%", "60%"] in [line.split()[:3] for line in coverage(street).out.splitlines()]
