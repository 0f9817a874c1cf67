"""Why a check could not be judged."""

from __future__ import annotations

__all__ = ["CannotJudge", "DataFault", "NotYet", "NothingToCheck"]


class CannotJudge(Exception):
    """Say in plain words why a check could not be run; the check becomes an error, not a failure.

    `cause` is the id of the check that fails for the same reason, where there is one.
    """

    def __init__(self, why: str, cause: str | None = None) -> None:
        """Say why."""
        super().__init__(why)
        self.cause = cause


class NothingToCheck(CannotJudge):
    """Say in plain words why there is nothing to check; the check is skipped."""


class DataFault(CannotJudge):
    """Say that a table's data cannot be read as it stands on the disk."""


class NotYet(Exception):
    """Say that a table is still being written: what asks for it is judged once it is there."""
