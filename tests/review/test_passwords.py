"""Passwords: the right one is right, any other is wrong, and neither costs less than the other."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.review import passwords
from pipeline.review.passwords import HASHER, Verified, hash_password, verify

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
RIGHT = "correct horse"


def test_what_is_hashed_by_default_is_argon2id_as_the_rfc_recommends() -> None:
    known = hash_password(RIGHT)
    assert known.startswith("$argon2id$")
    assert extract_parameters(known) == RFC_9106_LOW_MEMORY
    assert verify(known, RIGHT) is Verified.RIGHT
    assert verify(known, RIGHT.upper()) is Verified.WRONG
    assert verify(None, RIGHT) is Verified.WRONG


@given(st.text(min_size=10, max_size=40), st.text(max_size=40))
def test_a_password_fits_its_own_hash_only(text: str, other: str) -> None:
    known = hash_password(text, CHEAP)
    assert text not in known
    assert verify(known, text, CHEAP) is Verified.RIGHT
    same = passwords._password(text) == passwords._password(other)
    assert verify(known, other, CHEAP) is (Verified.RIGHT if same else Verified.WRONG)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(RIGHT, CHEAP) != hash_password(RIGHT, CHEAP)


def test_a_password_is_the_same_however_it_was_composed() -> None:
    assert verify(hash_password("ｍｏｎｋｅｙ ｃａｆé", CHEAP), "monkey cafe\u0301", CHEAP) is Verified.RIGHT


@pytest.mark.parametrize("length", [10, 200])
def test_passwords_of_every_allowed_length_are_taken_whole(length: int) -> None:
    known = hash_password("密" * length, CHEAP)
    assert verify(known, "密" * length, CHEAP) is Verified.RIGHT
    assert verify(known, "密" * (length - 1), CHEAP) is Verified.WRONG
    assert verify(known, "密" * (length + 1), CHEAP) is Verified.WRONG


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a password has 10 characters or more; this one has 0"),
        ("密" * 9, "a password has 10 characters or more; this one has 9"),
        ("a" * 201, "a password has at most 200 characters; this one has 201"),
    ],
)
def test_too_short_and_too_long_passwords_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        hash_password(text, CHEAP)


@pytest.mark.parametrize("today", [PasswordHasher(time_cost=2, memory_cost=8, parallelism=1), HASHER])
def test_a_hash_of_other_parameters_is_right_but_old(today: PasswordHasher) -> None:
    known = hash_password(RIGHT, CHEAP)
    assert verify(known, RIGHT, today) is Verified.RIGHT_BUT_OLD
    assert verify(known, "wrong horse", today) is Verified.WRONG


class Counting(PasswordHasher):
    """Remembers the parameters of each comparison."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=16, parallelism=1)
        self.compared: list[object] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.compared.append(extract_parameters(str(hash)))
        return bool(super().verify(hash, password))


@pytest.mark.parametrize("known", [None, ""])
def test_where_there_is_no_account_the_effort_is_the_same(known: str | None) -> None:
    hasher = Counting()
    real = hash_password(RIGHT, hasher)
    answers = [verify(real, "wrong horse", hasher), verify(known, RIGHT, hasher), verify(real, "x" * 10_000, hasher)]
    assert answers == [Verified.WRONG] * 3
    assert hasher.compared == [extract_parameters(real)] * 3


def test_text_that_is_no_unicode_is_wrong_and_no_failure() -> None:
    assert verify(hash_password(RIGHT, CHEAP), "\ud800\udfff\0", CHEAP) is Verified.WRONG


@pytest.mark.parametrize("known", ["hash", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_damaged_hash_is_told_as_such(known: str) -> None:
    with pytest.raises(RecordError, match="the password cannot be compared; expected an argon2id hash"):
        verify(known, RIGHT, CHEAP)
