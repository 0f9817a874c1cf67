"""Where something stands: a path at one revision of the document, a place for as long as it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Json", "Path", "Place"]

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
"""A JSON value as plain Python data."""

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from the root of the tree to a value."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table, or a column of one, by the session keys that the document gave them.

    A path changes when something is inserted before it, a place does not; so whoever keeps one longer than
    an event (the selection, a problem that is shown) keeps a place. Without keys it is the document itself.
    """

    table: int | None = None
    column: int | None = None

    def __bool__(self) -> bool:
        """Whether it is a table or a column, and not the document itself."""
        return self.table is not None
