"""The waits between the stages of a funnel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.lazy import np
from datagen_engine.planning.stages import StageTimeSource
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.figures import part_of
from datagen_engine.validation.behaviour.numbers import BINS
from datagen_engine.validation.behaviour.statistics import kolmogorov
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import DISTANCE, Subject, percent, spoken
from datagen_engine.validation.record import CheckRecord, Plot

if TYPE_CHECKING:
    from datagen_engine.draw.nodes import PickNode
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["StageWaits"]

_ROWS = 300_000
_FEWEST = 8
_HOUR = 3_600_000_000.0


class StageWaits(Accumulator):
    """Judge the times of a funnel: the first stage at the parent's time, then exponential waits.

    The stages of a parent are those of its rows in the order of their times, so the rows may stand anywhere;
    of a large table the rows of some parents are kept.
    """

    def __init__(
        self,
        tables: DataTables,
        source: StageTimeSource,
        pick: PickNode,
        subject: Subject,
        columns: Sequence[str],
    ) -> None:
        """Judge the column of `subject`, which `source` draws."""
        key = tables.key_column(pick)
        super().__init__([subject], [*columns, *([key[0]] if key is not None else [])])
        self.source = source
        self.pick = pick
        self.share = min(1.0, _ROWS / max(tables.rows(subject.table), 1))

    def add(self, at: RowView) -> None:
        """Keep the times of some parents' rows."""
        parents = at.picked_rows(self.pick)
        used = parents >= 0
        if self.share < 1:
            chosen = (
                Stream(0, at.table, "", "waits").uniform(Rows.listed(np.maximum(parents, 0))) < self.share
            )
            used = used & chosen
        used = used & at.column(self.subjects[0].columns[0]).mask()
        at = at.take(np.flatnonzero(used))
        begun = at.time(self.source.clock)
        self.keep("parent", parents[used])
        self.keep("time", at.column(self.subjects[0].columns[0]).instants())
        self.keep("begun", np.where(begun.mask(), begun.instants(), np.iinfo(np.int64).min))

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict."""
        parent, time, begun = self.kept("parent"), self.kept("time"), self.kept("begun")
        order = np.lexsort((time, parent))
        parent, time, begun = parent[order], time[order], begun[order]
        if len(parent) < _FEWEST:
            raise Unknown(f"{len(parent)} rows are too few to judge")
        first = np.concatenate(([True], parent[1:] != parent[:-1]))
        late = int((first & (time != begun) & (begun > np.iinfo(np.int64).min)).sum())
        waits = np.diff(time)[~first[1:]] / self.source.mean
        if len(waits) < _FEWEST:
            raise Unknown(f"{len(waits)} waits are too few to judge")
        place = -np.expm1(-waits)
        counts = np.bincount(np.minimum((place * BINS).astype(np.int64), BINS - 1), minlength=BINS)
        distance, p = kolmogorov(counts)
        hours = self.source.mean / _HOUR
        what = (
            f"{late:,} rows are in the first stage at another time than their parent's."
            if late
            else f"A stage is entered {spoken(float(waits.mean()) * hours)} hours after the one before on average, "
            f"promised {spoken(hours)}; {percent(distance)} of the waits lie elsewhere than promised."
        )
        grid = np.linspace(0.0, 1.0, 65)[1:-1]
        plot = Plot(
            "lines",
            tuple((-np.log1p(-grid) * hours).tolist()),
            tuple(grid.tolist()),
            tuple(part_of(counts, grid).tolist()),
            "The share of waits up to a number of hours, promised and found.",
            "hours",
        )
        yield self.subjects[0].judged(
            what,
            p=p,
            effect=max(distance, late / len(parent)),
            tolerance=DISTANCE,
            rows=len(parent),
            impossible=late,
            observed={"distance": distance, "hours": float(waits.mean()) * hours},
            expected={"distance": 0.0, "hours": hours},
            allowed={"distance": DISTANCE},
            plot=plot,
        )
