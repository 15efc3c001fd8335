"""From what stands as a camera's ``stream`` to an address that can be connected to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pipeline.addresses import is_channel, parse_channel
from pipeline.config import GatewaySettings
from pipeline.errors import SourceError
from pipeline.readers.gateway_api import GatewayApi
from pipeline.readers.gateway_play import GatewayPlay


class StreamAddresses:
    """One for all cameras of a configuration, since those of a gateway share its login. Any thread may call."""

    def __init__(self, gateways: Sequence[GatewaySettings], monotonic: Callable[[], float]) -> None:
        """Nothing is asked yet.

        Args:
            monotonic: a clock that runs on, seconds.
        """
        self._monotonic = monotonic
        self._gateways = {gateway.name: GatewayApi(gateway, monotonic) for gateway in gateways}

    @contextmanager
    def open(self, stream: str, *, stop: threading.Event) -> Iterator[str]:
        """The address to connect to while the context lasts: the stream itself, or for ``gb28181://`` what the gateway hands out.

        Close the connection first and the context after it. Opening takes up to ``wake_timeout_s`` where a camera has to wake up; that
        time is a gap. After the line broke, leave the context and open anew: the gateway may hand out another address.

        Args:
            stop: ends the wait for a camera that wakes up.

        Raises SourceError: the gateway can't play the camera, or somebody wanted to stop.
        """
        if not is_channel(stream):
            yield stream
            return
        channel = parse_channel(stream)
        gateway = self._gateways.get(channel.gateway) if channel.gateway else next(iter(self._gateways.values()), None)
        if gateway is None:
            raise SourceError("no such gateway", where=str(channel), expected=", ".join(self._gateways) or "an entry of gateways")
        with GatewayPlay(gateway, channel, stop=stop, monotonic=self._monotonic) as play:
            yield play.address
