"""What carries over when one part takes the place of another. Plain Python, without Qt."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from datagen_app.inspector.scalars import real
from datagen_app.inspector.shape import Family, word_of

if TYPE_CHECKING:
    from datagen_app.inspector.desk import Desk

__all__ = ["carried_body", "carried_params", "moments", "with_moments"]

Params = Mapping[str, Any]


def carried_body(family: Family, word: str, sample: Any, value: Any, desk: Desk) -> Any:
    """Return the body that a new part begins with: its sample, with what the one before it had in common."""
    body = copy.deepcopy(sample)
    old = word_of(family, value, {word: object()})  # type: ignore[dict-item]  # only its keys are looked at
    before = _body(family, old, value)
    if family.noun == "distribution" and isinstance(before, dict):
        return carried_params(old, before, word, body)
    if family.noun == "generator":
        return _generator(before, word, body, desk)
    if isinstance(before, dict) and isinstance(body, dict):
        body |= {key: before[key] for key in ("min", "max", "weights", "time_reference") if key in before}
        if family.noun == "fanout":
            body = _fanout(before, word, body)
    if word == "effect" and isinstance(body, dict):
        body = _effect(body, desk)
    if word == "expression" and isinstance(body, dict) and desk.column_type == "string":
        body["code"] = "value"
    return body


def _body(family: Family, word: str, value: Any) -> Any:
    if not isinstance(value, dict):
        return {}
    if family.word is None:
        return value.get(word, {})
    return (
        {k: v for k, v in value.items() if k != family.word}
        if family.body is None
        else value.get(family.body)
    )


def _generator(before: Any, word: str, body: Any, desk: Desk) -> Any:
    """Fit a generator's sample to its column: values of its type, a table that there is."""
    kind, own = desk.column_type, str(desk.table.get("id", ""))
    values = before.get("choices", before.get("values")) if isinstance(before, dict) else None
    if word == "choice" and isinstance(values, list):
        return {"choices": values}
    if word == "choice":
        starts: dict[str, list[Any]] = {
            "int": [1, 2, 3], "float": [0.5, 1.0, 2.0], "bool": [True, False],
            "date": ["2024-01-01", "2024-07-01"], "datetime": ["2024-01-01T08:00:00", "2024-07-01T20:00:00"],
        }  # fmt: skip
        return {"choices": starts[kind]} if kind in starts else body
    if word == "enum_list":
        return {"values": values} if isinstance(values, list) else body
    if word == "lookup":
        source = _reference(desk, own, kind)
        return {"from": source} if source else body
    if word == "expression":
        names = [
            name for name, type in desk.columns_of(own) if type == kind and name != desk.column.get("name")
        ]
        return {"code": names[0]} if names else body
    if word == "case":
        branch = {"choice": _generator({}, "choice", {"choices": ["a"]}, desk)}
        return [{"when": "1 < 2", "then": copy.deepcopy(branch)}, {"else": branch}]
    return body


def _reference(desk: Desk, own: str, kind: str) -> str:
    """Return the column that a lookup most likely means: the key of the first parent, else of any table."""
    document = desk.document
    tables = list(document.tables) if document is not None else []
    parents = [str(parent) for parent in desk.table.get("parents") or ()]
    for table in sorted(tables, key=lambda table: table.id not in parents):
        if table.id == own or table.key_column is None:
            continue
        key = table.named(table.key_column)
        if key is not None and key.value.get("type") == kind:
            return f"{table.id}.{key.name}"
    for table in tables:
        for column in table.columns:
            if table.id != own and column.value.get("type") == kind:
                return f"{table.id}.{column.name}"
    return ""


def _effect(body: dict[str, Any], desk: Desk) -> dict[str, Any]:
    """Return an effect on a table that there is: one with two columns of time and one of numbers."""
    for table in desk.document.tables if desk.document is not None else ():
        times = [c.name for c in table.columns if c.value.get("type") in ("datetime", "date")]
        numbers = [c.name for c in table.columns if c.value.get("type") in ("float", "int")]
        numbers = [name for name in numbers if name != table.key_column]
        if len(times) >= 2 and numbers and table.id != desk.table.get("id"):
            return {
                **body,
                "effect_table": table.id,
                "window": {"start_col": times[0], "end_col": times[1]},
                "map": {"field": numbers[0], "op": "mul", "default": 1.0},
            }
    return body


