"""The target `composite_effect`: shares of rows over crossed seasons, against the product of their weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.stage import Clock
from datagen_engine.lazy import np
from datagen_engine.schema.document import CompositeEffect
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.figures import bars, merged_name, strata
from datagen_engine.validation.behaviour.statistics import mean_error_quantile, merged
from datagen_engine.validation.behaviour.times import Axis, TimeShape, strata_labels
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import TARGET_ALARM, Subject, percent
from datagen_engine.validation.record import CheckRecord, missed

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.validation.behaviour.timeline import Timeline
    from datagen_engine.validation.behaviour.view import RowView

__all__ = ["CompositeTarget", "Deviation", "deviation"]

_FEWEST_A_CELL = 20.0


@dataclass(frozen=True, eq=False)
class Deviation:
    """Hold how far shares lie from expected ones, over merged cells."""

    cell: Array
    expected: Array
    observed: Array
    mae: float
    mape: float
    mae_noise: float
    mape_noise: float


def deviation(expected: Array, observed: Array) -> Deviation | None:
    """Compare counts over cells, merged until each expects 20 rows; None where fewer than two are left.

    Returns
    -------
    Deviation
        mae = mean |observed − expected share|, mape = mean |observed − expected| / expected, and what sampling
        makes of both at the `TARGET_ALARM`.
    """
    rows = float(observed.sum())
    if rows <= 0 or expected.sum() <= 0:
        return None
    cell = merged(expected * (rows / expected.sum()), _FEWEST_A_CELL, ordered=False)
    wanted, found = np.bincount(cell, expected), np.bincount(cell, observed)
    if len(wanted) < 2:
        return None
    e, o = wanted / wanted.sum(), found / rows
    gaps = np.abs(o - e)
    spread, even = np.sqrt(e * (1 - e) / rows), np.full(len(e), 1.0 / len(e))
    return Deviation(
        cell,
        e,
        o,
        float(gaps.mean()),
        float((gaps / e).mean()),
        mean_error_quantile(spread, even, TARGET_ALARM),
        mean_error_quantile(spread, even / e, TARGET_ALARM),
    )


class CompositeTarget(Accumulator):
    """Judge a `composite_effect`.

    Parameters
    ----------
    subject
        The check.
    target
        What the schema says.
    clock
        The table's time.
    timeline
        How the times would be distributed by the influences of the target, and nothing else.
    axis
        The stretches of time that rows are counted by.
    dimensions
        What the cells cross: the dimensions of the target's seasons.
    own
        The check of the time column itself, which knows what the schema's own weights lead to.
    notes
        Influences that change no expectation, and why.
    columns
        The columns of the table that all this depends on.
    """

    sampled = True

    def __init__(
        self,
        subject: Subject,
        target: CompositeEffect,
        clock: Clock,
        timeline: Timeline,
        axis: Axis,
        dimensions: Sequence[str],
        own: TimeShape | None,
        notes: Sequence[str],
        columns: Sequence[str],
    ) -> None:
        """Judge `target`."""
        super().__init__([subject], columns)
        self.target = target
        self.clock = clock
        self.timeline = timeline
        self.axis = axis
        self.dimensions = tuple(dimensions)
        self.own = own
        self.notes = tuple(notes)

    def add(self, at: RowView) -> None:
        """Count the rows by time, and what the target expects of them."""
        times = at.time(self.clock)
        if times.valid is not None:
            at = at.take(np.flatnonzero(times.mask()))
            times = at.time(self.clock)
        if len(at):
            self.seen.add("observed", self.axis.counts(times.instants()))
            self.seen.add("expected", self.timeline.expected("axis", self.axis.edges, at))

    def judge(self) -> Iterator[CheckRecord]:
        """Yield the verdict."""
        if "observed" not in self.seen.sums:
            raise Unknown("there are no rows with a time")
        cells = self.axis.cells(self.dimensions)
        labels = strata_labels(self.dimensions)
        observed = np.bincount(cells, self.sum("observed"), minlength=len(labels))
        expected = np.bincount(cells, self.sum("expected"), minlength=len(labels))
        rows = int(observed.sum())
        used = np.flatnonzero((expected > 0) | (observed > 0))
        found = deviation(expected[used], observed[used])
        if found is None:
            raise Unknown(f"{rows:,} rows are too few: no two cells expect {_FEWEST_A_CELL:.0f} rows each")
        limits = self._limits()
        figures = {"mae": (found.mae, found.mae_noise), "mape": (found.mape, found.mape_noise)}
        over = {
            name: (figures[name][0], max(limit, figures[name][1]))
            for name, limit in limits.items()
            if figures[name][0] > max(limit, figures[name][1])
        }
        reason = self._beyond_reach(limits, cells, len(labels), rows) if over else ""
        names = [merged_name(labels, used[found.cell == g]) for g in range(len(found.expected))]
        order = np.argsort(-np.abs(found.observed - found.expected))
        worst = int(order[0])
        shown = ", ".join(f"{name} {_figure(name, value)}" for name, (value, _) in figures.items())
        allowed = ", ".join(f"{name} {_figure(name, limit)}" for name, limit in limits.items())
        message = (
            f"Over {len(names)} cells of {' × '.join(self.dimensions)}: {shown}; allowed: {allowed}, or what "
            f"sampling does. {names[worst]} has {percent(float(found.observed[worst]))} of the rows, expected "
            f"{percent(float(found.expected[worst]))}.{reason}"
        )
        yield self.subjects[0].record(
            "fail" if over else "pass",
            message,
            rows_checked=rows,
            observed={"mae": found.mae, "mape": found.mape},
            expected={"mae": 0.0, "mape": 0.0},
            tolerance={name: max(limit, figures[name][1]) for name, limit in limits.items()},
            miss=max((missed(value - most, most, 0.0) for value, most in over.values()), default=0.0),
            plot=bars(names, found.expected, found.observed, "The share of rows in each cell"),
            details={
                "false_alarm_rate": TARGET_ALARM,
                "metric": self.target.metric,
                "cells": len(names),
                "declared": limits,
                "sampling": {"mae": found.mae_noise, "mape": found.mape_noise},
                "notes": list(self.notes),
                "strata": strata(names, found.expected, found.observed, order),
            },
        )

    def _limits(self) -> dict[str, float]:
        """Return the declared tolerances; a mape above 1 is a percentage."""
        limits = {}
        if self.target.tolerance.mae is not None:
            limits["mae"] = self.target.tolerance.mae
        if self.target.tolerance.mape is not None:
            mape = self.target.tolerance.mape
            limits["mape"] = mape if mape <= 1 else mape / 100
        return limits or {"mae": 0.0}

    def _beyond_reach(self, limits: dict[str, float], cells: Array, size: int, rows: int) -> str:
        """Say whether the schema's own weights lead past the tolerance."""
        if (
            self.own is None
            or not self.own.is_told
            or "expected" not in self.own.seen.sums
            or len(self.own.axis) != len(self.axis)
        ):
            return ""
        promised = np.bincount(cells, self.own.sum("expected"), minlength=size)
        wanted = np.bincount(cells, self.sum("expected"), minlength=size)
        used = np.flatnonzero((wanted > 0) | (promised > 0))
        found = deviation(wanted[used], promised[used] * (rows / max(promised.sum(), 1.0)))
        if found is None:
            return ""
        over = [
            name for name, limit in limits.items() if (found.mae if name == "mae" else found.mape) > limit
        ]
        if not over:
            return ""
        figures = ", ".join(
            f"{name} {_figure(name, found.mae if name == 'mae' else found.mape)}" for name in over
        )
        return f" The schema's own weights lead to {figures}, so the target cannot be reached."


def _figure(name: str, value: float) -> str:
    return percent(value) if name == "mape" else f"{value:.5f}"
