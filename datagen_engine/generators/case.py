"""One generator or another, by conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.casting import cast
from datagen_engine.draw.grid import Window
from datagen_engine.draw.stage import Site, Slice, Source, own
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values
from datagen_engine.expression import Expression as Parsed
from datagen_engine.expression import Facts, evaluate, parse
from datagen_engine.expression import check as check_expression
from datagen_engine.expression.syntax import Conditional, Constant, Node
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.generators.expression import Expression, ParsedCode, column_facts, expression_problems
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Generator, GeneratorField
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Spec, refuse

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite

_MOST_VALUES = 10_000


class Branch(Spec):
    """A condition and the generator for where it holds; or, as the last, the generator for all other rows."""

    when: ParsedCode | None = Field(None, title="When", description="A condition on the row's other columns.")
    then: GeneratorField | None = Field(None, title="Then")
    otherwise: GeneratorField | None = Field(None, alias="else", title="Else")

    @model_validator(mode="after")
    def _one_kind(self) -> Branch:
        if (self.when is None) != (self.then is None) or (self.then is None) == (self.otherwise is None):
            raise refuse("one-of", "a branch has `when` and `then`; the last one may have `else` alone")
        return self

    @cached_property
    def condition(self) -> Parsed | None:
        """Return the tree of the condition; None for `else`."""
        return None if self.when is None else parse(self.when)

    @property
    def generator(self) -> Generator:
        """Return the generator, under either key."""
        found = self.then if self.then is not None else self.otherwise
        assert found is not None
        return found

    def way(self, place: int) -> Path:
        """Return the way from the body of the case to that of the generator."""
        return place, "then" if self.otherwise is None else "else", self.generator.key


class Case(Generator):
    """The first branch whose condition holds draws the value; where none does, and without `else`, null."""

    key: ClassVar[str] = "case"
    title: ClassVar[str] = "Case"
    help: ClassVar[str] = "Different generators for different rows: the first whose condition holds draws."
    samples = (
        [
            {"when": "1 < 2", "then": {"choice": {"choices": ["small", "large"]}}},
            {"else": {"choice": {"choices": ["other"]}}},
        ],
    )
    listed: ClassVar[str | None] = "branches"

    branches: Annotated[list[Branch], Field(max_length=1_000)] = Field(title="Branches")

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
            raise refuse("one-of", "`else` is the last branch; those after it would never be reached")
        return self

    def nested(self) -> Iterable[tuple[Path, Generator]]:
        """Yield the generators of the branches."""
        return [(branch.way(place), branch.generator) for place, branch in enumerate(self.branches)]

    def bind(self, site: Site) -> Source:
        """Prepare every branch; each has streams of its own."""
        sources = [generator.bind(site.within(way)) for way, generator in self.nested()]
        return CaseSource([branch.condition for branch in self.branches], sources, site)

    def window(self, site: Site) -> Window | None:
        """Return the span around those that the branches draw times from; None where one of them has none."""
        found = [getattr(generator, "window", None) for _, generator in self.nested()]
        windows = [window(site) if window else None for window in found]
        known = [window for window in windows if window is not None]
        if len(known) < len(windows):
            return None
        return Window(min(window.start for window in known), max(window.end for window in known))

    # -- what is known before anything is drawn -----------------------------------------------------------

    def facts(self, site: CheckSite) -> Facts:
        """Return what holds in every branch."""
        found = [self._branch_facts(place, site) for place in range(len(self.branches))]
        if self.branches[-1].when is not None:
            why = ("where no condition holds there is no value; end with an `else`", 0, 0)
            found.append(Facts("null", nullable=True, null_reason=why))
        return joined(found, site.type)

    def _branch_facts(self, place: int, site: CheckSite) -> Facts:
        branch = self.branches[place]
        facts: Facts | None = branch.generator.facts(site.within(branch.way(place)))
        if facts is None:
            return Facts(site.type)
        if facts.nullable and isinstance(branch.generator, Expression) and facts.type in _STAND_INS:
            stand_in = Constant(_STAND_INS[facts.type], start=0, end=0)
            guarded = self._where_reached(place, branch.generator.parsed, stand_in)
            known, faults = check_expression(guarded, column_facts(guarded, site))
            if not faults and not known.nullable:
                return Facts(facts.type, False, facts.low, facts.high, facts.values)
        return facts

    def _where_reached(self, place: int, code: Parsed, stand_in: Constant) -> Parsed:
        """Return a branch's formula behind the conditions that lead to it, and a constant everywhere else.

        So the check sees that `a / b` is never null in a branch that is reached only where b is not 0.
        """
        root: Node = code.root
        condition = self.branches[place].condition
        if condition is not None:
            root = Conditional(root, condition.root, stand_in, start=0, end=0)
        for branch in reversed(self.branches[:place]):
            assert branch.condition is not None  # only the last branch has none
            root = Conditional(stand_in, branch.condition.root, root, start=0, end=0)
        return Parsed(code.code, root)

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find what is wrong with the conditions, and with the generators where they stand."""
        for place, branch in enumerate(self.branches):
            if branch.condition is not None:
                yield from _condition_problems(branch.condition, site, (place, "when"))
            way, generator = branch.way(place), branch.generator
            if isinstance(generator, EnumList):
                why = "a list of values is the generator of a whole column; in a branch use a choice"
                yield Problem("list-outside-vocabulary", way[:-1], why)
                continue
            if site.type not in generator.types and not site.maps:
                why = f"a {generator.key} gives no values that a column of type {site.type} holds"
                yield Problem("type-mismatch", way[:-1], why)
            for problem in generator.check(site.within(way)):
                yield problem.under(way)