def _fanout(before: Params, word: str, body: dict[str, Any]) -> dict[str, Any]:
    low, high = before.get("min"), before.get("max")
    mean = before.get("lambda", before.get("mean", before.get("n")))
    if mean is None and isinstance(low, int | float) and isinstance(high, int | float):
        mean = (low + high) / 2
    if isinstance(mean, int | float) and not isinstance(mean, bool):
        match word:
            case "poisson":
                body["lambda"] = mean
            case "fixed":
                body["n"] = max(0, round(mean))
            case "negative_binomial":
                body["mean"] = mean
            case "geometric":
                body["p"] = round(1 / (1 + max(mean, 0)), 4)
            case "uniform":
                body |= {
                    "min": low if low is not None else 0,
                    "max": high if high is not None else round(2 * mean),
                }
    if word == "zipf":
        body["max"] = high if isinstance(high, int | float) and high > 0 else 100
    return body


# -- distributions -----------------------------------------------------------------------------------------


def _value(params: Params, key: str, other: float = 0.0) -> float:
    value = real(params.get(key))
    return other if value is None else value


def moments(word: str, params: Params) -> tuple[float, float] | None:
    """Return mean and standard deviation of a distribution; None where it has none, or is not known here.

    Examples
    --------
    >>> moments("uniform", {"low": 0, "high": 12})
    (6.0, 3.4641016151377544)
    """
    known = _MOMENTS.get(word)
    if known is None:
        return None
    try:
        mean, variance = known(params)
    except (OverflowError, ZeroDivisionError, ValueError):
        return None
    if not (math.isfinite(mean) and math.isfinite(variance)) or variance < 0:
        return None
    return mean, math.sqrt(variance)


_Moments = Callable[[Params], tuple[float, float]]


def _lognormal(p: Params) -> tuple[float, float]:
    mean, s2 = _value(p, "mean"), _value(p, "sigma") ** 2
    return math.exp(mean + s2 / 2), math.expm1(s2) * math.exp(2 * mean + s2)


def _beta(p: Params) -> tuple[float, float]:
    a, b = _value(p, "a", 1), _value(p, "b", 1)
    return a / (a + b), a * b / ((a + b) ** 2 * (a + b + 1))


def _triangular(p: Params) -> tuple[float, float]:
    a, c, b = _value(p, "low"), _value(p, "mode"), _value(p, "high")
    return (a + b + c) / 3, (a * a + b * b + c * c - a * b - a * c - b * c) / 18


def _pareto(p: Params) -> tuple[float, float]:
    b, s = _value(p, "b", 3), _value(p, "scale", 1)
    mean = b * s / (b - 1) if b > 1 else math.inf
    return mean, s * s * b / ((b - 1) ** 2 * (b - 2)) if b > 2 else math.inf


def _weibull(p: Params) -> tuple[float, float]:
    c, s = _value(p, "c", 1), _value(p, "scale", 1)
    mean = s * math.gamma(1 + 1 / c)
    return mean, s * s * math.gamma(1 + 2 / c) - mean * mean


def _student(p: Params) -> tuple[float, float]:
    df, scale = _value(p, "df", 4), _value(p, "scale", 1)
    return _value(p, "loc"), scale * scale * df / (df - 2) if df > 2 else math.inf


_MOMENTS: dict[str, _Moments] = {
    "normal": lambda p: (_value(p, "mean"), _value(p, "std", _value(p, "sigma")) ** 2),
    "lognormal": _lognormal,
    "uniform": lambda p: (
        (_value(p, "low") + _value(p, "high")) / 2,
        (_value(p, "high") - _value(p, "low")) ** 2 / 12,
    ),
    "poisson": lambda p: (_value(p, "lambda"), _value(p, "lambda")),
    "exponential": lambda p: (_value(p, "scale"), _value(p, "scale") ** 2),
    "gamma": lambda p: (_value(p, "a") * _value(p, "scale"), _value(p, "a") * _value(p, "scale") ** 2),
    "beta": _beta,
    "triangular": _triangular,
    "pareto": _pareto,
    "weibull": _weibull,
    "student_t": _student,
    "binomial": lambda p: (
        _value(p, "n") * _value(p, "p"),
        _value(p, "n") * _value(p, "p") * (1 - _value(p, "p")),
    ),
    "negative_binomial": lambda p: (
        _value(p, "n") * (1 - _value(p, "p", 1)) / _value(p, "p", 1),
        _value(p, "n") * (1 - _value(p, "p", 1)) / _value(p, "p", 1) ** 2,
    ),
    "bernoulli": lambda p: (_value(p, "p"), _value(p, "p") * (1 - _value(p, "p"))),
}


