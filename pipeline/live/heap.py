"""Memory that was let go of, given back to the system."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from functools import cache


def give_back_free_memory() -> None:
    """Let the system have what the C library holds for later; does nothing where it can't.

    What many cameras remember of their streets comes and goes in pieces of some tens of kilobytes: over hours the heap would grow
    half as large again as what is in it.
    """
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    try:
        trim: Callable[[int], object] = ctypes.CDLL(ctypes.util.find_library("c")).malloc_trim
    except (OSError, AttributeError):
        # Not glibc.
        return lambda _: None
    return trim
