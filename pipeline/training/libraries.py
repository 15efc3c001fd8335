"""Ultralytics as training needs it: no pip, no look-ups, no analytics, settings in a folder of its own, all the cores."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.detectors.network import pillow_unpatched
from pipeline.errors import ModelError


def cores() -> int:
    """CPU cores that this process may use; fewer where OMP_NUM_THREADS asks for fewer.

    On a machine that is busy with other work, threads that wait for each other cost more than they give: one is faster then.
    """
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def ultralytics_ready(threads: int) -> Iterator[None]:
    """Import ultralytics, if nobody did yet, and give torch so many threads while this lasts. Raises ModelError."""
    before = os.environ.copy()
    with tempfile.TemporaryDirectory(prefix="doorline-") as folder, pillow_unpatched():
        # Ultralytics sets OMP_NUM_THREADS to 1 on import unless somebody set it: training would run on one core.
        os.environ |= {
            "OMP_NUM_THREADS": str(threads),
            "YOLO_AUTOINSTALL": "false",
            "YOLO_OFFLINE": "true",
            "YOLO_VERBOSE": "false",
            "YOLO_CONFIG_DIR": folder,
        }
        try:
            from ultralytics import settings  # isort: skip
            import torch

            threads_before = torch.get_num_threads()
        except ImportError as err:
            raise ModelError("a package is missing or broken", where="ultralytics", found=str(err), hint="Run: make setup") from err
        settings.update({"sync": False})  # type: ignore[no-untyped-call]  # ultralytics is not annotated here
        torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(threads_before)
            os.environ.clear()
            os.environ.update(before)


def device_of(asked: str) -> str:
    """``auto`` -> the first GPU where there is one, else the CPU; anything else as it is. Ultralytics must be ready."""
    if asked != "auto":
        return asked
    import torch

    return "cuda:0" if torch.cuda.is_available() else "cpu"
