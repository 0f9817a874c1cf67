"""What another table says about some keys for some time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from datagen_engine.draw.effects import EffectIndex
from datagen_engine.draw.nodes import Node
from datagen_engine.draw.overlap import Combine
from datagen_engine.draw.stage import Clock, LinearStage, Site, Slice, Stage, TickShape, own
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.modifiers.arithmetic import times, widened
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import ColumnRef, Number, OwnColumn, Spec, TableRef

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite

EffectColumn = Annotated[str, ColumnRef("effect_table", "effect")]
# A key or a field that is missing leaves the effect out, or makes it 1: a warning, not an error.
EffectKey = Annotated[str, ColumnRef("effect_table", "effect", loose=True)]
LocalKey = Annotated[str, ColumnRef(loose=True)]


class EffectWindow(Spec):
    """The columns of the effect table that say from when to when a row of it holds."""

    start_col: EffectColumn = Field(title="Start")
    end_col: EffectColumn = Field(title="End")


class EffectMap(Spec):
    """Which column of the effect table is the effect, and how it acts."""

    field: EffectKey = Field(title="Field", description="A column of the effect table.")
    op: Literal["mul", "add"] = Field(title="Operation")
    default: Number | None = Field(None, title="Where no row applies")

    @property
    def elsewhere(self) -> float:
        """Return the effect where no row applies: as given, else the one that changes nothing."""
        return self.default if self.default is not None else self.neutral

    @property
    def neutral(self) -> float:
        """Return the effect that changes nothing."""
        return 1.0 if self.op == "mul" else 0.0


class Effect(Modifier):
    """Values, chances or numbers of children, changed by the rows of another table while they hold."""

    key: ClassVar[str] = "effect"
    title: ClassVar[str] = "Effect"
    help: ClassVar[str] = (
        "Events from another table, such as promotions: while one holds, values are multiplied or added to."
    )
    samples = (
        {
            "effect_table": "promotion",
            "on": {},
            "window": {"start_col": "starts", "end_col": "ends"},
            "map": {"field": "factor", "op": "mul", "default": 1.0},
        },
    )
    acts_on = frozenset({"int", "float", "datetime", "date"})

    effect_table: Annotated[str, TableRef("effect")] = Field(title="Effect table")
    on: dict[LocalKey, EffectKey] = Field(
        {}, title="Keys", description="None: the effect holds for every row."
    )
    window: EffectWindow | None = Field(None, title="Window", description="None: the effect always holds.")
    map: EffectMap = Field(title="Effect")
    combine: Combine = Field(
        "first", title="Several at once", description="What rows that hold together come to."
    )
    time_reference: OwnColumn | None = Field(
        None, title="Time", description="The column that tells the row's time."
    )

    def bind(self, site: Site) -> Stage | None:
        """Prepare to change numbers."""
        if site.type not in ("int", "float") or self.left_out(site):
            return None
        clock = site.clock(self.time_reference) if self.window else None
        return EffectStage(self, self.table(site), clock, site)

    def shape_ticks(self, site: Site) -> TickShape | None:
        """Return the effect over time as the chance of each tick."""
        if self.left_out(site):
            return None
        table = self.table(site)

        def steps(at: Slice):  # type: ignore[no-untyped-def]  # the protocol of TickShape types it
            index = table.index(at)
            found = index.steps([at.column(local) for local in self.on], len(at.rows))
            if self.map.op == "mul":
                return found
            # Added to a weight of 1.
            return type(found)(found.group, found.breaks, [1.0 + values for values in found.values])

        return TickShape(steps=steps, needs=(*table.needs, *(own(site, local) for local in self.on)))

    def table(self, site: Site) -> EffectTable:
        """Return the effect table, ready to be read."""
        window = (self.window.start_col, self.window.end_col) if self.window else None
        columns = [*self.on.values(), *(window or ())]
        field = (
            self.map.field
            if site.type_of(self.effect_table, self.map.field) in ("int", "float", "bool")
            else None
        )
        if field:
            columns.append(field)
        needs = dict.fromkeys(node for column in columns for node in site.whole(self.effect_table, column))
        if not columns:
            needs = dict.fromkeys(site.rows_of(self.effect_table))
        return EffectTable(
            self.effect_table,
            tuple(self.on.values()),
            window,
            field,
            self.map.elsewhere,
            self.map.neutral,
            self.combine,
            tuple(needs),
        )

    def left_out(self, site: Site) -> bool:
        """Say whether a key is missing on either side, so that the effect is left out."""
        return any(
            site.type_of(self.effect_table, remote) is None or site.type_of(site.table, local) is None
            for local, remote in self.on.items()
        )

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the bounds changed by the least and the largest effect."""
        if site.type not in ("int", "float") or self.left_out(site):
            return before
        found = site.facts(self.effect_table, self.map.field)
        low, high = (found.low, found.high) if found else (self.map.neutral, self.map.neutral)
        if low is None or high is None:
            return widened(before)
        low, high = self._together(low, high)
        low, high = min(low, self.map.elsewhere), max(high, self.map.elsewhere)
        if self.map.op == "mul":
            after = times(before, low, high)
        else:
            least = None if before.low is None else before.low + low
            after = widened(before, least, None if before.high is None else before.high + high)
        ends = [None if end is None or math.isinf(end) else end for end in (after.low, after.high)]
        return widened(after, *ends)

    def _together(self, low: float, high: float) -> tuple[float, float]:
        """Return the least and the largest that any number of values between two ends can come to."""
        if self.combine == "sum":
            return (low if low >= 0 else -math.inf), (high if high <= 0 else math.inf)
        if self.combine == "product":
            if low < 0:
                return -math.inf, math.inf
            return (low if low >= 1 else 0.0), (high if high <= 1 else math.inf)
        return low, high


@dataclass(frozen=True)
class EffectTable:
    """Read an effect table into an index, once a plan."""

    table: str
    keys: tuple[str, ...]
    window: tuple[str, str] | None
    field: str | None
    default: float
    neutral: float
    combine: Combine
    needs: tuple[Node, ...]

    def index(self, at: Slice) -> EffectIndex:
        """Return the index of the table's rows."""
        return at.memo(self, lambda: self._read(at))

    def _read(self, at: Slice) -> EffectIndex:
        whole: Callable[[str], Values] = lambda column: at.whole(self.table, column)  # noqa: E731  # a name for one call
        if self.field is not None:
            values = whole(self.field).numbers()
        else:
            values = np.full(at.row_count(self.table), self.neutral)
        start, end = (whole(self.window[0]), whole(self.window[1])) if self.window else (None, None)
        return EffectIndex([whole(key) for key in self.keys], start, end, values, self.default, self.combine)


class EffectStage(LinearStage):
    """Change numbers by the effect at their keys and times."""

    def __init__(self, effect: Effect, table: EffectTable, clock: Clock | None, site: Site) -> None:
        """Read keys from the row, and time from the clock."""
        self.locals = tuple(effect.on)
        self.multiplies = effect.map.op == "mul"
        self.table = table
        self.clock = clock
        self.needs = (
            *table.needs,
            *(own(site, local) for local in self.locals),
            *(site.reads_time(clock) if clock else ()),
        )
        self.title = f"{'×' if self.multiplies else '+'} {table.table}"

    def terms(self, at: Slice) -> tuple[Array | None, Array | None]:
        """Return the effect as factor, or as shift."""
        time = at.time(self.clock) if self.clock else None
        effect = self.table.index(at).at([at.column(local) for local in self.locals], time, len(at.rows))
        return (effect, None) if self.multiplies else (None, effect)
