"""The Bernoulli distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Chance

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class Bernoulli(Distribution):
    """1 with chance p, else 0."""

    key: ClassVar[str] = "bernoulli"
    title: ClassVar[str] = "Bernoulli"
    help: ClassVar[str] = "1 with chance p, else 0; in a bool column true and false."
    samples = ({"p": 0.3},)
    integer: ClassVar[bool] = True

    p: Chance = Field(title="Chance of 1")

    def ppf(self, u: Array) -> Array:
        """Return 1 where u > 1 − p."""
        return (u > 1 - self.p).astype(float)

    def cdf(self, x: Array) -> Array:
        """Return 0 below 0, 1 − p below 1, else 1."""
        return np.where(x < 0, 0.0, np.where(x < 1, 1 - self.p, 1.0))

    def mean(self) -> float:
        """Return p."""
        return self.p

    def support(self) -> tuple[float, float]:
        """Return 0 and 1, or the one that is certain."""
        return float(self.p == 1), float(self.p > 0)
