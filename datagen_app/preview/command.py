"""How a worker is started. Without Qt, so that it can be on its way before Qt is loaded."""

from __future__ import annotations

import sys

from datagen_app.process import Launched, launch, launch_module

__all__ = ["start_worker"]


def start_worker() -> Launched:
    """Start a worker: this program itself, where it is frozen.

    Raises
    ------
    OSError
        It could not be started.
    """
    if getattr(sys, "frozen", False):
        return launch([sys.executable, "--worker"])
    return launch_module("datagen_app.preview.worker")