class CaseSource(Source):
    """Draw each row from the first branch whose condition holds."""

    def __init__(self, conditions: Sequence[Parsed | None], sources: Sequence[Source], site: Site) -> None:
        """Draw from `sources`; a condition that is None always holds."""
        self.conditions = conditions
        self.sources = sources
        self.type = site.type
        names = dict.fromkeys(name for one in conditions if one for name, _, _ in one.names())
        self.needs = [*(own(site, name) for name in names), *(node for s in sources for node in s.needs)]

    def draw(self, at: Slice) -> Values:
        """Return one value a row; null where no condition holds."""
        size = len(at.rows)
        branch = np.full(size, -1, dtype=np.int64)
        for place, condition in enumerate(self.conditions):
            if condition is None:
                branch[branch < 0] = place
                continue
            holds = evaluate(condition, at.column, size).values
            branch[(branch < 0) & (holds.data != 0) & holds.mask()] = place
        # Every branch is drawn, even where no row takes it: the type must not depend on the rows asked for.
        drawn = [source.draw(at) for source in self.sources]
        type = _common({values.type for values in drawn}, self.type)
        out = cast(drawn[0], type)
        for place, values in enumerate(drawn[1:], 1):
            out = cast(values, type).where(branch == place, out)
        return out.only(branch >= 0)


_STAND_INS: dict[str, float | str | bool] = {
    "int": 0.0, "float": 0.0, "bool": True, "string": "", "datetime": "2000-01-01", "date": "2000-01-01",
}  # fmt: skip
"""A constant of each type, written as a formula would write it."""


def _condition_problems(condition: Parsed, site: CheckSite, where: Path) -> Iterable[Problem]:
    yield from expression_problems(condition, site, where)
    found, faults = check_expression(condition, column_facts(condition, site))
    if not faults and found.type not in ("bool", "null"):
        kind = {"int": "number", "float": "number", "string": "text"}.get(found.type, found.type)
        yield Problem("bad-expression", where, f"expected a condition, true or false; this is a {kind}")


def _common(types: set[ColumnType], wanted: ColumnType) -> ColumnType:
    """Return the type that values of these types are put together as, in a column of the type `wanted`."""
    if len(types) == 1:
        (only,) = types
        return only
    if types == {"int", "float"}:
        return "float"
    return "datetime" if types == {"date", "datetime"} else wanted


def joined(found: Sequence[Facts], wanted: ColumnType) -> Facts:
    """Return what is known of values of which each is of one of these kinds, in a column of type `wanted`."""
    nullable = any(facts.nullable for facts in found)
    # The reason stays; the part of a branch's text that it speaks of is no part of the column's.
    why = next(((facts.null_reason[0], 0, 0) for facts in found if facts.null_reason), None)
    known = [facts for facts in found if facts.type != "null"]
    type = _common({facts.type for facts in known if facts.type != "null"} or {wanted}, wanted)
    mixed = any(facts.type != type for facts in known)
    if mixed and type not in ("float", "datetime"):
        return Facts(type, nullable, null_reason=why)
    lows, highs = zip(*(_bounds(facts, type) for facts in known), strict=True) if known else ((), ())
    values: dict[Any, None] | None = {} if known else None
    for facts in known:
        values = None if values is None or facts.values is None else {**values, **dict.fromkeys(facts.values)}
    return Facts(
        type,
        nullable,
        None if None in lows else min(lows, default=None),
        None if None in highs else max(highs, default=None),
        None if values is None or len(values) > _MOST_VALUES else tuple(values),
        why,
    )


def _bounds(facts: Facts, type: ColumnType) -> tuple[float | None, float | None]:
    """Return the bounds in units of `type`: days of a date as microseconds of a datetime."""
    unit = MICROSECONDS_A_DAY if facts.type == "date" and type == "datetime" else 1
    low, high = facts.low, facts.high
    return None if low is None else low * unit, None if high is None else high * unit
