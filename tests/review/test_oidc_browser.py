"""Signing in by an OpenID provider in a real browser: by one that others have made, and by one that knows more than the console does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Route, expect

from pipeline.records import Records
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.oidc.provider import CLIENT, SECRET
from tests.review.oidc.signing_in import account, text, told
from tests.review.street import Street, furnish_street
from tests.review.test_browser import picture
from tests.streams.servers import free_port, wait_for

pytestmark = pytest.mark.long
PEOPLE = {"1-ren": "ren", "9-wang": "wang"}
"""Subject -> name, as the provider knows them."""
SIZES = [("zh", 1366, 768), ("en", 1366, 768), ("zh", 390, 844)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """oidc-provider-mock, in a process of its own: built on another library than the console's."""
    address = f"http://127.0.0.1:{free_port()}"
    people = [option for sub, name in PEOPLE.items() for option in ("--user-claims", json.dumps({"sub": sub, "preferred_username": name}))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--require-nonce", "--port", address.rpartition(":")[2], *people]
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as running:
        try:
            wait_for(lambda: running.poll() is not None or answers(address))
            assert running.poll() is None, "the provider ended"
            yield address
        finally:
            running.kill()


def answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/.well-known/openid-configuration").status_code == 200
    except httpx2.TransportError:
        return False


@dataclass
class Office:
    """A console that is served, and where."""

    street: Street
    address: str


@contextmanager
def office_of(tmp_path: Path, issuer: str) -> Iterator[Office]:
    port = free_port()
    oidc = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "contact": "信息科 021-12345"}
    settings: dict[str, object] = {"review": {"public_url": f"http://127.0.0.1:{port}", "oidc": oidc}}
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        street = furnish_street(records, tmp_path, 2, settings=settings)
        records.sign_ins.use_oidc("ren", datetime.now(UTC))
        # The provider knows the time of today alone.
        street = replace(street, console=replace(street.console, now=lambda: datetime.now(UTC)))
        with serving(street, port) as address:
            yield Office(street, address)


@pytest.fixture
def office(tmp_path: Path, issuer: str) -> Iterator[Office]:
    with office_of(tmp_path, issuer) as made:
        yield made


def ours(seat: Seat, office: Office) -> list[str]:
    """What the browser complains of on pages of the console."""
    return [complaint for complaint in seat.complaints if office.address in complaint]


def as_somebody(seat: Seat, subject: str) -> None:
    """On the page of the provider, by keyboard."""
    seat.page.wait_for_url("**/oauth2/authorize?**")
    seat.page.locator("input[name=sub]").fill(subject)
    seat.page.keyboard.press("Enter")


def test_somebody_signs_in_looks_around_and_leaves(browser: Browser, office: Office) -> None:
    ren, street = Seat(browser, office.address), office.street
    ren.page.goto("/cases/0001c0ffee")
    way = ren.page.get_by_role("link", name=text(street, "login.sso_enter"))
    way.focus()
    ren.page.keyboard.press("Enter")
    as_somebody(ren, "1-ren")
    ren.page.wait_for_url("**/cases/0001c0ffee")
    expect(ren.page.locator(".who-name")).to_have_text("任初审")
    assert account(street, "ren").oidc_subject == "1-ren"
    cookies = {each["name"]: each for each in ren.context.cookies()}
    assert cookies["doorline_session"]["httpOnly"]
    assert (cookies["doorline_sign_in"]["httpOnly"], cookies["doorline_sign_in"]["path"]) == (True, "/login/oidc")
    ren.page.get_by_role("button", name=text(street, "nav.logout")).click()
    ren.page.wait_for_url("**/oauth2/end_session?**")
    assert "id_token_hint=eyJ" in ren.page.url
    ren.page.get_by_role("button", name="End session").click()
    ren.page.wait_for_url(f"{office.address}/login")
    ren.page.goto("/me")
    assert "/login" in ren.page.url
    assert [row.did for row in told(street)][:2] == ["account/bound", "session/begun"]
    assert told(street)[-1].did == "session/ended"
    assert ours(ren, office) == []


