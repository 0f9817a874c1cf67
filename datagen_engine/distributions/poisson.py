"""The Poisson distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from datagen_engine.draw.poisson import PoissonTable, poisson_cdf, poisson_ppf
from datagen_engine.schema.parts import Distribution

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class Poisson(Distribution):
    """How often something happens that happens `lambda` times on average."""

    key: ClassVar[str] = "poisson"
    title: ClassVar[str] = "Poisson"
    help: ClassVar[str] = "Counts of independent events: items in a basket, calls an hour."
    samples = ({"lambda": 2.5},)
    integer: ClassVar[bool] = True

    rate: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] = Field(
        alias="lambda", title="Mean count"
    )

    @cached_property
    def _table(self) -> PoissonTable:
        return PoissonTable(self.rate)

    def ppf(self, u: Array) -> Array:
        """Return the smallest count whose cumulative probability exceeds u."""
        return self._table.ppf(u).astype(float) if PoissonTable.fits(self.rate) else poisson_ppf(u, self.rate)

    def cdf(self, x: Array) -> Array:
        """Return the probability of at most x events."""
        return poisson_cdf(x, self.rate)

    def mean(self) -> float:
        """Return lambda."""
        return self.rate

    def support(self) -> tuple[float, float]:
        """Return 0 and infinity."""
        return 0.0, float("inf")
