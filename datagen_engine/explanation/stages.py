"""What a modifier, a behaviour or a limit did to one value, in plain words; one from elsewhere is told by its title."""

from __future__ import annotations

from functools import singledispatch

from datagen_engine.draw.stage import Clock, LimitStage, LinearStage, Stage
from datagen_engine.draw.ticks import cell_of
from datagen_engine.draw.values import Values
from datagen_engine.explanation.look import Look
from datagen_engine.explanation.shown import number, shown, signed_time
from datagen_engine.explanation.sources import Said, formula
from datagen_engine.explanation.trace import Origin
from datagen_engine.explanation.windows import applying
from datagen_engine.lazy import np
from datagen_engine.modifiers.effect import EffectStage
from datagen_engine.modifiers.expression import VALUE, ExpressionStage
from datagen_engine.modifiers.jitter import JitterStage
from datagen_engine.modifiers.map_values import MapStage
from datagen_engine.modifiers.outliers import OutliersStage
from datagen_engine.modifiers.seasonality import SeasonalityStage
from datagen_engine.modifiers.time_jitter import TimeJitterStage
from datagen_engine.modifiers.trend import TrendStage
from datagen_engine.planning.behaviors import AgeFactor, ValueStage
from datagen_engine.planning.ranges import RangeStage
from datagen_engine.planning.table import CastStage, NullStage

__all__ = ["cell_name", "stage_said"]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_YEAR = 365.25 * 86_400_000_000


def stage_said(stage: Stage, look: Look, before: Values, after: Values) -> Said:
    """Return the words for what a stage did to the row's value."""
    return _said(stage, look, look.one(before), look.one(after))


def cell_name(dimension: str, cell: int) -> str:
    """Return what an hour, a weekday or a month is called.

    >>> cell_name("dow", 5), cell_name("hour", 7), cell_name("month", 10)
    ('Saturday', '07 h', 'November')
    """
    return {"dow": _DAYS, "month": _MONTHS}[dimension][cell] if dimension != "hour" else f"{cell:02d} h"


@singledispatch
def _said(stage: Stage, look: Look, before: object, after: object) -> Said:
    title = stage.title or type(stage).__name__
    return Said(title, shown(after), f"{title}: {shown(before)} becomes {shown(after)}")


def _terms(stage: LinearStage, look: Look) -> tuple[float | None, float | None]:
    factor, shift = stage.terms(look.at)
    return None if factor is None else look.number(factor), None if shift is None else look.number(shift)


def _by(factor: float | None, shift: float | None) -> str:
    parts = [f"× {number(factor)}"] if factor is not None else []
    if shift is not None:
        parts.append(f"{'+' if shift >= 0 else '−'} {number(abs(shift))}")
    return " ".join(parts) or "unchanged"


@_said.register
def _linear(stage: LinearStage, look: Look, before: object, after: object) -> Said:
    factor, shift = _terms(stage, look)
    by = _by(factor, shift)
    title = "multiply" if shift is None else "add" if factor is None else stage.title
    return Said(title, by, f"{shown(before)} {by} = {shown(after)}")


@_said.register
def _jitter(stage: JitterStage, look: Look, before: object, after: object) -> Said:
    factor, shift = _terms(stage, look)
    if factor is not None:
        by = f"{'+' if factor >= 1 else '−'}{abs(factor - 1):.1%}".replace("%", " %")
        spread = f"{stage.std:.3g} of the value"
    else:
        by, spread = _by(None, shift), number(stage.std)
    return Said("jitter", by, f"Normal noise of {spread} drew {by}: {shown(before)} becomes {shown(after)}")


