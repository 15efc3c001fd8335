"""Which footage belongs to which camera."""

from pathlib import Path

import pytest

from pipeline.config import CameraSettings
from pipeline.errors import ConfigError
from pipeline.sources import plan_sources

EAST = CameraSettings(id="CAM01", zones=Path("cam01.geojson"))
WEST = CameraSettings(id="CAM02", zones=Path("cam02.geojson"), files=("west_*.mp4",))


def test_a_source_belongs_to_the_camera_whose_id_its_name_begins_with() -> None:
    (source,) = plan_sources([EAST, WEST], ["/footage/CAM01_20240131_094217.mp4"], None)
    assert source.camera == EAST


def test_patterns_win_over_names() -> None:
    (source,) = plan_sources([EAST, WEST], ["/footage/west_CAM01.mp4"], None)
    assert source.camera == WEST


def test_an_id_that_goes_on_is_another_id() -> None:
    (source,) = plan_sources([EAST, WEST], ["/footage/CAM011.mp4"], None)
    assert source.camera is None
    assert "cannot tell whose camera" in source.fault
    assert "--camera" in source.fault


def test_the_only_camera_takes_any_file_unless_it_names_patterns() -> None:
    assert plan_sources([EAST], ["clip.avi"], None)[0].camera == EAST
    assert plan_sources([WEST], ["clip.avi"], None)[0].camera is None


def test_a_named_camera_takes_everything() -> None:
    sources = plan_sources([EAST, WEST], ["a.mp4", "west_1.mp4"], "CAM01")
    assert [source.camera for source in sources] == [EAST, EAST]


def test_an_unknown_camera_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown camera; expected one of CAM01; found CAM09"):
        plan_sources([EAST], ["a.mp4"], "CAM09")


def test_a_folder_stands_for_its_videos_in_name_order(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.MKV", "notes.txt", "c.ts"):
        (tmp_path / name).touch()
    (tmp_path / "inner.mp4").mkdir()
    sources = plan_sources([EAST], [str(tmp_path)], None)
    assert [Path(source.uri).name for source in sources] == ["a.MKV", "b.mp4", "c.ts"]


def test_a_folder_without_videos_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "0001.jpg").touch()
    assert [source.uri for source in plan_sources([EAST], [str(tmp_path)], None)] == [str(tmp_path)]
