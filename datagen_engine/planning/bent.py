"""Columns that are drawn within bounds, each row within its own.

A column that stands in a declared order is drawn from its own distribution, conditioned on what was drawn
before it: one uniform number a row, squeezed between the shares below and above its bounds (Devroye 1986,
section II.1). Bounds are carried back through what the modifiers do to the row; noise is drawn first, and
moves the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from datagen_engine.draw.casting import cast
from datagen_engine.draw.grid import Window
from datagen_engine.draw.nodes import ColumnNode, Node
from datagen_engine.draw.stage import Law, LimitStage, LinearStage, Slice, Source, Stage
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values
from datagen_engine.lazy import np
from datagen_engine.modifiers.time_jitter import TimeJitterStage, reflect

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Bend", "BentSource", "CopySource", "Partner"]

Bounds = tuple["Array", "Array"]
"""The lowest and the highest value of each row, both included; infinite where open."""


@dataclass(frozen=True, slots=True)
class Partner:
    """The column on the other side of an order, as seen from a column that is bent.

    `above`: this column must not exceed the partner; else it must not fall below it. `values` reads the
    partner's finished values where it is drawn before; else `reach` tells how far it can reach.
    """

    node: ColumnNode
    above: bool
    strict: bool
    values: Callable[[Slice], Values] | None
    reach: Callable[[Slice], Bounds] | None
    fixed: tuple[float, float] | None = None
    """What bounds a partner that is drawn later for other rows: children of this one."""


class Bend:
    """Carry bounds between the final values of a column and its raw draw.

    Parameters
    ----------
    type
        The column's type.
    law
        Makes what the column is drawn from, before any clamp.
    clamp
        The generator's own clamp.
    stages
        The modifiers and ranges after it, all of them linear, limiting or time jitter.
    """

    def __init__(
        self,
        type: ColumnType,
        law: Callable[[], Law],
        clamp: tuple[float, float] | None,
        stages: Sequence[Stage],
    ) -> None:
        """Prepare to bend."""
        self.type: ColumnType = type
        self._law = law
        self.clamp = clamp
        self.stages = tuple(stages)

    @cached_property
    def law(self) -> Law:
        """Return the distribution, made when it is first drawn from."""
        return self._law()

    def steps(self, at: Slice) -> list[tuple[str, Array | float | None, Array | float | None]]:
        """Return what each stage does to each row: ("linear", factor, shift), or ("limit" or "mirror", low, high)."""
        found: list[tuple[str, Array | float | None, Array | float | None]] = []
        if self.clamp is not None:
            found.append(("limit", *self.clamp))
        for stage in self.stages:
            if isinstance(stage, LinearStage):
                found.append(("linear", *stage.terms(at)))
            elif isinstance(stage, LimitStage):
                unit = MICROSECONDS_A_DAY if self.type == "date" else 1
                low, high = (None if end is None else end * unit for end in (stage.low, stage.high))
                found.append(("limit", low, high))
            elif isinstance(stage, TimeJitterStage):
                found.append(("linear", None, stage.noise(at)))
                if stage.window is not None:
                    found.append(("mirror", stage.window.start, stage.window.end))
        return found

    def forward(
        self, x: Array, steps: Sequence[tuple[str, Array | float | None, Array | float | None]]
    ) -> Array:
        """Return final values, before the type, of raw ones."""
        with np.errstate(over="ignore", invalid="ignore"):
            for kind, first, second in steps:
                if kind == "limit":
                    x = np.clip(x, first, second) if first is not None or second is not None else x
                elif kind == "mirror":
                    assert first is not None
                    assert second is not None
                    x = reflect(x, Window(int(first), int(second)))
                else:
                    x = x if first is None else x * first
                    x = x if second is None else x + second
        return x

    def reach(self, at: Slice) -> Bounds:
        """Return how far each row's final value can reach."""
        # A mirror brings what leaves its window back to anywhere in it: as far as a limit lets it reach.
        steps = [("limit" if kind == "mirror" else kind, a, b) for kind, a, b in self.steps(at)]
        ends = [self.forward(np.full(len(at.rows), end), steps) for end in self.law.support()]
        low, high = np.minimum(*ends), np.maximum(*ends)
        return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)

    def backward(
        self, bounds: Bounds, steps: Sequence[tuple[str, Array | float | None, Array | float | None]]
    ) -> Bounds:
        """Return the bounds of the raw draw that keep the final value, rounding included, within its own."""
        low, high = bounds
        if self.type == "int":
            # Half to even: 2.5 becomes 2, so the open half below a whole number belongs to it.
            low, high = low - 0.5, high + 0.5
            low, high = nudged(low, up=True), nudged(high, up=False)
        elif self.type == "date":
            high = high + (MICROSECONDS_A_DAY - 1)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            for kind, first, second in reversed(steps):
                if kind != "linear":
                    if first is not None:
                        low = np.where(low <= first, -np.inf, low)
                    if second is not None:
                        high = np.where(high >= second, np.inf, high)
                    continue
                if second is not None:
                    low, high = low - second, high - second
                if first is not None:
                    a, b = low / first, high / first
                    turned = np.asarray(first) < 0
                    low, high = np.where(turned, b, a), np.where(turned, a, b)
                    still = np.asarray(first) == 0
                    low, high = np.where(still, -np.inf, low), np.where(still, np.inf, high)
        return low, high


