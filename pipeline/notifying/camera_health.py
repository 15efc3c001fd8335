"""Observations of one camera -> trouble, and its end. Pure: the same observations give the same events."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from pipeline.config import NotifyEvent, NotifySettings
from pipeline.notifying.events import CameraEvent
from pipeline.types import GapReason, Observation


class CameraHealth:
    """A camera none of whose looks count for a while is in trouble; it is well when all of them do for a while."""

    def __init__(self, settings: NotifySettings, trouble: CameraEvent | None = None) -> None:
        """``trouble`` is what the camera was in when the program ended, so that it is not told again."""
        self._trouble_after_s = settings.trouble_after_s
        self._well_after_s = settings.well_after_s
        self._bad_since: datetime | None = None
        self._reasons: Counter[GapReason] = Counter()
        self._well_since: datetime | None = None
        self.trouble = trouble
        """The trouble that the camera is in, as it was told; None: it is well."""

    def update(self, observation: Observation) -> CameraEvent | None:
        """Fold in one observation, in rising time; what is to be told, most often nothing."""
        if observation.gap is GapReason.NO_LOOK:  # nobody looked: nobody knows how the camera was
            return None
        if observation.gap is None:
            return self._good(observation.captured_at)
        return self._bad(observation.captured_at, observation.gap)

    def _bad(self, at: datetime, reason: GapReason) -> CameraEvent | None:
        self._well_since = None
        self._bad_since = self._bad_since or at
        self._reasons[reason] += 1
        lasts_s = (at - self._bad_since).total_seconds()
        if self.trouble is not None or lasts_s < self._trouble_after_s:
            return None
        (most, count), looks = self._reasons.most_common(1)[0], self._reasons.total()
        detail = f"no picture that may count for {lasts_s:.0f} s ({count} of {looks} looks: {most.value})"
        self.trouble = CameraEvent(NotifyEvent.CAMERA_TROUBLE, at, self._bad_since, most.value, detail)
        return self.trouble

    def _good(self, at: datetime) -> CameraEvent | None:
        self._bad_since = None
        self._reasons.clear()
        self._well_since = self._well_since or at
        if self.trouble is None or (at - self._well_since).total_seconds() < self._well_after_s:
            return None
        over, self.trouble = self.trouble, None
        return CameraEvent(NotifyEvent.CAMERA_WELL, at, over.since, over.reason)
