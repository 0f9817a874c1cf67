"""How the modifiers of a date or time column shaped the chance of the tick that a row got."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from datagen_engine.draw.ticks import cell_of
from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.explanation.shown import number
from datagen_engine.explanation.sources import Said
from datagen_engine.explanation.stages import cell_name
from datagen_engine.explanation.windows import applying
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.lazy import np
from datagen_engine.modifiers.effect import Effect

if TYPE_CHECKING:
    from datagen_engine.draw.values import Values
    from datagen_engine.explanation.look import Look
    from datagen_engine.schema.path import Path

__all__ = ["chances_said"]

_WHEN = {"hour": "at", "dow": "on", "month": "in"}


def chances_said(look: Look, drawn: Values) -> Iterator[tuple[Said, Path]]:
    """Yield the words for each pattern and modifier that shaped the choice, with its place below the column."""
    if look.one(drawn) is None or not drawn.is_time:
        return
    instant = np.array([int(drawn.instants()[look.place])])
    generator = look.column.generator
    if isinstance(generator, DatetimeSeries):
        single = [("pattern",)] if generator.pattern else []
        ways: list[Path] = [*single, *(("patterns", i) for i in range(len(generator.patterns)))]
        for shape, way in zip(generator.shapes(), ways, strict=True):
            assert shape.cells is not None
            yield _cells(*shape.cells, instant), ("generator", generator.key, *way)
    sites = look.plan.resolver.modifier_sites(look.node, look.column)
    for place, (modifier, site) in enumerate(zip(look.column.modifiers, sites, strict=True)):
        found = modifier.shape_ticks(site) if modifier.bind(site) is None else None
        if found is None:
            continue
        way = ("modifiers", place)
        if found.cells is not None:
            yield _cells(*found.cells, instant), way
        elif found.days is not None:
            factor = float(found.days(instant // MICROSECONDS_A_DAY)[0])
            struck = "an ordinary day" if factor == 1.0 else f"× {number(factor)}, a struck day"
            yield (
                Said(modifier.title.lower(), struck, f"That day counts {number(factor)} × an ordinary one"),
                way,
            )
        elif isinstance(modifier, Effect):
            yield _effect(modifier, look, drawn), way


def _cells(dimension: str, weights: object, instant: np.ndarray) -> Said:
    cell = int(cell_of(instant, dimension)[0])
    values = np.asarray(weights, dtype=np.float64)
    relative = float(values[cell] / values.mean()) if values.mean() else 0.0
    name, unit = cell_name(dimension, cell), "weekday" if dimension == "dow" else dimension
    words = f"{name} is {number(relative)} × as likely as the average {unit}"
    return Said(f"chance by {unit}", f"× {number(relative)} {_WHEN[dimension]} {name}", words)


def _effect(effect: Effect, look: Look, drawn: Values) -> Said:
    site = look.plan.resolver.site(look.node, look.column)
    table = effect.table(site)
    rows = applying(table, look, [look.at.column(local) for local in effect.on], drawn)
    title = f"chance by {table.table}"
    if not rows:
        return Said(
            title, "none holds", f"No row of {table.table} held then, so the time was as likely as any"
        )
    besides = tuple(filter(None, (*table.keys, *(table.window or ()), table.field)))
    name = look.name_of(table.table, rows[0], besides)
    origin = look.elsewhere("effect", table.table, rows[0], table.field or "")
    sign = "×" if effect.map.op == "mul" else "+"
    words = (
        f"{sign} {origin.value or 1} as likely ({f'{name}, ' if name else ''}row {rows[0]} of {table.table})"
    )
    return Said(
        title, f"{origin.value} {name}".strip(), words, (origin, *(look.own(local) for local in effect.on))
    )