class BentSource(Source):
    """Draw a column within bounds; does the work of its generator and of its modifiers."""

    def __init__(
        self,
        bend: Bend,
        uniform: Callable[[Slice], Array],
        partners: Sequence[Partner],
        needs: Sequence[Node],
    ) -> None:
        """Draw from `uniform`, within what `partners` leave."""
        self.bend = bend
        self.uniform = uniform
        self.partners = tuple(partners)
        self.needs = tuple(needs)

    def draw(self, at: Slice) -> Values:
        """Return final values, of the column's type."""
        bounds = self.bounds(at, None)
        steps = self.bend.steps(at)
        return self._settled(self.bend.forward(self.raw(at, bounds), steps), *bounds)

    def raw(self, at: Slice, bounds: Bounds) -> Array:
        """Return what is drawn before the stages, so that the final values lie within their bounds."""
        bend = self.bend
        raw_low, raw_high = bend.backward(bounds, bend.steps(at))
        u = self.uniform(at)
        bounded = np.isfinite(raw_low) | np.isfinite(raw_high)
        if bounded.any():
            below = self._share_below(raw_low, at)
            above = self._share_upto(raw_high, at)
            room = above - below
            u = np.where(room > 0, below + u * np.maximum(room, 0.0), np.clip(u, above, below))
            u = np.clip(u, _LEAST, _MOST)
        x = bend.law.ppf(u, at).data.astype(np.float64)
        with np.errstate(invalid="ignore"):
            found: Array = np.where(raw_low <= raw_high, np.clip(x, raw_low, raw_high), x)
        return found

    def bounds(self, at: Slice, without: ColumnNode | None) -> Bounds:
        """Return the bounds of each row's final value, in the units of orders; leaves out one partner."""
        size = len(at.rows)
        low, high = np.full(size, -np.inf), np.full(size, np.inf)
        for partner in self.partners:
            if partner.node == without:
                continue
            least: Array
            most: Array
            if partner.values is not None:
                values = partner.values(at)
                least = most = units(values)
                if values.valid is not None:
                    least = np.where(values.valid, least, -np.inf)
                    most = np.where(values.valid, most, np.inf)
            elif partner.reach is not None:
                least, most = partner.reach(at)
            else:
                least, most = (np.asarray(end) for end in partner.fixed or (-np.inf, np.inf))
            if partner.above:
                high = np.minimum(
                    high,
                    below(most, self.bend.type) if partner.strict else within_below(most, self.bend.type),
                )
            else:
                low = np.maximum(
                    low,
                    above(least, self.bend.type) if partner.strict else within_above(least, self.bend.type),
                )
        return low, high

    def reach(self, at: Slice, without: ColumnNode) -> Bounds:
        """Return how far each row's final value can reach, as seen from one of its partners."""
        low, high = self.bend.reach(at)
        inner_low, inner_high = self.bounds(at, without)
        if not (np.isfinite(inner_low).any() or np.isfinite(inner_high).any()):
            return low, high
        # Between its bounds a column reaches only as far as there is a value: a tick, a whole number.
        bend, steps = self.bend, self.bend.steps(at)
        raw_low, raw_high = bend.backward((np.maximum(low, inner_low), np.minimum(high, inner_high)), steps)
        below, upto = self._share_below(raw_low, at), self._share_upto(raw_high, at)
        shares = np.clip((below + _STEP, upto - _STEP), _LEAST, _MOST)
        ends = [bend.forward(bend.law.ppf(share, at).data.astype(np.float64), steps) for share in shares]
        # Where there is no room at all, what comes next is told the bounds as they are.
        room = upto - below > 2 * _STEP
        first = np.where(room, np.maximum(np.minimum(*ends), inner_low), inner_low)
        last = np.where(room, np.minimum(np.maximum(*ends), inner_high), inner_high)
        return np.maximum(low, first), np.minimum(high, last)

    def _share_below(self, x: Array, at: Slice) -> Array:
        """Return the share of the distribution below x; 0 where x is open."""
        known = np.isfinite(x)
        if not known.any():
            return np.zeros(len(x))
        if self.bend.type in ("datetime", "date"):
            share = self.bend.law.cdf(_instants(np.ceil(x)) - 1, at)
        else:
            share = self.bend.law.cdf(nudged(np.where(known, x, 0.0), up=False), at)
        return np.where(known, share, 0.0)

    def _share_upto(self, x: Array, at: Slice) -> Array:
        """Return the share of the distribution at or below x; 1 where x is open."""
        known = np.isfinite(x)
        if not known.any():
            return np.ones(len(x))
        if self.bend.type in ("datetime", "date"):
            share = self.bend.law.cdf(_instants(np.floor(x)), at)
        else:
            share = self.bend.law.cdf(np.where(known, x, 0.0), at)
        return np.where(known, share, 1.0)

    def _settled(self, x: Array, low: Array, high: Array) -> Values:
        """Return values of the column's type, held within their bounds to the last bit."""
        type = self.bend.type
        if type in ("datetime", "date"):
            instants = np.where(np.isfinite(x), x, 0.0).astype(np.int64)
            values = cast(Values("datetime", instants), type)
            unit = MICROSECONDS_A_DAY if type == "date" else 1
            # The bounds are whole units already, but times are exact as integers only.
            ends = [
                np.where(np.isfinite(end), end / unit, np.sign(end) * 2.0**62).astype(np.int64)
                for end in (low, high)
            ]
            return Values(type, np.where(ends[0] <= ends[1], np.clip(values.data, *ends), values.data))
        values = cast(Values("float", x), type)
        if type == "int":
            ends = [
                np.where(np.isfinite(end), end, np.sign(end) * 2.0**62).astype(np.int64)
                for end in (low, high)
            ]
            return Values(
                type, np.where(ends[0] <= ends[1], np.clip(values.data, *ends), values.data), values.valid
            )
        return Values(type, np.where(low <= high, np.clip(values.data, low, high), values.data), values.valid)


