"""The Pareto distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.distributions.shapes import Scale, ShapeNumber
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Pareto(Distribution):
    """A power law from `scale` on: Pareto's type I, with the parameters of scipy.stats.pareto."""

    key: ClassVar[str] = "pareto"
    title: ClassVar[str] = "Pareto"
    help: ClassVar[str] = "A few values hold most of the sum: wealth, sales by product, sizes of files."
    samples = ({"b": 1.5, "scale": 10.0},)

    b: ShapeNumber = Field(
        title="Shape", description="The smaller, the heavier the tail; no finite mean up to 1."
    )
    scale: Scale = Field(title="Lowest value")

    def ppf(self, u: Array) -> Array:
        """Return scale · (1 − u)^(−1 / b)."""
        return self._grown(-np.log1p(-u))

    def cdf(self, x: Array) -> Array:
        """Return 1 − (scale / x)^b, 0 where x < scale."""
        return -np.expm1(self.b * np.log(self.scale / np.maximum(x, self.scale)))

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw the logarithm, which is exponential, by the ziggurat of numpy."""
        return self._grown(stream.drawn(rows, lambda generator, size: generator.standard_exponential(size)))

    def _grown(self, waits: Array) -> Array:
        with np.errstate(over="ignore"):
            return self.scale * np.exp(waits / self.b)

    def mean(self) -> float:
        """Return b · scale / (b − 1); infinity where b ≤ 1."""
        return self.b * self.scale / (self.b - 1) if self.b > 1 else math.inf

    def support(self) -> tuple[float, float]:
        """Return scale and infinity."""
        return self.scale, math.inf
