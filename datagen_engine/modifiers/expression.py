"""A formula over the value so far."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.draw.stage import Site, Slice, Stage, own
from datagen_engine.draw.values import Values
from datagen_engine.expression import Expression as Parsed
from datagen_engine.expression import Facts, evaluate, parse
from datagen_engine.generators.expression import ParsedCode, column_facts, judged
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import ExpressionRef

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite

VALUE = "value"
"""What a formula calls the value so far."""


class Expression(Modifier):
    """A formula over the value so far and the other columns of the row."""

    key: ClassVar[str] = "expression"
    title: ClassVar[str] = "Expression"
    help: ClassVar[str] = "A formula in which `value` is the value so far, such as value * 2 + 1."
    samples = ({"code": "value"},)
    acts_on = frozenset({"int", "float", "string", "bool", "datetime", "date"})

    code: Annotated[ParsedCode, ExpressionRef((VALUE,))] = Field(title="Formula")

    @cached_property
    def parsed(self) -> Parsed:
        """Return the tree of the formula."""
        return parse(self.code)

    def bind(self, site: Site) -> Stage:
        """Prepare to calculate."""
        return ExpressionStage(self.parsed, site)

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return what follows from what is known of the value and the columns."""
        return judged(self.parsed, {**column_facts(self.parsed, site), VALUE: before})[0]

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find unknown columns, and types that do not go together."""
        before = Facts(type=site.type, nullable=site.nullable)
        _, faults = judged(self.parsed, {**column_facts(self.parsed, site), VALUE: before})
        for fault in faults:
            yield Problem(
                "bad-expression",
                ("code",),
                f"{fault.message} (at character {fault.start + 1})",
                params={"start": fault.start, "end": fault.end},
            )


class ExpressionStage(Stage):
    """Calculate on whole arrays."""

    def __init__(self, parsed: Parsed, site: Site) -> None:
        """Calculate a parsed formula."""
        self.parsed = parsed
        self.needs = [own(site, name) for name, _, _ in parsed.names() if name != VALUE]
        self.title = parsed.code

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the result of each row; what is not finite is null."""
        return evaluate(
            self.parsed, lambda name: values if name == VALUE else at.column(name), len(at.rows)
        ).values
