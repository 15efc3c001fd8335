"""Real servers on loopback: RTSP (aio-rtsp-toolkit), HTTP, and some that misbehave as cameras do."""

from __future__ import annotations

import functools
import http.server
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SERVE = """
import asyncio, sys
from aio_rtsp_toolkit import server
asyncio.run(server.serve(sys.argv[1], "127.0.0.1", int(sys.argv[2]), control_port=int(sys.argv[3])))
"""


@contextmanager
def rtsp_server(folder: Path) -> Iterator[str]:
    """Serves the .mp4 and .mkv files of a folder over RTSP; gives the address before the file name."""
    port, control = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(folder), str(port), str(control)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, "the RTSP server ended"
        yield f"rtsp://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextmanager
def http_server(folder: Path) -> Iterator[str]:
    """Serves a folder over HTTP, as media gateways hand out FLV and HLS."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def answering(reply: bytes | None) -> Iterator[str]:
    """A server that answers this to whatever it is asked; None: accepts and never says a word. Gives host and port."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            if reply is not None:
                threading.Thread(target=_talk, args=(connection, reply), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in held:
            connection.close()


def _talk(connection: socket.socket, reply: bytes) -> None:
    with suppress(OSError):
        while connection.recv(4096):
            connection.sendall(reply)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def wait_for(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    """Until ready says so; AssertionError after so many seconds."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Tests say nothing."""
