"""Effects that are left out, never apply, or count for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context, TablePlace
from datagen_engine.checking.words import listed, moment
from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.expression import Facts
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.modifiers.effect import Effect, EffectWindow
from datagen_engine.resolve.effects import effect_owner
from datagen_engine.resolve.tables import NoTime
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_effects"]

_TIMES = ("datetime", "date")
_NUMBERS = ("int", "float")


@dataclass(frozen=True, slots=True)
class _Place:
    """An effect, where its arguments stand, and whose rows it reads keys and time from."""

    effect: Effect
    path: Path
    table: TablePlace
    column: ColumnPlace | None


def check_effects(context: Context) -> Iterable[Problem]:
    """Find effects without keys, field or window to act by."""
    for one in _effects(context):
        target = context.table(one.effect.effect_table)
        if target is None:
            continue  # unknown, or not readable: told already
        left_out = [*_keys(context, one)]
        yield from left_out
        yield from _field(context, one)
        if not left_out:
            yield from _never_matching(context, one)
        if one.effect.window is not None:
            yield from _window(context, one, one.effect.window)


def _effects(context: Context) -> Iterator[_Place]:
    for place in context.judged:
        for number, modifier in enumerate(place.column.modifiers):
            if isinstance(modifier, Effect) and place.column.type in modifier.acts_on:
                yield _Place(modifier, (*place.modifier_path(number), "args"), place.table, place)
    for table in context.tables:
        for number, modifier in enumerate(table.node.modifiers):
            if isinstance(modifier, Effect) and context.resolver.tables.first_parent(table.node.id):
                yield _Place(modifier, (*table.path, "modifiers", number, "args"), table, None)


# -- keys and field -------------------------------------------------------------------------------------


def _keys(context: Context, one: _Place) -> Iterable[Problem]:
    """Find keys that one side lacks: the whole effect is left out then."""
    effect, node = one.effect, one.table.node
    on = (*one.path, "on")
    missed = False
    for local, remote in effect.on.items():
        if not context.names.has(effect.effect_table, remote):
            near, hint = context.meant(remote, list(context.names.columns(effect.effect_table)))
            missed = True
            yield problem(
                "effect-left-out",
                (*on, local),
                f"{effect.effect_table!r} has no column {remote!r}, so the effect is left out{hint}",
                context.fix.put(f"Change it to {near}", ((*on, local), near)) if near else None,
                key=remote,
            )
        owners = [node.id] if one.column else [*context.resolver.tables.parents(node.id), node.id]
        if not any(context.names.has(owner, local) for owner in owners):
            near, hint = context.meant(
                local, [name for owner in owners for name in context.names.columns(owner)]
            )
            missed = True
            who = f"{node.id!r} has no" if one.column else f"neither {node.id!r} nor its parents have a"
            yield problem(
                "effect-left-out",
                (*on, local),
                f"{who} column {local!r}, so the effect is left out{hint}",
                context.fix.rename(f"Change it to {near}", on, local, near) if near else None,
                key=local,
            )
    if not missed and one.column is None and effect.on:
        owner = effect_owner(context.resolver.tables, context.resolver.picks, node, effect)
        if owner is None:
            names = ", ".join(repr(local) for local in effect.on)
            yield problem(
                "effect-left-out",
                on,
                f"no parent of {node.id!r}, and no table that it looks up, has {names}, so the effect is left out",
                keys=list(effect.on),
            )


def _field(context: Context, one: _Place) -> Iterable[Problem]:
    effect = one.effect
    path = (*one.path, "map", "field")
    known = context.names.columns(effect.effect_table)
    place = context.place(effect.effect_table, effect.map.field)
    what = "× 1" if effect.map.op == "mul" else "+ 0"
    if effect.map.field not in known:
        near, hint = context.meant(effect.map.field, list(known))
        yield problem(
            "effect-without-field",
            path,
            f"{effect.effect_table!r} has no column {effect.map.field!r}, so the effect counts {what}{hint}",
            context.fix.put(f"Change it to {near}", (path, near)) if near else None,
            field=effect.map.field,
        )
    elif place is not None and place.readable and place.column.type not in (*_NUMBERS, "bool"):
        yield problem(
            "effect-without-field",
            path,
            f"{effect.map.field!r} is of type {place.column.type}, which is no number: the effect counts {what}",
            field=effect.map.field,
        )


def _never_matching(context: Context, one: _Place) -> Iterable[Problem]:
    """Find keys whose values on the two sides have nothing in common."""
    for local, remote in one.effect.on.items():
        there = context.place(one.effect.effect_table, remote)
        here = _local(context, one, local)
        if there is None or here is None:
            continue
        mine, theirs = context.facts(here), context.facts(there)
        if mine is None or theirs is None:
            continue
        if not _comparable(mine, theirs):
            why = f"{here.attribute} is of type {mine.type}, {there.attribute} of type {theirs.type}"
        elif (
            mine.values is not None
            and theirs.values is not None
            and set(mine.values).isdisjoint(theirs.values)
        ):
            why = f"{here.attribute} is {listed(mine.values)}, {there.attribute} is {listed(theirs.values)}"
        elif _apart(mine, theirs):
            why = f"the values of {here.attribute} and {there.attribute} do not overlap"
        else:
            continue
        yield problem(
            "keys-never-match",
            (*one.path, "on", local),
            f"these keys never match: {why}",
            local=local,
            remote=remote,
        )


def _local(context: Context, one: _Place, local: str) -> ColumnPlace | None:
    node = one.table.node
    owners = [node.id] if one.column else [*context.resolver.tables.parents(node.id), node.id]
    return next((place for owner in owners if (place := context.place(owner, local)) is not None), None)


def _comparable(mine: Facts, theirs: Facts) -> bool:
    kinds = ({"int", "float"}, {"datetime", "date"})
    return mine.type == theirs.type or any({mine.type, theirs.type} <= kind for kind in kinds)


def _apart(mine: Facts, theirs: Facts) -> bool:
    if mine.type not in _NUMBERS or None in (mine.low, mine.high, theirs.low, theirs.high):
        return False
    return mine.high < theirs.low or theirs.high < mine.low  # type: ignore[operator]  # none of them is None


# -- windows ----------------------------------------------------------------------------------------------


def _window(context: Context, one: _Place, window: EffectWindow) -> Iterable[Problem]:
    table, path = one.effect.effect_table, (*one.path, "window")
    start, end = context.place(table, window.start_col), context.place(table, window.end_col)
    if start is None or end is None or not start.readable or not end.readable:
        return
    wrong = False
    for key, place in (("start_col", start), ("end_col", end)):
        if place.column.type not in _TIMES:
            wrong = True
            yield problem(
                "not-a-time",
                (*path, key),
                f"{place.attribute} is of type {place.column.type}; a window begins and ends at a datetime or date",
                column=place.attribute,
            )
    if wrong:
        return
    starts, ends = _instants(start, closing=False), _instants(end, closing=True)
    if starts is not None and ends is not None and len(starts) == len(ends):
        yield from _listed_windows(context, one, starts, ends)
    else:
        yield from _drawn_windows(context, one, start, end)


def _instants(place: ColumnPlace, *, closing: bool) -> list[int | None] | None:
    """Return the instants of a column that lists them, row by row; a day as the end is the whole of it."""
    generator = place.column.generator
    if not isinstance(generator, EnumList) or place.column.modifiers:
        return None
    day = MICROSECONDS_A_DAY if place.column.type == "date" else 1
    later = day - 1 if closing and place.column.type == "date" else 0
    try:
        items = [literal(item, place.column.type) for item in generator.values]
    except ValueError:
        return None
    return [None if item is None else item * day + later for item in items]


def _listed_windows(
    context: Context, one: _Place, starts: list[int | None], ends: list[int | None]
) -> Iterable[Problem]:
    path, table = (*one.path, "window"), one.effect.effect_table
    pairs = list(zip(starts, ends, strict=True))
    turned = [
        row for row, (low, high) in enumerate(pairs) if low is not None and high is not None and high < low
    ]
    if turned:
        rows = ", ".join(str(row + 1) for row in turned[:5]) + (" …" if len(turned) > 5 else "")
        yield problem(
            "window-ends-before-start",
            path,
            f"{len(turned)} of {len(pairs)} windows of {table!r} end before they start (row {rows}): those never apply",
            rows=turned,
        )
        return
    reach = _reach(context, one)
    if reach is None:
        return
    outside = [
        row
        for row, (low, high) in enumerate(pairs)
        if (low is not None and low > reach[1]) or (high is not None and high < reach[0])
    ]
    if len(outside) == len(pairs):
        yield problem("effect-never-active", path, _never(table, reach), table=table)
    elif len(outside) * 2 > len(pairs):
        yield problem(
            "windows-mostly-empty",
            path,
            f"{len(outside)} of {len(pairs)} windows of {table!r} lie outside of {_span(reach)}, where the rows are",
            rows=outside,
        )


def _drawn_windows(context: Context, one: _Place, start: ColumnPlace, end: ColumnPlace) -> Iterable[Problem]:
    path, table = (*one.path, "window"), one.effect.effect_table
    opening, closing = _ends(context, start), _ends(context, end)
    if opening is None or closing is None:
        return
    if end.column.type == "date":
        closing = closing[0] + MICROSECONDS_A_DAY - 1, closing[1] + MICROSECONDS_A_DAY - 1
    share = _share_turned(opening, closing) if _is_free(start) and _is_free(end) else 0.0
    if closing[1] < opening[0] or share > 0.5:
        how_many = "all" if closing[1] < opening[0] else "most"
        yield problem(
            "window-ends-before-start",
            path,
            f"{how_many} windows of {table!r} end before they start: {start.attribute} lies in {_span(opening)}, "
            f"{end.attribute} in {_span(closing)}",
        )
        return
    reach = _reach(context, one)
    if reach is not None and (opening[0] > reach[1] or closing[1] < reach[0]):
        yield problem("effect-never-active", path, _never(table, reach), table=table)


def _is_free(place: ColumnPlace) -> bool:
    """Say whether a column is drawn by itself, so that its times lie all over its span."""
    return isinstance(place.column.generator, DatetimeSeries | Choice)


def _share_turned(opening: tuple[float, float], closing: tuple[float, float]) -> float:
    """Return the share of pairs, each drawn evenly from its span, of which the second lies before the first."""
    (a, b), (c, d) = opening, closing
    if b <= a or d <= c:
        return float(d < a)
    # P(end < start) = ∫ P(end < s) ds over the starts, in a few hundred steps: exact enough for "most".
    steps = 200
    below = ((min(max(a + (b - a) * (i + 0.5) / steps, c), d) - c) / (d - c) for i in range(steps))
    return sum(below) / steps


def _ends(context: Context, place: ColumnPlace) -> tuple[float, float] | None:
    facts = context.facts(place)
    if facts is None or facts.low is None or facts.high is None:
        return None
    unit = MICROSECONDS_A_DAY if place.column.type == "date" else 1
    return facts.low * unit, facts.high * unit


def _reach(context: Context, one: _Place) -> tuple[float, float] | None:
    """Return the span of the times at which the effect is asked for."""
    tables = context.resolver.tables
    table: str | None = one.table.node.id
    try:
        if one.column is not None and one.column.column.type in _TIMES:
            place: ColumnPlace | None = one.column
        else:
            if one.column is None:
                table = tables.first_parent(one.table.node.id)
            clock = tables.clock(table or "", one.effect.time_reference if one.column else None)
            line = [table or "", *tables.ancestors(table or "")]
            place = context.place(line[clock.up], clock.column) if clock.column is not None else None
    except NoTime:
        return None
    if place is None:
        return None
    reach = _ends(context, place)
    if reach is None:
        return None
    return reach[0], reach[1] + (MICROSECONDS_A_DAY - 1 if place.column.type == "date" else 0)


def _never(table: str, reach: tuple[float, float]) -> str:
    return f"no window of {table!r} holds in {_span(reach)}, where the rows are: the effect never applies"


def _span(ends: tuple[float, float]) -> str:
    return f"{moment(ends[0])[:10]} … {moment(ends[1])[:10]}"
