"""Accounts that sign in by an OpenID provider: who is bound to which, and who is on the way back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import bindparam, text

import pipeline.records
from pipeline.cases import CaseRole
from pipeline.errors import RecordError
from pipeline.records import AccountRecords, BoundAccountError, Records, SignIn, SignIns
from pipeline.records.columns import UtcTime
from tests.records.conftest import Place
from tests.records.test_accounts import DAY, IDLE, LI, MINUTE, NOW, SECOND, SQUAD, TOKEN, entry, found, log_in, login
from tests.records.test_schema import plain_connection

ISSUER, SUBJECT = "https://sso.example/realms/bureau", "f:1:李娜"
WAY = SignIn("nonce", "verifier", "/cases/1?state=all", NOW + 10 * MINUTE)
STATE, BROWSER = "5" * 64, "b" * 64


@pytest.fixture
def accounts(records: Records) -> AccountRecords:
    """With li.na, who signs in by OIDC and is bound to nobody, and a squad with a password."""
    records.accounts.add(replace(LI, password_hash="", oidc_since=NOW))
    records.accounts.add(SQUAD)
    return records.accounts


@pytest.fixture
def sign_ins(records: Records, accounts: AccountRecords) -> SignIns:
    return records.sign_ins


# --- who is bound to what ---------------------------------------------------------------------------------------


def test_who_is_bound_is_found_by_that_and_nobody_else(sign_ins: SignIns, accounts: AccountRecords) -> None:
    assert sign_ins.account_of(ISSUER, SUBJECT) is None
    bound = sign_ins.bind("li.na", ISSUER, SUBJECT, [entry("account/bound")])
    assert bound == found(accounts) == sign_ins.account_of(ISSUER, SUBJECT)
    assert (bound.oidc_issuer, bound.oidc_subject, bound.by_oidc) == (ISSUER, SUBJECT, True)
    assert [row.did for row in accounts.list_audit()] == ["account/bound"]
    for other in (("https://other.example", SUBJECT), (ISSUER, "f:2:李娜"), (ISSUER, SUBJECT.upper()), ("", "")):
        assert sign_ins.account_of(*other) is None


def test_a_bound_account_is_bound_for_good(sign_ins: SignIns, accounts: AccountRecords) -> None:
    sign_ins.bind("li.na", ISSUER, SUBJECT)
    for issuer, subject in ((ISSUER, "somebody-else"), (ISSUER, SUBJECT)):
        with pytest.raises(BoundAccountError, match="not free to be bound"):
            sign_ins.bind("li.na", issuer, subject, [entry("account/bound")])
    assert found(accounts).oidc_subject == SUBJECT
    assert accounts.list_audit() == ()


def test_an_account_with_a_password_is_bound_to_nobody(sign_ins: SignIns, accounts: AccountRecords) -> None:
    with pytest.raises(BoundAccountError, match="not free to be bound"):
        sign_ins.bind("squad-2", ISSUER, SUBJECT)
    assert found(accounts, "squad-2") == SQUAD
    with pytest.raises(RecordError, match="no such account"):
        sign_ins.bind("nobody", ISSUER, SUBJECT)


def test_one_person_has_one_account(sign_ins: SignIns, accounts: AccountRecords) -> None:
    sign_ins.bind("li.na", ISSUER, SUBJECT)
    with pytest.raises(BoundAccountError, match=r"this person has another account; found li\.na"):
        sign_ins.use_oidc("squad-2", NOW, (ISSUER, SUBJECT), [entry("account/oidc")])
    assert found(accounts, "squad-2") == SQUAD, "nothing of it holds"
    assert accounts.list_audit() == ()
    sign_ins.use_oidc("squad-2", NOW)
    with pytest.raises(BoundAccountError, match="another account"):
        sign_ins.bind("squad-2", ISSUER, SUBJECT)


def test_of_two_who_come_at_once_one_is_bound(sign_ins: SignIns, accounts: AccountRecords, place: Place) -> None:
    def bind(subject: str) -> str:
        with Records.open(place.url, busy_timeout_s=30) as records:
            try:
                records.sign_ins.bind("li.na", ISSUER, subject)
            except BoundAccountError:
                return ""
        return subject

    with ThreadPoolExecutor(4) as pool:
        bound = [subject for subject in pool.map(bind, ("a", "b", "c", "d")) if subject]
    assert bound == [found(accounts).oidc_subject]


def test_an_account_that_turns_to_oidc_loses_its_password_and_its_sessions(sign_ins: SignIns, accounts: AccountRecords) -> None:
    accounts.open_session("squad-2", TOKEN, "form", NOW, NOW + DAY)
    accounts.note_failure("squad-2", NOW, most=1, bar_for=MINUTE)
    turned = sign_ins.use_oidc("squad-2", NOW + SECOND, audit=[entry("account/oidc")])
    assert turned == replace(SQUAD, password_hash="", oidc_since=NOW + SECOND) == found(accounts, "squad-2")
    assert login(accounts, NOW + SECOND) is None
    assert [row.did for row in accounts.list_audit()] == ["account/oidc"]


def test_turning_to_it_again_unbinds(sign_ins: SignIns, accounts: AccountRecords) -> None:
    sign_ins.bind("li.na", ISSUER, SUBJECT)
    log_in(accounts)
    sign_ins.use_oidc("li.na", NOW)
    assert (found(accounts).oidc_issuer, found(accounts).oidc_subject) == (None, None)
    assert login(accounts, NOW) is None
    sign_ins.use_oidc("li.na", NOW, (ISSUER, SUBJECT))
    assert found(accounts).oidc_subject == SUBJECT


def test_a_password_ends_it(sign_ins: SignIns, accounts: AccountRecords) -> None:
    sign_ins.bind("li.na", ISSUER, SUBJECT)
    accounts.set_password("li.na", "hash")
    assert found(accounts) == LI
    assert sign_ins.account_of(ISSUER, SUBJECT) is None


def test_an_account_signs_in_by_one_or_the_other(accounts: AccountRecords) -> None:
    with pytest.raises(ValueError, match="never by both"):
        accounts.add(replace(LI, name="bai", oidc_since=NOW))
    accounts.change("li.na", roles=(CaseRole.ANALYST,))
    assert found(accounts).by_oidc


def test_a_disabled_account_is_found_as_such(sign_ins: SignIns, accounts: AccountRecords) -> None:
    sign_ins.bind("li.na", ISSUER, SUBJECT)
    accounts.disable("li.na", NOW)
    who = sign_ins.account_of(ISSUER, SUBJECT)
    assert who is not None
    assert who.disabled_at == NOW


def test_a_session_keeps_what_the_provider_said(accounts: AccountRecords) -> None:
    for token, said in ((TOKEN, "e.y.j"), ("b" * 64, ""), ("c" * 64, None)):
        accounts.open_session("li.na", token, "form", NOW, NOW + DAY, id_token=said)
        who = accounts.login(token, NOW, idle=IDLE)
        assert who is not None
        assert who.id_token == said
        assert "e.y.j" not in repr(who)


# --- who is on the way ------------------------------------------------------------------------------------------


def test_who_was_sent_there_comes_back_once(sign_ins: SignIns) -> None:
    sign_ins.begin(STATE, BROWSER, WAY, NOW)
    assert sign_ins.take("6" * 64, BROWSER, NOW) is None
    assert sign_ins.take(STATE, "c" * 64, NOW) is None, "another browser"
    assert sign_ins.take(STATE, BROWSER, NOW + 9 * MINUTE) == WAY, "which has taken nothing away"
    assert sign_ins.take(STATE, BROWSER, NOW) is None
    assert "verifier" not in repr(WAY).replace("verifier=", "")


def test_who_comes_too_late_does_not(sign_ins: SignIns) -> None:
    for at in (NOW + 10 * MINUTE, NOW):
        sign_ins.begin(STATE, BROWSER, WAY, NOW)
        assert (sign_ins.take(STATE, BROWSER, at) is None) is (at > NOW)


def test_those_who_never_came_back_are_forgotten(sign_ins: SignIns) -> None:
    sign_ins.begin(STATE, BROWSER, WAY, NOW)
    sign_ins.begin("6" * 64, BROWSER, replace(WAY, expires_at=NOW + DAY), NOW + 11 * MINUTE)
    sign_ins.begin(STATE, BROWSER, WAY, NOW)  # the row is gone, or there would be two
    assert sign_ins.take("6" * 64, BROWSER, NOW) is not None


def test_of_many_who_come_back_at_once_with_the_same_one_is_let_through(sign_ins: SignIns, place: Place) -> None:
    sign_ins.begin(STATE, BROWSER, WAY, NOW)

    def take(_: int) -> bool:
        with Records.open(place.url, busy_timeout_s=30) as records:
            return records.sign_ins.take(STATE, BROWSER, NOW) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, range(8))) == 1


# --- the migration ----------------------------------------------------------------------------------------------


def test_accounts_and_sessions_of_before_stay_as_they_were(place: Place) -> None:
    upgrade_to(place, "0005")
    times = [bindparam(name, type_=UtcTime()) for name in ("at", "until")]
    with plain_connection(place.url) as connection:
        account = "INSERT INTO accounts VALUES ('li.na', '李娜', 'hash', :roles, '', '[]', :at, NULL, 0, NULL)"
        connection.execute(text(account).bindparams(times[0]), {"roles": '["reviewer","approver"]', "at": NOW})
        session = "INSERT INTO sessions VALUES (:token, 'li.na', 'form', :at, :at, :until)"
        connection.execute(text(session).bindparams(*times), {"token": TOKEN, "at": NOW, "until": NOW + DAY})
    with Records.open(place.url) as records:
        assert records.accounts.find("li.na") == LI
        who = login(records.accounts, NOW + MINUTE)
        assert who is not None
        assert (who.account, who.id_token) == (LI, None)


def upgrade_to(place: Place, revision: str) -> None:
    """The tables as an earlier version of the product made them."""
    config = Config()
    config.set_main_option("script_location", str(Path(pipeline.records.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with plain_connection(place.url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
