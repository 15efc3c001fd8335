"""``doorline cases due``: what it says and takes, and where it can't."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import yaml

from pipeline.cases import CaseState
from pipeline.records import Records
from tests.cli.running import doorline
from tests.pipeline_run.conftest import Office, make_office
from tests.records.samples import FRUIT, entry, furnish, violation


def office_with_a_case(folder: Path, *, expire_days: float) -> Office:
    """A case of long ago that nobody has decided."""
    office = make_office(folder)
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    config["review"] = {"expire_days": expire_days}
    config["records"] = {"url": f"sqlite:///{folder}/cases.db"}
    office.config.write_text(yaml.safe_dump(config), encoding="utf-8")
    with Records.open(f"sqlite:///{folder}/cases.db") as records:
        records.save_violation("run-1", furnish(records), entry(violation("v-1", cleared=True), tenants=(FRUIT,)))
    return office


def state(folder: Path) -> CaseState:
    with Records.open(f"sqlite:///{folder}/cases.db") as records:
        return records.cases.case("v-1").row.state


def test_what_is_due_is_said_then_taken_and_then_there_is_nothing_more(tmp_path: Path) -> None:
    office = office_with_a_case(tmp_path, expire_days=30)
    command = ("cases", "due", "--config", office.config.name)
    said = doorline(*command, "--dry-run", cwd=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert "v-1" in said.out
    assert "expire" in said.out
    assert said.out.strip().endswith("1 step due")
    assert state(tmp_path) is CaseState.CANDIDATE
    done = doorline(*command, "--json", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.json["taken"] is True
    (step,) = done.json["steps"]
    assert (step["violation_id"], step["state"], step["step"], step["version"]) == ("v-1", "candidate", "expire", 0)
    assert datetime.fromisoformat(step["since"]) < datetime.now(UTC)
    assert state(tmp_path) is CaseState.EXPIRED
    with Records.open(f"sqlite:///{tmp_path}/cases.db") as records:
        (row,) = records.accounts.list_audit()
        assert (row.account, row.did, row.remote) == ("doorline", "case/expire", "command line")
    again = doorline(*command, cwd=tmp_path)
    assert (again.code, again.out.strip()) == (0, "0 steps taken")


def test_nothing_expires_where_the_configuration_does_not_say_so(tmp_path: Path) -> None:
    office = office_with_a_case(tmp_path, expire_days=0)
    done = doorline("cases", "due", "--config", office.config.name, cwd=tmp_path)
    assert (done.code, done.out.strip()) == (0, "0 steps taken")
    assert state(tmp_path) is CaseState.CANDIDATE


def test_without_records_it_says_so_and_makes_none(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    done = doorline("cases", "due", "--config", office.config.name, cwd=tmp_path)
    assert done.code == 1
    assert "no records yet" in done.err
    assert not list(tmp_path.rglob("*.db"))
