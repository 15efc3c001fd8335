"""Cameras behind a GB/T 28181 gateway: they wake up, show pictures, are left as they should be, and each fault is one line."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from pipeline.config import GatewaySettings
from pipeline.errors import SourceError
from pipeline.readers.stream_addresses import StreamAddresses
from tests.streams.servers import answering, free_port, rtsp_server, wait_for
from tests.streams.wvp_gateway import API_KEY, CHANNEL, DEVICE, PASSWORD, USER, WvpGateway, wvp_gateway

ROOT = Path(__file__).parents[2]
STREAM = f"gb28181://{DEVICE}/{CHANNEL}"
DIGEST = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
RTSP = "rtsp://127.0.0.1:8554/rtp/1"


@pytest.fixture
def gateway() -> Iterator[WvpGateway]:
    """A gateway whose camera is awake at once."""
    with wvp_gateway(rtsp=RTSP) as found:
        yield found


def settings(gateway: WvpGateway | str, **changes: Any) -> GatewaySettings:
    """Settings of this gateway, or of this address, for the user that it knows."""
    url = gateway if isinstance(gateway, str) else gateway.url
    values: dict[str, Any] = {"name": "west", "url": url, "user": USER, "password": PASSWORD, "wake_timeout_s": 5.0}
    return GatewaySettings(**(values | changes))


def addresses(gateway: WvpGateway | str, **changes: Any) -> StreamAddresses:
    return StreamAddresses([settings(gateway, **changes)], time.monotonic)


def opened(found: StreamAddresses, stream: str = STREAM) -> str:
    with found.open(stream, stop=threading.Event()) as address:
        return address


def refusal(found: StreamAddresses, stream: str = STREAM) -> str:
    """The line of the fault, which shows no secret, nor does its traceback."""
    with pytest.raises(SourceError) as caught:
        opened(found, stream)
    line = str(caught.value)
    told = line + "".join(traceback.format_exception(caught.value, chain=True))
    assert not [secret for secret in (PASSWORD, DIGEST, API_KEY, "token-") if secret in told]
    assert "\n" not in line
    return line


def test_an_ordinary_address_is_itself() -> None:
    stream = f"rtsp://admin:{PASSWORD}@127.0.0.1/1"
    assert opened(StreamAddresses([], time.monotonic), stream) == stream


def test_a_camera_is_played_and_left_to_the_gateway(gateway: WvpGateway) -> None:
    with addresses(gateway).open(STREAM, stop=threading.Event()) as address:
        assert address == RTSP
    assert gateway.asked == ["/api/user/login", f"/api/play/start/{DEVICE}/{CHANNEL}"], "no stop: others may watch"


def test_a_gateway_is_named_where_there_are_several(gateway: WvpGateway) -> None:
    found = StreamAddresses([settings("http://127.0.0.1:9", name="east"), settings(gateway)], time.monotonic)
    assert opened(found, f"gb28181://west/{DEVICE}/{CHANNEL}") == RTSP
    assert "no such gateway; expected east, west" in refusal(found, f"gb28181://north/{DEVICE}/{CHANNEL}")


def test_a_sleeping_camera_is_waited_for(gateway: WvpGateway) -> None:
    gateway.wake_s = 0.6
    began = time.monotonic()
    assert opened(addresses(gateway)) == RTSP
    assert time.monotonic() - began >= 0.6
    assert gateway.count("start") == 1


def test_a_camera_that_is_slower_than_the_gateway_is_invited_again(gateway: WvpGateway) -> None:
    gateway.wake_s, gateway.play_timeout_s = 0.15, 0.1
    assert opened(addresses(gateway)) == RTSP
    assert gateway.count("start") == 2


@pytest.mark.parametrize(("play_timeout_s", "found"), [(0.1, "点播超时 (code 100)"), (10.0, "no answer of the gateway")])
def test_a_camera_that_does_not_wake_up(gateway: WvpGateway, play_timeout_s: float, found: str) -> None:
    gateway.wake_s, gateway.play_timeout_s = 20.0, play_timeout_s
    line = refusal(addresses(gateway, wake_timeout_s=0.5))
    assert f"{STREAM}: the camera did not wake up; expected its pictures at the gateway within 0.5 s; found {found}" in line


def test_waiting_can_be_stopped(gateway: WvpGateway) -> None:
    gateway.wake_s = 20.0
    stop, found = threading.Event(), addresses(gateway, wake_timeout_s=60)

    def wait() -> None:
        with found.open(STREAM, stop=stop):
            pass

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        wait_for(lambda: gateway.count("start") == 1)
        began = time.monotonic()
        stop.set()
        with pytest.raises(SourceError, match="stopped before the camera woke up"):
            waiting.result()
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("status", "code", "message", "wanted"),
    [
        (200, 100, "设备不在线", "the device is offline; found 设备不在线 (code 100)"),
        (200, 480, "Temporarily Unavailable", "the device is offline; found Temporarily Unavailable (code 480)"),
        (200, -1024, "设备未找到", "the gateway knows no such device; found 设备未找到 (code -1024)"),
        (200, 100, "未找到通道", "the gateway knows no such channel; found 未找到通道 (code 100)"),
        (500, 500, None, "the gateway can't play the camera; found (code 500). Is the device in the list of the gateway west"),
        (200, -3, "资源耗尽", "the gateway can't play the camera; found 资源耗尽 (code -3)"),
        (200, 403, f"Forbidden {PASSWORD}", "the gateway can't play the camera; found Forbidden *** (code 403)"),
    ],
)
def test_what_the_gateway_refuses(gateway: WvpGateway, status: int, code: int, message: str | None, wanted: str) -> None:
    gateway.refusal = (status, code, message)
    assert refusal(addresses(gateway)).startswith(f"{STREAM}: {wanted}")
    assert gateway.count("start") == 1, "asking again would not help"


def test_a_device_or_channel_that_is_not_there(gateway: WvpGateway) -> None:
    found = addresses(gateway)
    assert "the gateway knows no such device" in refusal(found, f"gb28181://34020000001320000009/{CHANNEL}")
    assert "the gateway knows no such channel" in refusal(found, f"gb28181://{DEVICE}/34020000001310000009")


def test_a_wrong_password_is_tried_once_for_all_cameras(gateway: WvpGateway) -> None:
    gateway.login_answers, gateway.echo_secrets = False, True
    found = addresses(gateway)
    with ThreadPoolExecutor(8) as pool:
        lines = set(pool.map(lambda _: refusal(found), range(8)))
    (line,) = lines
    assert "the gateway refused the login; expected a token; found 用户名或密码错误 ('doorline', '***') (code 100)" in line
    assert "Check the user of the gateway west" in line
    assert gateway.count("login") == 1, "not by each camera"


def test_a_refused_login_is_tried_again_later(gateway: WvpGateway) -> None:
    gateway.login_answers = False
    now = [0.0]
    found = StreamAddresses([settings(gateway)], lambda: now[0])
    assert "refused the login" in refusal(found)
    gateway.login_answers = True
    assert "refused the login" in refusal(found)
    now[0] = 31.0
    assert opened(found) == RTSP


@pytest.mark.parametrize("in_body", [False, True])
def test_a_token_that_ran_out_is_renewed(gateway: WvpGateway, in_body: bool) -> None:
    gateway.token_in_body = in_body
    found = addresses(gateway)
    assert opened(found) == RTSP
    assert opened(found) == RTSP
    assert gateway.count("login") == 1
    gateway.forget_tokens()
    assert opened(found) == RTSP
    assert gateway.count("login") == 2


def test_many_cameras_log_in_once_and_renew_once(gateway: WvpGateway) -> None:
    found = addresses(gateway)
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda _: opened(found), range(16))) == {RTSP}
        assert gateway.count("login") == 1
        gateway.forget_tokens()
        assert set(pool.map(lambda _: opened(found), range(16))) == {RTSP}
    assert gateway.count("login") == 2


def test_an_api_key_needs_no_login(gateway: WvpGateway) -> None:
    assert opened(addresses(gateway, user="", password="", api_key=API_KEY)) == RTSP
    assert gateway.count("login") == 0
    gateway.echo_secrets = True
    line = refusal(addresses(gateway, user="", password="", api_key=API_KEY + "x"))
    assert "the gateway refused us; expected an api_key that it knows" in line


def test_a_gateway_without_authentication(gateway: WvpGateway) -> None:
    found = addresses(gateway, user="", password="")
    assert "expected a gateway that needs no login" in refusal(found)
    gateway.authentication = False
    assert opened(found) == RTSP


@pytest.mark.parametrize(
    ("media", "prefer", "wanted"),
    [
        ({"rtsp": "rtsp://m/1", "flv": "http://m/1.flv", "hls": "http://m/1.m3u8"}, "rtsp", "rtsp://m/1"),
        ({"rtsp": "rtsp://m/1", "flv": "http://m/1.flv", "hls": "http://m/1.m3u8"}, "flv", "http://m/1.flv"),
        ({"rtsp": "rtsp://m/1", "flv": "http://m/1.flv", "hls": "http://m/1.m3u8"}, "hls", "http://m/1.m3u8"),
        ({"rtsp": None, "rtsps": "rtsps://m/1", "flv": "http://m/1.flv"}, "rtsp", "rtsps://m/1"),
        ({"rtsp": None, "flv": "", "https_flv": "https://m/1.flv"}, "rtsp", "https://m/1.flv"),
    ],
)
def test_which_address_is_taken(media: dict[str, str | None], prefer: str, wanted: str) -> None:
    with wvp_gateway(**media) as gateway:
        assert opened(addresses(gateway, prefer=prefer)) == wanted


def test_no_address_at_all() -> None:
    with wvp_gateway(rtsp=None) as gateway:
        assert "the gateway handed out no address; expected an address for rtsp, flv or hls" in refusal(addresses(gateway))


def test_gateways_that_are_none(gateway: WvpGateway) -> None:
    gateway.strange = b"<html>nginx</html>"
    assert f"{gateway.url}: the gateway gave a strange answer; expected JSON with a code" in refusal(addresses(gateway))
    gateway.strange = b"[1, 2]"
    assert "expected JSON with a code; found something else (HTTP status 200)" in refusal(addresses(gateway))
    port = free_port()
    assert f"http://127.0.0.1:{port}: cannot reach the gateway; found connection refused" in refusal(addresses(f"http://127.0.0.1:{port}"))
    with answering(b"\x00\xffnonsense\r\n") as place:
        assert "cannot reach the gateway; expected an answer in HTTP; found something else" in refusal(addresses(f"http://{place}"))
    assert "expected an answer in HTTP" in refusal(addresses(gateway.url.replace("http:", "https:")))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = refusal(addresses(f"http://127.0.0.1:{listener.getsockname()[1]}", user="", password="", wake_timeout_s=0.3))
    assert "did not wake up" in line


def test_a_watched_stream_is_asked_for_again_and_trouble_is_told_once(gateway: WvpGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with addresses(gateway, keep_alive_s=0.05).open(STREAM, stop=threading.Event()):
        wait_for(lambda: gateway.count("start") >= 3)
        gateway.refusal = (200, 100, f"设备离线 {PASSWORD}")
        before = gateway.count("start")
        wait_for(lambda: gateway.count("start") >= before + 3)
        gateway.forget_tokens()
        gateway.refusal = None
        wait_for(lambda: gateway.count("login") == 2)
    asked = gateway.count("start")
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [f"{STREAM}: the device is offline"]
    assert PASSWORD not in caplog.text
    assert not [thread for thread in threading.enumerate() if thread.name == "keep alive"]
    assert gateway.count("start") == asked


def test_leaving_does_not_wait_for_a_gateway_that_thinks(gateway: WvpGateway) -> None:
    with addresses(gateway, keep_alive_s=0.05).open(STREAM, stop=threading.Event()):
        gateway.asleep, gateway.wake_s = True, 20.0
        asked = gateway.count("start")
        wait_for(lambda: gateway.count("start") > asked)
        began = time.monotonic()
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("readers", "stops"), [(0, 1), (2, 0), (None, 0)])
def test_stopping_what_nobody_watches(gateway: WvpGateway, readers: int | None, stops: int) -> None:
    gateway.readers = readers
    assert opened(addresses(gateway, stop_unwatched=True)) == RTSP
    assert gateway.count("/api/play/stop/") == stops


def test_a_gateway_that_is_gone_at_the_end_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with wvp_gateway(rtsp=RTSP) as gateway:
        context = addresses(gateway, stop_unwatched=True).open(STREAM, stop=threading.Event())
        context.__enter__()
    context.__exit__(None, None, None)
    assert f"{STREAM}: not stopped: {gateway.url}: cannot reach the gateway" in caplog.text


def test_nothing_shows_a_secret(gateway: WvpGateway) -> None:
    found = settings(gateway)
    keyed = settings(gateway, user="", password="", api_key=API_KEY)
    shown = f"{found!r} {found} {keyed!r} {StreamAddresses([found, keyed], time.monotonic)!r}"
    assert not [secret for secret in (PASSWORD, API_KEY, USER) if secret in shown]


@pytest.mark.long
def test_the_probe_shows_pictures_of_a_camera_that_woke_up(tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    make = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-t", "10"]
    subprocess.run([*make, "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", str(films / "1.mp4")], check=True)
    zones = (ROOT / "zones/samples/CAM24.geojson").as_posix()
    with rtsp_server(films) as rtsp, wvp_gateway(rtsp=f"{rtsp}/1.mp4") as gateway:
        gateway.wake_s = 0.5
        (tmp_path / "live.yaml").write_text(
            f"""
gateways:
  - {{name: west, url: "{gateway.url}", user: {USER}, password: "${{WVP_PASSWORD}}"}}
cameras:
  - {{id: EAST, zones: {zones}, stream: "{STREAM}"}}
  - {{id: GONE, zones: {zones}, stream: "gb28181://west/{DEVICE}/34020000001310000009"}}
"""
        )
        words = [sys.executable, "-m", "pipeline.cli", "cameras", "probe", "--config", "live.yaml", "--seconds", "3", "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "WVP_PASSWORD": PASSWORD}
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    assert not [secret for secret in (PASSWORD, DIGEST, "token-") if secret in done.stdout + done.stderr]
    east, gone = json.loads(done.stdout)["cameras"]
    assert (east["error"], east["codec"], east["has_picture"]) == (None, "h264", True)
    assert "the gateway knows no such channel" in gone["error"]
    assert gateway.count("login") == 1
    assert gateway.count("stop") == 0
