"""What becomes of memory that arrays have let go of."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

# What glibc's malloc.h calls M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD and M_ARENA_MAX.
_MAP_ABOVE, _RETURN_ABOVE, _ASK_FOR, _HEAPS = -3, -1, -2, -8
_MB = 1 << 20


def keep_freed_memory() -> bool:
    """Tell the C library to keep the memory of freed arrays for the next ones; returns whether it can.

    Left alone it gives arrays of a megabyte back to the system, page by page, and asks for them again: half
    the time of drawing goes into zeroed pages. The process's memory grows to what it needs at once, and stays
    there. All threads share one heap, so that what one lets go of serves another; arrays are few and large,
    and a lock on the heap is not felt.

    It says something about the whole process, so only entry points and workers call it.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # a C library that has no such thing, musl's for one
        return False
    return all(
        mallopt(option, value) == 1
        for option, value in (
            (_MAP_ABOVE, 32 * _MB),  # the most that every glibc takes
            (_RETURN_ABOVE, 1024 * _MB),
            (_ASK_FOR, 16 * _MB),
            (_HEAPS, 1),
        )
    )