@_said.register
def _seasonality(stage: SeasonalityStage, look: Look, before: object, after: object) -> Said:
    factor, _ = _terms(stage, look)
    time = look.at.time(stage.clock)
    if look.one(time) is None:
        return Said(f"× {_unit(stage)}", "no time", "The row has no time, so it counts 1")
    cell = int(cell_of(time.instants(), stage.dimension)[look.place])
    name = cell_name(stage.dimension, cell)
    words = f"The weight of {name} is {number(factor or 0.0)}: {shown(before)} becomes {shown(after)}"
    return Said(
        f"× {_unit(stage)}",
        f"{number(factor or 0.0)} {name}",
        words,
        _time_origin(stage.clock, look),
        ("weights", cell),
    )


def _unit(stage: SeasonalityStage) -> str:
    return "weekday" if stage.dimension == "dow" else stage.dimension


@_said.register
def _trend(stage: TrendStage, look: Look, before: object, after: object) -> Said:
    factor, _ = _terms(stage, look)
    time = look.at.time(stage.clock)
    if look.one(time) is None:
        return Said("× trend", "no time", "The row has no time, so it counts 1")
    years = (float(time.instants()[look.place]) - stage.start) / _YEAR
    words = f"{years:.2f} years after the start the trend stands at × {number(factor or 0.0)}"
    return Said("× trend", number(factor or 0.0), words, _time_origin(stage.clock, look))


@_said.register
def _effect(stage: EffectStage, look: Look, before: object, after: object) -> Said:
    factor, shift = _terms(stage, look)
    by = _by(factor, shift)
    time = look.at.time(stage.clock) if stage.clock else None
    keys = [look.at.column(local) for local in stage.locals]
    rows = applying(stage.table, look, keys, time)
    own = (
        *(look.own(local) for local in stage.locals),
        *(_time_origin(stage.clock, look) if stage.clock else ()),
    )
    title = f"{'×' if stage.multiplies else '+'} {stage.table.table}"
    figure = number(factor if factor is not None else shift or 0.0)
    if not rows:
        words = f"No row of {stage.table.table} holds then, so it counts {figure}"
        return Said(title, "none holds", words, own)
    besides = tuple(filter(None, (*stage.table.keys, *(stage.table.window or ()), stage.table.field)))
    name = look.name_of(stage.table.table, rows[0], besides)
    origins = tuple(
        look.elsewhere("effect", stage.table.table, row, stage.table.field or "") for row in rows[:8]
    )
    which = (
        f"row {rows[0]} of {stage.table.table}"
        if len(rows) == 1 or stage.table.combine == "first"
        else (f"the {stage.table.combine} of {len(rows)} rows of {stage.table.table}")
    )
    words = f"{by} ({name}, {which})" if name else f"{by} ({which})"
    shown_origins = origins[:1] if stage.table.combine == "first" else origins
    return Said(title, f"{figure} {name}".strip(), words, (*shown_origins, *own))


@_said.register
def _outliers(stage: OutliersStage, look: Look, before: object, after: object) -> Said:
    factor, _ = _terms(stage, look)
    chance = f"{100 * stage.outliers.rate:.3g} % of the rows are struck"
    if factor is None or factor == 1.0:
        return Said(stage.title, "not struck", f"Not struck: {chance}")
    return Said(stage.title, f"× {number(factor)}", f"Struck, as {chance}: × {number(factor)}")


@_said.register
def _behaviour(stage: ValueStage, look: Look, before: object, after: object) -> Said:
    factor, _ = _terms(stage, look)
    figure = number(1.0 if factor is None else factor)
    parent = stage.title.rpartition(" of ")[2]
    value = shown(look.one(stage.read(look.at, stage.factor.column)))
    row = _row_of(parent, look)
    origins = () if row is None else (look.elsewhere("parent", parent, row, stage.factor.column),)
    if isinstance(stage.factor, AgeFactor):
        return Said(
            f"× age of {parent}",
            figure,
            f"The {parent} was created {value}, whose age counts × {figure}",
            origins,
        )
    return Said(
        f"× segment of {parent}",
        f"{figure} {value}",
        f"The {parent} is {value}, which counts × {figure}",
        origins,
    )


