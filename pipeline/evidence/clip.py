"""Clips round first sight and confirmation: copied where a browser plays the source, else made into H.264."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import ffmpeg
import numpy as np

from pipeline.config import EvidenceSettings
from pipeline.errors import EvidenceError, SourceError
from pipeline.evidence.ffmpeg_run import H264_OPTIONS, run_ffmpeg
from pipeline.evidence.folders import NO_ROOM
from pipeline.evidence.material import Material
from pipeline.evidence.pictures_clip import encode_pictures
from pipeline.stages import Footage
from pipeline.types import Image

_MP4_CODECS = frozenset({"h264", "hevc", "mpeg4", "av1", "vp9"})
_PLAYABLE_FORMATS = frozenset({"yuv420p", "yuvj420p"})
_CRF = 18
_THUMBNAIL_PX = 48
_LARGEST_DIFFERENCE = 14.0
"""Mean grey levels by which the first picture of a copy may differ from the source's (deblocking, rounding)."""


@dataclass(frozen=True, slots=True)
class ClipSpan:
    """Media times that a clip must cover and the moments (name, media time) it is about."""

    start_s: float
    end_s: float
    moments: tuple[tuple[str, float], ...]

    @property
    def name(self) -> str:
        """File name without suffix: clip_first_seen, clip_confirmed, or both in one."""
        return "clip_" + "_".join(name for name, _ in self.moments)


@dataclass(frozen=True, slots=True)
class OriginalClip:
    """A clip as it was cut: ``picture_times_s`` are the times in the clip, 0 for the first picture, rising."""

    path: Path
    first_media_time_s: float
    picture_times_s: tuple[float, ...]
    width_px: int
    height_px: int
    method: str
    codec: str
    why_not_copied: str = ""
    """Why the packets of a video would not do; empty where they did, and for folders of pictures."""

    @property
    def last_media_time_s(self) -> float:
        """Media time of the last picture."""
        return self.first_media_time_s + self.picture_times_s[-1]


def clip_spans(material: Material, settings: EvidenceSettings) -> tuple[ClipSpan, ...]:
    """What must be covered; one span where the two would overlap or nearly touch."""
    violation = material.violation
    moments = [("first_seen", material.media_time_s(violation.first_seen_at))]
    if violation.confirmed_at:
        moments.append(("confirmed", material.media_time_s(violation.confirmed_at)))
    spans = [ClipSpan(at - settings.before_s, at + settings.after_s, ((name, at),)) for name, at in moments]
    if len(spans) == 2 and spans[1].start_s - spans[0].end_s <= settings.join_clips_within_s:
        return (ClipSpan(spans[0].start_s, spans[1].end_s, spans[0].moments + spans[1].moments),)
    return tuple(spans)


def make_original(span: ClipSpan, footage: Footage, settings: EvidenceSettings, work: Path, target: Path) -> OriginalClip:
    """Make the untouched clip of a span as an .mp4 that a browser plays.

    The compressed pictures are copied where the source is H.264 in 8-bit 4:2:0; other video is transcoded with
    every time stamp kept. Where the source can't be cut, or the copy would not show what the source shows
    (a rotation lost), and for folders of pictures, it is encoded from the pictures at their own times.

    Raises:
        SourceError: the source holds nothing readable there.
        EvidenceError: nothing could be made of what was read.
    """
    start_s, end_s = max(span.start_s, footage.begin_s), max(span.end_s, footage.begin_s)
    why = ""
    if footage.codec:
        clip = _cut(start_s, end_s, footage, settings, work, target)
        if isinstance(clip, OriginalClip):
            return clip
        why = clip
    times, size = encode_pictures(footage.pictures_between(start_s, end_s), target, crf=_CRF, threads=settings.encode_threads)
    clip_times = tuple(at - times[0] for at in times)
    return OriginalClip(target, times[0], clip_times, *size, "encoded from the pictures", "h264", why)


def span_statements(span: ClipSpan, clip: OriginalClip, settings: EvidenceSettings) -> list[str]:
    """What the source did not hold of the span that was asked for, and holes inside it."""
    times = clip.picture_times_s
    usual = float(np.median([after - before for before, after in pairwise(times)])) if len(times) > 1 else 0.0
    slack = usual * 1.5 + 0.05
    said = [f"{span.name}: not copied: {clip.why_not_copied}"] if clip.why_not_copied else []
    first_name, first_at = span.moments[0]
    last_name, last_at = span.moments[-1]
    before, after = first_at - clip.first_media_time_s, clip.last_media_time_s - last_at
    if before < settings.before_s - slack:
        said.append(f"{span.name}: source begins {max(before, 0.0):.1f} s before {_words(first_name)}")
    if after < settings.after_s - slack:
        said.append(f"{span.name}: source ends {max(after, 0.0):.1f} s after {_words(last_name)}")
    holes = [(a, b) for a, b in pairwise(times) if b - a > max(5 * usual, usual + 2.0)]
    said += [f"{span.name}: no picture for {b - a:.1f} s from media time {clip.first_media_time_s + a:.1f} s" for a, b in holes]
    return said


