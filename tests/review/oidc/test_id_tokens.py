"""What the provider says, or seems to say, of who somebody is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.review.app import create_app
from tests.review.oidc.provider import CLIENT, SECRET, Provider, by_secret, key, pem, unsigned
from tests.review.oidc.signing_in import Traveller, last_refusal, refused, text, told
from tests.review.street import Street


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "expired"),
        ({"iat": 4_000_000_000}, "clock"),
        ({"iat": None}, "clock"),
        ({"nbf": 4_000_000_000}, "clock"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["another"]}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": [CLIENT, "another"]}, "audience"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"iss": "https://other.example"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "malformed"),
        ({"sub": 7}, "malformed"),
        ({"sub": "x" * 256}, "malformed"),
        ({"sub": "a\nb"}, "malformed"),
    ],
)
def test_an_id_token_that_says_something_else(street: Street, provider: Provider, claims: dict[str, Any], why: str) -> None:
    provider.claims = claims
    refused(street, Traveller(street).sign_in(), why)


def test_an_id_token_for_several_is_ours_where_it_says_so(street: Street, provider: Provider) -> None:
    provider.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    ren = Traveller(street)
    ren.sign_in()
    assert ren.is_in


@pytest.mark.parametrize(("seconds", "gets_in"), [(-59, True), (-61, False)])
def test_clocks_may_differ_by_a_minute(street: Street, provider: Provider, seconds: int, gets_in: bool) -> None:
    provider.claims = {"exp": int(street.clock.now.timestamp()) + seconds}
    ren = Traveller(street)
    ren.sign_in()
    assert ren.is_in is gets_in


FORGED: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], str], str]] = {
    "none": (lambda header, claims: unsigned(header | {"alg": "none"}, claims) + ".", "algorithm"),
    "None": (lambda header, claims: unsigned(header | {"alg": "None"}, claims) + ".", "algorithm"),
    "no algorithm": (lambda header, claims: unsigned({"kid": "first"}, claims) + ".", "malformed"),
    "by our secret": (lambda header, claims: by_secret(SECRET.encode(), header, claims), "algorithm"),
    "by its public key": (lambda header, claims: by_secret(pem(key("first")), header, claims), "algorithm"),
    "by another key of that name": (lambda header, claims: key("other").sign(header, claims), "signature"),
    "without a signature": (lambda header, claims: unsigned(header, claims) + ".", "signature"),
    "another body": (lambda header, claims: _with_body(key("first").sign(header, claims | {"sub": "x"}), claims), "signature"),
    "by a key that it brings along": (
        lambda header, claims: key("other").sign(header | {"jwk": key("other").public, "kid": "other"}, claims),
        "key",
    ),
    "a critical header that nobody knows": (
        lambda header, claims: key("first").sign(header | {"crit": ["x"], "x": 1}, claims),
        "malformed",
    ),
    "no token": (lambda header, claims: "no token", "malformed"),
    "no claims": (lambda header, claims: _with_body(key("first").sign(header, claims), [1]), "signature"),
    "signed nonsense": (lambda header, claims: key("first").sign(header, [claims]), "malformed"),  # type: ignore[arg-type]  # the point of it
}


def _with_body(token: str, claims: object) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{unsigned({}, claims).partition('.')[2]}.{signature}"  # type: ignore[arg-type]  # the point of it


@pytest.mark.parametrize("name", FORGED)
def test_what_the_provider_has_not_signed_proves_nothing(street: Street, provider: Provider, name: str) -> None:
    provider.sign, why = FORGED[name]
    refused(street, Traveller(street).sign_in(), why)


def test_what_the_provider_does_not_sign_with_is_not_taken(street: Street, provider: Provider) -> None:
    provider.metadata = {"id_token_signing_alg_values_supported": ["ES256"]}
    refused(street, Traveller(street).sign_in(), "algorithm")
    provider.metadata = {"id_token_signing_alg_values_supported": ["HS256", "none"]}
    street.clock.move(3601)
    refused(street, Traveller(street).sign_in(), "algorithm")


def test_a_key_that_is_new_is_looked_for_once(street: Street, provider: Provider) -> None:
    app = create_app(street.console)
    Traveller(street, app).sign_in()
    provider.signing = key("second")
    ren = Traveller(street, app)
    ren.sign_in()
    assert ren.is_in, "the provider has changed its key"
    assert provider.asked.count("/jwks") == 2
    provider.shown, provider.signing = [key("second")], key("third")
    for _ in range(3):
        assert Traveller(street, app).sign_in().status_code == 403
        assert last_refusal(street)["why"] == "key"
    assert provider.asked.count("/jwks") == 2, "not asked again and again for what is nowhere"
    street.clock.move(31)
    assert Traveller(street, app).sign_in().status_code == 403
    assert provider.asked.count("/jwks") == 3


def test_a_key_that_is_gone_holds_no_more_after_an_hour(street: Street, provider: Provider) -> None:
    app = create_app(street.console)
    Traveller(street, app).sign_in()
    provider.shown = [key("second")]
    assert Traveller(street, app).sign_in().status_code == 200
    street.clock.move(3601)
    assert Traveller(street, app).sign_in().status_code == 403
    assert last_refusal(street)["why"] == "key"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (404, b"")),
        ("/.well-known/openid-configuration", (500, b"")),
        ("/.well-known/openid-configuration", (302, b"")),
        ("/.well-known/openid-configuration", (200, b"<html>")),
        ("/.well-known/openid-configuration", (200, b"[]")),
        ("/.well-known/openid-configuration", (200, b"[" * 100_000)),
        ("/.well-known/openid-configuration", (200, b"{}")),
        ("/token", (500, b"")),
        ("/token", (200, b"ok")),
        ("/token", (401, b"who?")),
        ("/token", (400, b"[]")),
        ("/jwks", (404, b"")),
        ("/jwks", (200, b'{"keys": 3}')),
    ],
)
def test_a_provider_that_makes_no_sense_is_told_as_one_that_is_away(
    street: Street, provider: Provider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.broken = {path: answer}
    ren = Traveller(street)
    page = ren.go()
    if path != "/.well-known/openid-configuration":
        page = ren.get(ren.there(page))
    assert page.status_code == 503
    assert text(street, "login.oidc_down") in page.text
    assert text(street, "login.by_password") in page.text


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": ["x"]},
        {"end_session_endpoint": "http://10.0.0.1/out"},
        {"id_token_signing_alg_values_supported": "RS256"},
    ],
)
def test_a_provider_that_offers_what_is_not_safe_is_not_used(street: Street, provider: Provider, metadata: dict[str, Any]) -> None:
    provider.metadata = metadata
    assert Traveller(street).go().status_code == 503


def test_a_wrong_secret_is_said_in_the_log_in_one_line(street: Street, provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    provider.secret = "another"
    assert Traveller(street).sign_in().status_code == 503
    (record,) = [record for record in caplog.records if record.name == "pipeline.review.oidc_entering"]
    assert "the provider refuses the console" in record.getMessage()
    assert "invalid_client. Check review.oidc.client_id and client_secret" in record.getMessage()
    assert SECRET not in caplog.text


def test_nothing_secret_is_kept_where_people_look(street: Street, provider: Provider) -> None:
    ren = Traveller(street)
    ren.sign_in()
    provider.claims = {"nonce": "another"}
    Traveller(street).sign_in()
    seen = str(told(street)) + ren.get("/me").text + repr(street.console.settings) + repr(street.records.accounts.list())
    for secret in (*provider.codes, SECRET, "for userinfo", "eyJ"):
        assert secret not in seen
