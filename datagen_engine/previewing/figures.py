"""What the plots of a column show, as plain figures: drawn from whole blocks that are spread over the table."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from datagen_engine.draw.casting import cast
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.stage import Source
from datagen_engine.draw.values import MICROSECONDS_A_DAY, Values
from datagen_engine.explanation.shown import shown
from datagen_engine.generators.choice import ChoiceSource
from datagen_engine.generators.datetime_series import TimeLaw
from datagen_engine.generators.distribution import DistributionSource
from datagen_engine.lazy import np, pc
from datagen_engine.planning.bent import BentSource
from datagen_engine.planning.copula import CopulaSource

if TYPE_CHECKING:
    from datagen_engine.draw.stage import Law
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.plan import Plan
    from datagen_engine.planning.slice import TableSlice

__all__ = ["MOST_ROWS", "Bars", "Figures", "Pair", "Timeline", "fanout_of", "figures_of", "pair_of", "spread"]

MOST_ROWS = 100_000
"""Rows that figures are made from at most."""

_BINS = 48
_FINE = 4
_MOST_WORDS = 24
_MOST_POINTS = 3_000
_TAIL = 0.002


@dataclass(frozen=True, slots=True)
class Bars:
    """Hold bars along an axis, as shares of the rows.

    `edges` are one more than the bars (numbers, or microseconds since 1970); or `labels` name them. `before`
    are the shares without the modifiers, `declared` those that the generator's own distribution gives,
    each None where there are none; `density` is the declared curve between the edges, as points.
    """

    shares: list[float]
    edges: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    before: list[float] | None = None
    declared: list[float] | None = None
    density: tuple[list[float], list[float]] | None = None
    other: float = 0.0
    """The share of the values that have no bar of their own."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Hold what changes over time: rows a bin, or of numbers their mean a bin; and a smooth line through it.

    `heat` are 7 × 24 shares of the rows, from Monday 0 h on; empty for dates.
    """

    edges: list[float]
    values: list[float | None]
    trend: list[float | None]
    what: Literal["rows", "mean"]
    heat: list[list[float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold what there is to show of a column.

    `rows` is the number of rows it is made from, `of` that of the table. `low` and `high` are the least and
    the greatest value as a person reads them, `mean`, `median` and `spread` (the standard deviation) are
    those of numbers. `distinct` counts the different values among the rows.
    """

    table: str
    column: str
    type: str
    kind: Literal["numbers", "times", "words", "fanout"]
    rows: int
    of: int
    nulls: int
    distinct: int
    bars: Bars | None
    low: str = ""
    high: str = ""
    mean: float | None = None
    median: float | None = None
    spread: float | None = None
    quartiles: tuple[float, float] | None = None
    timeline: Timeline | None = None
    modified: bool = False
    """Whether anything changes the values after the draw."""
    law: str = ""
    """What the declared distribution is called."""

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold two columns against each other: some points, and their correlation by ranks (Spearman)."""

    table: str
    columns: tuple[str, str]
    rows: int
    of: int
    x: list[float]
    y: list[float]
    kinds: tuple[str, str]
    correlation: float | None

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def spread(total: int, wanted: int) -> list[Rows]:
    """Return whole blocks, evenly spread over a table, that hold about as many rows as are wanted.

    >>> [(rows.start, rows.stop) for rows in spread(100_000, 16_384)]
    [(0, 8192), (49152, 57344)]
    >>> [(rows.start, rows.stop) for rows in spread(5, 16_384)]
    [(0, 5)]
    """
    blocks = -(-total // BLOCK)
    count = min(max(1, round(min(wanted, MOST_ROWS) / BLOCK)), blocks)
    found = [number * blocks // count for number in range(count)]
    return [Rows.run(block * BLOCK, min((block + 1) * BLOCK, total)) for block in found]


def figures_of(plan: Plan, table: str, column: str, rows: int) -> Figures:
    """Return the figures of a column."""
    target = plan.tables[table]
    total = target.rows
    slices = [plan.slice(table, part) for part in spread(total, rows)]
    bound = target.columns[column]
    if not slices:
        slices = [plan.slice(table, Rows.run(0, 0))]
    modified = bool(bound.stages) and not isinstance(bound.source, BentSource)
    after = Values.join([at.column(column) for at in slices])
    before = Values.join([cast(bound.source.draw(at), bound.type) for at in slices]) if modified else None
    known = after.mask()
    nulls = len(after) - int(known.sum())
    law, name = _law(bound.source)
    shape = plan.schema.by_id[table].by_name[column].generator
    title = getattr(getattr(shape, "shape", None), "title", "") or (shape.title if law is not None else "")
    common: dict[str, Any] = {
        "table": table,
        "column": column,
        "type": bound.type,
        "rows": len(after),
        "of": total,
        "nulls": nulls,
        "modified": modified,
    }
    if after.type in ("string", "bool"):
        bars, distinct = _word_bars(after, before, bound.source)
        return Figures(
            **common,
            kind="words",
            distinct=distinct,
            bars=bars,
            law="" if bars.declared is None else "choice",
        )
    data = after.instants().astype(np.float64) if after.is_time else after.numbers()
    data = data[known & np.isfinite(data)]
    distinct = len(np.unique(data))
    if not len(data):
        return Figures(**common, kind="times" if after.is_time else "numbers", distinct=0, bars=None)
    free = (
        None
        if before is None
        else (before.instants().astype(np.float64) if before.is_time else before.numbers())
    )
    discrete = name == "discrete" or (after.type in ("int", "date"))
    ends = np.quantile(data, (0.25, 0.75)).tolist()
    low, high = (
        int(np.argmin(np.where(known, _raw(after), np.inf))),
        int(np.argmax(np.where(known, _raw(after), -np.inf))),
    )
    shown_ends = [shown(after.slice(place, place + 1).to_list()[0]) for place in (low, high)]
    whole = name == "discrete"
    bars = _number_bars(data, free, law, slices[0], type=after.type, discrete=discrete, whole=whole)
    timeline = _rows_over_time(after) if after.is_time else _mean_over_time(plan, table, slices, after)
    times = after.is_time
    return Figures(
        **common,
        kind="times" if times else "numbers",
        distinct=distinct,
        bars=bars,
        low=shown_ends[0],
        high=shown_ends[1],
        mean=None if times else float(data.mean()),
        median=None if times else float(np.median(data)),
        spread=None if times else float(data.std()),
        quartiles=None if times else (float(ends[0]), float(ends[1])),
        timeline=timeline,
        law=title.lower() if bars.declared is not None else "",
    )


def _raw(values: Values) -> Array:
    return values.data.astype(np.float64)


# -- the generator's own distribution ---------------------------------------------------------------------


class _Clamped:
    """A distribution whose ends are clamped: what lies beyond them stands at them."""

    def __init__(self, law: Law, low: float, high: float) -> None:
        self.law, self.low, self.high = law, low, high

    def cdf(self, x: Array, at: TableSlice) -> Array:
        return np.where(x < self.low, 0.0, np.where(x >= self.high, 1.0, self.law.cdf(x, at)))


def _law(source: Source) -> tuple[Law | _Clamped | None, str]:
    """Return the distribution that a column is drawn from, and whether it is one of separate values."""
    if isinstance(source, BentSource):
        clamp = source.bend.clamp
        return (source.bend.law if clamp is None else _Clamped(source.bend.law, *clamp)), ""
    if isinstance(source, CopulaSource):
        return _law(source.source)
    if not source.has_law:
        return None, ""
    if isinstance(source, ChoiceSource):
        return (None if source.options.type in ("string", "bool") else source.law), "discrete"
    if isinstance(source, DistributionSource):
        clamped = _Clamped(source.law, source.low, source.high)
        return clamped, "discrete" if source.shape.integer or source.span is not None else ""
    return source.law, ""


def _cdf(law: Law | _Clamped, x: Array, at: TableSlice) -> Array | None:
    """Return the share at or below each x; None where every row has a distribution of its own."""
    if isinstance(law, TimeLaw):
        if law.ticks.steps:
            return None
        return law.cdf(np.clip(x, -(2.0**62), 2.0**62).astype(np.int64), at)
    return law.cdf(x, at)


# -- bars -------------------------------------------------------------------------------------------------


def _number_bars(
    data: Array,
    free: Array | None,
    law: Law | _Clamped | None,
    at: TableSlice,
    *,
    type: str,
    discrete: bool,
    whole: bool,
) -> Bars:
    low, high = (float(end) for end in np.quantile(data, (_TAIL, 1 - _TAIL)))
    least, most = float(data.min()), float(data.max())
    if most - least <= 1.6 * (high - low):
        low, high = least, most
    unit = MICROSECONDS_A_DAY if type == "date" else 1.0
    if discrete:
        low, high = math.floor(low / unit) * unit - unit / 2, math.ceil(high / unit) * unit + unit / 2
        wide = max(1.0, math.ceil((high - low) / unit / _BINS)) * unit
        edges = np.arange(low, high + wide / 2, wide)
        if len(edges) < 2:
            edges = np.array([low, low + wide])
    else:
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = np.linspace(low, high, _BINS + 1)
    counts, _ = np.histogram(data, edges)
    size = len(data)
    before = None
    if free is not None:
        known = free[np.isfinite(free)]
        before = (np.histogram(known, edges)[0] / max(len(known), 1)).tolist()
    declared, density = None, None
    ends = np.append(
        np.nextafter(edges[:-1], -np.inf), edges[-1]
    )  # a bar holds its lower edge, the last one both
    if law is not None and (below := _cdf(law, ends, at)) is not None:
        declared = np.diff(below).tolist()
        fine = np.linspace(edges[0], edges[-1], _FINE * (len(edges) - 1) + 1)
        free_law = (
            law.law if isinstance(law, _Clamped) else law
        )  # what a clamp piles up at its ends is no density
        if not whole and (finely := _cdf(free_law, fine, at)) is not None:
            curve = np.diff(finely) * _FINE
            density = (((fine[1:] + fine[:-1]) / 2).tolist(), curve.tolist())
    inside = float(counts.sum() / size)
    return Bars((counts / size).tolist(), edges.tolist(), [], before, declared, density, 1.0 - inside)


def _word_bars(after: Values, before: Values | None, source: Source) -> tuple[Bars, int]:
    counted = _counted(after)
    size = max(sum(counted.values()), 1)
    words = list(counted)[:_MOST_WORDS]
    shares = [counted[word] / size for word in words]
    free = None
    if before is not None:
        counted_before = _counted(before)
        size_before = max(sum(counted_before.values()), 1)
        free = [counted_before.get(word, 0) / size_before for word in words]
    declared = None
    inner = source.source if isinstance(source, CopulaSource) else source
    if isinstance(inner, ChoiceSource):
        weights = inner.choice.shares()
        of_word: dict[Any, float] = {}
        for word, weight in zip(inner.options.to_list(), (weights / weights.sum()).tolist(), strict=True):
            of_word[word] = of_word.get(word, 0.0) + weight
        declared = [of_word.get(word, 0.0) for word in words]
    labels = [shown(word) for word in words]
    return Bars(shares, [], labels, free, declared, None, 1.0 - sum(shares)), len(counted)


def _counted(values: Values) -> dict[Any, int]:
    array = values.text() if values.type == "string" else values.to_arrow()
    found = pc.value_counts(array.drop_null())
    pairs = zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: (-pair[1], str(pair[0]))))


# -- over time --------------------------------------------------------------------------------------------


def _rows_over_time(values: Values) -> Timeline | None:
    instants = values.instants()[values.mask()]
    edges = _time_edges(instants)
    if edges is None:
        return None
    counts, _ = np.histogram(instants, edges)
    shares = counts / max(len(instants), 1)
    covered = np.clip(np.minimum(edges[1:], instants.max()) - np.maximum(edges[:-1], instants.min()), 0, None)
    shares = np.where(covered >= 0.7 * np.diff(edges), shares, np.nan)
    heat: list[list[float]] = []
    if values.type == "datetime":
        hours = instants // 3_600_000_000
        cell = ((hours // 24 + 3) % 7) * 24 + hours % 24
        heat = (np.bincount(cell, minlength=168) / max(len(cell), 1)).reshape(7, 24).tolist()
    return Timeline(edges.tolist(), _listed(shares), _smooth(shares), "rows", heat)


def _mean_over_time(plan: Plan, table: str, slices: list[TableSlice], after: Values) -> Timeline | None:
    clock = plan.resolver.tables._clocks.get(table)
    if clock is None:
        return None
    time = Values.join([at.time(clock) for at in slices])
    data = after.numbers()
    known = time.mask() & np.isfinite(data)
    instants = time.instants()[known]
    edges = _time_edges(instants)
    if edges is None:
        return None
    place = np.clip(np.searchsorted(edges, instants, side="right") - 1, 0, len(edges) - 2)
    counts = np.bincount(place, minlength=len(edges) - 1)
    sums = np.bincount(place, data[known], minlength=len(edges) - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(counts > 0.25 * np.median(counts), sums / counts, np.nan)
    return Timeline(edges.tolist(), _listed(means), _smooth(means), "mean")


def _time_edges(instants: Array) -> Array | None:
    if len(instants) < 2 or instants.min() == instants.max():
        return None
    first, last = int(instants.min()), int(instants.max())
    days = (last - first) / MICROSECONDS_A_DAY
    # Whole weeks where there are many, so that a weekly pattern does not become a wave.
    unit = 7 * MICROSECONDS_A_DAY if days > 180 else MICROSECONDS_A_DAY if days > 4 else 3_600_000_000
    wide = max(1, math.ceil((last - first) / unit / 120)) * unit
    start = first // MICROSECONDS_A_DAY * MICROSECONDS_A_DAY
    return np.arange(start, last + wide, wide, dtype=np.float64)


def _smooth(values: Array) -> list[float | None]:
    """Return the line through a series: the mean of the neighbours within a tenth of it."""
    known = np.isfinite(values)
    if not known.any():
        return [None] * len(values)
    half = max(1, len(values) // 20)
    kernel = np.ones(2 * half + 1)
    weights = known.astype(np.float64)
    sums = np.convolve(np.where(known, values, 0.0) * weights, kernel, "same")
    with np.errstate(invalid="ignore", divide="ignore"):
        return _listed(sums / np.convolve(weights, kernel, "same"))


def _listed(values: Array) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values.tolist()]


# -- two columns, and children ----------------------------------------------------------------------------


def pair_of(plan: Plan, table: str, column: str, other: str, rows: int) -> Pair:
    """Return two columns against each other."""
    total = plan.tables[table].rows
    slices = [plan.slice(table, part) for part in spread(total, rows)] or [plan.slice(table, Rows.run(0, 0))]
    both = [Values.join([at.column(name) for at in slices]) for name in (column, other)]
    x, y = (_axis(values) for values in both)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    correlation = None
    if len(x) > 2 and x.min() < x.max() and y.min() < y.max():
        correlation = float(np.corrcoef(_ranks(x), _ranks(y))[0, 1])
    step = max(1, len(x) // _MOST_POINTS)
    kinds = ("times" if both[0].is_time else "numbers", "times" if both[1].is_time else "numbers")
    return Pair(
        table, (column, other), len(known), total, x[::step].tolist(), y[::step].tolist(), kinds, correlation
    )


def _axis(values: Values) -> Array:
    if values.type in ("string", "bool"):
        coded = values.encode() if values.type == "string" else values
        data = coded.data.astype(np.float64)
    else:
        data = values.instants().astype(np.float64) if values.is_time else values.numbers()
    return np.where(values.mask(), data, np.nan)


def _ranks(data: Array) -> Array:
    _, place, counts = np.unique(data, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2.0)[place]


def fanout_of(plan: Plan, table: str, rows: int) -> Figures | None:
    """Return how many children the parents of a table have; None of a table without parents."""
    children = plan.tables[table].children
    if children is None:
        return None
    total = plan.tables[children.parent].rows
    counts = np.concatenate(
        [children.counts(part) for part in spread(total, rows)] or [np.zeros(0, dtype=np.int64)]
    )
    if not len(counts):
        return Figures(table, "", "int", "fanout", 0, total, 0, 0, None)
    most = int(np.quantile(counts, 1 - _TAIL))
    wide = max(1, math.ceil((most + 1) / _BINS))
    edges = np.arange(0, most + wide + 1, wide) - 0.5
    shares = np.histogram(counts, edges)[0] / len(counts)
    bars = Bars(shares.tolist(), edges.tolist(), [], None, None, None, 1.0 - float(shares.sum()))
    fanout = children.fanout
    return Figures(
        table,
        "",
        "int",
        "fanout",
        len(counts),
        total,
        0,
        len(np.unique(counts)),
        bars,
        str(int(counts.min())),
        str(int(counts.max())),
        float(counts.mean()),
        float(np.median(counts)),
        float(counts.std()),
        modified=bool(children.effects),
        law="" if fanout is None else fanout.title.lower(),
    )
