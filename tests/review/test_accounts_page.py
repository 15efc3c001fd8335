"""Accounts by page: who may manage them, what is written down, and one's own password."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx2
import pytest

from pipeline.cases import CaseRole
from pipeline.records import Account, AuditRow
from pipeline.review.accounts_page import mark_of, new_password
from pipeline.review.passwords import Verified, verify
from tests.review.asking import Person, form_token
from tests.review.street import PASSWORD, Street


def text(street: Street, key: str, **values: object) -> str:
    return street.console.wording.of(street.console.settings.review.language)(key, **values)


def account(street: Street, name: str) -> Account:
    found = street.records.accounts.find(name)
    assert found is not None
    return found


def told(street: Street, name: str) -> list[AuditRow]:
    """What was done about an account, oldest first."""
    return list(street.records.accounts.list_audit(subject=f"account/{name}", limit=50))[::-1]


def post(person: Person, place: str, **fields: Any) -> httpx2.Response:
    return person.client.post(place, data={"form_token": form_token(person.get("/me"))} | fields)


def change(person: Person, office: Street, name: str, **fields: Any) -> httpx2.Response:
    """With all that the form holds."""
    now = account(office, name)
    filled = {"shown_as": now.shown_as, "role": [role.value for role in now.roles], "squad": now.squad, "street": list(now.streets)}
    return post(person, f"/accounts/{name}/change", **filled | {"known": mark_of(now)} | fields)


def shown_password(page: httpx2.Response) -> str:
    found = re.search(r'<code class="account-password">([^<]+)</code>', page.text)
    assert found, page.text[:3000]
    return found[1]


def logged_in(street: Street, name: str, password: str) -> bool:
    somebody = Person(street)
    somebody.name = name
    return somebody.log_in(password).url.path == "/"


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ren", "an", "both", "qiu"])
def test_only_operators_manage_accounts(street: Street, name: str) -> None:
    somebody = Person(street, name)
    assert somebody.get("/accounts").status_code == 403
    assert somebody.get("/accounts/ren").status_code == 403
    for what in ("change", "password", "disable", "enable", "sessions"):
        assert post(somebody, f"/accounts/lu/{what}", role=["operator"]).status_code == 403
    assert post(somebody, "/accounts", name="new", role=["operator"]).status_code == 403
    assert 'href="/accounts"' not in somebody.get("/").text
    assert street.records.accounts.find("new") is None
    assert account(street, "lu").roles == (CaseRole.REVIEWER,)


def test_an_operator_of_a_squad_is_a_squad(street: Street) -> None:
    street.records.accounts.change("qiu", roles=(CaseRole.OPERATOR, CaseRole.SQUAD))
    assert Person(street, "qiu").get("/accounts").status_code == 403


@pytest.mark.parametrize(
    "place", ["/accounts", "/accounts/lu/change", "/accounts/lu/password", "/accounts/lu/disable", "/me", "/me/sessions"]
)
def test_a_form_that_is_none_of_ours_changes_nothing(street: Street, place: str) -> None:
    ou, before = Person(street, "ou"), account(street, "lu")
    answer = ou.client.post(place, data={"name": "new", "role": ["operator"], "old": PASSWORD, "new": "x" * 20, "again": "x" * 20})
    assert answer.status_code == 403
    assert (account(street, "lu"), street.records.accounts.find("new")) == (before, None)
    assert logged_in(street, "ou", PASSWORD)


def test_nobody_raises_or_locks_out_themselves(street: Street) -> None:
    ou, before = Person(street, "ou"), account(street, "ou")
    for what in ("change", "password", "disable", "enable", "sessions"):
        answer = post(ou, f"/accounts/ou/{what}", role=["operator", "reviewer", "approver"])
        assert answer.status_code == 403
        assert text(street, "error.own_account") in answer.text
    assert account(street, "ou") == before
    page = ou.get("/accounts/ou").text
    assert 'action="/accounts/ou/' not in page
    assert text(street, "accounts.own") in page


def test_an_account_that_there_is_not(street: Street) -> None:
    ou = Person(street, "ou")
    assert text(street, "error.no_account") in ou.get("/accounts/nobody").text
    assert ou.get("/accounts/nobody").status_code == 404
    assert post(ou, "/accounts/nobody/password").status_code == 404


# --- the list ---------------------------------------------------------------------------------------------------


def test_all_accounts_are_listed_with_what_they_are(street: Street) -> None:
    street.records.accounts.disable("lu", street.clock.now)
    ren = Person(street, "ren")
    for _ in range(5):
        wrong = Person(street)
        wrong.name = "an"
        wrong.log_in("wrong password!")
    page = Person(street, "ou").get("/accounts").text
    rows = {name: re.sub(r"\s+", " ", row) for name, row in re.findall(r'<a href="/accounts/([\w.-]+)">(.*?)</tr>', page, re.DOTALL)}
    assert set(rows) == {"ren", "lu", "an", "both", "qiu", "other", "ou"}
    assert text(street, "accounts.state_disabled", at="2024-01-31 15:42:17") in rows["lu"]
    assert text(street, "accounts.state_barred", at="2024-01-31 15:43:17") in rows["an"]
    assert "一中队" in rows["qiu"]
    assert "样谊路" in rows["qiu"]
    assert text(street, "accounts.you") in rows["ou"]
    assert "2024-01-31 15:42:17" in rows["ren"], "seen now"
    assert "argon2" not in page
    assert [row.did for row in street.records.accounts.list_audit(account="ou", limit=1)] == ["account/listed"]
    assert ren.get("/").url.path == "/"


# --- adding -----------------------------------------------------------------------------------------------------


def test_an_account_is_added_with_a_password_that_is_shown_once(street: Street) -> None:
    ou = Person(street, "ou")
    page = post(
        ou,
        "/accounts",
        name="chen",
        shown_as="陈队员",
        role=["squad"],
        squad="三中队",
        street=["样谊路"],
        more_streets="牡丹江路， 友谊路\n",
    )
    assert page.status_code == 200
    assert "no-store" in page.headers["cache-control"]
    password = shown_password(page)
    made = account(street, "chen")
    assert (made.shown_as, made.roles, made.squad, made.streets) == (
        "陈队员",
        (CaseRole.SQUAD,),
        "三中队",
        ("样谊路", "牡丹江路", "友谊路"),
    )
    assert logged_in(street, "chen", password)
    (row, *_) = told(street, "chen")
    assert (row.did, row.account) == ("account/added", "ou")
    assert dict(row.detail) == {"roles": ["squad"], "shown_as": "陈队员", "squad": "三中队", "streets": ["样谊路", "牡丹江路", "友谊路"]}
    assert password not in ou.get("/accounts/chen").text
    assert password not in str(street.records.accounts.list_audit(limit=100))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": ""}, "name"),
        ({"name": "陈"}, "name"),
        ({"name": "a b"}, "name"),
        ({"name": "../etc"}, "name"),
        ({"name": "a" * 65}, "name"),
        ({"name": "ren"}, "taken"),
        ({"role": []}, "roles"),
        ({"role": ["system"]}, "roles"),
        ({"role": ["emperor"]}, "roles"),
        ({"role": ["squad"], "squad": "三中队"}, "squad"),
        ({"role": ["squad"], "street": ["样谊路"]}, "squad"),
        ({"role": ["squad"], "squad": " ", "street": [" "]}, "squad"),
    ],
)
def test_what_no_account_can_be_is_told_and_what_was_typed_stays(street: Street, fields: dict[str, Any], fault: str) -> None:
    ou = Person(street, "ou")
    before = street.records.accounts.list()
    page = post(ou, "/accounts", **{"name": "chen", "shown_as": "陈<b>", "role": ["reviewer"]} | fields)
    assert page.status_code == 422
    assert text(street, f"accounts.fault_{fault}") in page.text
    assert 'value="陈&lt;b&gt;"' in page.text
    assert street.records.accounts.list() == before


def test_passwords_of_ours_are_long_and_never_the_same() -> None:
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}", password) for password in made)


# --- changing ---------------------------------------------------------------------------------------------------


def test_roles_and_streets_change_at_once(street: Street) -> None:
    ou, lu = Person(street, "ou"), Person(street, "lu")
    assert change(ou, street, "lu", role=["squad"], squad="一中队", street=["另一条路"]).status_code == 200
    assert account(street, "lu").roles == (CaseRole.SQUAD,)
    assert "/cases/0000c0ffee" not in lu.get("/").text, "a squad of another street sees none of it, logged in as before"
    (row,) = [row for row in told(street, "lu") if row.did == "account/changed"]
    assert row.account == "ou"
    assert dict(row.detail) == {"roles": ["squad"], "squad": "一中队", "streets": ["另一条路"]}


def test_nothing_that_changed_is_nothing_that_is_written_down(street: Street) -> None:
    assert change(Person(street, "ou"), street, "lu").status_code == 200
    assert [row.did for row in told(street, "lu")] == []


def test_two_who_change_the_same_account_one_is_told(street: Street) -> None:
    ou, before = Person(street, "ou"), account(street, "lu")
    street.records.accounts.change("lu", shown_as="陆某")
    page = change(ou, street, "lu", known=mark_of(before), role=["analyst"])
    assert page.status_code == 409
    assert text(street, "accounts.fault_stale") in page.text
    assert account(street, "lu").roles == (CaseRole.REVIEWER,)
    assert re.search(r'value="analyst" checked', page.text), "what was ticked stays ticked"
    known = re.search(r'name="known" value="(\w+)"', page.text)
    assert known
    assert change(ou, street, "lu", known=known[1], role=["analyst"]).status_code == 200
    assert account(street, "lu").roles == (CaseRole.ANALYST,)


@pytest.mark.parametrize(("fields", "fault"), [({"role": []}, "roles"), ({"role": ["squad"]}, "squad")])
def test_a_change_to_what_no_account_can_be_is_refused(street: Street, fields: dict[str, Any], fault: str) -> None:
    page = change(Person(street, "ou"), street, "lu", **fields)
    assert page.status_code == 422
    assert text(street, f"accounts.fault_{fault}") in page.text
    assert account(street, "lu").roles == (CaseRole.REVIEWER,)


def test_the_last_operator_is_kept_whoever_asks(street: Street) -> None:
    """Two operators; each takes the other's role at the same time: here one after the other, with the second one's session from before."""
    street.records.accounts.change("an", roles=(CaseRole.OPERATOR,))
    ou, an = Person(street, "ou"), Person(street, "an")
    token = form_token(an.get("/me"))
    change(ou, street, "an", role=["analyst"])
    assert account(street, "an").roles == (CaseRole.ANALYST,)
    answer = an.client.post("/accounts/ou/disable", data={"form_token": token})
    assert answer.status_code == 403
    assert account(street, "ou").disabled_at is None


# --- access -----------------------------------------------------------------------------------------------------


def test_a_password_is_reset_and_everybody_is_out(street: Street) -> None:
    ou, lu = Person(street, "ou"), Person(street, "lu")
    page = post(ou, "/accounts/lu/password")
    password = shown_password(page)
    assert lu.get("/").url.path == "/login"
    assert not logged_in(street, "lu", PASSWORD)
    assert logged_in(street, "lu", password)
    assert [(row.did, row.account) for row in told(street, "lu")][:3] == [
        ("session/begun", "lu"),
        ("account/password", "ou"),
        ("session/refused", ""),
    ]


def test_an_account_is_disabled_and_enabled(street: Street) -> None:
    ou, lu = Person(street, "ou"), Person(street, "lu")
    page = post(ou, "/accounts/lu/disable")
    assert text(street, "accounts.told_disabled") in page.text
    assert lu.get("/").url.path == "/login"
    assert not logged_in(street, "lu", PASSWORD)
    assert 'action="/accounts/lu/enable"' in page.text
    post(ou, "/accounts/lu/enable")
    assert logged_in(street, "lu", PASSWORD)
    assert [row.did for row in told(street, "lu") if row.account == "ou"] == ["account/disabled", "account/enabled"]


def test_a_bar_is_lifted(street: Street) -> None:
    wrong = Person(street)
    wrong.name = "lu"
    for _ in range(5):
        wrong.log_in("wrong password!")
    assert not logged_in(street, "lu", PASSWORD)
    ou = Person(street, "ou")
    assert text(street, "accounts.unbar") in ou.get("/accounts/lu").text
    post(ou, "/accounts/lu/enable")
    assert logged_in(street, "lu", PASSWORD)


def test_sessions_are_ended_and_the_password_stays(street: Street) -> None:
    ou, lu = Person(street, "ou"), Person(street, "lu")
    assert text(street, "accounts.logged_in", n=1) in ou.get("/accounts/lu").text
    post(ou, "/accounts/lu/sessions")
    assert lu.get("/").url.path == "/login"
    assert logged_in(street, "lu", PASSWORD)
    assert "account/sessions_ended" in [row.did for row in told(street, "lu")]


# --- one's own --------------------------------------------------------------------------------------------------


def mine(person: Person, old: str = PASSWORD, new: str = "另一个长一些的密码 2024", again: str | None = None) -> httpx2.Response:
    return post(person, "/me", old=old, new=new, again=new if again is None else again)


@pytest.mark.parametrize("name", ["ren", "qiu", "ou"])
def test_everybody_changes_their_own_password_and_stays(street: Street, name: str) -> None:
    here, elsewhere = Person(street, name), Person(street, name)
    page = mine(here)
    assert page.url.path == "/me"
    assert text(street, "me.told_password") in page.text
    assert here.get("/").url.path == "/"
    assert elsewhere.get("/").url.path == "/login"
    assert verify(account(street, name).password_hash, "另一个长一些的密码 2024") is Verified.RIGHT
    assert ("account/password", name) in [(row.did, row.account) for row in told(street, name)]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"old": "wrong password!"}, "me.fault_old"),
        ({"old": ""}, "me.fault_old"),
        ({"new": "short"}, "me.fault_length"),
        ({"new": ""}, "me.fault_length"),
        ({"new": "x" * 201}, "me.fault_length"),
        ({"again": "another one entirely"}, "me.fault_again"),
    ],
)
def test_a_password_that_can_not_be_is_refused_and_the_old_one_stays(street: Street, said: dict[str, str], fault: str) -> None:
    ren = Person(street, "ren")
    page = mine(ren, **said)
    assert page.status_code in {403, 422}
    assert text(street, fault, n=10, most=200) in html.unescape(page.text)
    assert ren.get("/").url.path == "/"
    assert logged_in(street, "ren", PASSWORD)


def test_a_screen_that_was_left_is_no_place_to_guess(street: Street) -> None:
    ren = Person(street, "ren")
    for _ in range(5):
        assert mine(ren, old="wrong password!").status_code == 403
    assert text(street, "login.barred") in mine(ren).text, "not even with the right one"
    assert [row.did for row in told(street, "ren")].count("account/password_refused") == 5
    street.clock.move(61)
    assert text(street, "me.told_password") in mine(ren).text


def test_who_tries_too_often_from_one_place_is_told_to_wait(street: Street) -> None:
    street.records.accounts.change("ren", shown_as="任")
    ren = Person(street, "ren")
    statuses = [mine(ren, old="wrong password!").status_code for _ in range(25)]
    assert 429 in statuses


def test_one_logs_oneself_out_elsewhere(street: Street) -> None:
    here, elsewhere = Person(street, "ren"), Person(street, "ren")
    assert text(street, "me.others", n=1) in here.get("/me").text
    page = post(here, "/me/sessions")
    assert text(street, "me.told_sessions") in page.text
    assert text(street, "me.nowhere") in page.text
    assert elsewhere.get("/").url.path == "/login"


# --- the navigation ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("ou", {"zones", "coverage", "draws", "audit", "accounts", "me"}),
        ("ren", {"zones", "coverage", "me"}),
        ("an", {"zones", "coverage", "draws", "audit", "me"}),
        ("qiu", {"coverage", "me"}),
    ],
)
def test_the_menu_leads_where_somebody_may_go(street: Street, name: str, places: set[str]) -> None:
    page = Person(street, name).get("/").text
    panel = page[page.index('class="top-panel"') :].partition("</nav>")[0]
    always = {"", "cameras", "streets", "shops", "overview"}
    assert set(re.findall(r'href="/(\w*)"', panel)) == places | always
    row = page[page.index('class="top-row"') :].partition("</ul>")[0]
    assert re.findall(r'href="/(\w*)"', row) == ["", "cameras", "streets", "shops", "overview"]


def test_the_page_one_is_on_is_marked_also_behind_the_menu(street: Street) -> None:
    page = Person(street, "ou").get("/audit").text
    assert page.count('aria-current="page"') == 1
    assert re.search(r'<summary class="is-here">', page)
    assert re.search(r'href="/accounts" aria-current="page"', Person(street, "ou").get("/accounts/lu").text)
