"""Damage as cameras, networks and decoders do it, for tests of the picture guard."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

import av
import cv2
import numpy as np

from pipeline.types import Image


def through_lossy_network(
    pictures: Sequence[Image], seed: int, share: float, *, fps: int = 25, gop: int = 25
) -> list[tuple[Image, Image | None]]:
    """Encode as H.264, spoil or drop that share of packets, decode: (clean, what the decoder gave or None) per picture.

    Spoilt packets keep their header; bytes in the rest are overwritten, or the tail is cut off, or the whole
    packet is lost: what a bad line does. Errors are concealed by the decoder, as it does by default.
    """
    packets = _encode(pictures, fps, gop)
    clean = _decode(packets, len(pictures))
    return list(zip((image for image in clean if image is not None), _decode(_spoil(packets, seed, share), len(pictures)), strict=True))


def damaged_share(clean: Image, found: Image) -> float:
    """Share of the picture that visibly differs from what it should show."""
    size = clean.shape[1] // 4, clean.shape[0] // 4
    difference = cv2.absdiff(cv2.resize(clean, size, interpolation=cv2.INTER_AREA), cv2.resize(found, size, interpolation=cv2.INTER_AREA))
    return float((difference.max(axis=2) > 25).mean())


def _encode(pictures: Sequence[Image], fps: int, gop: int) -> list[bytes]:
    height, width = pictures[0].shape[:2]
    stream = av.CodecContext.create("libx264", "w")
    stream.width, stream.height = width - width % 2, height - height % 2
    stream.pix_fmt = "yuv420p"
    stream.time_base = Fraction(1, fps)
    stream.options = {"preset": "veryfast", "tune": "zerolatency", "g": str(gop), "bf": "0", "qp": "26", "threads": "1"}
    packets = []
    for index, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[: stream.height, : stream.width]), format="bgr24")
        frame.pts = index
        packets += [bytes(packet) for packet in stream.encode(frame)]
    return packets + [bytes(packet) for packet in stream.encode(None)]


def _spoil(packets: Sequence[bytes], seed: int, share: float) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311 - damage, not cryptography
    for index, packet in enumerate(packets):
        if index == 0 or chance.random() >= share:
            yield packet
            continue
        kind = chance.choice(("bytes", "tail", "lost"))
        if kind == "lost":
            yield b""
        elif kind == "tail":
            yield packet[: max(64, len(packet) // 2)]
        else:
            spoilt = bytearray(packet)
            start = min(len(spoilt) - 1, 64)
            for _ in range(max(1, len(spoilt) // 400)):
                spoilt[chance.randrange(start, len(spoilt))] = chance.randrange(256)
            yield bytes(spoilt)


def _decode(packets: Iterator[bytes] | Sequence[bytes], count: int) -> list[Image | None]:
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    decoder.options = {"flags": "+low_delay"}
    given: list[Image | None] = []
    for data in packets:
        packet = av.Packet(data) if data else None
        frames = []
        if packet is not None:
            try:
                frames = decoder.decode(packet)
            except av.error.InvalidDataError:
                frames = []
        given.append(frames[-1].to_ndarray(format="bgr24").astype(np.uint8) if frames else None)
    return (given + [None] * count)[:count]


def grey_below(picture: Image, from_row: float) -> Image:
    """The rest of the picture was lost and painted grey."""
    spoilt = picture.copy()
    spoilt[round(from_row * len(picture)) :] = 130
    return spoilt


def smeared_below(picture: Image, from_row: float) -> Image:
    """The last row that arrived is repeated to the bottom."""
    spoilt = picture.copy()
    row = round(from_row * len(picture))
    spoilt[row:] = spoilt[row - 1]
    return spoilt


def shifted_below(picture: Image, from_row: float, by: float) -> Image:
    """From a row on, the picture is shifted sideways and runs in again at the other edge."""
    spoilt = picture.copy()
    row = round(from_row * len(picture))
    spoilt[row:] = np.roll(spoilt[row:], round(by * picture.shape[1]), axis=1)
    return spoilt


def defocused(picture: Image, share_of_width: float) -> Image:
    """Out of focus: a blur whose sigma is this share of the width."""
    return cv2.GaussianBlur(picture, (0, 0), share_of_width * picture.shape[1]).astype(np.uint8)


def fogged(picture: Image, share: float) -> Image:
    """Covered by fog: this share of the light comes from the fog."""
    return cv2.addWeighted(picture, 1 - share, np.full_like(picture, 190), share, 0).astype(np.uint8)


def covered(picture: Image, seed: int) -> Image:
    """A hand or a bag over the lens: dim, even, with the sensor's noise."""
    noise = np.random.default_rng(seed).normal(38, 3, picture.shape)
    return np.clip(noise, 0, 255).astype(np.uint8)


def black(picture: Image, seed: int) -> Image:
    """No light at all, with the sensor's noise."""
    return np.clip(np.random.default_rng(seed).normal(3, 2, picture.shape), 0, 255).astype(np.uint8)


def night(picture: Image, seed: int) -> Image:
    """The same place at night: a tenth of the light, sensor noise, a few lamps. Still a picture that counts."""
    dim = picture.astype(np.float32) * 0.12 + np.random.default_rng(seed).normal(0, 3, picture.shape)
    height, width = picture.shape[:2]
    for x in (0.2, 0.6, 0.85):
        cv2.circle(dim, (round(x * width), round(0.2 * height)), max(2, width // 60), (200.0, 230.0, 240.0), -1)
    return np.clip(dim, 0, 255).astype(np.uint8)
