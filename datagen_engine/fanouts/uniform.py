"""Uniform fanout."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from datagen_engine.fanouts.clamped import Clamped, scaled
from datagen_engine.lazy import np
from datagen_engine.schema.spec import Number, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array


class UniformFanout(Clamped):
    """Every number of children between two ends alike, both included."""

    key: ClassVar[str] = "uniform"
    title: ClassVar[str] = "Uniform"
    help: ClassVar[str] = "Every whole number from min to max is as likely as any other."
    samples = ({"min": 1, "max": 4},)

    rate: Number | None = Field(
        None, alias="lambda", title="Lambda (ignored)", json_schema_extra={"rare": True}
    )

    @model_validator(mode="after")
    def _both_ends(self) -> UniformFanout:
        low, high = self.bounds()
        if not low.is_integer() or not high.is_integer():  # no `max` is infinite, so not whole
            raise refuse("missing-key", "a uniform fanout needs `min` and `max`, whole numbers")
        return self

    def drawn(self, u: Array, scale: Array | None, shift: Array | None) -> Array:
        """Return a whole number from min to max, times scale, plus shift."""
        low, high = self.bounds()
        return scaled(np.floor(u * (high - low + 1)) + low, scale, shift)

    def mean(self) -> float:
        """Return the middle."""
        low, high = self.bounds()
        return (low + high) / 2
