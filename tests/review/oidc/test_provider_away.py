"""A provider that is away, or slow: people are told, passwords work, and nobody else waits."""

from __future__ import annotations

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from pipeline.records import Records
from pipeline.review.app import create_app
from tests.review.asking import Person, form_token
from tests.review.browser import serving
from tests.review.oidc.provider import PATIENCE_S, Provider, certificate, running
from tests.review.oidc.signing_in import Traveller, street_with, text, with_oidc
from tests.review.street import PASSWORD, Street
from tests.streams.servers import free_port


def test_when_the_provider_is_away_the_page_says_so_and_passwords_work(tmp_path: Path) -> None:
    port = free_port()
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        with running(lambda: datetime.now(UTC), port=port) as provider:
            street = street_with(records, tmp_path, provider)
        app = create_app(street.console)
        lu = Person(street, app=app)
        lu.name = "lu"
        page = lu.client.get("/login/oidc?next=/me")
        assert page.status_code == 503
        assert text(street, "login.oidc_down") in page.text
        assert text(street, "login.by_password") in page.text
        form = {"form_token": form_token(page), "name": "lu", "password": PASSWORD, "next": "/me"}
        assert 'name="next" value="/me"' in page.text
        assert lu.client.post("/login", data=form).url.path == "/me"
        assert text(street, "login.oidc_silent") in Traveller(street, app).get("/login").text, "before anybody tries in vain"
        street.clock.move(11)
        assert text(street, "login.oidc_silent") not in Traveller(street, app).get("/login").text
        with running(street.clock, port=port):
            ren = Traveller(street, app)
            ren.sign_in()
            assert ren.is_in, "as soon as it is back"


def test_who_just_did_not_answer_is_not_asked_again_at_once(street: Street, provider: Provider) -> None:
    provider.broken = {"/.well-known/openid-configuration": (500, b"")}
    app = create_app(street.console)
    for _ in range(5):
        assert Traveller(street, app).go().status_code == 503
    assert len(provider.asked) == 1
    street.clock.move(11)
    Traveller(street, app).go()
    assert len(provider.asked) == 2


@pytest.mark.parametrize("trickles", [False, True])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"])
def test_a_slow_provider_is_given_up(street: Street, provider: Provider, path: str, trickles: bool) -> None:
    provider.silent, provider.trickles, provider.claims_at_userinfo = path, trickles, {}
    ren = Traveller(with_oidc(street, timeout_s=0.3))
    page = ren.go()
    if path != "/.well-known/openid-configuration":
        page = ren.get(ren.there(page))
    assert page.status_code == 503
    assert not provider.released.is_set(), "it is still at it"


def test_a_slow_provider_keeps_nobody_waiting_who_wants_something_else(street: Street, provider: Provider) -> None:
    """More people press the button than the console has threads."""
    provider.silent = "/.well-known/openid-configuration"
    with serving(with_oidc(street, timeout_s=PATIENCE_S)) as address, ThreadPoolExecutor(45) as pool:
        begun = threading.Barrier(46)

        def press() -> int:
            begun.wait(PATIENCE_S)
            return httpx2.get(f"{address}/login/oidc", follow_redirects=False, timeout=2 * PATIENCE_S).status_code

        pressed = [pool.submit(press) for _ in range(45)]
        begun.wait(PATIENCE_S)
        assert httpx2.get(f"{address}/login", timeout=PATIENCE_S / 2).status_code == 200
        assert not any(each.done() for each in pressed)
        provider.silent = ""
        provider.released.set()
        assert {each.result(2 * PATIENCE_S) for each in pressed} <= {303, 503, 200}


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_a_provider_that_says_itself_that_it_fails(street: Street, provider: Provider, error: str) -> None:
    provider.denies = error
    page = Traveller(street).sign_in()
    assert page.status_code == 503
    assert text(street, "login.oidc_down") in page.text


def test_who_tries_too_often_from_one_place_is_told_to_wait(street: Street) -> None:
    ren = Traveller(street)
    answers = [ren.go().status_code for _ in range(62)]
    assert answers == [303] * 60 + [429] * 2
    assert ren.get("/login/oidc/back").status_code == 429
    street.clock.move(61)
    assert ren.go().status_code == 303


def test_a_provider_by_tls_counts_where_somebody_vouches_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made)
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records, running(lambda: datetime.now(UTC), tls=tls) as provider:
        street = street_with(records, tmp_path, provider)
        assert Traveller(street).go().status_code == 503
        assert "cannot reach the provider; found a certificate that can't be trusted: self" in caplog.text
        assert "Install the certificate of whoever issued it" in caplog.text
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
        street.clock.move(11)
        assert Traveller(street).go().status_code == 303
