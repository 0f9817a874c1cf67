"""Densities of the distributions, and the handles by which they are dragged. Plain Python, without Qt or numpy.

The formulas are those of the usual reference, Johnson, Kotz and Balakrishnan's "Univariate Distributions";
tests hold them against the engine's own distribution functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datagen_app.inspector.carry import moments
from datagen_app.inspector.scalars import real

__all__ = ["Curve", "Handle", "curve", "density", "discrete", "handles", "rounded", "span"]

Params = Mapping[str, Any]
_POINTS = 160
_MOST_BARS = 80
_DISCRETE = ("poisson", "binomial", "negative_binomial", "bernoulli")


def _value(params: Params, key: str, other: float = 0.0) -> float:
    value = real(params.get(key))
    return other if value is None else value


def discrete(word: str) -> bool:
    """Whether a distribution gives whole numbers only."""
    return word in _DISCRETE


def density(word: str, params: Params, x: float) -> float:
    """Return the density of a distribution at a value, of whole numbers the chance of the nearest.

    Examples
    --------
    >>> round(density("normal", {"mean": 0, "std": 1}, 0), 4)
    0.3989
    >>> density("uniform", {"low": 0, "high": 4}, 1), density("uniform", {"low": 0, "high": 4}, 5)
    (0.25, 0.0)
    """
    made = _DENSITIES.get(word)
    if made is None:
        return 0.0
    try:
        value = made(params, x)
    except (ValueError, OverflowError, ZeroDivisionError):
        return 0.0
    return value if math.isfinite(value) else 0.0


def _normal(p: Params, x: float) -> float:
    std = _value(p, "std", _value(p, "sigma"))
    z = (x - _value(p, "mean")) / std
    return math.exp(-z * z / 2) / (std * math.sqrt(2 * math.pi))


def _lognormal(p: Params, x: float) -> float:
    if x <= 0:
        return 0.0
    sigma = _value(p, "sigma")
    z = (math.log(x) - _value(p, "mean")) / sigma
    return math.exp(-z * z / 2) / (x * sigma * math.sqrt(2 * math.pi))


def _uniform(p: Params, x: float) -> float:
    low, high = _value(p, "low"), _value(p, "high")
    return 1 / (high - low) if low <= x <= high else 0.0


def _exponential(p: Params, x: float) -> float:
    scale = _value(p, "scale")
    return math.exp(-x / scale) / scale if x >= 0 else 0.0


def _gamma(p: Params, x: float) -> float:
    a, scale = _value(p, "a"), _value(p, "scale")
    if x <= 0:
        return 0.0
    return math.exp((a - 1) * math.log(x / scale) - x / scale - math.lgamma(a)) / scale


def _beta(p: Params, x: float) -> float:
    a, b = _value(p, "a"), _value(p, "b")
    if not 0 < x < 1:
        return 0.0
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(log + (a - 1) * math.log(x) + (b - 1) * math.log(1 - x))


def _triangular(p: Params, x: float) -> float:
    low, mode, high = _value(p, "low"), _value(p, "mode"), _value(p, "high")
    if not low <= x <= high:
        return 0.0
    if x < mode:
        return 2 * (x - low) / ((high - low) * (mode - low))
    return 2 / (high - low) if high == mode else 2 * (high - x) / ((high - low) * (high - mode))


def _pareto(p: Params, x: float) -> float:
    b, scale = _value(p, "b"), _value(p, "scale")
    return float(b * scale**b / x ** (b + 1)) if x >= scale else 0.0


def _weibull(p: Params, x: float) -> float:
    c, scale = _value(p, "c"), _value(p, "scale")
    if x <= 0:
        return 0.0
    z = x / scale
    return float(c / scale * z ** (c - 1) * math.exp(-(z**c)))


def _student(p: Params, x: float) -> float:
    df, scale = _value(p, "df"), _value(p, "scale")
    z = (x - _value(p, "loc")) / scale
    log = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return math.exp(log - (df + 1) / 2 * math.log1p(z * z / df)) / scale


def _poisson(p: Params, x: float) -> float:
    k, rate = round(x), _value(p, "lambda")
    if k < 0 or rate < 0:
        return 0.0
    if rate == 0:
        return float(k == 0)
    return math.exp(k * math.log(rate) - rate - math.lgamma(k + 1))


def _binomial(p: Params, x: float) -> float:
    k, n, chance = round(x), round(_value(p, "n")), _value(p, "p")
    if not 0 <= k <= n:
        return 0.0
    if chance in (0.0, 1.0):
        return float(k == n * chance)
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(log + k * math.log(chance) + (n - k) * math.log(1 - chance))


def _negative_binomial(p: Params, x: float) -> float:
    k, n, chance = round(x), _value(p, "n"), _value(p, "p")
    if k < 0:
        return 0.0
    if chance == 1:
        return float(k == 0)
    log = math.lgamma(k + n) - math.lgamma(k + 1) - math.lgamma(n)
    return math.exp(log + n * math.log(chance) + k * math.log(1 - chance))


def _bernoulli(p: Params, x: float) -> float:
    chance = _value(p, "p")
    return {0: 1 - chance, 1: chance}.get(round(x), 0.0)


def _numbers(values: Any) -> list[float]:
    """Return a list of numbers; an empty one where any is none."""
    found = [number for number in map(real, values if isinstance(values, list) else ()) if number is not None]
    return found if isinstance(values, list) and len(found) == len(values) else []


def _mixture(p: Params, x: float) -> float:
    parts, weights = p.get("parts"), _numbers(p.get("weights"))
    if not isinstance(parts, list) or len(parts) != len(weights):
        return 0.0
    total = math.fsum(weights)
    return math.fsum(
        weight / total * density(str(part.get("type")), _inner(part), x)
        for part, weight in zip(parts, weights, strict=True)
        if isinstance(part, dict)
    )


def _inner(part: Mapping[str, Any]) -> Params:
    params = part.get("params")
    return params if isinstance(params, dict) else {}


def _histogram(p: Params, x: float) -> float:
    edges, weights = _numbers(p.get("edges")), _numbers(p.get("weights"))
    total = math.fsum(weights)
    for low, high, weight in zip(edges, edges[1:], weights, strict=False):
        if low <= x < high:
            return weight / total / (high - low)
    return 0.0


_DENSITIES: dict[str, Callable[[Params, float], float]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "exponential": _exponential,
    "gamma": _gamma,
    "beta": _beta,
    "triangular": _triangular,
    "pareto": _pareto,
    "weibull": _weibull,
    "student_t": _student,
    "poisson": _poisson,
    "binomial": _binomial,
    "negative_binomial": _negative_binomial,
    "bernoulli": _bernoulli,
    "mixture": _mixture,
    "histogram": _histogram,
}


def span(word: str, params: Params, clamp: Sequence[Any] | None = None) -> tuple[float, float] | None:
    """Return the range in which a distribution is worth looking at; None where it cannot be said.

    A clamp that lies within the range, or not far from it, is in it.
    """
    ends = _own_span(word, params)
    if ends is None or not all(math.isfinite(end) for end in ends):
        return None
    low, high = ends
    if high <= low:
        low, high = low - 1, high + 1
    if clamp is not None:
        size = high - low
        given = [end for end in map(real, clamp) if end is not None]
        near = [end for end in given if low - 0.6 * size <= end <= high + 0.6 * size]
        low, high = min([low, *near]), max([high, *near])
    room = 0.03 * (high - low)
    return low - room, high + room


def _own_span(word: str, p: Params) -> tuple[float, float] | None:
    if word in ("uniform", "triangular"):
        return _value(p, "low"), _value(p, "high")
    if word == "beta":
        return 0.0, 1.0
    if word == "bernoulli":
        return -0.5, 1.5
    if word == "histogram":
        edges = _numbers(p.get("edges"))
        return (edges[0], edges[-1]) if len(edges) > 1 else None
    if word == "mixture":
        parts = p.get("parts")
        inner = [
            _own_span(str(part.get("type")), _inner(part))
            for part in (parts if isinstance(parts, list) else ())
            if isinstance(part, dict)
        ]
        known = [each for each in inner if each is not None]
        return (min(low for low, _ in known), max(high for _, high in known)) if known else None
    if word == "pareto":
        b, scale = max(_value(p, "b", 1), 0.2), _value(p, "scale", 1)
        return 0.0, scale * 40 ** (1 / b)
    if word == "student_t":
        return _value(p, "loc") - 6 * _value(p, "scale", 1), _value(p, "loc") + 6 * _value(p, "scale", 1)
    if word == "lognormal":
        mean, sigma = _value(p, "mean"), _value(p, "sigma")
        try:
            return 0.0, math.exp(mean + 2.6 * sigma)
        except OverflowError:
            return None
    known_moments = moments(word, p)
    if known_moments is None:
        return None
    mean, std = known_moments
    low, high = mean - 4 * std, mean + 4 * std
    if word in ("exponential", "gamma", "weibull", "poisson", "binomial", "negative_binomial"):
        low = max(low, -0.5 if discrete(word) else 0.0)
        high = max(high, 1.5) if discrete(word) else high
    return low, high


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a density: where, and how high; of whole numbers one point each, where they are not too many."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    bars: bool = False


def curve(word: str, params: Params, low: float, high: float) -> Curve | None:
    """Return the density between two values; None for a distribution that is not known here."""
    if word not in _DENSITIES:
        return None
    if discrete(word) and high - low <= _MOST_BARS:
        at = tuple(float(k) for k in range(math.ceil(low), math.floor(high) + 1))
        return Curve(at, tuple(density(word, params, x) for x in at), bars=True)
    at = tuple(low + (high - low) * step / _POINTS for step in range(_POINTS + 1))
    return Curve(at, tuple(density(word, params, x) for x in at))


@dataclass(frozen=True, slots=True)
class Handle:
    """A point of the plot that can be dragged: what it is called, where it is, and what it changes."""

    title: str
    x: float
    change: Callable[[float], dict[str, float]]
    """Takes the value that it is dragged to, and returns the parameters that change."""


def handles(word: str, p: Params) -> list[Handle]:
    """Return the handles of a distribution's parameters; none where there are none to drag.

    Examples
    --------
    >>> [handle.title for handle in handles("normal", {"mean": 5, "std": 2})]
    ['Mean', 'Mean + one standard deviation']
    >>> handles("normal", {"mean": 5, "std": 2})[1].change(8)
    {'std': 3.0}
    """
    made = _HANDLES.get(word)
    try:
        return made(p) if made is not None else []
    except (OverflowError, ValueError, ZeroDivisionError):
        return []


def _spread_key(p: Params) -> str:
    return "sigma" if "sigma" in p and "std" not in p else "std"


def _normal_handles(p: Params) -> list[Handle]:
    mean, std = _value(p, "mean"), _value(p, "std", _value(p, "sigma"))
    key = _spread_key(p)
    return [
        Handle("Mean", mean, lambda x: {"mean": x}),
        Handle("Mean + one standard deviation", mean + std, lambda x: {key: max(0, x - mean)}),
    ]


def _lognormal_handles(p: Params) -> list[Handle]:
    mean, sigma = _value(p, "mean"), _value(p, "sigma")
    return [
        Handle("Median", math.exp(mean), lambda x: {"mean": math.log(max(x, 1e-9))}),
        Handle(
            "84 % lie below",
            math.exp(mean + sigma),
            lambda x: {"sigma": max(0.0, math.log(max(x, 1e-9)) - mean)},
        ),
    ]


def _uniform_handles(p: Params) -> list[Handle]:
    low, high = _value(p, "low"), _value(p, "high")
    return [
        Handle("Lowest", low, lambda x: {"low": min(x, high)}),
        Handle("Highest", high, lambda x: {"high": max(x, low)}),
    ]


def _triangular_handles(p: Params) -> list[Handle]:
    low, mode, high = _value(p, "low"), _value(p, "mode"), _value(p, "high")
    return [
        Handle("Lowest", low, lambda x: {"low": min(x, mode)}),
        Handle("Most likely", mode, lambda x: {"mode": min(max(x, low), high)}),
        Handle("Highest", high, lambda x: {"high": max(x, mode)}),
    ]


def _student_handles(p: Params) -> list[Handle]:
    loc, scale = _value(p, "loc"), _value(p, "scale", 1)
    return [
        Handle("Middle", loc, lambda x: {"loc": x}),
        Handle("Middle + scale", loc + scale, lambda x: {"scale": max(1e-9, x - loc)}),
    ]


def _one(title: str, key: str, least: float = 1e-9) -> Callable[[Params], list[Handle]]:
    return lambda p: [Handle(title, _value(p, key), lambda x: {key: max(least, x)})]


def _gamma_handles(p: Params) -> list[Handle]:
    a = _value(p, "a", 1)
    return [Handle("Mean", a * _value(p, "scale", 1), lambda x: {"scale": max(1e-9, x / a)})]


def _beta_handles(p: Params) -> list[Handle]:
    a, b = _value(p, "a", 1), _value(p, "b", 1)

    def change(x: float) -> dict[str, float]:
        share = min(max(x, 0.01), 0.99)
        return {"a": share * (a + b), "b": (1 - share) * (a + b)}

    return [Handle("Mean", a / (a + b), change)]


def _binomial_handles(p: Params) -> list[Handle]:
    n = max(1.0, _value(p, "n", 1))
    return [Handle("Mean", n * _value(p, "p"), lambda x: {"p": min(1.0, max(0.0, x / n))})]


def _negative_handles(p: Params) -> list[Handle]:
    n, chance = _value(p, "n", 1), _value(p, "p", 0.5)
    mean = n * (1 - chance) / chance
    return [Handle("Mean", mean, lambda x: {"p": n / (n + max(x, 1e-9))})]


_HANDLES: dict[str, Callable[[Params], list[Handle]]] = {
    "normal": _normal_handles,
    "lognormal": _lognormal_handles,
    "uniform": _uniform_handles,
    "triangular": _triangular_handles,
    "student_t": _student_handles,
    "exponential": _one("Mean", "scale"),
    "weibull": _one("63 % lie below", "scale"),
    "pareto": _one("Lowest", "scale"),
    "poisson": _one("Mean", "lambda", 0.0),
    "gamma": _gamma_handles,
    "beta": _beta_handles,
    "binomial": _binomial_handles,
    "negative_binomial": _negative_handles,
}


def rounded(value: float, size: float) -> float | int:
    """Return a value to three figures of a size, so that what is dragged is not written to the last digit.

    Examples
    --------
    >>> rounded(3.14159, 10), rounded(41.27, 1000), rounded(0.123456, 1)
    (3.14, 41, 0.123)
    """
    if size <= 0 or not math.isfinite(value):
        return value
    digits = 3 - math.ceil(math.log10(size))
    made = round(value, max(0, digits))
    return int(made) if digits <= 0 else made
