"""What generators, modifiers and fanouts find wrong with themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import islice

from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.expression import ExpressionFault, Facts
from datagen_engine.generators.expression import Expression, mentioned
from datagen_engine.resolve.site import TableSite
from datagen_engine.schema.facts import CheckSite
from datagen_engine.schema.parts import Part
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_parts", "with_name_fix"]

_MOST = 20
"""Problems of one part that are told: a list of a million values may be wrong in each."""


def check_parts(context: Context) -> Iterable[Problem]:
    """Ask every part of every column and table for its own problems."""
    for place in context.judged:
        generator = place.column.generator
        if _has_check(generator) and not _is_sound(context, place):
            for one in _asked(context, generator, place.generator_path, context.site(place)):
                yield from _known(context, place, _with_type_fix(context, place, one))
        if any(map(_has_check, place.column.modifiers)):
            for number, modifier, site in context.modifiers(place):
                for one in _asked(context, modifier, (*place.modifier_path(number), "args"), site):
                    yield from _known(context, place, one)
    for table in context.tables:
        for number, modifier, above in context.table_modifiers(table):
            yield from _asked(context, modifier, (*table.path, "modifiers", number, "args"), above)
        if table.node.fanout is not None:
            site = TableSite(context.resolver, table.node, "fanout")
            yield from _asked(context, table.node.fanout, (*table.path, "fanout"), site)


def _has_check(part: Part) -> bool:
    return type(part).check is not Part.check


def _asked(context: Context, part: Part, path: Path, site: CheckSite) -> Iterable[Problem]:
    return islice(context.problems_of(part, path, partial(part.check, site)), _MOST)


def _is_sound(context: Context, place: ColumnPlace) -> bool:
    """Say whether a formula has no problems, as its facts tell already: of a faulty one nothing is known."""
    if not isinstance(place.column.generator, Expression) or place.column.modifiers:
        return False
    drawn = context.drawn(place)
    return drawn is not None and drawn.type != "null"


def _with_type_fix(context: Context, place: ColumnPlace, found: Problem) -> Problem:
    """Let a column take the type of what it reads, or of what its generator gives."""
    expected = found.params.get("expected")
    if found.code == "type-loses-values":
        facts: Facts | None = place.column.generator.facts(context.site(place))
        expected = facts.type if facts is not None else None
    elif found.code != "type-mismatch":
        return found
    if found.fix is not None or not isinstance(expected, str):
        return found
    fix = context.fix.put(f"Change the type to {expected}", ((*place.path, "type"), expected))
    return replace(found, fix=fix)


def _known(context: Context, place: ColumnPlace, found: Problem) -> Iterable[Problem]:
    """Yield a problem, but not one of a formula that only follows from a column that could not be read."""
    if found.code != "bad-expression":
        yield found
        return
    table = place.table.node
    try:
        code = str(context.fix.raw(found.path))
        names = mentioned(code)
    except (LookupError, ExpressionFault):
        code, names = "", ()
    for name in names:
        other = context.place(table.id, name)
        if context.names.has(table.id, name) and (other is None or not other.readable):
            return
    yield with_name_fix(context, found, code, list(table.by_name))


def with_name_fix(context: Context, found: Problem, code: str, names: list[str]) -> Problem:
    """Let a formula say the column that it most likely means."""
    start, end = found.params.get("start"), found.params.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or found.fix is not None:
        return found
    word = code[start:end].strip("`")
    near, _ = context.meant(word, names)
    # Only where the fault is a name that there is not: another fault may stand at a name that there is.
    if near is None or word in names or not word.isidentifier() or f"`{word}`" not in found.message:
        return found
    spelled = near if near.isidentifier() else f"`{near}`"
    fix = context.fix.put(f"Write {near}", (found.path, code[:start] + spelled + code[end:]))
    return replace(found, fix=fix)
