"""Columns whose ranks move together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from datagen_engine.draw.streams import Stream
from datagen_engine.lazy import np, special
from datagen_engine.planning.copula import normal_correlation
from datagen_engine.schema.document import Correlation
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.marginals import Interval, Marginal
from datagen_engine.validation.behaviour.statistics import normal_p, sidak
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import Subject
from datagen_engine.validation.record import CheckRecord, Plot

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["CorrelationShape", "rank_correlation", "spread_of_correlation"]

CORRELATION = 0.02
"""By how much a rank correlation may be off."""

_ROWS = 200_000
_TWINS = 50_000
_MOST_TWINS = 32
_FEWEST = 10


class CorrelationShape(Accumulator):
    """Judge the rank correlations of a group of columns.

    Ranks are taken within each row's own distribution, so that what moves the columns from row to row does not
    count; of columns of few values the middle of their share, and what that leaves of the correlation is found
    by drawing twins.
    """

    sampled = True
    most = _ROWS

    def __init__(
        self, tables: DataTables, group: Correlation, marginals: Sequence[Marginal], subject: Subject
    ) -> None:
        """Judge every pair of the group."""
        super().__init__([subject], [name for marginal in marginals for name in marginal.columns])
        self.group = group
        self.marginals = tuple(marginals)
        rows = min(tables.rows(subject.table), _ROWS, tables.context.sample or _ROWS)
        coarse = any(marginal.drawn is not None for marginal in marginals)
        self.twins = min(max(math.ceil(_TWINS / max(rows, 1)), 1), _MOST_TWINS) if coarse else 0

    def add(self, at: RowView) -> None:
        """Sum the products of places."""
        middles = [_middle(marginal.found(at)) for marginal in self.marginals]
        good = np.logical_and.reduce([~np.isnan(middle) for middle in middles])
        at = at.take(np.flatnonzero(good))
        self._add("data", [middle[good] for middle in middles])
        for number in range(self.twins):
            self._add("twins", self._twin(at, number))

    def _twin(self, at: RowView, number: int) -> list[Array]:
        factor = np.linalg.cholesky(normal_correlation(self.group))
        z = np.stack(
            [
                special.ndtri(Stream(0, at.table, marginal.column, f"copula twin {number}").uniform(at.rows))
                for marginal in self.marginals
            ]
        )
        places = special.ndtr(factor @ z)
        return [
            place if marginal.drawn is None else _middle(marginal.drawn(at, place))
            for marginal, place in zip(self.marginals, places, strict=True)
        ]

    def _add(self, name: str, middles: Sequence[Array]) -> None:
        matrix = np.stack(middles) - 0.5
        self.seen.add(f"{name}/rows", np.array([float(matrix.shape[1])]))
        self.seen.add(f"{name}/sums", matrix.sum(axis=1))
        self.seen.add(f"{name}/products", matrix @ matrix.T)

    def _correlations(self, name: str) -> Array:
        rows = float(self.sum(f"{name}/rows")[0])
        mean = self.sum(f"{name}/sums") / rows
        cover = self.sum(f"{name}/products") / rows - np.outer(mean, mean)
        spread = np.sqrt(np.diag(cover))
        if (spread <= 0).any():
            raise Unknown("one of the columns has one value only")
        found: Array = cover / np.outer(spread, spread)
        return found

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict."""
        rows = int(self.sum("data/rows")[0])
        if rows < _FEWEST:
            raise Unknown(f"{rows} rows are too few to judge a correlation")
        observed = self._correlations("data")
        declared = _declared(self.group)
        expected = self._correlations("twins") if self.twins else declared
        pairs = list(combinations(range(len(self.marginals)), 2))
        o, e = (np.array([matrix[pair] for pair in pairs]) for matrix in (observed, expected))
        noise = spread_of_correlation(e, rows) * math.sqrt(1 + (1 / self.twins if self.twins else 0))
        single = normal_p(
            (np.arctanh(np.clip(o, -1 + 1e-9, 1 - 1e-9)) - np.arctanh(np.clip(e, -1 + 1e-9, 1 - 1e-9)))
            / noise
        )
        worst = int(np.argmax(np.abs(o - e)))
        names = [" and ".join(self.marginals[place].column for place in pair) for pair in pairs]
        what = f"The rank correlation of {names[worst]} is {o[worst]:.3f}, promised {e[worst]:.3f}" + (
            f" (declared {declared[pairs[worst]]:.3f}, less what their few values leave of it)."
            if self.twins
            else "."
        )
        plot = Plot(
            "bars",
            tuple(names),
            tuple(e.tolist()),
            tuple(o.tolist()),
            "Rank correlations of pairs, promised and found.",
        )
        yield self.subjects[0].judged(
            what,
            p=sidak(single),
            effect=abs(float(o[worst] - e[worst])),
            tolerance=CORRELATION,
            scale=float(e[worst]),
            rows=rows,
            observed=dict(zip(names, o.tolist(), strict=True)),
            expected=dict(zip(names, e.tolist(), strict=True)),
            plot=plot,
        )


def _middle(interval: Interval) -> Array:
    below, upto = interval
    return (below + upto) / 2


def spread_of_correlation(rho: Array, rows: int) -> Array:
    """Return the standard error of the inverse hyperbolic tangent of a rank correlation (Bonett & Wright 2000)."""
    return np.sqrt((1.0 + rho**2 / 2.0) / max(rows - 3, 1))


def rank_correlation(x: Array, y: Array) -> float:
    """Return Spearman's correlation; equal values share the middle of their ranks.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 9.0]))
    1.0
    """
    ranks = []
    for values in (x, y):
        _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        ranks.append((ends - counts / 2)[place])
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1].round(12))


def _declared(group: Correlation) -> Array:
    return 6.0 / np.pi * np.arcsin(normal_correlation(group) / 2.0)