def _row_of(parent: str, look: Look) -> int | None:
    if look.plan.resolver.tables.first_parent(look.node.id) == parent:
        found = look.parent_row()
    else:
        found = look.picked_row(look.plan.resolver.picks.other_parent(look.node.id, parent).node)
    return None if found is None else found[1]


@_said.register
def _limit(stage: LimitStage, look: Look, before: object, after: object) -> Said:
    name = "range" if isinstance(stage, RangeStage) else "clamp"
    ends = [_end(stage, end) for end in (stage.low, stage.high)]
    title = f"{name} {ends[0]} … {ends[1]}".replace("  ", " ")
    whole = isinstance(stage, RangeStage) and stage.type == "int" and isinstance(before, float)
    if whole and shown(before) != shown(after) and isinstance(after, float) and abs(after - before) <= 0.5:  # type: ignore[operator]  # seen to be a float
        return Said(
            title,
            f"rounded to {shown(after)}",
            f"{shown(before)} is rounded to {shown(after)}, which lies within",
        )
    return limited(title, before, after)


def limited(title: str, before: object, after: object) -> Said:
    """Return the words for a value that was held between two ends."""
    if before is None or after is None or shown(before) == shown(after):
        return Said(title, "unchanged", f"{shown(after)} lies within")
    raised = after > before if type(after) is type(before) or isinstance(after, float) else None  # type: ignore[operator]  # two numbers, or two times
    verb = "raised to" if raised else "cut to"
    return Said(title, f"{verb} {shown(after)}", f"{shown(before)} lies outside: {verb} {shown(after)}")


def _end(stage: LimitStage, end: float | None) -> str:
    if end is None:
        return ""
    if isinstance(stage, RangeStage) and stage.type in ("datetime", "date"):
        return shown(Values(stage.type, np.array([end], dtype=np.int64)).to_list()[0])
    return number(float(end))


@_said.register
def _map(stage: MapStage, look: Look, before: object, after: object) -> Said:
    if shown(before) == shown(after):
        return Said("map", "not mapped", f"{shown(before)} is not among those that are mapped, and stays")
    return Said("map", shown(after), f"{shown(before)} becomes {shown(after)}")


@_said.register
def _time_jitter(stage: TimeJitterStage, look: Look, before: object, after: object) -> Said:
    noise = signed_time(float(stage.noise(look.at)[look.place]))
    spread = signed_time(stage.microseconds)[1:]
    words = f"Normal noise of {spread} drew {noise}: {shown(before)} becomes {shown(after)}"
    return Said("time jitter", noise, words)


@_said.register
def _expression(stage: ExpressionStage, look: Look, before: object, after: object) -> Said:
    words, origins = formula(stage.parsed.code, look, lambda name: name == VALUE)
    return Said(
        "formula", shown(after), f"{words} with value = {shown(before)} gives {shown(after)}", origins
    )


@_said.register
def _cast(stage: CastStage, look: Look, before: object, after: object) -> Said:
    if after is None and before is not None:
        return Said("type", "null", f"{shown(before)} is no {stage.type}, so it is null")
    if shown(before) == shown(after):
        return Said("type", "unchanged", f"{shown(after)} is of type {stage.type} already")
    verb = "rounded" if stage.type == "int" else "written"
    return Said(f"as {stage.type}", shown(after), f"{shown(before)}, {verb} as {stage.type}: {shown(after)}")


@_said.register
def _null(stage: NullStage, look: Look, before: object, after: object) -> Said:
    share = f"{100 * stage.rate:.3g} % of the rows are null"
    if after is None and before is not None:
        return Said("nulls", "made null", f"{share}, and this is one of them")
    return Said("nulls", "kept", f"{share}; this is not one of them")


def _time_origin(clock: Clock, look: Look) -> tuple[Origin, ...]:
    if clock.column is None:
        return ()
    if clock.up == 0:
        return (look.own(clock.column),)
    above = look.parent_row(clock.up)
    return () if above is None else (look.elsewhere("parent", *above, clock.column),)
