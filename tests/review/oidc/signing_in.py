"""Somebody with a browser between the console and the provider."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from starlette.testclient import TestClient

from pipeline.records import Account, AuditRow, Records
from pipeline.review.app import create_app
from tests.review.oidc.provider import CLIENT, SECRET, Provider, one_each
from tests.review.street import Street, furnish_street

PUBLIC = "https://console.example"


def street_with(records: Records, folder: Path, provider: Provider, **oidc: Any) -> Street:
    """A console whose people may sign in by the provider; ren has an account for that, which is bound to nobody yet."""
    asked = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "timeout_s": 5.0} | oidc
    settings: dict[str, object] = {"review": {"public_url": PUBLIC, "oidc": asked}}
    street = furnish_street(records, folder, 0, settings=settings)
    provider.now = street.clock
    records.sign_ins.use_oidc("ren", street.clock.now)
    return street


class Traveller:
    """Goes where links and redirects lead: those of the console by its client, those of the provider by HTTP."""

    def __init__(self, street: Street, app: object = None) -> None:
        self.client = TestClient(app or create_app(street.console), base_url="http://testserver")  # type: ignore[arg-type]  # an ASGI app

    def get(self, place: str) -> httpx2.Response:
        return self.client.get(place)

    def go(self, place: str = "/login/oidc") -> httpx2.Response:
        """The console's answer to the button; no redirect is followed."""
        return self.client.get(place, follow_redirects=False)

    def asked(self, place: str = "/login/oidc") -> dict[str, str]:
        """What the console asks the provider."""
        return one_each(urlsplit(self.go(place).headers["location"]).query)

    def there(self, answer: httpx2.Response) -> str:
        """Through the provider; the place of the console that it sends back to."""
        assert answer.status_code == 303, answer.text[:2000]
        back = httpx2.get(answer.headers["location"], follow_redirects=False).headers["location"]
        assert back.startswith(PUBLIC), back
        return back.removeprefix(PUBLIC)

    def sign_in(self, place: str = "/login/oidc") -> httpx2.Response:
        """There and back; the page on which that ends."""
        return self.client.get(self.there(self.go(place)))

    @property
    def is_in(self) -> bool:
        return self.client.get("/", follow_redirects=False).status_code == 200


def text(street: Street, key: str, **values: object) -> str:
    """As the console says it."""
    language = street.console.settings.review.language
    return street.console.wording.of(language)(key, **{"sso": street.console.sso(language)} | values)


def account(street: Street, name: str) -> Account:
    found = street.records.accounts.find(name)
    assert found is not None
    return found


def told(street: Street) -> list[AuditRow]:
    """The audit, oldest first."""
    return list(street.records.accounts.list_audit(limit=200))[::-1]


def last_refusal(street: Street) -> dict[str, Any]:
    (row, *_) = [row for row in told(street)[::-1] if row.did == "session/refused"]
    return dict(row.detail)


def with_oidc(street: Street, **changes: Any) -> Street:
    """The same street, other settings of the provider."""
    review = street.console.settings.review
    assert review.oidc is not None
    oidc = type(review.oidc).model_validate(review.oidc.model_dump() | changes)
    settings = street.console.settings.model_copy(update={"review": review.model_copy(update={"oidc": oidc})})
    return replace(street, console=replace(street.console, settings=settings))


def refused(street: Street, page: httpx2.Response, why: str, said: str = "login.oidc_refused") -> None:
    """Told so, let in nowhere, bound to nothing, and written down."""
    assert page.status_code == 403
    assert text(street, said) in page.text
    assert "doorline_session" not in page.headers.get("set-cookie", "")
    assert (account(street, "ren").oidc_subject, last_refusal(street)["why"]) == (None, why)
