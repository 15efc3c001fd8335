"""How a browser would see a clip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from pipeline.types import Image


@dataclass(frozen=True)
class Played:
    """All pictures of a clip, in the order shown, with their times in the clip."""

    codec: str
    pixel_format: str
    first_is_key: bool
    damaged: int
    times_s: list[float]
    images: list[Image]


def play(path: Path) -> Played:
    """Decode a clip from end to end."""
    times: list[float] = []
    images: list[Image] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        keys, damaged = [], 0
        for frame in container.decode(stream):
            assert frame.time is not None
            times.append(frame.time)
            keys.append(frame.key_frame)
            damaged += frame.is_corrupt
            turned = np.rot90(np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8), k=round(frame.rotation / 90) % 4)
            images.append(np.ascontiguousarray(turned))
        return Played(stream.codec_context.name, stream.codec_context.pix_fmt or "", keys[0], damaged, times, images)
