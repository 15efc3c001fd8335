"""Signing in by an OpenID provider: who gets in, and what is asked for that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.cases import CaseRole
from tests.review.oidc.provider import CLIENT, SECRET, Provider
from tests.review.oidc.signing_in import PUBLIC, Traveller, account, refused, told, with_oidc
from tests.review.street import Street


def test_who_has_an_account_for_it_gets_in_and_is_bound_to_it(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    page = ren.sign_in("/login/oidc?next=/me")
    assert (page.status_code, page.url.path) == (200, "/me")
    assert "任初审" in page.text
    assert account(street, "ren").oidc_subject == "7f3a-ren"
    bound, begun = told(street)[:2]
    assert (bound.did, bound.account, bound.subject) == ("account/bound", "ren", "account/ren")
    assert dict(bound.detail) == {"issuer": provider.issuer, "subject": "7f3a-ren"}
    assert (begun.did, begun.account, dict(begun.detail)) == ("session/begun", "ren", {"by": "oidc"})


def test_from_then_on_the_subject_counts_and_no_name(street: Street, provider: Provider) -> None:
    Traveller(street).sign_in()
    provider.person |= {"preferred_username": "ren.renamed"}
    ren = Traveller(street)
    ren.sign_in()
    assert ren.is_in
    assert [row.did for row in told(street)] == ["account/bound", "session/begun", "session/begun"]


def test_what_somebody_may_do_stands_in_the_account_and_nowhere_else(street: Street, provider: Provider) -> None:
    provider.person |= {"roles": ["operator"], "groups": ["operator"], "realm_access": {"roles": ["operator"]}}
    ren = Traveller(street)
    ren.sign_in()
    assert ren.get("/accounts").status_code == 403
    street.records.accounts.change("ren", roles=(CaseRole.OPERATOR,))
    assert ren.get("/accounts").status_code == 200


def test_a_session_lasts_as_long_as_one_by_password(street: Street) -> None:
    ren = Traveller(street)
    ren.sign_in()
    street.clock.move(61 * 60)
    assert not ren.is_in
    ren.sign_in()
    street.records.accounts.disable("ren", street.clock.now)
    assert not ren.is_in


def test_what_the_provider_is_asked(street: Street) -> None:
    first, second = (Traveller(street).asked() for _ in range(2))
    assert {
        name: first[name] for name in ("response_type", "client_id", "redirect_uri", "scope", "code_challenge_method", "ui_locales")
    } == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{PUBLIC}/login/oidc/back",
        "scope": "openid profile",
        "code_challenge_method": "S256",
        "ui_locales": "zh-CN",
    }
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43, "256 bits"
        assert first[name] != second[name]
    assert len({first["state"], first["nonce"], first["code_challenge"]}) == 3
    assert "prompt" not in first
    assert Traveller(street).asked("/login/oidc?again=1")["prompt"] == "login"


def test_a_provider_whose_address_has_a_query_keeps_it(street: Street, provider: Provider) -> None:
    provider.metadata = {"authorization_endpoint": f"{provider.issuer}/authorization?policy=street"}
    asked = Traveller(street).asked()
    assert (asked["policy"], asked["client_id"]) == ("street", CLIENT)


@pytest.mark.parametrize(
    ("offered", "secret", "proof"),
    [
        (None, SECRET, "basic"),
        (["client_secret_basic", "client_secret_post"], SECRET, "basic"),
        (["client_secret_post"], SECRET, "form"),
        (["none"], "", "none"),
    ],
)
def test_the_console_proves_itself_as_the_provider_wants_it(
    street: Street, provider: Provider, offered: list[str] | None, secret: str, proof: str
) -> None:
    provider.metadata, provider.secret = {"token_endpoint_auth_methods_supported": offered}, secret
    ren = Traveller(with_oidc(street, client_secret=secret))
    ren.sign_in()
    assert ren.is_in
    assert provider.proofs == [proof]


def test_a_name_that_the_id_token_lacks_is_asked_for(street: Street, provider: Provider) -> None:
    provider.claims_at_userinfo = provider.person
    ren = Traveller(street)
    ren.sign_in()
    assert ren.is_in
    Traveller(street).sign_in()
    assert provider.asked.count("/userinfo") == 1, "who is bound needs no name"


def test_two_people_in_one_answer_are_nobody(street: Street, provider: Provider) -> None:
    provider.claims_at_userinfo = {"sub": "somebody-else", "preferred_username": "ren"}
    refused(street, Traveller(street).sign_in(), "malformed")


def test_another_claim_may_hold_the_name(street: Street, provider: Provider) -> None:
    provider.person |= {"preferred_username": "nobody", "employee": "ren"}
    ren = Traveller(with_oidc(street, name_claim="employee"))
    ren.sign_in()
    assert ren.is_in


def test_who_is_in_already_is_not_sent_away(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    ren.sign_in()
    answer = ren.go("/login/oidc?next=/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_what_marks_the_browser_is_out_of_the_reach_of_scripts_and_other_pages(street: Street, behind_proxy: bool) -> None:
    review = street.console.settings.review.model_copy(update={"behind_proxy": behind_proxy})
    settings = street.console.settings.model_copy(update={"review": review})
    answer = Traveller(replace(street, console=replace(street.console, settings=settings))).go()
    mark = answer.headers["set-cookie"]
    assert mark.startswith("doorline_sign_in=")
    for part in ("HttpOnly", "Max-Age=600", "Path=/login/oidc", "SameSite=lax"):
        assert part in mark
    assert ("Secure" in mark) is behind_proxy
