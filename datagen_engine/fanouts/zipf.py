"""Zipf fanout."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.shares import zipf
from datagen_engine.fanouts.clamped import Clamped, scaled
from datagen_engine.lazy import np
from datagen_engine.schema.spec import refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

_LONGEST = 1_000_000


class ZipfFanout(Clamped):
    """A number of children from 1 to max, k of them with a chance ∝ k^−a."""

    key: ClassVar[str] = "zipf"
    title: ClassVar[str] = "Zipf"
    help: ClassVar[str] = (
        "Most parents with one child, a few with very many: k children with a chance ∝ k^−a, up to max."
    )
    samples = ({"a": 1.5, "max": 100},)

    a: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = Field(
        title="Exponent", description="The larger, the rarer are many children; 0 is uniform."
    )

    def bounds(self) -> tuple[float, float]:
        """Return 1, or min where it is more, and max."""
        low, high = super().bounds()
        return max(low, 1.0), high

    @model_validator(mode="after")
    def _one_end(self) -> ZipfFanout:
        _, high = self.bounds()
        if not (high.is_integer() and high <= _LONGEST):  # no `max` is infinite, so not whole
            raise refuse("missing-key", f"a zipf fanout needs `max`, a whole number up to {_LONGEST:,}")
        return self

    @cached_property
    def _weights(self) -> Array:
        return zipf(int(self.bounds()[1]), self.a)

    @cached_property
    def _guide(self) -> Guide:
        return Guide(self._weights)

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return a number from 1 to max, times scale, plus shift."""
        return scaled(self._guide.ppf(u) + 1.0, scale, shift)

    def mean(self) -> float:
        """Return Σ k · k^−a / Σ k^−a, within the clamp."""
        low, high = self.bounds()
        return float(np.sum(np.maximum(np.arange(1.0, high + 1), np.floor(low)) * self._weights))
