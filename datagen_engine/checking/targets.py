"""Targets: what the weights and distributions of the schema imply, against what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.implied import (
    Implied,
    distinct_values,
    mean,
    occurrence,
    quantile,
    weekend_share,
)
from datagen_engine.checking.words import figure, share
from datagen_engine.draw.ticks import DIMENSIONS
from datagen_engine.schema.document import (
    CompositeEffect,
    CorrelationTarget,
    DistinctCount,
    MeanInRange,
    NullShare,
    OccurrenceRate,
    QuantileInRange,
    SeasonalityInfluence,
    Targets,
    WeekendShare,
)
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Fix, Problem

__all__ = ["check_targets"]

_TIMES = ("datetime", "date")
_NUMBERS = ("int", "float")
_LITTLE = 1e-9


def check_targets(context: Context) -> Iterable[Problem]:
    """Find targets that cannot be met, or cannot be judged."""
    for kind in Targets.kinds:
        found = getattr(context.schema.targets, kind)
        alone = not isinstance(_raw(context, ("targets", kind)), list)
        for number, target in enumerate(found):
            path: Path = ("targets", kind) if alone else ("targets", kind, number)
            yield from _judges[kind](context, target, path)


def _raw(context: Context, path: Path) -> Any:
    try:
        return context.fix.raw(path)
    except LookupError:
        return None


def _column(context: Context, table: str, column: str) -> ColumnPlace | None:
    place = context.place(table, column)
    return place if place is not None and place.readable and not place.placeholder else None


def _turned(context: Context, low: float | None, high: float | None, path: Path) -> Problem | None:
    if low is None or high is None or low <= high:
        return None
    return problem(
        "low-above-high",
        path,
        f"min ({figure(low)}) is above max ({figure(high)})",
        context.fix.put("Swap them", ((*path, "min"), high), ((*path, "max"), low)),
    )


def _outside(
    path: Path,
    implied: Implied | None,
    low: float | None,
    high: float | None,
    said: str,
    write: Callable[[float], str],
    fix: Fix | None = None,
) -> Iterable[Problem]:
    """Compare what is implied with what is asked for."""
    if implied is None:
        return
    tolerance = implied.about + _LITTLE * max(1.0, abs(implied.value))
    if low is not None and implied.value < low - tolerance:
        asked = f"at least {write(low)}"
    elif high is not None and implied.value > high + tolerance:
        asked = f"at most {write(high)}"
    else:
        return
    found = write(implied.value)
    if implied.about > abs(implied.value) / 10:
        found = f"between {write(implied.value - implied.about)} and {write(implied.value + implied.about)}"
    yield problem(
        "target-out-of-reach",
        path,
        f"{said.format(found)}; the target asks for {asked}",
        fix,
        implied=implied.value,
        min=low,
        max=high,
    )


# -- weekends ---------------------------------------------------------------------------------------------


def _weekend(context: Context, target: WeekendShare, path: Path) -> Iterable[Problem]:
    turned = _turned(context, target.min, target.max, path)
    if turned is not None:
        yield turned
        return
    place = _column(context, target.table, target.timestamp)
    if place is None:
        return
    if place.column.type not in _TIMES:
        yield problem(
            "not-a-time",
            (*path, "timestamp"),
            f"{place.attribute} is of type {place.column.type}; weekends are found in a datetime or date",
            column=place.attribute,
        )
        return
    implied = weekend_share(context, place)
    fix = None
    if implied is not None and not target.min <= implied.value <= target.max:
        fix = _scaled_weekend(context, place, implied.value, target.min, target.max)
    yield from _outside(
        path,
        implied,
        target.min,
        target.max,
        "Saturday and Sunday carry {} of the weight",
        share,
        fix,
    )


def _scaled_weekend(context: Context, place: ColumnPlace, now: float, low: float, high: float) -> Fix | None:
    """Scale the weights of Saturday and Sunday so that their share is just within the target."""
    inside = 0.05 * (high - low)
    wanted = low + inside if now < low else high - inside
    if not 0 < now < 1 or not 0 < wanted < 1:
        return None
    factor = wanted / (1 - wanted) * (1 - now) / now
    title = f"Scale the weights of Saturday and Sunday by {factor:.3g}"
    for path, weights in _weekday_weights(place):
        scaled = [*weights[:5], *(float(f"{weight * factor:.5g}") for weight in weights[5:])]
        return context.fix.put(title, (path, scaled))
    body = place.generator_path
    factor = float(f"{factor:.5g}")
    pattern = {"dimension": "dow", "weights": [1, 1, 1, 1, 1, factor, factor]}
    patterns = _raw(context, (*body, "patterns"))
    if isinstance(patterns, list):
        return context.fix.put(title, ((*body, "patterns", len(patterns)), pattern))
    return context.fix.put(title, ((*body, "patterns"), [pattern]))


def _weekday_weights(place: ColumnPlace) -> Iterable[tuple[Path, list[float]]]:
    """Yield the weights by weekday of a column of times, with their paths."""
    generator: Any = place.column.generator
    if generator.pattern is not None and generator.pattern.dimension == "dow":
        yield (*place.generator_path, "pattern", "weights"), generator.pattern.weights
    for number, pattern in enumerate(generator.patterns):
        if pattern.dimension == "dow":
            yield (*place.generator_path, "patterns", number, "weights"), pattern.weights
    for number, modifier in enumerate(place.column.modifiers):
        if getattr(modifier, "dimension", None) == "dow":
            yield (*place.modifier_path(number), "args", "weights"), modifier.weights  # type: ignore[attr-defined]  # what has a dimension has weights


# -- single columns -----------------------------------------------------------------------------------------


def _number(context: Context, target: MeanInRange, path: Path) -> ColumnPlace | Problem | None:
    """Return the column of a target of numbers, or what is wrong with it."""
    turned = _turned(context, target.min, target.max, path)
    place = _column(context, target.table, target.column)
    if turned is not None or place is None or place.column.type in (*_NUMBERS, "bool"):
        return turned or place
    return problem(
        "not-a-number",
        (*path, "column"),
        f"{place.attribute} is of type {place.column.type}; this target is one of numbers",
        column=place.attribute,
    )


def _mean(context: Context, target: MeanInRange, path: Path) -> Iterable[Problem]:
    place = _number(context, target, path)
    if isinstance(place, Problem):
        yield place
    elif place is not None:
        said = f"the mean of {place.attribute} comes out as {{}}"
        yield from _outside(path, mean(context, place), target.min, target.max, said, figure)


def _quantile(context: Context, target: QuantileInRange, path: Path) -> Iterable[Problem]:
    place = _number(context, target, path)
    if isinstance(place, Problem):
        yield place
    elif place is not None:
        said = f"the {share(target.q)} quantile of {place.attribute} comes out as {{}}"
        implied = quantile(context, place, target.q)
        yield from _outside(path, implied, target.min, target.max, said, figure)


def _distinct(context: Context, target: DistinctCount, path: Path) -> Iterable[Problem]:
    turned = _turned(context, target.min, target.max, path)
    place = _column(context, target.table, target.column)
    if turned is not None:
        yield turned
    elif place is not None:
        said = f"{place.attribute} has at most {{}} different values"
        yield from _outside(path, distinct_values(context, place), target.min, None, said, figure)


def _nulls(context: Context, target: NullShare, path: Path) -> Iterable[Problem]:
    turned = _turned(context, target.min, target.max, path)
    place = _column(context, target.table, target.column)
    if turned is not None:
        yield turned
        return
    drawn = context.drawn(place) if place is not None else None
    if place is None or drawn is None or (drawn.nullable and place.column.nullable):
        return
    rate = place.column.null_rate if place.column.nullable else 0.0
    about = 0.0 if rate in (0.0, 1.0) else 0.01
    said = f"{{}} of {place.attribute} are null"
    yield from _outside(path, Implied(rate, about), target.min, target.max, said, share)


def _occurrence(context: Context, target: OccurrenceRate, path: Path) -> Iterable[Problem]:
    turned = _turned(context, target.min, target.max, path)
    place = _column(context, target.table, target.column)
    if turned is not None:
        yield turned
    elif place is not None:
        said = f"{{}} of {place.attribute} are that value"
        implied = occurrence(context, place, target.value)
        yield from _outside(path, implied, target.min, target.max, said, share)


def _correlation(context: Context, target: CorrelationTarget, path: Path) -> Iterable[Problem]:
    turned = _turned(context, target.min, target.max, path)
    if turned is not None:
        yield turned
        return
    for number, name in enumerate(target.columns):
        place = _column(context, target.table, name)
        if place is not None and place.column.type in ("string",):
            yield problem(
                "not-a-number",
                (*path, "columns", number),
                f"{place.attribute} is text, which has no order to correlate by",
                column=place.attribute,
            )
    if (target.min is not None and target.min > 1) or (target.max is not None and target.max < -1):
        yield problem("target-out-of-reach", path, "a correlation lies between -1 and 1", implied=None)


# -- the composite --------------------------------------------------------------------------------------------


def _composite(context: Context, target: CompositeEffect, path: Path) -> Iterable[Problem]:
    for number, influence in enumerate(target.influences):
        if isinstance(influence, SeasonalityInfluence):
            wanted = DIMENSIONS[influence.dimension]
            if len(influence.weights) != wanted:
                yield problem(
                    "bad-weights",
                    (*path, "influences", number, "weights"),
                    f"the dimension {influence.dimension} has {wanted} weights; found {len(influence.weights)}",
                )
    if not target.influences:
        yield problem(
            "target-without-influences", (*path, "influences"), "nothing is named that the rows should follow"
        )
    if target.tolerance.mae is None and target.tolerance.mape is None:
        where = (*path, "tolerance")
        yield problem(
            "target-without-tolerance",
            where,
            "without `mae` or `mape` only the error of sampling is allowed for, which is strict",
            context.fix.put("Allow a mean error of 0.02", (where, {"mae": 0.02})),
        )
    table = context.table(target.table)
    if table is not None:
        yield from _has_time(context, target.table, path)


def _has_time(context: Context, table: str, path: Path) -> Iterable[Problem]:
    try:
        context.resolver.tables.clock(table)
    except ValueError:
        yield problem(
            "no-time",
            (*path, "table"),
            f"neither {table!r} nor its parents have a column of type datetime or date",
            table=table,
        )


_judges: dict[str, Callable[[Context, Any, Path], Iterable[Problem]]] = {
    "weekend_share": _weekend,
    "mean_in_range": _mean,
    "composite_effect": _composite,
    "quantile_in_range": _quantile,
    "distinct_count": _distinct,
    "null_share": _nulls,
    "correlation": _correlation,
    "occurrence_rate": _occurrence,
}
