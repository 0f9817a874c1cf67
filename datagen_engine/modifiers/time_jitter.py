"""Times a little off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator

from datagen_engine.draw.grid import Window
from datagen_engine.draw.stage import Site, Slice, Stage
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import refuse

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.schema.facts import CheckSite

Spread = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


class TimeJitter(Modifier):
    """Every time a little earlier or later, by a normal amount."""

    key: ClassVar[str] = "time_jitter"
    title: ClassVar[str] = "Time jitter"
    help: ClassVar[str] = (
        "Normal noise on times, so that they do not all lie on the grid; they stay in their window."
    )
    samples = ({"std_minutes": 15}, {"std": 30})
    acts_on = frozenset({"datetime", "date"})

    std_minutes: Spread | None = Field(
        None, title="Standard deviation", json_schema_extra={"unit": "minutes"}
    )
    std: Spread | None = Field(None, title="Standard deviation", json_schema_extra={"unit": "seconds"})

    @model_validator(mode="after")
    def _one_spread(self) -> TimeJitter:
        if (self.std_minutes is None) == (self.std is None):
            raise refuse("missing-key", "time_jitter needs `std_minutes`, or `std` in seconds")
        return self

    def bind(self, site: Site) -> Stage | None:
        """Prepare to move times."""
        if site.type not in self.acts_on:
            return None
        seconds = self.std if self.std is not None else (self.std_minutes or 0.0) * 60
        return TimeJitterStage(seconds, site.window, site.stream("time_jitter"))

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the same window where there is one: times are reflected into it."""
        if site.window is not None:
            return before
        return Facts("datetime", before.nullable, None, None) if site.type in self.acts_on else before


class TimeJitterStage(Stage):
    """Move times."""

    def __init__(self, seconds: float, window: Window | None, stream: Stream) -> None:
        """Move by N(0, seconds), reflected at the ends of the window."""
        self.microseconds = seconds * 1e6
        self.window = window
        self.stream = stream
        self.title = "time jitter"

    def noise(self, at: Slice) -> np.ndarray:
        """Return by how many microseconds each row is moved, before any reflection (int64)."""
        noise = self.stream.drawn(at.rows, lambda generator, size: generator.standard_normal(size))
        noise *= self.microseconds
        return np.rint(noise).astype(np.int64)

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the times moved; a date is moved as its midnight."""
        moved = values.instants() + self.noise(at)
        if self.window is not None:
            moved = reflect(moved, self.window)
        return Values("datetime", moved, values.valid)


def reflect(instants: np.ndarray, window: Window) -> np.ndarray:
    """Return instants outside a window mirrored at its ends, as often as it takes.

    >>> reflect(np.array([-3, 12, 25]), Window(0, 10)).tolist()
    [3, 8, 5]
    """
    span = window.end - window.start
    if span == 0:
        return np.full_like(instants, window.start)
    folded = (instants - window.start) % (2 * span)
    return np.where(folded > span, 2 * span - folded, folded) + window.start
