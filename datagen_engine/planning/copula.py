"""Columns whose ranks move together: a Gaussian copula, every column's own distribution kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from datagen_engine.draw.stage import Slice, Source
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, special
from datagen_engine.schema.document import Correlation, Node

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Copula", "CopulaSource", "normal_correlation"]


class Copula:
    """Give each correlated column of a table its uniform numbers."""

    def __init__(self, members: dict[str, tuple[Correlation, int]], streams: dict[str, Stream]) -> None:
        """Hold each column's group and place in it; the first group that names a column has it."""
        self._members = members
        self._streams = streams
        self._factors: dict[int, Array] = {}

    @classmethod
    def of(cls, node: Node, seed: int) -> Copula:
        """Return the copula of a table."""
        members: dict[str, tuple[Correlation, int]] = {}
        for group in node.correlations:
            for place, column in enumerate(group.columns):
                members.setdefault(column, (group, place))
        return cls(members, {column: Stream(seed, node.id, column, "copula") for column in members})

    @cached_property
    def columns(self) -> frozenset[str]:
        """Return the correlated columns."""
        return frozenset(self._members)

    def uniform(self, column: str, at: Slice) -> Array:
        """Return one uniform number a row, correlated with those of the column's group."""
        group, place = self._members[column]
        factor = self._factors.setdefault(id(group), np.linalg.cholesky(normal_correlation(group)))
        z = np.zeros(len(at.rows))
        for other in range(place + 1):
            weight = float(factor[place, other])
            if weight:
                stream = self._streams[group.columns[other]]
                z += weight * stream.drawn(at.rows, lambda generator, size: generator.standard_normal(size))
        return np.clip(special.ndtr(z), 2.0**-60, 1.0 - 2.0**-53)


def normal_correlation(group: Correlation) -> Array:
    """Return the correlation matrix of the normals under a group of columns.

    A Spearman correlation ρ of the columns takes a Pearson correlation 2·sin(π·ρ/6) of their normals
    (Pearson 1907).
    """
    size = len(group.columns)
    if group.matrix is not None:
        rank = np.asarray(group.matrix, dtype=np.float64)
    else:
        rank = np.full((size, size), group.value if group.value is not None else 0.0)
        np.fill_diagonal(rank, 1.0)
    normal = 2.0 * np.sin(np.pi * rank / 6.0)
    np.fill_diagonal(normal, 1.0)
    return normal


class CopulaSource(Source):
    """Draw a column from its own distribution by uniform numbers that a copula gives."""

    def __init__(self, source: Source, uniform: Callable[[Slice], Array]) -> None:
        """Draw what `source` would, by other uniform numbers."""
        self.source = source
        self.uniform = uniform
        self.needs = source.needs

    def draw(self, at: Slice) -> Values:
        """Return the quantiles of the correlated numbers."""
        return self.source.quantiles(self.uniform(at), at)
