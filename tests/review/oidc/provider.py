"""An OpenID provider on loopback that keeps to the rules, unless a test tells it otherwise.

It signs by itself, without the library that the product checks signatures with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

CLIENT, SECRET = "doorline", "between us: +%&="
PATIENCE_S = 30.0
"""A test that waits longer has failed."""
Json = dict[str, Any]


@dataclass(frozen=True)
class SigningKey:
    """An RSA key, and what it is called."""

    kid: str
    private: rsa.RSAPrivateKey

    @property
    def public(self) -> Json:
        numbers = self.private.public_key().public_numbers()
        n, e = (coded(number.to_bytes((number.bit_length() + 7) // 8, "big")) for number in (numbers.n, numbers.e))
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e}

    def sign(self, header: Json, claims: Json) -> str:
        text = unsigned(header, claims)
        return f"{text}.{coded(self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


@cache
def key(kid: str, bits: int = 2048) -> SigningKey:
    """Made once: it takes a while."""
    return SigningKey(kid, rsa.generate_private_key(public_exponent=65537, key_size=bits))


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned(header: Json, claims: Json) -> str:
    return ".".join(coded(json.dumps(part).encode()) for part in (header, claims))


def by_secret(secret: bytes, header: Json, claims: Json) -> str:
    """HS256."""
    text = unsigned(header | {"alg": "HS256"}, claims)
    return f"{text}.{coded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def pem(signing: SigningKey) -> bytes:
    """The public key as others get it."""
    return signing.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass
class Code:
    """What was handed out with it."""

    asked: Mapping[str, str]
    used: bool = False


@dataclass
class Provider:
    """One provider; a test changes what it says."""

    now: Callable[[], datetime]
    issuer: str = ""
    person: Json = field(default_factory=lambda: {"sub": "7f3a-ren", "preferred_username": "ren", "name": "任初审"})
    """Who sits before the browser."""
    metadata: Json = field(default_factory=dict)
    """In place of what it would say of itself; None: left out."""
    claims: Json = field(default_factory=dict)
    """The same, of ID tokens."""
    header: Json = field(default_factory=dict)
    signing: SigningKey = field(default_factory=lambda: key("first"))
    shown: list[SigningKey] | None = None
    """Keys that it shows; None: the one that it signs with."""
    sign: Callable[[Json, Json], str] | None = None
    """In place of signing with its key."""
    secret: str = SECRET
    claims_at_userinfo: Json | None = None
    """What it tells there, and only there; None: all of it stands in ID tokens."""
    denies: str = ""
    """The error with which it sends people back."""
    names_itself: str = ""
    """What it says it is when it sends people back."""
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Path -> what is answered in place of what should be."""
    silent: str = ""
    """Path on which it takes the request and says nothing."""
    trickles: bool = False
    asked: list[str] = field(default_factory=list)
    """Paths, in order."""
    proofs: list[str] = field(default_factory=list)
    """How clients have proved themselves."""
    codes: dict[str, Code] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    """Lets silent answers end."""

    def offered(self) -> Json:
        told: Json = {
            "issuer": self.issuer,
            **{f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token", "userinfo", "end_session")},
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }
        return without_none(told | self.metadata)

    def authorize(self, asked: Mapping[str, str]) -> str:
        """Where the browser is sent back to."""
        answer = {"state": asked["state"]} | ({"iss": self.names_itself} if self.names_itself else {})
        if self.denies:
            return f"{asked['redirect_uri']}?{urlencode(answer | {'error': self.denies})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = Code(asked)
        return f"{asked['redirect_uri']}?{urlencode(answer | {'code': code})}"

    def redeem(self, form: Mapping[str, str], authorization: str) -> tuple[int, Json]:
        if not self._knows_client(form, authorization):
            return 401, {"error": "invalid_client"}
        found = self.codes.get(form.get("code", ""))
        if found is None or found.used or form.get("grant_type") != "authorization_code":
            return 400, {"error": "invalid_grant"}
        found.used = True
        challenge = coded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (found.asked["redirect_uri"], found.asked["code_challenge"]) != (form.get("redirect_uri"), challenge):
            return 400, {"error": "invalid_grant"}
        return 200, {"token_type": "Bearer", "access_token": "for userinfo", "id_token": self.id_token(found.asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(self.now().timestamp())
        person = self.person if self.claims_at_userinfo is None else {"sub": self.person["sub"]}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **person}
        header = without_none({"alg": "RS256", "typ": "JWT", "kid": self.signing.kid} | self.header)
        return (self.sign or self.signing.sign)(header, without_none(claims | self.claims))

    def _knows_client(self, form: Mapping[str, str], authorization: str) -> bool:
        if authorization.startswith("Basic "):
            self.proofs.append("basic")
            client, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
            return (unquote_plus(client), unquote_plus(secret)) == (CLIENT, self.secret)
        self.proofs.append("form" if "client_secret" in form else "none")
        return (form.get("client_id"), form.get("client_secret", "")) == (CLIENT, self.secret)


@contextmanager
def running(now: Callable[[], datetime], *, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """A provider that listens."""
    provider = Provider(now)
    server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"provider": provider}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    provider.issuer = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody vouches for, in one file."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    both = folder / "provider.pem"
    plain = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both.write_bytes(plain + made.public_bytes(Encoding.PEM))
    return both


def without_none(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}


class _Server(http.server.ThreadingHTTPServer):
    # More people may come at once than the usual five.
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Consoles that give up are what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        path, asked = self._begun()
        provider = self.provider
        if path == "/authorization":
            self._answer(302, b"", {"Location": provider.authorize(asked)})
        elif path == "/.well-known/openid-configuration":
            self._json(200, provider.offered())
        elif path == "/jwks":
            self._json(200, {"keys": [each.public for each in ([provider.signing] if provider.shown is None else provider.shown)]})
        elif path == "/userinfo" and self.headers["Authorization"] == "Bearer for userinfo":
            self._json(200, provider.person if provider.claims_at_userinfo is None else provider.claims_at_userinfo)
        elif path:
            self._answer(404, b"nothing here")

    def do_POST(self) -> None:
        form = one_each(self.rfile.read(int(self.headers["Content-Length"])).decode())
        path, _ = self._begun()
        if path == "/token":
            self._json(*self.provider.redeem(form, self.headers.get("Authorization", "")))
        elif path:
            self._answer(404, b"nothing here")

    def _begun(self) -> tuple[str, dict[str, str]]:
        """Path and query of a request; no path where it has its answer, or gets none."""
        parts = urlsplit(self.path)
        self.provider.asked.append(parts.path)
        if parts.path == self.provider.silent:
            self._say_little()
            return "", {}
        if parts.path in self.provider.broken:
            self._answer(*self.provider.broken[parts.path])
            return "", {}
        return parts.path, one_each(parts.query)

    def _say_little(self) -> None:
        """Nothing, or a byte now and then: each well within any timeout."""
        try:
            if self.provider.trickles:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while self.provider.trickles and not self.provider.released.wait(0.05):
                self.wfile.write(b"0")
        except OSError:
            return  # cut off, as it should be
        self.provider.released.wait(PATIENCE_S)

    def _json(self, status: int, told: Json) -> None:
        self._answer(status, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests say nothing."""


def one_each(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
