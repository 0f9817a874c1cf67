"""What fanouts share: a clamp, multipliers, and rounding that keeps the mean."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from datagen_engine.lazy import np
from datagen_engine.schema.parts import Fanout
from datagen_engine.schema.spec import refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Clamped", "scaled"]

Bound = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Clamped(Fanout):
    """A fanout that may be held between a fewest and a most number of children."""

    min: Bound | None = Field(None, title="Fewest")
    max: Bound | None = Field(None, title="Most")
    clamp: Annotated[list[Bound | None], Field(min_length=2, max_length=2)] | None = Field(
        None, title="Fewest and most", description="Another way to write min and max."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Clamped:
        low, high = self.bounds()
        if low > high:
            raise refuse("low-above-high", f"min ({low:g}) is above max ({high:g})")
        return self

    def bounds(self) -> tuple[float, float]:
        """Return the fewest and the most children where nothing multiplies them."""
        low, high = self.clamp or (None, None)
        low = self.min if self.min is not None else low
        high = self.max if self.max is not None else high
        return low or 0.0, float("inf") if high is None else high

    @abstractmethod
    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return what the distribution draws for each parent, before the clamp; float64."""

    def counts(
        self, u: Array, scale: Array | None, shift: Array | None, rounding: Callable[[], Array]
    ) -> Array:
        """Draw, clamp to min · scale and max · scale, and round so that the mean is kept."""
        drawn = self.drawn(u, scale, shift)
        low, high = self.bounds()
        if low > 0 or high < float("inf"):
            factor = 1.0 if scale is None else scale
            with np.errstate(invalid="ignore"):
                most = np.where(np.asarray(factor) > 0, high * np.asarray(factor), 0.0)
            drawn = np.clip(drawn, low * factor, most)
        if scale is not None:
            drawn = np.where(scale > 0, drawn, 0.0)
        whole = np.floor(drawn)
        if scale is not None or shift is not None:
            part = drawn - whole
            if part.any():
                whole += rounding() < part
        return np.maximum(whole, 0.0).astype(np.int64)


def scaled(drawn: Array, scale: Array | None, shift: Array | None) -> Array:
    """Return draws times their multipliers, plus what effects add."""
    if scale is not None:
        drawn = drawn * scale
    return drawn if shift is None else drawn + shift
