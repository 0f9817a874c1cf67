"""Why a check could not be judged."""

from __future__ import annotations

__all__ = ["CannotJudge", "DataFault"]


class CannotJudge(Exception):
    """Say in plain words why a check could not be run; the check becomes an error, not a failure."""


class DataFault(CannotJudge):
    """Say that a table's data cannot be read as it stands on the disk."""
