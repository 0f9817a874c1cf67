"""Hold between two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.stage import LimitStage, Site, Slice, Stage
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.modifiers.arithmetic import NUMBERS, moved, with_numbers
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import Number, refuse

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


class Clamp(Modifier):
    """What lies outside becomes the nearer end."""

    key: ClassVar[str] = "clamp"
    title: ClassVar[str] = "Clamp"
    help: ClassVar[str] = "Hold every value between a lowest and a highest one; either may be missing."
    samples = ({"min": 0, "max": 100}, {"min": 0})

    min: Number | None = Field(None, title="Lowest")
    max: Number | None = Field(None, title="Highest")

    @model_validator(mode="after")
    def _in_order(self) -> Clamp:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise refuse("low-above-high", f"min ({self.min:g}) is above max ({self.max:g})")
        return self

    def bind(self, site: Site) -> Stage | None:
        """Prepare to clamp numbers."""
        return ClampStage(self.min, self.max) if site.type in self.acts_on else None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the bounds within the clamp."""
        if before.type not in NUMBERS:
            return before
        low = float("-inf") if self.min is None else self.min
        high = float("inf") if self.max is None else self.max
        after = moved(before, lambda x: min(max(x, low), high))
        return Facts(
            after.type,
            after.nullable,
            after.low if after.low is not None else self.min,
            after.high if after.high is not None else self.max,
            after.values,
        )


class ClampStage(LimitStage):
    """Clamp numbers."""

    def __init__(self, low: float | None, high: float | None) -> None:
        """Hold between `low` and `high`."""
        self.low = low
        self.high = high
        self.title = f"clamp {'' if low is None else f'{low:g}'}…{'' if high is None else f'{high:g}'}"

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the values, those outside set to the nearer end."""
        if not values.is_number or (self.low is None and self.high is None):
            return values
        return with_numbers(values, np.clip(values.data.astype(np.float64), self.low, self.high))
