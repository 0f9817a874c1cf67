"""The garbage collector of Python, told to wait."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_waits"]


@contextmanager
def collector_waits() -> Iterator[None]:
    """Let the garbage collector wait: it would look through a whole schema time and again, and find nothing."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
