"""A small street on film, cut into seconds that can be shown in any order: each begins with a key frame and needs no other."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import av
import cv2
import imageio_ffmpeg
import numpy as np

from pipeline.types import Image
from tests.pipeline_run.conftest import FPS, PUT_DOWN_S, picture

RATE = 10
"""Pictures a second."""
SECONDS_OF_EACH = 8
"""More than the guard against frozen pictures remembers."""


class Scene(StrEnum):
    """What the camera shows."""

    EMPTY = "empty"
    CARTON = "carton"
    GREY = "grey"
    """What decoders paint where data is missing."""


@dataclass(frozen=True, slots=True)
class Film:
    """The same street in all scenes, encoded once with the same parameters."""

    parameters: bytes
    """As MP4 and FLV carry them (avcC)."""
    seconds: Mapping[Scene, tuple[tuple[bytes, ...], ...]]
    """By scene: seconds of packets, the first of each a key frame."""
    path: Path
    """All of it as an MP4: empty street, carton, grey."""


def make_film(path: Path, size: tuple[int, int] = (320, 240), *, right: int = 0) -> Film:
    """H.264 of this width and height without B-frames, ten pictures and one key frame a second.

    ``right``: the camera is turned, and the street lies so many of its 320 pixels further right.
    """
    begins_s = {Scene.EMPTY: 0, Scene.CARTON: PUT_DOWN_S}
    pictures = [picture(begin * FPS + number * FPS // RATE) for begin in begins_s.values() for number in range(SECONDS_OF_EACH * RATE)]
    pictures += [np.full((240, 320, 3), 130, np.uint8)] * RATE
    _encode([np.asarray(cv2.resize(np.roll(each, right, axis=1), size), np.uint8) for each in pictures], size, path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
        parameters = bytes(stream.codec_context.extradata or b"")
    seconds = [tuple(bytes(packet) for packet in second) for second in (packets[at : at + RATE] for at in range(0, len(packets), RATE))]
    assert all(packet.is_keyframe == (number % RATE == 0) for number, packet in enumerate(packets))
    scenes = {
        Scene.EMPTY: tuple(seconds[:SECONDS_OF_EACH]),
        Scene.CARTON: tuple(seconds[SECONDS_OF_EACH : 2 * SECONDS_OF_EACH]),
        Scene.GREY: tuple(seconds[2 * SECONDS_OF_EACH :]),
    }
    return Film(parameters, scenes, path)


def _encode(pictures: list[Image], size: tuple[int, int], path: Path) -> None:
    source = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{size[0]}x{size[1]}", "-r", str(RATE), "-i", "pipe:0"]
    gop = ["-g", str(RATE), "-keyint_min", str(RATE), "-sc_threshold", "0", "-bf", "0", "-flags", "+cgop"]
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", *gop, "-pix_fmt", "yuv420p", str(path)]
    raw = b"".join(each.tobytes() for each in pictures)
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *source, *encoder], input=raw, check=True)
