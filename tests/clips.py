"""Makes test clips in which every picture carries its own number, readable after any codec.

The number is drawn as a strip of 16 black or white blocks along the top of the picture (most significant bit
first), twice: as it is and inverted, so that a torn or mixed picture reads as None rather than as another number.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import cv2
import imageio_ffmpeg
import numpy as np

from pipeline.types import Image

BITS = 16
Scene = Callable[[int, Image], None]
"""Draws the picture of this number onto a HxWx3 uint8 BGR canvas that holds the street already."""

_ENCODERS = {
    "h264": ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1"],
    "hevc": ["-c:v", "libx265", "-preset", "ultrafast"],
    "mpeg4": ["-c:v", "mpeg4", "-q:v", "4"],
    "mjpeg": ["-c:v", "mjpeg", "-q:v", "4"],
    "mpeg2video": ["-c:v", "mpeg2video", "-q:v", "4"],
}


@dataclass(frozen=True, slots=True)
class Span:
    """A damaged stretch of a file, in fractions 0..1 of its length."""

    begin: float
    end: float


def make_picture(number: int, size: tuple[int, int], scene: Scene | None = None) -> Image:
    """One picture (HxWx3 uint8 BGR, ``size`` is width, height in pixels): a street, a moving block, and the number on top."""
    width, height = size
    canvas = _street(width, height).copy()
    x = (number * 3) % max(1, width - width // 8)
    canvas[height // 2 : height // 2 + height // 6, x : x + width // 8] = (40, 90, 200)
    if scene is not None:
        scene(number, canvas)
    _draw_number(canvas, number)
    return canvas


def frame_number(image: Image) -> int | None:
    """The number burnt into this picture (any size), None where it can't be read."""
    height, width = image.shape[:2]
    grey = image.mean(axis=2)
    block, row = width / BITS, height / 10
    rows = []
    for index in range(2):
        top, bottom = int(row * (index + 0.25)), max(int(row * (index + 0.75)), int(row * (index + 0.25)) + 1)
        means = [grey[top:bottom, int(block * (bit + 0.25)) : max(int(block * (bit + 0.75)), 1)].mean() for bit in range(BITS)]
        if any(80 < mean < 176 for mean in means):
            return None
        rows.append([mean > 128 for mean in means])
    if any(plain == inverse for plain, inverse in zip(*rows, strict=True)):
        return None
    return sum(1 << (BITS - 1 - bit) for bit, white in enumerate(rows[0]) if white)


