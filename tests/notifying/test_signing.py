"""Who does not know the secret can't make a signature, and an old one is worth nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.notifying import sign, verify

AT = datetime(2024, 1, 31, 1, 52, 40, 900_000, tzinfo=UTC)
SECRETS = st.text(min_size=1)
BODIES = st.binary()
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def test_the_signature_is_what_openssl_computes() -> None:
    # printf '1706665960.{"a":1}' | openssl dgst -sha256 -hmac s3cret
    expected = "290e9fb78e52ca6572cd89fb036e8a7717f37954e8ae8ba80b54a782a66278de"
    assert sign("s3cret", b'{"a":1}', AT) == f"t=1706665960,v1={expected}"


@given(SECRETS, BODIES, TIMES, st.floats(-299, 299))
def test_what_was_signed_is_genuine_within_the_window(secret: str, body: bytes, at: datetime, off_s: float) -> None:
    assert verify(secret, body, sign(secret, body, at), at.replace(microsecond=0) + timedelta(seconds=off_s))


@given(SECRETS, BODIES, TIMES, st.one_of(st.floats(-1e6, -302), st.floats(302, 1e6)))
def test_outside_the_window_it_is_not(secret: str, body: bytes, at: datetime, off_s: float) -> None:
    assert not verify(secret, body, sign(secret, body, at), at + timedelta(seconds=off_s))


@given(SECRETS, SECRETS, BODIES, BODIES, TIMES)
def test_another_secret_or_body_is_found_out(secret: str, other: str, body: bytes, changed: bytes, at: datetime) -> None:
    header = sign(secret, body, at)
    if secret.rstrip("\0") != other.rstrip("\0"):  # HMAC fills short keys up with zeros
        assert not verify(other, body, header, at)
    if body != changed:
        assert not verify(secret, changed, header, at)


@given(BODIES, TIMES, st.integers(-10_000, 10_000).filter(bool))
def test_the_time_is_signed_too(body: bytes, at: datetime, off_s: int) -> None:
    stamp, digest = sign("s3cret", body, at).split(",")
    moved = f"t={int(stamp.removeprefix('t=')) + off_s},{digest}"
    assert not verify("s3cret", body, moved, at + timedelta(seconds=off_s))


@given(st.text(), BODIES)
def test_any_header_is_judged_without_an_error(header: str, body: bytes) -> None:
    assert not verify("s3cret", body, header, AT)


@pytest.mark.parametrize("form", ["", "{0},v1={1}", " {0}", "{0}\n", "v1={1}", "{1}"])
def test_another_form_is_refused(form: str) -> None:
    header = sign("s3cret", b"{}", AT)
    assert not verify("s3cret", b"{}", form.format(header, header[-64:]), AT)


def test_without_a_secret_nothing_is_signed_or_genuine() -> None:
    with pytest.raises(ValueError, match="no secret"):
        sign("", b"{}", AT)
    assert not verify("", b"{}", sign("x", b"{}", AT), AT)
