"""``gb28181://`` addresses and gateways: what loads, what is refused with file and line, and no secret in any message."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addresses import ChannelAddress, hide_secrets, is_channel, parse_channel
from pipeline.config_files import load_settings
from pipeline.errors import FaultsError
from tests.zones.zone_data import example

DEVICE, CHANNEL = "34020000001320000001", "34020000001310000001"
NAMES = st.text("abcXYZ0189_-.", min_size=1, max_size=64)


def faults(folder: Path, gateways: str, stream: str = f"gb28181://{DEVICE}/{CHANNEL}") -> tuple[str, ...]:
    path = folder / "doorline.yaml"
    path.write_text(f"gateways: {gateways}\ncameras:\n  - {{id: EAST, zones: east.geojson, stream: '{stream}'}}\n", encoding="utf-8")
    try:
        load_settings(path)
    except FaultsError as err:
        return tuple(fault.removeprefix(f"{path}:") for fault in err.faults)
    return ()


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        (f"gb28181://{DEVICE}/{CHANNEL}", ChannelAddress("", DEVICE, CHANNEL)),
        (f"GB28181://west/{DEVICE}/{CHANNEL}", ChannelAddress("west", DEVICE, CHANNEL)),
    ],
)
def test_channels_at_gateways(uri: str, found: ChannelAddress) -> None:
    assert is_channel(uri)
    assert parse_channel(uri) == found


@given(gateway=NAMES | st.just(""), device=NAMES, channel=NAMES)
def test_a_channel_is_read_as_it_is_written(gateway: str, device: str, channel: str) -> None:
    written = ChannelAddress(gateway, device, channel)
    assert parse_channel(str(written)) == written
    assert hide_secrets(str(written)) == str(written)


@pytest.mark.parametrize("uri", ["", "rtsp://gb28181/1", "gb28181", "gb28181:", "/gb28181"])
def test_other_addresses_are_no_channels(uri: str) -> None:
    assert not is_channel(uri)


@pytest.mark.parametrize("rest", ["", "1", "1/", "/1", "1/2/3/4", "a:geheim7@1/2", "1/2?key=geheim7", "1/2 ", "设备/2"])
def test_channels_that_are_none(tmp_path: Path, rest: str) -> None:
    (fault,) = faults(tmp_path, "[{name: west, url: 'http://10.0.0.5:18080'}]", f"gb28181://{rest}")
    assert fault.startswith("3: cameras.0.stream: expected gb28181://DEVICE/CHANNEL, or gb28181://GATEWAY/DEVICE/CHANNEL")
    assert "geheim7" not in fault


@pytest.mark.parametrize(
    ("gateways", "stream", "wanted"),
    [
        ("[{name: west, url: 'http://w'}]", f"gb28181://{DEVICE}/{CHANNEL}", ""),
        ("[{name: west, url: 'https://w:1/wvp/'}, {name: east, url: 'http://e'}]", f"gb28181://east/{DEVICE}/{CHANNEL}", ""),
        ("[]", "rtsp://10.0.0.1/1", ""),
        ("[]", f"gb28181://{DEVICE}/{CHANNEL}", "stream of camera EAST: it names no gateway, and there is not exactly one; gateways: none"),
        (
            "[{name: west, url: 'http://w'}, {name: east, url: 'http://e'}]",
            f"gb28181://{DEVICE}/{CHANNEL}",
            "stream of camera EAST: it names no gateway, and there is not exactly one; gateways: west, east",
        ),
        (
            "[{name: west, url: 'http://w'}]",
            f"gb28181://north/{DEVICE}/{CHANNEL}",
            "stream of camera EAST: no such gateway: north; gateways: west",
        ),
        ("[{name: w, url: 'http://w'}, {name: w, url: 'http://e'}]", "rtsp://10.0.0.1/1", "gateway name used more than once: w"),
    ],
)
def test_streams_and_their_gateways(tmp_path: Path, gateways: str, stream: str, wanted: str) -> None:
    assert faults(tmp_path, gateways, stream) == ((f"1: (whole file): {wanted}",) if wanted else ())


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ("user: doorline", "1: gateways.0: user and password belong together"),
        ("password: '${SECRET}'", "1: gateways.0: user and password belong together"),
        ("user: doorline, password: '${SECRET}', api_key: '${SECRET}'", "1: gateways.0: give user and password or api_key, not both"),
        ("api_key: 'a ${SECRET}'", "1: gateways.0.api_key: "),
        ("url: 'http://doorline:${SECRET}@w'", "1: gateways.0.url: expected an http:// or https:// address without user, password"),
        ("url: 'http://w/?token=${SECRET}'", "1: gateways.0.url: expected an http:// or https:// address"),
        ("url: 'ftp://w'", "1: gateways.0.url: expected an http:// or https:// address"),
        ("url: 'http://w:99999'", "1: gateways.0.url: expected an http:// or https:// address"),
        ("url: 'http://[w'", "1: gateways.0.url: expected an http:// or https:// address"),
        ("url: 'http://a..b'", "1: gateways.0.url: expected an http:// or https:// address"),
        ("url: ''", "1: gateways.0.url: expected an http:// or https:// address"),
        ("name: 西", "1: gateways.0.name: "),
        ("prefer: rtmp", "1: gateways.0.prefer: "),
        ("wake_timeout_s: 0", "1: gateways.0.wake_timeout_s: "),
        ("keepalive_s: 3", "1: gateways.0.keepalive_s: unknown key. Did you mean 'keep_alive_s'?"),
    ],
)
def test_gateways_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, wanted: str) -> None:
    monkeypatch.setenv("SECRET", "geheim7")
    parts = [part for part in ("name: west", "url: 'http://w'") if part.split(":")[0] != more.split(":")[0]]
    (fault,) = faults(tmp_path, "[{" + ", ".join([*parts, more]) + "}]", f"gb28181://{DEVICE}/{CHANNEL}")
    assert fault.startswith(wanted)
    assert "geheim7" not in fault


def test_the_example_of_the_page_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WVP_PASSWORD", "geheim7")
    path = tmp_path / "live.yaml"
    path.write_text(example("streams.md", "yaml"), encoding="utf-8")
    settings = load_settings(path)
    assert settings.gateways[0].password == "geheim7"
    assert "geheim7" not in repr(settings)
