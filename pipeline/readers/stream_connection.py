"""One connection to a live stream: its video packets as they arrive, and one clear line where there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TypeAlias
from urllib.parse import urlsplit

import av
from av.stream import Discard

from pipeline.addresses import hide_secrets
from pipeline.config import StreamSettings
from pipeline.errors import SourceError

VideoPacket: TypeAlias = "av.Packet[av.VideoStream]"

SCHEMES = ("rtsp", "rtsps", "rtmp", "http", "https")
_PROTOCOLS = "rtsp,rtp,srtp,rtmp,tcp,udp,tls,http,https,hls,crypto"
"""What a stream may make us open: never a file of this machine."""

_ANALYSED_US = "2000000"
"""FLV says that there is sound before any comes: without it, FFmpeg would wait five seconds for some."""
_NEARLY = 0.95


class StreamConnection:
    """A context manager around one open stream. It never waits longer than the settings say, and never connects again by itself."""

    def __init__(self, address: str, settings: StreamSettings, monotonic: Callable[[], float]) -> None:
        """Nothing is opened yet.

        Args:
            address: may hold a password, which is never shown.
            settings: how, and how long to wait.
            monotonic: a clock that runs on, seconds.
        """
        self._address = address
        self._settings = settings
        self._monotonic = monotonic
        self._heard_at = 0.0
        self._open = ExitStack()
        self._stream: av.VideoStream | None = None

    @property
    def where(self) -> str:
        """The address as people may see it."""
        return hide_secrets(self._address)

    @property
    def stream(self) -> av.VideoStream:
        """The video stream; only while open."""
        if self._stream is None:
            raise RuntimeError("the connection is not open")
        return self._stream

    def __enter__(self) -> Self:
        """Connect. Raises SourceError."""
        try:
            scheme = urlsplit(self._address).scheme.lower()
        except ValueError as err:
            raise SourceError("cannot open the stream", where=self.where, expected="an address", found=str(err)) from err
        if scheme not in SCHEMES:
            expected = f"an address that begins with {', '.join(SCHEMES)}"
            raise SourceError("cannot open the stream", where=self.where, expected=expected, found=scheme or "no scheme")
        self._heard_at = self._monotonic()
        timeout = (self._settings.open_timeout_s, self._settings.read_timeout_s)
        try:
            container = self._open.enter_context(
                av.open(self._address, metadata_errors="replace", options=self._options(scheme), timeout=timeout)
            )
        except (av.FFmpegError, OSError, ValueError) as err:
            raise self._fault("cannot open the stream", err, self._settings.open_timeout_s) from err
        if not container.streams.video:
            kinds = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
            self._open.close()
            raise SourceError("no video in the stream", where=self.where, expected="a video stream", found=kinds)
        self._stream = container.streams.video[0]
        if self._stream.codec_context is None:
            self._open.close()
            raise SourceError("cannot decode the stream", where=self.where, expected="a known video codec", found="an unknown one")
        for stream in container.streams:
            if stream is not self._stream:
                stream.discard = Discard.all
        self._container = container
        self._heard_at = self._monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream = None
        self._open.close()

    def packets(self) -> Iterator[VideoPacket]:
        """Packets of the video until the other side ends it. Raises SourceError where nothing comes for too long, or the line breaks."""
        try:
            for packet in self._container.demux(self.stream):
                self._heard_at = self._monotonic()
                if packet.size:
                    yield packet
        except (av.FFmpegError, OSError) as err:
            raise self._fault("the stream broke off", err, self._settings.read_timeout_s) from err

    def _options(self, scheme: str) -> dict[str, str]:
        options = {"protocol_whitelist": _PROTOCOLS, "analyzeduration": _ANALYSED_US}
        if scheme.startswith("rtsp"):
            options |= {"rtsp_transport": self._settings.transport.value, "allowed_media_types": "video"}
        return options

    def _fault(self, what: str, err: Exception, waited_s: float) -> SourceError:
        expected, hint = "", ""
        if isinstance(err, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
            found, hint = "user or password refused", "Check the user and the variable that holds the password"
        elif isinstance(err, av.error.HTTPNotFoundError):
            found, hint = "nothing of that name there", "Check the path behind the address"
        elif self._monotonic() - self._heard_at >= _NEARLY * waited_s:
            # What FFmpeg makes of a line that it had to give up depends on where it was at that moment.
            expected, found = f"an answer within {waited_s:g} s", "none"
        elif isinstance(err, ConnectionRefusedError):
            found, hint = "connection refused", "Check address and port, and that the server runs"
        elif isinstance(err, av.error.InvalidDataError):
            found = "something that is no video stream"
        else:
            found = str(getattr(err, "strerror", None) or type(err).__name__)
        return SourceError(what, where=self.where, expected=expected, found=found, hint=hint)
