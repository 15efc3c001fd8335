"""The console: where it listens, who may be in it for how long, and what the district has decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pipeline.addresses import is_safe_on_the_way
from pipeline.config.fields import Settings


class Language(StrEnum):
    """Of the pages."""

    ZH = "zh"
    EN = "en"


class DeviceFileSettings(Settings):
    """The file that a camera needs before a penalty may rest on what it saw (行政处罚法 第四十一条)."""

    number: str = Field(min_length=1)
    """Under which the bureau keeps it: legal and technical review, sign on the street, published place, clock check."""
    since: date
    """The first day on which it holds."""
    until: date
    """The last day on which it holds."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"'until' ({self.until}) is before 'since' ({self.since})")
        return self


def _is_web_place(url: str) -> str:
    """Refuse where anybody on the way could read or change what is said there."""
    if not re.fullmatch(r"https?://[^\s?#@]+", url) or not is_safe_on_the_way(url):
        raise ValueError("expected https://HOST, with a path where it has one; http:// is for this machine alone (127.0.0.1, localhost)")
    return url


class OidcSettings(Settings):
    """Signing in by an OpenID provider (单点登录), such as Keycloak; docs/review.md, Single sign-on."""

    issuer: Annotated[str, AfterValidator(_is_web_place)]
    """Address of the provider, exactly as it calls itself: what it offers is found below it, at ``/.well-known/openid-configuration``."""
    client_id: str = Field(min_length=1)
    """What the provider knows the console by."""
    client_secret: str = Field(default="", repr=False)
    """What the console proves itself with there: write ``${NAME}``. Left out: it is a public client, and proves itself by PKCE alone."""
    scopes: str = Field(default="openid profile", pattern=r"^[!-~]+( [!-~]+)*$")
    """What the provider is asked for; ``openid`` must be among it."""
    name_claim: str = Field(default="preferred_username", min_length=1)
    """What the provider calls the name that an account has here. It decides who gets a new account: take one that nobody can change for
    themselves there."""
    label: Mapping[Language, str] = Field(default_factory=dict)
    """What people call it, on the button: ``{zh: 统一身份认证, en: City sign-on}``. Empty: 统一身份认证, single sign-on."""
    contact: str = ""
    """Whom to ask for an account, as shown to those who have none: a name, a room, a number."""
    only: bool = False
    """Nobody logs in by a password. If the provider is down, ``doorline review --password-login`` opens the console to accounts that have
    one: keep one operator's."""
    timeout_s: float = Field(default=5.0, gt=0, le=60)
    """The provider has not answered if it has not by then."""

    @model_validator(mode="after")
    def _asks_who_somebody_is(self) -> Self:
        if "openid" not in self.scopes.split():
            raise ValueError(f"scopes ({self.scopes}): openid is missing; without it, nobody says who somebody is")
        return self


class ReviewSettings(Settings):
    """The web console (docs/review.md)."""

    listen: str = Field(default="127.0.0.1:8470", pattern=r"^.+:\d{1,5}$")
    """``HOST:PORT`` of the console."""
    behind_proxy: bool = False
    """A proxy of yours takes TLS and hands requests on: cookies are for HTTPS alone, and the address of whoever asks is taken from
    ``X-Forwarded-For``. Needed before ``listen`` may be anything but this machine itself."""

    public_url: str = Field(default="", pattern=r"^(|https?://[!-~]+)$")
    """Address under which people reach the console, such as ``https://doorline.example``: QR codes of shops and messages about cases lead
    there. Empty: such codes hold the code of the shop alone. Needed with ``oidc``."""
    oidc: OidcSettings | None = None
    """Signing in by an OpenID provider; left out: by passwords alone."""

    language: Language = Language.ZH
    """Of the pages, until somebody chooses."""
    session_hours: float = Field(default=12.0, gt=0, le=168)
    """Who logged in longer ago must log in again."""
    idle_minutes: float = Field(default=60.0, gt=0, le=1440)
    """Who has done nothing for so long must log in again."""
    most_wrong_passwords: int = Field(default=5, ge=1, le=100)
    """In a row, after which an account is barred for a while, longer each time."""
    claim_minutes: float = Field(default=10.0, gt=0, le=120)
    """Who opens an item has it alone for so long."""
    notify_hours: float = Field(default=24.0, gt=0, le=2160)
    """Time that an owner who was notified has, unless said otherwise."""
    dispatch_hours: float = Field(default=48.0, gt=0, le=2160)
    """Time that a squad has to answer, unless said otherwise."""
    recheck_days: float = Field(default=7.0, gt=0, le=365)
    """Time after which to look again (回头看), unless said otherwise."""
    expire_days: float = Field(default=0.0, ge=0, le=3650)
    """A case that waits for somebody to decide, and that has rested for so long, expires: it is over, and nobody was blamed. 0: never."""
    penalties: bool = False
    """Whether the district penalises by camera alone. Where it has no legal basis for that, leave it off: then items end in a warning, a
    dispatch or no penalty."""

    @model_validator(mode="after")
    def _is_safe_where_others_reach_it(self) -> Self:
        host = self.listen.rpartition(":")[0].strip("[]")
        if not self.behind_proxy and host not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError(
                f"'listen' ({self.listen}) can be reached from other machines: put a proxy with TLS before it and set 'behind_proxy'"
            )
        return self

    @model_validator(mode="after")
    def _can_be_come_back_to(self) -> Self:
        if self.oidc is None:
            return self
        if not self.public_url:
            raise ValueError("'oidc' needs 'public_url': the provider sends people back there")
        try:
            _is_web_place(self.public_url)
        except ValueError as err:
            raise ValueError(f"'public_url' ({self.public_url}), with 'oidc': {err}") from err
        return self
