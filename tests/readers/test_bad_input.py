"""What can't be read is one clear line: what, where, expected, found."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from pipeline.errors import SourceError
from pipeline.readers import open_reader
from tests.clips import damage, make_folder
from tests.readers.conftest import ClipFactory


def refusal(uri: str | Path) -> str:
    with pytest.raises(SourceError) as caught:
        open_reader(str(uri), camera_id="c")
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_missing_file(tmp_path: Path) -> None:
    assert (
        refusal(tmp_path / "no.mp4")
        == f"{tmp_path}/no.mp4: cannot open footage; expected a file or folder; found No such file or directory"
    )


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert "an empty file (0 bytes)" in refusal(path)


@pytest.mark.parametrize("text", ["these are notes\n" * 40, "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n", "x"])
@pytest.mark.parametrize("suffix", ["mp4", "avi", "ts"])
def test_text_with_the_name_of_a_video(tmp_path: Path, text: str, suffix: str) -> None:
    path = tmp_path / f"notes.{suffix}"
    path.write_text(text)
    line = refusal(path)
    assert str(path) in line
    assert "text" in line


def test_sound_alone(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True)
    assert "expected a video stream; found only audio" in refusal(path)


def test_mp4_without_its_index(clip: ClipFactory, tmp_path: Path) -> None:
    path = damage(clip("mp4", seconds=2), tmp_path / "cut.mp4", keep=0.5)
    assert "moov" in refusal(path)


def test_video_of_which_nothing_can_be_decoded(clip: ClipFactory, tmp_path: Path) -> None:
    whole = clip("mp4", seconds=2, output_options=("-movflags", "+faststart"))
    data = whole.read_bytes()
    start = data.index(b"mdat") + 4
    path = tmp_path / "zeros.mp4"
    path.write_bytes(data[:start] + bytes(len(data) - start))
    assert "no picture can be decoded" in refusal(path)
    path.write_bytes(data[:start])
    assert "no picture can be decoded" in refusal(path)


def test_noise(tmp_path: Path) -> None:
    path = tmp_path / "noise.mkv"
    path.write_bytes(bytes((index * 7919 + index // 251) % 256 for index in range(50_000)))
    assert str(path) in refusal(path)


def test_pipes_and_sockets_are_refused_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    assert "found a named pipe" in refusal(pipe)
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.mp4")
        assert "found a socket" in refusal("socket.mp4")
    assert "found a device" in refusal("/dev/null")


def test_name_that_is_too_long_or_a_file_used_as_folder(tmp_path: Path) -> None:
    assert "cannot open footage" in refusal(tmp_path / ("x" * 300 + ".mp4"))
    assert "cannot open footage" in refusal("with\0null.mp4")
    file = tmp_path / "file"
    file.write_text("x")
    assert "Not a directory" in refusal(file / "clip.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(clip: ClipFactory, tmp_path: Path) -> None:
    path = damage(clip("mp4", seconds=2), tmp_path / "secret.mp4")
    path.chmod(0)
    assert "Permission denied" in refusal(path)


def test_folder_without_pictures(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("none here")
    assert "no pictures in it" in refusal(tmp_path)


def test_folder_whose_names_say_nothing(tmp_path: Path) -> None:
    assert "no picture's name says its time" in refusal(make_folder(tmp_path, {"entrance.jpg": 1, "yard.jpg": 2}))


def test_folder_of_broken_pictures(tmp_path: Path) -> None:
    (tmp_path / "0001.jpg").write_bytes(b"no picture")
    assert "no picture can be decoded" in refusal(tmp_path)


def test_live_addresses_are_refused_without_their_password() -> None:
    line = refusal("rtsp://admin:geheim@10.0.0.7/stream1")
    assert "geheim" not in line
    assert "admin" not in line
    assert line.startswith("rtsp://10.0.0.7")


def test_file_that_vanishes_while_it_is_looked_at(clip: ClipFactory, tmp_path: Path) -> None:
    path = damage(clip("mp4", seconds=2), tmp_path / "gone.mp4")
    reader = open_reader(str(path), camera_id="c")
    footage = reader.footage()
    path.unlink()
    with pytest.raises(SourceError, match="cannot open footage"):
        list(reader)
    with pytest.raises(SourceError, match="cannot open footage"):
        footage.picture_at(0)
