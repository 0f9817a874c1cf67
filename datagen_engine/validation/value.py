"""The value checks of a schema: ranges, orders, patterns, enumerations, rules, and columns made from others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.casting import cast
from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.draw.streams import Stream
from datagen_engine.expression import ExpressionFault, parse
from datagen_engine.generators.enum_list import ListSource
from datagen_engine.generators.expression import ExpressionSource
from datagen_engine.schema.path import Path
from datagen_engine.schema.spec import split_attribute
from datagen_engine.validation.check import About, Check
from datagen_engine.validation.checks.enumeration import Listed, OneOf
from datagen_engine.validation.checks.foreign_key import Occurs
from datagen_engine.validation.checks.inequality import Holds, Side
from datagen_engine.validation.checks.pattern import Matches
from datagen_engine.validation.checks.range import Between, end_of
from datagen_engine.validation.checks.rule import Calculated, Copied, Satisfies
from datagen_engine.validation.links import Link

if TYPE_CHECKING:
    from datagen_engine.draw.stage import Stage
    from datagen_engine.schema.document import Column, Node
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.record import Kind

__all__ = ["value_checks"]


def value_checks(context: Context) -> Iterator[Check[Any]]:
    """Yield the value checks, kind by kind in the order of the schema."""
    builder = _Builder(context)
    for checks in (
        builder.ranges(),
        builder.inequalities(),
        builder.patterns(),
        builder.enumerations(),
        builder.own_constraints(),
        builder.lists(),
        builder.rules(),
        builder.calculated(),
        builder.copied(),
    ):
        yield from checks


class _Builder:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.schema = context.schema
        self.plan = context.plan
        self.seen: dict[str, int] = {}

    def about(
        self,
        id: str,
        kind: Kind,
        table: str,
        columns: tuple[str, ...],
        path: Path,
        *needs: Side,
        title: str = "",
    ) -> About:
        """Describe a check; a second one with the same words gets a number of its own."""
        count = self.seen[id] = self.seen.get(id, 0) + 1
        own = tuple((table, column) for column in columns)
        return About(
            id if count == 1 else f"{id}#{count}",
            "value",
            kind,
            table,
            columns,
            path,
            needs=tuple(dict.fromkeys((*own, *needs))),
            title=title,
        )

    def column(self, attribute: str) -> tuple[Side, Column | None]:
        side = split_attribute(attribute)
        return side, self.schema.column(*side)

    # -- constraints --------------------------------------------------------------------------------------

    def ranges(self) -> Iterator[Check[Any]]:
        for number, one in enumerate(self.schema.constraints.ranges):
            (table, name), column = self.column(one.attr)
            if column is None or any(
                getattr(modifier, "allow_exceed", False) for modifier in column.modifiers
            ):
                continue
            low, high = end_of(column.type, one.min, lowest=True), end_of(column.type, one.max, lowest=False)
            if low is None and high is None:
                continue
            about = self.about(
                f"range:{table}.{name}", "range", table, (name,), ("constraints", "ranges", number)
            )
            yield Between(about, column.type, low, high)

    def inequalities(self) -> Iterator[Check[Any]]:
        for number, one in enumerate(self.schema.constraints.inequalities):
            yield self._order(
                split_attribute(one.left),
                one.op,
                split_attribute(one.right),
                ("constraints", "inequalities", number),
            )
        for order in self.context.resolver.orders.all:
            if not order.path:  # what a `vintage_behavior` promises of its children's times
                created, child = (
                    (order.lower.table, order.lower.column),
                    (order.upper.table, order.upper.column),
                )
                if self._is_stage(child[0]) or self._declared(child, created):
                    continue
                place = [node.id for node in self.schema.nodes].index(order.lower.table)
                yield self._order(child, ">=", created, ("nodes", place, "vintage_behavior"))

    def _declared(self, later: Side, earlier: Side) -> bool:
        """Say whether an inequality says already that one column is not before another."""
        one, other = ".".join(later), ".".join(earlier)
        return any(
            ((it.left, it.right) == (one, other) and it.op in (">", ">=", "=="))
            or ((it.left, it.right) == (other, one) and it.op in ("<", "<=", "=="))
            for it in self.schema.constraints.inequalities
        )

    def _is_stage(self, table: str) -> bool:
        return self.schema.by_id[table].stage_config is not None

    def _order(self, left: Side, op: str, right: Side, path: Path) -> Check[Any]:
        table, other = left[0], right[0]
        if table != other and table in self.context.resolver.tables.parents(other):
            table, other = other, table
        link = None if table == other else self.context.links.to_parent(table, other)
        columns = tuple(dict.fromkeys(column for owner, column in (left, right) if owner == table))
        needs = [left, right]
        if link is not None:
            needs += [(table, column) for column in link.columns] + [
                (other, column) for column in link.remotes
            ]
        about = self.about(
            f"inequality:{'.'.join(left)}{op}{'.'.join(right)}",
            "inequality",
            table,
            columns,
            path,
            *needs,
            title=f"{left[1]} {op} {right[1]}",
        )
        return Holds(about, left, op, right, link)

    def patterns(self) -> Iterator[Check[Any]]:
        for number, one in enumerate(self.schema.constraints.pattern):
            table, name = split_attribute(one.attr)
            about = self.about(
                f"pattern:{table}.{name}", "pattern", table, (name,), ("constraints", "pattern", number)
            )
            yield Matches(about, one.regex)

    def enumerations(self) -> Iterator[Check[Any]]:
        for number, one in enumerate(self.schema.constraints.enum):
            (table, _name), column = self.column(one.attr)
            if column is not None:
                yield from self._enumeration(
                    table, column, one.values, one.enum_ref, ("constraints", "enum", number)
                )

    def own_constraints(self) -> Iterator[Check[Any]]:
        for number, node in enumerate(self.schema.nodes):
            for place, column in enumerate(node.columns):
                own, path = column.constraints, ("nodes", number, "columns", place, "constraints")
                if own is None:
                    continue
                if own.pattern is not None:
                    about = self.about(
                        f"pattern:{node.id}.{column.name}",
                        "pattern",
                        node.id,
                        (column.name,),
                        (*path, "pattern"),
                    )
                    yield Matches(about, own.pattern)
                yield from self._enumeration(node.id, column, own.enum, own.enum_ref, path)

    def _enumeration(
        self, table: str, column: Column, values: list[Any] | None, reference: str | None, path: Path
    ) -> Iterator[Check[Any]]:
        name = column.name
        if values is not None:
            yield OneOf(self.about(f"enum:{table}.{name}", "enum", table, (name,), path), column.type, values)
        if reference is not None:
            target, remote = split_attribute(reference)
            about = self.about(
                f"enum:{table}.{name}→{reference}",
                "enum",
                table,
                (name,),
                path,
                (target, remote),
                title=f"enum of {reference}",
            )
            yield Occurs(about, Link(table, (name,), target, (remote,)))

    def lists(self) -> Iterator[Check[Any]]:
        for number, node in enumerate(self.schema.nodes):
            for place, column in enumerate(node.columns):
                plan = self.plan.tables[node.id].columns[column.name]
                if not isinstance(plan.source, ListSource) or plan.stages:
                    continue
                about = self.about(
                    f"enum:{node.id}.{column.name}/list",
                    "enum",
                    node.id,
                    (column.name,),
                    ("nodes", number, "columns", place, "generator", "enum_list"),
                    title="list of values",
                )
                values = cast(plan.source.values, column.type)
                yield Listed(about, column.type, plan.source.items, values, self.context.seeded)

    # -- what rows are made of ----------------------------------------------------------------------------

    def rules(self) -> Iterator[Check[Any]]:
        for number, node in enumerate(self.schema.nodes):
            for place, rule in enumerate(node.rules):
                try:
                    names = tuple(dict.fromkeys(name for name, _, _ in parse(rule.expression).names()))
                except ExpressionFault:
                    continue  # a problem of the schema
                about = self.about(
                    f"rule:{node.id}/{place}", "rule", node.id, names, ("nodes", number, "rules", place)
                )
                yield Satisfies(about, rule)

    def calculated(self) -> Iterator[Check[Any]]:
        for number, node in enumerate(self.schema.nodes):
            for place, column in enumerate(node.columns):
                plan = self.plan.tables[node.id].columns[column.name]
                if not isinstance(plan.source, ExpressionSource) or any(map(_is_random, plan.stages)):
                    continue
                needs = [(n.table, n.column) for n in plan.needs if isinstance(n, ColumnNode)]
                inputs = tuple(
                    name for table, name in dict.fromkeys(needs) if table == node.id and name != column.name
                )
                about = self.about(
                    f"rule:{node.id}.{column.name}",
                    "rule",
                    node.id,
                    (column.name, *inputs),
                    ("nodes", number, "columns", place, "generator"),
                    *needs,
                    title="formula",
                )
                yield Calculated(
                    about, column.type, plan.source, plan.stages, self._required(node, column, inputs)
                )

    def _required(self, node: Node, column: Column, inputs: tuple[str, ...]) -> list[str]:
        """Return the columns whose nulls another check judges, or that are strewn with nulls on purpose."""
        required = [name for name in inputs if not node.by_name[name].nullable]
        return [*required, column.name] if not column.nullable or column.null_rate > 0 else required

    def copied(self) -> Iterator[Check[Any]]:
        for number, node in enumerate(self.schema.nodes):
            for place, column in enumerate(node.columns):
                found = self.context.links.lookup(node.id, column.name)
                if found is None:
                    continue
                pick, remote = found
                link = self.context.links.of_pick(node.id, pick)
                if link is None or column.name in link.columns:
                    continue
                needs = [
                    *((link.table, own) for own in link.columns),
                    *((link.target, other) for other in (*link.remotes, remote)),
                ]
                about = self.about(
                    f"rule:{node.id}.{column.name}={link.target}.{remote}",
                    "rule",
                    node.id,
                    (column.name, *link.columns),
                    ("nodes", number, "columns", place, "generator", "lookup"),
                    *needs,
                    title=f"copy of {link.target}.{remote}",
                )
                yield Copied(about, link, remote, column.nullable, column.null_rate > 0)


def _is_random(stage: Stage) -> bool:
    """Say whether a stage draws something, so that it cannot be repeated from the data."""
    return any(isinstance(part, Stream) for part in vars(stage).values())
