"""Are there as many rows as there should be, and as many children of each parent?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.lazy import np
from datagen_engine.validation.check import MOST_EXAMPLES, About, Check, examples
from datagen_engine.validation.checks.present import Glance
from datagen_engine.validation.faults import CannotJudge, NothingToCheck
from datagen_engine.validation.links import Link
from datagen_engine.validation.record import CheckRecord
from datagen_engine.validation.words import many, written

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.counts import Children
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice

__all__ = ["ChildCount", "RowCount"]


class RowCount(Glance):
    """The table has as many rows as its run drew, or as the schema says where it is no run of ours."""

    def look(self, context: Context) -> CheckRecord:
        """Compare with the plan, with what the run says of itself, or with the schema."""
        table = self.about.table
        context.require(table)
        rows = context.rows(table)
        low, high, why = _expected(context, table)
        if low is None:
            return self.about.record(
                "skipped", f"There is nothing to check: {why}.", observed=rows, rows_checked=rows
            )
        expected = (
            written(low)
            if low == high
            else f"{written(low)} – {written(high)}"
            if high is not None
            else f"≥ {written(low)}"
        )
        good = low <= rows and (high is None or rows <= high)
        told = f"The table {table} has {many(rows, 'row')}"
        return self.about.record(
            "pass" if good else "fail",
            f"{told}, as {why} says." if good else f"{told}; {why} says {expected}.",
            observed=rows,
            expected=low if low == high else expected,
            rows_checked=rows,
            rows_failed=0 if good else None,
        )


def _expected(context: Context, table: str) -> tuple[int | None, int | None, str]:
    """Return the fewest and the most rows, and who says so."""
    node, tables = context.table(table).node, context.resolver.tables
    parent = tables.first_parent(table)
    if context.run is not None:
        said = context.run.tables[table].rows if table in context.run.tables else None
        if said is None:
            return None, None, "the run was asked for other tables only"
        # Drawing the counts again takes as long as the parents are many; that many are in the data.
        if _drawn_here(context) and (parent is None or _as_planned(context, parent)):
            rows = context.plan.tables[table].rows
            return rows, rows, "the plan of its run"
        return said, said, "the manifest of its run"
    if parent is None:
        rows_ = tables.base_rows(table)
        if node.kind != "vocab" and node.rows is None:
            return None, None, "the schema gives no number of rows"
        return rows_, rows_, "the schema"
    if tables.multiplied(table):
        return None, None, f"the number of rows follows from each {parent}"
    low, high = _bounds(context.plan.tables[table].children)
    parents = context.rows(parent)
    return (
        math.floor(low) * parents,
        None if high == math.inf else math.ceil(high) * parents,
        f"{many(parents, parent)}",
    )


def _drawn_here(context: Context) -> bool:
    """Say whether this machine draws the very counts that the run drew."""
    from datagen_engine.write.manifest import this_machine

    run = context.run
    return run is not None and run.stream_version == STREAM_VERSION and run.machine == this_machine()


def _as_planned(context: Context, table: str) -> bool:
    """Say whether a table, and those above it, have the rows that are planned."""
    found = context.table(table)
    if not found.there:
        return False
    parent = context.resolver.tables.first_parent(table)
    if parent is not None and not _as_planned(context, parent):
        return False
    return context.plan.tables[table].rows == found.rows


def _bounds(children: Children | None) -> tuple[float, float]:
    """Return the fewest and the most children of a parent, where nothing multiplies them."""
    if children is None:
        return 0.0, math.inf
    if children.stages is not None:
        return 1.0, float(len(children.stages.rates) + 1)
    return (1.0, 1.0) if children.fanout is None else children.fanout.bounds()


@dataclass
class Counts:
    """How many children some parents have: from parent `low` on.

    `nulls` rows have no key, and `orphans` one that no parent has.
    """

    low: int
    counts: Array
    nulls: int = 0
    orphans: int = 0


class ChildCount(Check[Counts]):
    """Every parent has as many children as its fanout allows: ⌊min · m⌋ to ⌈max · m⌉ for its own multipliers m."""

    def __init__(self, about: About, link: Link, children: Children) -> None:
        """Count the rows of a link's table by its target."""
        super().__init__(about)
        self.link = link
        self.children = children
        self._parents = 0

    def prepare(self, context: Context) -> None:
        """Make the finder, and see whether every row is looked at."""
        if context.is_sampled(self.about.table):
            raise NothingToCheck("a sample of the rows does not tell how many children a parent has")
        context.finder(self.link.target, self.link.remotes)
        self._parents = context.rows(self.link.target)

    def see(self, rows: DataSlice) -> Counts:
        """Count the children of each parent."""
        known, nulls, orphans = rows.linked(self.link), 0, 0
        if len(known) and known.min() < 0:
            whole = np.logical_and.reduce([rows.column(name).mask() for name in self.link.columns])
            known = known[known >= 0]
            nulls = len(rows) - int(np.count_nonzero(whole))
            orphans = len(rows) - len(known) - nulls
        if not len(known):
            return Counts(0, np.zeros(0, dtype=np.int64), nulls, orphans)
        low = int(known.min())
        return Counts(low, np.bincount(known - low), nulls, orphans)

    def join(self, before: Counts, after: Counts) -> Counts:
        """Add up; the first time into room for all parents."""
        if len(before.counts) != self._parents or before.low:
            all_parents = np.zeros(self._parents, dtype=np.int64)
            all_parents[before.low : before.low + len(before.counts)] += before.counts
            before = Counts(0, all_parents, before.nulls, before.orphans)
        before.counts[after.low : after.low + len(after.counts)] += after.counts
        before.nulls += after.nulls
        before.orphans += after.orphans
        return before

    def finish(self, context: Context, found: Counts | None) -> CheckRecord:
        """Compare with each parent's own bounds."""
        nothing = Counts(0, np.zeros(0, dtype=np.int64))
        counts = self.join(self.join(nothing, nothing), found or nothing)
        self._refuse_the_lost(counts)
        if not self._parents:
            return self.about.record(
                "skipped", f"There is nothing to check: no {self.link.target}.", rows_failed=0
            )
        parent = self.link.target
        needs = [
            node.column
            for node in self.children.needs
            if isinstance(node, ColumnNode) and node.table == parent
        ]
        if self.children.effects:
            lows, highs = zip(*context.each_of_all(parent, needs, self._bounds_at), strict=True)
            low, high = np.concatenate(lows), np.concatenate(highs)
        else:
            low, high = (np.full(self._parents, end) for end in _bounds(self.children))
        bad = np.flatnonzero((counts.counts < low) | (counts.counts > high))
        expected = _between(float(low.min()), float(high.max()))
        observed = _between(float(counts.counts.min()), float(counts.counts.max()))
        own = "" if np.ptp(low) == 0 and (high == high[0]).all() else ", each within its own bounds"
        if not len(bad):
            return self.about.record(
                "pass",
                f"Every {parent} has {observed} {'row' if observed == '1' else 'rows'} of {self.about.table}{own}.",
                observed=observed,
                expected=expected,
                rows_checked=self._parents,
                rows_failed=0,
            )
        numbers = bad[:MOST_EXAMPLES]
        return self.about.record(
            "fail",
            f"{len(bad):,} of {many(self._parents, parent, parent)} have more or fewer rows of {self.about.table} "
            f"than the fanout allows ({expected}{own}).",
            observed=observed,
            expected=expected,
            rows_checked=self._parents,
            rows_failed=len(bad),
            examples=self._examples(context, numbers, counts.counts, low, high),
            details={"table": parent, "rows": numbers.tolist()},
        )

    def _refuse_the_lost(self, counts: Counts) -> None:
        """Raise CannotJudge where rows belong to no parent: whoever lost them is not to be blamed."""
        lost = counts.orphans or counts.nulls
        if lost:
            table, own, target = self.link.table, ",".join(self.link.columns), self.link.target
            key = f"foreign_key:{table}.{own}→{target}.{','.join(self.link.remotes)}"
            why = f"{many(lost, 'row')} of {table} {'has' if lost == 1 else 'have'} no {target}"
            raise CannotJudge(why, key if counts.orphans else f"null:{table}.{own}")

    def _examples(
        self, context: Context, numbers: Array, counts: Array, low: Array, high: Array
    ) -> list[dict[str, Any]]:
        keys = examples(
            context,
            self.link.target,
            numbers.tolist(),
            lambda rows: {c: rows.column(c) for c in self.link.remotes},
        )
        return [
            {
                **key,
                "children": int(counts[n]),
                "fewest": int(low[n]),
                "most": None if high[n] == math.inf else int(high[n]),
            }
            for key, n in zip(keys, numbers.tolist(), strict=True)
        ]

    def _bounds_at(self, parents: DataSlice) -> tuple[Array, Array]:
        """Return the fewest and the most children of each of some parents."""
        children, size = self.children, len(parents)
        low, high = _bounds(children)
        if children.stages is not None:
            return np.full(size, low), np.full(size, high)
        scale, shift = np.ones(size), np.zeros(size)
        for part in children.effects:
            value = part.at(parents)  # type: ignore[arg-type]  # it asks a slice of a plan for no more than any slice has
            if part.multiplies:
                scale = scale * value
            else:
                shift = shift + value
        scale = np.maximum(scale, 0.0)
        if children.fanout is None:
            one = np.where(scale > 0, np.maximum(scale + shift, 0.0), 0.0)
            return np.floor(one), np.ceil(one)
        with np.errstate(invalid="ignore"):
            most = np.where(scale > 0, high * scale, 0.0)
        return np.floor(low * scale), np.ceil(most)


def _between(low: float, high: float) -> str:
    if low == high:
        return written(low)
    return f"{written(low)} – {written(high)}" if high < math.inf else f"≥ {written(low)}"
