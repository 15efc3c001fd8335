"""Films to files: H.264 in mp4, by ffmpeg."""

from __future__ import annotations

import subprocess
from pathlib import Path

import imageio_ffmpeg

from sample_videos.compose.film import Film


def encode(film: Film, path: Path) -> None:
    """Write the film as H.264 in mp4: key frame every 2 s, no audio, index first.

    Raises:
        RuntimeError: ffmpeg failed.
    """
    style, camera = film.style, film.camera
    rate = [f"-crf={style.crf}", f"-maxrate={style.max_kbit}k", f"-bufsize={2 * style.max_kbit}k"]
    if style.bitrate_kbit is not None:
        rate = [
            f"-b:v={style.bitrate_kbit}k",
            f"-minrate={style.bitrate_kbit}k",
            f"-maxrate={style.bitrate_kbit}k",
            f"-bufsize={style.bitrate_kbit}k",
        ]
        rate += ["-x264-params=nal-hrd=cbr", "-bf=0"]
    options = [part for item in rate for part in item.split("=", 1)]
    gop = str(2 * style.fps)
    partial = path.with_name(path.name + ".partial")
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y",
        "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{camera.width_px}x{camera.height_px}", "-r", str(style.fps), "-i", "-",
        "-c:v", "libx264", "-preset", style.preset, "-pix_fmt", "yuv420p", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0",
        *options, "-threads", "2", "-movflags", "+faststart", "-f", "mp4", str(partial),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101  asked for above
        for picture in film.pictures():
            process.stdin.write(picture.tobytes())
        process.stdin.close()
        if process.wait():
            raise RuntimeError(f"ffmpeg ended with {process.returncode} while writing {path}")
    partial.replace(path)
