"""Not looking twice at the same picture: reuse what was seen while the watched ground shows what it showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.stages import Detector
from pipeline.types import Detection, Frame
from pipeline.zones import WATCHED, CameraZones

_WIDTH_PX = 320
_BLOCK_PX = 4
"""Blocks of this many pixels are compared by their mean: a sixteenth of the noise, and still only 1/80 of the width."""
_ROOM = 0.03
"""The watched ground is grown by this fraction of the picture's width: what is about to step in counts."""
_LEAST_CHANGE = 4.0
_MOST_TOLERANCE = 10.0
"""Grey levels. A block changed when it differs by more than five times the usual difference, within these limits."""
_SPREAD_TIMES = 5.0
_STRONG_TIMES = 2.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """The last look that was inferred: when, its blocks, and what was detected (None: asked for in this batch)."""

    at: datetime
    blocks: npt.NDArray[np.float32]
    detections: tuple[Detection, ...]


class UnchangedZonesDetector:
    """Wraps an eye that judges every look alone, and spares it the looks at which nothing has changed since the last it judged.

    The comparison is with the last look that was judged, not with the look before, so that slow changes add up
    and are noticed. Even light (one level up or down for the whole picture) is no change.
    """

    def __init__(self, inner: Detector, zones: CameraZones, full_look_every_s: float) -> None:
        """``full_look_every_s``: the inner eye judges at least this often, changed or not."""
        self._inner = inner
        self._zones = zones
        self._full_look_every = timedelta(seconds=full_look_every_s)
        self._seen: _Seen | None = None
        self._masks: dict[tuple[int, int], npt.NDArray[np.bool_]] = {}
        self.looks = 0
        self.spared = 0

    @property
    def version(self) -> str:
        """See Detector."""
        return f"{self._inner.version}+unchanged1:{self._full_look_every.total_seconds():g}"

    def memory(self, *, whole: bool) -> object:
        """See Remembers. A restart has no use for it: after so long, everything has changed."""
        return self._seen if whole else None

    def recall(self, memory: object) -> None:
        """See Remembers. ValueError for what is no memory of such an eye."""
        if not (memory is None or isinstance(memory, _Seen)):
            raise ValueError(f"expected the memory of an eye for changes, found {type(memory).__name__}")
        self._seen = memory

    def detect(self, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]]) -> list[tuple[Detection, ...]]:
        """See Detector. If the inner eye fails, nothing of this batch is remembered."""
        last = (self._seen.at, self._seen.blocks) if self._seen else None
        judged: list[int] = []
        for index, frame in enumerate(frames):
            blocks = _blocks(frame)
            if last is None or frame.captured_at - last[0] >= self._full_look_every or self._changed(last[1], blocks):
                judged.append(index)
                last = (frame.captured_at, blocks)
        found = self._inner.detect([frames[index] for index in judged], [()] * len(judged)) if judged else []
        fresh = dict(zip(judged, found, strict=True))
        current = self._seen.detections if self._seen else ()
        results = []
        for index, known in enumerate(earlier):
            current = fresh.get(index, current)
            results.append(known + current)
        if last is not None:
            self._seen = _Seen(*last, current)
        self.looks += len(frames)
        self.spared += len(frames) - len(judged)
        return results

    def _changed(self, before: npt.NDArray[np.float32], now: npt.NDArray[np.float32]) -> bool:
        """Whether any watched block differs by more than noise and even light explain."""
        if before.shape != now.shape:
            return True
        mask = self._mask(now.shape)
        difference = now - before
        watched = difference[mask]
        middle = np.median(watched, axis=0)
        difference = np.abs(difference - middle).max(axis=2)
        usual = 1.4826 * float(np.median(difference[mask]))
        limit = float(np.clip(_SPREAD_TIMES * usual, _LEAST_CHANGE, _MOST_TOLERANCE))
        over = (difference > limit) & mask
        if ((difference > _STRONG_TIMES * limit) & mask).any():
            return True
        # A single weak block is noise; two that touch are a thing.
        return bool((over[:, 1:] & over[:, :-1]).any() or (over[1:] & over[:-1]).any())

    def _mask(self, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
        """Blocks that any watched zone, grown a little, touches; everything where nothing is watched."""
        size = shape[0], shape[1]
        if size not in self._masks:
            mask = np.zeros(size, np.uint8)
            for zone in self._zones.of_kind(*WATCHED):
                points = np.array(zone.polygon.exterior.coords) * [size[1], size[0]]
                cv2.fillPoly(mask, [np.floor(points).astype(np.int32)], (1,))
            grow = 2 * max(1, round(_ROOM * size[1])) + 1
            mask = cv2.dilate(mask, np.ones((grow, grow), np.uint8)).astype(np.uint8)
            self._masks[size] = mask > 0 if mask.any() else np.ones(size, np.bool_)
        return self._masks[size]


def _blocks(frame: Frame) -> npt.NDArray[np.float32]:
    """Mean colour of every block: HxWx3, grey levels."""
    small = frame.picture.bgr(width_px=min(_WIDTH_PX, frame.picture.width_px))
    size = max(1, small.shape[1] // _BLOCK_PX), max(1, small.shape[0] // _BLOCK_PX)
    return cv2.resize(small, size, interpolation=cv2.INTER_AREA).astype(np.float32)
