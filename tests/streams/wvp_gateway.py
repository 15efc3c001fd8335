"""A real HTTP gateway on loopback that speaks the interface of WVP-PRO as far as pipeline/readers/gateway_api.py describes it."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD, API_KEY = "doorline", "geheim7", "schluessel8"
DEVICE, CHANNEL = "34020000001320000001", "34020000001310000001"


@dataclass
class WvpGateway:
    """What the gateway is set up to do, and what it was asked. Tests change it while it runs."""

    url: str = ""
    media: dict[str, str | None] = field(default_factory=dict)
    """Addresses by their name in the answer: rtsp, flv, hls, https_flv ..."""
    wake_s: float = 0.0
    """A sleeping camera needs so much time of those who wait for its pictures; once awake, it answers at once."""
    waited_s: float = 0.0
    play_timeout_s: float = 10.0
    """The gateway gives up after this."""
    refusal: tuple[int, int, str | None] | None = None
    """HTTP status, code and message for any play."""
    strange: bytes | None = None
    """Said to whatever it is asked, instead of JSON."""
    login_answers: bool = True
    """Whether a right password gets a token."""
    token_in_body: bool = False
    """In data.accessToken alone, not in the header."""
    authentication: bool = True
    echo_secrets: bool = False
    """Put what it was told into its messages."""
    readers: int | None = 0
    asleep: bool = True
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    """Paths without parameters, in order."""

    def count(self, part: str) -> int:
        """How many requests had this in their path."""
        return sum(part in path for path in self.asked)

    def forget_tokens(self) -> None:
        """As after 30 minutes."""
        with self.lock:
            self.tokens.clear()

    def logged_in(self, values: dict[str, list[str]]) -> tuple[str, dict[str, Any]]:
        """A token, or none, and the answer."""
        told = (values.get("username", [""])[0], values.get("password", [""])[0])
        if told != (USER, hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()) or not self.login_answers:
            words = f"用户名或密码错误 {told}" if self.echo_secrets else "用户名或密码错误"
            return "", {"code": 100, "msg": words, "data": None}
        with self.lock:
            token = f"token-{len(self.asked)}-{len(self.tokens)}"
            self.tokens.add(token)
        return token, {"code": 0, "msg": "成功", "data": {"username": USER, "accessToken": token}}

    def knows(self, token: str | None, key: str | None) -> bool:
        """Whether this may ask."""
        return not self.authentication or key == API_KEY or token in self.tokens

    def played(self, device: str, channel: str) -> dict[str, Any]:
        """The answer to a play, after the camera woke up."""
        if self.asleep:
            left_s = self.wake_s - self.waited_s
            if self.closing.wait(max(min(left_s, self.play_timeout_s), 0.0)) or left_s > self.play_timeout_s:
                self.waited_s += self.play_timeout_s
                return {"code": 100, "msg": "点播超时", "data": None}
            self.asleep, self.waited_s = False, 0.0
        data = {"app": "rtp", "stream": f"{device}_{channel}", "mediaServerId": "zlm", "ws_flv": "ws://127.0.0.1/x", **self.media}
        return {"code": 0, "msg": "成功", "data": data}


@contextmanager
def wvp_gateway(**media: str | None) -> Iterator[WvpGateway]:
    """A gateway whose one device has one channel, whose pictures are at these addresses."""
    gateway = WvpGateway(media=dict(media))

    class Handler(_Handler):
        wvp = gateway

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield gateway
    finally:
        gateway.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 64  # many cameras ask at once


class _Handler(http.server.BaseHTTPRequestHandler):
    wvp: WvpGateway

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        with self.wvp.lock:
            self.wvp.asked.append(url.path)
        if self.wvp.strange is not None:
            return self._say(200, self.wvp.strange)
        values = parse_qs(url.query)
        if url.path == "/api/user/login":
            token, answer = self.wvp.logged_in(values)
            return self._tell(200, answer, {} if self.wvp.token_in_body or not token else {"access-token": token})
        if not self.wvp.knows(self.headers["access-token"], self.headers["api-key"]):
            told = f"{self.headers['access-token']} {self.headers['api-key']}" if self.wvp.echo_secrets else ""
            return self._tell(401, {"code": 401, "msg": f"请登录后重新请求{told}"})
        return self._serve(url.path, values)

    def _serve(self, path: str, values: dict[str, list[str]]) -> None:
        parts = path.split("/")
        if path.startswith("/api/play/start/"):
            if self.wvp.refusal is not None:
                status, code, message = self.wvp.refusal
                return self._tell(status, {"code": code, "msg": message, "data": None})
            if parts[4] != DEVICE:
                return self._tell(200, {"code": 100, "msg": "设备不存在", "data": None})
            if parts[5] != CHANNEL:
                return self._tell(200, {"code": 100, "msg": "通道不存在", "data": None})
            return self._tell(200, self.wvp.played(parts[4], parts[5]))
        if path.startswith("/api/play/stop/"):
            self.wvp.asleep = True
            return self._tell(200, {"code": 0, "msg": "成功", "data": {"deviceId": parts[4], "channelId": parts[5]}})
        if path == "/api/server/media_server/media_info" and self.wvp.readers is not None:
            known = values == {"app": ["rtp"], "stream": [f"{DEVICE}_{CHANNEL}"], "mediaServerId": ["zlm"]}
            return self._tell(200, {"code": 0, "msg": "成功", "data": {"readerCount": self.wvp.readers} if known else None})
        return self._tell(404, {"code": 404, "msg": "资源未找到"})

    def _tell(self, status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._say(status, json.dumps(answer, ensure_ascii=False).encode(), headers)

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # whoever asked has left

    def log_message(self, format: str, *args: object) -> None:
        """Tests say nothing."""
