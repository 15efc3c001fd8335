"""Fetching weights from a real server on this machine: right files arrive whole, wrong ones leave nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.detectors import fetch_model
from pipeline.errors import ModelError
from tests.detectors.test_model_card import write_card

WEIGHTS = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves WEIGHTS in good and bad ways, and counts the requests."""

    daemon_threads = True
    requests = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.requests += 1
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://198.51.100.7/weights.pt")
            self.end_headers()
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/weights.pt")
            self.end_headers()
        elif self.path in {"/weights.pt", "/other.pt", "/cut.pt", "/long.pt"}:
            body = {"/other.pt": WEIGHTS[::-1], "/long.pt": WEIGHTS * 2}.get(self.path, WEIGHTS)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body[: len(body) // 2] if self.path == "/cut.pt" else body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port of this machine."""
    with Server(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def address(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}{path}"


def card_for(folder: Path, source: str, **changes: object) -> Path:
    return write_card(folder, **({"source": source, "sha256": SHA256, "bytes": len(WEIGHTS)} | changes))


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("path", ["/weights.pt", "/moved"])
def test_weights_arrive_whole_and_progress_is_told(tmp_path: Path, server: Server, path: str) -> None:
    told: list[tuple[int, int | None]] = []
    weights = fetch_model(card_for(tmp_path, address(server, path)), progress=lambda done, of: told.append((done, of)))
    assert weights.read_bytes() == WEIGHTS
    assert files_in(tmp_path) == {"card.yaml", "weights.pt"}
    assert told[-1] == (len(WEIGHTS), len(WEIGHTS))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_weights_that_are_there_are_not_fetched_again(tmp_path: Path, server: Server) -> None:
    card = card_for(tmp_path, address(server, "/weights.pt"))
    fetch_model(card)
    fetch_model(card)
    assert server.requests == 1


def test_spoilt_weights_are_replaced(tmp_path: Path, server: Server) -> None:
    (tmp_path / "weights.pt").write_bytes(b"half")
    assert fetch_model(card_for(tmp_path, address(server, "/weights.pt"))).read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    ("path", "changes", "said"),
    [
        ("/other.pt", {}, "not what the card pins"),
        ("/cut.pt", {}, "cut short|cannot fetch"),
        ("/cut.pt", {"bytes": None}, "not what the card pins|cannot fetch"),
        ("/long.pt", {}, "too long"),
        ("/missing.pt", {}, "404"),
        ("/away", {}, "not safe"),
    ],
)
def test_a_bad_download_leaves_nothing(tmp_path: Path, server: Server, path: str, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        fetch_model(card_for(tmp_path, address(server, path), **changes))
    assert files_in(tmp_path) == {"card.yaml"}


@pytest.mark.parametrize("path", ["/other.pt", "/cut.pt"])
def test_a_bad_download_leaves_what_was_there(tmp_path: Path, server: Server, path: str) -> None:
    (tmp_path / "weights.pt").write_bytes(b"mine")
    with pytest.raises(ModelError):
        fetch_model(card_for(tmp_path, address(server, path)))
    assert (tmp_path / "weights.pt").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("source", "changes", "said"),
    [
        ("http://198.51.100.7/weights.pt", {}, "not safe"),
        ("ftp://127.0.0.1/weights.pt", {}, "not safe"),
        ("file:///etc/passwd", {}, "not safe"),
        ("http://127.0.0.1/weights.pt", {"sha256": ""}, "not pinned"),
        ("", {}, "no source"),
    ],
)
def test_what_must_not_be_fetched_is_refused(tmp_path: Path, source: str, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        fetch_model(card_for(tmp_path, source, **changes))


def test_a_server_that_is_not_there_is_one_clear_line(tmp_path: Path, server: Server) -> None:
    url = address(server, "/weights.pt")
    server.server_close()
    with pytest.raises(ModelError) as caught:
        fetch_model(card_for(tmp_path, url))
    assert url in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_disk_that_refuses_is_one_clear_line(tmp_path: Path, server: Server) -> None:
    (tmp_path / "weights").write_bytes(b"a file where a folder is wanted")
    with pytest.raises(ModelError, match=r"cannot (fetch|read)"):
        fetch_model(card_for(tmp_path, address(server, "/weights.pt"), weights="weights/weights.pt"))
