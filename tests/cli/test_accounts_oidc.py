"""``doorline accounts`` and ``doorline review`` where people sign in by an OpenID provider."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
import yaml

from pipeline.cases import CaseRole
from pipeline.records import Account, Records
from pipeline.review.passwords import Verified, hash_password, verify
from tests.cli.running import ROOT
from tests.cli.test_accounts import PASSWORD, accounts, kept
from tests.pipeline_run.conftest import make_office
from tests.review.asking import form_token
from tests.review.oidc.provider import CLIENT, SECRET, running
from tests.streams.servers import free_port, wait_for

ISSUER = "https://sso.example/realms/bureau"


def configure(folder: Path, *, oidc: bool = True) -> Path:
    values: dict[str, object] = {"cameras": [{"id": "cam01", "zones": "cam01.geojson"}]}
    if oidc:
        values["review"] = {"public_url": "https://doorline.example", "oidc": {"issuer": ISSUER, "client_id": "doorline"}}
    (folder / "doorline.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a provider, and the account li.na, who has a password."""
    with Records.open(f"sqlite:///{tmp_path}/out/doorline.db") as records:
        records.accounts.add(Account("li.na", "李娜", (CaseRole.REVIEWER,), "", (), "hash", datetime.now(UTC)))
    return configure(tmp_path)


def test_an_account_is_added_without_a_password(folder: Path) -> None:
    done = accounts(folder, "add", "wang", "--role", "reviewer", "--oidc")
    assert (done.code, done.out, done.err) == (0, "account wang added\n", "")
    made = kept(folder)["wang"]
    assert (made.by_oidc, made.password_hash, made.oidc_subject) == (True, "", None)
    (row,) = [row for row in accounts(folder, "audit", "--json").json["entries"] if row["did"] == "account/added"]
    assert row["detail"] == {"roles": ["reviewer"], "shown_as": "wang", "squad": "", "streets": [], "oidc": True}


def test_an_account_turns_to_the_provider_and_back(folder: Path) -> None:
    with Records.open(f"sqlite:///{folder}/out/doorline.db") as records:
        now = datetime.now(UTC)
        records.accounts.open_session("li.na", "a" * 64, "form", now, now + timedelta(days=1))
        done = accounts(folder, "oidc", "li.na")
        assert (done.code, done.out) == (0, f"account li.na signs in by {ISSUER} and is logged out\n")
        assert records.accounts.login("a" * 64, now, idle=timedelta(hours=1)) is None
        records.sign_ins.bind("li.na", ISSUER, "f:1")
    assert accounts(folder, "oidc", "li.na").code == 0
    assert (kept(folder)["li.na"].by_oidc, kept(folder)["li.na"].oidc_subject) == (True, None), "unbound"
    assert accounts(folder, "password", "li.na", "--password-stdin", typed=PASSWORD).code == 0
    back = kept(folder)["li.na"]
    assert (back.by_oidc, verify(back.password_hash, PASSWORD)) == (False, Verified.RIGHT)
    rows = accounts(folder, "audit", "--json", "--subject", "account/li.na").json["entries"]
    assert [row["did"] for row in rows] == ["account/password", "account/oidc", "account/oidc"]


def test_one_person_is_bound_whatever_their_name_is_there(folder: Path) -> None:
    assert accounts(folder, "oidc", "li.na", "--subject", "f:1:李娜").code == 0
    bound = kept(folder)["li.na"]
    assert (bound.oidc_issuer, bound.oidc_subject) == (ISSUER, "f:1:李娜")
    (row,) = accounts(folder, "audit", "--json", "--subject", "account/li.na").json["entries"]
    assert row["detail"] == {"issuer": ISSUER, "subject": "f:1:李娜"}
    assert accounts(folder, "add", "wang", "--role", "reviewer", "--oidc").code == 0
    accounts(folder, "oidc", "wang", "--subject", "f:1:李娜").the_error("this person has another account", "li.na", code=1)
    listed = accounts(folder, "list").out
    assert "OIDC, f:1:李娜" in listed
    assert "OIDC, bound to nobody" in listed
    (li, wang) = accounts(folder, "list", "--json").json["accounts"]
    assert (li["oidc_issuer"], li["oidc_subject"], wang["oidc_subject"]) == (ISSUER, "f:1:李娜", None)
    assert wang["oidc_since"]


