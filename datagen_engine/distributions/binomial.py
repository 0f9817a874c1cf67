"""The binomial distribution."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.draw.countable import CountTable
from datagen_engine.lazy import np, special
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Chance, Whole

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class Binomial(Distribution):
    """How many of n attempts succeed, each with chance p."""

    key: ClassVar[str] = "binomial"
    title: ClassVar[str] = "Binomial"
    help: ClassVar[str] = (
        "How many of n attempts succeed, each with chance p: defects in a batch, answers of 20."
    )
    samples = ({"n": 20, "p": 0.3},)
    integer: ClassVar[bool] = True

    n: Annotated[Whole, Field(ge=0, le=1_000_000_000)] = Field(title="Attempts")
    p: Chance = Field(title="Chance of success")

    @cached_property
    def _table(self) -> CountTable:
        if self.p in (0, 1):
            return CountTable(self.n if self.p else 0, np.empty(0))
        # What lies further off has, together, a chance below 10⁻¹⁶: at most 400,000 numbers are left.
        mean = self.n * self.p
        reach = 12 * math.sqrt(mean * (1 - self.p)) + 40
        low, high = max(0, math.floor(mean - reach)), min(self.n, math.ceil(mean + reach))
        k = np.arange(low + 1, high + 1, dtype=np.float64)
        # p(k) / p(k − 1), from the definition of the binomial coefficients.
        return CountTable(low, (self.n - k + 1) / k * (self.p / (1 - self.p)))

    def ppf(self, u: Array) -> Array:
        """Return the smallest count whose cumulative probability exceeds u."""
        return self._table.ppf(u)

    def cdf(self, x: Array) -> Array:
        """Return the probability of at most x successes, 1 − I_p(x + 1, n − x) (DLMF 8.17.5)."""
        counts = np.clip(np.floor(x), 0.0, self.n)
        inside = np.minimum(counts, self.n - 1.0)
        share = special.betaincc(np.maximum(inside, 0.0) + 1.0, np.maximum(self.n - inside, 1.0), self.p)
        return np.where(x < 0, 0.0, np.where(counts >= self.n, 1.0, share))

    def mean(self) -> float:
        """Return n · p."""
        return self.n * self.p

    def support(self) -> tuple[float, float]:
        """Return 0 and n, or the one count that is certain."""
        return self.n * float(self.p == 1), self.n * float(self.p > 0)
