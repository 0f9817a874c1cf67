"""Why nothing can be said."""

from __future__ import annotations

__all__ = ["Unknown"]


class Unknown(Exception):
    """Say in plain words why a check has nothing to judge; it is skipped then."""
