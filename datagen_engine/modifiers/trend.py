"""Growth over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from datagen_engine.draw.stage import Clock, LinearStage, Site, Slice, Stage
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.modifiers.arithmetic import widened
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import Number, OwnColumn, Spec, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite

_YEAR = 365.25 * 86_400_000_000


class TrendParams(Spec):
    """The two numbers of a logarithmic trend."""

    a: Number = Field(title="a")
    b: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(title="b")


class Trend(Modifier):
    """Values that grow or shrink from the start of the timeframe on."""

    key: ClassVar[str] = "trend"
    title: ClassVar[str] = "Trend"
    help: ClassVar[str] = (
        "Growth since the timeframe's start: exponential (1+g)^t, linear 1+g·t, logarithmic 1+a·ln(1+b·t); t in years."
    )
    samples = (
        {"type": "exponential", "growth_rate": 0.12},
        {"type": "logarithmic", "params": {"a": 0.3, "b": 2.0}},
    )

    type: Literal["exponential", "linear", "logarithmic"] = Field(title="Shape")
    growth_rate: Number | None = Field(None, title="Growth a year", description="0.1 is 10 %.")
    params: TrendParams | None = Field(None, title="Parameters of a logarithmic trend")
    time_reference: OwnColumn | None = Field(
        None, title="Time", description="The column that tells the row's time."
    )

    @model_validator(mode="after")
    def _complete(self) -> Trend:
        if self.type == "logarithmic":
            if self.params is None:
                raise refuse("missing-key", "a logarithmic trend needs `params` with a and b")
        elif self.growth_rate is None:
            raise refuse("missing-key", f"a trend of type {self.type} needs `growth_rate`")
        if self.type == "exponential" and (self.growth_rate or 0.0) <= -1:
            raise refuse("out-of-limits", "the growth rate of an exponential trend must be above -1")
        return self

    def factor(self, years: Array) -> Array:
        """Return the factor at some times, in years of 365.25 days since the timeframe's start."""
        rate = self.growth_rate or 0.0
        if self.type == "exponential":
            return np.power(1.0 + rate, years)
        if self.type == "linear":
            return 1.0 + rate * years
        assert self.params is not None
        return 1.0 + self.params.a * np.log1p(self.params.b * np.maximum(years, 0.0))

    def bind(self, site: Site) -> Stage | None:
        """Prepare to scale numbers."""
        return TrendStage(self, site.clock(self.time_reference), site) if site.type in self.acts_on else None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return no bounds, but for what cannot change sign."""
        if self.type == "exponential" and before.low is not None and before.low >= 0:
            return widened(before, 0.0)
        return widened(before)


class TrendStage(LinearStage):
    """Scale numbers by their time."""

    def __init__(self, trend: Trend, clock: Clock, site: Site) -> None:
        """Measure time from the start of the timeframe."""
        self.trend = trend
        self.clock = clock
        self.start = site.timeframe.start
        self.needs = site.reads_time(clock)
        self.title = "× trend"

    def terms(self, at: Slice) -> tuple[Array, None]:
        """Return the factor; where the time is null, it is 1."""
        time = at.time(self.clock)
        factor = self.trend.factor((time.instants() - self.start) / _YEAR)
        if time.valid is not None:
            factor = np.where(time.valid, factor, 1.0)
        return factor, None
