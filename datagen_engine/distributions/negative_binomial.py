"""The negative binomial distribution."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.draw.countable import CountTable
from datagen_engine.draw.negative_binomial import (
    negative_binomial_cdf,
    negative_binomial_ppf,
    negative_binomial_table,
)
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class NegativeBinomial(Distribution):
    """How many attempts fail before the n-th success, each succeeding with chance p; scipy.stats.nbinom."""

    key: ClassVar[str] = "negative_binomial"
    title: ClassVar[str] = "Negative binomial"
    help: ClassVar[str] = (
        "Counts that vary more than Poisson ones: visits, claims, failures before the n-th success."
    )
    samples = ({"n": 3, "p": 0.4},)
    integer: ClassVar[bool] = True

    n: Annotated[float, Field(ge=0.01, le=1e6, allow_inf_nan=False)] = Field(
        title="Successes", description="Need not be whole: the smaller, the more the counts vary."
    )
    p: Annotated[float, Field(ge=1e-6, le=1, allow_inf_nan=False)] = Field(title="Chance of success")

    @cached_property
    def _table(self) -> CountTable | None:
        return negative_binomial_table(self.n, self.p)

    def ppf(self, u: Array) -> Array:
        """Return the smallest count whose cumulative probability exceeds u."""
        return negative_binomial_ppf(u, self.n, self.mean()) if self._table is None else self._table.ppf(u)

    def cdf(self, x: Array) -> Array:
        """Return the probability of at most x failures."""
        return negative_binomial_cdf(x, self.n, self.p)

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw from the table; what is too wide for one by numpy, as Poisson counts of gamma rates."""
        if self._table is not None:
            return super().sample(stream, rows)
        drawn = stream.drawn(rows, lambda generator, size: generator.negative_binomial(self.n, self.p, size))
        return drawn.astype(np.float64)

    def mean(self) -> float:
        """Return n · (1 − p) / p."""
        return self.n * (1 - self.p) / self.p

    def support(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return 0.0, math.inf
