"""A number from a distribution, held within a clamp."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.stage import Site, Slice, Source
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution as Shape
from datagen_engine.schema.parts import DistributionField, Generator
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Number, Says, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite


Ends = Annotated[list[Number], Field(min_length=2, max_length=2), Says("ends")]


class Distribution(Generator):
    """A number drawn from a distribution; what falls outside the clamp is set to its end."""

    key: ClassVar[str] = "distribution"
    title: ClassVar[str] = "Distribution"
    help: ClassVar[str] = "A number from a distribution, held between a lowest and a highest value."
    samples = (
        {"type": "lognormal", "params": {"mean": 3.2, "sigma": 0.6}, "clamp": [5, 3000]},
        {"type": "normal", "params": {"mean": 50, "std": 10}, "clamp": [0, 100]},
    )
    types = frozenset({"int", "float", "bool", "string"})

    flat: ClassVar = {"of": ("type", "params")}

    shape: DistributionField = Field(alias="of", title="Distribution")
    clamp: Ends = Field(title="Clamp", description="The lowest and the highest value.")

    @model_validator(mode="after")
    def _in_order(self) -> Distribution:
        if self.clamp[0] > self.clamp[1]:
            raise refuse(
                "low-above-high",
                f"the clamp's lowest ({self.clamp[0]:g}) is above its highest ({self.clamp[1]:g})",
            )
        return self

    def bind(self, site: Site) -> Source:
        """Prepare to draw."""
        return DistributionSource(
            self.shape, (self.clamp[0], self.clamp[1]), site.type == "int", site.stream("draw")
        )

    def facts(self, site: CheckSite) -> Facts:
        """Return the clamp, within what the distribution can give."""
        low, high = self.shape.support()
        low, high = max(low, self.clamp[0]), min(high, self.clamp[1])
        if low > high:  # all of the distribution lies beyond one end
            low = high = self.clamp[0] if self.shape.support()[1] < self.clamp[0] else self.clamp[1]
        return Facts(type="int" if self.shape.integer else "float", nullable=False, low=low, high=high)

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find a clamp that leaves one value only, and types that lose the values."""
        low, high = self.shape.support()
        if high < self.clamp[0] or low > self.clamp[1]:
            end = self.clamp[0] if high < self.clamp[0] else self.clamp[1]
            yield Problem(
                "clamp-outside",
                ("clamp",),
                f"the clamp lies outside the distribution: every value is {end:g}",
                "warning",
            )
        if site.type == "bool" and not (self.shape.integer and low >= 0 and high <= 1):
            yield Problem(
                "type-loses-values",
                ("type",),
                "a number in a bool column: everything but 0 becomes true; use a choice of true and false",
                "warning",
            )


class DistributionSource(Source):
    """Draw numbers."""

    has_law = True

    def __init__(self, shape: Shape, clamp: tuple[float, float], whole: bool, stream: Stream) -> None:
        """Draw from `shape`; `whole` where the column holds whole numbers."""
        self.shape = shape
        self.low, self.high = clamp
        self.stream = stream
        # Rounding would give the ends of a uniform half the share of the numbers between.
        self.span = whole_span(shape) if whole else None
        self.law: NumberLaw = NumberLaw(shape, self.span)

    def whole_numbers(self) -> tuple[int, int]:
        """Return the first of the whole numbers that are drawn alike and within the clamp, and how many they are."""
        assert self.span is not None
        first, count = self.span
        low, high = max(first, math.ceil(self.low)), min(first + count - 1, math.floor(self.high))
        return low, max(high - low + 1, 0)

    def quantiles(self, u: Array, at: Slice) -> Values:
        """Return quantiles within the clamp."""
        return Values("float", np.clip(self.law.ppf(u, at).data, self.low, self.high))

    def draw(self, at: Slice) -> Values:
        """Return one number a row, within the clamp."""
        if self.span is not None:
            first, count = self.span
            drawn = np.floor(self.stream.uniform(at.rows) * count)
            drawn += first
        else:
            drawn = self.shape.sample(self.stream, at.rows)
        return Values("float", np.clip(drawn, self.low, self.high, out=drawn))


class NumberLaw:
    """A distribution as it is before its clamp; of whole numbers alike, each number with the same share."""

    def __init__(self, shape: Shape, span: tuple[int, int] | None) -> None:
        """Describe `shape`, or the whole numbers of `span` (the first, and how many)."""
        self.shape = shape
        self.span = span

    def ppf(self, u: Array, at: Slice) -> Values:
        """Return quantiles."""
        if self.span is None:
            return Values("float", self.shape.ppf(u))
        first, count = self.span
        return Values("float", np.floor(u * count) + first)

    def cdf(self, x: Array, at: Slice) -> Array:
        """Return the share at or below x."""
        if self.span is None:
            return self.shape.cdf(x)
        first, count = self.span
        return np.clip((np.floor(x) - first + 1) / count, 0.0, 1.0)

    def support(self) -> tuple[float, float]:
        """Return the lowest and highest value."""
        return self.shape.support() if self.span is None else (self.span[0], self.span[0] + self.span[1] - 1)


def whole_span(shape: Shape) -> tuple[int, int] | None:
    """Return the first whole number of a uniform distribution, and how many there are; None for another shape."""
    if shape.key != "uniform":
        return None
    low, high = shape.support()
    first, last = math.ceil(low), math.floor(high)
    return (first, last - first + 1) if last >= first else None


def quantiles(shape: Shape, clamp: list[float] | None, u: Array) -> Array:
    """Return quantiles of a distribution within an optional clamp."""
    drawn = shape.ppf(u)
    return drawn if clamp is None else np.clip(drawn, clamp[0], clamp[1])
