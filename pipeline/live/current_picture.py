"""The newest picture of one camera, small, for people who want to see what it sees now: one file that is replaced."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import cv2

from pipeline.types import Frame, Look
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_WIDTH_PX = 480
_QUALITY = 75


class CurrentPicture:
    """For one thread at a time, that which judges the camera. Also shows looks that do not count: then one sees why."""

    def __init__(self, path: Path, every_s: float) -> None:
        """``path`` is written at most once in ``every_s`` of observed time; 0: never, and what lies there is removed."""
        self._path = path
        self._every = timedelta(seconds=every_s)
        self._shown_at: datetime | None = None
        self._failed = False
        if not self._every:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def show(self, looks: Sequence[Look]) -> None:
        """Keep the newest picture among these, if it is time to. Raises nothing: nobody judges by it."""
        newest = next((look for look in reversed(looks) if isinstance(look, Frame)), None)
        if newest is None or not self._every or (self._shown_at is not None and newest.captured_at - self._shown_at < self._every):
            return
        self._shown_at = newest.captured_at
        small = newest.picture.bgr(width_px=min(_WIDTH_PX, newest.picture.width_px))
        done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        try:
            if done:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_aside(self._path, data.tobytes())
            self._failed = False
        except OSError as err:
            if not self._failed:  # said once, not every half minute
                _LOG.warning("the newest picture can't be kept, trying again: %s", err)
            self._failed = True
