"""The gamma distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.distributions.shapes import Scale, ShapeNumber
from datagen_engine.lazy import np, special
from datagen_engine.schema.parts import Distribution

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Gamma(Distribution):
    """The wait for the a-th of some independent events; P(a, x) is DLMF 8.2.4."""

    key: ClassVar[str] = "gamma"
    title: ClassVar[str] = "Gamma"
    help: ClassVar[str] = "Positive values with a tail to the right: durations, loads; a · scale on average."
    samples = ({"a": 2.0, "scale": 10.0},)

    a: ShapeNumber = Field(title="Shape", description="1 is exponential; the larger, the nearer to a bell.")
    scale: Scale = Field(title="Scale")

    def ppf(self, u: Array) -> Array:
        """Return scale · P⁻¹(a, u), of the regularised incomplete gamma function."""
        found: Array = special.gammaincinv(self.a, u)
        return self.scale * found

    def cdf(self, x: Array) -> Array:
        """Return P(a, x / scale), 0 where x < 0."""
        share: Array = special.gammainc(self.a, np.maximum(x, 0.0) / self.scale)
        return share

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw by numpy (Marsaglia & Tsang 2000)."""
        drawn = stream.drawn(rows, lambda generator, size: generator.standard_gamma(self.a, size))
        drawn *= self.scale
        return drawn

    def mean(self) -> float:
        """Return a · scale."""
        return self.a * self.scale

    def support(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return 0.0, math.inf
