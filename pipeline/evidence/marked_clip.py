"""The marked copy of a clip: the stored looks drawn over it, each from its own picture until the next look's."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import ffmpeg

from pipeline.config import EvidenceSettings
from pipeline.errors import EvidenceError
from pipeline.evidence.clip import OriginalClip
from pipeline.evidence.ffmpeg_run import H264_OPTIONS, run_ffmpeg
from pipeline.evidence.folders import require_room, write_file
from pipeline.evidence.material import Material
from pipeline.evidence.overlay import Marks, MarkStyle, mark_style
from pipeline.types import Observation

_SMALLEST_WIDTH_PX = 640
_CRF = 21
_TICKS = 1000
_EARLY_S = 0.001


def render_marked(clip: OriginalClip, material: Material, settings: EvidenceSettings, marks: Marks, work: Path, target: Path) -> MarkStyle:
    """Render the marked copy of a clip; the video itself is not looked at again.

    The picture is scaled to at most ``marked_clip_width_px`` (small ones are enlarged so that text is legible) and
    stands under a strip with place, time, shop code and dwell so far. Every picture keeps its time.

    Raises:
        EvidenceError: ffmpeg failed. OSError: the disk refused a file.
    """
    style = _style(clip, settings)
    listing = _write_overlays(clip, material, marks, style, work)
    video = (
        ffmpeg.input(str(clip.path))
        .video.filter("setpts", "PTS-STARTPTS")
        .filter("scale", style.width_px, style.height_px, flags="bicubic", out_range="tv")
        .filter("setsar", "1")
        .filter("pad", style.width_px, style.total_px, 0, style.strip_px)
    )
    # safe=0: the list and its names are our own, and only then may it state the time base of its pictures.
    drawn = ffmpeg.input(str(listing), f="concat", safe=0).video
    joined = ffmpeg.filter([video, drawn], "overlay", 0, 0, eof_action="repeat", format="auto")
    output = ffmpeg.output(joined, str(target), crf=_CRF, **H264_OPTIONS)
    try:
        run_ffmpeg(output, threads=settings.encode_threads, timeout_s=settings.ffmpeg_timeout_s, where=target)
    except EvidenceError:
        require_room(work)
        raise
    return style


def looks_in_clip(clip: OriginalClip, material: Material) -> list[tuple[float, Observation | None]]:
    """Time in the clip from which a look holds, rising from 0; None while nobody had looked yet."""
    end_s = clip.last_media_time_s
    looks: list[tuple[float, Observation | None]] = [(0.0, None)]
    for observation in material.observations:
        at = observation.media_time_s - clip.first_media_time_s
        if observation.media_time_s > end_s + _EARLY_S:
            break
        if at <= _EARLY_S:
            looks = [(0.0, observation)]
        else:
            looks.append((at, observation))
    return looks


def _style(clip: OriginalClip, settings: EvidenceSettings) -> MarkStyle:
    width = min(max(clip.width_px, _SMALLEST_WIDTH_PX), settings.marked_clip_width_px)
    height = round(clip.height_px * width / clip.width_px)
    return mark_style(width + width % 2, max(2, height + height % 2))


def _write_overlays(clip: OriginalClip, material: Material, marks: Marks, style: MarkStyle, work: Path) -> Path:
    """One transparent picture per look and the list of how long each is shown (milliseconds, rounded down)."""
    looks = looks_in_clip(clip, material)
    starts = [math.floor(at * _TICKS) for at, _ in looks]
    ends = [*starts[1:], math.ceil(clip.picture_times_s[-1] * _TICKS) + _TICKS]
    lines = ["ffconcat version 1.0"]
    for index, ((at, observation), start, end) in enumerate(zip(looks, starts, ends, strict=True)):
        # A look that comes from before the clip still holds; its own time is what is written above the picture.
        shown_s = observation.media_time_s if observation else clip.first_media_time_s + at
        rgba = marks.on_video(style, observation, shown_s)
        name = f"look_{index:05d}.png"
        done, data = cv2.imencode(".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 2])
        if not done:
            raise EvidenceError("cannot encode an overlay", where=name)
        write_file(work / name, data.tobytes())
        lines += [f"file {name}", f"option framerate {_TICKS}", f"duration {max(end - start, 1) / _TICKS:.3f}"]
    listing = work / "looks.ffconcat"
    write_file(listing, ("\n".join(lines) + "\n").encode())
    return listing
