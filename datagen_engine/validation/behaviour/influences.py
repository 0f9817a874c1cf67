"""What moves a number or a count from row to row, and the groups of rows in which that must show."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from datagen_engine.draw.effects import EffectIndex
from datagen_engine.draw.grid import isoformat
from datagen_engine.draw.stage import Clock
from datagen_engine.draw.ticks import DIMENSIONS, cell_of
from datagen_engine.draw.values import MICROSECONDS_A_DAY, Values
from datagen_engine.lazy import np
from datagen_engine.planning.behaviors import AgeFactor, Factor, SegmentFactor
from datagen_engine.schema.document import Curve

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.modifiers.effect import EffectTable
    from datagen_engine.planning.behaviors import Read
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.behaviour.view import RowView

__all__ = [
    "AgeGroups",
    "CellGroups",
    "EffectGroups",
    "Groups",
    "MomentGroups",
    "SegmentGroups",
    "cell_labels",
    "effect_pieces",
    "groups_of_factor",
]

_MOST_WINDOWS = 60
_BUCKETS = 24
_MOMENTS = 24
_AGES = 64
_UNIT = {"day": MICROSECONDS_A_DAY, "month": 30 * MICROSECONDS_A_DAY, "year": 365 * MICROSECONDS_A_DAY}


class Groups(ABC):
    """Sort rows into groups in which an influence is about the same."""

    @abstractmethod
    def of(self, at: RowView) -> Array:
        """Return the group (int64, from 0) of each row, −1 for a row that belongs to none."""

    @abstractmethod
    def labels(self, tables: DataTables) -> Sequence[str]:
        """Return what each group is called."""


def cell_labels(dimension: str) -> tuple[str, ...]:
    """Return the names of hours, weekdays or months.

    >>> cell_labels("dow")[:2], cell_labels("hour")[:2]
    (('Mon', 'Tue'), ('00 h', '01 h'))
    """
    if dimension == "dow":
        return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    if dimension == "month":
        return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return tuple(f"{hour:02d} h" for hour in range(DIMENSIONS["hour"]))


class CellGroups(Groups):
    """Hours, weekdays or months of the rows' times."""

    def __init__(self, dimension: str, clock: Clock) -> None:
        """Sort by `dimension` of the time that `clock` tells."""
        self.dimension = dimension
        self.clock = clock

    def of(self, at: RowView) -> Array:
        """Return the cell of each row's time."""
        time = at.time(self.clock)
        return np.where(time.mask(), cell_of(time.instants(), self.dimension), -1)

    def labels(self, tables: DataTables) -> Sequence[str]:
        """Return the names of the cells."""
        return cell_labels(self.dimension)


