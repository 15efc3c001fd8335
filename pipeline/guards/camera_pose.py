"""Is this the view that the zones were drawn on? A turned, knocked, zoomed or covered camera accuses the wrong shop.

The picture is cut into tiles. In each, edges are looked for where the known view has them: light, weather and goods change, walls
and kerbs don't. A tile speaks where its edges fit in one place much better than anywhere else nearby. From where the tiles say that
they are follows how the view was shifted, turned and zoomed. Little of it is a camera that shakes on its pole, and fine; a view in which
hardly any tile is found is another one, or something stands right before the camera.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.config import GuardSettings
from pipeline.types import Frame, GapReason, Image
from pipeline.zones.reference_picture import narrowed

Plane = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]
"""3x3: pixels seen from the middle of the picture to pixels."""

_WIDTH_PX = 320
_LEAST_PX = 100
"""In smaller pictures too little can be made out to know a view."""
_COLUMNS, _ROWS = 4, 3
_REACH_PX = 14
"""A tile is looked for so far from where it was: a little further than any camera shakes."""
_APART_PX = 3
_SPEAKS = 0.06
"""A tile speaks where its best fit (correlation, -1..1) is so much better than any other further than _APART_PX away."""
_FEWEST_TILES = 4
"""A view with fewer tiles that could speak can't be told from another one."""
_FEWEST_FOUND = 3
_FOUND_SHARE = 0.25
"""Of the tiles that could speak, so many must be found: more is hidden only by what stands right before the camera."""
_FITS_PX = 2.0
_FAINT = 4.0
_STRONGEST = 4.0
_AROUND_PX = 25
_FAMILIAR = 0.7
_FEWEST_LOOKS = 5
"""Without a reference picture, the first view is not sure before it was confirmed so often: it may have been a lorry."""
_AT_REST = 0.5
_AT_REST_SHARE = 0.75
"""Where so many tiles correlate so well with what was just there, nothing has moved by more than two pixels."""
_NOWHERE: Matrix = np.eye(3)
_VIEWS = 3
_LEARN_EVERY = timedelta(minutes=5)
"""A confirmed view that looks little like the known ones (another light) becomes a known one, at most so often."""


@dataclass(frozen=True, slots=True)
class _Tile:
    """A part of a known view, and its middle, seen from the middle of the picture in pixels."""

    left: int
    top: int
    pattern: Plane
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _View:
    """What the edges look like while the camera hangs as it should."""

    shape: tuple[int, int]
    tiles: tuple[_Tile, ...]
    off: Matrix
    """How this view was off the first one when it was learnt, lest the known views lead away step by step."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a look lies on a known view."""

    found: int
    """Tiles that agree with each other."""
    off: Matrix
    """How the look is off the first view."""
    corner_px: float
    """How far the corners of the picture are off."""


