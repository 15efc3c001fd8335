"""Programs in processes of their own, and what each cost: CPU seconds with all their children, peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one program: user and system CPU seconds of it and of every child that it waited for; the largest resident
    set of any one of these processes, in MiB."""

    cpu_s: float
    peak_mib: float


def cost_of(arguments: Sequence[str]) -> Cost:
    """Run ``python ARGUMENTS`` in the project folder and account for it.

    Raises:
        RuntimeError: it failed; with the end of its output.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            tail = output.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{tail}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
