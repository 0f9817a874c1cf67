"""The exponential distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.distributions.shapes import Scale
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Exponential(Distribution):
    """The wait for something that may happen at any moment alike."""

    key: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential"
    help: ClassVar[str] = (
        "Waits between independent events, `scale` on average: short ones often, long ones rarely."
    )
    samples = ({"scale": 12.0},)

    scale: Scale = Field(title="Mean")

    def ppf(self, u: Array) -> Array:
        """Return −scale · ln(1 − u)."""
        return -self.scale * np.log1p(-u)

    def cdf(self, x: Array) -> Array:
        """Return 1 − e^(−x / scale), 0 where x < 0."""
        return -np.expm1(-np.maximum(x, 0.0) / self.scale)

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw by the ziggurat of numpy."""
        drawn = stream.drawn(rows, lambda generator, size: generator.standard_exponential(size))
        drawn *= self.scale
        return drawn

    def mean(self) -> float:
        """Return scale."""
        return self.scale

    def support(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return 0.0, math.inf
