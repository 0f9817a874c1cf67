"""Which row of another table each row reads: the picks, bound and ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.nodes import Node
from datagen_engine.draw.shares import weights_of_kind
from datagen_engine.draw.stage import Clock
from datagen_engine.draw.streams import Stream
from datagen_engine.generators.sequence import SequenceSource
from datagen_engine.lazy import np
from datagen_engine.resolve.picks import PickSpec

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Values
    from datagen_engine.planning.slice import TableSlice
    from datagen_engine.planning.weighting import PickWeighting

__all__ = ["Pick"]


class Pick:
    """Find the row that is picked for each row of a table."""

    def __init__(
        self,
        spec: PickSpec,
        stream: Stream,
        weighting: PickWeighting | None = None,
        clock: Clock | None = None,
        needs: Sequence[Node] = (),
    ) -> None:
        """Draw from `stream` where chance decides; in proportion to a weighting at the time that `clock` tells."""
        self.spec = spec
        self.stream = stream
        self.weighting = weighting
        self.clock = clock
        self.needs = tuple(needs)
        self.is_parent = spec.kind == "parent"

    def rows(self, at: TableSlice) -> Array:
        """Return the number of the picked row (int64) for each row, −1 where there is none."""
        size = at.row_count(self.spec.node.target)
        if self.spec.kind == "match":
            return self._matching(at)
        if self.spec.kind == "own":
            return self._another(at, size)
        if not size:
            return np.full(len(at.rows), -1, dtype=np.int64)
        if self.weighting is not None and self.clock is not None:
            weighted = self.weighting.rows(at)
            return weighted.pick(self.stream.uniform(at.rows), weighted.piece(at.time(self.clock)))
        if self.spec.weights_kind is None:
            return self.stream.below(size, at.rows)
        return self._weighted(at, size).ppf(self.stream.uniform(at.rows)).astype(np.int64)

    def _weighted(self, at: TableSlice, size: int) -> Guide:
        kind = self.spec.weights_kind or "uniform"
        return at.memo(("weights", kind, size), lambda: Guide(weights_of_kind(kind, size)))

    def _another(self, at: TableSlice, size: int) -> Array:
        """Return another row of the same table; with roots only an earlier one, so that there is no cycle."""
        own = at.rows.numbers()
        u = self.stream.uniform(at.rows)
        if self.spec.roots is not None:
            share = self.spec.roots
            # What is left of u once it has decided on the root is uniform again.
            rest = np.clip((u - share) / (1.0 - share), 0.0, np.nextafter(1.0, 0.0)) if share < 1 else u
            earlier = (rest * own).astype(np.int64)
            return np.where((u < share) | (own == 0), -1, earlier)
        if size < 2:
            return np.full(len(own), -1, dtype=np.int64)
        if self.spec.weights_kind is not None:
            found = self._weighted(at, size).ppf(u).astype(np.int64)
            return np.where(found == own, (found + 1) % size, found)
        found = (u * (size - 1)).astype(np.int64)
        return found + (found >= own)

    def _matching(self, at: TableSlice) -> Array:
        target = at.plan.tables[self.spec.node.target]
        local = [at.column(name) for name, _ in self.spec.keys]
        if len(self.spec.keys) == 1:
            column = target.columns[self.spec.keys[0][1]]
            if isinstance(column.source, SequenceSource) and not column.stages and local[0].type == "int":
                return _in_sequence(local[0], column.source, target.rows)

        def build() -> tuple[KeyIndex, Array]:
            index = KeyIndex([at.whole(target.id, remote) for _, remote in self.spec.keys])
            return index, np.append(index.first_rows(), -1)

        index, first = at.memo(("match", self.spec.node.target, tuple(r for _, r in self.spec.keys)), build)
        return first[index.find(local)]


def _in_sequence(values: Values, source: SequenceSource, rows: int) -> Array:
    """Return the row of a sequence that holds each value: arithmetic, nothing is kept."""
    if source.step == 0:
        return np.where((values.data == source.start) & values.mask() & (rows > 0), 0, -1)
    place, rest = np.divmod(values.data - source.start, source.step)
    return np.where((rest == 0) & (place >= 0) & (place < rows) & values.mask(), place, -1)
