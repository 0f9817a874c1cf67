"""Negative binomial fanout."""

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
from datagen_engine.draw.poisson import poisson_cdf, poisson_ppf
from datagen_engine.fanouts.clamped import MOST_CHILDREN, Clamped, mean_between
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class NegativeBinomialFanout(Clamped):
    """A number of children that varies more than a Poisson one: of variance mean + dispersion · mean²."""

    key: ClassVar[str] = "negative_binomial"
    title: ClassVar[str] = "Negative binomial"
    help: ClassVar[str] = (
        "Many parents with few children and some with many; the larger the dispersion, the more so."
    )
    samples = ({"mean": 4.0, "dispersion": 0.8}, {"mean": 2.0, "dispersion": 0.5, "max": 50})

    average: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = Field(
        alias="mean", title="Mean count"
    )
    dispersion: Annotated[float, Field(ge=0, le=1e3, allow_inf_nan=False)] = Field(
        title="Dispersion", description="The variance is mean + dispersion × mean²; 0 is Poisson."
    )

    @cached_property
    def _table(self) -> CountTable | None:
        if self.dispersion == 0 or self.average == 0:
            return None
        return negative_binomial_table(1 / self.dispersion, 1 / (1 + self.dispersion * self.average))

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return a count of mean · scale + shift, of the same dispersion, for each parent."""
        if scale is None and shift is None and self._table is not None:
            return self._table.ppf(u)
        mean = self.average * (1.0 if scale is None else scale) + (0.0 if shift is None else shift)
        mean = np.clip(mean, 0.0, MOST_CHILDREN)
        if self.dispersion == 0:
            return poisson_ppf(u, mean)
        return negative_binomial_ppf(u, 1 / self.dispersion, mean)

    def mean(self) -> float:
        """Return the mean, within the clamp."""
        mean, size = self.average, 1 / self.dispersion if self.dispersion else math.inf
        std = math.sqrt(mean + self.dispersion * mean**2)

        def cdf(k: Array) -> Array:
            if size == math.inf:
                return poisson_cdf(k, mean)
            return negative_binomial_cdf(k, size, size / (size + mean))

        return mean_between(self.bounds(), mean, std, cdf)
