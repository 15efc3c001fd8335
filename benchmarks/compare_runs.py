"""Two runs of 10,000 violations each, read from the records and compared."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

from benchmarks.clip_maker import FOLDER
from benchmarks.report import Better, Result
from pipeline.comparing import CompareSettings, compare_runs, counts_of
from pipeline.records import Records, ViolationFilter
from tests.records.samples import entry, furnish, run_info, violation

VIOLATIONS = 10_000
_CHUNK = 2000
_RUNS = ("before", "after")


def measure() -> Result:
    """Seconds from opening the records to the counts; of the second run each seventh has another id and begins a little later."""
    path = FOLDER / "compare_runs.db"
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    _fill(f"sqlite:///{path}")
    began_s = time.monotonic()
    with Records.open(f"sqlite:///{path}") as records:
        before, after = (records.list_violations(ViolationFilter(run_id=name)) for name in _RUNS)
    read_s = time.monotonic() - began_s
    counts = counts_of(compare_runs(before, after, CompareSettings()))
    took_s = time.monotonic() - began_s
    said = ", ".join(f"{count} {difference.value}" for difference, count in counts.items())
    print(f"2 x {VIOLATIONS} violations: read in {read_s:.2f} s, compared in {took_s - read_s:.2f} s: {said}", flush=True)
    path.unlink()
    return Result("compare_runs", took_s, "s to compare two runs of 10,000 violations", 5.0, Better.AT_MOST)


def _fill(url: str) -> None:
    with Records.open(url) as records:
        for name in _RUNS:
            source = furnish(records, replace(run_info(), run_id=name))
            for first in range(0, VIOLATIONS, _CHUNK):
                entries = []
                for number in range(first, first + _CHUNK):
                    is_other = name == "after" and number % 7 == 0
                    found = violation(f"{'x' if is_other else 'v'}{number:015x}", first_s=number * 250.0)
                    if is_other:
                        found = replace(found, first_seen_at=found.first_seen_at + timedelta(seconds=number % 40))
                    entries.append(replace(entry(found), evidence=()))
                records.save_violations(name, source, entries)
