"""Somebody with a browser, without the browser."""

from __future__ import annotations

import re

import httpx2
from starlette.testclient import TestClient

from pipeline.review.app import create_app
from tests.review.street import PASSWORD, Street


class Person:
    """Somebody at the console; follows redirects."""

    def __init__(self, street: Street, name: str = "", *, app: object = None) -> None:
        self.client = TestClient(app or create_app(street.console), base_url="http://testserver")  # type: ignore[arg-type]  # an ASGI app
        self.name = name
        if name:
            assert self.log_in(PASSWORD).url.path == "/"

    def log_in(self, password: str, place: str = "/") -> httpx2.Response:
        page = self.client.get("/login", params={"next": place})
        form = {"form_token": form_token(page), "name": self.name, "password": password, "next": place}
        return self.client.post("/login", data=form)

    def get(self, place: str, **headers: str) -> httpx2.Response:
        return self.client.get(place, headers=headers)

    def step(self, violation_id: str, action: str, version: int = 0, **said: str | None) -> httpx2.Response:
        """Take a step as a script would: the answer is JSON."""
        form = {"form_token": form_token(self.get("/")), "version": str(version), "action": action} | said
        sent = {name: value for name, value in form.items() if value is not None}
        return self.client.post(f"/cases/{violation_id}/steps", data=sent, headers={"accept": "application/json"})


def form_token(page: httpx2.Response) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found, page.text[:2000]
    return found[1]
