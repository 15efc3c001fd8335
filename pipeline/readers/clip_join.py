"""Joins clips that were cut from recordings which follow each other, without decoding them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av

from pipeline.errors import SourceError
from pipeline.readers.clip_writer import CLIP_OPTIONS, decoding_times

_TICKS = Fraction(1, 90_000)


def join_clips(pieces: Sequence[tuple[Path, float]], path: Path) -> bool:
    """Write one clip of all pieces, in rising order; False, and nothing written, where their pictures are coded in different ways.

    Args:
        pieces: clips of one container, each with the time of its first picture, seconds from that of the first piece. Where one still
            shows pictures when the next begins, these are left out.
        path: the new clip, .mp4 or .mkv.

    Raises:
        SourceError: it can't be written.
    """
    try:
        with ExitStack() as opened:
            inputs = [opened.enter_context(av.open(str(piece))) for piece, _ in pieces]
            streams = [each.streams.video[0] for each in inputs]
            if len({_form(stream) for stream in streams}) > 1:
                return False
            packets = []
            begins = [round(begin_s / _TICKS) for _, begin_s in pieces]
            for source, stream, begin, end in zip(inputs, streams, begins, [*begins[1:], None], strict=True):
                for packet in source.demux(stream):
                    if not packet.size or packet.pts is None:
                        continue
                    shown = begin + round(packet.pts * Fraction(packet.time_base) / _TICKS)
                    if end is None or shown < end:
                        packets.append((shown, packet))
            output = opened.enter_context(av.open(str(path), "w", options=CLIP_OPTIONS[path.suffix.lower()]))
            copy = output.add_stream_from_template(streams[0])
            for (shown, packet), decoded in zip(packets, decoding_times([shown for shown, _ in packets]), strict=True):
                packet.time_base, packet.pts, packet.dts, packet.stream = _TICKS, shown, decoded, copy
                output.mux(packet)
    except (av.FFmpegError, OSError, ValueError) as err:
        path.unlink(missing_ok=True)
        raise SourceError("cannot join clips", where=str(path), found=str(err) or type(err).__name__) from err
    return True


def _form(stream: av.VideoStream) -> tuple[str, int, int, bytes]:
    context = stream.codec_context
    return context.name, context.width, context.height, context.extradata or b""
