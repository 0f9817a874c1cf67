"""From figures to verdicts: when a deviation counts, and what its record says.

A statistical check fails where two things come together: the deviation is larger than sampling explains
(its chance is below `FALSE_ALARM`), and it is larger than a tolerance that anybody would care about. So a
small table does not fail for noise, and a large one not for a trifle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datagen_engine.schema.path import Path
from datagen_engine.validation.record import CheckRecord, Kind, Plot, Status, missed

__all__ = [
    "DISTANCE",
    "FALSE_ALARM",
    "FANOUT",
    "LIFT",
    "MEAN",
    "SHARE",
    "TARGET_ALARM",
    "Subject",
    "percent",
    "spoken",
]

FALSE_ALARM = 1e-4
"""The chance that a check of what the schema promises fails although the data was drawn by it."""

TARGET_ALARM = 1e-3
"""The same for a declared target: data that lies on the very edge of the target fails so often."""

SHARE = 0.005
"""The part of the rows by which a share may be off."""

DISTANCE = 0.01
"""The part of the rows that may lie in other places than promised: of a distribution, or of crossed patterns."""

MEAN = 0.03
"""By how many standard deviations a mean may be off."""

LIFT = 0.03
"""By what part of it the number of rows in a window of an effect may be off."""

FANOUT = 0.02
"""By what part of it a number of children may be off."""


@dataclass(frozen=True)
class Subject:
    """Name a check, and write its record."""

    id: str
    kind: Kind
    table: str
    columns: tuple[str, ...]
    path: Path
    title: str

    def record(self, status: Status, message: str, **more: Any) -> CheckRecord:
        """Return a record of this check."""
        return CheckRecord(
            self.id,
            "behavioural",
            self.kind,
            self.table,
            self.columns,
            status,
            message,
            self.path,
            title=self.title,
            **more,
        )

    def skipped(self, why: str) -> CheckRecord:
        """Say that there was nothing to judge, and why."""
        return self.record("skipped", f"Not judged: {why}.")

    def broken(self, error: BaseException) -> CheckRecord:
        """Say that the check could not be run."""
        words = str(error).strip().splitlines()
        return self.record("error", f"Could not be judged: {words[0] if words else type(error).__name__}.")

    def judged(
        self,
        what: str,
        *,
        p: float,
        effect: float,
        tolerance: float,
        scale: float = 0.0,
        rows: int,
        observed: Any,
        expected: Any,
        allowed: Any = None,
        plot: Plot | None = None,
        details: Mapping[str, Any] | None = None,
        impossible: int = 0,
    ) -> CheckRecord:
        """Return the verdict on a promise of the schema.

        Parameters
        ----------
        what
            What was found, as a sentence.
        p
            The chance of such a deviation by sampling alone.
        effect, tolerance
            How large the deviation is, and may be; in the same unit.
        scale
            The expected figure, where the effect is a difference from one.
        rows
            How many rows were looked at.
        observed, expected, allowed
            What the record shows; `allowed` is the tolerance where it is another than `tolerance`.
        impossible
            How many rows hold what the schema never draws: one of them fails the check.
        """
        fails = bool(impossible) or (p < FALSE_ALARM and effect > tolerance)
        if impossible:
            verdict = "Not one of them is possible."
        elif fails:
            verdict = f"By chance alone this happens once in {_odds(p)} cases."
        elif effect > tolerance:
            verdict = f"With {rows:,} rows that is within what chance does."
        else:
            verdict = "That is within the tolerance."
        return self.record(
            "fail" if fails else "pass",
            f"{what} {verdict}",
            observed=observed,
            expected=expected,
            tolerance=tolerance if allowed is None else allowed,
            rows_checked=rows,
            rows_failed=impossible or None,
            plot=plot,
            miss=effect / tolerance
            if impossible
            else missed(effect - tolerance, tolerance, scale)
            if fails
            else 0.0,
            details={
                "p_value": p,
                "false_alarm_rate": FALSE_ALARM,
                "effect": effect,
                "effect_tolerance": tolerance,
                **(details or {}),
            },
        )


def spoken(value: float) -> str:
    """Return a number as people read it.

    >>> spoken(12345.678), spoken(0.0123456), spoken(3)
    ('12,346', '0.01235', '3')
    """
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"


def percent(share: float) -> str:
    """Return a share in percent.

    >>> percent(0.26512), percent(0.0001)
    ('26.51 %', '0.01 %')
    """
    return f"{100 * share:.2f} %" if abs(share) < 0.9995 or share == 1 else f"{100 * share:.3f} %"


def _odds(p: float) -> str:
    if p < 1e-12:
        return "more than a trillion"
    count = 1.0 / p
    digits = max(0, len(str(int(count))) - 2)
    return f"{round(count, -digits):,.0f}"
