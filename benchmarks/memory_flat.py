"""Peak memory of the whole pipeline on 4 hours of footage against 10 minutes of the same, one look per 2 s."""

from __future__ import annotations

from benchmarks.clip_maker import street_clip
from benchmarks.pipeline_config import WEIGHTS, batch_arguments, write_config
from benchmarks.processes import Cost, cost_of
from benchmarks.report import Better, Result

SHORT_S, LONG_S = 600, 4 * 3600


def measure() -> Result:
    """Run both lengths, each in a process of its own, and compare the peaks."""
    if not WEIGHTS.is_dir():
        print(f"no weights at {WEIGHTS}: measured without YOLO", flush=True)
    short, long = _cost(SHORT_S), _cost(LONG_S)
    print(f"peak {short.peak_mib:.0f} MiB over {SHORT_S} s, {long.peak_mib:.0f} MiB over {LONG_S} s ({long.cpu_s:.0f} CPU-s)", flush=True)
    return Result("memory_flat", long.peak_mib / short.peak_mib, "x of 10 minutes", 1.1, Better.AT_MOST)


def _cost(seconds: int) -> Cost:
    config = write_config(f"memory_flat_{seconds}s", with_yolo=WEIGHTS.is_dir())
    return cost_of(batch_arguments(street_clip(seconds, thin=True), config))
