"""``doorline zones import``: a zone file of what was drawn elsewhere, and every way in which there is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.running import Done, doorline
from tests.pipeline_run.conftest import Office, make_office
from tests.zones.exports import cvat, cvat_image, cvat_polygon, labelme, labelme_shape

FLOOR = [(0, 165), (320, 165), (320, 240), (0, 240)]
SIZE = {"imageWidth": 320, "imageHeight": 240}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


def bring(office: Office, raw: bytes, *more: str) -> Done:
    (office.folder / "export").write_bytes(raw)
    return doorline("zones", "import", "export", "--config", "doorline.yaml", "--camera", "CAM01", *more, cwd=office.folder)


def test_an_export_becomes_a_zone_file_that_can_be_used_at_once(office: Office) -> None:
    before = (office.folder / "cam01.geojson").read_bytes()
    done = bring(office, labelme(labelme_shape("公共区域:corner", FLOOR), **SIZE), "--out", "drawn.geojson", "--author", "李敏")
    assert (done.code, done.err) == (0, "")
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert done.out.strip().startswith("drawn.geojson: 1 zone of CAM01, version ")
    made = json.loads((office.folder / "drawn.geojson").read_text(encoding="utf-8"))
    assert made["doorline"]["author"] == "李敏"
    assert (made["doorline"]["reason"], made["doorline"]["picture_px"]) == ("export", [320, 240])
    assert made["doorline"]["version"][:7] == today[:7]
    assert (office.folder / "cam01.geojson").read_bytes() == before, "what is in force stays in force"
    (office.folder / "drawn.geojson").replace(office.folder / "cam01.geojson")
    checked = doorline("zones", "check", "--config", "doorline.yaml", cwd=office.folder)
    assert (checked.code, "1 zone, version" in checked.out) == (0, True)


def test_without_a_file_it_is_printed_as_it_would_be_written(office: Office) -> None:
    raw = labelme(labelme_shape("public:corner", FLOOR), **SIZE)
    printed = bring(office, raw, "--reason", "门口外移")
    bring(office, raw, "--reason", "门口外移", "--out", "drawn.geojson")
    assert printed.out == (office.folder / "drawn.geojson").read_text(encoding="utf-8")


def test_what_is_left_out_and_what_is_to_be_put_right_is_told(office: Office) -> None:
    shapes = [cvat_polygon("public", FLOOR), cvat_polygon("awning", FLOOR)]
    done = bring(office, cvat(cvat_image("CAM01.jpg", *shapes, width=640, height=240)))
    assert done.code == 0
    assert [line.partition(":")[0] for line in done.err.splitlines()] == [
        "note shape 2 (awning)",
        "note drawn on a picture of another shape (640x240) than the camera's (320x240)",
        f"to put right {office.folder / 'cam01.geojson'}",
    ]
    assert "a public zone without place" in done.err


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", ("export", "not valid JSON")),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotations/>", ("export", "XML with declarations")),
        (b"[]", ("export", "an export of an unknown program", "labelme JSON")),
        (cvat(cvat_image("a.jpg"), cvat_image("b.jpg")), ("export", "several pictures", "'CAM01'", "a.jpg, b.jpg")),
    ],
)
def test_an_export_that_nothing_can_be_taken_from_is_one_line(office: Office, raw: bytes, words: tuple[str, ...]) -> None:
    bring(office, raw, "--out", "drawn.geojson").the_error(*words, code=2)
    assert not (office.folder / "drawn.geojson").exists()


def test_a_file_or_a_camera_that_there_is_not_is_one_line(office: Office, tmp_path: Path) -> None:
    arguments = ("zones", "import", "nothing.json", "--config", "doorline.yaml")
    doorline(*arguments, "--camera", "CAM01", cwd=office.folder).the_error("nothing.json", "cannot read the export", code=2)
    doorline(*arguments, "--camera", "CAM07", cwd=office.folder).the_error("--camera", "CAM01", "CAM07", code=2)
