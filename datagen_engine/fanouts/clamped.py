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

__all__ = ["MOST_CHILDREN", "Clamped", "mean_between", "scaled"]

MOST_CHILDREN = 1e12
"""Children that one parent may have at most, whatever multiplies them: their sum must fit into 64 bits."""

_LONGEST_SUM = 100_000

Bound = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Clamped(Fanout):
    """A fanout that may be held between a fewest and a most number of children."""

    min: Bound | None = Field(None, title="Fewest")
    max: Bound | None = Field(None, title="Most")
    clamp: Annotated[list[Bound | None], Field(min_length=2, max_length=2)] | None = Field(
        None,
        title="Fewest and most",
        description="Another way to write min and max.",
        json_schema_extra={"rare": True},
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
        # fmax and fmin, which are never NaN: multipliers may be beyond all bounds.
        return np.fmin(np.fmax(whole, 0.0), MOST_CHILDREN).astype(np.int64)


def mean_between(
    bounds: tuple[float, float], mean: float, std: float, cdf: Callable[[Array], Array]
) -> float:
    """Return the expected value of a random count that is held between bounds: low + Σ P(count > k).

    Parameters
    ----------
    bounds
        The lowest and the highest count; a fraction is cut off, as of a count.
    mean, std, cdf
        Of the count before it is held.
    """
    low, high = (float(np.floor(end)) for end in bounds)
    # Beyond these the bounds are hardly ever felt.
    reach = 12 * std + 40
    if (low <= mean - reach or low == 0) and high >= mean + reach:
        return mean
    if reach > _LONGEST_SUM:
        return float(np.clip(mean, low, high))
    first, last = np.clip((mean - reach, mean + reach), low, high)
    first = np.floor(first)
    return float(first + np.sum(1.0 - cdf(np.arange(first, last))))


def scaled(drawn: Array, scale: Array | None, shift: Array | None) -> Array:
    """Return draws times their multipliers, plus what effects add."""
    if scale is not None:
        drawn = drawn * scale
    return drawn if shift is None else drawn + shift
