"""Pictures to H.264 in mp4 as recorders write it, and pieces joined without coding them again."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np

GOP_S = 2
"""A key frame so often."""


def encode(pictures: Iterable[np.ndarray[Any, Any]], path: Path, fps: int, kbit: int) -> int:
    """Write (height, width, 3) uint8 BGR pictures as one piece of H.264; returns how many there were.

    kbit bounds the bit rate over two seconds; quiet pictures take less. The file appears whole or not at all.

    Raises:
        RuntimeError: ffmpeg failed.
        ValueError: there was no picture.
    """
    partial = path.with_name(path.name + ".partial")
    process: subprocess.Popen[bytes] | None = None
    count = 0
    for picture in pictures:
        if process is None:
            process = subprocess.Popen(_command(picture.shape[1], picture.shape[0], fps, kbit, partial), stdin=subprocess.PIPE)
        assert process.stdin is not None  # noqa: S101  asked for above
        process.stdin.write(np.ascontiguousarray(picture).tobytes())
        count += 1
    if process is None:
        raise ValueError(f"no picture to write to {path}")
    assert process.stdin is not None  # noqa: S101
    process.stdin.close()
    if process.wait():
        raise RuntimeError(f"ffmpeg ended with {process.returncode} while writing {path}")
    partial.replace(path)
    return count


def join(pieces: Sequence[Path], path: Path, starts_at: datetime) -> None:
    """Put pieces made by `encode` with the same settings one after the other. starts_at becomes the file's creation time.

    Raises:
        RuntimeError: ffmpeg failed.
    """
    partial = path.with_name(path.name + ".partial")
    made = starts_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "pieces.txt"
        listed.write_text("".join(f"file '{piece.resolve()}'\n" for piece in pieces))
        done = subprocess.run(
            [
                imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(listed),
                "-c", "copy", "-map_metadata", "-1", "-fflags", "+bitexact", "-metadata", f"creation_time={made}",
                "-movflags", "+faststart", "-f", "mp4", str(partial),
            ],
            check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"ffmpeg ended with {done.returncode} while joining {path}")
    partial.replace(path)


def _command(width: int, height: int, fps: int, kbit: int, path: Path) -> list[str]:
    gop = str(GOP_S * fps)
    return [
        imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-r", str(fps), "-i", "-",
        "-c:v", "libx264", "-preset", "slow", "-profile:v", "main", "-pix_fmt", "yuv420p", "-bf", "0",
        "-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-crf", "27", "-maxrate", f"{kbit}k", "-bufsize", f"{2 * kbit}k",
        "-threads", "1", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-vf", "scale=out_color_matrix=bt709",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "mp4", str(path),
    ]  # fmt: skip
