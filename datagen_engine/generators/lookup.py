"""A value of another row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.draw.nodes import Node, PickNode
from datagen_engine.draw.stage import Site, Slice, Source
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.generators.choice import WeightsKind
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Chance, ColumnRef, LookedUp, split_attribute

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite

THIS_KEY = "this_key"
"""As a key of `on`: the local column that is called like the remote one."""


class Lookup(Generator):
    """The value of a column in another row: the parent's, one with the same key, or one picked at random."""

    key: ClassVar[str] = "lookup"
    title: ClassVar[str] = "Lookup"
    help: ClassVar[str] = (
        "A value from another table: of this row's parent, of the row with a matching key, or of a random row."
    )
    samples = ({"from": "table.column"},)

    source: LookedUp = Field(alias="from", title="From", description="table.column")
    on: (
        dict[Annotated[str, ColumnRef(alike=THIS_KEY)], Annotated[str, ColumnRef("from", "lookup")]] | None
    ) = Field(
        None,
        title="Matching",
        description="Columns of this row and the columns of the other they must equal.",
    )
    roots: Chance | None = Field(
        None, title="Share of roots", description="In its own table: rows that refer to none."
    )
    pick: str | None = Field(None, title="Pick", description="Lookups of one pick read the same row.")
    weights_kind: WeightsKind | None = Field(
        None, title="Skew", description="uniform, zipf@a, head_tail@{h,a}"
    )

    @property
    def target(self) -> tuple[str, str]:
        """Return the table and the column that is read."""
        return split_attribute(self.source)

    def keys(self) -> dict[str, str]:
        """Return local and remote columns that must be equal, `this_key` resolved."""
        return {remote if local == THIS_KEY else local: remote for local, remote in (self.on or {}).items()}

    def bind(self, site: Site) -> Source:
        """Prepare the pick that the value is read through."""
        table, column = self.target
        pick = site.pick(
            table, column, self.keys(), name=self.pick, roots=self.roots, weights_kind=self.weights_kind
        )
        return LookupSource(pick, column, (pick, *site.whole(table, column)[:1]))

    def facts(self, site: CheckSite) -> Facts:
        """Return what is known of the column that is read, and whether a row may find none."""
        found = site.facts(*self.target)
        why = self.null_reason(site)
        reason = None if why is None else (why, 0, 0)
        if found is None:
            return Facts(type=site.type, nullable=why is not None, null_reason=reason)
        return Facts(found.type, why is not None, found.low, found.high, found.values, reason)

    def null_reason(self, site: CheckSite) -> str | None:
        """Return why a value can be null, in plain words; None where it cannot."""
        table = self.target[0]
        why = None
        if self.on:
            why = site.unmatched(table, self.keys())
        elif table == site.table and self.roots is not None:
            why = "a share of the rows are roots, which refer to none"
        elif table == site.table and site.rows(table) < 2:
            why = f"{table!r} has no second row to refer to"
        elif site.rows(table) == 0 and site.rows(site.table) > 0:
            why = f"{table!r} has no rows"
        found = site.facts(*self.target)
        if why is None and found is not None and found.nullable:
            why = f"{self.source} can be null"
        return why

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find types that differ."""
        found = site.facts(*self.target)
        if found is not None and found.type != site.type and found.type != "null":
            numbers = {"int", "float"}
            if not {found.type, site.type} <= numbers and not {found.type, site.type} <= {"datetime", "date"}:
                yield Problem(
                    "type-mismatch",
                    ("from",),
                    f"{self.source} is of type {found.type}; this column is of type {site.type}",
                    params={"expected": found.type},
                )


class LookupSource(Source):
    """Read a column through a pick."""

    def __init__(self, pick: PickNode, column: str, needs: tuple[Node, ...]) -> None:
        """Read `column` of the row that `pick` finds."""
        self.pick = pick
        self.column = column
        self.needs = needs

    def draw(self, at: Slice) -> Values:
        """Return the value of the picked row, null where there is none."""
        return at.picked(self.pick, self.column)
