"""Coming back from the provider: once, in the same browser, in time, to a place of the console."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from pipeline.review.app import create_app
from tests.review.oidc.provider import Provider, one_each
from tests.review.oidc.signing_in import Traveller, last_refusal, refused
from tests.review.street import Street


def test_a_state_that_was_never_given_out(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    back = ren.there(ren.go())
    query = one_each(urlsplit(back).query)
    refused(street, ren.get(f"/login/oidc/back?code={query['code']}&state={'x' * 43}"), "state", "login.oidc_state")
    refused(street, ren.get(f"/login/oidc/back?code={query['code']}"), "state", "login.oidc_state")
    assert "/token" not in provider.asked


def test_who_was_sent_there_is_who_comes_back_and_no_other_browser(street: Street, provider: Provider) -> None:
    app = create_app(street.console)
    thief, ren = Traveller(street, app), Traveller(street, app)
    back = thief.there(thief.go())
    refused(street, ren.get(back), "state", "login.oidc_state")
    ren.go()
    refused(street, ren.get(back), "state", "login.oidc_state")
    assert thief.get(back).url.path == "/", "the one to whom it was given has lost nothing by that"


def test_one_comes_back_once(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    back = ren.there(ren.go())
    assert ren.get(back).url.path == "/"
    ren.client.cookies.delete("doorline_session")
    page = ren.get(back)
    assert (page.status_code, last_refusal(street)["why"]) == (403, "state")
    assert provider.asked.count("/token") == 1


def test_a_code_is_taken_once_and_only_with_what_it_was_asked_with(street: Street, provider: Provider) -> None:
    """Somebody has got hold of a code of ren, and brings it back as the answer to a question of their own."""
    ren, thief = Traveller(street), Traveller(street)
    codes = []
    for used in (True, False):
        back = ren.there(ren.go())
        codes.append(one_each(urlsplit(back).query)["code"])
        if used:
            ren.get(back)
            street.records.sign_ins.use_oidc("ren", street.clock.now)
    for code in codes:
        state = thief.asked()["state"]
        refused(street, thief.get(f"/login/oidc/back?code={code}&state={state}"), "code")
    assert not thief.is_in


def test_who_takes_too_long_begins_anew(street: Street) -> None:
    ren = Traveller(street)
    back = ren.there(ren.go("/login/oidc?next=/me"))
    street.clock.move(601)
    refused(street, ren.get(back), "state", "login.oidc_state")
    assert ren.sign_in().url.path == "/"


def test_two_tabs_of_one_browser_both_come_back(street: Street) -> None:
    ren = Traveller(street)
    first, second = ren.go("/login/oidc?next=/me"), ren.go("/login/oidc?next=/shops")
    assert ren.get(ren.there(second)).url.path == "/shops"
    ren.client.cookies.delete("doorline_session")
    assert ren.get(ren.there(first)).url.path == "/me"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(street: Street, place: str) -> None:
    page = Traveller(street).sign_in(f"/login/oidc?next={quote(place, safe='')}")
    assert (page.url.host, page.url.path) == ("testserver", "/")


@pytest.mark.parametrize(
    ("announced", "said", "why"),
    [(None, "", ""), (True, "own", ""), (None, "own", ""), (True, "", "issuer"), (None, "https://other.example", "issuer")],
)
def test_another_provider_that_sends_somebody_back(street: Street, provider: Provider, announced: bool | None, said: str, why: str) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": announced}
    provider.names_itself = provider.issuer if said == "own" else said
    ren = Traveller(street)
    page = ren.sign_in()
    assert ren.is_in is not bool(why)
    if why:
        refused(street, page, why)
        assert "/token" not in provider.asked


def test_who_is_not_let_in_there_is_told_so(street: Street, provider: Provider) -> None:
    provider.denies = "access_denied"
    ren = Traveller(street)
    refused(street, ren.sign_in("/login/oidc?next=/me"), "denied", "login.oidc_denied")
    assert last_refusal(street)["found"] == "access_denied"
    page = ren.client.get("/login/oidc/back?error=<script>alert(1)</script>")
    assert "<script>alert" not in page.text
