"""The triangular distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from datagen_engine.lazy import np
from datagen_engine.schema.parts import Distribution
from datagen_engine.schema.spec import Number, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class Triangular(Distribution):
    """Values between two ends, most often near the mode, falling off in straight lines."""

    key: ClassVar[str] = "triangular"
    title: ClassVar[str] = "Triangular"
    help: ClassVar[str] = "A guess by lowest, most likely and highest value: effort, prices, delivery times."
    samples = ({"low": 1, "mode": 3, "high": 10},)

    low: Number = Field(title="Lowest")
    mode: Number = Field(title="Most likely")
    high: Number = Field(title="Highest")

    @model_validator(mode="after")
    def _in_order(self) -> Triangular:
        if not self.low <= self.mode <= self.high:
            raise refuse(
                "low-above-high",
                f"expected low ≤ mode ≤ high, found low {self.low:g}, mode {self.mode:g}, high {self.high:g}",
            )
        return self

    @property
    def _peak(self) -> float:
        """Return the share of the values below the mode: (mode − low) / (high − low)."""
        # Halves, so that a difference beyond the largest float cannot occur.
        span = self.high / 2 - self.low / 2
        return (self.mode / 2 - self.low / 2) / span if span > 0 else 1.0

    def ppf(self, u: Array) -> Array:
        """Return low + (high − low) · s.

        s is √(u · c) below the mode, which has the share c, and 1 − √((1 − u)(1 − c)) above it.
        """
        c = self._peak
        s = np.where(u < c, np.sqrt(u * c), 1.0 - np.sqrt((1.0 - u) * (1.0 - c)))
        return self.low * (1.0 - s) + self.high * s

    def cdf(self, x: Array) -> Array:
        """Return s² / c below the mode and 1 − (1 − s)² / (1 − c) above it, s = (x − low) / (high − low)."""
        if self.high == self.low:
            return (x >= self.low).astype(float)
        c = self._peak
        s = np.clip((x / 2 - self.low / 2) / (self.high / 2 - self.low / 2), 0.0, 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):  # one side of the mode may be empty
            return np.where(s < c, s * s / c, 1.0 - (1.0 - s) ** 2 / (1.0 - c) if c < 1 else 1.0)

    def mean(self) -> float:
        """Return (low + mode + high) / 3."""
        return self.low / 3 + self.mode / 3 + self.high / 3

    def support(self) -> tuple[float, float]:
        """Return low and high."""
        return self.low, self.high
