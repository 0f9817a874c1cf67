"""Funnels: a row for each stage that a parent reaches, and the waits between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.named import NamedNumbers
from datagen_engine.draw.nodes import CountNode, Node
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Clock, Source
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np, pa
from datagen_engine.schema.document import StageConfig

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.counts import Children
    from datagen_engine.planning.slice import TableSlice

__all__ = ["StageCounts", "StageSource", "StageTimeSource"]

STAGE_NAME, STAGE_INDEX = "stage_name", "stage_index"
_HOUR = 3_600_000_000.0


class StageCounts:
    """Draw how many stages each parent reaches.

    Stage i is reached where one uniform number lies below the product of the chances up to it, so the
    chances of the stages are those declared, and a stage is never skipped.
    """

    def __init__(self, config: StageConfig, segment: str | None) -> None:
        """Take the chances of a funnel; `segment` is the parent's column that varies them."""
        self.rates = [stage.transition_rate for stage in config.stages[1:]]
        self.segment = segment
        variation = {name: one.transition_multiplier for name, one in config.segment_variation.items()}
        self.multipliers = NamedNumbers(variation, 1.0) if variation and segment else None

    def counts(self, u: Array, parents: TableSlice) -> Array:
        """Return the number of stages (int64, at least 1) of each parent."""
        factor: Array | float = 1.0
        if self.multipliers is not None and self.segment is not None:
            factor = self.multipliers.of(parents.column(self.segment))
        chance = np.ones(len(u))
        reached = np.ones(len(u), dtype=np.int64)
        for rate in self.rates:
            chance = chance * np.minimum(1.0, rate * factor)
            reached += u < chance
        return reached


class StageSource(Source):
    """Tell each row's stage, by name or by number from 0."""

    def __init__(self, children: Children, names: Sequence[str], column: str, type: ColumnType) -> None:
        """Tell the stage of the rows of `children`."""
        self.children = children
        self.names = tuple(names)
        self.by_name = column == STAGE_NAME
        self.type: ColumnType = type
        self.needs: tuple[Node, ...] = (CountNode(children.table),)

    def draw(self, at: TableSlice) -> Values:  # type: ignore[override]  # the plan's own source sees the plan's slice
        """Return the stage of each row."""
        index = self.children.numbers_within(at.rows)
        if self.by_name:
            return Values.coded(index, pa.array(self.names, pa.string()))
        return Values("int", index)


class StageTimeSource(Source):
    """Tell when each stage is entered: the first at the parent's time, each later one a wait after the one before."""

    def __init__(
        self,
        children: Children,
        stages: int,
        hours: float,
        clock: Clock,
        stream: Stream,
        needs: Sequence[Node],
    ) -> None:
        """Wait `hours` on average; `clock` tells the parent's time, as seen from the child."""
        self.children = children
        self.stages = stages
        self.mean = hours * _HOUR
        self.clock = clock
        self.stream = stream
        self.needs = (CountNode(children.table), *needs)

    def draw(self, at: TableSlice) -> Values:  # type: ignore[override]  # the plan's own source sees the plan's slice
        """Return the time of each row."""
        index = self.children.numbers_within(at.rows)
        numbers = at.rows.numbers()
        waited = np.zeros(len(index))
        for back in range(self.stages - 1):
            still = np.flatnonzero(index > back)
            if not len(still):
                break
            # The wait into a stage belongs to the row of that stage: the one `back` rows before.
            u = self.stream.uniform(Rows.listed(numbers[still] - back))
            waited[still] += -np.log1p(-u) * self.mean
        start = at.time(self.clock)
        return Values("datetime", start.instants() + np.rint(waited).astype(np.int64), start.valid)