def make_clip(
    path: Path,
    *,
    seconds: float = 10.0,
    fps: float | Fraction = 25.0,
    size: tuple[int, int] = (320, 240),
    codec: str = "h264",
    gop_s: float = 2.0,
    bframes: int = 0,
    first_number: int = 0,
    rotation_deg: int = 0,
    pixel_format: str = "yuv420p",
    audio: bool = False,
    scene: Scene | None = None,
    encoder_options: tuple[str, ...] = (),
    output_options: tuple[str, ...] = (),
) -> Path:
    """Encode a clip whose pictures are numbered from ``first_number`` on; the container follows the suffix of ``path``.

    Args:
        path: where to; its suffix chooses the container (.mp4, .mkv, .avi, .flv, .ts, .mov, .h264, ...).
        seconds: length; ``round(seconds * fps)`` pictures.
        fps: pictures a second, constant.
        size: width, height in pixels of the upright picture.
        codec: h264, hevc, mpeg4, mjpeg or mpeg2video.
        gop_s: seconds between key frames.
        bframes: B-frames between two others; 0 for none.
        first_number: number burnt into the first picture.
        rotation_deg: 0, 90, 180 or 270; stored turned, with a display matrix that makes it upright again.
        pixel_format: ffmpeg's name, such as yuv420p, yuv422p or yuv420p10le.
        audio: add a tone.
        scene: draws onto the picture.
        encoder_options: further ffmpeg options for the encoder.
        output_options: further ffmpeg options for the container.
    """
    rate = Fraction(fps).limit_denominator(1001)
    count = round(seconds * float(rate))
    gop = max(1, round(gop_s * float(rate)))
    stored = size if rotation_deg % 180 == 0 else (size[1], size[0])
    source = ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{stored[0]}x{stored[1]}", "-r", str(rate)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", "-nostdin"]
    if rotation_deg:
        command += ["-display_rotation", str(rotation_deg)]
    command += [*source, "-i", "pipe:0"]
    if audio:
        command += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", "-c:a", "aac"]
    command += [*_ENCODERS[codec], *_gop_options(codec, gop, bframes), "-pix_fmt", pixel_format]
    command += [*encoder_options, *output_options, str(path)]
    raw = b"".join(_turned(make_picture(first_number + k, size, scene), rotation_deg) for k in range(count))
    done = subprocess.run(command, input=raw, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return path


def make_folder(folder: Path, names: dict[str, int], *, size: tuple[int, int] = (320, 240)) -> Path:
    """Write one picture per file name, each with its number burnt in. The suffix chooses the kind (.jpg, .png, ...)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, number in names.items():
        done, data = cv2.imencode(Path(name).suffix, make_picture(number, size))
        if not done:
            raise RuntimeError(name)
        (folder / name).write_bytes(data.tobytes())
    return folder


def remux(source: Path, target: Path, edit: Callable[[int, av.Packet[av.VideoStream]], bool]) -> Path:
    """Copy the video packets of a clip to another container.

    ``edit(index, packet)`` may change the packet's time stamps and says whether it is kept.
    """
    with av.open(str(source)) as before, av.open(str(target), "w") as after:
        video = before.streams.video[0]
        copy = after.add_stream_from_template(video)
        for index, packet in enumerate(_packets(before, video)):
            if edit(index, packet):
                packet.stream = copy
                after.mux(packet)
    return target


def damage(source: Path, target: Path, *, spans: tuple[Span, ...] = (), keep: float = 1.0, fill: int | None = 0) -> Path:
    """Copy a file with some stretches overwritten (``fill`` byte, None: noise) and all after ``keep`` (0..1) cut off."""
    data = bytearray(source.read_bytes())
    noise = np.random.default_rng(3)
    for span in spans:
        begin, end = int(len(data) * span.begin), int(len(data) * span.end)
        data[begin:end] = noise.bytes(end - begin) if fill is None else bytes([fill]) * (end - begin)
    target.write_bytes(data[: int(len(data) * keep)])
    return target


@lru_cache(maxsize=8)
def _street(width: int, height: int) -> Image:
    canvas: Image = np.empty((height, width, 3), np.uint8)
    canvas[:] = np.linspace(70, 170, height, dtype=np.uint8)[:, None, None]
    texture = np.random.default_rng(7).integers(0, 30, (height // 8 + 1, width // 8 + 1, 1), np.uint8)
    canvas += np.kron(texture, np.ones((8, 8, 1), np.uint8))[:height, :width]
    return canvas


def _draw_number(canvas: Image, number: int) -> None:
    height, width = canvas.shape[:2]
    edges = [round(width * bit / BITS) for bit in range(BITS + 1)]
    for bit in range(BITS):
        white = bool(number >> (BITS - 1 - bit) & 1)
        for row, value in ((0, white), (1, not white)):
            canvas[round(height * row / 10) : round(height * (row + 1) / 10), edges[bit] : edges[bit + 1]] = 235 if value else 16


def _turned(picture: Image, rotation_deg: int) -> bytes:
    # The display matrix of `-display_rotation 90` turns the stored picture counter-clockwise when shown.
    return np.ascontiguousarray(np.rot90(picture, -rotation_deg // 90)).tobytes()


def _gop_options(codec: str, gop: int, bframes: int) -> list[str]:
    if codec == "mjpeg":
        return []
    if codec == "hevc":
        settings = f"keyint={gop}:min-keyint={gop}:scenecut=0:bframes={bframes}:log-level=error:pools=1:frame-threads=1"
        return ["-x265-params", settings]
    options = ["-g", str(gop), "-keyint_min", str(gop), "-bf", str(bframes)]
    return options + (["-sc_threshold", "0"] if codec == "h264" else [])


def _packets(container: av.container.InputContainer, video: av.VideoStream) -> Iterator[av.Packet[av.VideoStream]]:
    for packet in container.demux(video):
        if packet.size:
            yield packet
