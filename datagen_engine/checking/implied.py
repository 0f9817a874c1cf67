"""What follows from the schema for a column as a whole: means, shares, quantiles; nothing is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.draw.literals import json_text, literal
from datagen_engine.draw.stage import TickShape
from datagen_engine.draw.ticks import TickLaw, cell_of, stretch_count
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.generators.distribution import Distribution, quantiles, whole_span
from datagen_engine.lazy import np
from datagen_engine.modifiers.add import Add
from datagen_engine.modifiers.clamp import Clamp
from datagen_engine.modifiers.multiply import Multiply
from datagen_engine.schema.parts import Modifier

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Implied", "distinct_values", "mean", "occurrence", "quantile", "weekend_share"]

_STEPS = 20_000
"""Quantiles that a mean is taken of: exact to some four digits."""
_MOST_STRETCHES = 200_000
_EFFECTS_SHIFT = 0.03
"""How far windows of effects and outliers may move a share: below that nothing is said."""


@dataclass(frozen=True, slots=True)
class Implied:
    """Say what comes out, and by how much that may be off."""

    value: float
    about: float = 0.0


def weekend_share(context: Context, place: ColumnPlace) -> Implied | None:
    """Return the share of a column's ticks that fall on Saturday or Sunday, by their weights."""
    generator = place.column.generator
    if not isinstance(generator, DatetimeSeries):
        return None
    site = context.site(place)
    try:
        grid = generator.grid(site)
        shapes = [*generator.shapes(), *site.tick_shapes]
        fixed = [_EVEN_DAYS, *(shape for shape in shapes if shape.cells is not None)]
        if stretch_count(grid, fixed) > _MOST_STRETCHES:
            return None
        law = TickLaw(grid, fixed)
    except ValueError:
        return None  # no tick, or none with a weight: told by the generator
    assert law.guide is not None  # there is one as soon as days are told apart
    starts = grid.instants(np.minimum(law.edges[:-1], grid.count - 1))
    weights = np.diff(law.guide.cdf(np.arange(-1, len(starts))))
    share = float(weights[cell_of(starts, "dow") >= 5].sum())
    return Implied(share, 0.0 if len(fixed) == len(shapes) + 1 else _EFFECTS_SHIFT)


_EVEN_DAYS = TickShape(cells=("dow", (1.0,) * 7))


def mean(context: Context, place: ColumnPlace) -> Implied | None:
    """Return the mean of a column of numbers; where its modifiers hide it, its bounds may still tell."""
    values = _spread(context, place)
    if values is not None:
        average = float(np.mean(values))
        return Implied(average, 1e-3 * max(abs(average), float(np.std(values))))
    facts = context.facts(place)
    if facts is None or facts.low is None or facts.high is None:
        return None
    middle, reach = (facts.low + facts.high) / 2, (facts.high - facts.low) / 2
    return Implied(middle, reach)


def quantile(context: Context, place: ColumnPlace, q: float) -> Implied | None:
    """Return a quantile of a column of numbers."""
    values = _spread(context, place)
    if values is None:
        return None
    found = float(np.quantile(values, q))
    return Implied(found, 0.01 * max(abs(found), float(np.std(values))))


def occurrence(context: Context, place: ColumnPlace, item: Any) -> Implied | None:
    """Return the share of a value in a column that chooses among listed ones."""
    generator = place.column.generator
    known = context.facts(place)
    try:
        wanted = literal(item, "float" if place.column.type == "int" else place.column.type)
    except ValueError:
        return Implied(0.0)
    if known is not None and known.values is not None and wanted is not None and wanted not in known.values:
        return Implied(0.0)
    if not isinstance(generator, Choice) or generator.choices is None or place.column.modifiers:
        return None
    if place.column.null_rate > 0 or place.key in context.resolver.ranges:
        return None
    weights = generator.shares()
    same = np.array([json_text(one) == json_text(item) for one in generator.choices])
    return Implied(float(weights[same].sum() / weights.sum()), 0.01)


def distinct_values(context: Context, place: ColumnPlace) -> Implied | None:
    """Return the most different values that a column can have."""
    rows = context.rows(place.table.node.id)
    known = context.facts(place)
    size = float("inf")
    if known is not None and known.values is not None:
        size = len(known.values)
    elif known is not None and known.type == "int" and known.low is not None and known.high is not None:
        size = known.high - known.low + 1
    fixed = context.resolver.tables.base_rows(place.table.node.id) is not None
    return Implied(min(size, rows), 0.0 if fixed or size <= rows / 2 else 0.05 * rows)


# -- the values of a column, by its quantiles -----------------------------------------------------------------


def _spread(context: Context, place: ColumnPlace) -> Array | None:
    """Return evenly spaced quantiles of a column's finished numbers, None where they cannot be told."""
    column = place.column
    if place.table.node.id in context.resolver.tables.behaving:
        return None
    values = _drawn(context, place)
    if values is None:
        return None
    for modifier in column.modifiers:
        values = _changed(values, modifier)
        if values is None:
            return None
    ends = context.resolver.ranges.get(place.key)
    if ends is not None:
        values = np.clip(values, *ends)
    return np.rint(values) if column.type == "int" else values


def _drawn(context: Context, place: ColumnPlace) -> Array | None:
    generator = place.column.generator
    u = (np.arange(_STEPS) + 0.5) / _STEPS
    if isinstance(generator, Distribution):
        span = whole_span(generator.shape) if place.column.type == "int" else None
        if span is not None:
            return np.clip(np.floor(u * span[1]) + span[0], generator.clamp[0], generator.clamp[1])
        return quantiles(generator.shape, generator.clamp, u)
    if isinstance(generator, Choice) and generator.choices is not None and not context.site(place).maps:
        try:
            items = [literal(item, "float") for item in generator.choices]
        except ValueError:
            return None
        if None in items:
            return None
        order = np.argsort(items, kind="stable")
        weights = np.cumsum(generator.shares()[order])
        return np.asarray(items)[order][np.searchsorted(weights / weights[-1], u).clip(0, len(items) - 1)]
    return None


def _changed(values: Array, modifier: Modifier) -> Array | None:
    match modifier:
        case Multiply():
            return values * modifier.by
        case Add():
            return values + modifier.value
        case Clamp(min=None, max=None):
            return values
        case Clamp():
            return np.clip(values, modifier.min, modifier.max)
    return None
