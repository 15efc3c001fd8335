"""Makes the clips that benchmarks run on, under build/bench/ (made once, kept, never committed).

A loop of 20 s of the composed street, 1920x1080 at 25 pictures a second: for about 10 s people cross the zones and
a van passes, then nobody is there; goods stand all the time, so that the loop has no jump. Real sensor noise in every
picture, H.264 without B-frames, a key frame every 2 s, 4 Mbit/s, as recorders of street cameras write it. Longer clips
are the loop joined by stream copy.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import imageio_ffmpeg

import sample_videos.compose
from sample_videos.compose.camera import Camera
from sample_videos.compose.encoding import encode
from sample_videos.compose.errands import Errand, Go
from sample_videos.compose.film import Film, FilmStyle
from sample_videos.compose.script import CYCLIST, WALKERS, Scene, demo_scene
from sample_videos.compose.traffic import Pass

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("DOORLINE_BENCH_FOLDER") or PROJECT / "build" / "bench").resolve()
"""Clips and results of benchmarks; the environment variable puts them on another disk (the 4 h clip takes 1.3 GB)."""
LOOP_S = 20
STYLE = FilmStyle(fps=25, bitrate_kbit=4000, preset="superfast")
SCENE_VERSION = 1
"""Raise it when ``bench_scene`` changes, so that the loop is made anew."""
THIN_KBIT = 700
"""Bit rate of the clips of hours: fewer bytes on disk, the same pictures per second to read and decode."""


def street_clip(seconds: int, *, thin: bool = False) -> Path:
    """A clip of this length (a multiple of 20 s); ``thin`` is coded at 700 instead of 4000 kbit/s.

    Raises:
        ValueError: not a multiple of the loop.
        RuntimeError: ffmpeg failed.
    """
    if seconds <= 0 or seconds % LOOP_S:
        raise ValueError(f"seconds must be a multiple of {LOOP_S}; got {seconds}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    loop = _thin_loop() if thin else _loop()
    path = FOLDER / f"CAM01_{loop.stem}_{seconds}s.mp4"
    if not path.exists():
        names = FOLDER / f"{path.stem}.txt"
        names.write_text(f"file '{loop.name}'\n" * (seconds // LOOP_S), encoding="utf-8")
        _ffmpeg(["-f", "concat", "-safe", "0", "-i", str(names), "-c", "copy"], path)
        names.unlink()
    return path


def bench_scene() -> Scene:
    """Goods that stand there all the time; people and a van in the first half."""
    standing = next(claim for claim in demo_scene().claims if claim.name == "paint and cartons").things
    errands = (
        Errand(WALKERS[0], 0.0, (-7.6, -2.7), [Go(9.0, -2.7, 1.6)]),
        Errand(WALKERS[1], 0.0, (9.5, -2.2), [Go(-8.0, -2.3, 1.6)]),
        Errand(WALKERS[5], 1.0, (-7.6, -3.1), [Go(9.0, -3.0, 1.7)]),
    )
    return Scene(LOOP_S, standing, errands, (Pass("van", 4.0, 11.0, -5.5, -6.5, (196, 200, 202)),), CYCLIST)


def _loop() -> Path:
    path = FOLDER / f"{_content_key()}.mp4"
    if not path.exists():
        print(f"making {path}: {LOOP_S} s of street at 1080p25; this takes some minutes, once", flush=True)
        encode(Film(Camera(1920, 1080), bench_scene(), STYLE), path)
    return path


def _thin_loop() -> Path:
    loop = _loop()
    path = loop.with_name(f"{loop.stem}_thin.mp4")
    if not path.exists():
        rate = [f"-b:v={THIN_KBIT}k", f"-maxrate={THIN_KBIT}k", f"-bufsize={2 * THIN_KBIT}k"]
        options = [part for item in rate for part in item.split("=", 1)]
        gop = str(2 * STYLE.fps)
        coding = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0"]
        _ffmpeg(["-i", str(loop), *coding, *options, "-threads", "2"], path)
    return path


def _content_key() -> str:
    """Changes with everything the loop depends on: style, scene, and the composer's code without its command line and papers."""
    digest = hashlib.sha256(f"{STYLE} {SCENE_VERSION}".encode())
    for source in sorted(Path(sample_videos.compose.__file__).parent.glob("*.py")):
        if source.name not in {"__main__.py", "papers.py"}:
            digest.update(source.read_bytes())
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
