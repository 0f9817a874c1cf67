"""The beta distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.distributions.shapes import ShapeNumber
from datagen_engine.lazy import np, special
from datagen_engine.schema.parts import Distribution

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Beta(Distribution):
    """Shares between 0 and 1; I_x(a, b) is DLMF 8.17.2."""

    key: ClassVar[str] = "beta"
    title: ClassVar[str] = "Beta"
    help: ClassVar[str] = "Shares between 0 and 1: rates, scores, percentages; a / (a + b) on average."
    samples = ({"a": 2.0, "b": 5.0},)

    a: ShapeNumber = Field(title="Weight of high values")
    b: ShapeNumber = Field(title="Weight of low values")

    def ppf(self, u: Array) -> Array:
        """Return the inverse of the regularised incomplete beta function at u."""
        found: Array = special.betaincinv(self.a, self.b, u)
        return found

    def cdf(self, x: Array) -> Array:
        """Return I_x(a, b), the regularised incomplete beta function."""
        share: Array = special.betainc(self.a, self.b, np.clip(x, 0.0, 1.0))
        return share

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw by numpy."""
        return stream.drawn(rows, lambda generator, size: generator.beta(self.a, self.b, size))

    def mean(self) -> float:
        """Return a / (a + b)."""
        return self.a / (self.a + self.b)

    def support(self) -> tuple[float, float]:
        """Return 0 and 1."""
        return 0.0, 1.0
