"""Scores: how much of what was asked of the data holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from datagen_engine.validation.record import CATEGORIES, STATUSES, Category, CheckRecord, Status

__all__ = ["WEIGHTS", "Scores", "false_alarm_rate", "rounded", "scores"]

WEIGHTS: dict[Category, float] = {"structural": 0.5, "value": 0.3, "behavioural": 0.2}
"""What each category counts for in the quality score, over the categories that have checks."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Hold the scores of some checks, each from 0 to 100; None where nothing was checked.

    Attributes
    ----------
    quality_score
        The scores of the categories by their weights, over those that have checks.
    integrity
        The share of structural and value checks that pass.
    behaviour
        The mean score of the behavioural checks.
    counts
        How many checks passed, failed, could not be run, had nothing to check.
    """

    quality_score: float | None
    integrity: float | None
    behaviour: float | None
    counts: dict[Status, int]

    @property
    def checks(self) -> int:
        """Return how many checks there are."""
        return sum(self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """Return the scores as a JSON object."""
        return {
            "quality_score": self.quality_score,
            "integrity": self.integrity,
            "behaviour": self.behaviour,
            "checks": self.checks,
            **{str(status): count for status, count in self.counts.items()},
        }


def scores(records: Iterable[CheckRecord]) -> Scores:
    """Work out the scores of some checks. Those that could not be run, or had nothing to check, count for nothing.

    >>> scores([]).quality_score is None
    True
    >>> passed = CheckRecord("a", "structural", "null", "t", (), "pass", "")
    >>> failed = CheckRecord("b", "value", "range", "t", (), "fail", "")
    >>> found = scores([passed, failed])
    >>> found.quality_score, found.integrity, found.behaviour
    (62.5, 50.0, None)
    """
    every = list(records)
    by_category = {
        category: [one.score for one in every if one.category == category and one.score is not None]
        for category in CATEGORIES
    }
    weight = math.fsum(WEIGHTS[category] for category, found in by_category.items() if found)
    quality = None
    if weight:
        quality = (
            100
            * math.fsum(
                WEIGHTS[c] * math.fsum(found) / len(found) for c, found in by_category.items() if found
            )
            / weight
        )
    counts: dict[Status, int] = {status: sum(one.status == status for one in every) for status in STATUSES}
    return Scores(
        quality,
        _mean([*by_category["structural"], *by_category["value"]]),
        _mean(by_category["behavioural"]),
        counts,
    )


def false_alarm_rate(records: Iterable[CheckRecord]) -> float:
    """Return the chance that at least one of the statistical checks fails although the data keeps every promise.

    They are taken to be independent; those of one column are not, which makes it less.

    >>> false_alarm_rate([])
    0.0
    """
    rates = [one.details["false_alarm_rate"] for one in records if "false_alarm_rate" in one.details]
    return abs(math.expm1(math.fsum(math.log1p(-rate) for rate in rates)))


def _mean(found: Sequence[float]) -> float | None:
    return 100 * math.fsum(found) / len(found) if found else None


def rounded(score: float | None) -> str:
    """Write a score with one digit, cut off: 100 only where nothing is amiss; a dash where nothing was checked.

    >>> rounded(99.97), rounded(100.0), rounded(None)
    ('99.9', '100', '–')
    """
    if score is None:
        return "–"
    return "100" if score >= 100 else f"{math.floor(score * 10 + 1e-9) / 10:.1f}"
