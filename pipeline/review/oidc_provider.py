"""The OpenID provider, as the console talks to it: what it offers, its keys, and who somebody is that comes back from it."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from joserfc.jwk import KeySet

from pipeline.addresses import is_safe_on_the_way
from pipeline.config import OidcSettings
from pipeline.errors import PipelineError
from pipeline.http_exchange import HttpAnswer, HttpRequest, NoAnswerError, UnreachableError, exchange
from pipeline.review.id_tokens import ALGORITHMS, Expected, SignInRefusedError, Why, public_keys, read_id_token

BACK = "/login/oidc/back"
"""Where people come back to from the provider."""
AT_HAND = timedelta(minutes=1)
"""Before somebody is sent there, it must have answered within so much time: else the browser would say that nobody is there, not we."""
AT_ALL = timedelta(hours=1)
_RETRY = timedelta(seconds=10)
"""Who does not answer is not asked again before that, whoever wants to: else all would wait."""
_LOOK_FOR_KEYS = timedelta(seconds=30)
"""Unknown keys are looked for no more often."""
_DISCOVERY = "/.well-known/openid-configuration"
_LOG = logging.getLogger(__name__)


class ProviderError(PipelineError):
    """The provider does not answer, or not as a provider does."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider offers. Addresses are safe on the way; "" where it has none."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    algorithms: tuple[str, ...]
    """Those of ALGORITHMS that it signs with."""
    secret_in_form: bool
    """It wants the secret of a client in the form alone."""
    names_itself: bool
    """Whoever comes back brings the name of the provider with them (RFC 9207)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the provider knows them."""

    subject: str
    """The same person, the same subject, for good."""
    name: str
    """What they are called there, by ``name_claim``; "" where it has not said."""
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)
    """With which it says more of them."""


