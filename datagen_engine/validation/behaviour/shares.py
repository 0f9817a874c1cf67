"""Columns of few values: how often each occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.casting import cast
from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.shares import weights_of_kind
from datagen_engine.draw.stage import LimitStage, Slice, Stage
from datagen_engine.draw.values import Values
from datagen_engine.generators.choice import ChoiceSource, ReferenceSource
from datagen_engine.generators.distribution import DistributionSource
from datagen_engine.lazy import np
from datagen_engine.modifiers.add import AddStage
from datagen_engine.modifiers.map_values import MapStage
from datagen_engine.modifiers.multiply import MultiplyStage
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.table import ColumnPlan
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.figures import bars, strata
from datagen_engine.validation.behaviour.statistics import chi_square_p, merged
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import SHARE, Subject, percent
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["Options", "ShareShape", "options_of"]

_FEWEST_A_CELL = 10.0
_MOST_CELLS = 200
_MOST_SHOWN = 40
_MOST_NUMBERS = 100_000
_FIXED_STAGES = (MapStage, AddStage, MultiplyStage, LimitStage)


@dataclass(frozen=True, eq=False)
class Options:
    """Hold the values that can occur, each once, in their order, and their shares."""

    values: Values
    shares: Array
    nulls: float = 0.0
    """The share that is null."""

    def __post_init__(self) -> None:
        """Index the values."""
        object.__setattr__(self, "index", KeyIndex([self.values]))

    index: KeyIndex = None  # type: ignore[assignment]  # made after the others

    def places(self, values: Values) -> Array:
        """Return the place of each value among the options, −1 for another or a null.

        A floating number may differ in its last bits, as another order of calculation leaves them.
        """
        if self.values.type == "float":
            return self._nearest(values)
        if self.values.type != "string" and np.ptp(self.values.data.astype(np.int64)) < _MOST_NUMBERS:
            return self._listed(values)
        first = self.index.first_rows()
        return np.append(first, -1)[self.index.find([values])]

    def count(self, values: Values) -> tuple[Array, int]:
        """Return how often each option occurs, and how many values that are not null are none of them."""
        size = len(self.shares)
        if values.words is None:
            place = self.places(values)
            known = place if values.valid is None and place.min(initial=0) >= 0 else place[place >= 0]
            there = len(values) if values.valid is None else int(np.count_nonzero(values.valid))
            return np.bincount(known, minlength=size), there - len(known)
        # Of coded text each word is looked up once.
        codes = values.data if values.valid is None else values.data[values.valid]
        of_word = np.bincount(codes, minlength=len(values.words))
        place = self.places(Values.plain(values.words))
        known = np.flatnonzero(place >= 0)
        counts = np.bincount(place[known], of_word[known], minlength=size).astype(np.int64)
        return counts, len(codes) - int(counts.sum())

    def _listed(self, values: Values) -> Array:
        """Look whole numbers of a short span up in a list of the span."""
        data = self.values.data.astype(np.int64)
        first = int(data.min())
        of_number = np.full(int(data.max()) - first + 3, -1, dtype=np.int64)
        of_number[data - first + 1] = np.arange(len(data))
        place = of_number[np.clip(values.data.astype(np.int64) - first + 1, 0, len(of_number) - 1)]
        return place if values.valid is None else np.where(values.valid, place, -1)

    def _nearest(self, values: Values) -> Array:
        order = np.argsort(self.values.data)
        known = self.values.data[order]
        after = np.clip(np.searchsorted(known, values.data), 1, max(len(known) - 1, 1))
        before = np.maximum(after - 1, 0)
        after = np.minimum(after, len(known) - 1)
        place = np.where(values.data - known[before] <= known[after] - values.data, before, after)
        near = np.abs(known[place] - values.data) <= 1e-9 * np.abs(known[place]) + 1e-12
        return np.where(near & values.mask(), order[place], -1)

    def label(self, place: int) -> str:
        """Return what an option is called."""
        value = self.values.take(np.array([place])).to_list()[0]
        return str(value).lower() if isinstance(value, bool) else str(value)

    @property
    def mean(self) -> float | None:
        """Return the mean of options that are numbers."""
        if not self.values.is_number:
            return None
        return float((self.values.data * self.shares).sum())


def options_of(tables: DataTables, column: ColumnPlan) -> Callable[[], Options] | None:
    """Return what finds the options of a column that draws from few values, whatever the row; None for another."""
    source = column.source.source if isinstance(column.source, CopulaSource) else column.source
    if not all(isinstance(stage, _FIXED_STAGES) for stage in column.stages):
        return None
    if isinstance(source, ChoiceSource):
        choice = source
        return lambda: _collected(column, choice.options, choice.choice.shares())
    if isinstance(source, ReferenceSource) and not column.stages:
        reference = source
        return lambda: _referred(tables, reference, column)
    if isinstance(source, DistributionSource) and column.type == "bool" and not column.stages:
        law = source.shape
        return lambda: _truths(law.cdf, source.low, source.high)
    return None


def _collected(column: ColumnPlan, values: Values, shares: Array) -> Options:
    """Return options after their stages, those that become the same put together."""
    weights = np.asarray(shares, dtype=np.float64)
    at: Slice = None  # type: ignore[assignment]  # these stages ask nothing of the row
    stages: Sequence[Stage] = column.stages
    for stage in stages:
        values = stage.apply(values, at)
    values = cast(values, column.type)
    index = KeyIndex([values])
    there = np.flatnonzero(index.numbers >= 0)
    total = np.bincount(index.numbers[there], weights[there], minlength=index.count)
    first = index.first_rows()
    order = np.argsort(first)  # as they are given
    known = total.sum()
    if known <= 0:
        raise Unknown("every value is null")
    return Options(values.take(first[order]), total[order] / known, float(1.0 - known / weights.sum()))


def _referred(tables: DataTables, reference: ReferenceSource, column: ColumnPlan) -> Options:
    values = tables.whole(reference.table, reference.column)
    if not len(values):
        raise Unknown(f"{reference.table!r} has no rows to choose from")
    return _collected(column, values, weights_of_kind(reference.kind, len(values)))


def _truths(cdf: Callable[[Array], Array], low: float, high: float) -> Options:
    """Return the shares of false (0) and true (anything else) of a clamped distribution."""
    below, upto = cdf(np.array([np.nextafter(0.0, -1.0), 0.0])).tolist()
    zero = upto - below
    if low >= 0:
        zero = upto if low == 0 else 0.0
    if high <= 0:
        zero = 1.0 - below if high == 0 and low < 0 else float(high == 0)
    return Options(Values.of("bool", [False, True]), np.array([zero, 1.0 - zero]))


class ShareShape(Accumulator):
    """Judge how often each value of a column occurs."""

    def __init__(self, tables: DataTables, subject: Subject, find: Callable[[], Options]) -> None:
        """Judge the options that `find` finds."""
        super().__init__([subject], subject.columns)
        self.tables = tables
        self.find = find

    @property
    def options(self) -> Options:
        """Return the options."""
        return self.tables.memo(("options", self.subjects[0].table, self.columns), self.find)

    def add(self, at: RowView) -> None:
        """Count the options."""
        counts, strange = self.options.count(at.column(self.columns[0]))
        self.seen.add("counts", counts)
        self.seen.add("strange", np.array([strange]))

    @property
    def expected_mean(self) -> float | None:
        """Return the mean that the schema promises."""
        return self.options.mean

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict."""
        subject, options = self.subjects[0], self.options
        counts = self.sum("counts") if "counts" in self.seen.sums else np.zeros(len(options.shares))
        strange = int(self.sum("strange")[0])
        rows = int(counts.sum()) + strange
        if not rows:
            raise Unknown("there are no values")
        impossible = strange + int(counts[options.shares <= 0].sum())
        labels = [options.label(place) for place in range(min(len(counts), _MOST_SHOWN))]
        shown = len(labels)
        plot = bars(labels, options.shares[:shown], counts[:shown] / rows, "The share of each value")
        if impossible:
            yield subject.judged(
                f"{impossible:,} of {rows:,} rows hold a value that the schema never draws.",
                p=0.0,
                effect=impossible / rows,
                tolerance=SHARE,
                rows=rows,
                observed=impossible / rows,
                expected=0.0,
                allowed=0.0,
                plot=plot,
                impossible=impossible,
            )
            return
        if np.count_nonzero(options.shares) < 2:
            raise Unknown("there is only one value to draw")
        expected = rows * options.shares
        cell = merged(expected, _FEWEST_A_CELL, most=_MOST_CELLS)
        wanted, found = np.bincount(cell, expected), np.bincount(cell, counts)
        if len(wanted) < 2:
            raise Unknown(f"{rows:,} rows are too few to judge {len(expected)} shares")
        gaps = (found - wanted) / rows
        order = np.argsort(-np.abs(gaps))
        worst = int(order[0])
        names = [_name(options, cell, group) for group in range(len(wanted))]
        what = (
            f"{names[worst]} makes up {percent(found[worst] / rows)} of the rows, promised "
            f"{percent(wanted[worst] / rows)}; that is the farthest of {len(wanted)} shares."
        )
        yield subject.judged(
            what,
            p=chi_square_p(found, wanted),
            effect=abs(float(gaps[worst])),
            tolerance=SHARE,
            scale=float(wanted[worst]) / rows,
            rows=rows,
            observed=dict(zip(names[:_MOST_SHOWN], (found / rows).tolist(), strict=False)),
            expected=dict(zip(names[:_MOST_SHOWN], (wanted / rows).tolist(), strict=False)),
            plot=plot,
            details={"strata": strata(names, wanted / rows, found / rows, order)},
        )


def _name(options: Options, cell: Array, group: int) -> str:
    members = np.flatnonzero(cell == group)
    first = repr(options.label(int(members[0])))
    return first if len(members) == 1 else f"{first} with {len(members) - 1:,} more"
