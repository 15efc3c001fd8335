"""``doorline accounts``, as a user runs it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
import yaml

from pipeline.cases import CaseRole
from pipeline.cli.accounts import RoleName
from pipeline.records import Account, Records
from pipeline.review.passwords import Verified, verify
from tests.cli.running import ROOT, Done

PASSWORD = "correct horse"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
LI = ("add", "li.na", "--role", "reviewer", "--role", "approver", "--shown-as", "李娜", "--password-stdin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a configuration, and no records yet."""
    values = {"cameras": [{"id": "cam01", "zones": "cam01.geojson"}]}
    (tmp_path / "doorline.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    return tmp_path


@pytest.fixture
def with_li(folder: Path) -> Path:
    """With the account li.na."""
    roles = (CaseRole.REVIEWER, CaseRole.APPROVER)
    with Records.open(f"sqlite:///{folder}/out/doorline.db") as records:
        records.accounts.add(Account("li.na", "李娜", roles, "", (), "hash", datetime.now(UTC)))
    return folder


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli", "accounts", *arguments, "--config", "doorline.yaml"]


def accounts(folder: Path, *arguments: str, typed: str | bytes = "") -> Done:
    """``doorline accounts``, with this line on standard input."""
    line = (typed if isinstance(typed, bytes) else typed.encode()) + b"\n"
    done = subprocess.run(command(*arguments), cwd=folder, env=ENVIRONMENT, input=line, capture_output=True, timeout=120, check=False)
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def kept(folder: Path) -> dict[str, Account]:
    with Records.open(f"sqlite:///{folder}/out/doorline.db") as records:
        return {account.name: account for account in records.accounts.list()}


@pytest.mark.long
def test_an_account_is_added_listed_and_its_hash_shown_nowhere(folder: Path) -> None:
    assert accounts(folder, *LI, typed=PASSWORD) == Done(0, "account li.na added\n", "")
    squad = ("add", "squad-2", "--role", "squad", "--squad", "二中队", "--street", "牡丹江路", "--street", "友谊路", "--password-stdin")
    assert accounts(folder, *squad, typed=PASSWORD).code == 0
    li, team = kept(folder)["li.na"], kept(folder)["squad-2"]
    assert (li.shown_as, li.roles) == ("李娜", (CaseRole.REVIEWER, CaseRole.APPROVER))
    assert (team.shown_as, team.roles, team.squad, team.streets) == ("squad-2", (CaseRole.SQUAD,), "二中队", ("牡丹江路", "友谊路"))
    assert verify(li.password_hash, PASSWORD) is Verified.RIGHT
    listed, as_json, audit = accounts(folder, "list"), accounts(folder, "list", "--json"), accounts(folder, "audit", "--json")
    assert (listed.code, listed.err) == (0, "")
    for part in ("li.na", "李娜", "reviewer, approver", "牡丹江路, 友谊路", "enabled", "2 accounts"):
        assert part in listed.out
    assert [each["name"] for each in as_json.json["accounts"]] == ["li.na", "squad-2"]
    for done in (listed, as_json, audit):
        assert "argon2" not in done.out
        assert PASSWORD not in done.out


def test_a_terminal_is_asked_twice(folder: Path) -> None:
    assert ask_on_a_terminal(folder, PASSWORD, PASSWORD) == 0
    assert verify(kept(folder)["li.na"].password_hash, PASSWORD) is Verified.RIGHT


def test_a_slip_is_asked_again_and_an_end_adds_nothing(folder: Path) -> None:
    assert ask_on_a_terminal(folder, PASSWORD, "correct house", "\x04") == 1
    assert kept(folder) == {}


def ask_on_a_terminal(folder: Path, *answers: str) -> int:
    """Add li.na on a pseudo terminal, answering each question once it is asked; the exit code."""
    ours, theirs = pty.openpty()
    program = [each for each in command(*LI) if each != "--password-stdin"]
    with subprocess.Popen(program, cwd=folder, env=ENVIRONMENT, stdin=theirs, stderr=subprocess.PIPE, start_new_session=True) as process:
        os.close(theirs)
        try:
            assert process.stderr is not None
            for answer in answers:
                question = until_asked(process.stderr)
                assert "li.na" in question or "Repeat" in question
                os.write(ours, answer.encode() + b"\n")
            rest = process.stderr.read().decode()
            assert not set(answers) & set(rest.split("\n"))
        except BaseException:
            process.kill()  # it would wait for an answer for ever
            raise
    os.close(ours)
    return process.returncode


def until_asked(stream: IO[bytes]) -> str:
    """What is said up to the next question. A terminal forgets what was typed before it was asked: "Error: " is no question yet."""
    seen = b""
    while not seen.endswith(b": ") or seen.endswith(b"Error: "):
        byte = stream.read(1)
        assert byte, seen
        seen += byte
    return seen.decode()


def test_without_a_terminal_it_says_how_to_give_the_password(folder: Path) -> None:
    done = accounts(folder, *LI[:-1], typed=PASSWORD)
    done.the_error("standard input", "nobody to ask", "Use --password-stdin", code=2)


@pytest.mark.parametrize(
    ("arguments", "typed", "parts"),
    [
        (("add", "li na", "--role", "reviewer"), PASSWORD, ("account li na", "1 to 64 letters")),
        (("add", "zhang", "--role", "squad"), PASSWORD, ("account zhang", "its squad and at least one street")),
        (("add", "zhang", "--role", "squad", "--squad", "二中队", "--street", ""), PASSWORD, ("at least one street",)),
        (("add", "zhang", "--role", "analyst"), "short", ("account zhang", "10 characters or more; this one has 5")),
        (("add", "zhang", "--role", "analyst"), b"\xff" * 12, ("standard input", "UTF-8")),
        (("password", "li.na"), "short", ("account li.na", "10 characters or more; this one has 5")),
    ],
)
def test_what_cannot_be_is_refused_as_usage(with_li: Path, arguments: tuple[str, ...], typed: str | bytes, parts: tuple[str, ...]) -> None:
    before = kept(with_li)
    accounts(with_li, *arguments, "--password-stdin", typed=typed).the_error(*parts, code=2)
    assert kept(with_li) == before


def test_the_product_itself_is_nobody_s_role(folder: Path) -> None:
    assert {role.value for role in RoleName} == {role.value for role in CaseRole} - {"system"}
    assert accounts(folder, "add", "x", "--role", "system", "--password-stdin", typed=PASSWORD).code == 2


@pytest.mark.long
def test_names_that_are_taken_or_unknown_are_refused(with_li: Path) -> None:
    accounts(with_li, *LI, typed=PASSWORD).the_error("account li.na: there is an account of this name", code=1)
    for arguments in (
        ("password", "nobody", "--password-stdin"),
        ("change", "nobody", "--shown-as", "X"),
        ("disable", "nobody"),
        ("enable", "nobody"),
    ):
        accounts(with_li, *arguments, typed=PASSWORD).the_error("account nobody: no such account", code=1)
    with Records.open(f"sqlite:///{with_li}/out/doorline.db") as records:
        assert records.accounts.list_audit() == (), "nothing was done"


def test_a_password_is_replaced_and_ends_sessions(with_li: Path) -> None:
    with Records.open(f"sqlite:///{with_li}/out/doorline.db") as records:
        now = datetime.now(UTC)
        records.accounts.open_session("li.na", "a" * 64, "form", now, now + timedelta(days=1))
        assert accounts(with_li, "password", "li.na", "--password-stdin", typed="battery staple").code == 0
        assert records.accounts.login("a" * 64, now, idle=timedelta(hours=1)) is None
    assert verify(kept(with_li)["li.na"].password_hash, "battery staple") is Verified.RIGHT


def test_an_account_is_changed_where_it_is_said(with_li: Path) -> None:
    accounts(with_li, "change", "li.na").the_error("nothing to change", "--role, --shown-as", code=2)
    accounts(with_li, "change", "li.na", "--role", "squad").the_error("at least one street", code=2)
    assert accounts(with_li, "change", "li.na", "--role", "squad", "--squad", "二中队", "--street", "友谊路").code == 0
    changed = kept(with_li)["li.na"]
    assert (changed.shown_as, changed.roles, changed.squad, changed.streets) == ("李娜", (CaseRole.SQUAD,), "二中队", ("友谊路",))
    assert accounts(with_li, "change", "li.na", "--role", "analyst", "--squad", "", "--street", "").code == 0
    assert (kept(with_li)["li.na"].squad, kept(with_li)["li.na"].streets) == ("", ())


def test_an_account_is_disabled_and_enabled(with_li: Path) -> None:
    assert accounts(with_li, "disable", "li.na").out == "account li.na disabled and logged out\n"
    assert "disabled 20" in accounts(with_li, "list").out
    assert accounts(with_li, "enable", "li.na").out == "account li.na enabled\n"
    assert kept(with_li)["li.na"].disabled_at is None


@pytest.mark.long
def test_every_command_leaves_its_audit_row(with_li: Path) -> None:
    assert accounts(with_li, "add", "bai", "--role", "analyst", "--password-stdin", typed=PASSWORD).code == 0
    for arguments in (("list",), ("change", "li.na", "--shown-as", "李 娜"), ("disable", "li.na"), ("enable", "li.na")):
        assert accounts(with_li, *arguments).code == 0
    assert accounts(with_li, "password", "li.na", "--password-stdin", typed="battery staple").code == 0
    shown = accounts(with_li, "audit", "--subject", "account/li.na")
    assert (shown.code, shown.err) == (0, "")
    for part in ("account/changed", "command line", 'shown_as: "李 娜"', "4 audit rows"):
        assert part in shown.out
    rows = accounts(with_li, "audit", "--json", "--account", "", "--last", "7").json["entries"]
    assert [row["did"].removeprefix("account/") for row in rows] == [
        "audit/read",
        "password",
        "enabled",
        "disabled",
        "changed",
        "listed",
        "added",
    ]
    assert {row["remote"] for row in rows} == {"command line"}
    assert rows[4]["detail"] == {"shown_as": "李 娜"}
    assert rows[6]["detail"] == {"roles": ["analyst"], "shown_as": "bai", "squad": "", "streets": []}
    assert [row["did"] for row in accounts(with_li, "audit", "--json", "--last", "1").json["entries"]] == ["audit/read"]
    assert accounts(with_li, "audit", "--account", "li.na").out.strip().endswith("0 audit rows")
