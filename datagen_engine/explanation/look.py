"""The row that is explained, among its neighbours: what the words for its stages may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.explanation.shown import shown
from datagen_engine.explanation.trace import Origin, Role
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Values
    from datagen_engine.planning.plan import Plan
    from datagen_engine.planning.slice import TableSlice
    from datagen_engine.schema.document import Column
    from datagen_engine.schema.document import Node as Table
    from datagen_engine.schema.path import Path

__all__ = ["Look"]


@dataclass(frozen=True)
class Look:
    """Look at one value: row `place` of a slice, in a column.

    The slice holds the neighbours too, for the small distributions; what they share is drawn once.
    """

    plan: Plan
    at: TableSlice
    place: int
    node: Table
    column: Column

    @property
    def row(self) -> int:
        """Return the number of the row."""
        return int(self.at.rows.start) + self.place

    @property
    def path(self) -> Path:
        """Return the path of the column in the schema."""
        table = next(i for i, node in enumerate(self.plan.schema.nodes) if node is self.node)
        column = next(i for i, column in enumerate(self.node.columns) if column is self.column)
        return "nodes", table, "columns", column

    def table_path(self, table: str) -> Path:
        """Return the path of a table in the schema."""
        found = next(i for i, node in enumerate(self.plan.schema.nodes) if node.id == table)
        return "nodes", found

    def one(self, values: Values) -> Any:
        """Return this row's value, as plain data."""
        return values.slice(self.place, self.place + 1).to_list()[0]

    def own(self, column: str) -> Origin:
        """Return another column of the same row."""
        return Origin("own", self.node.id, self.row, column, shown(self.one(self.at.column(column))))

    def elsewhere(self, role: Role, table: str, row: int, column: str = "") -> Origin:
        """Return a value of any row of any table."""
        if not column:
            return Origin(role, table, row, "", "")
        values = self.plan.slice(table, Rows.run(row, row + 1)).column(column)
        return Origin(role, table, row, column, shown(values.to_list()[0]))

    def parent_row(self, up: int = 1) -> tuple[str, int] | None:
        """Return the table and the row of the first parent, or of that one's, `up` times."""
        at, place = self.at, self.place
        for _ in range(up):
            if at.table.children is None:
                return None
            above, places = at.above()
            at, place = above, int(places[place])
        return at.table.id, int(at.rows.numbers()[place])

    def picked_row(self, pick: PickNode) -> tuple[str, int] | None:
        """Return the table and the row that a pick finds for this row; None where it finds none."""
        if self.at.table.picks[pick].is_parent:
            return self.parent_row()
        row = int(self.at.picked_rows(pick)[self.place])
        return None if row < 0 else (pick.target, row)

    def name_of(self, table: str, row: int, besides: tuple[str, ...] = ()) -> str:
        """Return what a row is called: its first text that is no key, such as the name of a promotion; else ""."""
        node = self.plan.schema.by_id[table]
        texts = [one.name for one in node.columns if one.type == "string" and one.name not in besides]
        named = next((name for name in texts if name != node.pk), texts[0] if texts else None)
        return "" if named is None else self.elsewhere("own", table, row, named).value

    def line(self) -> tuple[Origin, ...]:
        """Return the row's parents, the nearest first, each by its key."""
        found = []
        up = 1
        while (above := self.parent_row(up)) is not None:
            table, row = above
            found.append(self.elsewhere("parent", table, row, self.plan.schema.by_id[table].pk))
            up += 1
        return tuple(found)

    def number(self, array: Any) -> float:
        """Return this row's number of an array, or the one number that holds for all rows."""
        return float(array) if np.ndim(array) == 0 else float(array[self.place])
