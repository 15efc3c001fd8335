"""What live streams are like, and one line for each that is not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import imageio_ffmpeg
import pytest

from pipeline.config import StreamSettings
from pipeline.errors import SourceError
from pipeline.readers.stream_probe import StreamReport, probe_stream
from tests.streams.servers import answering, free_port, http_server, rtsp_server

ROOT = Path(__file__).parents[2]
QUICK = StreamSettings(open_timeout_s=3, read_timeout_s=3)
SECRET = "geheim7"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of a made-up picture: H.264 and H.265, with and without B-frames, with sound."""
    made = tmp_path_factory.mktemp("streams")
    picture, sound = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"), ("-f", "lavfi", "-i", "sine=frequency=440")
    h264 = (
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-g",
        "50",
        "-keyint_min",
        "50",
        "-sc_threshold",
        "0",
        "-b:v",
        "600k",
        "-pix_fmt",
        "yuv420p",
    )
    h265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=25:log-level=none:pools=1", "-pix_fmt", "yuv420p")
    _ffmpeg(*picture, *sound, *h264, "-bf", "0", "-c:a", "aac", "-t", "10", str(made / "plain.mp4"))
    _ffmpeg(*picture, *h264, "-bf", "2", "-t", "10", str(made / "reordered.mp4"))
    _ffmpeg(*picture, *h265, "-t", "6", str(made / "h265.mp4"))
    _ffmpeg("-i", str(made / "plain.mp4"), "-c", "copy", str(made / "gateway.flv"))
    _ffmpeg("-i", str(made / "plain.mp4"), "-c", "copy", "-hls_time", "2", "-hls_list_size", "0", str(made / "list.m3u8"))
    _ffmpeg("-i", str(made / "plain.mp4"), "-c", "copy", "-bsf:v", "noise=drop=key", str(made / "blind.flv"))
    _ffmpeg("-f", "lavfi", "-i", "sine=frequency=440", "-c:a", "aac", "-t", "3", str(made / "sound.mp4"))
    return made


@pytest.fixture(scope="module")
def rtsp(folder: Path) -> Iterator[str]:
    with rtsp_server(folder) as address:
        yield address


def _ffmpeg(*words: str) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *words], check=True)


def probe(address: str, seconds: float = 5.0, settings: StreamSettings = QUICK) -> StreamReport:
    return probe_stream(address, settings, seconds=seconds, monotonic=time.monotonic)


def test_an_rtsp_stream_is_measured(rtsp: str) -> None:
    report = probe(f"{rtsp}/plain.mp4")
    assert (report.codec, report.width_px, report.height_px) == ("h264", 640, 360)
    assert report.pictures_per_s == pytest.approx(25, rel=0.05)
    assert report.longest_key_interval_s == pytest.approx(2.0, abs=0.1)
    assert report.kbit_per_s is not None
    assert 200 < report.kbit_per_s < 1500
    assert report.picture is not None
    assert report.picture.shape == (360, 640, 3)
    assert report.picture_after_s is not None
    assert report.picture_after_s < 5
    assert not report.ended


@pytest.mark.parametrize(("name", "codec"), [("reordered.mp4", "h264"), ("h265.mp4", "hevc")])
def test_other_codecs_and_orders(rtsp: str, name: str, codec: str) -> None:
    report = probe(f"{rtsp}/{name}", seconds=3)
    assert report.codec == codec
    assert report.picture is not None


@pytest.mark.parametrize("name", ["gateway.flv", "list.m3u8"])
def test_what_gateways_hand_out_by_http(folder: Path, name: str) -> None:
    with http_server(folder) as address:
        report = probe(f"{address}/{name}")
    assert (report.codec, report.width_px, report.height_px) == ("h264", 640, 360)
    assert report.pictures_per_s == pytest.approx(25, rel=0.05)
    assert report.longest_key_interval_s == pytest.approx(2.0, abs=0.1)
    assert report.picture is not None


