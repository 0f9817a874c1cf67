"""The nodes of the plan's graph, by name."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ColumnNode", "CountNode", "Node", "PickNode"]


@dataclass(frozen=True, slots=True)
class ColumnNode:
    """Name the finished values of a table's column."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class CountNode:
    """Name the number of rows of a table; of a fact also how many children each parent has."""

    table: str

    def __str__(self) -> str:
        return f"rows of {self.table}"


@dataclass(frozen=True, slots=True)
class PickNode:
    """Name the choice of one row of `target` for each row of `table`."""

    table: str
    target: str
    label: str

    def __str__(self) -> str:
        return f"pick of {self.target} in {self.table}"


Node = ColumnNode | CountNode | PickNode
