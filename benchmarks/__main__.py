"""``python -m benchmarks [NAME ...]``: run all benchmarks or those named. Exit code 1 if a target is missed or not measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from benchmarks import compare_runs, console_pages, live_cameras, live_faults, memory_flat, pipeline_cpu, static_background
from benchmarks.report import NotMeasuredError, Result

BENCHMARKS: Mapping[str, Callable[[], Result]] = {
    "static_background": static_background.measure,
    "pipeline_cpu": pipeline_cpu.measure,
    "memory_flat": memory_flat.measure,
    "live_cameras": live_cameras.measure,
    "live_many_cameras": live_cameras.measure_many,
    "live_faults": live_faults.measure,
    "console_pages": console_pages.measure,
    "compare_runs": compare_runs.measure,
}


def main(names: list[str]) -> int:
    """Run them in order and print a line for each."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    all_ok = True
    for name in names or BENCHMARKS:
        try:
            result = BENCHMARKS[name]()
        except NotMeasuredError as err:
            print(f"{name} not measured: {err}")
            all_ok = False
        else:
            print(result.line(), flush=True)
            all_ok = all_ok and result.ok
    return 0 if all_ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
