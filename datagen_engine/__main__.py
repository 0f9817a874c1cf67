"""The entry point of `datagen`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line, with numpy's kernels pinned before numpy is imported; returns the exit code."""
    from multiprocessing import freeze_support

    freeze_support()
    from datagen_engine.run.processor import pin_kernels

    pin_kernels()
    from datagen_engine.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
