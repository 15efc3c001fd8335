"""ID tokens and keys by themselves: other algorithms, broken keys, and whatever somebody may send."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet

from pipeline.review.id_tokens import ALGORITHMS, Expected, SignInRefusedError, Why, is_subject, public_keys, read_id_token
from tests.review.oidc.provider import coded, key, unsigned

NOW = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)
EXPECTED = Expected("https://sso.example", "doorline", "nonce", NOW)
CLAIMS = {"iss": "https://sso.example", "aud": "doorline", "nonce": "nonce", "iat": 1706665337, "exp": 1706665637, "sub": "7"}
PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


def read(token: str, *shown: dict[str, Any], algorithms: tuple[str, ...] = ALGORITHMS) -> dict[str, Any]:
    keys = public_keys({"keys": list(shown)})
    return dict(read_id_token(token, lambda kid: keys, EXPECTED, algorithms))


def why(token: str, *shown: dict[str, Any], algorithms: tuple[str, ...] = ALGORITHMS) -> Why:
    with pytest.raises(SignInRefusedError) as caught:
        read(token, *shown, algorithms=algorithms)
    return caught.value.why


def rsa_pss() -> tuple[str, dict[str, Any]]:
    signing = key("first")
    text = unsigned({"alg": "PS256", "kid": "first"}, CLAIMS)
    return f"{text}.{coded(signing.private.sign(text.encode(), PSS, hashes.SHA256()))}", signing.public | {"alg": "PS256"}


def elliptic() -> tuple[str, dict[str, Any]]:
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (coded(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    text = unsigned({"alg": "ES256", "kid": "curve"}, CLAIMS)
    signature = decode_dss_signature(private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    signed = b"".join(number.to_bytes(32, "big") for number in signature)
    return f"{text}.{coded(signed)}", {"kty": "EC", "crv": "P-256", "kid": "curve", "x": x, "y": y}


def test_other_ways_to_sign() -> None:
    for token, shown in (rsa_pss(), elliptic()):
        assert read(token, shown) == CLAIMS
        assert why(token[:-8] + "AAAAAAAA", shown) in {Why.SIGNATURE, Why.MALFORMED}
        assert why(token, shown, algorithms=("RS256",)) is Why.ALGORITHM
        assert why(token, shown, algorithms=()) is Why.ALGORITHM


def test_a_key_signs_by_its_own_kind_of_algorithm_alone() -> None:
    token, shown = elliptic()
    assert why(token, key("first").public | {"kid": "curve", "alg": "ES256"}) in {Why.MALFORMED, Why.KEY, Why.SIGNATURE}
    assert why(token, shown | {"alg": "ES384"}) is Why.KEY


def test_without_a_name_the_only_key_is_meant() -> None:
    token = key("first").sign({"alg": "RS256"}, CLAIMS)
    assert read(token, key("first").public) == CLAIMS
    assert why(token, key("first").public, key("second").public) is Why.KEY
    assert why(token) is Why.KEY


@pytest.mark.parametrize(
    "shown",
    [
        key("short", 1024).public,
        key("first").public | {"use": "enc"},
        key("first").public | {"n": "?"},
        key("first").public | {"n": None},
        key("first").public | {"e": ""},
        {"kty": "RSA"},
        {"kty": "oct", "k": coded(b"x" * 32), "kid": "first"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "no curve", "x": "AA", "y": "AA"},
        {"kty": "AKP", "alg": "ML-DSA-44"},
        {},
        "key",
        None,
    ],
)
def test_keys_that_can_not_sign_are_left_out_and_the_others_count(shown: Any) -> None:
    assert [each.kid for each in public_keys({"keys": [shown, key("second").public]})] == ["second"]
    assert read(key("second").sign({"alg": "RS256", "kid": "second"}, CLAIMS), shown, key("second").public) == CLAIMS


@pytest.mark.parametrize("told", [{}, {"keys": None}, {"keys": {}}, {"keys": "first"}])
def test_what_holds_no_keys(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no list of keys"):
        public_keys(told)


def test_headers_may_be_long_and_say_what_we_do_not_know() -> None:
    header = {"alg": "RS256", "kid": "first", "x5c": ["A" * 4000], "x5t": "AA", "realm": "bureau"}
    assert read(key("first").sign(header, CLAIMS), key("first").public) == CLAIMS


@pytest.mark.parametrize(("value", "can_be"), [("7", True), ("李娜", True), ("x" * 255, True), ("", False), ("x" * 256, False), (7, False)])
def test_what_somebody_can_be_called(value: object, can_be: bool) -> None:
    assert is_subject(value) is can_be


def test_time_is_the_console_s() -> None:
    token = key("first").sign({"alg": "RS256", "kid": "first"}, CLAIMS)
    keys = KeySet(list(public_keys({"keys": [key("first").public]})))
    for seconds, fault in ((-61, Why.CLOCK), (-60, None), (0, None), (359, None), (360, Why.EXPIRED)):
        expected = replace(EXPECTED, at=NOW + timedelta(seconds=seconds))
        if fault is None:
            read_id_token(token, lambda kid: keys, expected, ALGORITHMS)
        else:
            with pytest.raises(SignInRefusedError, match=fault.value):
                read_id_token(token, lambda kid: keys, expected, ALGORITHMS)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
HEADERS = st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "x5c"]) | st.text(), JSON | st.sampled_from(ALGORITHMS))


@given(header=HEADERS, claims=st.dictionaries(st.sampled_from(list(CLAIMS)) | st.text(), JSON))
def test_whatever_is_signed_it_is_read_or_refused(header: dict[str, Any], claims: dict[str, Any]) -> None:
    token = key("first").sign({"alg": "RS256", "kid": "first"} | header, CLAIMS | claims)
    assert "\n" not in read_or_refused(token)


def read_or_refused(token: str) -> str:
    """Who that is, or why that is nobody; any other error is raised."""
    try:
        return str(read(token, key("first").public)["sub"])
    except SignInRefusedError as err:
        return str(err)


@given(st.text() | st.lists(st.binary().map(coded), min_size=2, max_size=5).map(".".join) | JSON.map(json.dumps))
def test_whatever_comes_in_place_of_a_token_is_refused(text: str) -> None:
    with pytest.raises(SignInRefusedError):
        read(text, key("first").public)
