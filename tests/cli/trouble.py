"""The command line with one trouble at one point, for tests: ``python -m tests.cli.trouble NAME ARGUMENTS...``.

Everything is as it is in the product; only, when it comes to the named point, something happens to the process, its
database or its terminal. What happens is real: a signal, a lock, a deleted file, a server that stops.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.evidence import evidence_writer, ffmpeg_run
from pipeline.observations import ObservationLog
from pipeline.records import Records

DATABASE = Path("out/doorline.db")
LOOK = 30
"""A look in the middle of the second source: the first one has six."""
_kept: list[object] = []


def main() -> None:
    """Set the trouble up and run the command line."""
    TROUBLES[sys.argv.pop(1)]()
    from pipeline.cli import main as command_line

    command_line()


def before(owner: Any, name: str, happen: Callable[[], None], *, call: int = 1) -> None:
    """Let something happen just before the given call of a function."""
    original, calls = getattr(owner, name), count(1)

    def watched(*arguments: Any, **named: Any) -> Any:
        if next(calls) == call:
            happen()
        return original(*arguments, **named)

    setattr(owner, name, watched)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lock_database() -> None:
    """Another connection holds the write lock from here on, as a program would that hangs in a transaction."""
    connection = sqlite3.connect(DATABASE, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    _kept.append(connection)


def remove_database() -> None:
    for path in DATABASE.parent.glob(DATABASE.name + "*"):
        path.rename(path.with_name("moved-" + path.name))


def replace_database() -> None:
    """Somebody puts an empty file in its place."""
    other = DATABASE.with_name("other.db")
    sqlite3.connect(other).close()
    shutil.copy(other, DATABASE.with_name("new"))
    remove_database()
    DATABASE.with_name("new").replace(DATABASE)


def stop_postgres() -> None:
    """Cut every connection off, at once."""
    pid = int(Path(os.environ["POSTMASTER_PID"]).read_text(encoding="ascii").split()[0])
    os.kill(pid, signal.SIGQUIT)
    while Path(os.environ["POSTMASTER_PID"]).exists():
        time.sleep(0.01)


def press_ctrl_c() -> None:
    """As a terminal does it: to the whole process group."""
    os.killpg(0, signal.SIGINT)


def press_twice() -> None:
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)


def press_while_ffmpeg_works() -> None:
    """Ctrl-C comes when ffmpeg is at work, and reaches all that is in this process group."""
    original = ffmpeg_run._run

    def watched(*arguments: Any, **named: Any) -> Any:
        ffmpeg_run._run = original
        threading.Timer(0.05, press_ctrl_c).start()
        return original(*arguments, **named)

    ffmpeg_run._run = watched


def fail(error: BaseException) -> Callable[[], None]:
    def happen() -> None:
        raise error

    return happen


TROUBLES: dict[str, Callable[[], None]] = {
    "kill-in-source": lambda: before(ObservationLog, "append", die, call=LOOK),
    "kill-in-evidence": lambda: before(evidence_writer, "render_marked", die),
    "kill-before-row": lambda: before(Records, "save_violations", die),
    "kill-after-row": lambda: before(Records, "finish_source", die, call=2),
    "lock-before-row": lambda: before(Records, "save_violations", lock_database),
    "lock-before-source": lambda: before(Records, "start_source", lock_database, call=2),
    "lock-at-end": lambda: before(Records, "finish_run", lock_database),
    "remove-database": lambda: before(Records, "save_violations", remove_database),
    "replace-database": lambda: before(Records, "save_violations", replace_database),
    "stop-postgres": lambda: before(Records, "save_violations", stop_postgres),
    "ctrl-c-in-source": lambda: before(ObservationLog, "append", press_ctrl_c, call=LOOK),
    "ctrl-c-in-ffmpeg": press_while_ffmpeg_works,
    "ctrl-c-twice": lambda: before(evidence_writer, "render_marked", press_twice),
    "sigterm-in-source": lambda: before(ObservationLog, "append", lambda: signal.raise_signal(signal.SIGTERM), call=LOOK),
    "system-refuses": lambda: before(Records, "start_source", fail(OSError(5, "Input/output error", "/dev/sda")), call=1),
}

if __name__ == "__main__":
    main()
