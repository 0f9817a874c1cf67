"""Where each value of a correlated column lies in the column's own distribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.lazy import np, special
from datagen_engine.validation.behaviour.chain import Chain
from datagen_engine.validation.behaviour.shares import Options
from datagen_engine.validation.behaviour.timeline import Timeline

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["Interval", "Marginal", "of_chain", "of_options", "of_timeline"]

Interval = tuple["Array", "Array"]
"""The shares below, and at or below, the value of each row."""


class Marginal:
    """Say where in its own distribution each value of a correlated column lies, and what uniform numbers give.

    Parameters
    ----------
    column
        The name of the column.
    found
        Returns the shares below, and at or below, the value of each row; NaN for a null.
    drawn
        Returns the same of what a uniform number a row would draw; None where that is the number itself.
    columns
        The columns that all this depends on.
    """

    def __init__(
        self,
        column: str,
        found: Callable[[RowView], Interval],
        drawn: Callable[[RowView, Array], Interval] | None,
        columns: Sequence[str],
    ) -> None:
        """Hold the parts."""
        self.column = column
        self.found = found
        self.drawn = drawn
        self.columns = tuple(columns)


def of_options(name: str, find: Callable[[], Options]) -> Marginal:
    """Return the marginal of a column of few values."""

    def borders() -> Interval:
        options = find()
        shares = options.shares
        # Numbers and times have quantiles in their own order, texts in that of the list.
        order = (
            np.arange(len(shares))
            if options.values.type in ("string", "bool")
            else np.argsort(options.values.data)
        )
        upto = np.empty(len(shares))
        upto[order] = np.cumsum(shares[order])
        return upto - shares, upto

    def found(at: RowView) -> Interval:
        place = find().places(at.column(name))
        below, upto = borders()
        there = place >= 0
        return np.where(there, below[place], np.nan), np.where(there, upto[place], np.nan)

    def drawn(_: RowView, u: Array) -> Interval:
        below, upto = borders()
        order = np.argsort(upto)
        place = order[np.minimum(np.searchsorted(upto[order], u), len(order) - 1)]
        return below[place], upto[place]

    return Marginal(name, found, drawn, [name])


def of_chain(name: str, chain: Chain, columns: Sequence[str]) -> Marginal:
    """Return the marginal of a column of numbers."""

    def found(at: RowView) -> Interval:
        values = at.column(name)
        below, upto = chain.spread(np.where(values.mask(), values.data, 0).astype(np.float64), at)
        return np.where(values.mask(), below, np.nan), np.where(values.mask(), upto, np.nan)

    def drawn(at: RowView, u: Array) -> Interval:
        return chain.spread(chain.twins(at, u=u)[0], at)

    return Marginal(name, found, drawn, columns)


def of_timeline(name: str, timeline: Timeline, columns: Sequence[str]) -> Marginal:
    """Return the marginal of a column of dates or times."""

    def found(at: RowView) -> Interval:
        values = at.column(name)
        below, upto = timeline.spread(Values(values.type, values.data), at)
        return np.where(values.mask(), below, np.nan), np.where(values.mask(), upto, np.nan)

    def drawn(at: RowView, u: Array) -> Interval:
        noise = special.ndtri(Stream(0, at.table, name, "copula noise").uniform(at.rows))
        return timeline.spread(timeline.drawn(u, at, noise), at)

    return Marginal(name, found, drawn, columns)
