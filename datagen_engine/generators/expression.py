"""A value calculated from the columns of the row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field

from datagen_engine.draw.stage import Site, Slice, Source, own
from datagen_engine.draw.values import Values
from datagen_engine.expression import Expression as Parsed
from datagen_engine.expression import ExpressionFault, Facts, evaluate, parse
from datagen_engine.expression import check as check_expression
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Code, refuse

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


def _parses(code: str) -> str:
    try:
        parse(code)
    except ExpressionFault as fault:
        raise refuse(
            "bad-expression",
            f"{fault.message} (at character {fault.start + 1})",
            start=fault.start,
            end=fault.end,
        ) from None
    return code


ParsedCode = Annotated[Code, AfterValidator(_parses)]


class Expression(Generator):
    """A formula over the row's other columns, in a small safe language."""

    key: ClassVar[str] = "expression"
    title: ClassVar[str] = "Expression"
    help: ClassVar[str] = "A formula over the other columns of the row, such as quantity * price."
    samples = ({"code": "1 + 2"},)

    code: ParsedCode = Field(title="Formula")

    @cached_property
    def parsed(self) -> Parsed:
        """Return the tree of the formula."""
        return parse(self.code)

    def bind(self, site: Site) -> Source:
        """Prepare to calculate."""
        return ExpressionSource(self.parsed, site)

    def facts(self, site: CheckSite) -> Facts:
        """Return what follows from what is known of the columns."""
        return judged(self.parsed, column_facts(self.parsed, site))[0]

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find unknown columns, types that do not go together, and a constant part that is not finite."""
        return expression_problems(self.parsed, site, ("code",))


class ExpressionSource(Source):
    """Calculate on whole arrays."""

    def __init__(self, parsed: Parsed, site: Site) -> None:
        """Calculate a parsed formula."""
        self.parsed = parsed
        self.needs = [own(site, name) for name in mentioned(parsed.code)]

    def draw(self, at: Slice) -> Values:
        """Return the result of each row; what is not finite is null."""
        return evaluate(self.parsed, at.column, len(at.rows)).values


@lru_cache(maxsize=2048)
def mentioned(code: str) -> tuple[str, ...]:
    """Return the columns that a formula names, each once."""
    return tuple(dict.fromkeys(name for name, _, _ in parse(code).names()))


def column_facts(parsed: Parsed, site: CheckSite) -> dict[str, Facts]:
    """Return what is known of the columns that a formula names; of the others, where it names one that is not."""
    used, columns = mentioned(parsed.code), site.node.by_name
    known = {
        name: site.facts(site.table, name) or Facts(type=columns[name].type, nullable=False)
        for name in used
        if name in columns
    }
    if len(known) < len(used):  # their names are needed too, for the nearest one to the mistyped
        known = {name: known.get(name) or Facts(type=column.type) for name, column in columns.items()}
    return known


def judged(parsed: Parsed, facts: Mapping[str, Facts]) -> tuple[Facts, Sequence[ExpressionFault]]:
    """Return what is known of a formula's result, and what is wrong with it."""
    return _judged(parsed.code, tuple(facts.items()))


@lru_cache(maxsize=2048)  # facts and problems are asked for one after the other, and anew at every keystroke
def _judged(code: str, facts: tuple[tuple[str, Facts], ...]) -> tuple[Facts, tuple[ExpressionFault, ...]]:
    found, faults = check_expression(parse(code), dict(facts))
    return found, tuple(faults)


def expression_problems(parsed: Parsed, site: CheckSite, where: Path) -> Iterable[Problem]:
    """Find what is wrong with a formula over the columns of a row."""
    _, faults = judged(parsed, column_facts(parsed, site))
    for fault in faults:
        yield Problem(
            "bad-expression",
            where,
            f"{fault.message} (at character {fault.start + 1})",
            params={"start": fault.start, "end": fault.end},
        )
