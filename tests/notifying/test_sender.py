"""One post to a real receiver, whatever it does."""

from __future__ import annotations

import base64
import ssl
import subprocess
import time
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipeline.config import ReceiverSettings
from pipeline.notifying import Attempt, Outcome, verify
from pipeline.notifying.sender import send, shown_address
from tests.notifying.samples import NOW, message
from tests.notifying.webhook import Answer, webhook
from tests.streams.servers import answering, free_port


def test_a_post_carries_body_id_event_and_signature() -> None:
    with webhook() as hook:
        assert send(hook.settings(), message(1), NOW) == Attempt(Outcome.DELIVERED, 200)
        (got,) = hook.got
    assert got.path == "/hook?a=b"
    assert got.body == '{"门":1}'.encode()
    assert got.message_id == message(1).message_id
    assert got.headers["X-Doorline-Event"] == "opened"
    assert got.headers["Content-Type"] == "application/json; charset=utf-8"
    assert verify("s3cret", got.body, got.headers["X-Doorline-Signature"], NOW)
    assert "Authorization" not in got.headers


def test_unsigned_without_a_secret() -> None:
    with webhook() as hook:
        send(hook.settings(secret=""), message(1), NOW)
        assert "X-Doorline-Signature" not in hook.got[0].headers


def test_a_password_in_the_address_and_an_authorization_become_a_header() -> None:
    with webhook() as hook:
        with_user = hook.address.replace("http://", "http://us%40er:p%3Aw@")
        send(hook.settings(url=with_user), message(1), NOW)
        send(hook.settings(url=with_user, authorization="Bearer b34rer"), message(1), NOW)
        basic, bearer = (got.headers["Authorization"] for got in hook.got)
    assert base64.b64decode(basic.removeprefix("Basic ")) == b"us@er:p:w"
    assert bearer == "Bearer b34rer"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_taken(status: int) -> None:
    with webhook(Answer(status)) as hook:
        assert send(hook.settings(), message(1), NOW).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_to_be_tried_again(status: int) -> None:
    with webhook(Answer(status)) as hook:
        attempt = send(hook.settings(), message(1), NOW)
    assert (attempt.outcome, attempt.status, attempt.retry_after_s) == (Outcome.TRY_AGAIN, status, None)
    assert attempt.error.startswith(f"answered {status}")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422, 499])
def test_refused(status: int) -> None:
    with webhook(Answer(status)) as hook:
        attempt = send(hook.settings(), message(1), NOW)
    assert (attempt.outcome, attempt.status) == (Outcome.REFUSED, status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    with webhook() as other, webhook(Answer(status, {"Location": f"{other.address}/?token=t0ken"})) as hook:
        attempt = send(hook.settings(), message(1), NOW)
        assert other.got == ()
    assert attempt.outcome is Outcome.REFUSED
    assert "redirects are not followed" in attempt.error
    assert "t0ken" not in attempt.error


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 40, None),
        ("", None),
    ],
)
def test_how_long_the_receiver_wants_to_be_left_alone(text: str, seconds: float | None) -> None:
    with webhook(Answer(429, {"Retry-After": text})) as hook:
        assert send(hook.settings(), message(1), NOW).retry_after_s == seconds


def test_a_receiver_that_hangs_up() -> None:
    with webhook(Answer(hang_up=True)) as hook:
        attempt = send(hook.settings(), message(1), NOW)
    assert attempt == Attempt(Outcome.TRY_AGAIN, None, "closed the connection without an answer")


def test_nobody_listens() -> None:
    attempt = send(ReceiverSettings(name="r", url=f"http://127.0.0.1:{free_port()}/?key=k3y"), message(1), NOW)
    assert attempt == Attempt(Outcome.TRY_AGAIN, None, "Connection refused")


def test_a_host_that_is_not_there() -> None:
    attempt = send(ReceiverSettings(name="r", url="http://nowhere.invalid/"), message(1), NOW)
    assert (attempt.outcome, attempt.status) == (Outcome.TRY_AGAIN, None)
    assert attempt.error


@pytest.mark.parametrize("answer", [Answer(silent=True), Answer(trickle=True)])
def test_no_receiver_holds_the_line_for_long(answer: Answer) -> None:
    with webhook(answer) as hook:
        began = time.monotonic()
        attempt = send(hook.settings(timeout_s=0.4), message(1), NOW)
        assert time.monotonic() - began < 10
    assert attempt == Attempt(Outcome.TRY_AGAIN, None, "no answer within 0.4 s")


def test_something_that_speaks_no_http() -> None:
    with answering(b"220 mail.example ESMTP s3cret\r\n") as place:
        attempt = send(ReceiverSettings(name="r", url=f"http://{place}/"), message(1), NOW)
    assert attempt.outcome is Outcome.TRY_AGAIN
    assert attempt.error == "no HTTP answer (BadStatusLine)"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody vouches for, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder)
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "certificate.pem").read_bytes())
    return both


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_vouches_for(certificate: Path) -> None:
    with webhook(tls=tls_of(certificate)) as hook:
        attempt = send(hook.settings(), message(1), NOW)
        assert hook.got == ()
    assert (attempt.outcome, attempt.status) == (Outcome.TRY_AGAIN, None)
    assert attempt.error.startswith("certificate refused: self")


def test_over_tls_with_a_certificate_that_is_trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with webhook(Answer(), Answer(silent=True), tls=tls_of(certificate)) as hook:
        assert send(hook.settings(), message(1), NOW).outcome is Outcome.DELIVERED
        assert send(hook.settings(timeout_s=0.4), message(2), NOW).error == "no answer within 0.4 s"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:pw@host.example:8443/robot/t0ken?key=k#f", "https://host.example:8443"),
        ("http://[::1]:80/x", "http://[::1]:80"),
        ("https://host/t0ken", "https://host"),
    ],
)
def test_only_the_host_of_an_address_is_shown(url: str, shown: str) -> None:
    assert shown_address(ReceiverSettings(name="r", url=url)) == shown
