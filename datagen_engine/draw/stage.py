"""What a generator and a modifier are once they are bound to a column, and what they may ask for.

A spec (what the schema says) is *bound* to its `Site` once, before anything is drawn; what comes out draws
for any `Slice` of the table. The site answers questions about the schema, the slice about values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from datagen_engine.draw.nodes import ColumnNode, Node, PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.grid import Window
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.path import Path

__all__ = [
    "Clock",
    "Law",
    "LimitStage",
    "LinearStage",
    "Site",
    "Slice",
    "Source",
    "Stage",
    "Steps",
    "TickShape",
    "own",
]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clock:
    """Say where a row's time comes from: a column, `up` parents above the row; or one fixed instant."""

    up: int
    column: str | None
    instant: int | None = None
    """Microseconds since 1970 UTC, where no column tells the time."""


class Slice(Protocol):
    """Answer for some rows of one table, drawing only what is asked."""

    @property
    def rows(self) -> Rows:
        """Return which rows these are."""

    def column(self, name: str) -> Values:
        """Return the finished values of another column of the same rows."""

    def parent(self, column: str, up: int = 1) -> Values:
        """Return, for each row, the value of a column of its first parent (or of that one's, `up` times)."""

    def time(self, clock: Clock) -> Values:
        """Return each row's time, as datetimes."""

    def picked(self, pick: PickNode, column: str) -> Values:
        """Return, for each row, a column of the row of another table that is picked for it."""

    def whole(self, table: str, column: str) -> Values:
        """Return all values of another table's column (drawn once a plan)."""

    def gather(self, table: str, column: str, rows: Array) -> Values:
        """Return a column of another table at any of its rows (int64; −1 gives null)."""

    def row_count(self, table: str) -> int:
        """Return the number of rows of a table."""

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once a plan for this key."""


class Site(Protocol):
    """Answer a spec's questions about the place where it stands."""

    @property
    def table(self) -> str:
        """Return the id of the table."""

    @property
    def column(self) -> str:
        """Return the name of the column ("" for a modifier of a table)."""

    @property
    def type(self) -> ColumnType:
        """Return the type of the column."""

    @property
    def maps(self) -> bool:
        """Return whether a modifier may turn the generator's values into others of another type."""

    @property
    def timeframe(self) -> Window:
        """Return the timeframe of the schema."""

    @property
    def frequency(self) -> str:
        """Return the default grid of the schema."""

    @property
    def window(self) -> Window | None:
        """Return the window that the generator of the column draws its times from, where it has one."""

    @property
    def tick_shapes(self) -> Sequence[TickShape]:
        """Return the bound modifiers that shape the choice of a tick; empty but for dates and times."""

    def stream(self, purpose: str) -> Stream:
        """Return the stream of one use of randomness in this column."""

    def clock(self, reference: str | None = None) -> Clock:
        """Return where this row's time comes from."""

    def reads_time(self, clock: Clock) -> tuple[Node, ...]:
        """Return what must be known to tell a row's time."""

    def rows_of(self, table: str) -> tuple[Node, ...]:
        """Return what must be known to tell the number of rows of another table."""

    def type_of(self, table: str, column: str) -> ColumnType | None:
        """Return the type of a column of any table, None where there is none."""

    def whole(self, table: str, column: str) -> tuple[Node, ...]:
        """Return what must be known to read all of another table's column."""

    def pick(self, target: str, column: str, on: Mapping[str, str], **options: object) -> PickNode:
        """Return the pick through which a lookup of `target.column` goes from this column."""

    def within(self, way: Path) -> Self:
        """Return the site of a generator nested in this one's: the same answers, streams of its own."""


class Law(Protocol):
    """Describe a distribution that is drawn as `ppf(u)` of one uniform number a row.

    `at` is the slice, for laws whose shape depends on the row.
    """

    def ppf(self, u: Array, at: Slice) -> Values:
        """Return the value below which the share `u` of the distribution lies."""

    def cdf(self, x: Array, at: Slice) -> Array:
        """Return the share of the distribution at or below `x` (numbers, or microseconds)."""

    def support(self) -> tuple[float, float]:
        """Return the lowest and the highest value (numbers, or microseconds)."""


class Source(ABC):
    """Draw the values of a column: a generator bound to its site."""

    needs: Sequence[Node] = ()
    """Nodes of the graph that `draw` reads."""

    direct: bool = False
    """Whether any single row costs no more alone than among others (nothing is kept for references to it)."""

    law: Law | None = None
    """The distribution, where the generator is one."""

    has_law: bool = False
    """Whether it is one: asking this makes none."""

    @abstractmethod
    def draw(self, at: Slice) -> Values:
        """Return the values of these rows."""

    def quantiles(self, u: Array, at: Slice) -> Values:
        """Return what is drawn by given uniform numbers; only a source with a law can."""
        raise TypeError(f"{type(self).__name__} is no distribution")


class Stage(ABC):
    """Change drawn values: a modifier bound to its site."""

    title: str = ""
    """What an explanation of a value calls the stage."""

    needs: Sequence[Node] = ()

    @abstractmethod
    def apply(self, values: Values, at: Slice) -> Values:
        """Return the values of these rows after this stage."""


class LinearStage(Stage):
    """Change each number to factor · number + shift; so a bound on the result is one on what came before."""

    @abstractmethod
    def terms(self, at: Slice) -> tuple[Array | float | None, Array | float | None]:
        """Return factor and shift, each for all rows or one a row; None is 1, or 0."""

    def apply(self, values: Values, at: Slice) -> Values:
        """Return factor · values + shift; values that are no numbers (yet to be mapped to some) as they are."""
        if not values.is_number:
            return values
        factor, shift = self.terms(at)
        data = values.data
        with np.errstate(over="ignore", invalid="ignore"):
            if factor is not None:
                data = data * factor
            if shift is not None:
                data = data + shift
        return Values("float", data.astype(np.float64, copy=False), values.valid)


class LimitStage(Stage):
    """Set each number outside of two ends to the nearer one."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Hold a function of time for each of some groups of rows, constant between its breaks.

    `group` (int64 a row) says which function holds for each row. Function g has `breaks[g]` (sorted
    instants) and `values[g]`, one more than breaks: values[g][i] holds from break i−1 up to break i.
    """

    group: Array
    breaks: Sequence[Array]
    values: Sequence[Array]


@dataclass(frozen=True, slots=True, eq=False)
class TickShape:
    """Change how likely each tick of a datetime series is: a modifier bound to a column of dates or times.

    Exactly one of the three is given.
    """

    cells: tuple[str, Sequence[float]] | None = None
    """A dimension (hour, dow, month) and its weights."""

    days: Callable[[Array], Array] | None = None
    """The factor of each day, by days since 1970."""

    steps: Callable[[Slice], Steps] | None = None
    """The factor over time, row by row."""

    needs: Sequence[Node] = ()


def own(site: Site, column: str) -> ColumnNode:
    """Return the node of a column of the same table."""
    return ColumnNode(site.table, column)
