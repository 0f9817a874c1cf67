"""What can go wrong, in words that a user reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datagen_engine.schema.problem import Problem

__all__ = ["Cancelled", "DatagenError", "RunError", "SchemaError", "UsageError"]


class DatagenError(Exception):
    """Base of the errors whose message is meant for the user."""


class UsageError(DatagenError):
    """Say that what was asked for makes no sense: an unknown table, an unreadable file, a bad number."""


class SchemaError(DatagenError):
    """Say that a schema has problems that stop it from being drawn."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Hold the problems, errors and warnings alike."""
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == "error"]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"the schema has errors: {errors[0] if errors else 'it could not be read'}{more}")

    def __reduce__(self) -> tuple[type[SchemaError], tuple[tuple[Problem, ...]]]:
        """Travel to another process as the problems, of which the message is made."""
        return SchemaError, (self.problems,)


class RunError(DatagenError):
    """Say that a run could not be done or finished: no space, no permission, too many rows."""


class Cancelled(DatagenError):
    """Say that a run was stopped by its user."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("stopped before it was finished")

    def __reduce__(self) -> tuple[type[Cancelled], tuple[()]]:
        """Travel to another process without the message, which is always the same."""
        return Cancelled, ()
