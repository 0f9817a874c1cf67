"""The values of a vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from datagen_engine.draw.literals import literals
from datagen_engine.draw.stage import Site, Slice, Source
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.expression import Facts
from datagen_engine.generators.choice import finite_facts, literal_problems, natural_type
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Scalar

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


class EnumList(Generator):
    """Row i gets value i; the length of the list is the number of rows of the vocabulary."""

    key: ClassVar[str] = "enum_list"
    title: ClassVar[str] = "List of values"
    help: ClassVar[str] = "The values of a vocabulary table, one a row, in this order."
    samples = ({"values": ["new", "paid", "shipped"]},)

    values: Annotated[list[Scalar], Field(min_length=1, max_length=1_000_000)] = Field(title="Values")

    def bind(self, site: Site) -> Source:
        """Prepare the list."""
        return ListSource(self.values, natural_type(self.values, site))

    def facts(self, site: CheckSite) -> Facts:
        """Return the values themselves."""
        return finite_facts(self.values, natural_type(self.values, site))

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find values that do not fit the type, and a list outside a vocabulary."""
        yield from literal_problems(self.values, site, ("values",))
        if site.node.kind != "vocab":
            yield Problem(
                "list-outside-vocabulary",
                (),
                f"a list of values belongs to a table of kind vocab; {site.table!r} is of kind {site.node.kind}. "
                "Use a choice here, or make the table a vocabulary",
            )


class ListSource(Source):
    """Give row i the value i."""

    direct = True

    def __init__(self, items: list[Any], type: ColumnType) -> None:
        """Hold the items of the list."""
        self.items = items
        self.type: ColumnType = type

    @cached_property
    def values(self) -> Values:
        """Return the items as values."""
        return literals(self.items, self.type)

    def draw(self, at: Slice) -> Values:
        """Return the value of each row."""
        return self.values.take(at.rows.numbers())
