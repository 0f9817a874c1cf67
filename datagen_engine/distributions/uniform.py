"""The uniform distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Number, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class Uniform(Distribution):
    """Every value between two ends alike; of whole numbers both ends included."""

    key: ClassVar[str] = "uniform"
    title: ClassVar[str] = "Uniform"
    help: ClassVar[str] = "Every value from low to high is as likely as any other."
    samples = ({"low": 0, "high": 100},)

    low: Number = Field(title="Lowest")
    high: Number = Field(title="Highest")

    @model_validator(mode="after")
    def _in_order(self) -> Uniform:
        if self.low > self.high:
            raise refuse("low-above-high", f"low ({self.low:g}) is above high ({self.high:g})")
        return self

    def ppf(self, u: Array) -> Array:
        """Return low + u · (high − low)."""
        # Two products, so that a difference beyond the largest float cannot occur.
        return self.low * (1.0 - u) + self.high * u

    def cdf(self, x: Array) -> Array:
        """Return (x − low) / (high − low), within 0 and 1."""
        if self.high == self.low:
            return (x >= self.low).astype(float)
        return np.clip((x / 2 - self.low / 2) / (self.high / 2 - self.low / 2), 0.0, 1.0)

    def mean(self) -> float:
        """Return the middle."""
        return self.low / 2 + self.high / 2

    def support(self) -> tuple[float, float]:
        """Return low and high."""
        return self.low, self.high
