"""How many children each row of a parent gets, and whose child each row is."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from datagen_engine.draw.nodes import Node
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.stage import Clock
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np
from datagen_engine.modifiers.effect import EffectTable
from datagen_engine.planning.behaviors import Factor
from datagen_engine.planning.size import MOST_ROWS, refuse_rows
from datagen_engine.planning.slice import TableSlice
from datagen_engine.planning.stages import StageCounts
from datagen_engine.planning.weighting import PickWeighting
from datagen_engine.schema.parts import Fanout

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.plan import Plan

__all__ = ["Children", "CountBehavior", "CountEffect", "CountMean", "CountPart", "Counted"]

_BATCH = 16
_CACHED_BLOCKS = 256
_MOST_KEPT = 4 * 1024 * 1024
"""Bytes of counts that are kept when they are first drawn; those beyond are drawn again when asked for."""


@dataclass(frozen=True)
class CountEffect:
    """An effect on the number of children, by columns and time of the parent."""

    table: EffectTable
    keys: tuple[str, ...]
    clock: Clock | None
    multiplies: bool
    needs: tuple[Node, ...] = ()

    def at(self, parents: TableSlice) -> Array:
        """Return the effect at each parent's row."""
        time = parents.time(self.clock) if self.clock else None
        keys = [parents.column(key) for key in self.keys]
        return self.table.index(parents).at(keys, time, len(parents.rows))


@dataclass(frozen=True)
class CountBehavior:
    """A segment or an age of the parent, which multiplies the number of its children."""

    factor: Factor
    end: int
    """When the age counts: the timeframe's end."""
    needs: tuple[Node, ...] = ()
    multiplies: ClassVar[bool] = True

    def at(self, parents: TableSlice) -> Array:
        """Return the multiplier at each parent's row."""
        time = Values("datetime", np.full(len(parents.rows), self.end, dtype=np.int64))
        return self.factor.of(parents, lambda at, column: at.column(column), time)


@dataclass(frozen=True)
class CountMean:
    """What hangs on the rows of another table: its mean over that table, at the parent's time."""

    weighting: PickWeighting
    clock: Clock
    needs: tuple[Node, ...] = ()
    multiplies: ClassVar[bool] = True

    def at(self, parents: TableSlice) -> Array:
        """Return the mean at each parent's time."""
        weighted = self.weighting.rows(parents)
        return weighted.mean[weighted.piece(parents.time(self.clock))]


CountPart = CountEffect | CountBehavior | CountMean


class Counted:
    """Hold the children before each block of parents, as far as they have been counted.

    While they are few it holds those of each parent, too.
    """

    def __init__(self) -> None:
        """Begin with no parent counted."""
        self.lock = threading.RLock()
        self.before: Array = np.zeros(1, dtype=np.int64)
        self.parents = 0
        self.whole = False
        """Whether there is no parent beyond those that are counted."""
        self._blocks: list[Array] = []
        self._bytes = 0

    @classmethod
    def of(cls, before: Array, parents: int) -> Counted:
        """Hold what is known of all parents."""
        counted = cls()
        counted.before, counted.parents, counted.whole = before, parents, True
        return counted

    @property
    def rows(self) -> int:
        """Return the children of the parents that are counted."""
        return int(self.before[-1])

    def add(self, counts: Array, parents: int, *, whole: bool) -> None:
        """Add the children of the parents of some more blocks; `parents` are counted now."""
        starts = np.arange(0, len(counts), BLOCK)
        totals = np.add.reduceat(counts, starts) if len(counts) else counts
        if self._bytes < _MOST_KEPT and len(self._blocks) * BLOCK == self.parents:
            small = counts.astype(np.min_scalar_type(int(counts.max(initial=0))))
            self._blocks += [small[start : start + BLOCK] for start in starts.tolist()]
            self._bytes += small.nbytes
        self.before = np.concatenate((self.before, self.before[-1] + np.cumsum(totals)))
        self.parents = parents
        self.whole = whole

    def kept(self, start: int, stop: int) -> Array | None:
        """Return the children (int64) of a run of parents, None where they are not kept."""
        first, last = start // BLOCK, -(-stop // BLOCK)
        blocks = self._blocks[first:last]
        if not blocks or len(blocks) < last - first:
            return None
        counts = np.concatenate(blocks, dtype=np.int64)
        return counts[start - first * BLOCK : stop - first * BLOCK]