class MomentGroups(Groups):
    """Equal stretches of the timeframe."""

    def __init__(self, clock: Clock, start: int, end: int) -> None:
        """Cut the time from `start` to `end`; what lies beyond goes to the first and the last stretch."""
        self.clock = clock
        self.start = start
        self.width = max((end - start) // _MOMENTS, 1)

    def of(self, at: RowView) -> Array:
        """Return the stretch of each row's time."""
        time = at.time(self.clock)
        stretch = np.clip((time.instants() - self.start) // self.width, 0, _MOMENTS - 1)
        return np.where(time.mask(), stretch, -1)

    def labels(self, tables: DataTables) -> Sequence[str]:
        """Return the first day of each stretch."""
        return [f"from {isoformat(self.start + n * self.width)[:10]}" for n in range(_MOMENTS)]


class SegmentGroups(Groups):
    """Segments of a parent."""

    def __init__(self, factor: SegmentFactor, read: Read) -> None:
        """Read the segment by `read`."""
        self.factor = factor
        self.read = read
        self.names = sorted(factor.numbers.numbers)

    def of(self, at: RowView) -> Array:
        """Return the place of each row's segment among the names; the last group is all others."""
        from datagen_engine.draw.named import NamedNumbers

        places = NamedNumbers({name: float(n) for n, name in enumerate(self.names)}, float(len(self.names)))
        return places.of(self.read(at, self.factor.column)).astype(np.int64)

    def labels(self, tables: DataTables) -> Sequence[str]:
        """Return the names of the segments."""
        return [*self.names, "any other"]


class AgeGroups(Groups):
    """Ages of a parent: by the units of a curve that is listed, else ever wider steps."""

    def __init__(self, factor: AgeFactor, read: Read, clock: Clock | None, instant: int | None) -> None:
        """Count the age until the time that `clock` tells, or until an instant."""
        self.factor = factor
        self.read = read
        self.clock = clock
        self.instant = instant
        first = factor.curves[0]
        self.unit = first.time_unit
        self.listed = None if isinstance(first.curve, Curve) else len(first.curve)

    def of(self, at: RowView) -> Array:
        """Return the age group of each row."""
        created = self.read(at, self.factor.column)
        now = (
            Values("datetime", np.full(len(at), self.instant or 0))
            if self.clock is None
            else at.time(self.clock)
        )
        age = np.maximum(now.instants() - created.instants(), 0) / _UNIT[self.unit]
        if self.listed is not None:
            group = np.clip(np.rint(age), 0, self.listed - 1)
        else:
            group = np.minimum(np.floor(4.0 * np.log2(1.0 + age)), _AGES - 1)
        return np.where(created.mask() & now.mask(), group, -1).astype(np.int64)

    def labels(self, tables: DataTables) -> Sequence[str]:
        """Return the ages."""
        if self.listed is not None:
            return [
                f"{n} {self.unit}{'' if n == 1 else 's'}{'' if n < self.listed - 1 else ' or more'}"
                for n in range(self.listed)
            ]
        return [f"from {2 ** (n / 4) - 1:.3g} {self.unit}s" for n in range(_AGES)]


class EffectGroups(Groups):
    """Windows of an effect table, by key: group 0 is where none holds.

    Many windows are put together by the size of their effect.
    """

    def __init__(self, table: EffectTable, local: Sequence[str], clock: Clock | None) -> None:
        """Match the columns `local` of the row, at the time that `clock` tells."""
        self.table = table
        self.local = tuple(local)
        self.clock = clock

    def of(self, at: RowView) -> Array:
        """Return the window of each row."""
        index, group_of_piece, _ = self.windows(at.tables)
        time = at.time(self.clock) if self.clock else None
        piece = effect_pieces(index, [at.column(name) for name in self.local], time, len(at))
        return group_of_piece[piece]

    def labels(self, tables: DataTables) -> Sequence[str]:
        """Return key and start of each window."""
        return self.windows(tables)[2]

    def windows(self, tables: DataTables) -> tuple[EffectIndex, Array, list[str]]:
        """Return the index of the table, the group of each of its pieces, and the names of the groups."""
        return tables.memo(("windows", self.table), lambda: self._find_windows(tables))

    def _find_windows(self, tables: DataTables) -> tuple[EffectIndex, Array, list[str]]:
        from datagen_engine.validation.behaviour.view import RowView

        index = self.table.index(RowView.of_table(tables, self.table.table))
        values = np.concatenate(index.values)
        active = np.flatnonzero(values != index.default)
        groups = np.zeros(len(values) + 1, dtype=np.int64)  # the last piece: a row without a time
        if len(active) <= _MOST_WINDOWS:
            groups[active] = np.arange(1, len(active) + 1)
            return index, groups, ["elsewhere", *self._names(tables, index, active)]
        edges = np.unique(np.quantile(values[active], np.arange(1, _BUCKETS) / _BUCKETS))
        groups[active] = np.searchsorted(edges, values[active], side="right") + 1
        ends = [values[active].min(), *edges.tolist(), values[active].max()]
        return (
            index,
            groups,
            ["elsewhere", *(f"{a:.4g} … {b:.4g}" for a, b in pairwise(ends))],
        )

    def _names(self, tables: DataTables, index: EffectIndex, active: Array) -> list[str]:
        starts = np.concatenate(([0], np.cumsum([len(steps) for steps in index.values])))
        keys = [tables.whole(self.table.table, name) for name in self.table.keys]
        rows = tables.rows(self.table.table)
        row_of = {group: row for row, group in reversed(list(enumerate(index.group(keys, rows).tolist())))}
        names = []
        for piece in active.tolist():
            group = int(np.searchsorted(starts, piece, side="right")) - 1
            place = piece - int(starts[group])
            key = " ".join(
                str(values.take(np.array([row_of[group]])).to_list()[0]) for values in keys if group in row_of
            )
            start = int(index.breaks[group][place - 1]) if place > 0 else None
            when = (
                f"from {isoformat(start)[:16]}"
                if index.windowed and start is not None and start > -(2**61)
                else ""
            )
            names.append(" ".join(part for part in (key, when) if part) or "everywhere")
        return names


def effect_pieces(index: EffectIndex, keys: Sequence[Values], time: Values | None, size: int) -> Array:
    """Return in which piece of its key's function of time each row lies.

    The functions of all keys stand end to end, as `np.concatenate(index.values)` does; a row without a time
    lies in one piece more.
    """
    group = index.group(keys, size)
    lengths = np.array([len(breaks) for breaks in index.breaks])
    starts = np.concatenate(([0], np.cumsum(lengths + 1)))
    marks = np.unique(np.concatenate(index.breaks))
    ranks = np.searchsorted(marks, np.concatenate(index.breaks)) + 1
    axis = ranks + np.repeat(np.arange(len(lengths)), lengths) * (len(marks) + 1)
    instants = np.zeros(size, dtype=np.int64) if time is None or not index.windowed else time.instants()
    rank = np.searchsorted(marks, instants, side="right")
    passed = np.searchsorted(axis, group * (len(marks) + 1) + rank, side="right")
    piece = passed + group
    if time is not None and index.windowed and time.valid is not None:
        piece = np.where(time.valid, piece, starts[-1])
    return piece


def groups_of_factor(factor: Factor, read: Read, clock: Clock | None, instant: int | None) -> Groups:
    """Return the groups of a parent's segment or age."""
    if isinstance(factor, SegmentFactor):
        return SegmentGroups(factor, read)
    return AgeGroups(factor, read, clock, instant)
