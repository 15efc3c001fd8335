"""Makes the clips that benchmarks run on, under build/bench/ (made once, kept, never committed).

A loop of 20 s of a made-up street, 1920x1080 at 25 pictures a second: for 10 s people cross the zones, then nobody is
there; goods stand all the time, so nothing but people comes and goes where the loop begins anew. It is cut from a sample
clip and enlarged, with fresh noise in every picture: H.264 without B-frames, a key frame every 2 s, 4 Mbit/s, as recorders
of street cameras write it. Longer clips are the loop joined by stream copy.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import imageio_ffmpeg

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("DOORLINE_BENCH_FOLDER") or PROJECT / "build" / "bench").resolve()
"""Clips and results of benchmarks; the environment variable puts them on another disk (the 4 h clip takes 1.3 GB)."""
CAMERA = "CAM27"
"""Whose clip it is: cartons and a bicycle stand before two shops, one passer-by after the other, at the end nobody."""
SOURCE = PROJECT / "sample_videos" / f"{CAMERA}_20260519_153000.mp4"
LOOP_S = 20
FPS = 25
PEOPLE_S = (52, 62)
"""Seconds of the sample clip in which people cross; all that stands then stands to its end."""
NOBODY_S = (62, 66)
"""Seconds in which nobody is there; played again and again until the loop is full."""
_SOURCE_FPS = 10
_PICTURES = (
    f"[0:v]split[a][b];[a]trim={PEOPLE_S[0]}:{PEOPLE_S[1]},setpts=PTS-STARTPTS[people];"
    f"[b]trim={NOBODY_S[0]}:{NOBODY_S[1]},setpts=PTS-STARTPTS,loop=-1:{(NOBODY_S[1] - NOBODY_S[0]) * _SOURCE_FPS}[nobody];"
    f"[people][nobody]concat,scale=1920:1080:flags=bicubic,fps={FPS},trim=duration={LOOP_S},noise=alls=4:allf=t,format=yuv420p"
)
_CODING = [
    *("-c:v", "libx264", "-preset", "superfast", "-bf", "0", "-g", str(2 * FPS), "-keyint_min", str(2 * FPS), "-sc_threshold", "0"),
    *("-b:v", "4000k", "-minrate", "4000k", "-maxrate", "4000k", "-bufsize", "4000k", "-x264-params", "nal-hrd=cbr"),
]
THIN_KBIT = 700
"""Bit rate of the clips of hours: fewer bytes on disk, the same pictures per second to read and decode."""


def street_clip(seconds: int, *, thin: bool = False, begin_s: int = 0) -> Path:
    """A clip of this length (a multiple of 20 s); ``thin`` is coded at 700 instead of 4000 kbit/s.

    ``begin_s``: at which second of the loop it begins, a multiple of 2 below 20; the clip is that much shorter.

    Raises:
        ValueError: not a multiple of the loop.
        RuntimeError: ffmpeg failed.
    """
    if seconds <= 0 or seconds % LOOP_S:
        raise ValueError(f"seconds must be a multiple of {LOOP_S}; got {seconds}")
    if not 0 <= begin_s < LOOP_S or begin_s % 2:
        raise ValueError(f"begin_s must be even, from 0 to {LOOP_S - 2}; got {begin_s}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    loop = _thin_loop() if thin else _loop()
    path = FOLDER / f"{CAMERA}_{loop.stem}_{seconds}s{f'_from{begin_s}' if begin_s else ''}.mp4"
    if not path.exists():
        names = FOLDER / f"{path.stem}.txt"
        first = f"file '{loop.name}'\n" + (f"inpoint {begin_s}\n" if begin_s else "")
        names.write_text(first + f"file '{loop.name}'\n" * (seconds // LOOP_S - 1), encoding="utf-8")
        _ffmpeg(["-f", "concat", "-safe", "0", "-i", str(names), "-c", "copy"], path)
        names.unlink()
    return path


def _loop() -> Path:
    path = FOLDER / f"{_content_key()}.mp4"
    if not path.exists():
        print(f"making {path}: {LOOP_S} s of street at 1080p25, once", flush=True)
        _ffmpeg(["-i", str(SOURCE), "-filter_complex", _PICTURES, *_CODING, "-threads", "2"], path)
    return path


def _thin_loop() -> Path:
    loop = _loop()
    path = loop.with_name(f"{loop.stem}_thin.mp4")
    if not path.exists():
        rate = ["-b:v", f"{THIN_KBIT}k", "-maxrate", f"{THIN_KBIT}k", "-bufsize", f"{2 * THIN_KBIT}k"]
        gop = str(2 * FPS)
        coding = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0"]
        _ffmpeg(["-i", str(loop), *coding, *rate, "-threads", "2"], path)
    return path


def _content_key() -> str:
    """Changes with everything the loop depends on: the sample clip, what is made of it, and how it is coded."""
    digest = hashlib.sha256(SOURCE.read_bytes())
    digest.update(" ".join([_PICTURES, *_CODING]).encode())
    return f"loop1080p25_{digest.hexdigest()[:10]}"


def _ffmpeg(arguments: list[str], path: Path) -> None:
    partial = path.with_name(path.name + ".partial")
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-loglevel",
        "error",
        "-y",
        *arguments,
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
        str(partial),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ffmpeg could not write {path}: {done.stderr.strip()}")
    partial.replace(path)