class Children:
    """Know a fact's rows by their parents.

    One total is kept for each block of parents; the counts within a block are drawn again when its children
    are asked for, unless they are few enough to be kept, too.
    """

    def __init__(
        self,
        plan: Plan,
        table: str,
        parent: str,
        fanout: Fanout | None,
        effects: Sequence[CountPart],
        streams: tuple[Stream, Stream],
        stages: StageCounts | None = None,
        stage_needs: Sequence[Node] = (),
    ) -> None:
        """Draw counts of `table` for the rows of `parent`; without a fanout each parent has one child.

        `stages` takes the place of the fanout and of everything that multiplies it.
        """
        self.plan = plan
        self.table = table
        self.parent = parent
        self.fanout = fanout
        self.effects = tuple(effects)
        self.draw, self.rounding = streams
        self.stages = stages
        self.needs: tuple[Node, ...] = (*stage_needs, *(node for effect in effects for node in effect.needs))
        self.one_to_one = fanout is None and stages is None and not effects
        self._cache: OrderedDict[int, Array] = OrderedDict()
        self._guard = threading.Lock()

    @property
    def rows(self) -> int:
        """Return the exact number of children."""
        return int(self.before[-1])

    def upto(self, rows: int) -> int:
        """Return the number of children, or `rows` where there are more, without counting all of them."""
        if self.one_to_one:
            return self.plan.tables[self.parent].upto(rows)
        return min(int(self._edges(rows)[-1]), rows)

    @cached_property
    def before(self) -> Array:
        """Return the number of children before each block of parents, and after the last (int64)."""
        if self.one_to_one:
            parents = self.plan.tables[self.parent].rows
            edges = np.arange(0, parents + BLOCK, BLOCK, dtype=np.int64)
            return np.minimum(edges, parents) if parents else np.zeros(1, dtype=np.int64)
        return self._edges(None)

    def _edges(self, rows: int | None) -> Array:
        """Return `before` at least as far as the parents of the first `rows` rows; None: to the end."""
        counted = self._counted()
        with counted.lock:
            while not counted.whole and (rows is None or counted.rows < rows):
                self.plan.check_cancelled()
                start = counted.parents
                # The first rows take one block; then more at once, which costs less a row.
                wanted = start + min(max(start, BLOCK), _BATCH * BLOCK)
                stop = self.plan.tables[self.parent].upto(wanted)
                counts = self._drawn(Rows.run(start, stop)) if stop > start else np.zeros(0, dtype=np.int64)
                refuse_rows(self.table, counted.rows + int(counts.sum()))
                counted.add(counts, stop, whole=stop < wanted)
            return counted.before

    def totals(self, start: int, stop: int) -> Array:
        """Return the children of each block of parents, from the parent `start` up to, not including, `stop`."""
        found = []
        for low in range(start, stop, _BATCH * BLOCK):
            self.plan.check_cancelled()
            counts = self._drawn(Rows.run(low, min(low + _BATCH * BLOCK, stop)))
            found.append(np.add.reduceat(counts, np.arange(0, len(counts), BLOCK)))
        return np.concatenate(found)

    def _counted(self) -> Counted:
        return self.plan.store.memo(("children", self.table), self._begun)

    def _begun(self) -> Counted:
        before = self.plan.known_counts(self.table)
        return Counted() if before is None else Counted.of(before, self.plan.tables[self.parent].rows)

    def counts(self, parents: Rows) -> Array:
        """Return the number of children (int64) of these rows of the parent."""
        if self.one_to_one:
            return np.ones(len(parents), dtype=np.int64)
        kept = self._counted().kept(parents.start, parents.stop) if parents.is_run else None
        return self._drawn(parents) if kept is None else kept

    def _drawn(self, parents: Rows) -> Array:
        at = TableSlice(self.plan, self.plan.tables[self.parent], parents)
        if self.stages is not None:
            return self.stages.counts(self.draw.uniform(parents), at)
        scale: Array | None = None
        shift: Array | None = None
        if self.effects:
            for effect in self.effects:
                value = effect.at(at)
                if effect.multiplies:
                    scale = value if scale is None else scale * value
                else:
                    shift = value if shift is None else shift + value
        if scale is not None:
            scale = np.maximum(scale, 0.0)
        with np.errstate(over="ignore", invalid="ignore"):  # what explodes is refused below
            rounding = partial(self.rounding.uniform, parents)
            if self.fanout is None:
                counts = _one_each(len(parents), scale, shift, rounding)
            else:
                counts = self.fanout.counts(self.draw.uniform(parents), scale, shift, rounding)
        # A number beyond 64 bits becomes the lowest or the highest there is.
        if len(counts) and (counts.min() < 0 or counts.max() > MOST_ROWS):
            refuse_rows(self.table, math.inf)
        return counts

    def _block(self, block: int) -> Array:
        """Return how many children of a block's parents come up to and including each of them."""
        with self._guard:
            if block in self._cache:
                self._cache.move_to_end(block)
                return self._cache[block]
        last = self.plan.tables[self.parent].upto((block + 1) * BLOCK)
        ends = np.cumsum(self.counts(Rows.run(block * BLOCK, last)))
        with self._guard:
            self._cache[block] = ends
            while len(self._cache) > _CACHED_BLOCKS:
                self._cache.popitem(last=False)
        return ends

    def parents(self, rows: Rows) -> tuple[Rows, Array]:
        """Return the parents of some rows, each once, and for each row the place of its parent among them."""
        if self.one_to_one:
            return rows, np.arange(len(rows))
        if rows.is_run:
            return self._parents_of_run(rows.start, rows.stop)
        numbers = rows.numbers()
        before = self._edges(rows.stop)
        found = np.empty(len(numbers), dtype=np.int64)
        block_of = np.searchsorted(before, numbers, side="right") - 1
        order = np.argsort(block_of, kind="stable")
        cuts = np.flatnonzero(np.diff(block_of[order], append=-1)) + 1
        begin = 0
        for end in cuts.tolist():
            places = order[begin:end]
            block = int(block_of[places[0]])
            inside = numbers[places] - before[block]
            found[places] = np.searchsorted(self._block(block), inside, side="right") + block * BLOCK
            begin = end
        distinct, place = np.unique(found, return_inverse=True)
        return Rows.listed(distinct), place

    def _parents_of_run(self, start: int, stop: int) -> tuple[Rows, Array]:
        if stop <= start:
            return Rows.run(0, 0), np.empty(0, dtype=np.int64)
        before = self._edges(stop)
        first_block = int(np.searchsorted(before, start, side="right")) - 1
        last_block = int(np.searchsorted(before, stop - 1, side="right")) - 1
        base = int(before[first_block])
        if last_block == first_block:
            ends = self._block(first_block)
        else:
            last_parent = self.plan.tables[self.parent].upto((last_block + 1) * BLOCK)
            span = Rows.run(first_block * BLOCK, last_parent)
            ends = np.cumsum(self.counts(span))
        first = int(np.searchsorted(ends, start - base, side="right"))
        last = int(np.searchsorted(ends, stop - 1 - base, side="right"))
        # How many of the rows asked for each parent from first to last has.
        upper = np.minimum(ends[first : last + 1], stop - base)
        counts = np.diff(upper, prepend=start - base)
        offset = first_block * BLOCK
        return Rows.run(offset + first, offset + last + 1), np.repeat(np.arange(last - first + 1), counts)

    def numbers_within(self, rows: Rows) -> Array:
        """Return for each row which child of its parent it is, from 0."""
        if self.one_to_one:
            return np.zeros(len(rows), dtype=np.int64)
        before = self._edges(rows.stop)
        parents, place = self.parents(rows)
        numbers = parents.numbers()[place]
        block = numbers // BLOCK
        firsts = np.empty(len(numbers), dtype=np.int64)
        for b in np.unique(block).tolist():
            ends = self._block(b)
            here = block == b
            inside = numbers[here] - b * BLOCK
            firsts[here] = np.where(inside > 0, ends[inside - 1], 0) + before[b]
        return rows.numbers() - firsts


def _one_each(parents: int, scale: Array | None, shift: Array | None, rounding: Callable[[], Array]) -> Array:
    """Return one child a parent, times its multipliers, rounded so that the mean is kept."""
    wanted = np.ones(parents) if scale is None else scale.astype(np.float64)
    if shift is not None:
        wanted = np.maximum(wanted + shift, 0.0)
        if scale is not None:
            wanted = np.where(scale > 0, wanted, 0.0)
    whole = np.floor(wanted)
    return (whole + (rounding() < wanted - whole)).astype(np.int64)
