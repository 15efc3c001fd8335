"""Connecting to a live camera: what it costs, and what must not stop it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest

from pipeline.config import StreamSettings
from pipeline.errors import SourceError
from pipeline.readers.key_frames import DueLook, KeyFrameDecoder
from pipeline.readers.live_stream import LiveStream, LiveTimeline
from pipeline.readers.stream_connection import StreamConnection
from pipeline.readers.stream_ring import StreamRing
from pipeline.types import Frame
from tests.live.live_camera import LiveCamera, live_camera
from tests.live.street_film import RATE, Film

pytestmark = pytest.mark.long
PATIENT = StreamSettings(open_timeout_s=8, read_timeout_s=3)


@pytest.fixture
def camera(street: Film) -> Iterator[LiveCamera]:
    with live_camera(street) as camera:
        yield camera


def connected_after_s(camera: LiveCamera, settings: StreamSettings = PATIENT) -> float:
    """Seconds until it is open; three seconds of video are read to see that it goes on."""
    began_s = time.monotonic()
    with StreamConnection(camera.address, settings, time.monotonic) as connection:
        opened_s = time.monotonic() - began_s
        stamps = [packet.pts or 0 for packet in islice(connection.packets(), 3 * RATE)]
    assert stamps == sorted(stamps)
    return opened_s


@pytest.mark.parametrize("sound", [True, False])
def test_a_camera_is_open_long_before_it_is_given_up(sound: bool, street: Film) -> None:
    with live_camera(street, sound=sound) as camera:
        assert connected_after_s(camera) < 7


def test_a_camera_with_a_chinese_name_of_the_old_encoding_is_watched(street: Film) -> None:
    with live_camera(street, title="样江路口".encode("gbk")) as camera:
        connected_after_s(camera)


def test_a_gateway_that_goes_on_with_another_size_is_connected_to_anew(camera: LiveCamera, large_street: Film) -> None:
    clock = SteadySeconds()
    ring = StreamRing(seconds=60, most_bytes=10**9)
    stream = LiveStream("CAM01", LiveTimeline(datetime(2026, 3, 1, tzinfo=UTC), clock), ring, lambda: 1.0)
    with StreamConnection(camera.address, PATIENT, time.monotonic) as connection:
        looks = stream.watch(connection, lambda: False)
        sizes = [shown_width_px(next(looks)) for _ in range(2)]
        camera.resize(large_street, dropping=False)
        with pytest.raises(SourceError, match="the stream has changed"):
            sizes += [shown_width_px(look) for look in looks]
    with StreamConnection(camera.address, PATIENT, time.monotonic) as connection:
        sizes += [shown_width_px(look) for look in islice(stream.watch(connection, lambda: False), 3)]
    assert sizes == [320] * (len(sizes) - 3) + [480] * 3
    assert len({group.form for group in ring.groups_between(0, 1e9)}) == 2


class SteadySeconds:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() - self._began_s


def shown_width_px(due: DueLook) -> int:
    """0: nothing."""
    look = KeyFrameDecoder().look(due)
    return look.picture.width_px if isinstance(look, Frame) else 0


def test_several_clients_see_the_same(camera: LiveCamera) -> None:
    with (
        StreamConnection(camera.address, PATIENT, time.monotonic) as one,
        StreamConnection(camera.address, PATIENT, time.monotonic) as other,
    ):
        first = {packet.pts: bytes(packet) for packet in islice(one.packets(), 8 * RATE)}
        second = {packet.pts: bytes(packet) for packet in islice(other.packets(), 4 * RATE)}
    both = first.keys() & second.keys()
    assert len(both) >= RATE
    assert all(first[stamp] == second[stamp] for stamp in both)


@pytest.mark.parametrize(("trouble", "found"), [("cut", "connection refused"), ("silence", "an answer within"), ("garbage", "stream")])
def test_a_camera_in_trouble_is_one_clear_line(trouble: str, found: str, camera: LiveCamera) -> None:
    getattr(camera, trouble)()
    settings = StreamSettings(open_timeout_s=2, read_timeout_s=2)
    began_s = time.monotonic()
    with pytest.raises(SourceError, match=found):
        watch_to_the_end(camera, settings)
    assert time.monotonic() - began_s < 10
    camera.mend()
    assert connected_after_s(camera) < 7


def watch_to_the_end(camera: LiveCamera, settings: StreamSettings) -> None:
    with StreamConnection(camera.address, settings, time.monotonic) as connection:
        for _ in connection.packets():
            pass
