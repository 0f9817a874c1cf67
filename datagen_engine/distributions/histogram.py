"""A distribution given by the heights of its bars."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.guide import Guide
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Number, Weights, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class Histogram(Distribution):
    """Bars between edges: each holds its share of the values, spread evenly."""

    key: ClassVar[str] = "histogram"
    title: ClassVar[str] = "Histogram"
    help: ClassVar[str] = "Any shape, by bars: the share of the values between each two edges."
    samples = ({"edges": [0, 18, 30, 45, 65, 100], "weights": [20, 15, 22, 26, 17]},)

    edges: Annotated[list[Number], Field(min_length=2, max_length=100_001)] = Field(
        title="Edges", description="Rising; one more than bars."
    )
    weights: Weights = Field(title="Weights", description="One a bar; they are normalised.")

    @model_validator(mode="after")
    def _bars(self) -> Histogram:
        if len(self.edges) != len(self.weights) + 1:
            raise refuse(
                "bad-weights",
                f"one weight between each two edges: {len(self.edges)} edges have {len(self.edges) - 1}; "
                f"found {len(self.weights)}",
            )
        for before, after in zip(self.edges, self.edges[1:], strict=False):
            if before >= after:
                raise refuse("low-above-high", f"edges must rise; {after:g} comes after {before:g}")
        return self

    @cached_property
    def _guide(self) -> Guide:
        return Guide(np.asarray(self.weights))

    @cached_property
    def _ends(self) -> Array:
        return np.asarray(self.edges)

    def ppf(self, u: Array) -> Array:
        """Return the place in the bar in which the share u falls."""
        bar, part = self._guide.ppf_within(u)
        # Two products, so that a difference beyond the largest float cannot occur.
        place: Array = self._ends[bar] * (1.0 - part) + self._ends[bar + 1] * part
        return place

    def cdf(self, x: Array) -> Array:
        """Return the share of the bars below x, and of its own the part below x."""
        bar = np.clip(np.searchsorted(self._ends, x, side="right") - 1, 0, len(self.weights) - 1)
        low, high = self._ends[bar], self._ends[bar + 1]
        part = np.clip((x / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0)
        below = self._guide.cdf(bar - 1)
        share: Array = below + part * (self._guide.cdf(bar) - below)
        return share

    def mean(self) -> float:
        """Return the mean of the middles of the bars."""
        weights = np.asarray(self.weights)
        return float(np.sum((self._ends[:-1] / 2 + self._ends[1:] / 2) * (weights / weights.sum())))

    def support(self) -> tuple[float, float]:
        """Return the outer edges of the bars that hold anything."""
        held = [place for place, weight in enumerate(self.weights) if weight > 0]
        return self.edges[held[0]], self.edges[held[-1] + 1]
