"""Comparing what is drawn with what faker really gives: shares of values and of their features."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.faking import Fake
from datagen_engine.faking.arguments import python_arguments
from datagen_engine.faking.fake import _tracer, held
from datagen_engine.faking.still import NOON, held_still

Streams = Callable[[str], Stream]


def streams(seed: int = 1, column: str = "c") -> Streams:
    """The streams of one column."""
    return lambda purpose: Stream(seed, "t", column, purpose)


def drawn(fake: Fake, count: int, start: int = 0, seed: int = 1) -> list[Any]:
    """The values of some rows, in the form of `Values.of`."""
    values = fake.draw(Rows.run(start, start + count), streams(seed))
    if values.type == "string":
        listed: list[Any] = values.text().to_pylist()
        return listed
    return [v if ok else None for v, ok in zip(values.data.tolist(), values.mask().tolist(), strict=True)]


def called(method: str, locale: str, count: int, arguments: dict[str, Any] | None = None) -> list[Any]:
    """The values of real calls of faker's, in the same form."""
    from datagen_engine.faking import compile_fake

    kind = compile_fake(method, locale, arguments).kind
    given = python_arguments(method, arguments or {})
    made = _real(locale)
    made.random = random.Random(f"{method} {locale}")
    call = getattr(made, method)
    with held_still(made.random, NOON):
        return [held(call(**given), kind) for _ in range(count)]


@lru_cache(maxsize=4)
def _real(locale: str) -> Any:
    tracer = _tracer(locale, NOON)
    tracer.real_call("random_int", random.Random(0))
    return tracer._real


def _shape(value: Any) -> str:
    return re.sub(
        r"(.)\1+", r"\1+", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", str(value))))
    )


def _letters(place: int) -> Callable[[Any], str]:
    return lambda value: str(value)[place : place + 1] if place >= 0 else str(value)[place:][:1]


FEATURES: dict[str, Callable[[Any], Any]] = {
    "value": lambda value: value,
    "shape": _shape,
    "length": lambda value: len(str(value)),
    "first word": lambda value: str(value).split(" ")[0],
    "last word": lambda value: str(value).split(" ")[-1],
    "words": lambda value: len(str(value).split()),
    "first letter": _letters(0),
    "fourth letter": _letters(3),
    "last letter": _letters(-1),
    "last but one": _letters(-2),
    "digits' sum": lambda value: sum(map(int, re.findall(r"[0-9]", str(value)))) % 10,
}


def same_shares(ours: Sequence[Any], theirs: Sequence[Any], feature: Callable[[Any], Any]) -> float:
    """The p-value of a two-sample χ² test: how likely shares this different are, were they drawn alike.

    Values that both samples together have fewer than 10 times are counted as one.
    """
    a, b = Counter(map(feature, ours)), Counter(map(feature, theirs))
    common = [key for key in a.keys() | b.keys() if a[key] + b[key] >= 10]
    table = np.array([[a[key] for key in common], [b[key] for key in common]], dtype=float)
    rest = np.array([[len(ours)], [len(theirs)]]) - table.sum(axis=1, keepdims=True)
    if rest.sum() >= 10:
        table = np.hstack([table, rest])
    if table.shape[1] < 2:
        return 1.0
    p: float = stats.chi2_contingency(table, correction=False).pvalue
    return p


def worst(ours: Sequence[Any], theirs: Sequence[Any]) -> tuple[float, str]:
    """The least p-value over all features, times their number (Bonferroni), and the feature."""
    found = min((same_shares(ours, theirs, feature), name) for name, feature in FEATURES.items())
    return min(1.0, found[0] * len(FEATURES)), found[1]
