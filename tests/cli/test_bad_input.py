"""Bad input, line by line: one clear line each, the right exit code, the other sources go on, nothing half-written."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import imageio_ffmpeg
import pytest
import yaml

from tests.cli.conftest import BUSY, QUIET, furnished
from tests.cli.running import Done, batch, content, doorline, obey_file_modes, verified
from tests.pipeline_run.conftest import Office

# --- footage -----------------------------------------------------------------------------------------------


def _ffmpeg(*arguments: str | Path) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *map(str, arguments)], check=True)


def _text(path: Path) -> None:
    path.write_text("these are notes\n" * 40, encoding="utf-8")


def _only_sound(path: Path) -> None:
    _ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", path)


def _no_streams(path: Path) -> None:
    """Well-formed, and nothing in it."""
    _ffmpeg("-f", "lavfi", "-i", "color=s=64x48:r=5", "-frames:v", "0", "-c:v", "mpeg4", path)


def _no_pictures(path: Path) -> None:
    """An index that speaks of pictures, and not a byte of them."""
    _ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x48:r=5:d=2", "-c:v", "mpeg4", "-movflags", "+faststart", path)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])


def _one_pixel(path: Path) -> None:
    _ffmpeg("-f", "lavfi", "-i", "color=s=1x1:r=5:d=3", "-c:v", "ffv1", path)


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "readme.txt").write_text("none here", encoding="utf-8")


def _locked_folder(path: Path) -> None:
    path.mkdir(mode=0)


def _secret(path: Path) -> None:
    _one_pixel(path.with_suffix(".avi"))
    path.with_suffix(".avi").rename(path)
    path.chmod(0)


FOOTAGE: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "CAM01_missing.mp4": (lambda path: None, ("expected a file or folder", "No such file or directory")),
    "CAM01_empty.mp4": (Path.touch, ("an empty file (0 bytes)",)),
    "CAM01_text.mp4": (_text, ("expected", "text")),
    "CAM01_sound.mp4": (_only_sound, ("expected a video stream", "found only audio")),
    "CAM01_no_streams.mp4": (_no_streams, ("expected a video stream", "found no streams")),
    "CAM01_zero_length.mp4": (_no_pictures, ("no picture can be decoded",)),
    "CAM01_one_pixel.avi": (_one_pixel, ("pictures too small", "expected at least 32x32 pixels", "found 1x1")),
    "CAM01_folder": (_folder, ("no pictures in it",)),
    "CAM01_locked_folder": (_locked_folder, ("Permission denied",)),
    "CAM01_secret.avi": (_secret, ("Permission denied",)),
    "CAM01 [red].mp4": (_text, ("CAM01 [red].mp4", "text")),
    "stranger.mp4": (_text, ("cannot tell whose camera this is", "Give --camera ID")),
    "rtsp://admin:geheim@10.0.0.7/CAM01": (lambda path: None, ("rtsp://10.0.0.7", "expected a file or folder of this machine")),
}
"""Name -> how it is made, and what its line must say."""


@pytest.fixture(scope="module")
def bad_footage(tmp_path_factory: pytest.TempPathFactory, films: Path) -> tuple[Office, Done]:
    """All bad footage and the busy street in one run, as tables, by a user for whom file modes hold."""
    office = furnished(tmp_path_factory.mktemp("bad"), films)
    (office.folder / "doorline.yaml").write_text(
        office.config.read_text(encoding="utf-8").replace("zones: cam01.geojson", "zones: cam01.geojson\n  files: ['CAM01*']"),
        encoding="utf-8",
    )
    for name, (make, _) in FOOTAGE.items():
        if "://" not in name:
            make(office.folder / name)
    sources = [*list(FOOTAGE)[:6], BUSY, *list(FOOTAGE)[6:]]
    return office, doorline("batch", *sources, "-c", "doorline.yaml", cwd=office.folder, before_start=obey_file_modes)


@pytest.mark.long
@pytest.mark.parametrize("name", FOOTAGE)
def test_bad_footage_is_one_line(name: str, bad_footage: tuple[Office, Done]) -> None:
    _, done = bad_footage
    shown = name.replace("admin:geheim@", "").removesuffix("/CAM01")
    (line,) = [line for line in done.errors("failed") if shown in line]
    for part in FOOTAGE[name][1]:
        assert part in line, line


@pytest.mark.long
def test_the_other_sources_go_on(bad_footage: tuple[Office, Done]) -> None:
    office, done = bad_footage
    assert done.code == 1
    assert len(done.errors("failed")) == len(FOOTAGE)
    assert len(done.err.splitlines()) == len(FOOTAGE) + 1, done.err
    assert len(done.errors("unfinished")) == 1
    assert "geheim" not in done.err + done.out
    assert "1 violation in 39." in done.out
    assert len(office.rows("violations")) == 1
    assert office.partials() == []
    stored = b"".join(path.read_bytes() for path in office.folder.glob("out/doorline.db*"))
    assert b"geheim" not in stored
    verified(office)


# --- configuration, zones, shops, model ----------------------------------------------------------------------


def _change(office: Office, name: str, old: str, new: str) -> None:
    path = office.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _zones_of_another_camera(office: Office) -> None:
    _change(office, "cam01.geojson", "CAM01", "CAM02")


def _unknown_key(office: Office) -> None:
    _change(office, "doorline.yaml", "interval_s", "intervall_s")


def _unknown_shop_code(office: Office) -> None:
    _change(office, "cam01.geojson", '"kind": "public", "place": "corner"', '"kind": "frontage", "shop_code": "S999"')
    header = "code,name,address,street,squad,trade,grade,contact,since,until\n"
    (office.folder / "shops.csv").write_text(f"{header}S001,Shop,Road 1,Road,1,food,A,,2020-01-01,\n", encoding="utf-8")
    _change(office, "doorline.yaml", "cameras:", "shops: shops.csv\ncameras:")


def _wrong_sha256(office: Office) -> None:
    (office.folder / "net.pt").write_bytes(b"not the weights that the card means")
    card = {
        "name": "net",
        "title": "net",
        "format": "pt",
        "weights": "net.pt",
        "sha256": hashlib.sha256(b"the weights").hexdigest(),
        "classes": {"person": "person"},
        "licence": "none",
    }
    (office.folder / "card.yaml").write_text(yaml.safe_dump(card), encoding="utf-8")
    _change(office, "doorline.yaml", "cameras:", "yolo: {card: card.yaml}\ncameras:")


def _no_model(office: Office) -> None:
    _wrong_sha256(office)
    (office.folder / "net.pt").unlink()


def _no_zones(office: Office) -> None:
    (office.folder / "cam01.geojson").unlink()


def _no_yaml(office: Office) -> None:
    office.config.write_text("cameras: [", encoding="utf-8")


def _unreadable(office: Office) -> None:
    office.config.chmod(0)


SETTINGS: dict[str, tuple[Callable[[Office], None], tuple[str, ...]]] = {
    "zones of another camera": (_zones_of_another_camera, ("cam01.geojson", "CAM01", "CAM02")),
    "unknown config key": (_unknown_key, ("doorline.yaml:", "unknown key", "Did you mean 'interval_s'?")),
    "unknown shop code": (_unknown_shop_code, ("cam01.geojson", "S999")),
    "wrong sha256": (_wrong_sha256, ("net.pt: weights are not what the card pins", "expected sha256", "found sha256")),
    "no model": (_no_model, ("net.pt: cannot read weights", "doorline models fetch")),
    "no zones": (_no_zones, ("cam01.geojson", "No such file")),
    "no YAML": (_no_yaml, ("doorline.yaml",)),
    "unreadable configuration": (_unreadable, ("doorline.yaml", "Permission denied")),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_bad_settings_end_the_run_before_it_begins(case: str, office: Office) -> None:
    make, parts = SETTINGS[case]
    make(office)
    done = batch(office, QUIET, before_start=obey_file_modes)
    assert done.code == 2, done
    assert done.out == ""
    assert "Traceback" not in done.err
    first, *faults = done.err.splitlines()
    assert first.startswith("error ")
    assert len(faults) <= 1, "one fault, one line below the headline"
    for part in parts:
        assert part in done.err
    assert not (office.folder / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["batch"], "Missing argument"),
        (["batch", QUIET], "Missing option '--config'"),
        (["batch", QUIET, "-c", "doorline.yaml", "--start", "yesterday"], "--start: not a time"),
        (["batch", QUIET, "-c", "doorline.yaml", "--camera", "CAM9"], "unknown camera; expected one of CAM01; found CAM9"),
        (["batch", QUIET, "-c", "missing.yaml"], "missing.yaml"),
        (["zones", "check", "-c", "doorline.yaml", "--on", "monday"], "--on: not a day"),
        (["records", "export", "-c", "doorline.yaml", "--format", "pdf"], "'pdf' is not one of"),
        (["records", "lisst"], "No such command"),
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str], said: str, office: Office) -> None:
    done = doorline(*arguments, cwd=office.folder)
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())
    assert "Traceback" not in done.err
    assert not (office.folder / "out").exists()


# --- disk --------------------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of this size, made by the kernel, where this user may mount one."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a small file system here (tests/evidence limits the size of files instead)")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.long
@pytest.mark.parametrize(
    ("folder", "size", "said"),
    [
        ("evidence", "300k", "disk full while writing evidence; found No space left on device. Free some space"),
        ("observations", "4k", "cannot write observation log; found No space left on device. Check free space"),
    ],
)
def test_disk_full(folder: str, size: str, said: str, office: Office, judged: tuple[Office, Done]) -> None:
    disk = office.folder / "out" / folder
    with small_disk(disk, size):
        done = batch(office, BUSY, QUIET) if folder == "evidence" else batch(office, BUSY)
        assert done.code == 1, done
        assert len(done.err.splitlines()) == 1, done.err
        *others, busy = done.json["sources"]  # by time
        assert said in busy["error"]
        assert [source["state"] for source in (busy, *others)] == ["failed", "finished"][: 1 + len(others)]
        assert office.rows("violations") == office.rows("evidence_files") == []
        assert folder == "observations" or office.partials() == []
        verified(office)
        subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
        resumed = doorline(*done.resume_words(), cwd=office.folder)
        assert resumed.code == 0, resumed
        assert [source["state"] for source in resumed.json["sources"]] == [*["kept"] * len(others), "finished"]
        assert office.partials() == []
        verified(office)
        assert content(office)["evidence"] == content(judged[0])["evidence"]
        assert content(office)["violations"] == content(judged[0])["violations"]


@pytest.mark.long
@pytest.mark.parametrize(("folder", "mode"), [("evidence", 0o555), ("evidence", 0), ("observations", 0o555)])
def test_a_folder_that_may_not_be_written(folder: str, mode: int, office: Office) -> None:
    (office.folder / "out").mkdir()
    (office.folder / "out" / folder).mkdir(mode=mode)
    done = batch(office, BUSY, before_start=obey_file_modes)
    assert done.code == 1, done
    assert "Traceback" not in done.err
    (source,) = done.json["sources"]
    assert f"out/{folder}" in source["error"]
    assert "Permission denied" in source["error"]
    assert office.rows("violations") == []
    assert office.partials() == []


@pytest.mark.long
def test_the_system_refuses_something_nobody_foresaw(office: Office) -> None:
    done = batch(office, BUSY, QUIET, trouble="system-refuses")
    assert done.code == 1, done
    assert [source["state"] for source in done.json["sources"]] == ["failed", "finished"]
    assert done.json["sources"][0]["error"] == "/dev/sda: the system refuses; found Input/output error"
