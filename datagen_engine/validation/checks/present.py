"""Are the tables and the columns there, can they be read, and are they of their type?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from datagen_engine.validation.arrow_values import ACCEPTED
from datagen_engine.validation.check import About, Check
from datagen_engine.validation.record import CheckRecord
from datagen_engine.validation.words import many

if TYPE_CHECKING:
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Glance", "HasColumn", "HasTable", "HasType", "Readable"]


class Glance(ABC):
    """Base of the checks that look at no rows."""

    def __init__(self, about: About) -> None:
        """Check what `about` says."""
        self.about = about

    @abstractmethod
    def look(self, context: Context) -> CheckRecord:
        """Make the record; raises CannotJudge."""


class HasTable(Glance):
    """Is there a file, or a folder of files, for the table?"""

    def look(self, context: Context) -> CheckRecord:
        """Say where the table stands."""
        table = context.table(self.about.table)
        if table.missing is not None:
            return self.about.record(
                "fail", f"The table {table.id} is missing: {table.missing}.", observed="nothing"
            )
        found = self.about.record(
            "pass", f"The table {table.id} is there: {table.source}.", observed=table.source
        )
        if table.there and table.others:
            found.details["other_columns"] = table.others[:100]
        return found


class HasColumn(Glance):
    """Is the column there?"""

    def look(self, context: Context) -> CheckRecord:
        """Say so, or name a column that the schema does not know and that may be meant."""
        table, (name,) = context.table(self.about.table), self.about.columns
        context.require(table.id)
        if not table.lacks(name):
            return self.about.record("pass", f"The column {table.id}.{name} is there.")
        count, few = many(len(table.others), "column"), ", ".join(table.others[:5])
        others = f" The files hold {count} beside the schema's: {few}."
        return self.about.record(
            "fail",
            f"The column {table.id}.{name} is missing.{others if table.others else ''}",
            observed="nothing",
        )


class HasType(Glance):
    """Is the column of its type?"""

    def look(self, context: Context) -> CheckRecord:
        """Say what type it has; of a CSV file, which texts are no values of the type."""
        table, (name,) = context.table(self.about.table), self.about.columns
        if not table.there or table.lacks(name):
            context.require(table.id, name)
        type = table.node.by_name[name].type
        bad = table.bad_texts.get(name)
        if bad is not None:
            first, text = bad.first[0]
            return self.about.record(
                "fail",
                f"{many(bad.count, 'value')} of {table.id}.{name} cannot be read as {type}, the first, in row "
                f"{first:,}, is {text!r}.",
                observed="text",
                expected=type,
                rows_checked=table.rows,
                rows_failed=bad.count,
                examples=[{name: text} for _, text in bad.first],
                details={"rows": [row for row, _ in bad.first]},
            )
        found = table.types[name]
        if table.mistyped(name):
            return self.about.record(
                "fail",
                f"{table.id}.{name} is stored as {found}; a column of type {type} is stored as {ACCEPTED[type]}.",
                observed=found,
                expected=type,
            )
        return self.about.record(
            "pass", f"{table.id}.{name} is stored as {found}.", observed=found, expected=type
        )


class Readable(Check[int]):
    """Can all that is looked at be read, every column to its end?"""

    def see(self, rows: DataSlice) -> int:
        """Read every column."""
        for column in rows.table.node.columns:
            if rows.table.why_not(column.name) is None:
                rows.column(column.name)
        return len(rows)

    def join(self, before: int, after: int) -> int:
        """Add up the rows."""
        return before + after

    def finish(self, context: Context, found: int | None) -> CheckRecord:
        """Say how much was read."""
        table, rows = context.table(self.about.table), found or 0
        files = f"{many(len(table.files), 'file')}, {many(rows, 'row')}"
        return self.about.record(
            "pass", f"The table {table.id} can be read: {files}.", observed=files, rows_checked=rows
        )

    def broken(self, why: str) -> CheckRecord:
        """Make the record of a table that cannot be read."""
        return self.about.record(
            "fail",
            f"The table {self.about.table} cannot be read: {why}. Write it again.",
            observed="unreadable",
        )
