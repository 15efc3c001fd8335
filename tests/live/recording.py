"""Clips as a live stream brings them: group by group, on the timeline of a camera."""

from __future__ import annotations

from pathlib import Path

import av

from pipeline.readers.stream_ring import GroupRecorder, PacketGroup, RecordedGroup

FPS = 25
START_S = 1000.123
"""Media time of the first picture of a recorded clip."""


def record(path: Path, start_s: float = START_S) -> list[RecordedGroup]:
    """All groups of a clip, whose first picture is shown at this media time."""
    return [recorded for group in sent(path, start_s) if (recorded := group.recorded()) is not None]


def sent(path: Path, start_s: float = START_S) -> list[PacketGroup]:
    """The same as they are sent."""
    groups: list[PacketGroup | None] = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        recorder = GroupRecorder(stream)
        tick_s = float(stream.time_base or 0)
        first: int | None = None
        for packet in container.demux(stream):
            if not packet.size or packet.pts is None:
                continue
            first = packet.pts if first is None else first
            if packet.is_keyframe:
                groups.append(recorder.take())
                recorder.begin(packet, packet.pts, start_s + (packet.pts - first) * tick_s)
            else:
                recorder.add(packet, packet.pts)
        groups.append(recorder.take())
    return [group for group in groups if group is not None]


def number_at(media_time_s: float, start_s: float = START_S) -> int:
    """Of the picture that a clip shows at this media time."""
    return round((media_time_s - start_s) * FPS)
