"""What a parent's segment and age do to its children: their number, and their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.named import NamedNumbers
from datagen_engine.draw.nodes import Node
from datagen_engine.draw.stage import Clock, LinearStage, Slice
from datagen_engine.draw.values import MICROSECONDS_A_DAY, Values
from datagen_engine.lazy import np
from datagen_engine.schema.document import AgeMultiplier, Curve, SegmentBehavior, VintageBehavior

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = [
    "AgeFactor",
    "Factor",
    "SegmentFactor",
    "ValueStage",
    "age_factor",
    "applies_to_fanout",
    "segment_factor",
]

_UNIT = {"day": MICROSECONDS_A_DAY, "month": 30 * MICROSECONDS_A_DAY, "year": 365 * MICROSECONDS_A_DAY}

Read = Callable[[Slice, str], Values]
"""Reads a column of the parent's row, by its name."""


@dataclass(frozen=True)
class SegmentFactor:
    """The multiplier of each row's segment."""

    column: str
    numbers: NamedNumbers

    def of(self, at: Slice, read: Read, time: Values | None) -> Array:
        """Return the multiplier of each row (its time does not matter)."""
        return self.numbers.of(read(at, self.column))


@dataclass(frozen=True)
class AgeFactor:
    """The multiplier of each row's age, by one or more curves."""

    column: str
    curves: tuple[AgeMultiplier, ...]

    def of(self, at: Slice, read: Read, time: Values | None) -> Array:
        """Return the multiplier at an age: time minus creation; 1 where either is null."""
        created = read(at, self.column)
        assert time is not None
        age = (time.instants() - created.instants()).astype(np.float64)
        known = created.mask() & time.mask()
        factor = np.ones(len(age))
        for curve in self.curves:
            factor *= curve_at(curve, np.maximum(age, 0.0) / _UNIT[curve.time_unit])
        return np.where(known, factor, 1.0)


Factor = SegmentFactor | AgeFactor


def curve_at(multiplier: AgeMultiplier, age: Array) -> Array:
    """Return a curve at ages in its own unit: a list by the nearest whole age, its last value for ever; or a formula.

    Never below 0.
    """
    curve = multiplier.curve
    if not isinstance(curve, Curve):
        steps = np.asarray(curve, dtype=np.float64)
        return np.maximum(steps[np.clip(np.rint(age), 0, len(steps) - 1).astype(np.int64)], 0.0)
    a, b = curve.params.a, curve.params.b
    with np.errstate(over="ignore"):
        if curve.curve_type == "logarithmic":
            found = a + b * np.log1p(age)
        elif curve.curve_type == "exponential":
            found = a * np.exp(b * age)
        else:
            found = a + b * age
    return np.clip(np.nan_to_num(found, nan=0.0), 0.0, 1e12)


class ValueStage(LinearStage):
    """Scale a child's values by its parent's segment or age."""

    def __init__(
        self, factor: Factor, read: Read, clock: Clock | None, needs: Sequence[Node], title: str
    ) -> None:
        """Read the parent by `read`, and the row's own time by `clock`."""
        self.factor = factor
        self.read = read
        self.clock = clock
        self.needs = tuple(needs)
        self.title = title

    def terms(self, at: Slice) -> tuple[Array, None]:
        """Return the multiplier."""
        return self.factor.of(at, self.read, at.time(self.clock) if self.clock else None), None


def segment_factor(behavior: SegmentBehavior, what: str) -> SegmentFactor | None:
    """Return the `fanout_multiplier` or `value_multiplier` of each segment, None where all are 1."""
    numbers = {name: getattr(effect, what) for name, effect in behavior.by_segment.items()}
    if all(number == 1.0 for number in numbers.values()):
        return None
    return SegmentFactor(behavior.segment_column, NamedNumbers(numbers, 1.0))


def age_factor(behavior: VintageBehavior, applies: Callable[[AgeMultiplier], bool]) -> AgeFactor | None:
    """Return the curves that apply, None where none does."""
    curves = tuple(curve for curve in behavior.age_based_multipliers.values() if applies(curve))
    return AgeFactor(behavior.created_at_column, curves) if curves else None


def applies_to_fanout(curve: AgeMultiplier) -> bool:
    """Say whether a curve scales the number of children."""
    names = [curve.applies_to] if isinstance(curve.applies_to, str) else curve.applies_to
    return "fanout" in names or "all" in names


def applies_to_values(curve: AgeMultiplier, column: str, plain: bool) -> bool:
    """Say whether a curve scales a column; "all" means the plain numbers: no keys, nothing looked up."""
    names = [curve.applies_to] if isinstance(curve.applies_to, str) else curve.applies_to
    return column in names or ("all" in names and plain)
