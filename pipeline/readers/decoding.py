"""Decodes groups of pictures, and never hands out a picture that damage may have touched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import av

from pipeline.readers.container import open_video
from pipeline.readers.groups import PictureGroup, starts_afresh


class GroupDecoder:
    """Decodes in two contexts: one for key frames alone, one for everything else.

    Key frames that are only looked at, never predicted from, need no loop filter; skipping it makes them cheaper.
    Both contexts run on one thread: results never depend on the machine, and many files run beside each other.
    """

    def __init__(self, path: Path, stream: av.VideoStream, *, strict: bool) -> None:
        """``stream`` belongs to the container whose packets will be given; its own context decodes whole groups.

        A strict decoder gives up at the first thing that is wrong in a packet, where a lenient one paints over it.
        """
        self._path = path
        self._strict = strict
        self._open = ExitStack()
        self._contexts = {(False, strict): _set_up(stream, alone=False, strict=strict)}
        self._whole = self._contexts[False, strict]
        self._broken = False
        self._shown: dict[int, int] = {}
        self._serial = 0
        self.decoded = 0
        self.damaged = 0

    def close(self) -> None:
        """Let go of all contexts but the first."""
        self._open.close()
        self._contexts.clear()

    def decode_key(self, group: PictureGroup) -> av.VideoFrame | None:
        """The group's key frame alone, without loop filter; None if it is damaged."""
        item = group.items[0]
        if item.damaged:
            return None
        context = self._context_for(group, alone=True)
        try:
            frames = [*context.decode(item.packet), *context.decode(None)]
        except (av.FFmpegError, ValueError):
            frames = []
        context.flush_buffers()
        self.decoded += len(frames)
        if len(frames) != 1 or frames[0].is_corrupt:
            self.damaged += 1
            return None
        return frames[0]

    def decode(self, group: PictureGroup, until: Collection[int] | None = None) -> Iterator[tuple[int, av.VideoFrame]]:
        """Undamaged pictures of a group with the ticks at which they are shown, in showing order.

        Stops as soon as all pictures of the ticks in ``until`` are out; None asks for all. After the first sign of
        damage nothing more of the group is given: everything behind it may be predicted from damaged pictures.
        A group in pieces goes on where the piece before stopped.
        """
        if group.starts_with_key:
            self._whole = self._context_for(group, alone=False)
            self._whole.flush_buffers()
            self._shown.clear()
            self._broken = False
        waiting = None if until is None or not group.is_last_piece else set(until)
        order = [] if group.in_showing_order else group.shown_ticks
        for ticks, frame in self._frames(group, waiting):
            if not group.in_showing_order:
                if not order:
                    return
                ticks = order.pop(0)
            yield ticks, frame
            if waiting is not None:
                waiting.discard(ticks)
                if not waiting:
                    return

    def _frames(self, group: PictureGroup, waiting: set[int] | None) -> Iterator[tuple[int, av.VideoFrame]]:
        last_fed = None if waiting is None or not group.in_showing_order else set(waiting)
        for item in group.items:
            if self._broken or item.damaged:
                self._broken = True
                break
            serial = self._serial = self._serial + 1
            if item.ticks is not None:
                self._shown[serial] = item.ticks
            item.packet.pts = serial
            yield from self._output(item.packet)
            if last_fed is not None:
                last_fed.discard(item.ticks if item.ticks is not None else -1)
                if not last_fed:
                    break
        if group.is_last_piece:
            yield from self._output(None)
            if waiting and not self._broken:
                # Fed without complaint, and yet not put out.
                self.damaged += 1

    def _output(self, packet: av.Packet[av.VideoStream] | None) -> Iterator[tuple[int, av.VideoFrame]]:
        try:
            frames = self._whole.decode(packet)
        except av.error.EOFError:
            return
        except (av.FFmpegError, ValueError):
            self._broken = True
            self.damaged += 1
            return
        self.decoded += len(frames)
        for frame in frames:
            ticks = self._shown.pop(frame.pts, None) if frame.pts is not None else None
            if frame.is_corrupt:
                self._broken = True
                self.damaged += 1
            if ticks is not None and not self._broken:
                yield ticks, frame

    def _context_for(self, group: PictureGroup, *, alone: bool) -> av.VideoCodecContext:
        # A key frame of an open group names earlier pictures that a fresh decoder doesn't have: no damage.
        strict = self._strict and starts_afresh(group.items[0].packet)
        if (alone, strict) not in self._contexts:
            # The context of a container of its own carries all that the codec needs (extradata, tags, rotation).
            _, stream = self._open.enter_context(open_video(self._path))
            self._contexts[alone, strict] = _set_up(stream, alone=alone, strict=strict)
        return self._contexts[alone, strict]


def _set_up(stream: av.VideoStream, *, alone: bool, strict: bool) -> av.VideoCodecContext:
    context = stream.codec_context
    context.thread_count = 1
    context.options = ({"err_detect": "explode"} if strict else {}) | ({"skip_loop_filter": "all"} if alone else {})
    return context
