"""Accounts that sign in by the provider, as operators and their owners see them."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from pipeline.review.passwords import Verified, verify
from tests.review.asking import Person, form_token
from tests.review.oidc.provider import Provider
from tests.review.oidc.signing_in import Traveller, account, text, told, with_oidc
from tests.review.street import PASSWORD, Street


def post(person: Person | Traveller, place: str, **fields: Any) -> httpx2.Response:
    return person.client.post(place, data={"form_token": form_token(person.get("/me"))} | fields)


def rows(street: Street, name: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [(row.did, row.account, dict(row.detail)) for row in told(street) if row.subject == f"account/{name}"]


def test_an_account_is_made_for_it_and_its_owner_gets_in(street: Street, provider: Provider) -> None:
    ou = Person(street, "ou")
    page = post(ou, "/accounts", name="wang", role=["reviewer"], oidc="1")
    assert text(street, "accounts.told_oidc_added", name="wang") in page.text
    assert "account-password" not in page.text
    assert text(street, "accounts.bound_to_nobody", name="wang") in page.text
    made = account(street, "wang")
    assert (made.by_oidc, made.password_hash, made.oidc_subject) == (True, "", None)
    added = {"roles": ["reviewer"], "shown_as": "wang", "squad": "", "streets": [], "oidc": True}
    assert rows(street, "wang") == [("account/added", "ou", added)]
    provider.person = {"sub": "<9c>-wang", "preferred_username": "wang"}
    wang = Traveller(street)
    wang.sign_in()
    assert wang.is_in
    page = ou.get("/accounts/wang")
    assert "&lt;9c&gt;-wang" in page.text
    assert text(street, "accounts.unbind") in page.text


def test_without_the_box_an_account_has_a_password_as_ever(street: Street) -> None:
    page = post(Person(street, "ou"), "/accounts", name="wang", role=["reviewer"])
    assert "account-password" in page.text
    assert not account(street, "wang").by_oidc


def test_what_was_ticked_stays_ticked(street: Street) -> None:
    ou = Person(street, "ou")
    assert 'name="oidc" value="1" checked' not in ou.get("/accounts").text
    page = post(ou, "/accounts", name="王", role=["reviewer"], oidc="1")
    assert page.status_code == 422
    assert 'name="oidc" value="1" checked' in page.text
    assert text(street, "accounts.fault_name") in page.text


def test_where_only_the_provider_counts_the_box_is_ticked(street: Street) -> None:
    app_of = Person(street, "ou")
    only = Person(with_oidc(street, only=True))
    only.client.cookies.set("doorline_session", app_of.client.cookies["doorline_session"])
    assert 'name="oidc" value="1" checked' in only.get("/accounts").text


def test_an_account_with_a_password_is_given_over_by_an_operator_alone(street: Street, provider: Provider) -> None:
    ou, lu = Person(street, "ou"), Person(street, "lu")
    page = post(ou, "/accounts/lu/oidc")
    assert text(street, "accounts.told_oidc", name="lu") in page.text
    assert lu.get("/").url.path == "/login", "logged out everywhere"
    assert lu.log_in(PASSWORD).status_code == 401
    provider.person = {"sub": "1-lu", "preferred_username": "lu"}
    there = Traveller(street)
    there.sign_in()
    assert there.is_in
    assert [row[:2] for row in rows(street, "lu")] == [
        ("session/begun", "lu"),
        ("account/oidc", "ou"),
        ("session/refused", ""),
        ("account/bound", "lu"),
        ("session/begun", "lu"),
    ]


def test_unbound_the_next_one_of_that_name_is_bound(street: Street, provider: Provider) -> None:
    ren, ou = Traveller(street), Person(street, "ou")
    ren.sign_in()
    provider.person |= {"sub": "ren-anew"}
    assert Traveller(street).sign_in().status_code == 403
    post(ou, "/accounts/ren/oidc")
    assert not ren.is_in
    anew = Traveller(street)
    anew.sign_in()
    assert anew.is_in
    assert account(street, "ren").oidc_subject == "ren-anew"


def test_with_a_password_it_signs_in_by_nothing_else(street: Street, provider: Provider) -> None:
    ren, ou = Traveller(street), Person(street, "ou")
    ren.sign_in()
    page = post(ou, "/accounts/ren/password")
    password = page.text.partition('<code class="account-password">')[2].partition("<")[0]
    assert not ren.is_in
    now = account(street, "ren")
    assert (now.by_oidc, now.oidc_issuer, now.oidc_subject) == (False, None, None)
    assert verify(now.password_hash, password) is Verified.RIGHT
    assert ren.sign_in().status_code == 403
    assert not ren.is_in


@pytest.mark.parametrize("name", ["lu", "an", "qiu"])
def test_only_operators_may_and_never_their_own(street: Street, name: str) -> None:
    assert post(Person(street, name), "/accounts/both/oidc").status_code == 403
    assert post(Person(street, "ou"), "/accounts/ou/oidc").status_code == 403
    ou = Person(street, "ou")
    assert ou.client.post("/accounts/both/oidc").status_code == 403, "a form of ours alone"
    assert (account(street, "both").by_oidc, account(street, "ou").by_oidc) == (False, False)


def test_the_list_says_who_signs_in_by_it(street: Street) -> None:
    page = Person(street, "ou").get("/accounts").text
    row = page.partition('href="/accounts/ren"')[2].partition("</tr>")[0]
    assert '<span class="badge">统一身份认证</span>' in row
    assert "统一身份认证" not in page.partition('href="/accounts/lu"')[2].partition("</tr>")[0]


def test_who_signs_in_by_it_has_no_password_to_change(street: Street) -> None:
    ren = Traveller(street)
    ren.sign_in()
    page = ren.get("/me")
    assert text(street, "me.by_oidc") in page.text
    assert 'name="old"' not in page.text
    answer = post(ren, "/me", old="", new="x" * 20, again="x" * 20)
    assert answer.status_code == 403
    assert account(street, "ren").password_hash == ""
    elsewhere = Traveller(street)
    elsewhere.sign_in()
    assert post(ren, "/me/sessions").url.path == "/me"
    assert (ren.is_in, elsewhere.is_in) == (True, False)
