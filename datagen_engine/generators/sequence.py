"""A running number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.draw.stage import Site, Slice, Source
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Whole

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite

_LARGEST = 2**62


class Sequence(Generator):
    """A running number: start, start + step, start + 2 · step and so on."""

    key: ClassVar[str] = "sequence"
    title: ClassVar[str] = "Sequence"
    help: ClassVar[str] = "A running number: start + step × row number. The usual primary key."
    samples = ({}, {"start": 1000, "step": 10})
    types = frozenset({"int", "float", "string"})

    start: Whole = Field(1, title="First value")
    step: Whole = Field(1, title="Step")

    def bind(self, site: Site) -> Source:
        """Prepare to count."""
        return SequenceSource(self.start, self.step)

    def facts(self, site: CheckSite) -> Facts:
        """Return the first and, from the expected number of rows, the last value."""
        last = self.start + self.step * max(0.0, site.rows(site.table) * 2)
        return Facts(type="int", nullable=False, low=min(self.start, last), high=max(self.start, last))

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Refuse values that leave 64 bits."""
        facts = self.facts(site)
        if max(abs(facts.low or 0), abs(facts.high or 0), abs(self.start), abs(self.step)) > _LARGEST:
            yield Problem(
                "number-too-large",
                ("start",),
                "the sequence leaves the 64-bit integers; use a smaller start or step",
            )


class SequenceSource(Source):
    """Count the rows; nothing is ever kept for references to it."""

    direct = True

    def __init__(self, start: int, step: int) -> None:
        """Count from `start` by `step`."""
        self.start = start
        self.step = step

    def draw(self, at: Slice) -> Values:
        """Return start + step × row number."""
        return Values("int", at.rows.numbers() * np.int64(self.step) + np.int64(self.start))
