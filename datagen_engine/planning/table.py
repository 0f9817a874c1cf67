"""A table and its columns, bound and ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datagen_engine.draw.casting import cast
from datagen_engine.draw.nodes import ColumnNode, Node, PickNode
from datagen_engine.draw.stage import Slice, Source, Stage
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.errors import RunError
from datagen_engine.lazy import pa

if TYPE_CHECKING:
    from datagen_engine.planning.counts import Children
    from datagen_engine.planning.picks import Pick

__all__ = ["Broken", "BrokenSource", "CastStage", "ColumnPlan", "NullStage", "TablePlan"]


class Broken(RunError):
    """Say that a column cannot be drawn, in a plan of a schema with errors."""

    def __init__(self, node: ColumnNode, why: str) -> None:
        """Name the column, and why."""
        super().__init__(f"{node} cannot be drawn: {why}")
        self.node = node
        self.why = why


class CastStage(Stage):
    """Give values the type of their column."""

    title = "type"

    def __init__(self, type: ColumnType) -> None:
        """Cast to `type`."""
        self.type: ColumnType = type

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the values as the column holds them."""
        return cast(values, self.type)


class NullStage(Stage):
    """Make a share of the values null."""

    title = "null"

    def __init__(self, rate: float, stream: Stream) -> None:
        """Make `rate` of the values null."""
        self.rate = rate
        self.stream = stream

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the values, a share of them null."""
        return values.only(self.stream.uniform(at.rows) >= self.rate)


class BrokenSource(Source):
    """Stand in for a generator that cannot be drawn from."""

    def __init__(self, node: ColumnNode, why: str) -> None:
        """Say `why` whenever it is drawn from."""
        self.node = node
        self.why = why

    def draw(self, at: Slice) -> Values:
        """Refuse."""
        raise Broken(self.node, self.why)


@dataclass(eq=False)
class ColumnPlan:
    """A column: a source and the stages after it."""

    name: str
    type: ColumnType
    source: Source
    stages: Sequence[Stage]
    last: Sequence[Stage]
    """The stages that every column has: the type, and the nulls."""
    few: bool
    """Whether the schema says that there are few values, so that text is kept and written by dictionary."""
    nullable: bool = False

    @property
    def needs(self) -> list[Node]:
        """Return the nodes that the column is made from."""
        parts: list[Source | Stage] = [self.source, *self.stages, *self.last]
        return [node for part in parts for node in part.needs]

    @property
    def direct(self) -> bool:
        """Return whether any single value costs no more alone than among others."""
        return self.source.direct and not self.stages

    def values(self, at: Slice) -> Values:
        """Return the finished values of some rows."""
        values = self.source.draw(at)
        for stage in (*self.stages, *self.last):
            values = stage.apply(values, at)
        return values.encode() if self.few else values

    def staged(self, at: Slice) -> list[tuple[str, Values]]:
        """Return the values after the generator and after each stage, each with its title."""
        values = self.source.draw(at)
        found = [("generator", values)]
        for stage in (*self.stages, *self.last):
            values = stage.apply(values, at)
            found.append((stage.title, values))
        return found

    @property
    def arrow_type(self) -> pa.DataType:
        """Return the Arrow type of the column in the file."""
        from datagen_engine.draw.values import arrow_type

        return pa.dictionary(pa.int32(), pa.string()) if self.few else arrow_type(self.type)


@dataclass(eq=False)
class TablePlan:
    """A table: its columns, its picks, and how many rows it has."""

    id: str
    columns: dict[str, ColumnPlan]
    picks: dict[PickNode, Pick]
    children: Children | None
    fixed_rows: int | None
    level: int = 0
    needs: dict[Node, tuple[Node, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Return the exact number of rows; of a fact this draws the counts of its parents, once."""
        if self.children is None:
            return self.fixed_rows or 0
        return self.children.rows

    def upto(self, rows: int) -> int:
        """Return the number of rows, or `rows` where there are more, without counting all of them."""
        return min(self.fixed_rows or 0, rows) if self.children is None else self.children.upto(rows)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Return the Arrow schema of the table in the file."""
        return pa.schema([pa.field(c.name, c.arrow_type, nullable=c.nullable) for c in self.columns.values()])
