"""The right to watch cameras, kept in the records that all programs share: two on one camera would judge everything twice."""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from pipeline.errors import ConfigError, RecordError
from pipeline.records import CameraWatcher, Records
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_LEASE = timedelta(seconds=60)
_RENEW_EVERY_S = 15.0


class CameraLeases:
    """The leases of one program. Belongs to the thread that judges; the database is asked by another."""

    def __init__(self, records: Records, folder: Path, monotonic: Callable[[], float]) -> None:
        """``folder`` keeps who this is over a restart, so that nobody waits for a lease of his own to run out. OSError."""
        self._records = records
        self._monotonic = monotonic
        self._watcher = _identity(folder / "watcher")
        self._told = f"process {os.getpid()} on {socket.gethostname()}"
        self._held: set[str] = set()
        self._renewed_s = monotonic()
        self._asker = ThreadPoolExecutor(1, "leases")
        self._renewing: Future[tuple[CameraWatcher, ...]] | None = None

    def claim(self, camera_ids: Collection[str]) -> None:
        """Take more cameras. ConfigError where another program has one of them, RecordError where the records can't be asked."""
        others = self._records.claim_cameras(camera_ids, self._watcher, self._told, _LEASE)
        if others:
            self._records.release_cameras(set(camera_ids) - self._held, self._watcher)
            raise ConfigError(
                "another program watches this camera",
                where=f"camera {others[0].camera_id}",
                found=f"{others[0].told}, whose right to it ends {others[0].leased_until.isoformat(timespec='seconds')}",
                hint="Stop it, or watch other cameras. One that is gone for good is passed over a minute later",
            )
        self._held |= set(camera_ids)

    def lost(self) -> Sequence[CameraWatcher]:
        """Renew where it is time to; cameras that another program has taken meanwhile. Waits for nothing."""
        lost: Sequence[CameraWatcher] = ()
        if self._renewing is not None and self._renewing.done():
            try:
                lost = self._renewing.result()
            except RecordError as err:
                _LOG.warning("the right to watch cameras could not be renewed, trying again: %s", err)
            self._renewing = None
            self._held -= {each.camera_id for each in lost}
        if self._renewing is None and self._held and self._monotonic() - self._renewed_s >= _RENEW_EVERY_S:
            self._renewed_s = self._monotonic()
            self._renewing = self._asker.submit(self._records.claim_cameras, tuple(self._held), self._watcher, self._told, _LEASE)
        return lost

    def release(self, camera_ids: Collection[str]) -> None:
        """Give these back. RecordError: they run out by themselves."""
        self._held -= set(camera_ids)
        self._records.release_cameras(camera_ids, self._watcher)

    def close(self) -> None:
        """Give all back. Raises RecordError as ``release`` does."""
        self._asker.shutdown(wait=False, cancel_futures=True)
        self.release(set(self._held))


def _identity(path: Path) -> str:
    """The same at each start, as long as the folder is the same."""
    try:
        return uuid.UUID(path.read_text(encoding="ascii").strip()).hex
    except (OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True)
        made = uuid.uuid4().hex
        write_aside(path, made.encode())
        return made
