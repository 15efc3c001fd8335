"""Which footage belongs to which camera."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.archive.finding import plan_sources
from pipeline.archive.recorder_names import NamedParts, NameReader
from pipeline.config import CameraSettings
from pipeline.errors import ConfigError

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


def test_a_folder_stands_for_what_lies_below_it_too(tmp_path: Path) -> None:
    for name in ("2024-01-31/001/dav/09/09.42.17-09.45.00[M][0@0][0].dav", "top.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    sources = plan_sources([EAST], [str(tmp_path)], None)
    assert [Path(source.uri).name for source in sources] == ["09.42.17-09.45.00[M][0@0][0].dav", "top.mp4"]


def test_a_pattern_stands_for_what_it_matches_and_says_when_that_is_nothing(tmp_path: Path) -> None:
    for name in ("a/1.mp4", "b/2.mp4", "b/3.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    sources = plan_sources([EAST], [f"{tmp_path}/**/*.mp4", f"{tmp_path}/c/*.mp4"], None)
    assert [Path(source.uri).name for source in sources[:-1]] == ["1.mp4", "2.mp4"]
    assert sources[-1].camera is None
    assert sources[-1].fault == f"{tmp_path}/c/*.mp4: nothing there matches this pattern"


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a[1].mp4"
    path.touch()
    assert [source.uri for source in plan_sources([EAST], [str(path)], None)] == [str(path)]


def test_a_list_names_footage_beside_it_and_nothing_is_named_twice(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / "list.txt").write_text("# night\na.mp4\n\n  sub dir/b.mp4  \n", encoding="utf-8")
    sources = plan_sources([EAST], [f"@{tmp_path / 'list.txt'}", str(tmp_path / "a.mp4")], None)
    assert [source.uri for source in sources] == [str(tmp_path / "a.mp4"), str(tmp_path / "sub dir" / "b.mp4")]


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read the list of footage; expected one path a line; found No such file"):
        plan_sources([EAST], [f"@{tmp_path}/none.txt"], None)
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        plan_sources([EAST], [f"@{tmp_path}/latin"], None)


def test_patterns_with_a_slash_are_about_the_path() -> None:
    third = CameraSettings(id="CAM03", zones=Path("z"), files=("003/dav/*/*.dav",))
    (source,) = plan_sources([EAST, third], ["/nas/2024-01-31/003/dav/09/09.42.17-09.45.00.dav"], None)
    assert source.camera == third
    assert plan_sources([EAST, third], ["/nas/2024-01-31/004/dav/09/09.42.17-09.45.00.dav"], None)[0].camera is None


def test_an_expression_tells_the_camera_by_id_or_by_what_its_patterns_match() -> None:
    north = CameraSettings(id="north", zones=Path("z"), files=("ch03",))
    names = NameReader([r"/(?P<camera>ch\d\d|CAM\d\d)_(?P<start>\d{14})_(?P<end>\d{14})"], "Asia/Shanghai")
    found = plan_sources(
        [EAST, north], ["/nas/ch03_20240131094217_20240131104217.mp4", "/nas/CAM01_20240131094217_20240131104217.mp4"], None, names
    )
    assert [source.camera for source in found] == [north, EAST]
    (stranger,) = plan_sources([EAST, north], ["/nas/ch04_20240131094217_20240131104217.mp4"], None, names)
    assert "found none for 'ch04'" in stranger.fault


def test_expressions_tell_times_and_leave_the_rest_alone() -> None:
    names = NameReader([r"rec-(?P<start>[\d.]+)~(?P<end>[\d.]+)"], "Asia/Shanghai")
    told = names.read(Path("/nas/rec-2024.01.31.09.42.17.250~2024.01.31.10.42.17.mp4"))
    assert told.start_at == datetime(2024, 1, 31, 1, 42, 17, 250_000, tzinfo=UTC)
    assert told.end_at == datetime(2024, 1, 31, 2, 42, 17, tzinfo=UTC)
    assert told.camera is None
    assert names.read(Path("/nas/rec-99999999999999~1.mp4")) == NamedParts()
    assert names.read(Path("/nas/other.mp4")) == NamedParts()