class CameraPoseGuard:
    """The pose guard of one camera (see Guard). Its state is a function of the looks that it was shown."""

    def __init__(self, settings: GuardSettings, reference: Image | None) -> None:
        """
        Args:
            settings: what counts as shaking.
            reference: the picture that the zones were drawn on, uint8 BGR; None: the first look is believed to show that view.
        """
        self._settings = settings
        # As small as it is compared: a thousand cameras would hold gigabytes of full size.
        self._reference = None if reference is None else narrowed(reference, _WIDTH_PX)
        self._first: _View | None = None
        self._confirmed = 0
        self._learned: deque[_View] = deque(maxlen=_VIEWS)
        self._learned_at: datetime | None = None

    def memory(self, *, whole: bool) -> object:
        """See Remembers: it is small."""
        return self._reference, self._first, self._confirmed, self._learned, self._learned_at

    def recall(self, memory: object) -> None:
        """See Remembers; settings stay as they are. The memory of another reference picture is of no use and left.

        ValueError for what is no memory of such a guard.
        """
        if not isinstance(memory, tuple) or len(memory) != 5:
            raise ValueError("expected the memory of a pose guard")
        reference, *known = memory
        same = reference is self._reference or (
            reference is not None and self._reference is not None and np.array_equal(reference, self._reference)
        )
        if same:
            self._first, self._confirmed, self._learned, self._learned_at = known

    def judge(self, frame: Frame) -> GapReason | None:
        """See Guard."""
        return GapReason.CAMERA_MOVED if self._settings.check_pose and self._recognises(frame) is False else None

    def recognises(self, frame: Frame) -> bool:
        """Whether this look shows the known view, for sure. Without a reference picture or in one with too few edges nothing is sure."""
        return self._reference is not None and self._recognises(frame) is True

    def _recognises(self, frame: Frame) -> bool | None:
        """Whether it is the known view; None where that can't be told."""
        now = _edges(frame.picture.bgr(width_px=min(_WIDTH_PX, frame.picture.width_px)))
        if min(now.shape) < _LEAST_PX:
            return None
        first = self._first_view(now)
        if len(first.tiles) < _FEWEST_TILES:
            return None
        if self._is_at_rest(now, first):
            self._confirmed += 1
            return True
        likeness, fit = self._best(now, first)
        if fit is None:
            if self._reference is None and self._confirmed < _FEWEST_LOOKS:
                self._first = None
                return None
            return False
        self._confirmed += 1
        if likeness < _FAMILIAR:
            self._learn(now, fit.off, frame.captured_at)
        return True

    def _is_at_rest(self, now: Plane, first: _View) -> bool:
        """Whether the newest known view is seen just where it was: nearly always, and a tenth of the work of looking for it."""
        view = self._learned[-1] if self._learned else first
        if _corner_px(view.off, view.shape) > self._settings.max_shake * now.shape[1] / 2:
            return False
        still = sum(_likeness(now, tile) >= _AT_REST for tile in view.tiles)
        return still >= max(_FEWEST_TILES, _AT_REST_SHARE * len(view.tiles))

    def _best(self, now: Plane, first: _View) -> tuple[float, _Fit | None]:
        """Share of tiles that are found of the known view that is most alike, and how the look lies on it; None for another view."""
        limit = self._settings.max_shake * now.shape[1]
        best: tuple[float, _Fit | None] = 0.0, None
        for view in (*reversed(self._learned), first):
            fit = _fit_of(now, view)
            enough = fit.found >= max(_FEWEST_FOUND, _FOUND_SHARE * len(view.tiles))
            if enough and fit.corner_px <= limit and fit.found / len(view.tiles) > best[0]:
                best = fit.found / len(view.tiles), fit
            if best[0] >= _FAMILIAR:
                break
        return best

    def _first_view(self, now: Plane) -> _View:
        """What the camera should show: the reference picture, else the first look. A picture of another shape is another beginning."""
        first = self._first
        if first is None or first.shape != now.shape or (self._reference is None and len(first.tiles) < _FEWEST_TILES):
            height, width = now.shape
            shown = now if self._reference is None else _edges(cv2.resize(self._reference, (width, height), interpolation=cv2.INTER_AREA))
            first = self._first = _view_of(shown, _NOWHERE)
            self._learned.clear()
            self._learned_at = None
            self._confirmed = 0
        return first

    def _learn(self, now: Plane, off: Matrix, at: datetime) -> None:
        if self._learned_at is not None and at - self._learned_at < _LEARN_EVERY:
            return
        view = _view_of(now, off)
        if len(view.tiles) >= _FEWEST_TILES:
            self._learned.append(view)
            self._learned_at = at


def _edges(image: npt.NDArray[Any]) -> Plane:
    """How steep the picture is, beside how steep it is around there: the same by day and by night."""
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32), (3, 3), 0)
    steep = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    usual = cv2.boxFilter(steep, -1, (_AROUND_PX, _AROUND_PX))
    return np.minimum(steep / (usual + np.float32(_FAINT)), np.float32(_STRONGEST))