def test_a_stream_without_key_frames_shows_no_picture_and_is_a_fault(folder: Path, tmp_path: Path) -> None:
    zones = (ROOT / "zones/samples/CAM24.geojson").as_posix()
    with http_server(folder) as address:
        assert probe(f"{address}/blind.flv").picture is None
        (tmp_path / "live.yaml").write_text(f'cameras: [{{id: BLIND, zones: {zones}, stream: "{address}/blind.flv"}}]')
        words = [sys.executable, "-m", "pipeline.cli", "cameras", "probe", "--config", "live.yaml", "--seconds", "3"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "camera BLIND: no picture could be decoded in 3 s" in done.stderr


def refusal(address: str) -> str:
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        probe(address)
    assert time.monotonic() - began < 8, "it waited longer than it was told"
    line = str(caught.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


def test_nobody_listens() -> None:
    line = refusal(f"rtsp://admin:{SECRET}@127.0.0.1:{free_port()}/1")
    assert "connection refused" in line
    assert "admin" not in line


def test_a_server_that_never_says_a_word() -> None:
    with answering(None) as place:
        assert "expected an answer within 3 s; found none" in refusal(f"rtsp://admin:{SECRET}@{place}/1")
        assert "expected an answer within 3 s; found none" in refusal(f"http://{place}/live.flv")


def test_a_server_that_talks_nonsense() -> None:
    with answering(b"\x00\xffnonsense" * 400) as place:
        assert "cannot open the stream" in refusal(f"rtsp://{place}/1")
        assert "cannot open the stream" in refusal(f"http://{place}/live.flv")


def test_a_wrong_password() -> None:
    with answering(b'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm="camera"\r\n\r\n') as place:
        assert "user or password refused" in refusal(f"rtsp://{place}/1")
    with answering(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as place:
        assert "user or password refused" in refusal(f"http://{place}/live.flv")


def test_a_name_that_is_not_there(folder: Path) -> None:
    with http_server(folder) as address:
        assert "nothing of that name there" in refusal(f"{address}/nothing.flv")


def test_sound_alone(folder: Path) -> None:
    with http_server(folder) as address:
        assert "no video in the stream" in refusal(f"{address}/sound.mp4")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "/etc/passwd", "concat:a|b", "rtp://127.0.0.1:4", "", "rtsp://", "rtsp://[half/1"]
)
def test_addresses_that_are_no_streams(address: str) -> None:
    assert "cannot open the stream" in refusal(address)


def test_a_play_list_can_not_reach_for_files_of_this_machine(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.m3u8").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{folder}/plain.mp4\n#EXT-X-ENDLIST\n")
    with http_server(tmp_path) as address:
        assert "cannot open the stream" in refusal(f"{address}/evil.m3u8")


@pytest.mark.long
def test_the_command_lists_all_cameras_and_one_that_fails_stops_no_other(rtsp: str, tmp_path: Path) -> None:
    zones = (ROOT / "zones/samples/CAM24.geojson").as_posix()
    port = free_port()
    (tmp_path / "live.yaml").write_text(
        f"""
cameras:
  - {{id: EAST, zones: {zones}, stream: "{rtsp}/plain.mp4"}}
  - {{id: GONE, zones: {zones}, stream: "rtsp://admin:${{CAM_PASSWORD}}@127.0.0.1:{port}/1"}}
  - {{id: WEST, zones: {zones}, stream: "{rtsp}/h265.mp4"}}
  - {{id: FILES, zones: {zones}}}
"""
    )
    words = [sys.executable, "-m", "pipeline.cli", "cameras", "probe", "--config", "live.yaml", "--seconds", "3", "--save", "pictures"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CAM_PASSWORD": "geheim7"}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*words, *more], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)

    done = run("--json")
    assert done.returncode == 1
    assert "geheim7" not in done.stdout + done.stderr
    found = {each["camera"]: each for each in json.loads(done.stdout)["cameras"]}
    assert list(found) == ["EAST", "GONE", "WEST"]
    assert found["EAST"]["error"] is None
    assert found["WEST"]["codec"] == "hevc"
    assert "connection refused" in found["GONE"]["error"]
    assert "error camera GONE" in done.stderr
    image = cv2.imread(str(tmp_path / "pictures/EAST.png"))
    assert image is not None
    assert image.shape == (360, 640, 3)
    alone = run("--camera", "EAST")
    assert alone.returncode == 0, alone.stderr
    assert "h264" in alone.stdout
    wrong = run("--camera", "NORTH")
    assert wrong.returncode == 2
    assert "no such camera" in wrong.stderr
