"""How many values are null."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from datagen_engine.lazy import np
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.statistics import binomial_p
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import SHARE, Subject, percent
from datagen_engine.validation.record import CheckRecord, Plot

if TYPE_CHECKING:
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["NullShape"]


class NullShape(Accumulator):
    """Judge the share of nulls in a column."""

    def __init__(self, subject: Subject, promised: Callable[[], float]) -> None:
        """Judge against the share that `promised` returns."""
        super().__init__([subject], subject.columns)
        self.promised = promised

    def add(self, at: RowView) -> None:
        """Count the nulls."""
        mask = at.column(self.columns[0]).valid
        self.seen.add("rows", np.array([len(at), 0 if mask is None else int((~mask).sum())]))

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict."""
        if "rows" not in self.seen.sums or not self.sum("rows")[0]:
            raise Unknown("the table has no rows")
        rows, nulls = (int(n) for n in self.sum("rows").tolist())
        promised = self.promised()
        share = nulls / rows
        what = f"{percent(share)} of the values are null, promised {percent(promised)}."
        yield self.subjects[0].judged(
            what,
            p=binomial_p(nulls, rows, promised),
            effect=abs(share - promised),
            tolerance=SHARE,
            scale=promised,
            rows=rows,
            observed=share,
            expected=promised,
            impossible=nulls if promised <= 0 else 0,
            plot=Plot("bars", ("null",), (promised,), (share,), what),
        )
