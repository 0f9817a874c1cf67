"""A few values far off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import LinearStage, Site, Slice, Stage, TickShape
from datagen_engine.expression import Facts
from datagen_engine.generators.distribution import quantiles
from datagen_engine.lazy import np
from datagen_engine.modifiers.arithmetic import times
from datagen_engine.schema.parts import DistributionField, Modifier
from datagen_engine.schema.spec import Chance, Number, Spec, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite

_LARGEST = 1e12
Size = Annotated[float, Field(ge=0, le=_LARGEST, allow_inf_nan=False)]


class MagnitudeDistribution(Spec):
    """How far off an outlier is: a distribution, held within an optional clamp."""

    flat: ClassVar = {"of": ("type", "params")}

    shape: DistributionField = Field(alias="of", title="Distribution")
    clamp: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(None, title="Clamp")


class Outliers(Modifier):
    """A share of the values spikes or drops."""

    key: ClassVar[str] = "outliers"
    title: ClassVar[str] = "Outliers"
    help: ClassVar[str] = (
        "A share of the values × (1 + m), or ÷ (1 + m) in mode drop; of dates, a share of the days."
    )
    samples = (
        {
            "rate": 0.01,
            "mode": "spike",
            "magnitude_dist": {
                "type": "lognormal",
                "params": {"mean": 1.0, "sigma": 0.3},
                "clamp": [0.5, 10],
            },
        },
        {"rate": 0.02, "mode": "drop", "magnitude": 2},
    )
    acts_on = frozenset({"int", "float", "datetime", "date"})

    rate: Chance = Field(title="Share")
    mode: Literal["spike", "drop"] = Field("spike", title="Mode")
    magnitude_dist: MagnitudeDistribution | None = Field(None, title="Magnitude m from")
    magnitude: Size | None = Field(None, title="Magnitude m")
    allow_exceed: bool = Field(False, title="May exceed the declared range")

    @model_validator(mode="after")
    def _one_magnitude(self) -> Outliers:
        if (self.magnitude_dist is None) == (self.magnitude is None):
            raise refuse("one-of", "outliers need either `magnitude_dist` or `magnitude`")
        return self

    def factors(self, hit: Array, u: Array) -> Array:
        """Return the factor of each place: 1, or that of an outlier of magnitude quantile `u` where hit."""
        factor = np.ones(len(hit))
        struck = np.flatnonzero(hit < self.rate)
        if self.magnitude_dist is not None:
            sizes = quantiles(self.magnitude_dist.shape, self.magnitude_dist.clamp, u[struck])
            # A size below 0 would turn a spike into a drop, one beyond all bounds a value into none.
            sizes = np.clip(sizes, 0.0, _LARGEST)
        else:
            sizes = np.full(len(struck), self.magnitude or 0.0)
        factor[struck] = 1.0 + sizes if self.mode == "spike" else 1.0 / (1.0 + sizes)
        return factor

    def bind(self, site: Site) -> Stage | None:
        """Prepare to strike numbers."""
        if site.type not in ("int", "float"):
            return None
        return OutliersStage(self, site.stream("outliers/hit"), site.stream("outliers/size"))

    def shape_ticks(self, site: Site) -> TickShape | None:
        """Return the struck days as the chance of each tick."""
        hit, size = site.stream("outliers/hit"), site.stream("outliers/size")

        def days(numbers: Array) -> Array:
            # Days before 1970 count from the other end of the 64 bits: any number has its hash.
            rows = Rows.listed(numbers)
            return self.factors(hit.uniform(rows), size.uniform(rows))

        return TickShape(days=days)

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the bounds times the smallest and largest factor."""
        if site.type not in ("int", "float") or self.rate == 0:
            return before
        most = self.magnitude or 0.0
        if self.magnitude_dist is not None:
            most = (
                self.magnitude_dist.clamp[1]
                if self.magnitude_dist.clamp
                else self.magnitude_dist.shape.support()[1]
            )
        factor = 1.0 + max(most, 0.0)
        return times(before, 1.0, factor) if self.mode == "spike" else times(before, 1.0 / factor, 1.0)


class OutliersStage(LinearStage):
    """Strike numbers."""

    def __init__(self, outliers: Outliers, hit: Stream, size: Stream) -> None:
        """Draw whether from `hit`, and how far from `size`."""
        self.outliers = outliers
        self.hit = hit
        self.size = size
        self.title = outliers.mode

    def terms(self, at: Slice) -> tuple[Array | None, None]:
        """Return the factor of each row, 1 but for the struck ones."""
        hit = self.hit.uniform(at.rows)
        struck = np.flatnonzero(hit < self.outliers.rate)
        if not len(struck):
            return None, None
        factor = np.ones(len(hit))
        factor[struck] = self.outliers.factors(hit[struck], self.size.uniform(at.rows.take(struck)))
        return factor, None
