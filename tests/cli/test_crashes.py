"""kill -9 at the worst moments: nothing half-written stays or counts, and going on gives what an undisturbed run gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import BUSY, QUIET
from tests.cli.running import Done, batch, content, doorline, killed, verified
from tests.pipeline_run.conftest import Office

CASES = {
    "kill-in-source": (),
    "kill-in-evidence": ("unfinished evidence removed",),
    "kill-before-row": ("evidence without a row",),
    "kill-after-row": (),
}
"""Where it dies, in the second recording -> what the next start finds, beside the run itself. The log of the first is gone on with."""


@pytest.mark.long
@pytest.mark.parametrize("trouble", CASES)
def test_killed_and_gone_on_is_as_if_undisturbed(trouble: str, office: Office, judged: tuple[Office, Done]) -> None:
    assert killed(batch(office, QUIET, BUSY, trouble=trouble))
    assert len(office.rows("violations")) == (trouble == "kill-after-row")
    (run_id,) = [str(row[0]) for row in office.rows("runs")]
    resumed = batch(office, QUIET, BUSY, "--resume", run_id)
    assert resumed.code == 0, resumed
    found = "\n".join(resumed.json["reconciled"])
    assert f"run {run_id} was cut off" in found
    assert len(resumed.json["reconciled"]) >= 1 + len(CASES[trouble])
    for part in CASES[trouble]:
        assert part in found
    assert [source["state"] for source in resumed.json["sources"]] == ["kept", "finished"]
    assert office.partials() == []
    assert content(office) == content(judged[0])
    assert "not counted" not in verified(office)
    assert manifests(office) == manifests(judged[0])
    assert logs(office) == logs(judged[0])


@pytest.mark.long
def test_what_a_crash_left_is_named_and_not_counted_by_the_next_run(office: Office) -> None:
    assert killed(batch(office, QUIET, BUSY, trouble="kill-before-row"))
    assert "not counted evidence without a row" in verified(office)
    listed = doorline("records", "list", "-c", "doorline.yaml", cwd=office.folder)
    assert listed.out.strip().endswith("0 violations")
    after = doorline("batch", QUIET, "-c", "doorline.yaml", cwd=office.folder)
    assert after.code == 0
    assert len(after.errors("found at start")) == 2
    assert office.partials() == []


def manifests(office: Office) -> list[dict[str, object]]:
    """What the manifests say, but for the run's id and start."""
    found = []
    for path in sorted(office.evidence.glob("*/*/*/manifest.json")):
        data = json.loads(path.read_bytes())
        assert data["replaces_manifest_sha256"] == []
        found.append({**data, "run": {name: text for name, text in data["run"].items() if name not in {"run_id", "started_at"}}})
    return found


def logs(office: Office) -> dict[str, list[str]]:
    """The observations of each source."""
    paths: list[Path] = sorted((office.folder / "out" / "observations").glob("*/*.jsonl"))
    return {path.name: path.read_text(encoding="utf-8").splitlines()[1:] for path in paths}
