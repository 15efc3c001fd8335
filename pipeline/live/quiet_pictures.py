"""Pictures of quiet minutes of one camera, in full: what a person may choose a new clean reference picture from."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2

from pipeline.types import Frame, Look, Observation
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_STAMP = "%Y%m%dT%H%M%SZ"
_WINDOW_S = 4 * 3600
_MOST = 6
"""The emptiest picture of each four hours, of the last day: by day and by night."""
_SETTLED = timedelta(seconds=120)
"""What was put down is known for sure only later: a picture is quiet if nothing was found to stand there for so long after it."""
_QUALITY = 90


@dataclass(frozen=True, slots=True)
class _Held:
    at: datetime
    busy: float
    jpeg: bytes


class QuietPictures:
    """For one thread at a time, that which judges the camera."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made where it is needed; pictures in it are named by when they were taken, UTC."""
        self._folder = folder
        self._held: _Held | None = None
        self._window = -1
        self._least_busy = 0.0
        self._failed = False

    def look(self, look: Look, seen: Observation, *, idle: bool) -> None:
        """Keep the picture of a look if it is emptier than those before. Raises nothing: nobody judges by it.

        Args:
            look: what was looked at.
            seen: what was seen in it.
            idle: nothing stands on watched ground, as far as the rules know by now.
        """
        if seen.gap is not None or not idle:
            self._held = None
            return
        if self._held is not None and seen.captured_at - self._held.at >= _SETTLED:
            self._keep(self._held)
            self._held = None
        busy = sum(thing.box.area for thing in seen.detections)
        if self._held is None and isinstance(look, Frame) and busy < self._least(seen.captured_at):
            done, data = cv2.imencode(".jpg", look.picture.bgr(), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
            self._held = _Held(seen.captured_at, busy, data.tobytes()) if done else None

    def _least(self, at: datetime) -> float:
        """How much people and vehicles covered, 0..1 or more, in the best picture of these hours; above all others where there is none."""
        window = _window_of(at)
        if window != self._window:
            # A picture that an earlier run kept is as good as any.
            self._window, self._least_busy = window, 0.0 if any(_window_of(each) == window for each in self._kept()) else float("inf")
        return self._least_busy

    def _kept(self) -> list[datetime]:
        found = []
        for path in self._folder.glob("*.jpg"):
            with suppress(ValueError):
                found.append(datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC))
        return sorted(found)

    def _keep(self, held: _Held) -> None:
        window = _window_of(held.at)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_aside(self._path(held.at), held.jpeg)
            others = [at for at in self._kept() if self._path(at) != self._path(held.at)]
            worse = {at for at in others if _window_of(at) == window} | {*others[: -(_MOST - 1)]}
            for at in worse:
                self._path(at).unlink(missing_ok=True)
            self._failed = False
        except OSError as err:
            if not self._failed:  # said once
                _LOG.warning("a picture of a quiet minute can't be kept, trying again: %s", err)
            self._failed = True
            return
        if window == self._window:
            self._least_busy = min(self._least_busy, held.busy)

    def _path(self, at: datetime) -> Path:
        return self._folder / f"{at.astimezone(UTC):{_STAMP}}.jpg"


def _window_of(at: datetime) -> int:
    return int(at.timestamp() // _WINDOW_S)
