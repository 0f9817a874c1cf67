"""Weights: presets, shares, rules, and what a share of the weekend asks of them. Plain Python, without Qt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

__all__ = [
    "PRESETS",
    "parse_rule",
    "rule_text",
    "scaled_to_share",
    "shares",
    "shares_of_rule",
    "weekend_height",
    "weekend_share",
]

_OFFICE = [0.05] * 7 + [0.3, 0.9, 1.2, 1.3, 1.2, 0.8, 1.1, 1.3, 1.2, 1.0, 0.6, 0.25, 0.12] + [0.06] * 4
_EVENINGS = [0.5, 0.3, 0.15, 0.1, 0.1, 0.12, 0.25, 0.4, 0.5, 0.6, 0.7, 0.75,
             0.85, 0.8, 0.75, 0.8, 0.95, 1.2, 1.6, 1.9, 2.0, 1.8, 1.4, 0.9]  # fmt: skip
_NIGHTS = [1.6, 1.7, 1.8, 1.7, 1.5, 1.2, 0.8, 0.5, 0.4, 0.35, 0.3, 0.3,
           0.3, 0.3, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.4, 1.5]  # fmt: skip
_MEALS = [0.1, 0.05, 0.05, 0.05, 0.05, 0.1, 0.4, 1.0, 1.1, 0.7, 0.6, 1.2,
          2.0, 1.6, 0.8, 0.6, 0.7, 1.2, 2.0, 2.1, 1.5, 0.9, 0.4, 0.2]  # fmt: skip

PRESETS: dict[str, tuple[tuple[str, tuple[float, ...]], ...]] = {
    "hour": (
        ("Even", (1,) * 24),
        ("Office hours", tuple(_OFFICE)),
        ("Evenings", tuple(_EVENINGS)),
        ("Meals", tuple(_MEALS)),
        ("Nights", tuple(_NIGHTS)),
    ),
    "dow": (
        ("Even", (1,) * 7),
        ("Working days", (1.0, 1.05, 1.05, 1.0, 0.9, 0.15, 0.1)),
        ("Weekend", (0.8, 0.8, 0.85, 0.95, 1.2, 1.6, 1.4)),
        ("Quiet Sundays", (1.0, 1.0, 1.0, 1.05, 1.15, 1.1, 0.3)),
    ),
    "month": (
        ("Even", (1,) * 12),
        ("Christmas", (0.75, 0.75, 0.85, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95, 1.0, 1.4, 1.8)),
        ("Summer", (0.7, 0.7, 0.8, 0.95, 1.1, 1.4, 1.6, 1.5, 1.1, 0.9, 0.7, 0.7)),
        ("Back to school", (0.9, 0.85, 0.9, 0.9, 0.9, 0.85, 1.0, 1.5, 1.4, 1.0, 0.95, 0.9)),
    ),
}
"""Weights to begin with, by dimension: a name, and as many as the dimension has cells."""


def shares(weights: Sequence[float]) -> list[float]:
    """Return the share of each weight.

    Examples
    --------
    >>> shares([1, 3])
    [0.25, 0.75]
    """
    total = math.fsum(weights)
    return [weight / total if total > 0 else 0.0 for weight in weights]


def weekend_share(weights: Sequence[float], others: Sequence[Sequence[float]] = ()) -> float:
    """Return the share of Saturday and Sunday that weights by weekday give, other weights at work beside them.

    Every weekday is taken to come as often as any other.

    Examples
    --------
    >>> round(weekend_share([1, 1, 1, 1, 1, 1, 1]), 4)
    0.2857
    """
    days = _with_others(weights, others)
    total = math.fsum(days)
    return (days[5] + days[6]) / total if total > 0 else 0.0


def weekend_height(weights: Sequence[float], share: float, others: Sequence[Sequence[float]] = ()) -> float:
    """Return the weight of a day of the weekend at which the weekend has a share."""
    days = _with_others(weights, others)
    rest = math.fsum(days[:5])
    beside = _with_others([1.0] * 7, others)
    mean = (beside[5] + beside[6]) / 2
    if share >= 1 or mean <= 0:
        return math.inf
    return share / (1 - share) * rest / 2 / mean


def scaled_to_share(
    weights: Sequence[float], share: float, others: Sequence[Sequence[float]] = ()
) -> list[float]:
    """Return the weights with those of the weekend scaled until it has a share.

    Examples
    --------
    >>> scaled = scaled_to_share([1, 1, 1, 1, 1, 1, 1], 0.4)
    >>> scaled[5:], round(weekend_share(scaled), 3)
    ([1.667, 1.667], 0.4)
    """
    days = _with_others(weights, others)
    rest, weekend = math.fsum(days[:5]), days[5] + days[6]
    if weekend <= 0:
        height = weekend_height(weights, share, others)
        return [*weights[:5], round(height, 3), round(height, 3)]
    factor = share / (1 - share) * rest / weekend
    return [*weights[:5], round(weights[5] * factor, 3), round(weights[6] * factor, 3)]


def _with_others(weights: Sequence[float], others: Sequence[Sequence[float]]) -> list[float]:
    made = [float(weight) for weight in weights]
    for other in others:
        made = [one * another for one, another in zip(made, other, strict=True)]
    return made


_RULE = re.compile(r"\s*(uniform|zipf@(?P<a>[^{}]+)|head_tail@\{(?P<h>[^,{}]+),(?P<b>[^,{}]+)\})\s*")


def parse_rule(text: str) -> tuple[str, float, float] | None:
    """Return the kind of a rule of weights and its numbers; None for what is no rule.

    Examples
    --------
    >>> parse_rule("zipf@1.2"), parse_rule("head_tail@{0.8,1}"), parse_rule("zipf")
    (('zipf', 1.2, 0.0), ('head_tail', 0.8, 1.0), None)
    """
    found = _RULE.fullmatch(text)
    if found is None:
        return None
    try:
        if found["a"] is not None:
            return "zipf", float(found["a"]), 0.0
        if found["h"] is not None:
            return "head_tail", float(found["h"]), float(found["b"])
    except ValueError:
        return None
    return "uniform", 0.0, 0.0


def rule_text(kind: str, first: float, second: float) -> str:
    """Return a rule of weights as it is written.

    Examples
    --------
    >>> rule_text("zipf", 1.2, 0), rule_text("head_tail", 0.8, 1.0)
    ('zipf@1.2', 'head_tail@{0.8,1}')
    """
    if kind == "uniform":
        return kind
    return f"zipf@{first:g}" if kind == "zipf" else f"head_tail@{{{first:g},{second:g}}}"


def shares_of_rule(text: str, size: int) -> list[float] | None:
    """Return the shares that a rule gives to so many values; None for what is no rule.

    `zipf@a`: the k-th gets k^−a. `head_tail@{h,a}`: the first fifth, at least one, shares h equally; the rest
    shares 1 − h by zipf a.

    Examples
    --------
    >>> [round(share, 3) for share in shares_of_rule("zipf@1", 3)]
    [0.545, 0.273, 0.182]
    >>> [round(share, 3) for share in shares_of_rule("head_tail@{0.8,0}", 5)]
    [0.8, 0.05, 0.05, 0.05, 0.05]
    """
    rule = parse_rule(text)
    if rule is None or size < 1:
        return None
    kind, first, second = rule
    if kind == "uniform":
        return [1 / size] * size
    if kind == "zipf":
        return shares([k**-first for k in range(1, size + 1)])
    head = max(1, size // 5)
    if head >= size:
        return [1 / size] * size
    tail = shares([k**-second for k in range(1, size - head + 1)])
    return [first / head] * head + [(1 - first) * share for share in tail]
