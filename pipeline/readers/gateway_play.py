"""A camera behind a GB/T 28181 gateway, for as long as it is watched."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from pipeline.addresses import ChannelAddress
from pipeline.errors import SourceError
from pipeline.readers.gateway_api import AsleepError, GatewayApi, PlayedStream
from pipeline.readers.gateway_http import StoppedError

_LOG = logging.getLogger(__name__)
_ASK_AGAIN_AFTER_S = 1.0
_LEAVING_S = (0.0, 0.3, 0.7)
"""Pauses before each question how many watch, seconds."""


class GatewayPlay:
    """A context manager: wakes a camera up, says where its pictures are, keeps it awake.

    **Keeping alive.** The gateway closes a stream when nobody has watched it for a while (some 20 s), so whoever reads keeps it alive and
    nothing has to be sent. But a session also ends without us, when the camera restarts or registers anew. So the gateway is asked for
    the play again every ``keep_alive_s``: where the play is there, it answers at once; where not, it wakes the camera up, while
    whoever reads still waits for pictures that don't come.

    **Stopping.** A play belongs to all who watch: stopping it ends it for them too, whoever started it. It would also make each short
    break of our own line a wake-up of 5 to 15 s. So leaving is all we do, and the gateway's own rule ends what nobody watches.
    ``stop_unwatched`` is for gateways without that rule; then too a play is stopped only where the gateway says that nobody watches it.
    """

    def __init__(self, api: GatewayApi, channel: ChannelAddress, *, stop: threading.Event, monotonic: Callable[[], float]) -> None:
        """Nothing is started yet.

        Args:
            api: shared by all cameras of a gateway.
            stop: ends the wait for a camera that wakes up.
            monotonic: a clock that runs on, seconds.
        """
        self._api = api
        self._settings = api.settings
        self._channel = channel
        self._stop = stop
        self._monotonic = monotonic
        self._left = threading.Event()
        self._keeper: threading.Thread | None = None
        self._played: PlayedStream | None = None

    @property
    def address(self) -> str:
        """Where the pictures are, for a StreamConnection; it may hold a token. Only while open."""
        if self._played is None:
            raise RuntimeError("the play is not open")
        return self._played.address

    def __enter__(self) -> Self:
        """Wake the camera up, up to ``wake_timeout_s``. Raises SourceError: it can't be played, or somebody wanted to stop."""
        try:
            self._api.log_in(self._stop.is_set)
            self._played = self._awake()
        except StoppedError as err:
            raise self._stopped() from err
        if self._settings.keep_alive_s:
            self._keeper = threading.Thread(target=self._keep_alive, name="keep alive", daemon=True)
            self._keeper.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._left.set()
        if self._keeper is not None:
            self._keeper.join()
        if self._settings.stop_unwatched and self._played is not None:
            self._stop_if_unwatched(self._played)
        self._played = None

    def _awake(self) -> PlayedStream:
        within_s = self._settings.wake_timeout_s
        until, found = self._monotonic() + within_s, "none"
        while (left_s := until - self._monotonic()) > 0:
            try:
                return self._api.start(self._channel, within_s=left_s, stopped=self._stop.is_set)
            except AsleepError as err:
                found = err.found
            # The gateway gave up before we do: cameras that are slow get a second invitation.
            if self._stop.wait(min(_ASK_AGAIN_AFTER_S, max(until - self._monotonic(), 0.0))):
                raise self._stopped()
        hint = "Does the device answer the gateway, and can its pictures reach the media server? Slow ones need a longer wake_timeout_s"
        expected = f"its pictures at the gateway within {within_s:g} s"
        raise SourceError("the camera did not wake up", where=str(self._channel), expected=expected, found=found, hint=hint)

    def _keep_alive(self) -> None:
        failed = False
        while not self._left.wait(self._settings.keep_alive_s):
            try:
                self._api.start(self._channel, within_s=self._settings.wake_timeout_s, stopped=self._left.is_set)
                fault = ""
            except AsleepError as err:
                fault = f"{self._channel}: the camera does not wake up again; found {err.found}"
            except SourceError as err:
                fault = str(err)
            except StoppedError:
                return
            if fault and not failed:
                _LOG.warning("%s", fault)
            failed = bool(fault)

    def _stop_if_unwatched(self, played: PlayedStream) -> None:
        """Our own line has just been closed: the gateway gets a moment to see that."""
        try:
            for pause_s in _LEAVING_S:
                threading.Event().wait(pause_s)
                readers = self._api.readers(played, lambda: False)
                if readers == 0:
                    self._api.stop(self._channel, lambda: False)
                if not readers:
                    return
        except SourceError as err:
            _LOG.warning("%s: not stopped: %s", self._channel, err)

    def _stopped(self) -> SourceError:
        return SourceError("stopped before the camera woke up", where=str(self._channel))
