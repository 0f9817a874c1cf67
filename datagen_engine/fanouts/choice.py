"""Fanout by choice."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.guide import Guide
from datagen_engine.fanouts.clamped import Clamped, scaled
from datagen_engine.lazy import np
from datagen_engine.schema.spec import Weights, Whole, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

Count = Annotated[Whole, Field(ge=0, le=1_000_000_000)]


class ChoiceFanout(Clamped):
    """One of some numbers of children, each with its share."""

    key: ClassVar[str] = "choice"
    title: ClassVar[str] = "Choice"
    help: ClassVar[str] = "One of some numbers of children by weight, such as mostly 1, often 2, seldom 5."
    samples = ({"values": [0, 1, 2, 5], "weights": [1, 6, 2, 1]},)

    values: Annotated[list[Count], Field(min_length=1, max_length=1_000_000)] = Field(
        title="Numbers of children"
    )
    weights: Weights = Field(title="Weights", description="As many as values; they are normalised.")

    @model_validator(mode="after")
    def _as_many(self) -> ChoiceFanout:
        if len(self.weights) != len(self.values):
            raise refuse(
                "bad-weights", f"as many weights as values: found {len(self.weights)} for {len(self.values)}"
            )
        return self

    @cached_property
    def _guide(self) -> Guide:
        return Guide(np.asarray(self.weights))

    @cached_property
    def _options(self) -> Array:
        return np.asarray(self.values, dtype=np.float64)

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return one of the values, times scale, plus shift."""
        return scaled(self._options[self._guide.ppf(u)], scale, shift)

    def mean(self) -> float:
        """Return the mean of the values by weight, within the clamp."""
        weights = np.asarray(self.weights)
        low, high = self.bounds()
        held = np.floor(np.clip(self._options, low, high))
        return float(np.sum(held * (weights / weights.sum())))
