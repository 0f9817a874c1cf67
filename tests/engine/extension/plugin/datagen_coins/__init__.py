"""A package elsewhere that adds a generator and a modifier: all there is to it.

It is found by the entry points in its metadata (in its own pyproject.toml:
`[project.entry-points."datagen.generators"]`, `coin = "datagen_coins:Coin"`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from datagen_engine.draw.stage import LinearStage, Site, Slice, Source, Stage
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Generator, Modifier
from datagen_engine.schema.spec import Chance, Number, OwnColumn

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite


class Coin(Generator):
    """Heads or tails."""

    key: ClassVar[str] = "coin"
    title: ClassVar[str] = "Coin"
    help: ClassVar[str] = "Heads or tails, of a coin that may be loaded."
    samples = ({"heads": 0.5},)
    types = frozenset({"string"})

    heads: Chance = Field(0.5, title="Chance of heads")

    def bind(self, site: Site) -> Source:
        """Prepare to toss."""
        return CoinSource(self.heads, site.stream("toss"))

    def facts(self, site: CheckSite) -> Facts:
        """Return the two sides."""
        return Facts("string", nullable=False, values=("heads", "tails"))


class CoinSource(Source):
    """Toss a coin for each row."""

    direct = True

    def __init__(self, heads: float, stream: Stream) -> None:
        self.heads = heads
        self.stream = stream

    def draw(self, at: Slice) -> Values:
        """Return heads or tails."""
        sides = Values.of("string", ["heads", "tails"])
        return sides.take((self.stream.uniform(at.rows) >= self.heads).astype(np.int64))


class Raise(Modifier):
    """Add another column, times a number."""

    key: ClassVar[str] = "raise_by"
    title: ClassVar[str] = "Raise by a column"
    help: ClassVar[str] = "Add a share of another column of the row."
    samples = ({"column": "other", "share": 0.1},)

    column: OwnColumn = Field(title="Column")
    share: Number = Field(1.0, title="Share")

    def bind(self, site: Site) -> Stage | None:
        """Prepare to add."""
        return RaiseStage(self.column, self.share, site) if site.type in self.acts_on else None

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return no bounds."""
        return Facts("float", before.nullable)


class RaiseStage(LinearStage):
    """Add a share of a column."""

    title = "+ column"

    def __init__(self, column: str, share: float, site: Site) -> None:
        from datagen_engine.draw.stage import own

        self.column = column
        self.share = share
        self.needs = (own(site, column),)

    def terms(self, at: Slice) -> tuple[None, Array]:
        """Return what is added."""
        return None, at.column(self.column).numbers() * self.share