def _view_of(edges: Plane, off: Matrix) -> _View:
    """Its tiles, but for those that look alike everywhere."""
    height, width = edges.shape
    across = np.linspace(_REACH_PX, width - _REACH_PX, _COLUMNS + 1).astype(int)
    down = np.linspace(_REACH_PX, height - _REACH_PX, _ROWS + 1).astype(int)
    tiles = []
    for top, bottom in pairwise(down):
        for left, right in pairwise(across):
            pattern = edges[top:bottom, left:right].copy()
            tile = _Tile(int(left), int(top), pattern, ((left + right - width) / 2, (top + bottom - height) / 2))
            if _found(edges, tile) is not None:
                tiles.append(tile)
    return _View((height, width), tuple(tiles), off)


def _fit_of(now: Plane, view: _View) -> _Fit:
    """Shift, turn and zoom that most of the tiles that are found agree on."""
    pairs = [(tile.middle, shift) for tile in view.tiles if (shift := _found(now, tile)) is not None]
    if len(pairs) < _FEWEST_FOUND:
        return _Fit(0, _NOWHERE, 0.0)
    there = np.array([middle for middle, _ in pairs], np.float64)
    here = there + np.array([shift for _, shift in pairs], np.float64)
    matrix, agree = cv2.estimateAffinePartial2D(there, here, method=cv2.RANSAC, ransacReprojThreshold=_FITS_PX, maxIters=200)
    if matrix is None:
        return _Fit(0, _NOWHERE, 0.0)
    off = np.vstack([matrix, [0.0, 0.0, 1.0]]) @ view.off
    return _Fit(int(agree.sum()), off, _corner_px(off, view.shape))


def _corner_px(off: Matrix, shape: tuple[int, int]) -> float:
    """How far the corner that is furthest off is."""
    height, width = shape
    corners = np.array([(x * width / 2, y * height / 2) for x in (-1, 1) for y in (-1, 1)])
    moved = corners @ off[:2, :2].T + off[:2, 2]
    return float(np.linalg.norm(moved - corners, axis=1).max())


def _likeness(now: Plane, tile: _Tile) -> float:
    """Correlation (-1..1) of a tile with what is just there now; 0 where that is flat."""
    height, width = tile.pattern.shape
    there = now[tile.top : tile.top + height, tile.left : tile.left + width]
    fits = float(cv2.matchTemplate(there, tile.pattern, cv2.TM_CCOEFF_NORMED)[0, 0])
    return fits if np.isfinite(fits) else 0.0


def _found(now: Plane, tile: _Tile) -> tuple[float, float] | None:
    """Shift (x, y) in pixels of a tile; None where its edges fit nowhere better than elsewhere."""
    height, width = tile.pattern.shape
    around = now[tile.top - _REACH_PX : tile.top + height + _REACH_PX, tile.left - _REACH_PX : tile.left + width + _REACH_PX]
    fits = cv2.matchTemplate(around, tile.pattern, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fits)
    if not np.isfinite(best):
        return None
    elsewhere = fits.copy()
    cv2.circle(elsewhere, (x, y), _APART_PX, -1.0, -1)
    if best - float(elsewhere.max()) < _SPEAKS:
        return None
    return x + _summit(fits[y, x - 1 : x + 2]) - _REACH_PX, y + _summit(fits[y - 1 : y + 2, x]) - _REACH_PX


def _summit(fits: npt.NDArray[Any]) -> float:
    """Where between three neighbouring fits the best one lies, seen from the middle one, -0.5..0.5 px: a parabola's summit."""
    if len(fits) < 3:
        return 0.0
    before, best, after = (float(fit) for fit in fits)
    bend = before - 2 * best + after
    return 0.0 if bend >= 0 else min(0.5, max(-0.5, (before - after) / (2 * bend)))
