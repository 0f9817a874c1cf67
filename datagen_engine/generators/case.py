"""One generator or another, by conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.casting import cast
from datagen_engine.draw.grid import Window
from datagen_engine.draw.stage import Site, Slice, Source, own
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values
from datagen_engine.expression import Expression as Parsed
from datagen_engine.expression import Facts, evaluate, parse
from datagen_engine.expression import check as check_expression
from datagen_engine.expression.syntax import Conditional, Constant
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.generators.expression import Expression, ParsedCode, column_facts, expression_problems
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Generator, GeneratorField
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Spec, refuse

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite
    from datagen_engine.schema.path import Path


class Branch(Spec):
    """A condition and the generator that draws where it holds; or, last, the generator for all other rows."""

    when: ParsedCode | None = Field(None, title="When", description="A condition on the row's other columns.")
    then: GeneratorField | None = Field(None, title="Then")
    otherwise: GeneratorField | None = Field(None, alias="else", title="Else")

    @model_validator(mode="after")
    def _one_kind(self) -> Branch:
        if (self.when is None) != (self.then is None) or (self.then is None) == (self.otherwise is None):
            raise refuse("one-of", "a branch has `when` and `then`, or it is the last and has `else` alone")
        return self

    @cached_property
    def condition(self) -> Parsed | None:
        """Return the tree of the condition; None for `else`."""
        return None if self.when is None else parse(self.when)

    @property
    def key(self) -> str:
        """Return the key that the generator stands under."""
        return "then" if self.then is not None else "else"

    @property
    def generator(self) -> Generator:
        """Return the generator, of either kind."""
        found = self.then or self.otherwise
        assert found is not None
        return found


class Case(Generator):
    """The first branch whose condition holds draws the value; where none does and there is no else, it is null."""

    key: ClassVar[str] = "case"
    title: ClassVar[str] = "Case"
    help: ClassVar[str] = "Different generators for different rows: the first whose condition holds draws the value."
    samples = (
        [
            {"when": "1 < 2", "then": {"choice": {"choices": ["small", "large"]}}},
            {"else": {"choice": {"choices": ["other"]}}},
        ],
    )
    listed: ClassVar[str | None] = "branches"

    branches: list[Branch] = Field(title="Branches")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if not isinstance(value, list):
            raise refuse("wrong-type", "expected a list: [{when, then}, …, {else}]")
        return {"branches": value}

    @model_validator(mode="after")
    def _else_last(self) -> Case:
        if not self.branches or self.branches[0].when is None:
            raise refuse("missing-key", "a case begins with a branch that has `when` and `then`")
        if any(branch.when is None for branch in self.branches[:-1]):
            raise refuse("one-of", "`else` is the last branch: those after it would never be reached")
        return self

    def nested(self) -> Iterable[tuple[Path, Generator]]:
        """Yield the generators of the branches."""
        for place, branch in enumerate(self.branches):
            yield _way(place, branch), branch.generator

    def bind(self, site: Site) -> Source:
        """Prepare every branch."""
        sources = [inner.bind(site.within(way)) for way, inner in self.nested()]
        return CaseSource([branch.condition for branch in self.branches], sources, site)

    def window(self, site: Site) -> Window | None:
        """Return the span around those that the branches draw their times from; None where one has none."""
        windows = [inner.window(site) if hasattr(inner, "window") else None for _, inner in self.nested()]
        known = [window for window in windows if window is not None]
        if len(known) < len(windows):
            return None
        return Window(min(window.start for window in known), max(window.end for window in known))

    def facts(self, site: CheckSite) -> Facts:
        """Return what holds in every branch."""
        found = [self._branch_facts(place, site) for place in range(len(self.branches))]
        complete = self.branches[-1].when is None
        return joined(found, site.type, nullable=not complete)

    def _branch_facts(self, place: int, site: CheckSite) -> Facts:
        branch = self.branches[place]
        facts: Facts | None = branch.generator.facts(site.within(_way(place, branch)))
        if facts is None:
            return Facts(site.type, nullable=False)
        if facts.nullable and isinstance(branch.generator, Expression):
            guarded = self._where_reached(place, branch.generator.parsed, _STAND_INS[facts.type])
            known, faults = check_expression(guarded, column_facts(guarded, site))
            if not faults and not known.nullable:
                return Facts(facts.type, False, facts.low, facts.high, facts.values)
        return facts

    def _where_reached(self, place: int, code: Parsed, stand_in: Constant) -> Parsed:
        """Return a branch's formula behind the conditions that lead to it, and a constant everywhere else.

        So the check knows that `a / b` cannot be null in a branch that is only reached where b is not 0.
        """
        root = code.root
        own_condition = self.branches[place].condition
        if own_condition is not None:
            root = _if(own_condition, root, stand_in)
        for branch in reversed(self.branches[:place]):
            assert branch.condition is not None  # only the last branch has none
            root = _if(branch.condition, stand_in, root)
        return Parsed(code.code, root)

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find what is wrong with the conditions, and with the generators where they stand."""
        columns = site.node.columns
        for place, branch in enumerate(self.branches):
            if branch.condition is not None:
                where: Path = (place, "when")
                yield from expression_problems(branch.condition, site, where)
                found, faults = check_expression(branch.condition, column_facts(branch.condition, site))
                if not faults and found.type not in ("bool", "null"):
                    yield Problem(
                        "not-a-condition", where, f"expected a condition, true or false; this is a {found.type}"
                    )
            yield from _generator_problems(branch.generator, site, _way(place, branch))
        if self.branches[-1].when is not None and not site.nullable:
            names = ", ".join(c.name for c in columns if c.name == site.column)
            yield Problem(
                "null-not-allowed", (),
                f"where no condition holds the value is null, and {names or 'the column'} is not nullable; "
                'end with {"else": …}',
            )


def _way(place: int, branch: Branch) -> Path:
    return (place, branch.key)
