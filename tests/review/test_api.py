"""The API: by token, within its scopes and the account's streets, the same refusals as pages, and never an error of its own."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from starlette.testclient import TestClient

from pipeline.cases import CaseState
from pipeline.records import ApiToken, Scope
from pipeline.review.app import create_app
from tests.review.street import Street

ALL = tuple(Scope)


def token_for(street: Street, account: str, *scopes: Scope, days: float = 30) -> str:
    token = f"token-of-{account}-{'-'.join(scopes)}-{days}"
    digest = hashlib.sha256(token.encode()).hexdigest()
    now = street.clock.now
    street.records.tokens.add(digest, ApiToken(digest[:12], account, "", scopes or ALL, now, now + timedelta(days=days), None))
    return token


def client(street: Street, token: str = "") -> TestClient:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return TestClient(create_app(street.console), headers=headers)


@pytest.fixture
def ren(street: Street) -> TestClient:
    return client(street, token_for(street, "ren"))


@pytest.mark.parametrize("token", ["", "made up", "token-of-ren"])
def test_nothing_without_a_token_that_holds(street: Street, token: str) -> None:
    for place in ("/api/v1/cases", "/api/v1/cases/0000c0ffee", "/api/v1/audit", "/api/v1/cases/0000c0ffee/evidence/first_seen_wide"):
        answer = client(street, token).get(place)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "expired_session")


def test_a_token_holds_until_it_expires_is_revoked_or_its_account_is_disabled(street: Street) -> None:
    short, revoked, disabled = (token_for(street, name, days=days) for name, days in (("ren", 1), ("lu", 2), ("an", 3)))
    assert all(client(street, each).get("/api/v1/cases").status_code == 200 for each in (short, revoked, disabled))
    street.records.tokens.revoke(hashlib.sha256(revoked.encode()).hexdigest()[:12], street.clock.now)
    street.records.accounts.disable("an", street.clock.now)
    street.clock.move(86400)
    assert all(client(street, each).get("/api/v1/cases").status_code == 401 for each in (short, revoked, disabled))


def test_a_token_does_no_more_than_its_scopes_say(street: Street) -> None:
    reader = client(street, token_for(street, "ren", Scope.READ_CASES))
    assert reader.get("/api/v1/cases").status_code == 200
    for answer in (
        reader.get("/api/v1/audit"),
        reader.post("/api/v1/cases/0000c0ffee/steps", json={"action": "confirm", "version": 0}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert street.records.cases.case("0000c0ffee").row.state is CaseState.CANDIDATE


def test_pages_hold_every_case_once(ren: TestClient, street: Street) -> None:
    found: list[str] = []
    after = ""
    while True:
        page = ren.get("/api/v1/cases", params={"limit": 3, "after": after, "order": "oldest"}).json()
        found += [case["violation_id"] for case in page["cases"]]
        after = page["after"]
        if after is None:
            break
    assert found == street.ids


def test_filters_find_what_they_ask_for(ren: TestClient) -> None:
    def found(**wanted: str | list[str]) -> list[str]:
        return [case["violation_id"] for case in ren.get("/api/v1/cases", params={"order": "oldest", **wanted}).json()["cases"]]

    assert found(ambiguous="true") == ["0002c0ffee"]
    assert found(state=["rejected", "archived"]) == []
    assert found(shop_code="BS-0002") == ["0002c0ffee"]
    assert found(since="2024-01-31T09:43:30+08:00", until="2024-01-31T09:44:00+08:00") == ["0002c0ffee"]
    assert ren.get("/api/v1/cases", params={"since": "2024-01-31T09:43:30"}).status_code == 422, "a time without a zone"
    assert ren.get("/api/v1/cases", params={"after": "x"}).json()["error"]["code"] == "address"


def test_a_case_comes_with_all_that_belongs_to_it(ren: TestClient) -> None:
    case = ren.get("/api/v1/cases/0002c0ffee").json()
    assert case["shops"] == [{"code": "BS-0001", "name": "鲜果行"}, {"code": "BS-0002", "name": "=五金"}]
    assert case["model_sha256"] == "m" * 64
    assert case["first_seen_at"].endswith("Z")
    part = next(part for part in case["evidence"] if part["what"] == "confirmed_wide")
    picture = ren.get(part["url"])
    assert hashlib.sha256(picture.content).hexdigest() == part["sha256"]
    assert ren.get(part["url"], headers={"range": "bytes=0-9"}).content == picture.content[:10]


def test_a_step_is_taken_and_refused_as_on_pages(ren: TestClient, street: Street) -> None:
    place = "/api/v1/cases/0002c0ffee/steps"
    refused = ren.post(place, json={"action": "confirm", "version": 0})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "shop")
    done = ren.post(place, json={"action": "confirm", "version": 0, "shop_code": "BS-0002", "note": "看清了"})
    assert (done.status_code, done.json()["state"], done.json()["version"]) == (200, "fact_confirmed", 1)
    assert done.json()["history"][0]["by"] == "ren"
    stale = ren.post(place, json={"action": "reject", "version": 0, "reason": "unclear"})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale")
    for wrong in ({"action": "confirm"}, {"action": "steal", "version": 1}, {"action": "notify", "version": 1, "extra": 1}):
        assert ren.post(place, json=wrong).status_code == 422
    assert "token" in street.records.accounts.list_audit(did="case/confirm")[0].remote


def test_a_squad_gets_its_own_streets_and_no_audit(street: Street, ren: TestClient) -> None:
    ren.post("/api/v1/cases/0000c0ffee/steps", json={"action": "confirm", "version": 0})
    qiu, other = (client(street, token_for(street, name)) for name in ("qiu", "other"))
    assert [case["violation_id"] for case in qiu.get("/api/v1/cases").json()["cases"]] == ["0000c0ffee"]
    assert qiu.get("/api/v1/cases", params={"state": "candidate"}).json()["cases"] == []
    assert other.get("/api/v1/cases").json() == {"cases": [], "after": None}
    for place in ("/api/v1/cases/0000c0ffee", "/api/v1/cases/0000c0ffee/evidence/clip_first_seen_confirmed"):
        assert qiu.get(place).status_code == 200
        assert other.get(place).status_code == 404
    assert qiu.get("/api/v1/audit").status_code == 403


def test_the_audit_comes_in_pages(ren: TestClient, street: Street) -> None:
    for _ in range(5):
        ren.get("/api/v1/cases/0000c0ffee")
    first = ren.get("/api/v1/audit", params={"limit": 3}).json()
    rest = ren.get("/api/v1/audit", params={"limit": 3, "before": first["before"]}).json()
    assert [row["did"] for row in first["rows"] + rest["rows"]] == ["case/viewed"] * 5
    assert rest["before"] is None


@pytest.mark.long
def test_whatever_is_sent_it_is_no_error_of_ours(street: Street) -> None:
    app = create_app(street.console)
    token = token_for(street, "both")
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    names = set()
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # it raises where the description is broken
        names.add(operation.label)

        @given(case=operation.as_strategy())
        @examples(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        def ask(case: schemathesis.Case[Any]) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            if answer.status_code >= 400:
                assert set(answer.json()["error"]) == {"code", "text"}

        ask()
    assert len(names) == 6, names