class Provider:
    """One provider. Any thread may call; every call takes no longer than a few times ``timeout_s``."""

    def __init__(self, settings: OidcSettings, redirect_uri: str, now: Callable[[], datetime]) -> None:
        """Nothing is asked yet.

        Args:
            settings: hold the secret, which is shown nowhere.
            redirect_uri: where people come back to.
            now: the clock, aware.
        """
        self.settings = settings
        self.redirect_uri = redirect_uri
        self._now = now
        self._lock = Lock()
        self._offer: tuple[Offer, datetime] | None = None
        self._fault: tuple[ProviderError, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None
        self._looked_at: datetime | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it did not answer a moment ago."""
        fault = self._fault
        return fault is not None and self._now() - fault[1] < _RETRY

    def offer(self, within: timedelta = AT_ALL) -> Offer:
        """What it offers, as it said so long ago at most. Raises ProviderError."""
        with self._lock:
            if self._offer is not None and self._now() - self._offer[1] < within:
                return self._offer[0]
            if self._fault is not None and self.is_silent:
                raise _again(self._fault[0])
            try:
                found = _offer_of(self._told(self.settings.issuer.rstrip("/") + _DISCOVERY), self.settings.issuer)
            except ProviderError as err:
                self._fault = (err, self._now())
                _LOG.error("%s", err)
                raise
            self._fault, self._offer = None, (found, self._now())
            return found

    def way_there(self, state: str, nonce: str, verifier: str, *, language: str, again: bool) -> str:
        """The address to send somebody to, who comes back with ``state`` and a code.

        ``language`` is what its pages should speak (BCP 47); ``again``: it asks who they are even where it thinks to know. ProviderError.
        """
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.settings.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": _without_padding(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        return _with_query(self.offer(AT_HAND).authorization, asked | ({"prompt": "login"} if again else {}))

    def way_out(self, id_token: str, back: str) -> str:
        """The address that ends somebody's session there and leads ``back``; "" where it has none, or is silent."""
        try:
            end = self.offer().end_session
        except ProviderError:
            return ""
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return _with_query(end, asked | ({"id_token_hint": id_token} if id_token else {})) if end else ""

    def person(self, code: str, verifier: str, nonce: str) -> Person:
        """Who somebody is that came back with this code. Raises SignInRefusedError, ProviderError."""
        offer = self.offer()
        told = self._redeem(offer, code, verifier)
        id_token = told.get("id_token")
        if not isinstance(id_token, str):
            raise SignInRefusedError(Why.MALFORMED, "no ID token")
        expected = Expected(self.settings.issuer, self.settings.client_id, nonce, self._now())
        claims = read_id_token(id_token, lambda kid: self._keys_with(offer, kid), expected, offer.algorithms)
        return Person(claims["sub"], self._name_in(claims), id_token, str(told.get("access_token", "")))

    def named(self, person: Person) -> Person:
        """The same person with their name, where the ID token lacked it and the provider tells. SignInRefusedError, ProviderError."""
        offer = self.offer()
        if person.name or not offer.userinfo:
            return person
        told = _json_of(self._ask(offer.userinfo, {"Authorization": f"Bearer {person.access_token}"}), offer.userinfo)
        if told.get("sub") != person.subject:
            raise SignInRefusedError(Why.MALFORMED, "the provider speaks of two people")
        return replace(person, name=self._name_in(told))

    # --- what is asked -------------------------------------------------------------------------------------

    def _redeem(self, offer: Offer, code: str, verifier: str) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri, "code_verifier": verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        client, secret = self.settings.client_id, self.settings.client_secret
        if secret and not offer.secret_in_form:
            proof = base64.b64encode(f"{quote_plus(client)}:{quote_plus(secret)}".encode()).decode()
            headers["Authorization"] = f"Basic {proof}"
        else:
            form |= {"client_id": client} | ({"client_secret": secret} if secret else {})
        answer = self._ask(offer.token, headers, urlencode(form).encode())
        if answer.status not in {400, 401, 403}:
            return _json_of(answer, offer.token)
        fault = _fault_of(answer)
        if fault == "invalid_grant":
            raise SignInRefusedError(Why.CODE)
        hint = "Check review.oidc.client_id and client_secret, and the redirect address that the provider allows"
        raise ProviderError("the provider refuses the console", where=offer.token, found=fault or str(answer.status), hint=hint)

    def _name_in(self, claims: Mapping[str, Any]) -> str:
        name = claims.get(self.settings.name_claim)
        return name if isinstance(name, str) else ""

    def _keys_with(self, offer: Offer, kid: str | None) -> KeySet:
        """The provider's keys; asked for anew where none is the one that is wanted, since providers change them."""
        with self._lock:
            now = self._now()
            if self._keys is None or now - self._keys[1] >= AT_ALL:
                self._keys = (self._fetched_keys(offer), now)
            elif not _knows(self._keys[0], kid) and (self._looked_at is None or now - self._looked_at >= _LOOK_FOR_KEYS):
                self._looked_at = now
                self._keys = (self._fetched_keys(offer), now)
            return self._keys[0]

    def _fetched_keys(self, offer: Offer) -> KeySet:
        try:
            return public_keys(self._told(offer.keys))
        except ValueError as err:
            raise ProviderError("the provider shows no keys", where=offer.keys, found=str(err)) from err

    def _told(self, url: str) -> Mapping[str, Any]:
        return _json_of(self._ask(url, {}), url)

    def _ask(self, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HttpAnswer:
        parts = urlsplit(url)
        request = HttpRequest(f"{parts.scheme}://{parts.netloc}", parts.path + (f"?{parts.query}" if parts.query else ""), headers, body)
        try:
            return exchange(request, within_s=self.settings.timeout_s)
        except NoAnswerError as err:
            expected = f"an answer within {self.settings.timeout_s:g} s"
            raise ProviderError("the provider does not answer", where=url, expected=expected, found="none") from err
        except UnreachableError as err:
            hint = err.hint or "Check review.oidc.issuer, and that the provider runs"
            raise ProviderError("cannot reach the provider", where=url, expected=err.expected, found=err.found, hint=hint) from err


def _offer_of(told: Mapping[str, Any], issuer: str) -> Offer:
    where = issuer.rstrip("/") + _DISCOVERY
    if told.get("issuer") != issuer:
        hint = "Write review.oidc.issuer exactly as the provider does"
        raise ProviderError("the provider calls itself otherwise", where=where, expected=issuer, found=str(told.get("issuer")), hint=hint)

    def address(name: str, *, needed: bool) -> str:
        url = told.get(name, "")
        if (needed or url) and not (isinstance(url, str) and url.isascii() and url.isprintable() and is_safe_on_the_way(url)):
            raise ProviderError("the provider has an address that can't be used", where=where, expected=f"{name}: https://", found=str(url))
        return str(url)

    signs_with = told.get("id_token_signing_alg_values_supported", ["RS256"])
    # Where it does not say how clients prove themselves, it takes the secret in a header.
    proofs = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if not isinstance(signs_with, list) or not isinstance(proofs, list):
        raise ProviderError("the provider does not say what it offers", where=where)
    return Offer(
        address("authorization_endpoint", needed=True),
        address("token_endpoint", needed=True),
        address("jwks_uri", needed=True),
        address("userinfo_endpoint", needed=False),
        address("end_session_endpoint", needed=False),
        tuple(name for name in ALGORITHMS if name in signs_with),
        secret_in_form="client_secret_post" in proofs and "client_secret_basic" not in proofs,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _json_of(answer: HttpAnswer, url: str) -> Mapping[str, Any]:
    if answer.status != 200:
        hint = "" if answer.status != 404 else "Check review.oidc.issuer"
        raise ProviderError("the provider fails", where=url, expected="status 200", found=str(answer.status), hint=hint)
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as err:
        raise ProviderError("no answer of a provider", where=url, expected="JSON", found=type(err).__name__) from err
    if not isinstance(told, dict):
        raise ProviderError("no answer of a provider", where=url, expected="a JSON object", found=type(told).__name__)
    return told


def _fault_of(answer: HttpAnswer) -> str:
    """What the token endpoint calls what is wrong (RFC 6749, section 5.2); "" where it does not."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("error", ""))[:100] if isinstance(told, dict) else ""


def _again(fault: ProviderError) -> ProviderError:
    """The same fault for somebody else: an error that is raised twice would gather the traces of all."""
    return ProviderError(fault.what, where=fault.where, expected=fault.expected, found=fault.found, hint=fault.hint)


def _knows(keys: KeySet, kid: str | None) -> bool:
    return kid is None or any(key.kid == kid for key in keys)


def _with_query(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"


def _without_padding(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