def with_moments(word: str, mean: float, std: float) -> dict[str, Any] | None:
    """Return the parameters of a distribution with a mean and a standard deviation; None where it cannot have them.

    Examples
    --------
    >>> with_moments("normal", 5, 2), with_moments("exponential", 6, 1)
    ({'mean': 5, 'std': 2}, {'scale': 6})
    """
    made = _with_moments(word, mean, std)
    return None if made is None else {key: _rounded(value) for key, value in made.items()}


def _with_moments(word: str, mean: float, std: float) -> dict[str, float] | None:
    half = std * math.sqrt(3)
    positive = mean > 0 and std > 0
    match word:
        case "normal":
            return {"mean": mean, "std": std}
        case "uniform" if std > 0:
            return {"low": mean - half, "high": mean + half}
        case "triangular" if std > 0:
            return {"low": mean - std * math.sqrt(6), "mode": mean, "high": mean + std * math.sqrt(6)}
        case "student_t" if std > 0:
            return {"df": 4, "loc": mean, "scale": std / math.sqrt(2)}
        case "lognormal" if positive:
            s2 = math.log1p((std / mean) ** 2)
            return {"mean": math.log(mean) - s2 / 2, "sigma": math.sqrt(s2)}
        case "exponential" if mean > 0:
            return {"scale": mean}
        case "poisson" if mean >= 0:
            return {"lambda": mean}
        case "gamma" if positive:
            return {"a": (mean / std) ** 2, "scale": std * std / mean}
        case "weibull" if positive:
            c = max(0.2, min(20.0, (std / mean) ** -1.086))
            return {"c": c, "scale": mean / math.gamma(1 + 1 / c)}
        case "pareto" if positive:
            b = 1 + math.sqrt(1 + (mean / std) ** 2)
            return {"b": b, "scale": mean * (b - 1) / b}
        case "beta" if 0 < mean < 1 and 0 < std * std < mean * (1 - mean):
            n = mean * (1 - mean) / (std * std) - 1
            return {"a": mean * n, "b": (1 - mean) * n}
        case "bernoulli" if 0 <= mean <= 1:
            return {"p": mean}
        case "binomial" if positive and std * std < mean:
            p = 1 - std * std / mean
            return {"n": max(1, round(mean / p)), "p": mean / max(1, round(mean / p))}
        case "negative_binomial" if positive and std * std > 1.001 * mean:
            p = mean / (std * std)
            return {"n": min(mean * p / (1 - p), 1e6), "p": p}
    return None


def _rounded(value: float) -> float | int:
    return value if isinstance(value, int) else float(f"{value:.4g}")


def carried_params(old: str, params: Params, word: str, sample: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a distribution that takes another's place: about as large, about as spread.

    Examples
    --------
    >>> carried_params("normal", {"mean": 50, "std": 10}, "uniform", {"low": 0, "high": 100})
    {'low': 32.68, 'high': 67.32}
    >>> carried_params("histogram", {}, "normal", {"mean": 50, "std": 10})
    {'mean': 50, 'std': 10}
    """
    if word == "mixture":
        return {"weights": [1, 1], "parts": [{"type": old, "params": dict(params)}, *sample["parts"][-1:]]}
    if word == "histogram":
        known = moments(old, params)
        if known is not None and known[1] > 0:
            edges = [_rounded(known[0] + step * known[1]) for step in (-2, -1, 0, 1, 2)]
            return {"edges": edges, "weights": [1, 2, 2, 1]}
        return dict(sample)
    known = moments(old, params)
    made = with_moments(word, *known) if known is not None else None
    return made if made is not None else dict(sample)
