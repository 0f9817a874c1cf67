"""What generators, modifiers and fanouts find wrong with themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import islice

from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.generators.expression import Expression
from datagen_engine.resolve.site import TableSite
from datagen_engine.schema.problem import Problem

__all__ = ["check_parts", "with_name_fix"]

_MOST = 20
"""Problems of one part that are told: a list of a million values may be wrong in each."""


def check_parts(context: Context) -> Iterable[Problem]:
    """Ask every part of every column and table for its own problems."""
    for place in context.judged:
        generator = place.column.generator
        if not _is_sound(context, place):
            found = context.problems_of(
                generator, place.generator_path, partial(generator.check, context.site(place))
            )
            for one in islice(found, _MOST):
                yield from _known(context, place, _with_type_fix(context, place, one))
        for number, modifier, site in context.modifiers(place):
            path = (*place.modifier_path(number), "args")
            for one in islice(context.problems_of(modifier, path, partial(modifier.check, site)), _MOST):
                yield from _known(context, place, one)
    for table in context.tables:
        for number, modifier, above in context.table_modifiers(table):
            path = (*table.path, "modifiers", number, "args")
            yield from islice(context.problems_of(modifier, path, partial(modifier.check, above)), _MOST)
        fanout = table.node.fanout
        if fanout is not None:
            at = TableSite(context.resolver, table.node, "fanout")
            yield from islice(
                context.problems_of(fanout, (*table.path, "fanout"), partial(fanout.check, at)), _MOST
            )


def _is_sound(context: Context, place: ColumnPlace) -> bool:
    """Say whether a formula has no problems, as its facts tell already: of a faulty one nothing is known."""
    if not isinstance(place.column.generator, Expression) or place.column.modifiers:
        return False
    drawn = context.drawn(place)
    return drawn is not None and drawn.type != "null"


def _with_type_fix(context: Context, place: ColumnPlace, found: Problem) -> Problem:
    """Let a column take the type of what it reads."""
    expected = found.params.get("expected")
    if found.code != "type-mismatch" or found.fix is not None or not isinstance(expected, str):
        return found
    fix = context.fix.put(f"Make the column a {expected}", ((*place.path, "type"), expected))
    return replace(found, fix=fix)


def _known(context: Context, place: ColumnPlace, found: Problem) -> Iterable[Problem]:
    """Yield a problem, but not one of a formula that only follows from a column that could not be read."""
    if found.code != "bad-expression":
        yield found
        return
    table = place.table.node
    try:
        code = str(context.fix.raw(found.path))
    except LookupError:
        code = ""
    for name in (column.name for column in table.columns if column.name in code):
        other = context.place(table.id, name)
        if other is not None and not other.readable:
            return
    lost = set(context.names.columns(table.id)) - set(table.by_name)
    if any(name in code for name in lost):
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
