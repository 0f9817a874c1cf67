"""A mixture of distributions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.search import smallest
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution, DistributionField
from datagen_engine.schema.spec import Weights, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Mixture(Distribution):
    """Each value from one of several distributions, picked by weight."""

    key: ClassVar[str] = "mixture"
    title: ClassVar[str] = "Mixture"
    help: ClassVar[str] = "Several groups in one column: small and large customers, weekdays and weekends."
    samples = (
        {
            "weights": [0.8, 0.2],
            "parts": [
                {"type": "normal", "params": {"mean": 20, "std": 4}},
                {"type": "normal", "params": {"mean": 60, "std": 10}},
            ],
        },
    )

    weights: Weights = Field(title="Weights", description="As many as distributions; they are normalised.")
    parts: Annotated[list[DistributionField], Field(min_length=1, max_length=100)] = Field(
        title="Distributions"
    )

    @model_validator(mode="after")
    def _as_many(self) -> Mixture:
        if len(self.weights) != len(self.parts):
            raise refuse(
                "bad-weights",
                f"as many weights as distributions: found {len(self.weights)} for {len(self.parts)}",
            )
        return self

    def _shares(self) -> Iterator[tuple[float, Distribution]]:
        """Yield every distribution that takes part, mixtures within this one taken apart, with its share."""
        total = sum(self.weights)
        for weight, part in zip(self.weights, self.parts, strict=True):
            if isinstance(part, Mixture):
                yield from ((weight / total * share, inner) for share, inner in part._shares() if weight > 0)
            elif weight > 0:
                yield weight / total, part

    @cached_property
    def _leaves(self) -> list[tuple[float, Distribution]]:
        return list(self._shares())

    @cached_property
    def _guide(self) -> Guide:
        return Guide(np.array([share for share, _ in self._leaves]))

    def ppf(self, u: Array) -> Array:
        """Return the smallest x with cdf(x) ≥ u, which lies among the quantiles of the parts."""
        quantiles = [part.ppf(u) for _, part in self._leaves]
        return smallest(self.cdf, u, np.minimum.reduce(quantiles), np.maximum.reduce(quantiles))

    def cdf(self, x: Array) -> Array:
        """Return the mean of the parts' shares, by weight."""
        total = np.zeros(x.shape)
        for share, part in self._leaves:
            total += share * part.cdf(x)
        return total

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Pick a part with one uniform number, and its quantile with another."""
        which = self._guide.ppf(stream.uniform(rows))
        u = replace(stream, purpose=f"{stream.purpose}/part").uniform(rows)
        out = np.empty(len(rows))
        for place, (_, part) in enumerate(self._leaves):
            here = np.flatnonzero(which == place)
            out[here] = part.ppf(u[here])
        return out

    def mean(self) -> float:
        """Return the mean of the parts' means, by weight."""
        return float(sum(share * part.mean() for share, part in self._leaves))

    def support(self) -> tuple[float, float]:
        """Return the lowest and the highest end of the parts."""
        ends = [part.support() for _, part in self._leaves]
        return min(low for low, _ in ends), max(high for _, high in ends)
