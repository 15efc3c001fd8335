"""Which process runs a run, and whether it still lives."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One process of one host. ``mark`` tells it from a later one with the same pid; "" where the system does not say."""

    host: str
    pid: int
    mark: str


def this_process() -> Process:
    """The process that asks."""
    return Process(socket.gethostname(), os.getpid(), _mark(os.getpid()))


def is_gone(process: Process) -> bool:
    """Whether this process has surely ended. False for other hosts and wherever the system can't be asked."""
    if process.host != socket.gethostname() or sys.platform == "win32":  # there, os.kill(pid, 0) would end it
        return False
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        pass
    mark = _mark(process.pid)
    return bool(process.mark and mark and mark != process.mark)


def _mark(pid: int) -> str:
    """Boot and start tick of a process, from /proc."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # The command in parentheses may hold anything, so count from behind it: the start tick is field 22.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return f"{boot}/{fields[19]}"
    except (OSError, IndexError):
        return ""
