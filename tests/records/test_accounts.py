"""Who may use the console, who is logged in, and who did what."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from pipeline.cases import CaseRole
from pipeline.errors import RecordError
from pipeline.records import Account, AccountRecords, AuditEntry, Login, NobodyLeftError, Presence, Records, StaleAccountError
from tests.records.conftest import Place
from tests.records.postgres import PostgresServer
from tests.records.test_schema import execute, plain_connection

NOW = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LI = Account("li.na", "李娜", (CaseRole.REVIEWER, CaseRole.APPROVER), "", (), "hash", NOW)
SQUAD = Account("squad-2", "二中队", (CaseRole.SQUAD,), "二中队", ("牡丹江路", "友谊路"), "hash", NOW)
IDLE = 30 * MINUTE
TOKEN, OTHER_TOKEN = "a" * 64, "b" * 64


@pytest.fixture
def accounts(records: Records) -> AccountRecords:
    """With li.na."""
    records.accounts.add(LI)
    return records.accounts


def found(accounts: AccountRecords, name: str = "li.na") -> Account:
    account = accounts.find(name)
    assert account is not None
    return account


def log_in(accounts: AccountRecords, token: str = TOKEN, *, at: datetime = NOW, expires_at: datetime = NOW + DAY) -> None:
    accounts.open_session("li.na", token, f"form of {token}", at, expires_at)


def login(accounts: AccountRecords, at: datetime, token: str = TOKEN) -> Login | None:
    return accounts.login(token, at, idle=IDLE)


def entry(did: str, *, subject: str = "violation/1", account: str = "li.na", at: datetime = NOW) -> AuditEntry:
    return AuditEntry(at, account, did, subject, {"reason": "错了", "parts": [1, 2.5, None, True]}, "10.0.0.7")


# --- accounts ----------------------------------------------------------------------------------------------


def test_what_is_added_is_found_and_listed_by_name(accounts: AccountRecords) -> None:
    accounts.add(SQUAD)
    accounts.add(replace(LI, name="Bai_Yu-1"))
    assert found(accounts) == LI
    assert found(accounts, "squad-2") == SQUAD
    assert [account.name for account in accounts.list()] == ["Bai_Yu-1", "li.na", "squad-2"]
    assert [accounts.find(name) for name in ("li", "LI.NA", "", "no\0name", "没有")] == [None] * 5


def test_a_name_is_given_once_and_who_has_it_keeps_all(accounts: AccountRecords) -> None:
    with pytest.raises(RecordError, match=r"account li\.na: there is an account of this name\. Choose another"):
        accounts.add(replace(LI, shown_as="another", password_hash="other"), [entry("account/added")])
    assert found(accounts) == LI
    assert accounts.list_audit() == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        *(({"name": name}, "1 to 64 letters") for name in ("", "li na", "李娜", "a/b", "a" * 65, "-v", "..", "li.na\n")),
        ({"roles": ()}, "at least one role"),
        ({"roles": (CaseRole.ANALYST, CaseRole.ANALYST)}, "each role once"),
        ({"roles": (CaseRole.SYSTEM,)}, "the product's own"),
        ({"roles": (CaseRole.SQUAD,)}, "its squad and at least one street"),
        ({"roles": (CaseRole.SQUAD,), "squad": "二中队"}, "its squad and at least one street"),
        ({"streets": ("",)}, "a street has a name"),
    ],
)
def test_what_no_account_can_be_is_refused(records: Records, change: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        records.accounts.add(replace(LI, **change))
    assert records.accounts.list() == ()


def test_what_is_given_is_changed_and_nothing_else(accounts: AccountRecords) -> None:
    assert accounts.change("li.na", shown_as="李 娜") == replace(LI, shown_as="李 娜")
    changed = accounts.change("li.na", roles=(CaseRole.SQUAD,), squad="二中队", streets=("友谊路",))
    assert found(accounts) == changed == replace(LI, shown_as="李 娜", roles=(CaseRole.SQUAD,), squad="二中队", streets=("友谊路",))
    with pytest.raises(ValueError, match="at least one street"):
        accounts.change("li.na", shown_as="nobody", streets=())
    assert found(accounts) == changed


def test_a_change_holds_for_who_is_logged_in(accounts: AccountRecords) -> None:
    log_in(accounts)
    accounts.change("li.na", roles=(CaseRole.ANALYST,))
    who = login(accounts, NOW)
    assert who is not None
    assert who.account.roles == (CaseRole.ANALYST,)


def test_a_change_of_what_is_another_by_now_is_refused(accounts: AccountRecords) -> None:
    seen = found(accounts)
    accounts.change("li.na", shown_as="李")
    with pytest.raises(StaleAccountError):
        accounts.change("li.na", roles=(CaseRole.ANALYST,), known=seen, audit=[entry("account/changed")])
    assert found(accounts).roles == LI.roles
    assert accounts.list_audit() == ()
    accounts.change("li.na", roles=(CaseRole.ANALYST,), known=found(accounts))
    assert found(accounts).roles == (CaseRole.ANALYST,)


def test_somebody_is_left_who_has_the_role(accounts: AccountRecords) -> None:
    accounts.add(replace(LI, name="one", roles=(CaseRole.OPERATOR,)))
    accounts.add(replace(SQUAD, name="two", roles=(CaseRole.OPERATOR, CaseRole.SQUAD)))
    accounts.add(replace(LI, name="three", roles=(CaseRole.OPERATOR,), disabled_at=NOW))
    for attempt in (
        lambda: accounts.disable("one", NOW, [entry("account/disabled")], keep=CaseRole.OPERATOR),
        lambda: accounts.change("one", roles=(CaseRole.REVIEWER,), keep=CaseRole.OPERATOR, audit=[entry("account/changed")]),
        lambda: accounts.change("one", roles=(CaseRole.OPERATOR, CaseRole.SQUAD), squad="a", streets=("b",), keep=CaseRole.OPERATOR),
    ):
        with pytest.raises(NobodyLeftError):
            attempt()
    assert found(accounts, "one").disabled_at is None
    assert found(accounts, "one").roles == (CaseRole.OPERATOR,)
    assert accounts.list_audit() == ()
    accounts.enable("three")
    accounts.disable("one", NOW, keep=CaseRole.OPERATOR)
    assert found(accounts, "one").disabled_at == NOW
    accounts.disable("three", NOW)
    assert found(accounts, "three").disabled_at == NOW, "the command line may do everything"


def test_two_who_disable_each_other_leave_one(place: Place) -> None:
    with Records.open(place.url, busy_timeout_s=10) as records:
        names = [f"op-{number}" for number in range(4)]
        for name in names:
            records.accounts.add(replace(LI, name=name, roles=(CaseRole.OPERATOR,)))

        def disable(name: str) -> bool:
            try:
                records.accounts.disable(name, NOW, keep=CaseRole.OPERATOR)
            except NobodyLeftError:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(disable, names))
        assert sorted(done) == [False, True, True, True]
        assert sum(account.disabled_at is None for account in records.accounts.list()) == 1


def test_another_password_ends_all_sessions_and_forgets_failures(accounts: AccountRecords) -> None:
    log_in(accounts)
    accounts.note_failure("li.na", NOW, most=1, bar_for=HOUR)
    accounts.set_password("li.na", "another hash")
    assert found(accounts) == replace(LI, password_hash="another hash")
    assert login(accounts, NOW) is None


def test_a_renewed_hash_ends_nothing_and_never_brings_an_old_password_back(accounts: AccountRecords) -> None:
    log_in(accounts)
    accounts.renew_hash("li.na", "hash", "renewed")
    accounts.renew_hash("li.na", "hash", "too late")
    assert found(accounts).password_hash == "renewed"
    assert login(accounts, NOW) is not None


def test_a_disabled_account_is_logged_out_until_it_is_enabled(accounts: AccountRecords) -> None:
    log_in(accounts)
    for at in (NOW + HOUR, NOW + DAY):
        accounts.disable("li.na", at)
        assert found(accounts).disabled_at == NOW + HOUR
    with pytest.raises(RecordError, match=r"account li\.na: the account is disabled"):
        log_in(accounts, OTHER_TOKEN)
    accounts.enable("li.na")
    assert found(accounts) == LI
    assert login(accounts, NOW) is None, "the sessions of before stay closed"
    log_in(accounts, OTHER_TOKEN)
    assert login(accounts, NOW, OTHER_TOKEN) is not None


def test_an_unknown_name_is_refused(records: Records) -> None:
    accounts = records.accounts
    for call in (
        lambda: accounts.set_password("x", "hash"),
        lambda: accounts.renew_hash("x", "a", "b"),
        lambda: accounts.change("x", shown_as="X"),
        lambda: accounts.disable("x", NOW),
        lambda: accounts.enable("x"),
        lambda: accounts.note_failure("x", NOW, most=3, bar_for=MINUTE),
        lambda: accounts.note_success("x"),
        lambda: accounts.open_session("x", TOKEN, "form", NOW, NOW + DAY),
        lambda: accounts.close_sessions("x"),
        lambda: accounts.enable("no\0name"),
    ):
        with pytest.raises(RecordError, match="no such account"):
            call()


# --- logging in --------------------------------------------------------------------------------------------


def test_wrong_passwords_in_a_row_bar_the_account_longer_and_longer_up_to_a_day(accounts: AccountRecords) -> None:
    bars = [accounts.note_failure("li.na", NOW, most=3, bar_for=HOUR) for _ in range(80)]
    assert [account.failures for account in bars] == list(range(1, 81))
    hours = [None, None, 1, 2, 4, 8, 16, *[24] * 73]
    assert [account.barred_until for account in bars] == [None if number is None else NOW + number * HOUR for number in hours]
    assert found(accounts).is_barred(NOW + DAY - SECOND)
    assert not found(accounts).is_barred(NOW + DAY)


def test_the_right_password_forgets_the_wrong_ones(accounts: AccountRecords) -> None:
    accounts.note_failure("li.na", NOW, most=1, bar_for=HOUR)
    accounts.note_success("li.na")
    assert found(accounts) == LI
    assert accounts.note_failure("li.na", NOW, most=2, bar_for=HOUR).barred_until is None


@pytest.mark.parametrize(("most", "bar_for"), [(0, HOUR), (3, timedelta())])
def test_a_bar_that_bars_nothing_is_refused(accounts: AccountRecords, most: int, bar_for: timedelta) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        accounts.note_failure("li.na", NOW, most=most, bar_for=bar_for)


def test_wrong_passwords_at_once_are_all_counted(place: Place) -> None:
    with Records.open(place.url) as one, Records.open(place.url) as other, ThreadPoolExecutor(4) as pool:
        one.accounts.add(LI)
        tries = [pool.submit(each.accounts.note_failure, "li.na", NOW, most=100, bar_for=HOUR) for each in (one, other) * 5]
        assert sorted(each.result().failures for each in tries) == list(range(1, 11))


def test_a_login_is_found_by_its_token_alone(accounts: AccountRecords) -> None:
    log_in(accounts)
    assert login(accounts, NOW) == Login(LI, f"form of {TOKEN}", NOW, NOW + DAY)
    assert login(accounts, NOW, OTHER_TOKEN) is None
    accounts.close_session(TOKEN)
    accounts.close_session(TOKEN)
    assert login(accounts, NOW) is None


def test_a_login_ends_when_it_expires_however_busy(accounts: AccountRecords) -> None:
    log_in(accounts, expires_at=NOW + HOUR)
    assert all(login(accounts, NOW + number * MINUTE) for number in range(0, 60, 10))
    assert login(accounts, NOW + HOUR - SECOND) is not None
    assert login(accounts, NOW + HOUR) is None


def test_a_login_ends_when_nobody_uses_it(accounts: AccountRecords) -> None:
    log_in(accounts)
    assert login(accounts, NOW + IDLE) is not None, "and that is a use"
    assert login(accounts, NOW + 2 * IDLE) is not None
    assert login(accounts, NOW + 3 * IDLE + SECOND) is None


def test_use_is_written_down_once_a_minute(accounts: AccountRecords, place: Place) -> None:
    def seen() -> str:
        with plain_connection(place.url) as connection:
            return str(connection.exec_driver_sql("SELECT seen_at FROM sessions").scalar_one())

    log_in(accounts)
    moments = []
    for seconds in (0, 59, 60, 61, 119, 120):
        assert login(accounts, NOW + seconds * SECOND) is not None
        moments.append(seen())
    first, second, third = dict.fromkeys(moments)
    assert moments == [first, first, second, second, second, third]


def test_a_short_idle_time_does_not_end_what_is_in_use(accounts: AccountRecords) -> None:
    log_in(accounts)
    assert all(accounts.login(TOKEN, NOW + number * 10 * SECOND, idle=20 * SECOND) for number in range(1, 20))


def test_a_clock_that_was_put_back_ends_nothing(accounts: AccountRecords) -> None:
    log_in(accounts)
    assert login(accounts, NOW - HOUR) is not None


def test_all_sessions_of_somebody_end_and_no_others(accounts: AccountRecords) -> None:
    accounts.add(SQUAD)
    log_in(accounts)
    log_in(accounts, OTHER_TOKEN)
    accounts.open_session("squad-2", "c" * 64, "form", NOW, NOW + DAY)
    accounts.close_sessions("li.na")
    assert [login(accounts, NOW, token) is None for token in (TOKEN, OTHER_TOKEN, "c" * 64)] == [True, True, False]


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(accounts: AccountRecords) -> None:
    log_in(accounts)
    for minutes in (10, 20, 29):
        assert accounts.login(TOKEN, NOW + minutes * MINUTE, idle=IDLE, seen=False) is not None
    assert accounts.login(TOKEN, NOW + 31 * MINUTE, idle=IDLE, seen=False) is None


def test_all_other_sessions_of_somebody_end(accounts: AccountRecords) -> None:
    log_in(accounts)
    log_in(accounts, OTHER_TOKEN)
    accounts.close_sessions("li.na", but=TOKEN)
    assert login(accounts, NOW) is not None
    assert login(accounts, NOW, OTHER_TOKEN) is None


def test_who_is_there_and_was_seen_when(accounts: AccountRecords) -> None:
    accounts.add(SQUAD)
    assert accounts.presence(NOW)["li.na"] == Presence(0, None)
    log_in(accounts)
    log_in(accounts, OTHER_TOKEN, expires_at=NOW + HOUR)
    assert login(accounts, NOW + 5 * MINUTE) is not None
    assert accounts.presence(NOW + 5 * MINUTE) == {"li.na": Presence(2, NOW + 5 * MINUTE), "squad-2": Presence(0, None)}
    accounts.note([entry("case/viewed", at=NOW + 2 * HOUR), entry("case/viewed", at=NOW + 3 * HOUR)])
    assert accounts.presence(NOW + 2 * HOUR)["li.na"] == Presence(1, NOW + 3 * HOUR)


def test_expired_sessions_are_forgotten(accounts: AccountRecords) -> None:
    log_in(accounts, expires_at=NOW + HOUR)
    log_in(accounts, OTHER_TOKEN)
    assert [accounts.forget_expired(NOW + at) for at in (HOUR - SECOND, HOUR, HOUR)] == [0, 1, 0]
    assert login(accounts, NOW, OTHER_TOKEN) is not None


def test_hashes_and_tokens_are_not_shown_by_chance(accounts: AccountRecords) -> None:
    log_in(accounts)
    shown = repr(login(accounts, NOW))
    assert "李娜" in shown
    assert "'hash'" not in shown
    assert "form of" not in shown


# --- who did what ------------------------------------------------------------------------------------------


def test_audit_rows_come_back_newest_first_page_by_page(records: Records) -> None:
    entries = [entry(f"word/{number}", at=NOW + number * MINUTE) for number in range(7)]
    records.accounts.note(entries)
    records.accounts.note([])
    pages, before = [], None
    while rows := records.accounts.list_audit(before=before, limit=3):
        pages.append([row.did for row in rows])
        before = rows[-1].audit_id
    assert pages == [["word/6", "word/5", "word/4"], ["word/3", "word/2", "word/1"], ["word/0"]]
    (newest,) = records.accounts.list_audit(limit=1)
    told = {name: getattr(newest, name) for name in AuditEntry.__dataclass_fields__}
    assert told == {name: getattr(entries[-1], name) for name in told}


def test_audit_rows_are_chosen_by_who_what_and_when(records: Records) -> None:
    records.accounts.note(
        [
            entry("case/seen"),
            entry("case/seen", account="squad-2", at=NOW + HOUR),
            entry("case/step", subject="violation/2", at=NOW + 2 * HOUR),
        ]
    )
    listing = records.accounts.list_audit
    assert [row.at for row in listing(account="li.na")] == [NOW + 2 * HOUR, NOW]
    assert [row.subject for row in listing(did="case/step")] == ["violation/2"]
    assert [row.account for row in listing(subject="violation/1", did="case/seen")] == ["squad-2", "li.na"]
    assert [row.account for row in listing(since=NOW + HOUR, until=NOW + 2 * HOUR)] == ["squad-2"]
    assert listing(account="nobody") == ()
    for limit in (0, 1001):
        with pytest.raises(ValueError, match="1 to 1000"):
            listing(limit=limit)


def test_what_strangers_send_can_always_be_recorded(records: Records) -> None:
    subject = "violation/\0\udcff" + "长" * 300
    records.accounts.note([entry("case/seen", subject=subject, account="x" * 300)])
    (row,) = records.accounts.list_audit(subject=subject)
    assert row.subject.startswith("violation/\\x00\\udcff长")
    assert (len(row.subject), len(row.account)) == (128, 128)


def test_a_change_and_its_audit_row_hold_together_or_not_at_all(accounts: AccountRecords) -> None:
    accounts.change("li.na", shown_as="李 娜", audit=[entry("account/changed")])
    with pytest.raises(RecordError, match="no such account"):
        accounts.disable("nobody", NOW, [entry("account/disabled")])
    unwritable = replace(entry("account/disabled"), detail={"share": float("nan")})
    with pytest.raises(RecordError):
        accounts.disable("li.na", NOW, [unwritable])
    assert found(accounts) == replace(LI, shown_as="李 娜")
    assert [row.did for row in accounts.list_audit()] == ["account/changed"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET did = 'nothing'", "DELETE FROM audit", "DELETE FROM audit WHERE audit_id = 1"])
def test_the_database_refuses_to_change_or_remove_audit_rows(records: Records, place: Place, statement: str) -> None:
    records.accounts.note([entry("case/seen")])
    with pytest.raises(DBAPIError, match="audit rows are never changed or removed"):
        execute(place.url, statement)
    assert [row.did for row in records.accounts.list_audit()] == ["case/seen"]


def test_sqlite_refuses_to_replace_an_audit_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/doorline.db"
    with Records.open(url) as records:
        records.accounts.note([entry("case/seen")])
    with pytest.raises(DBAPIError, match="audit rows are never changed or removed"):
        execute(url, "INSERT OR REPLACE INTO audit VALUES (1, '2024-01-01 00:00:00.000000', 'nobody', 'nothing', '', '{}', '')")


@pytest.mark.postgres
@pytest.mark.parametrize("statement", ["TRUNCATE audit", "TRUNCATE accounts, audit CASCADE"])
def test_postgres_refuses_to_empty_the_audit_too(postgres_server: PostgresServer, statement: str) -> None:
    url = postgres_server.create_database(f"t{uuid.uuid4().hex}")
    with Records.open(url) as records:
        records.accounts.note([entry("case/seen")])
        with pytest.raises(DBAPIError, match="audit rows are never changed or removed"):
            execute(url, statement)
        assert len(records.accounts.list_audit()) == 1
