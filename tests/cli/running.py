"""Runs ``doorline`` as a user does: another process, its output and its exit code."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pipeline_run.conftest import Office

ROOT = Path(__file__).parents[2]
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: exit code (negative: killed by that signal), standard output and error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output, which must be one JSON object."""
        value: dict[str, Any] = json.loads(self.out)
        return value

    def errors(self, word: str) -> list[str]:
        """Lines on standard error that begin with this word."""
        return [line for line in self.err.splitlines() if line.startswith(word)]

    def the_error(self, *parts: str, code: int) -> str:
        """The one line that the user sees, with all these parts in it; the command ended with this code."""
        assert self.code == code, self
        assert "Traceback" not in self.err
        (line,) = self.err.strip().splitlines()
        assert line.startswith("error "), line
        for part in parts:
            assert part in line, f"{part!r} not in {line!r}"
        return line

    def resume_words(self) -> list[str]:
        """The arguments of the command that it says to go on with, as a shell would split them."""
        found = re.findall(r"[Gg]o on with: (doorline .*)", self.err)
        assert len(found) == 1, self.err
        return shlex.split(found[0])[1:]


def doorline(
    *arguments: str | Path,
    cwd: Path,
    trouble: str = "",
    environment: dict[str, str] | None = None,
    before_start: Callable[[], None] | None = None,
    timeout_s: float = 120,
) -> Done:
    """Run the command line, in a process group of its own, with a trouble of ``tests.cli.trouble`` if one is named."""
    program = [sys.executable, "-m", "tests.cli.trouble", trouble] if trouble else [sys.executable, "-m", "pipeline.cli"]
    done = subprocess.run(
        [*program, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        preexec_fn=before_start,
        process_group=0,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def batch(office: Office, *sources: str, trouble: str = "", **more: Any) -> Done:
    """``doorline batch SOURCES --config doorline.yaml --json`` in the office's folder."""
    return doorline("batch", *sources, "--config", "doorline.yaml", "--json", cwd=office.folder, trouble=trouble, **more)


def verified(office: Office, run: str = "latest") -> str:
    """``doorline records verify`` finds nothing; what it says."""
    done = doorline("records", "verify", "--config", "doorline.yaml", "--run", run, cwd=office.folder)
    assert done.code == 0, done
    return done.out + done.err


def obey_file_modes() -> None:
    """For ``before_start``: file modes hold for this process even if it is root's."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def content(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All that is recorded of sources, violations and evidence, but for what names the run. One run only."""
    queries = {
        "sources": "select uri, camera_id, start_at, duration_s, state, looks, missed_looks, faults, error from sources order by uri",
        "violations": "select * from violations order by violation_id",
        "events": "select violation_id, position, phase, at, media_s from events order by 1, 2",
        "evidence": "select violation_id, position, path, sha256, bytes, captured_at, media_s, what from evidence_files order by 1, 2",
    }
    with sqlite3.connect(office.folder / "out" / "doorline.db") as connection:
        (run_id,) = connection.execute("select run_id from runs").fetchone()
        names = [row[1] for row in connection.execute("pragma table_info(violations)")]
        of_the_run = {names.index(name) for name in ("run_id", "source_id", "manifest_sha256")}
        found = {table: connection.execute(query).fetchall() for table, query in queries.items()}
    connection.close()
    found["violations"] = [tuple(value for at, value in enumerate(row) if at not in of_the_run) for row in found["violations"]]
    found["evidence"] = [tuple(str(value).replace(run_id, "RUN") for value in row) for row in found["evidence"]]
    return found


def killed(done: Done) -> bool:
    """Whether the process was ended by SIGKILL."""
    return done.code == -signal.SIGKILL
