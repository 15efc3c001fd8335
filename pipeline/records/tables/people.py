"""Who may use the console, and who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.records.columns import CanonicalJson
from pipeline.records.tables.base import ID, SHA256, Table


class AccountRecord(Table):
    """Somebody who may use the console. Never removed: steps and audit rows name them."""

    __tablename__ = "accounts"
    __table_args__ = (Index(None, "oidc_issuer", "oidc_subject", unique=True),)

    name: Mapped[str] = mapped_column(ID, primary_key=True)
    shown_as: Mapped[str]
    password_hash: Mapped[str]
    """argon2id; "" where nobody can log in by password."""
    roles: Mapped[Any] = mapped_column(CanonicalJson)
    squad: Mapped[str]
    streets: Mapped[Any] = mapped_column(CanonicalJson)
    """Of a squad: it sees these and no others."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    failures: Mapped[int]
    """Wrong passwords in a row."""
    barred_until: Mapped[datetime | None]
    """No password is looked at before."""
    oidc_since: Mapped[datetime | None]
    """Signs in by the OpenID provider since then; NULL: by password."""
    oidc_issuer: Mapped[str | None]
    oidc_subject: Mapped[str | None]
    """Who that is there; NULL until somebody is bound to the account."""


class SessionRecord(Table):
    """Somebody who is logged in. The token itself is in the browser alone."""

    __tablename__ = "sessions"

    token_sha256: Mapped[str] = mapped_column(SHA256, primary_key=True)
    account: Mapped[str] = mapped_column(ID, ForeignKey("accounts.name"), index=True)
    form_token: Mapped[str] = mapped_column(ID)
    """What a form of this session must carry (CSRF)."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    id_token: Mapped[str | None]
    """What the OpenID provider said of who that is, to end its session too; "" where that was too long. NULL: a password was given."""


class SignInRecord(Table):
    """Somebody has been sent to the OpenID provider and may come back, once."""

    __tablename__ = "sign_ins"

    state_sha256: Mapped[str] = mapped_column(SHA256, primary_key=True)
    """Of what comes back with them."""
    browser_sha256: Mapped[str] = mapped_column(SHA256)
    """Of what is in the browser alone."""
    nonce: Mapped[str] = mapped_column(ID)
    verifier: Mapped[str] = mapped_column(ID)
    """Of PKCE."""
    place: Mapped[str]
    """Where they wanted to go."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiTokenRecord(Table):
    """What lets a program ask on behalf of an account. The token itself was shown once and is kept nowhere."""

    __tablename__ = "api_tokens"

    token_sha256: Mapped[str] = mapped_column(SHA256, primary_key=True)
    account: Mapped[str] = mapped_column(ID, ForeignKey("accounts.name"), index=True)
    called: Mapped[str]
    """What it is for, as people say."""
    scopes: Mapped[Any] = mapped_column(CanonicalJson)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditRecord(Table):
    """Somebody did or looked at something. Append-only: the database itself refuses to change or remove a row."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "audit_id"), Index(None, "account", "audit_id"))

    audit_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime]
    account: Mapped[str] = mapped_column(ID)
    """"" where nobody was logged in."""
    did: Mapped[str] = mapped_column(ID)
    subject: Mapped[str] = mapped_column(ID)
    """What it was about: ``violation/ID``, ``account/NAME`` ..."""
    detail: Mapped[Any] = mapped_column(CanonicalJson)
    remote: Mapped[str]
    """Where the request came from."""
