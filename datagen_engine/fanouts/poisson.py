"""Poisson fanout."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.draw.poisson import PoissonTable, poisson_cdf, poisson_ppf
from datagen_engine.fanouts.clamped import Clamped, mean_between
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class PoissonFanout(Clamped):
    """A Poisson number of children."""

    key: ClassVar[str] = "poisson"
    title: ClassVar[str] = "Poisson"
    help: ClassVar[str] = "Children come independently, `lambda` of them on average."
    samples = ({"lambda": 3.0, "min": 0, "max": 20}, {"lambda": 0.2})

    rate: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = Field(
        alias="lambda", title="Mean count"
    )

    @cached_property
    def _table(self) -> PoissonTable:
        return PoissonTable(self.rate)

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return a Poisson count of mean lambda · scale + shift for each parent."""
        if scale is None and shift is None and PoissonTable.fits(self.rate):
            return self._table.ppf(u).astype(np.float64)
        mean = self.rate * (1.0 if scale is None else scale) + (0.0 if shift is None else shift)
        return poisson_ppf(u, np.maximum(mean, 0.0))

    def mean(self) -> float:
        """Return lambda, within the clamp."""
        rate = self.rate
        return mean_between(self.bounds(), rate, math.sqrt(rate), lambda k: poisson_cdf(k, rate))
