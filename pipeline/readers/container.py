"""Opens video files and says in one line why one can't be opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.stream import Discard, Disposition

from pipeline.errors import SourceError
from pipeline.readers.timeline import Timeline

# What a local file may never make us do: open other files or addresses that it names.
_LISTS = frozenset({"hls", "dash", "concat", "imf", "sdp", "tty"})
_VIDEO_HINT = "Doorline reads mp4, mkv, avi, flv, ts, mov and whatever else FFmpeg can read"


@contextmanager
def open_video(path: Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """The open container and its video stream; closed at the end. Raises SourceError."""
    check_file(path)
    try:
        # The whitelist keeps a file with a play list inside from reaching for the network.
        container = av.open(f"file:{path.absolute()}", metadata_errors="replace", container_options={"protocol_whitelist": "file"})
    except (av.FFmpegError, OSError, ValueError) as err:
        raise _not_a_video(path, err) from err
    with container:
        yield container, _video_stream(path, container)


def is_folder(path: Path) -> bool:
    """Whether this is a folder; SourceError where there is nothing at all."""
    return stat.S_ISDIR(_stat(path).st_mode)


def check_file(path: Path) -> None:
    """Raise SourceError unless this is a regular, readable file that isn't empty. Never waits on a pipe."""
    info = _stat(path)
    if not stat.S_ISREG(info.st_mode):
        raise SourceError("cannot open footage", where=str(path), expected="a regular file", found=_kind_of(info.st_mode))
    if info.st_size == 0:
        raise SourceError("no video in it", where=str(path), expected="a video file", found="an empty file (0 bytes)", hint=_VIDEO_HINT)
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as err:
        raise SourceError("cannot read footage", where=str(path), found=_reason(err), hint="Check the file's permissions") from err


def claimed_duration_s(container: av.container.InputContainer, stream: av.VideoStream) -> float | None:
    """Length in seconds as the container claims it; None where it says nothing."""
    if "avi" in container.format.name and stream.frames and stream.average_rate:
        # Of a truncated file the demuxer measures what is left; the header knows what there was.
        return float(stream.frames / stream.average_rate)
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration and container.duration > 0 else None


def new_timeline(stream: av.VideoStream) -> Timeline:
    """A timeline for the packets of this stream, from the first one on."""
    time_base = stream.time_base or Fraction(1, 90_000)
    rate = stream.guessed_rate or stream.average_rate or Fraction(25)
    return Timeline(time_base, round(1 / rate / time_base) if rate > 0 else 1)


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except (OSError, ValueError) as err:
        raise SourceError("cannot open footage", where=str(path), expected="a file or folder", found=_reason(err)) from err


def _video_stream(path: Path, container: av.container.InputContainer) -> av.VideoStream:
    if container.format.name in _LISTS:
        raise SourceError("no video in it", where=str(path), expected="a video file", found=f"a text of kind '{container.format.name}'")
    pictures = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not pictures:
        kinds = sorted({stream.type for stream in container.streams})
        found = f"only {' and '.join(kinds)}" if kinds else "no streams at all"
        raise SourceError("no video in it", where=str(path), expected="a video stream", found=found, hint=_VIDEO_HINT)
    for stream in container.streams:
        if stream is not pictures[0]:
            stream.discard = Discard.all
    if pictures[0].codec_context is None:
        raise SourceError("cannot decode video", where=str(path), expected="a known video codec", found="an unknown one")
    return pictures[0]


def _not_a_video(path: Path, err: Exception) -> SourceError:
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as read_err:
        return SourceError("cannot read footage", where=str(path), found=_reason(read_err))
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free"}:
        return SourceError(
            "cannot open video",
            where=str(path),
            expected="an mp4 file with its index (moov)",
            found="one without: the recording was cut off before it was finished",
            hint="Export it again from the recorder, or repair it with the help of a whole file of the same camera",
        )
    found = "text" if _is_text(head) else f"{path.stat().st_size} bytes of something else ({_reason(err)})"
    return SourceError("cannot open video", where=str(path), expected="a video file", found=found, hint=_VIDEO_HINT)


def _is_text(head: bytes) -> bool:
    try:
        return head[:-4].decode("utf-8").isprintable() or all(c.isprintable() or c.isspace() for c in head[:-4].decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _kind_of(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "something else")


def _reason(err: Exception) -> str:
    return str(getattr(err, "strerror", None) or err or type(err).__name__)
