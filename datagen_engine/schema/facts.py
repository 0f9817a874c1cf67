"""What the checks may ask about the place where a part stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from datagen_engine.draw.stage import Site

if TYPE_CHECKING:
    from datagen_engine.expression import Facts
    from datagen_engine.schema.document import Node, Schema
else:
    Facts = Any

__all__ = ["CheckSite", "Facts"]


class CheckSite(Site, Protocol):
    """Answer a part's questions about the whole schema, before anything is drawn."""

    @property
    def schema(self) -> Schema:
        """Return the schema."""

    @property
    def node(self) -> Node:
        """Return the table where the part stands."""

    @property
    def nullable(self) -> bool:
        """Return whether the column may hold nulls."""

    def facts(self, table: str, column: str) -> Facts | None:
        """Return what is known of a column's finished values; None where there is no such column, or a cycle."""

    def unmatched(self, target: str, keys: Mapping[str, str]) -> str | None:
        """Return why a lookup by keys may find no row of `target`; None where it is proven that each finds one."""

    def rows(self, table: str) -> float:
        """Return the expected number of rows of a table."""

    def look_up(self, table: str) -> Callable[[str], str | None] | None:
        """Return a function from a mistyped column of the table to the nearest one; None for no such table."""