def test_a_stranger_is_told_whom_to_ask_and_may_be_somebody_else(browser: Browser, office: Office) -> None:
    wang, street = Seat(browser, office.address), office.street
    wang.page.goto("/login")
    wang.page.get_by_role("link", name=text(street, "login.sso_enter")).click()
    as_somebody(wang, "9-wang")
    expect(wang.page.get_by_text(text(street, "stranger.ask_whom", contact="信息科 021-12345"))).to_be_visible()
    assert serious_faults(wang.page, "stranger") == []
    wang.page.get_by_role("link", name=text(street, "stranger.again")).click()
    as_somebody(wang, "1-ren")
    wang.page.wait_for_url(f"{office.address}/")
    expect(wang.page.locator(".who-name")).to_have_text("任初审")
    # The page itself is refused, which the browser notes; nothing else is wrong with it.
    assert [complaint for complaint in ours(wang, office) if "403 (Forbidden)" not in complaint] == []


def test_who_changes_their_mind_there_may_use_a_password(browser: Browser, office: Office) -> None:
    lu, street = Seat(browser, office.address), office.street
    lu.page.goto("/login?next=/me")
    lu.page.get_by_role("link", name=text(street, "login.sso_enter")).click()
    lu.page.get_by_role("button", name="Deny").click()
    # This provider sends nobody back with a state who says no: the console can't know who that was.
    lu.page.wait_for_url("**/login/oidc/back?**")
    expect(lu.page.get_by_role("alert")).to_be_visible()
    expect(lu.page.locator("input[name=password]")).to_be_visible()


@pytest.mark.parametrize(("lang", "width", "height"), SIZES)
def test_how_it_looks(browser: Browser, office: Office, lang: str, width: int, height: int) -> None:
    seat = Seat(browser, office.address, width=width, height=height, lang=lang)
    found = []

    def look(name: str) -> None:
        picture(seat, f"{name}-{lang}-{width}")
        found.extend(serious_faults(seat.page, name))
        assert seat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"

    seat.page.goto("/login")
    look("login-oidc")
    for subject, name in (("9-wang-with-an-id-as-long-as-providers-make-them-0123456789abcdef", "oidc-stranger"), ("1-ren", "")):
        seat.page.goto("/login/oidc")
        as_somebody(seat, subject)
        if name:
            seat.page.wait_for_url("**/login/oidc/back?**")
            look(name)
    seat.page.wait_for_url(f"{office.address}/")
    seat.page.goto("/me")
    look("me-oidc")

    def stay(route: Route) -> None:
        route.fulfill(status=204)

    seat.page.route("**/oauth2/end_session?**", stay)
    seat.page.evaluate("document.querySelector('form[action=\"/logout\"]').submit()")
    expect(seat.page.locator("main a.button-lead")).to_be_visible()
    look("oidc-left")
    assert found == []


@pytest.mark.parametrize(("lang", "width", "height"), SIZES)
def test_how_it_looks_where_nobody_is_there(browser: Browser, tmp_path: Path, lang: str, width: int, height: int) -> None:
    with office_of(tmp_path, f"http://127.0.0.1:{free_port()}") as office:
        seat = Seat(browser, office.address, width=width, height=height, lang=lang)
        seat.page.goto("/login")
        seat.page.locator(".login-sso a").click()
        expect(seat.page.get_by_role("alert")).to_be_visible()
        picture(seat, f"login-oidc-down-{lang}-{width}")
        assert serious_faults(seat.page, "login") == []
        seat.page.fill("input[name=name]", "lu")
        seat.page.fill("input[name=password]", "门前三包 everybody's")
        seat.page.keyboard.press("Enter")
        seat.page.wait_for_url(f"{office.address}/")


def test_how_accounts_look(browser: Browser, office: Office) -> None:
    street = office.street
    street.records.sign_ins.use_oidc("lu", datetime.now(UTC), ("https://sso.example", "f:5e1b7c1a-6a1e-4f6b-9f6e-7d8f0c2b3a4d:lu"))
    ou = Seat(browser, office.address, "ou", lang="zh")
    found = []
    pages = {"/accounts": "accounts-oidc", "/accounts/lu": "account-oidc-bound", "/accounts/both": "account-oidc-password"}
    for place, name in pages.items():
        ou.page.goto(place)
        if place == "/accounts":
            ou.page.locator("summary").filter(has_text=text(street, "accounts.add")).click()
        picture(ou, f"{name}-zh-1366")
        found.extend(serious_faults(ou.page, name))
    assert found == []
    assert ours(ou, office) == []
