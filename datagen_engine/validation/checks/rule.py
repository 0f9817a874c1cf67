"""Do the user's own rules hold, and are calculated and copied columns what they are made from?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.casting import cast
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.expression import ExpressionFault, evaluate, parse
from datagen_engine.lazy import np
from datagen_engine.validation.check import About, RowCheck, Seen, Verdict
from datagen_engine.validation.faults import CannotJudge
from datagen_engine.validation.links import Link
from datagen_engine.validation.sameness import same
from datagen_engine.validation.words import fraction, many, rows_of

if TYPE_CHECKING:
    from datagen_engine.draw.stage import Source, Stage
    from datagen_engine.draw.values import Array, Mask
    from datagen_engine.schema.document import Rule
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["Calculated", "Copied", "Satisfies"]


class Satisfies(RowCheck):
    """A rule is true in every row, or in a share of them; where it is null it is not true."""

    def __init__(self, about: About, rule: Rule) -> None:
        """Evaluate a rule of the schema."""
        super().__init__(about)
        self.rule = rule
        self._parsed = parse(rule.expression)

    def judge(self, rows: DataSlice) -> tuple[None, Mask]:
        """Evaluate it."""
        found = self._truth(rows)
        return None, found.data & found.mask()

    def _truth(self, rows: DataSlice) -> Values:
        try:
            found = evaluate(self._parsed, rows.column, len(rows)).values
        except ExpressionFault as fault:
            raise CannotJudge(f"the rule cannot be evaluated: {fault.message}") from None
        if found.type != "bool":
            raise CannotJudge("the rule is neither true nor false; write a comparison, such as total > 0")
        return found

    def measure(self, rows: DataSlice, looked_at: Mask | None, failing: Array) -> Mapping[str, Any]:
        """Count the rows in which it is null."""
        return {"facts": {"null": int(np.count_nonzero(~self._truth(rows).mask()))}} if len(failing) else {}

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Compare the share of rows with the one that is asked for."""
        share, wanted = 1 - seen.failed / seen.checked, self.rule.share
        said = self.rule.message or self.rule.expression
        expected = "true in every row" if wanted == 1 else f"true in {fraction(wanted)} of the rows"
        good = seen.failed == 0 if wanted == 1 else seen.checked - seen.failed >= wanted * seen.checked - 1e-9
        unknown = seen.facts.get("null", 0)
        nulls = f", in {unknown:,} of them because it is null" if unknown else ""
        if seen.failed:
            message = f"{said}: not so in {rows_of(seen.failed, seen.checked)}{nulls}."
        else:
            message = f"{said}: so in every row."
        return Verdict(message, f"true in {fraction(share)}", expected, status="pass" if good else "fail")


class Calculated(RowCheck):
    """A calculated column equals its formula over the row, worked out again from the data.

    Rows in which a column that may not be null is null are left to the check of that column. Whole numbers
    may be rounded either way where the formula ends on a half.
    """

    def __init__(
        self, about: About, type: ColumnType, source: Source, stages: Sequence[Stage], required: Sequence[str]
    ) -> None:
        """Work a column out again; `required` are the columns that must not be null."""
        super().__init__(about)
        self.type: ColumnType = type
        self.source = source
        self.stages = stages
        self.required = required

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Compare what is stored with what comes out."""
        stored = rows.column(self.about.columns[0])
        masks = [values.valid for values in map(rows.column, self.required) if values.valid is not None]
        looked_at = np.logical_and.reduce(masks) if masks else None
        return looked_at, same(stored, self._again(rows), self.type)

    def _again(self, rows: DataSlice) -> Values:
        values = self.source.draw(rows)
        for stage in self.stages:
            values = stage.apply(values, rows)
        return values

    def shown(self, rows: DataSlice) -> Mapping[str, Values]:
        """Show what is stored, what it is made from, and what comes out."""
        name, *others = self.about.columns
        return {
            name: rows.column(name),
            **{other: rows.column(other) for other in others},
            f"{name}, calculated": cast(self._again(rows), self.type),
        }

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the rows that differ."""
        name = f"{self.about.table}.{self.about.columns[0]}"
        if not seen.failed:
            return Verdict(f"{name} equals its formula in every row.", "all equal", "as calculated")
        return Verdict(
            f"{name} differs from its formula in {rows_of(seen.failed, seen.checked)}.",
            many(seen.failed, "difference"),
            "as calculated",
        )


class Copied(RowCheck):
    """A looked-up column equals the column of the row that it is looked up from.

    Rows whose key is null or not found are left to the check of the key.
    """

    def __init__(self, about: About, link: Link, remote: str, nullable: bool, may_be_lost: bool) -> None:
        """Compare with `remote` of the row that `link` leads to.

        `nullable`: whether the column may be null; `may_be_lost`: whether nulls are strewn in on purpose.
        """
        super().__init__(about)
        self.link = link
        self.remote = remote
        self.ignore_nulls = not nullable or may_be_lost

    def prepare(self, context: Context) -> None:
        """Read the other table's column."""
        context.finder(self.link.target, self.link.remotes)
        context.whole(self.link.target, self.remote)

    def judge(self, rows: DataSlice) -> tuple[Mask | None, Mask]:
        """Compare the rows whose key is found."""
        stored = rows.column(self.about.columns[0])
        found = rows.linked(self.link)
        looked_at = found >= 0
        if self.ignore_nulls and stored.valid is not None:
            looked_at = looked_at & stored.valid
        return looked_at, same(stored, rows.gather(self.link.target, self.remote, found), stored.type)

    def shown(self, rows: DataSlice) -> Mapping[str, Values]:
        """Show the key, what is stored and what stands there."""
        other = rows.gather(self.link.target, self.remote, rows.linked(self.link))
        return {**super().shown(rows), f"{self.link.target}.{self.remote}": other}

    def verdict(self, seen: Seen, context: Context) -> Verdict:
        """Count the rows that differ."""
        name, other = f"{self.about.table}.{self.about.columns[0]}", f"{self.link.target}.{self.remote}"
        key = " and ".join(self.link.columns)
        if not seen.failed:
            return Verdict(
                f"{name} equals {other} of its {key} in every row.", "all equal", f"{other} of its {key}"
            )
        return Verdict(
            f"{name} differs from {other} of its {key} in {rows_of(seen.failed, seen.checked)}.",
            many(seen.failed, "difference"),
            f"{other} of its {key}",
        )
