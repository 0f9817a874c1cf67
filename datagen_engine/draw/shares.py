"""Weights given by a rule instead of one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["parse_weights_kind", "weights_of_kind", "zipf"]

_ZIPF = re.compile(r"zipf@\{?([0-9.eE+-]+)\}?")
_HEAD_TAIL = re.compile(r"head_tail@\{?([0-9.eE+-]+)\s*,\s*([0-9.eE+-]+)\}?")


def parse_weights_kind(text: str) -> tuple[str, tuple[float, ...]]:
    """Read `uniform`, `zipf@a` or `head_tail@{h,a}`; raises ValueError in plain words.

    >>> parse_weights_kind("zipf@1.2"), parse_weights_kind("head_tail@{0.8,1}")
    (('zipf', (1.2,)), ('head_tail', (0.8, 1.0)))
    """
    if text == "uniform":
        return "uniform", ()
    try:
        if match := _ZIPF.fullmatch(text):
            (a,) = (float(match[1]),)
            if 0 <= a <= 100:
                return "zipf", (a,)
        elif match := _HEAD_TAIL.fullmatch(text):
            h, a = float(match[1]), float(match[2])
            if 0 <= h <= 1 and 0 <= a <= 100:
                return "head_tail", (h, a)
    except ValueError:
        pass
    raise ValueError(
        f"{text!r} is none of: uniform; zipf@a with a from 0 to 100, such as zipf@1.2; head_tail@{{h,a}} with h "
        "from 0 to 1, such as head_tail@{0.8,1}"
    )


def weights_of_kind(text: str, size: int) -> Array:
    """Return the weights of `size` items, the first the heaviest; their sum is 1.

    zipf@a: the k-th ∝ k^−a. head_tail@{h,a}: the first ⌊20 %⌋, at least one, share h equally; the rest share
    1 − h by zipf a.

    >>> weights_of_kind("head_tail@{0.8,0}", 5).round(3).tolist()
    [0.8, 0.05, 0.05, 0.05, 0.05]
    """
    kind, numbers = parse_weights_kind(text)
    if kind == "uniform":
        return np.full(size, 1.0 / size)
    if kind == "zipf":
        return zipf(size, numbers[0])
    share, exponent = numbers
    head = max(1, size // 5)
    if head == size:
        return np.full(size, 1.0 / size)
    return np.concatenate((np.full(head, share / head), (1.0 - share) * zipf(size - head, exponent)))


def zipf(size: int, exponent: float) -> Array:
    """Return weights ∝ k^−exponent for k = 1 … size; their sum is 1."""
    weights = np.arange(1, size + 1, dtype=np.float64) ** -exponent
    weights /= weights.sum()
    return weights
