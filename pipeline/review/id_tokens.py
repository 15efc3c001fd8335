"""What an OpenID provider says of who somebody is (an ID token): signed by it, meant for this console, of now, and the answer to what was
asked (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import GuestProtocol, KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry, decode

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""With the provider's own keys. Never by a shared secret: who has the console's settings could then be anybody."""
_LONGEST_SUBJECT = 255
_LEEWAY_S = 60
"""Two clocks may differ by so much."""
_LONGEST_HEADER = 8192
_RSA_SHORTEST_BITS = 2048


class Why(StrEnum):
    """Why somebody who came back from the provider was not let in; stands in the audit."""

    DENIED = "denied"
    """The provider says that they did not want to, or may not."""
    STATE = "state"
    """Nobody was sent there from this browser, or too long ago, or they came back already."""
    CODE = "code"
    """The provider does not take the code back."""
    MALFORMED = "malformed"
    """What the provider says is no ID token, or lacks something."""
    ALGORITHM = "algorithm"
    KEY = "key"
    """Signed with a key that the provider does not show."""
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    """Meant for somebody else."""
    EXPIRED = "expired"
    CLOCK = "clock"
    """Of a time to come."""
    NONCE = "nonce"
    """The answer to another question."""
    UNKNOWN = "unknown"
    """Nobody has made an account for them."""
    NOT_BY_OIDC = "not_by_oidc"
    """The account of this name is for whoever knows its password."""
    BOUND = "bound"
    """The account of this name is bound to somebody else there."""
    DISABLED = "disabled"


class SignInRefusedError(Exception):
    """Somebody who came back from the provider is not let in."""

    def __init__(self, why: Why, found: str = "") -> None:
        """``found``: what was there instead, for the log; nothing secret. A stranger may have chosen it."""
        self.why = why
        self.found = " ".join(found.split())[:200]
        super().__init__(f"{why.value}: {self.found}" if found else why.value)


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token must say."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    at: datetime


_CLAIMS = {
    "iss": Why.ISSUER,
    "aud": Why.AUDIENCE,
    "azp": Why.AUDIENCE,
    "exp": Why.EXPIRED,
    "iat": Why.CLOCK,
    "nbf": Why.CLOCK,
    "nonce": Why.NONCE,
}


def read_id_token(text: str, keys: Callable[[str | None], KeySet], expected: Expected, algorithms: tuple[str, ...]) -> Mapping[str, Any]:
    """The claims of an ID token; ``sub`` is one, by ``is_subject``.

    Args:
        text: the token, as it came.
        keys: the provider's keys, given the id of the one that is wanted.
        expected: what it must say.
        algorithms: those that may be; of others, and of what is no signature, nothing is believed.

    Raises SignInRefusedError, and what ``keys`` raises.
    """
    claims = _signed_claims(text, keys, algorithms)
    wanted = JWTClaimsRegistry(
        now=int(expected.at.timestamp()),
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected.nonce},
        azp={"essential": _has_several(claims.get("aud")), "value": expected.client_id},
    )
    try:
        wanted.validate(claims)
    except ExpiredTokenError as err:
        raise SignInRefusedError(Why.EXPIRED, str(claims.get("exp"))) from err
    except ClaimError as err:
        why = next((why for claim, why in _CLAIMS.items() if claim in str(err.claim).split(",")), Why.MALFORMED)
        raise SignInRefusedError(why, str(err)) from err
    subject = claims.get("sub")
    if not is_subject(subject):
        raise SignInRefusedError(Why.MALFORMED, "no subject that could be one")
    return claims


def is_subject(value: object) -> bool:
    """Whether a provider may call somebody so: 1 to 255 printable characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_SUBJECT and value.isprintable()


def public_keys(told: Mapping[str, Any]) -> KeySet:
    """The keys of a JWKS that may sign. What can't be read, is short, secret, or for something else is left out. ValueError: no JWKS."""
    listed = told.get("keys")
    if not isinstance(listed, list):
        raise ValueError("no list of keys")
    return KeySet([key for each in listed if isinstance(each, dict) and (key := _public_key(each)) is not None])


def _public_key(told: dict[str, Any]) -> Any:
    if told.get("kty") not in {"RSA", "EC"} or told.get("use", "sig") != "sig":
        return None
    if told["kty"] == "RSA" and len(str(told.get("n", ""))) * 6 < _RSA_SHORTEST_BITS:
        return None
    try:
        return KeySet.registry_cls.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _signed_claims(text: str, keys: Callable[[str | None], KeySet], algorithms: tuple[str, ...]) -> dict[str, Any]:
    if not algorithms:  # to the library, none would be any that it recommends
        raise SignInRefusedError(Why.ALGORITHM, "the provider names none that may be")
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    registry.max_header_length = _LONGEST_HEADER  # some providers put whole certificates there

    def wanted(token: GuestProtocol) -> KeySet:
        kid = token.headers().get("kid")
        return keys(kid if isinstance(kid, str) else None)

    try:
        return decode(text, wanted, registry=registry).claims
    except UnsupportedAlgorithmError as err:
        raise SignInRefusedError(Why.ALGORITHM, str(err)) from err
    except InvalidKeyIdError as err:
        raise SignInRefusedError(Why.KEY, str(err)) from err
    except BadSignatureError as err:
        raise SignInRefusedError(Why.SIGNATURE) from err
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as err:
        raise SignInRefusedError(Why.MALFORMED, f"{type(err).__name__}: {err}") from err


def _has_several(audience: object) -> bool:
    return isinstance(audience, list) and len(audience) > 1
