"""What one camera has to tell: its violations, and whether it sees anything at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pipeline.config import NotifyEvent, NotifySettings
from pipeline.notifying import CameraEvent, CameraHealth, Scene, Teller
from pipeline.types import Observation, ViolationEvent
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_NAME = "trouble.json"


class CameraTelling:
    """For one thread at a time, that which judges the camera. Nothing here waits for a database or a receiver."""

    def __init__(
        self, teller: Teller, scene: Scene, settings: NotifySettings, folder: Path, on_event: Callable[[ViolationEvent], None]
    ) -> None:
        """``folder`` keeps the trouble that the camera is in, lest a restart tell it twice. ``on_event``: who watches the program."""
        self._teller = teller
        self._scene = scene
        self._path = folder / _NAME
        self._health = CameraHealth(settings, self._read())
        self._on_event = on_event

    def event(self, event: ViolationEvent) -> None:
        """Something happened."""
        self._teller.violation(self._scene, event)
        self._on_event(event)

    def event_again(self, event: ViolationEvent) -> None:
        """It happened before the program was started: told only where that was not done then."""
        self._teller.violation(self._scene, event)

    def observation(self, observation: Observation) -> None:
        """A look was made, or missed."""
        change = self._health.update(observation)
        if change is not None:
            self._teller.camera(self._scene, change)
            self._write()

    def _read(self) -> CameraEvent | None:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            since, at = datetime.fromisoformat(data["since"]), datetime.fromisoformat(data["at"])
            return CameraEvent(NotifyEvent.CAMERA_TROUBLE, at, since, data["reason"], data["detail"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as err:
            _LOG.warning("%s can't be read, the camera counts as well: %s", self._path, err)
            return None

    def _write(self) -> None:
        trouble = self._health.trouble
        try:
            if trouble is None:
                self._path.unlink(missing_ok=True)
                return
            data = {"at": trouble.at.isoformat(), "since": trouble.since.isoformat(), "reason": trouble.reason, "detail": trouble.detail}
            write_aside(self._path, json.dumps(data).encode())
        except OSError as err:
            _LOG.warning("cannot write down that a camera is in trouble: %s", err)
