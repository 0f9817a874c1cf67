"""A time from a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from datagen_engine.draw.grid import Grid, Window
from datagen_engine.draw.stage import Site, Slice, Source, TickShape
from datagen_engine.draw.ticks import DIMENSIONS, MOST_STRETCHES, TickLaw, stretch_count
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.schema.document import Frequency, WindowSpec
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Spec, Weights, refuse

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite


class Pattern(Spec):
    """How much more often some hours, weekdays or months occur than others."""

    dimension: Literal["hour", "dow", "month"] = Field(title="Dimension")
    weights: Weights = Field(title="Weights", description="24 by hour, 7 from Monday, or 12 from January.")

    @model_validator(mode="after")
    def _right_length(self) -> Pattern:
        check_length(self.dimension, self.weights)
        return self


def check_length(dimension: str, weights: list[float]) -> None:
    """Refuse weights that are not as many as the dimension has cells."""
    wanted = DIMENSIONS[dimension]
    if len(weights) != wanted:
        raise refuse("bad-weights", f"the dimension {dimension} has {wanted} weights; found {len(weights)}")


class DatetimeSeries(Generator):
    """A tick of a grid, by hour, weekday and month."""

    key: ClassVar[str] = "datetime_series"
    title: ClassVar[str] = "Date or time"
    help: ClassVar[str] = (
        "A time on a grid, such as every hour of the timeframe; patterns say when more happens."
    )
    samples = (
        {"within": "timeframe"},
        {
            "within": {"start": "2024-01-01", "end": "2024-06-30"},
            "freq": "15min",
            "pattern": {"dimension": "dow", "weights": [1, 1, 1, 1, 1.2, 1.5, 1.3]},
        },
    )
    types = frozenset({"datetime", "date"})

    within: Literal["timeframe"] | WindowSpec = Field(
        title="Within", description='"timeframe", or {start, end}.'
    )
    freq: Frequency | None = Field(
        None, title="Grid", description="A pandas offset alias; else the timeframe's."
    )
    pattern: Pattern | None = Field(None, title="Pattern", json_schema_extra={"rare": True})
    patterns: list[Pattern] = Field([], title="Patterns", description="Their weights are multiplied.")

    def window(self, site: Site) -> Window:
        """Return the span that times are drawn from."""
        return site.timeframe if self.within == "timeframe" else self.within.window

    def shapes(self) -> list[TickShape]:
        """Return the patterns, under either name, as shapes."""
        every = [*([self.pattern] if self.pattern else []), *self.patterns]
        return [TickShape(cells=(pattern.dimension, pattern.weights)) for pattern in every]

    def grid(self, site: Site) -> Grid:
        """Return the grid; raises ValueError where there is none."""
        return Grid(self.window(site), self.freq or site.frequency)

    def bind(self, site: Site) -> Source:
        """Prepare the shares of the stretches."""
        shapes = [*self.shapes(), *site.tick_shapes]
        return TickSource(lambda: TickLaw(self.grid(site), shapes), shapes, site.stream("tick"))

    def facts(self, site: CheckSite) -> Facts:
        """Return the window."""
        window = self.window(site)
        return Facts(type="datetime", nullable=False, low=float(window.start), high=float(window.end))

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find a grid that has no tick, too many stretches, or no weight anywhere."""
        try:
            grid = self.grid(site)
        except ValueError as error:
            yield Problem("bad-grid", ("freq",) if self.freq else ("within",), str(error))
            return
        if stretch_count(grid, self.shapes()) > MOST_STRETCHES:
            yield Problem(
                "grid-too-long",
                ("within",),
                f"the patterns cut this window into more than {MOST_STRETCHES:,} stretches; use a shorter window",
            )
            return
        # Where every weight is above 0, so is that of every tick.
        if any(0 in shape.cells[1] for shape in self.shapes() if shape.cells):
            try:
                TickLaw(grid, self.shapes())
            except ValueError as error:
                yield Problem(
                    "no-weight", ("pattern",) if self.pattern else ("patterns",), f"{error} in this window"
                )


class TickSource(Source):
    """Draw ticks."""

    has_law = True

    def __init__(self, make: Callable[[], TickLaw], shapes: Sequence[TickShape], stream: Stream) -> None:
        """Draw by the law of the ticks, which is made when it is first needed."""
        self._make = make
        self.stream = stream
        self.needs = [node for shape in shapes for node in shape.needs]

    @cached_property
    def law(self) -> TimeLaw:  # type: ignore[override]  # made on demand where the base holds a value
        """Return the ticks as a distribution of times."""
        return TimeLaw(self._make())

    def quantiles(self, u: Array, at: Slice) -> Values:
        """Return quantiles of the times."""
        return self.law.ppf(u, at)

    def draw(self, at: Slice) -> Values:
        """Return one time a row."""
        return self.law.ppf(self.stream.uniform(at.rows), at)


class TimeLaw:
    """The ticks as a distribution of times."""

    def __init__(self, ticks: TickLaw) -> None:
        """Wrap the law of the ticks."""
        self.ticks = ticks

    def support(self) -> tuple[float, float]:
        """Return the first and the last tick."""
        return self.ticks.ends()

    def ppf(self, u: Array, at: Slice) -> Values:
        """Return the time of each share."""
        return Values("datetime", self.ticks.ppf(u, at))

    def cdf(self, x: Array, at: Slice) -> Array:
        """Return the share of times at or before x (microseconds)."""
        return self.ticks.cdf(x, at)
