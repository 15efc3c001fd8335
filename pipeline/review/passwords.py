"""Passwords as argon2id hashes."""

from __future__ import annotations

import base64
import unicodedata
from enum import Enum, auto

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from pipeline.errors import PipelineError, RecordError

SHORTEST, LONGEST = 10, 200
"""Characters of a password."""
# RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes. Spelled out so that they change only where we mean it.
HASHER = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4, hash_len=32, salt_len=16)


class Verified(Enum):
    """What a password turned out to be."""

    RIGHT = auto()
    WRONG = auto()
    RIGHT_BUT_OLD = auto()
    """Right, but hashed with other parameters than today's: hash it anew."""


def hash_password(text: str, hasher: PasswordHasher = HASHER) -> str:
    """The hash, in the usual form that names its parameters. ValueError for a password that is too short or too long."""
    password = _password(text)
    if len(password) < SHORTEST:
        raise ValueError(f"a password has {SHORTEST} characters or more; this one has {len(password)}")
    if len(password) > LONGEST:
        raise ValueError(f"a password has at most {LONGEST} characters; this one has {len(password)}")
    try:
        return hasher.hash(_bytes(password))
    except HashingError as err:
        raise PipelineError("the password cannot be hashed", found=str(err)) from err


def verify(known: str | None, text: str, hasher: PasswordHasher = HASHER) -> Verified:
    """Compare a password with the hash of an account.

    Where there is no account (None), no password ("") or far too much text, it is WRONG after the same effort: how long the
    answer takes tells nobody which names exist.

    Raises:
        RecordError: ``known`` is no hash of a password, or there is no memory to compute one.
    """
    password = _password(text)
    if not known or len(password) > LONGEST:
        known, password = _matching_nothing(hasher), password[:LONGEST]
    try:
        hasher.verify(known, _bytes(password))
    except VerifyMismatchError:
        return Verified.WRONG
    except (InvalidHashError, VerificationError) as err:
        hint = "Give the account another password with doorline accounts password"
        raise RecordError("the password cannot be compared", expected="an argon2id hash", found=str(err), hint=hint) from err
    return Verified.RIGHT_BUT_OLD if hasher.check_needs_rehash(known) else Verified.RIGHT


def _password(text: str) -> str:
    """The same password, whichever way a keyboard or input method composes its characters."""
    return unicodedata.normalize("NFKC", text)


def _bytes(password: str) -> bytes:
    # Lone surrogates can reach us through JSON and terminals; they are to be wrong, no failure.
    return password.encode("utf-8", "surrogatepass")


def _matching_nothing(hasher: PasswordHasher) -> str:
    """A hash with the parameters of today whose digest is all zeros: comparing with it takes as long as with any other."""
    salt, digest = (base64.b64encode(bytes(length)).decode().rstrip("=") for length in (hasher.salt_len, hasher.hash_len))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${digest}"
