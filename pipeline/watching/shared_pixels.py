"""Memory that the program and one process that watches streams have in common: a picture of 1080p is three megabytes.

One side fills a slot, the other makes a picture of it, and the slot is free again once nobody holds that picture. Memory is
taken only as far as slots were ever filled. What finds no free slot is sent as a message.
"""

from __future__ import annotations

import ctypes
import heapq
import mmap
import os
import weakref
from collections import deque

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

SLOTS = 8
"""More than the looks that are ahead of the program and those that it has in hand."""
SLOT_BYTES = 64 * 2**20
"""A picture of 8K."""


def make_shared_memory() -> int:
    """A descriptor of memory for all slots; whoever inherits it can use it. OSError where there is none."""
    descriptor = os.memfd_create("doorline-pixels")
    os.ftruncate(descriptor, SLOTS * SLOT_BYTES)
    return descriptor


class PixelWriter:
    """The side that fills slots. Belongs to one thread, but for ``free``."""

    def __init__(self, descriptor: int) -> None:
        """All slots are free."""
        self._memory = mmap.mmap(descriptor, SLOTS * SLOT_BYTES)
        self._slots = list(range(SLOTS))
        self._freed: deque[int] = deque()

    def room(self, size: int) -> tuple[Pixels, int | None]:
        """Where so many bytes can be put, and the slot that it is; None for memory of this process alone."""
        while self._freed:
            heapq.heappush(self._slots, self._freed.popleft())
        if not self._slots or size > SLOT_BYTES:
            return np.empty(size, np.uint8), None
        # The lowest: what was never filled takes no memory.
        slot = heapq.heappop(self._slots)
        return np.frombuffer(self._memory, np.uint8, size, slot * SLOT_BYTES), slot

    def free(self, slots: tuple[int, ...]) -> None:
        """Nobody holds these any more. From any thread."""
        self._freed.extend(slots)


class PixelReader:
    """The side that reads slots. Pictures may outlive it."""

    def __init__(self, descriptor: int) -> None:
        """``descriptor`` is not needed afterwards."""
        self._memory = mmap.mmap(descriptor, SLOTS * SLOT_BYTES)
        self._freed: deque[int] = deque()

    def pixels(self, slot: int, size: int) -> Pixels:
        """The first bytes of a slot; it is free once neither this array nor any view of it is held."""
        # Arrays refer to what their memory belongs to, not to the array that they are a view of: that must tell of its end.
        held = (ctypes.c_ubyte * size).from_buffer(self._memory, slot * SLOT_BYTES)
        weakref.finalize(held, self._freed.append, slot)
        return np.frombuffer(memoryview(held), np.uint8)

    def freed(self) -> tuple[int, ...]:
        """Slots that became free since the last time. From any thread."""
        freed = []
        while self._freed:
            freed.append(self._freed.popleft())
        return tuple(freed)
