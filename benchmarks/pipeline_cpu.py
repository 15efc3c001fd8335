"""CPU per camera-second of the whole pipeline, against ``ultralytics`` ``model.track`` at the same look rate.

Each side runs a short and a long clip; the difference divided by the difference in length is its cost per second of
footage. So start-up, imports and loading and warming the model cancel out, the same way for both. Sides alternate;
the ratio of each round is taken within the round, the median of the rounds is the figure.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.clip_maker import FOLDER, street_clip
from benchmarks.pipeline_config import WEIGHTS, batch_arguments, write_config
from benchmarks.processes import cost_of
from benchmarks.report import Better, NotMeasuredError, Result

ROUNDS = 3
SHORT_S, LONG_S = 60, 300
STRIDE = 50
"""Pictures from look to look: 2 s at 25 a second."""
TRACK = """
import os, sys
os.environ |= {"YOLO_CONFIG_DIR": sys.argv[4], "YOLO_AUTOINSTALL": "false", "YOLO_OFFLINE": "true"}
from ultralytics import YOLO
model = YOLO(sys.argv[1], task="detect")
looks = sum(1 for _ in model.track(sys.argv[2], stream=True, vid_stride=int(sys.argv[3]), verbose=False))
print(looks)
"""


def measure() -> Result:
    """Run both sides and compare. Raises NotMeasuredError without the weights."""
    if not WEIGHTS.is_dir():
        raise NotMeasuredError(f"no weights at {WEIGHTS}: both sides need the same ones")
    if importlib.util.find_spec("lap") is None:
        raise NotMeasuredError("the package 'lap' is not installed: model.track, the baseline, can't run without it")
    short, long = street_clip(SHORT_S), street_clip(LONG_S)
    ratios = []
    for number in range(1, ROUNDS + 1):
        ours, ours_whole = _per_camera_second(_pipeline_cpu_s, short, long)
        theirs, theirs_whole = _per_camera_second(_track_cpu_s, short, long)
        ratios.append(theirs / ours)
        whole = f"whole {LONG_S} s clip with start-up: {ours_whole:.1f} and {theirs_whole:.1f} CPU-s"
        print(f"round {number}: pipeline {ours:.1f}, model.track {theirs:.1f} CPU-ms per camera-second; {whole}", flush=True)
    return Result("pipeline_cpu", median(ratios), "x less than model.track", 4.0, Better.AT_LEAST)


def _per_camera_second(cpu_s: Callable[[Path], float], short: Path, long: Path) -> tuple[float, float]:
    """CPU-ms per second of footage, and CPU seconds of the whole long run."""
    whole_short, whole_long = cpu_s(short), cpu_s(long)
    return (whole_long - whole_short) / (LONG_S - SHORT_S) * 1000, whole_long


def _pipeline_cpu_s(clip: Path) -> float:
    return cost_of(batch_arguments(clip, write_config("pipeline_cpu", with_yolo=True))).cpu_s


def _track_cpu_s(clip: Path) -> float:
    return cost_of(["-c", TRACK, str(WEIGHTS), str(clip), str(STRIDE), str(FOLDER)]).cpu_s
