"""The entry point of `datagen`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line, with numpy's kernels pinned before numpy is imported; returns the exit code.

    The memory of freed arrays is kept for the next ones.
    """
    from multiprocessing import freeze_support

    freeze_support()
    from datagen_engine.run.memory import keep_freed_memory
    from datagen_engine.run.processor import pin_kernels

    pin_kernels()
    keep_freed_memory()
    from datagen_engine.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
