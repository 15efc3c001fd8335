"""The page on which to log in, where a provider may be used; and logging out."""

from __future__ import annotations

import re

import httpx2

from pipeline.config import Language
from tests.review.asking import Person, form_token
from tests.review.oidc.provider import CLIENT, Provider, coded, one_each
from tests.review.oidc.signing_in import PUBLIC, Traveller, text, told, with_oidc
from tests.review.street import PASSWORD, Street


def test_the_page_offers_both_ways_and_keeps_where_somebody_wanted_to_go(street: Street) -> None:
    page = Traveller(street).get("/cases/0001c0ffee").text
    assert 'href="/login/oidc?next=%2Fcases%2F0001c0ffee"' in page
    assert text(street, "login.sso_enter") in page
    assert 'name="password"' in page
    named = with_oidc(street, label={"zh": "市局统一门户", "en": "City portal"})
    assert "市局统一门户" in Traveller(named).get("/login").text
    english = Traveller(named)
    english.client.cookies.set("doorline_language", "en")
    assert "City portal" in english.get("/login").text
    assert english.asked()["ui_locales"] == "en"


def test_without_the_setting_there_is_nothing_of_it(street: Street) -> None:
    settings = street.console.settings
    off = settings.model_copy(update={"review": settings.review.model_copy(update={"oidc": None})})
    plain = Street(
        type(street.console)(off, street.records, street.console.shops_at_start, street.clock), street.clock, [], street.evidence
    )
    somebody = Traveller(plain)
    assert "oidc" not in somebody.get("/login").text
    for place in ("/login/oidc", "/login/oidc/back?code=a&state=b"):
        assert somebody.go(place).status_code == 404
    ou = Person(plain, "ou")
    assert "oidc" not in ou.get("/accounts").text
    assert "oidc" not in ou.get("/accounts/lu").text
    assert plain.console.sso(Language.ZH) == ""


def test_where_only_the_provider_counts_no_password_is_asked_for_or_taken(street: Street) -> None:
    only = with_oidc(street, only=True)
    lu = Person(only)
    page = lu.get("/login")
    assert 'name="password"' not in page.text
    answer = lu.client.post("/login", data={"form_token": form_token(page), "name": "lu", "password": PASSWORD})
    assert answer.status_code == 403
    assert text(only, "login.only_oidc") in answer.text
    assert not Traveller(only).is_in
    ren = Traveller(only)
    ren.sign_in()
    assert ren.is_in


def test_where_only_the_provider_counts_and_it_is_away_nobody_is_sent_to_a_password(street: Street, provider: Provider) -> None:
    provider.broken = {"/.well-known/openid-configuration": (500, b"")}
    page = Traveller(with_oidc(street, only=True)).go()
    assert page.status_code == 503
    assert text(street, "login.by_password") not in page.text


def test_what_leads_to_the_provider_is_a_link_and_forms_stay_within_the_console(street: Street) -> None:
    page = Traveller(street).get("/login")
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert re.search(r'<a [^>]*href="/login/oidc\?', page.text)
    assert set(re.findall(r'<form [^>]*action="([^"]+)"', page.text)) == {"/login", "/language"}


def leave(ren: Traveller) -> httpx2.Response:
    return ren.client.post("/logout", data={"form_token": form_token(ren.get("/me"))}, follow_redirects=False)


def way_out(page: httpx2.Response) -> str:
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1].replace("&amp;", "&")


def test_who_logs_out_here_is_logged_out_there(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    ren.sign_in()
    page = leave(ren)
    assert page.status_code == 200
    assert not ren.is_in
    address, _, query = way_out(page).partition("?")
    asked = one_each(query)
    assert address == f"{provider.issuer}/end_session"
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == (CLIENT, f"{PUBLIC}/login")
    header, _, _ = asked["id_token_hint"].split(".")
    assert header == coded(b'{"alg": "RS256", "typ": "JWT", "kid": "first"}')
    assert "form-action 'self'" in page.headers["content-security-policy"], "no form leads there, the page does"
    assert "no-store" in page.headers["cache-control"]
    assert told(street)[-1].did == "session/ended"


def test_a_token_that_no_address_could_hold_is_left_out(street: Street, provider: Provider) -> None:
    provider.claims = {"groups": [f"group-{number}" for number in range(500)]}
    ren = Traveller(street)
    ren.sign_in()
    asked = one_each(way_out(leave(ren)).partition("?")[2])
    assert set(asked) == {"client_id", "post_logout_redirect_uri"}


def test_where_the_provider_has_no_way_out_one_is_logged_out_here(street: Street, provider: Provider) -> None:
    provider.metadata = {"end_session_endpoint": None}
    ren = Traveller(street)
    ren.sign_in()
    answer = leave(ren)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert not ren.is_in


def test_one_is_logged_out_here_whatever_becomes_of_the_provider(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    ren.sign_in()
    provider.broken = {"/.well-known/openid-configuration": (500, b"")}
    street.clock.move(59 * 60)
    assert ren.is_in
    street.clock.move(2 * 60)
    answer = leave(ren)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert not ren.is_in


def test_who_has_given_a_password_is_not_sent_anywhere(street: Street) -> None:
    lu = Traveller(street)
    page = lu.get("/login")
    lu.client.post("/login", data={"form_token": form_token(page), "name": "lu", "password": PASSWORD})
    answer = leave(lu)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