@pytest.mark.parametrize(
    ("arguments", "parts", "code"),
    [
        (("oidc", "nobody"), ("account nobody: no such account",), 1),
        (("oidc", "li.na", "--subject", ""), ("--subject", "1 to 255 printable characters"), 2),
        (("oidc", "li.na", "--subject", "x" * 256), ("--subject", "1 to 255 printable characters"), 2),
        (("add", "li.na", "--role", "reviewer", "--oidc"), ("there is an account of this name",), 1),
        (("add", "wang", "--role", "squad", "--oidc"), ("at least one street",), 2),
    ],
)
def test_what_cannot_be_is_refused(folder: Path, arguments: tuple[str, ...], parts: tuple[str, ...], code: int) -> None:
    before = kept(folder)
    accounts(folder, *arguments).the_error(*parts, code=code)
    assert kept(folder) == before


@pytest.mark.parametrize("arguments", [("oidc", "li.na"), ("add", "wang", "--role", "reviewer", "--oidc")])
def test_without_a_provider_nobody_signs_in_by_it(folder: Path, arguments: tuple[str, ...]) -> None:
    configure(folder, oidc=False)
    accounts(folder, *arguments).the_error("review.oidc: there is no provider to sign in by", "See docs/review.md", code=2)


# --- doorline review --------------------------------------------------------------------------------------------


@contextmanager
def console(folder: Path, issuer: str, *options: str) -> Iterator[tuple[str, Path]]:
    """``doorline review`` where only the provider counts, with ou who has a password; its address, and what it says."""
    office, address, said = make_office(folder), f"127.0.0.1:{free_port()}", folder / "said.txt"
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    oidc = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET, "only": True, "timeout_s": 1}
    config["review"] = {"listen": address, "public_url": f"http://{address}", "oidc": oidc}
    office.config.write_text(yaml.safe_dump(config), encoding="utf-8")
    with Records.open(f"sqlite:///{folder}/out/doorline.db") as records:
        now = datetime.now(UTC)
        records.accounts.add(Account("ou", "欧", (CaseRole.OPERATOR,), "", (), hash_password(PASSWORD), now))
        records.accounts.add(Account("ren", "任", (CaseRole.REVIEWER,), "", (), "", now, oidc_since=now))
    command = [sys.executable, "-m", "pipeline.cli", "review", "--config", office.config.name, *options]
    with said.open("w") as out, subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out) as program:
        try:
            wait_for(lambda: _answers(address), 60)
            yield address, said
        finally:
            program.kill()


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"http://{address}/login").status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.long
def test_the_console_says_what_the_provider_must_know_and_lets_people_in_by_it(tmp_path: Path) -> None:
    with running(lambda: datetime.now(UTC)) as provider, console(tmp_path, provider.issuer) as (address, said):
        assert f"people can log in by {provider.issuer}, which must know http://{address}/login/oidc/back" in said.read_text()
        with httpx2.Client(base_url=f"http://{address}", follow_redirects=True) as ren:
            page = ren.get("/login/oidc?next=/me")
            assert (page.status_code, page.url.path) == (200, "/me")
            assert "任" in page.text


@pytest.mark.long
@pytest.mark.parametrize(("options", "status"), [((), 403), (("--password-login",), 200)])
def test_when_the_provider_is_down_a_switch_opens_the_console_to_passwords(tmp_path: Path, options: tuple[str, ...], status: int) -> None:
    issuer = f"http://127.0.0.1:{free_port()}"
    with console(tmp_path, issuer, *options) as (address, said), httpx2.Client(base_url=f"http://{address}", follow_redirects=True) as ou:
        told = f"nobody can log in by OIDC for now: {issuer}/.well-known/openid-configuration: cannot reach the provider"
        assert f"{told}; found connection refused. Check review.oidc.issuer, and that the provider runs" in said.read_text()
        page = ou.get("/login")
        assert ('name="password"' in page.text) is bool(options)
        form = {"form_token": form_token(page), "name": "ou", "password": PASSWORD, "next": "/me"}
        page = ou.post("/login", data=form)
        assert (page.status_code, page.url.path) == (status, "/me" if options else "/login")
