"""What the behavioural checks ask of the data that they judge."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datagen_engine.draw.values import Values
    from datagen_engine.planning.plan import Plan
    from datagen_engine.schema.document import Schema
    from datagen_engine.validation.finder import Finder

__all__ = ["Context"]


class Context(Protocol):
    """Hand out the data of a folder, and the plan of the schema that it is judged against."""

    @property
    def plan(self) -> Plan:
        """Return the plan of the schema, for the seed and the numbers of rows that the data says it has."""

    @property
    def schema(self) -> Schema:
        """Return the schema."""

    @property
    def sample(self) -> int | None:
        """Return how many rows of a table a check of single rows may look at; None for as many as it wants."""

    @property
    def seeded(self) -> bool:
        """Return whether the data says that it was drawn from this schema by the seed of the plan."""

    def columns(self, table: str) -> Collection[str]:
        """Return the columns of a table that are there and can be read as their type; none for a lost table."""

    def rows(self, table: str) -> int:
        """Return the number of rows in the data; 0 for a lost table."""

    def whole(self, table: str, column: str) -> Values:
        """Return all values of a column that is there, in the order of the rows; read once."""

    def finder(self, table: str, columns: Sequence[str]) -> Finder:
        """Return what finds the first row of a table by the values of key columns; made once."""