def _words(moment: str) -> str:
    return {"first_seen": "first sight", "confirmed": "confirmation"}[moment]


def _cut(start_s: float, end_s: float, footage: Footage, settings: EvidenceSettings, work: Path, target: Path) -> OriginalClip | str:
    """Copy or transcode the compressed video; the reason why not where only the pictures themselves will do."""
    cut = work / ("cut.mp4" if footage.codec in _MP4_CODECS else "cut.mkv")
    cut.unlink(missing_ok=True)
    try:
        first_s = footage.cut(start_s, end_s, cut)
        if start_s - first_s > settings.longest_lead_s:
            return f"the last key frame lies {start_s - first_s:.1f} s earlier"
        look = _inspect(cut)
        if look is None:
            return "the copy can't be decoded"
        if not _shows(look.first, footage.picture_at(first_s)[1].bgr()):
            return "the copy does not show what the source shows"
    except SourceError as err:
        _raise_if_disk_full(err)
        return err.what
    if look.codec == "h264" and look.pixel_format in _PLAYABLE_FORMATS:
        if moov_is_first(cut):
            cut.rename(target)
        else:
            keep = {"c": "copy", "movflags": "+faststart", "map_metadata": -1, "fflags": "+bitexact"}
            _run(ffmpeg.input(str(cut)).output(str(target), **keep), settings, target)
        method = "stream copy"
    else:
        even = ffmpeg.input(str(cut)).video.filter("scale", "trunc(iw/2)*2", "trunc(ih/2)*2", flags="bicubic", out_range="tv")
        _run(ffmpeg.output(even, str(target), crf=_CRF, **H264_OPTIONS), settings, target)
        method = f"transcoded from {look.codec} {look.pixel_format}"
    cut.unlink(missing_ok=True)
    made = _inspect(target)
    if made is None:
        raise EvidenceError("a clip that was just made can't be read", where=str(target))
    height, width = made.first.shape[:2]
    return OriginalClip(target, first_s, made.times_s, width, height, method, made.codec)


def moov_is_first(path: Path) -> bool:
    """Whether an .mp4 carries its index before its pictures, so that it plays while it is still being fetched."""
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            size, kind = int.from_bytes(head[:4], "big"), head[4:]
            if kind in {b"moov", b"mdat"}:
                return kind == b"moov"
            if size == 1:
                size = int.from_bytes(file.read(8), "big") - 8
            if size < 8:
                return False
            file.seek(size - 8, 1)
    return False


@dataclass(frozen=True, slots=True)
class _Inspected:
    codec: str
    pixel_format: str
    first: Image
    times_s: tuple[float, ...]


def _inspect(path: Path) -> _Inspected | None:
    """Codec, first picture (upright) and picture times of a clip; None if it can't be read."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            frame = next(iter(container.decode(stream)))
            first = _upright(frame)
            pixel_format = stream.codec_context.pix_fmt or ""
            codec = stream.codec_context.name
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            base = float(stream.time_base or 0)
            stamps = sorted(packet.pts for packet in container.demux(stream) if packet.pts is not None and packet.size)
    except (av.FFmpegError, StopIteration, IndexError):
        return None
    begin = frame.pts if frame.pts is not None else stamps[0]
    # Stamps before the first picture that decodes are of pictures that no player shows.
    return _Inspected(codec, pixel_format, first, tuple((stamp - begin) * base for stamp in stamps if stamp >= begin))


def _upright(frame: Any) -> Image:
    image: Image = frame.to_ndarray(format="bgr24")
    return np.ascontiguousarray(np.rot90(image, k=round(frame.rotation / 90) % 4))


def _shows(image: Image, source: Image) -> bool:
    """Whether a picture is the source's own, size and all."""
    if abs(image.shape[0] - source.shape[0]) > 1 or abs(image.shape[1] - source.shape[1]) > 1:
        return False
    small = [_thumbnail(picture) for picture in (image, source)]
    return bool(np.abs(small[0] - small[1]).mean() <= _LARGEST_DIFFERENCE)


def _thumbnail(image: Image) -> np.ndarray[Any, np.dtype[np.float32]]:
    small = cv2.resize(image, (_THUMBNAIL_PX, _THUMBNAIL_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.float32)


def _run(output: Any, settings: EvidenceSettings, target: Path) -> None:
    run_ffmpeg(output, threads=settings.encode_threads, timeout_s=settings.ffmpeg_timeout_s, where=target)


def _raise_if_disk_full(err: BaseException) -> None:
    """Raise the OSError behind an error where the disk took no more: that is no fault of the source."""
    cause: BaseException | None = err
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in NO_ROOM:
            raise OSError(cause.errno, cause.strerror) from err
        cause = cause.__cause__
