"""The lognormal distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.lazy import np, special
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Number

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Lognormal(Distribution):
    """exp(N(mean, sigma)): many small values and a long tail of large ones."""

    key: ClassVar[str] = "lognormal"
    title: ClassVar[str] = "Lognormal"
    help: ClassVar[str] = (
        "Many small values and a few large ones: prices, incomes, durations. The median is e^mean."
    )
    samples = ({"mean": 3.2, "sigma": 0.6},)

    mean_: Number = Field(alias="mean", title="Mean of the logarithm", description="The median is e^mean.")
    sigma: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        title="Standard deviation of the logarithm"
    )

    def ppf(self, u: Array) -> Array:
        """Return exp(mean + sigma · Φ⁻¹(u))."""
        with np.errstate(over="ignore"):
            quantiles: Array = np.exp(self.mean_ + self.sigma * special.ndtri(u))
        return quantiles

    def cdf(self, x: Array) -> Array:
        """Return Φ((ln x − mean) / sigma), 0 where x ≤ 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(np.maximum(x, 0.0))
        if self.sigma == 0:
            return (logs >= self.mean_).astype(float)
        share: Array = special.ndtr((logs - self.mean_) / self.sigma)
        return share

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw the normal by numpy's ziggurat, then exponentiate."""
        z = stream.drawn(rows, lambda generator, size: generator.standard_normal(size))
        z *= self.sigma
        z += self.mean_
        with np.errstate(over="ignore"):
            return np.exp(z, out=z)

    def mean(self) -> float:
        """Return exp(mean + sigma² / 2)."""
        try:
            return math.exp(self.mean_ + self.sigma**2 / 2)
        except OverflowError:
            return math.inf

    def support(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return 0.0, math.inf
