"""Weights by hour, weekday or month."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from datagen_engine.draw.stage import Clock, LinearStage, Site, Slice, Stage, TickShape
from datagen_engine.draw.ticks import cell_of
from datagen_engine.expression import Facts
from datagen_engine.generators.datetime_series import check_length
from datagen_engine.lazy import np
from datagen_engine.modifiers.arithmetic import times
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import OwnColumn, Weights

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite


class Seasonality(Modifier):
    """Numbers times the weight at the row's time; of dates, the chance of each tick."""

    key: ClassVar[str] = "seasonality"
    title: ClassVar[str] = "Seasonality"
    help: ClassVar[str] = (
        "Weights by hour, weekday or month: values rise and fall with them, times fall more often there."
    )
    samples = ({"dimension": "dow", "weights": [1, 1, 1, 1, 1.2, 1.5, 1.3]},)
    acts_on = frozenset({"int", "float", "datetime", "date"})

    dimension: Literal["hour", "dow", "month"] = Field(title="Dimension")
    weights: Weights = Field(title="Weights", description="24 by hour, 7 from Monday, or 12 from January.")
    time_reference: OwnColumn | None = Field(
        None, title="Time", description="The column that tells the row's time."
    )

    @model_validator(mode="after")
    def _right_length(self) -> Seasonality:
        check_length(self.dimension, self.weights)
        return self

    def bind(self, site: Site) -> Stage | None:
        """Prepare to weight numbers."""
        if site.type not in ("int", "float"):
            return None
        return SeasonalityStage(self.dimension, self.weights, site.clock(self.time_reference), site)

    def shape_ticks(self, site: Site) -> TickShape | None:
        """Return the weights as the chance of each tick."""
        return TickShape(cells=(self.dimension, self.weights))

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the bounds times the smallest and largest weight."""
        return (
            times(before, min(1.0, *self.weights), max(1.0, *self.weights))
            if site.type in ("int", "float")
            else before
        )


class SeasonalityStage(LinearStage):
    """Weight numbers by their time."""

    def __init__(self, dimension: str, weights: list[float], clock: Clock, site: Site) -> None:
        """Weight by a dimension of the row's time."""
        self.dimension = dimension
        self.weights = np.asarray(weights, dtype=np.float64)
        self.clock = clock
        self.needs = site.reads_time(clock)
        self.title = f"× {dimension}"

    def terms(self, at: Slice) -> tuple[Array, None]:
        """Return the weight as factor; where the time is null, it is 1."""
        time = at.time(self.clock)
        weight = self.weights[cell_of(time.instants(), self.dimension)]
        if time.valid is not None:
            weight = np.where(time.valid, weight, 1.0)
        return weight, None
