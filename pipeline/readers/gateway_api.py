"""The HTTP interface of WVP-PRO (wvp-GB28181-pro), versions 2.6 and 2.7, as far as playing a camera needs it.

Every answer is JSON ``{code, msg, data}``; code 0 is success. Faults come with HTTP status 200 as well as 4xx and 5xx: the code counts.

- ``GET /api/user/login?username=&password=``, the password as its MD5 in hexadecimal digits. The token stands in the header
  ``access-token`` of the answer and in ``data.accessToken``, and goes into the header ``access-token`` of each later request. It holds for
  30 minutes or as the gateway is set up. 2.7 also takes a key that was made for a program, in the header ``api-key``.
  A token that holds no longer is HTTP status 401, code 401.
- ``GET /api/play/start/{device}/{channel}`` invites the camera and answers when its pictures arrive, or at once where they arrive already:
  a play is shared by all who ask for it. ``data`` holds ``app``, ``stream``, ``mediaServerId`` and addresses as texts: ``rtsp``, ``flv``,
  ``hls`` and their TLS forms ``rtsps``, ``https_flv``, ``https_hls``; one that is not served is null. The gateway gives up after
  its ``play-timeout`` (10 to 180 s by version and setup): code 100 with 点播超时 (HTTP wait over), -2 with 收流超时 (no pictures),
  -1 with 信令超时, -1024 with 消息超时未回复 (no answer to SIP). What the camera itself refuses is the code of its SIP answer, such as 404
  or 480. A channel that it doesn't know is code 100 with 通道不存在 or 未找到通道; a device that it doesn't know is 设备不存在 or
  设备未找到 in 2.7, and in 2.6 a code 500 without words.
- ``GET /api/server/media_server/media_info?app=&stream=&mediaServerId=`` (2.7) answers with ``readerCount``; null data: no such stream.
- ``GET /api/play/stop/{device}/{channel}`` says goodbye to the camera, whoever else watches.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from pipeline.addresses import ChannelAddress
from pipeline.config import GatewaySettings, MediaKind
from pipeline.errors import SourceError
from pipeline.readers.gateway_http import HttpAnswer, HttpRequest, NoAnswerError, get

_ANSWER_WITHIN_S = 10.0
_REFUSED_FOR_S = 30.0
"""A login that was refused is not tried again for this long: else each camera would, all the time."""
_LONGEST_SHOWN = 120
_ADDRESSES = {MediaKind.RTSP: ("rtsp", "rtsps"), MediaKind.FLV: ("flv", "https_flv"), MediaKind.HLS: ("hls", "https_hls")}
_UNKNOWN_WORDS = ("不存在", "未找到")
_OFFLINE_WORDS = ("离线", "不在线")
_ASLEEP_WORDS = "超时"
_ASLEEP_CODES = (-1, -2, 408, 486)
_OFFLINE_CODES = (480,)


@dataclass(frozen=True, slots=True)
class PlayedStream:
    """A play that the gateway has handed out."""

    address: str = field(repr=False)
    """Where its pictures are; may hold a token."""
    app: str
    stream: str
    media_server: str


class AsleepError(Exception):
    """The pictures of a camera have not arrived at the gateway in time."""

    def __init__(self, found: str) -> None:
        """Keep what the gateway said to that."""
        self.found = found
        super().__init__(found)


class GatewayApi:
    """One gateway. All its cameras share the login; any thread may call."""

    def __init__(self, settings: GatewaySettings, monotonic: Callable[[], float]) -> None:
        """Nothing is asked yet.

        Args:
            settings: hold the password, which is never shown.
            monotonic: a clock that runs on, seconds.
        """
        self.settings = settings
        self._monotonic = monotonic
        self._login = threading.Lock()
        self._token = ""
        self._refused_at_s = 0.0
        self._refusal = ""

    def log_in(self, stopped: Callable[[], bool]) -> None:
        """Have a token, where the gateway wants one. Raises SourceError, StoppedError."""
        if self.settings.user:
            self._renewed("", stopped)

    def start(self, channel: ChannelAddress, *, within_s: float, stopped: Callable[[], bool]) -> PlayedStream:
        """Wake the camera up, or join those who watch it already.

        Raises AsleepError (no pictures within so many seconds, or within those of the gateway), SourceError (gateway not there, login
        refused, device or channel unknown or offline), StoppedError.
        """
        path = f"/api/play/start/{channel.device}/{channel.channel}"
        try:
            answer = self._ask(path, within_s, stopped)
        except NoAnswerError as err:
            raise AsleepError("no answer of the gateway") from err
        code = answer.get("code")
        if code == 0:
            return self._played(channel, answer.get("data"))
        message = str(answer.get("msg") or "")
        if code in _ASLEEP_CODES or _ASLEEP_WORDS in message:
            raise AsleepError(self._shown(code, message))
        raise self._refused_play(channel, code, message)

    def readers(self, played: PlayedStream, stopped: Callable[[], bool]) -> int | None:
        """How many watch a stream, by all protocols; None where the gateway can't tell. Raises SourceError, StoppedError."""
        query = urlencode({"app": played.app, "stream": played.stream, "mediaServerId": played.media_server})
        answer = self._answered(f"/api/server/media_server/media_info?{query}", stopped)
        data = answer.get("data")
        count = data.get("readerCount") if answer.get("code") == 0 and isinstance(data, dict) else None
        return count if isinstance(count, int) else None

    def stop(self, channel: ChannelAddress, stopped: Callable[[], bool]) -> None:
        """End the play for everybody. One that is over already is no fault. Raises SourceError, StoppedError."""
        self._answered(f"/api/play/stop/{channel.device}/{channel.channel}", stopped)

    def _answered(self, path: str, stopped: Callable[[], bool]) -> dict[str, Any]:
        try:
            return self._ask(path, _ANSWER_WITHIN_S, stopped)
        except NoAnswerError as err:
            raise self._silence() from err

    def _ask(self, path: str, within_s: float, stopped: Callable[[], bool]) -> dict[str, Any]:
        """One request with the token; a token that is refused is renewed once."""
        until = self._monotonic() + within_s
        token = self._token
        for attempt in range(2):
            answer = self._get(path, self._credentials(token), max(until - self._monotonic(), 0.001), stopped)
            values = self._values(answer)
            if HTTPStatus.UNAUTHORIZED not in (answer.status, values.get("code")):
                return values
            if attempt or not self.settings.user:
                break
            token = self._renewed(token, stopped)
        expected, hint = "an api_key that it knows", f"Make a new one, or enable it, in the gateway {self.settings.name}"
        if self.settings.user:
            expected, hint = "the token of its own login", f"Check the rights of the user at the gateway {self.settings.name}"
        elif not self.settings.api_key:
            expected, hint = "a gateway that needs no login", f"Give user and password, or api_key, of the gateway {self.settings.name}"
        raise SourceError("the gateway refused us", where=self.settings.url, expected=expected, found="请登录 (code 401)", hint=hint)

    def _renewed(self, refused: str, stopped: Callable[[], bool]) -> str:
        """A token other than the refused one; whoever comes first logs in for all."""
        with self._login:
            if self._token != refused:
                return self._token
            if not self._refusal or self._monotonic() - self._refused_at_s >= _REFUSED_FOR_S:
                self._token, self._refusal = self._logged_in(stopped)
                self._refused_at_s = self._monotonic()
            if self._refusal:
                hint = f"Check the user of the gateway {self.settings.name} and the variable that holds the password"
                where, found = self.settings.url, self._refusal
                raise SourceError("the gateway refused the login", where=where, expected="a token", found=found, hint=hint)
            return self._token

    def _logged_in(self, stopped: Callable[[], bool]) -> tuple[str, str]:
        """A new token, or else why there is none."""
        digest = hashlib.md5(self.settings.password.encode(), usedforsecurity=False).hexdigest()
        query = urlencode({"username": self.settings.user, "password": digest})
        try:
            answer = self._get(f"/api/user/login?{query}", {}, _ANSWER_WITHIN_S, stopped)
        except NoAnswerError as err:
            raise self._silence() from err
        values = self._values(answer)
        data = values.get("data")
        token = answer.headers.get("access-token") or (data.get("accessToken") if isinstance(data, dict) else None)
        if values.get("code") == 0 and isinstance(token, str) and re.fullmatch("[!-~]+", token):
            return token, ""
        return "", self._shown(values.get("code"), str(values.get("msg") or "")) if values.get("code") != 0 else "none"

    def _credentials(self, token: str) -> dict[str, str]:
        if self.settings.api_key:
            return {"api-key": self.settings.api_key}
        return {"access-token": token} if token else {}

    def _get(self, path: str, headers: Mapping[str, str], within_s: float, stopped: Callable[[], bool]) -> HttpAnswer:
        request = HttpRequest(self.settings.url, path, headers)
        return get(request, within_s=within_s, monotonic=self._monotonic, stopped=stopped)

    def _values(self, answer: HttpAnswer) -> dict[str, Any]:
        if answer.status == HTTPStatus.GATEWAY_TIMEOUT:
            raise NoAnswerError  # a proxy before the gateway waits less long than we do
        try:
            values = json.loads(answer.body)
        except ValueError:
            values = None
        if isinstance(values, dict) and isinstance(values.get("code"), int):
            return values
        expected, hint = "JSON with a code", "Is the url that of WVP-PRO itself, with its port?"
        found = f"something else (HTTP status {answer.status})"
        raise SourceError("the gateway gave a strange answer", where=self.settings.url, expected=expected, found=found, hint=hint)

    def _played(self, channel: ChannelAddress, data: object) -> PlayedStream:
        values = data if isinstance(data, dict) else {}
        kinds = (self.settings.prefer, *(kind for kind in MediaKind if kind is not self.settings.prefer))
        names = [name for kind in kinds for name in _ADDRESSES[kind]]
        address = next((found for name in names if isinstance(found := values.get(name), str) and found), None)
        if address is None:
            expected, hint = "an address for rtsp, flv or hls", "Check the ports of the media server in the gateway"
            raise SourceError("the gateway handed out no address", where=str(channel), expected=expected, found="none", hint=hint)
        parts = (str(values.get(name) or "") for name in ("app", "stream", "mediaServerId"))
        return PlayedStream(address, *parts)

    def _refused_play(self, channel: ChannelAddress, code: object, message: str) -> SourceError:
        hint = f"Is the device in the list of the gateway {self.settings.name}, and what does its log say?"
        what = "the gateway can't play the camera"
        if "通道" in message and any(word in message for word in _UNKNOWN_WORDS):
            what, hint = "the gateway knows no such channel", "Compare the channel with the gateway's list, and refresh the list there"
        elif "设备" in message and any(word in message for word in _UNKNOWN_WORDS):
            what, hint = "the gateway knows no such device", "Compare the device with the gateway's list: has it registered?"
        elif code in _OFFLINE_CODES or any(word in message for word in _OFFLINE_WORDS):
            what, hint = "the device is offline", "Is it switched on, and does it register at the gateway?"
        return SourceError(what, where=str(channel), found=self._shown(code, message), hint=hint)

    def _silence(self) -> SourceError:
        expected = f"an answer within {_ANSWER_WITHIN_S:g} s"
        return SourceError("the gateway said nothing", where=self.settings.url, expected=expected, found="none", hint="Is it overloaded?")

    def _shown(self, code: object, message: str) -> str:
        """What the gateway said, without anything that we told it in confidence."""
        digest = hashlib.md5(self.settings.password.encode(), usedforsecurity=False).hexdigest()
        for secret in (self.settings.password, digest, self.settings.api_key, self._token):
            message = message.replace(secret, "***") if secret else message
        return f"{message[:_LONGEST_SHOWN]} (code {code})".lstrip()
