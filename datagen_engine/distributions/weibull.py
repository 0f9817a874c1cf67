"""The Weibull distribution."""

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


class Weibull(Distribution):
    """Lifetimes whose risk rises (c > 1) or falls (c < 1) with age; scipy.stats.weibull_min."""

    key: ClassVar[str] = "weibull"
    title: ClassVar[str] = "Weibull"
    help: ClassVar[str] = (
        "Lifetimes of parts that wear out (c above 1), or that fail early if at all (c below 1)."
    )
    samples = ({"c": 1.5, "scale": 100.0},)

    c: ShapeNumber = Field(title="Shape", description="1 is exponential.")
    scale: Scale = Field(title="Scale", description="63 % of the values lie below it.")

    def ppf(self, u: Array) -> Array:
        """Return scale · (−ln(1 − u))^(1 / c)."""
        return self._stretched(-np.log1p(-u))

    def cdf(self, x: Array) -> Array:
        """Return 1 − e^(−(x / scale)^c), 0 where x < 0."""
        with np.errstate(over="ignore"):
            return -np.expm1(-((np.maximum(x, 0.0) / self.scale) ** self.c))

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw exponential numbers by the ziggurat of numpy, and stretch them."""
        return self._stretched(
            stream.drawn(rows, lambda generator, size: generator.standard_exponential(size))
        )

    def _stretched(self, waits: Array) -> Array:
        with np.errstate(over="ignore"):
            stretched: Array = self.scale * waits ** (1 / self.c)
            return stretched

    def mean(self) -> float:
        """Return scale · Γ(1 + 1 / c)."""
        try:
            return self.scale * math.gamma(1 + 1 / self.c)
        except OverflowError:
            return math.inf

    def support(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return 0.0, math.inf
