"""Functions of numbers; `min`, `max` and `clip` take times as well."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from datagen_engine.expression import interval
from datagen_engine.expression.functions.function import Table
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

TABLE = Table()


@TABLE.add(
    "abs(x: number) -> number",
    help="The number without its sign.",
    example="abs(-3) == 3",
    bounds=interval.absolute,
)
def _abs(x: Array) -> Array:
    return np.abs(x)


@TABLE.add(
    "sign(x: number) -> number",
    help="-1, 0 or 1: whether x is below, at or above 0.",
    example="sign(-2.5) == -1",
    bounds=interval.sign,
)
def _sign(x: Array) -> Array:
    return np.sign(x)


@TABLE.add(
    "round(x: number, digits: -15..15 = 0) -> number",
    help="Rounded to so many digits after the point, half to even; -2 digits are hundreds.",
    example="round(2.5) == 2",
    bounds=interval.round_to,
)
def _round(x: Array, digits: int) -> Array:
    scale = 10.0 ** abs(digits)
    if digits < 0:
        return np.rint(x / scale) * scale
    # From 2^52 on a float has no digits after the point, and the product could be too large.
    return np.where(np.abs(x) < 2.0**52, np.rint(x * scale) / scale, x)


@TABLE.add(
    "floor(x: number) -> number",
    help="The next whole number below.",
    example="floor(-1.5) == -2",
    bounds=interval.floor,
)
def _floor(x: Array) -> Array:
    return np.floor(x)


@TABLE.add(
    "ceil(x: number) -> number",
    help="The next whole number above.",
    example="ceil(1.2) == 2",
    bounds=interval.ceil,
)
def _ceil(x: Array) -> Array:
    return np.ceil(x)


@TABLE.add(
    "min(first: ordered, *more: ordered) -> same",
    help="The least of several numbers, dates or times of this row.",
    example="min(3, 1, 2) == 1",
    bounds=interval.smallest,
)
def _min(*parts: Array) -> Array:
    return reduce(np.minimum, parts)


@TABLE.add(
    "max(first: ordered, *more: ordered) -> same",
    help="The greatest of several numbers, dates or times of this row.",
    example="max(3, 1, 2) == 3",
    bounds=interval.largest,
)
def _max(*parts: Array) -> Array:
    return reduce(np.maximum, parts)


@TABLE.add(
    "clip(x: ordered, low: ordered, high: ordered) -> same",
    help="x, at least `low` and at most `high`.",
    example="clip(12, 0, 10) == 10",
    bounds=interval.clip,
)
def _clip(x: Array, low: Array, high: Array) -> Array:
    return np.minimum(np.maximum(x, low), high)


@TABLE.add(
    "exp(x: number) -> number",
    help="e to the power of x. Null where that is too large for a float (x above 709).",
    example="exp(0) == 1",
    bounds=interval.exp,
)
def _exp(x: Array) -> Array:
    return np.exp(x)


@TABLE.add(
    "log(x: number) -> number",
    help="The natural logarithm. Null where x is 0 or negative.",
    example="log(1) == 0",
    bounds=interval.log,
)
def _log(x: Array) -> Array:
    return np.log(x)


@TABLE.add(
    "log10(x: number) -> number",
    help="The logarithm to the base 10. Null where x is 0 or negative.",
    example="log10(1000) == 3",
    bounds=interval.log10,
)
def _log10(x: Array) -> Array:
    return np.log10(x)


@TABLE.add(
    "sqrt(x: number) -> number",
    help="The square root. Null where x is negative.",
    example="sqrt(9) == 3",
    bounds=interval.sqrt,
)
def _sqrt(x: Array) -> Array:
    return np.sqrt(x)


@TABLE.add(
    "mod(x: number, y: number) -> number",
    help="The remainder of x ÷ y, with the sign of y, as `x % y`. Null where y is 0.",
    example="mod(-1, 3) == 2",
    bounds=interval.modulo,
)
def _mod(x: Array, y: Array) -> Array:
    return np.mod(x, y)
