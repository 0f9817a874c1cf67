"""The normal distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.lazy import special
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Number, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.rows import Rows
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array


class Normal(Distribution):
    """Values around a mean, as far off as `std` tells."""

    key: ClassVar[str] = "normal"
    title: ClassVar[str] = "Normal"
    help: ClassVar[str] = "A bell around the mean: heights, measurement errors, temperatures."
    samples = ({"mean": 50, "std": 10},)

    mean_: Number = Field(alias="mean", title="Mean")
    std: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(None, title="Standard deviation")
    sigma: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        None, title="Standard deviation (another name)", json_schema_extra={"rare": True}
    )

    @model_validator(mode="after")
    def _one_spread(self) -> Normal:
        if (self.std is None) == (self.sigma is None):
            raise refuse(
                "missing-key", "a normal distribution needs `std` (or `sigma`, which means the same)"
            )
        return self

    @property
    def spread(self) -> float:
        """Return the standard deviation, under either name."""
        return self.std if self.std is not None else self.sigma or 0.0

    def ppf(self, u: Array) -> Array:
        """Return mean + std · Φ⁻¹(u)."""
        z: Array = special.ndtri(u)
        return self.mean_ + self.spread * z

    def cdf(self, x: Array) -> Array:
        """Return Φ((x − mean) / std)."""
        if self.spread == 0:
            return (x >= self.mean_).astype(float)
        share: Array = special.ndtr((x - self.mean_) / self.spread)
        return share

    def sample(self, stream: Stream, rows: Rows) -> Array:
        """Draw by the ziggurat of numpy."""
        z = stream.drawn(rows, lambda generator, size: generator.standard_normal(size))
        z *= self.spread
        z += self.mean_
        return z

    def mean(self) -> float:
        """Return the mean."""
        return self.mean_
