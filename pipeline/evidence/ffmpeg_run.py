"""Runs ffmpeg (the one in imageio-ffmpeg's wheel) on a graph built with ffmpeg-python: no shell, bounded time."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from pipeline.errors import EvidenceError

H264_OPTIONS: dict[str, Any] = {
    "vcodec": "libx264",
    "preset": "veryfast",
    "pix_fmt": "yuv420p",
    "g": 50,
    "movflags": "+faststart",
    "map_metadata": -1,
    "fflags": "+bitexact",
    "flags:v": "+bitexact",
    # Every picture keeps its own time: none is doubled, dropped or moved to a constant rate.
    "fps_mode": "passthrough",
    "enc_time_base": "1/90000",
    "video_track_timescale": 90000,
}
"""H.264 in 8-bit 4:2:0 that any browser plays, the index at the front, nothing in it that depends on the day."""


_NICE = 10
"""Evidence can wait, looks can't: where both want the same core, whoever judges has nine tenths of it."""


def run_ffmpeg(output: Any, *, threads: int, timeout_s: float, where: Path) -> None:
    """Run one graph whose output is a file.

    Args:
        output: an output node of ffmpeg-python.
        threads: of decoders, filters and encoders, each.
        timeout_s: after this the process is killed.
        where: the file that is being made, for the error.

    Raises:
        EvidenceError: ffmpeg is missing, failed (with the last line it said) or took too long.
    """
    try:
        program = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as err:
        raise EvidenceError("no ffmpeg", expected="the one in the imageio-ffmpeg package", hint="Install imageio-ffmpeg again") from err
    command = ffmpeg.compile(output, cmd=[program, "-hide_banner", "-loglevel", "error", "-nostdin"], overwrite_output=True)
    limits = ["-threads", str(threads)]
    at_input = command.index("-i")
    command = [*command[:at_input], *limits, *command[at_input:-2], *limits, "-filter_complex_threads", str(threads), *command[-2:]]
    try:
        status, told = _run(command, timeout_s)
    except subprocess.TimeoutExpired as err:
        raise EvidenceError("ffmpeg took too long", where=str(where), expected=f"at most {timeout_s:.0f} s") from err
    except OSError as err:
        raise EvidenceError("cannot start ffmpeg", where=str(where), found=str(err)) from err
    if status:
        said = told.decode(errors="replace").strip().splitlines()
        raise EvidenceError("ffmpeg failed", where=str(where), found=" / ".join(said[-2:]) if said else f"exit status {status}")


def _run(command: list[str], timeout_s: float) -> tuple[int, bytes]:
    """Exit status, and what it said. OSError, TimeoutExpired."""
    # In a process group of its own: Ctrl-C asks the whole group to stop, and the current write is to be finished.
    quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, process_group=0, stdin=quiet, stdout=quiet, stderr=pipe) as process:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        try:
            _, told = process.communicate(timeout=timeout_s)
        except BaseException:
            process.kill()
            raise
        return process.returncode, told