class CopySource(Source):
    """Copy another column: what `==` asks for."""

    def __init__(self, read: Callable[[Slice], Values], type: ColumnType, needs: Sequence[Node]) -> None:
        """Copy what `read` reads."""
        self.read = read
        self.type: ColumnType = type
        self.needs = tuple(needs)

    def draw(self, at: Slice) -> Values:
        """Return the other column's values."""
        return cast(self.read(at), self.type)


_LEAST = 2.0**-60
_STEP = 2.0**-50
_MOST = 1.0 - 2.0**-53


def units(values: Values) -> Array:
    """Return numbers as they are, and times as microseconds; float64."""
    return (values.instants() if values.is_time else values.data).astype(np.float64)


def _instants(x: Array) -> Array:
    return np.clip(np.nan_to_num(x, nan=0.0, posinf=2.0**62, neginf=-(2.0**62)), -(2.0**62), 2.0**62).astype(
        np.int64
    )


def nudged(x: Array, *, up: bool) -> Array:
    """Return the float next to each finite one, above or below it; infinite ones stay."""
    with np.errstate(over="ignore"):
        return np.where(np.isfinite(x), np.nextafter(x, np.inf if up else -np.inf), x)


def below(x: Array | float, type: ColumnType) -> Array:
    """Return the largest value of a type below x, in the units of orders."""
    if type == "int":
        return np.ceil(x) - 1.0
    if type == "datetime":
        return np.asarray(x) - 1.0
    if type == "date":
        return (np.ceil(np.asarray(x) / MICROSECONDS_A_DAY) - 1.0) * MICROSECONDS_A_DAY
    return nudged(np.asarray(x), up=False)


def above(x: Array | float, type: ColumnType) -> Array:
    """Return the smallest value of a type above x."""
    return -below(-np.asarray(x), type)


def within_below(x: Array | float, type: ColumnType) -> Array:
    """Return the largest value of a type at or below x."""
    if type == "int":
        return np.floor(x)
    if type == "date":
        return np.floor(np.asarray(x) / MICROSECONDS_A_DAY) * MICROSECONDS_A_DAY
    return np.asarray(x)


def within_above(x: Array | float, type: ColumnType) -> Array:
    """Return the smallest value of a type at or above x."""
    return -within_below(-np.asarray(x), type)
