"""May this picture count? Grey, torn, dark, blurred and frozen pictures are gaps with a reason.

Everything is measured on a small copy of the picture, and compared with the camera's own recent good pictures
where that tells a poor picture from a scene that simply looks like that. Where it stays in doubt the look
counts. Not seen here: what a decoder has concealed by older pictures, and the patches that follow movement after
a lost packet until the next key frame, which look like things. Only the reader can know of those.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.config import GuardSettings
from pipeline.guards.burnt_in_clock import BurntInClock
from pipeline.types import Frame, GapReason, Image

Grey = npt.NDArray[np.uint8]

_WIDTH_PX = 320
_LEAST_PX = 16
"""Nothing can be made out in a smaller picture."""
_MEMORY_LOOKS = 15
_FEWEST_LOOKS = 3
"""Good looks that must be known before a picture is compared with them."""

_DECODER_GREY = 130
"""BGR value of Y = U = V = 128, what decoders paint where data is missing; 128 in full range."""
_GREY_TOLERANCE = 12
_GREY_TINT = 6
_FLAT_RANGE = 2
_SUDDEN_GREY = 1 / 3
"""Of max_grey_share: so much more than usual is lost data, even where the whole stays below the limit."""

_NO_CONTRAST = 24
"""Grey levels between the darkest and brightest hundredth below which a dark picture shows nothing."""

_SOFT_SHARE = 0.4
_SOFT_AT_MOST = 25.0
_SOFT_FOR = timedelta(minutes=10)
"""A picture this much softer than usual is blurred, for this long; after that it is how this camera looks now."""
_DUSK = 0.75
"""Share of the usual brightness below which light has gone."""

_REPEATED_ROW = 0.7
_ROW_DETAIL = 1.5
_SEAM_LEVELS = 6.0
_SEAM_TIMES = 2.0
_CHANGED_LEVELS = 15
_TORN_CHANGED = 0.25
_TORN_TIMES = 4.0
_EDGE_STRIP = 0.05
_SEAM_PARTS = 5
_SEAM_COLUMNS = 0.15
"""In every fifth of the width at least this share of columns must jump at a seam."""
_TORN_AT_EDGES = 0.1

_BLOCK_PX = 20
_SAME_LEVELS = 1
_SAME_SHARE = 0.01
_CLOCK_BAND = 0.15
_CLOCK_BLOCKS = 0.12
_WHOLLY = "wholly"
_VARIANTS = 4
_CLOCK_PATIENCE = 3.0
"""A picture in which only a clock ticks needs this many times longer: cameras that send few key frames repeat still scenes too."""


@dataclass(frozen=True, slots=True)
class _Measures:
    """Of one picture: what is remembered of good ones."""

    grey_share: float
    flat_rows: float
    sharpness: float
    brightness: float
    contrast: float


class FrameQualityGuard:
    """The picture guard of one camera (see Guard). Its state is a function of the looks that it was shown."""

    def __init__(self, settings: GuardSettings) -> None:
        """A guard that has seen nothing yet."""
        self._settings = settings
        self._good: deque[_Measures] = deque(maxlen=_MEMORY_LOOKS)
        self._last_good: Grey | None = None
        self._soft_since: datetime | None = None
        self._variants: deque[Grey] = deque(maxlen=_VARIANTS)
        self._new_at: datetime | None = None
        self._looks_since_new = 0
        self._clock = BurntInClock()

    def memory(self, *, whole: bool) -> object:
        """See Remembers: it is small."""
        return {name: value for name, value in vars(self).items() if name != "_settings"}

    def recall(self, memory: object) -> None:
        """See Remembers; settings stay as they are. ValueError for what is no memory of such a guard."""
        if not isinstance(memory, dict) or memory.keys() != vars(self).keys() - {"_settings"}:
            raise ValueError("expected the memory of a picture guard")
        vars(self).update(memory)

    def judge(self, frame: Frame) -> GapReason | None:
        """See Guard."""
        if not self._settings.enabled:
            return None
        image = frame.picture.bgr(width_px=min(_WIDTH_PX, frame.picture.width_px))
        grey: Grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
        mean, deviation = cv2.meanStdDev(grey)
        if min(grey.shape) < _LEAST_PX:
            return GapReason.BLURRED
        measures = _Measures(_grey_share(image, grey), _flat_rows(grey), sharpness(grey), float(mean.item()), float(deviation.item()))
        frozen = self._is_frozen(grey, frame.captured_at)
        reason = self._spoilt(grey, measures, frame.captured_at) or (GapReason.FROZEN if frozen else None)
        if reason is None:
            self._good.append(measures)
            self._last_good = grey
        return reason

    def _spoilt(self, grey: Grey, measures: _Measures, at: datetime) -> GapReason | None:
        settings = self._settings
        if _is_dark(grey, settings.min_brightness):
            return GapReason.DARK
        usual_grey = self._usual(good.grey_share for good in self._good)
        if measures.grey_share > settings.max_grey_share:
            return GapReason.GREY
        if usual_grey is not None and measures.grey_share - usual_grey > settings.max_grey_share * _SUDDEN_GREY:
            return GapReason.GREY
        usual_flat = self._usual(good.flat_rows for good in self._good)
        if usual_flat is not None and measures.flat_rows - usual_flat > settings.max_torn_share:
            return GapReason.TORN
        if _repeated_rows(grey) > settings.max_torn_share:
            return GapReason.TORN
        if self._last_good is not None and _torn_below(grey, self._last_good, settings.max_torn_share):
            return GapReason.TORN
        return GapReason.BLURRED if self._is_blurred(measures, at) else None

    def _is_blurred(self, found: _Measures, at: datetime) -> bool:
        if found.sharpness < self._settings.min_sharpness:
            return True
        usual = self._usual(good.sharpness for good in self._good)
        if usual is None or found.sharpness > _SOFT_AT_MOST or found.sharpness > _SOFT_SHARE * usual * self._light_left(found):
            self._soft_since = None
            return False
        self._soft_since = self._soft_since or at
        return at - self._soft_since < _SOFT_FOR

    def _light_left(self, found: _Measures) -> float:
        """Share of its usual contrast that a picture keeps when the light goes: dusk makes edges faint, not soft."""
        brightness = self._usual(good.brightness for good in self._good)
        contrast = self._usual(good.contrast for good in self._good)
        if brightness is None or not contrast or found.brightness > _DUSK * brightness:
            return 1.0
        return min(1.0, found.contrast / contrast)

    def _is_frozen(self, grey: Grey, at: datetime) -> bool:
        """Whether nothing new but a clock has been seen for long enough, or a clock that always ticked has stopped for so long.

        A frozen picture that is encoded again comes in a few variants (key frame, what follows it), which return.
        """
        stopped = self._clock.stopped_s(grey, at) >= self._settings.frozen_after_s > 0
        stills = [_stands_still(_changed_blocks(known, grey)) for known in self._variants if known.shape == grey.shape]
        if not any(stills):
            self._variants.append(grey)
            self._new_at, self._looks_since_new = at, 1
            return stopped
        self._looks_since_new += 1
        patience = self._settings.frozen_after_s * (1.0 if _WHOLLY in stills else _CLOCK_PATIENCE)
        frozen = self._looks_since_new >= 3 and self._new_at is not None and (at - self._new_at).total_seconds() >= patience
        return frozen or stopped

    def _usual(self, values: Iterable[float]) -> float | None:
        return float(np.median(list(values))) if len(self._good) >= _FEWEST_LOOKS else None


def sharpness(grey: Grey) -> float:
    """How steep the steepest edges are: grey levels per pixel of a picture 320 wide, after its noise was smoothed away.

    The 99.5th percentile of the gradient, so that a few lamps in the night are enough. A picture in focus has
    20-60, one out of focus by a hundredth of its width about 8, fog or a covered lens 1-3.
    """
    smooth = cv2.GaussianBlur(grey, (5, 5), 0)
    across = cv2.Sobel(smooth, cv2.CV_16S, 1, 0, ksize=3)
    down = cv2.Sobel(smooth, cv2.CV_16S, 0, 1, ksize=3)
    steep = np.maximum(np.abs(across), np.abs(down))
    counts = np.bincount(steep.ravel())
    return float(np.searchsorted(np.cumsum(counts), 0.995 * steep.size)) / 8.0


def _is_dark(grey: Grey, min_brightness: float) -> bool:
    """Whether next to nothing is lit but what the camera writes at its edges."""
    band = round(_CLOCK_BAND * len(grey))
    street = grey[band : len(grey) - band]
    if float(street.mean()) >= min_brightness:
        return False
    low, high = np.percentile(cv2.blur(street, (3, 3)), (1, 99))
    return bool(high - low < _NO_CONTRAST)


def _grey_share(image: Image, grey: Grey) -> float:
    """Share of the picture that is mid-grey, without tint and perfectly flat."""
    low, high = _DECODER_GREY - _GREY_TOLERANCE, _DECODER_GREY + _GREY_TOLERANCE
    candidates = cv2.inRange(image, (low, low, low), (high, high, high))
    if cv2.countNonZero(candidates) < 0.02 * grey.size:
        return 0.0
    blue, green, red = cv2.split(image)
    tint = cv2.max(cv2.max(cv2.absdiff(blue, green), cv2.absdiff(green, red)), cv2.absdiff(blue, red))
    kernel = np.ones((3, 3), np.uint8)
    uneven = cv2.subtract(cv2.dilate(grey, kernel), cv2.erode(grey, kernel))
    flat = cv2.bitwise_and(cv2.inRange(uneven, (0,), (_FLAT_RANGE,)), cv2.inRange(tint, (0,), (_GREY_TINT,)))
    return cv2.countNonZero(cv2.bitwise_and(candidates, flat)) / grey.size


def _flat_rows(grey: Grey) -> float:
    """Share of rows that are one flat colour from edge to edge."""
    return float((grey.max(axis=1) - grey.min(axis=1) <= _FLAT_RANGE).mean())


def _repeated_rows(grey: Grey) -> float:
    """Share of rows that repeat the row above although they show something."""
    repeats = _seams(grey) < _REPEATED_ROW
    detail = _row_means(cv2.absdiff(grey[1:, 1:], grey[1:, :-1])) > _ROW_DETAIL
    return float((repeats & detail).mean())


def _seams(grey: Grey) -> npt.NDArray[np.float32]:
    """How much each row differs from the one above it, in grey levels; one value less than rows."""
    return _row_means(cv2.absdiff(grey[1:], grey[:-1]))


def _row_means(values: npt.NDArray[np.integer[Any] | np.floating[Any]]) -> npt.NDArray[np.float32]:
    return cv2.reduce(values, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel().astype(np.float32, copy=False)


def _torn_below(grey: Grey, before: Grey, least_share: float) -> bool:
    """Whether a new straight seam runs across the picture, with the old picture above it and another one below."""
    if grey.shape != before.shape or len(grey) < 32:
        return False
    seam_now, seam_then = _seams(grey), _seams(before)
    fresh = (seam_now >= _SEAM_LEVELS) & (seam_now >= _SEAM_TIMES * seam_then)
    if not fresh.any():
        return False
    lighter = int(np.median(grey[::4, ::4].astype(np.int16) - before[::4, ::4]))
    level = np.clip(grey.astype(np.int16) - lighter, 0, 255).astype(np.uint8)
    mask = cv2.threshold(cv2.absdiff(level, before), _CHANGED_LEVELS, 1, cv2.THRESH_BINARY)[1].astype(np.float32)
    changed = _row_means(mask)
    highest, lowest = round(0.05 * len(grey)), round((1 - least_share) * len(grey))
    for row in np.flatnonzero(fresh):
        if highest <= row < lowest:
            above, below = float(np.median(changed[: row + 1])), float(np.median(changed[row + 1 :]))
            if below >= _TORN_CHANGED and below >= _TORN_TIMES * above:
                # What was lost reaches from edge to edge; beside a lorry there is some ground left.
                strip = max(1, round(_EDGE_STRIP * grey.shape[1]))
                left, right = float(mask[row + 1 :, :strip].mean()), float(mask[row + 1 :, -strip:].mean())
                if min(left, right) >= _TORN_AT_EDGES and _runs_across(grey, before, int(row)):
                    return True
    return False


def _runs_across(grey: Grey, before: Grey, row: int) -> bool:
    """Whether the new seam below a row is one line from edge to edge: the roof of a van is not."""
    now = cv2.absdiff(grey[row + 1], grey[row]).ravel()
    then = cv2.absdiff(before[row + 1], before[row]).ravel()
    jumps = (now >= _SEAM_LEVELS) & (now >= _SEAM_TIMES * then)
    return all(float(part.mean()) >= _SEAM_COLUMNS for part in np.array_split(jumps, _SEAM_PARTS))


def _changed_blocks(before: Grey, now: Grey) -> npt.NDArray[np.bool_]:
    """Blocks of 20 pixels in which more than a hundredth of the pixels differ by more than one level."""
    differs = (cv2.absdiff(before, now) > _SAME_LEVELS).astype(np.float32)
    size = max(1, now.shape[1] // _BLOCK_PX), max(1, now.shape[0] // _BLOCK_PX)
    share = cv2.resize(differs, size, interpolation=cv2.INTER_AREA)
    return np.asarray(share > _SAME_SHARE)


def _stands_still(changed: npt.NDArray[np.bool_]) -> str:
    """ "wholly", "but for a clock" (few blocks, all at the top or bottom edge) or "" for a living picture."""
    if not changed.any():
        return _WHOLLY
    band = max(1, round(_CLOCK_BAND * len(changed)))
    if changed[band:-band].any() or float(changed.mean()) > _CLOCK_BLOCKS:
        return ""
    return "but for a clock"
