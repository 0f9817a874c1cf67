"""Does the order between two columns hold, in a row or between a row and its parent's?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, pc
from datagen_engine.validation.check import About, RowCheck, Seen, Verdict
from datagen_engine.validation.faults import CannotJudge
from datagen_engine.validation.links import Link
from datagen_engine.validation.words import rows_of

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Holds", "Side", "compared"]

Side = tuple[str, str]
"""A table and a column of it."""

_OPERATIONS = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal"}


def compared(op: str, left: Values, right: Values) -> Mask:
    """Return where an order holds; what stands under a null has no meaning. A date stands for its midnight.

    Raises CannotJudge where values of these types have no order.

    >>> compared("<", Values.of("int", [1, 2]), Values.of("float", [1.5, 1.5])).tolist()
    [True, False]
    """
    if left.is_number and right.is_number:
        return np.asarray(getattr(np, _OPERATIONS[op])(left.data, right.data))
    if left.is_time and right.is_time:
        return np.asarray(getattr(np, _OPERATIONS[op])(left.instants(), right.instants()))
    if left.type == right.type == "string":
        return np.asarray(getattr(pc, _OPERATIONS[op])(left.text(), right.text()).fill_null(False))
    if left.type == right.type:
        return np.asarray(getattr(np, _OPERATIONS[op])(left.data, right.data))
    raise CannotJudge(f"values of type {left.type} and {right.type} are in no order")


class Holds(RowCheck):
    """`left op right` holds in every row where neither is null.

    A side in another table is that of the row that `link` leads to.
    """

    def __init__(self, about: About, left: Side, op: str, right: Side, link: Link | None) -> None:
        """Compare two columns."""
        super().__init__(about)
        self.left = left
        self.op = op
        self.right = right
        self.link = link

    def prepare(self, context: Context) -> None:
        """Read the parent's column."""
        if self.link is None:
            other = next((t for t, _ in (self.left, self.right) if t != self.about.table), None)
            if other is not None:
                raise CannotJudge(f"no column of {self.about.table} holds the key of its {other}")
            return
        context.finder(self.link.target, self.link.remotes)
        for table, column in (self.left, self.right):
            if table != self.about.table:
                context.whole(table, column)

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Compare the rows in which both are known."""
        left, right = (self._side(rows, side) for side in (self.left, self.right))
        masks = [values.valid for values in (left, right) if values.valid is not None]
        return np.logical_and.reduce(masks) if masks else None, compared(self.op, left, right)

    def _side(self, rows: DataSlice, side: Side) -> Values:
        table, column = side
        if table == self.about.table:
            return rows.column(column)
        assert self.link is not None
        return rows.gather(table, column, rows.linked(self.link))

    def shown(self, rows: DataSlice) -> Mapping[str, Values]:
        """Show both sides; a column of the parent with its table."""
        return {
            column if table == self.about.table else f"{table}.{column}": self._side(rows, (table, column))
            for table, column in (self.left, self.right)
        }

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the rows in which it does not hold."""
        said = " ".join((".".join(self.left), self.op, ".".join(self.right)))
        if not seen.failed:
            return Verdict(f"{said} holds in every row.", "all hold", said)
        return Verdict(
            f"{said} does not hold in {rows_of(seen.failed, seen.checked)}.",
            f"{seen.failed:,} do not hold",
            said,
        )
