"""Which columns of a table hold the key of which row of another: read from the lookups, never from names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from datagen_engine.draw.nodes import PickNode
from datagen_engine.generators.choice import ReferenceSource
from datagen_engine.generators.lookup import LookupSource
from datagen_engine.schema.path import Path
from datagen_engine.schema.spec import split_attribute

if TYPE_CHECKING:
    from datagen_engine.planning.plan import Plan

__all__ = ["Link", "Links", "Reference"]


@dataclass(frozen=True, slots=True)
class Link:
    """Say that `columns` of `table` equal `remotes` of one row of `target`: the first such row."""

    table: str
    columns: tuple[str, ...]
    target: str
    remotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Say that every key in the columns of a link occurs in its target, and which place in the schema asks for it."""

    link: Link
    path: Path
    declared: bool
    why: str


class Links:
    """Know the references of a schema: those declared, and those that its lookups imply."""

    def __init__(self, plan: Plan) -> None:
        """Read the lookups of a plan, where every name is resolved already."""
        self._plan = plan
        self._picks = plan.resolver.picks
        self._unique = {(node.id, node.pk) for node in plan.schema.nodes}
        for group in plan.schema.constraints.unique:
            if len(group) == 1:
                self._unique.add(split_attribute(group[0]))
        self._places = {
            (node.id, column.name): ("nodes", number, "columns", place)
            for number, node in enumerate(plan.schema.nodes)
            for place, column in enumerate(node.columns)
        }

    def is_unique(self, table: str, column: str) -> bool:
        """Say whether a column alone tells the rows of its table apart, by what is declared."""
        return (table, column) in self._unique

    def lookup(self, table: str, column: str) -> tuple[PickNode, str] | None:
        """Return the pick and the column that a column is a plain copy of; None where anything may change it."""
        found = self._plan.tables[table].columns.get(column)
        if found is None or found.stages or not isinstance(found.source, LookupSource):
            return None
        pick, read = found.source.pick, found.source.column
        if self._plan.resolver.tables.type_of(pick.target, read) != found.type:
            return None
        return pick, read

    def of_pick(self, table: str, pick: PickNode) -> Link | None:
        """Return the columns that hold the key of the row that a pick of a table has found."""
        spec = self._picks.spec(pick)
        if spec.kind == "match":
            return Link(
                table, tuple(local for local, _ in spec.keys), pick.target, tuple(r for _, r in spec.keys)
            )
        for column in self._plan.tables[table].columns:
            found = self.lookup(table, column)
            if found is not None and found[0] == pick and self.is_unique(pick.target, found[1]):
                return Link(table, (column,), pick.target, (found[1],))
        return self._declared_to(table, pick.target) if spec.kind in ("parent", "other_parent") else None

    def to_parent(self, table: str, parent: str) -> Link | None:
        """Return the columns that hold the key of a row's parent."""
        for spec in self._picks.all():
            if (
                spec.node.table == table
                and spec.node.target == parent
                and spec.kind in ("parent", "other_parent")
            ):
                return self.of_pick(table, spec.node)
        return self._declared_to(table, parent)

    def _declared_to(self, table: str, target: str) -> Link | None:
        """Return the one declared reference to a key of a table; None where there are none, or several."""
        found = {
            Link(table, (column,), target, (remote,))
            for key in self._plan.schema.constraints.foreign_keys
            for (own, column), (other, remote) in [(split_attribute(key.source), split_attribute(key.target))]
            if own == table and other == target and self.is_unique(target, remote)
        }
        return found.pop() if len(found) == 1 else None

    # -- references ---------------------------------------------------------------------------------------

    def of_table(self, table: str) -> list[Reference]:
        """Return the references of a table."""
        return self._by_table.get(table, [])

    @cached_property
    def _by_table(self) -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = {}
        for reference in self.references():
            found.setdefault(reference.link.table, []).append(reference)
        return found

    def references(self) -> list[Reference]:
        """Return every reference once: those that lookups imply only where no declared one says the same."""
        found = list(self._declared())
        known = {reference.link for reference in found}
        for reference in self._implied():
            if reference.link not in known and not self._covered(reference.link):
                known.add(reference.link)
                found.append(reference)
        return found

    def _declared(self) -> Iterator[Reference]:
        seen = set()
        for place, key in enumerate(self._plan.schema.constraints.foreign_keys):
            (table, column), (target, remote) = split_attribute(key.source), split_attribute(key.target)
            link = Link(table, (column,), target, (remote,))
            if link not in seen:
                seen.add(link)
                yield Reference(link, ("constraints", "foreign_keys", place), True, "declared")

    def _implied(self) -> Iterator[Reference]:
        for node in self._plan.schema.nodes:
            for column in node.columns:
                yield from self._implied_by(node.id, column.name)

    def _implied_by(self, table: str, column: str) -> Iterator[Reference]:
        place = self._places[table, column]
        source = self._plan.tables[table].columns[column].source
        if isinstance(source, LookupSource):
            # What is matched must be found, unless the column may be null.
            spec = self._picks.spec(source.pick)
            if spec.kind == "match" and not self._plan.schema.by_id[table].by_name[column].nullable:
                link = self.of_pick(table, source.pick)
                assert link is not None
                if not self._copied_together(link):
                    yield Reference(
                        link, (*place, "generator", "lookup", "on"), False, f"{column} is looked up by it"
                    )
        end = self._end(table, column)
        if end is not None:
            way = "choice" if isinstance(source, ReferenceSource) else "lookup"
            yield Reference(
                Link(table, (column,), end[0], (end[1],)), (*place, "generator", way), False, "looked up"
            )

    def _end(self, table: str, column: str) -> tuple[str, str] | None:
        """Follow lookups from a column to the key that it copies in the end; None where that is no key."""
        here, seen = (table, column), {(table, column)}
        while True:
            step = self._step(*here)
            if step is None or step in seen:
                return None
            if self.is_unique(*step):
                further = self._step(*step)
                # A key that is itself looked up, as of a one-to-one child, is a key of its own.
                return step if further is None or step[0] != table else None
            seen.add(step)
            here = step

    def _step(self, table: str, column: str) -> tuple[str, str] | None:
        found = self.lookup(table, column)
        if found is not None:
            return found[0].target, found[1]
        plan = self._plan.tables[table].columns[column]
        if isinstance(plan.source, ReferenceSource) and not plan.stages:
            source = plan.source
            if self._plan.resolver.tables.type_of(source.table, source.column) == plan.type:
                return source.table, source.column
        return None

    def _copied_together(self, link: Link) -> bool:
        """Say whether all columns of a link are copies from one row of its target: then they are judged as such."""
        picks = set()
        for column, remote in zip(link.columns, link.remotes, strict=True):
            found = self.lookup(link.table, column)
            if found is None or found[1] != remote or found[0].target != link.target:
                return False
            picks.add(found[0])
        return len(picks) == 1

    def _covered(self, link: Link) -> bool:
        """Say whether a declared key, or an enumeration, holds the same column to the same values."""
        if len(link.columns) != 1:
            return False
        table, column = link.table, link.columns[0]
        chain = {(link.target, link.remotes[0])}
        here: tuple[str, str] | None = (table, column)
        while here is not None and here not in chain:
            here = self._step(*here)
            if here is not None:
                chain.add(here)
        constraints = self._plan.schema.constraints
        said = [(key.source, key.target) for key in constraints.foreign_keys]
        said += [(one.attr, one.enum_ref) for one in constraints.enum if one.enum_ref is not None]
        own = self._plan.schema.by_id[table].by_name[column].constraints
        if own is not None and own.enum_ref is not None:
            said.append((f"{table}.{column}", own.enum_ref))
        return any(
            split_attribute(left) == (table, column) and split_attribute(right) in chain
            for left, right in said
        )
