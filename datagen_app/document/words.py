"""What a schema says, in words that a reader needs no manual for. Plain Python, without Qt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

__all__ = [
    "approximately",
    "clipped",
    "counted",
    "describe_fanout",
    "describe_generator",
    "describe_modifier",
    "figure",
    "generator_name",
    "generator_word",
    "rows_word",
]

_GENERATORS = (
    "sequence",
    "choice",
    "distribution",
    "datetime_series",
    "faker",
    "lookup",
    "expression",
    "enum_list",
    "case",
)


def generator_name(column: Mapping[str, Any]) -> str:
    """Return the generator that a column names; nothing if it names none."""
    generator = column.get("generator")
    keys = generator if isinstance(generator, dict) else {}
    known = next((name for name in _GENERATORS if name in keys), "")
    return known or next((key for key in keys if not _free(key)), "")


def generator_word(column: Mapping[str, Any]) -> str:
    """Return the one word that a card shows for a column.

    Examples
    --------
    >>> generator_word({"generator": {"distribution": {"type": "lognormal"}}})
    'lognormal'
    >>> generator_word({"type": "int", "generator": {"sequence": {}}})
    'int'
    """
    name = generator_name(column)
    kind = column.get("type")
    said = kind if isinstance(kind, str) else ""
    if name == "distribution":
        shape = _of(column["generator"], name).get("type")
        return shape if isinstance(shape, str) else name
    if name == "enum_list":
        return "list"
    return said or name if name in ("sequence", "datetime_series", "") else name


def rows_word(rows: int, exact: bool) -> str:
    """Return a number of rows, as a header has room for it.

    Examples
    --------
    >>> rows_word(204_116, True), rows_word(1_234_567, False)
    ('204,116', '≈ 1.23 M')
    """
    if exact:
        return f"{rows:,}"
    return f"≈ {approximately(rows)}"


def approximately(number: float) -> str:
    """Return a number to three figures.

    Examples
    --------
    >>> approximately(840), approximately(41_234), approximately(9_060_000)
    ('840', '41.2 k', '9.06 M')
    """
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if number >= 0.9995 * 10**power:
            return f"{number / 10**power:.3g} {letter}" if number < 999.5 * 10**power else f"{number:.3g}"
    return f"{number:.0f}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "table"), counted(2, "table"), counted(0, "entry", "entries")
    ('1 table', '2 tables', '0 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def figure(value: object) -> str:
    """Return a value of a schema as a reader writes it: numbers with their digits, text as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not isinstance(value, bool):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def clipped(text: str, length: int = 160) -> str:
    """Return a text of at most so many characters, ended with an ellipsis if there were more."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


# ------------------------------------------------------------------------------------------- generators


def describe_generator(column: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a column's generator does: a sentence first, then its parameters, each with its label."""
    name = generator_name(column)
    args = _of(column.get("generator"), name)
    describe = _DESCRIBED.get(name)
    if describe is None:
        return [("", name or "No generator.")]
    return [(label, clipped(text)) for label, text in describe(args) if text]


def _sequence(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    start, step = args.get("start", 1), args.get("step", 1)
    by = "" if step == 1 else f", in steps of {figure(step)}"
    return [("", f"Counts up from {figure(start)}{by}.")]


def _choice(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    reference, choices = args.get("choices_ref"), args.get("choices")
    facts = [("", f"Picks from {reference}." if reference else "Picks one of the values.")]
    weights, kind = args.get("weights"), args.get("weights_kind")
    if isinstance(choices, list):
        shares = _shares(weights, len(choices))
        named = [
            f"{figure(value)}{f'  {shares[at]}' if shares else ''}" for at, value in enumerate(choices[:12])
        ]
        more = len(choices) - len(named)
        facts.append(("Values", "\n".join(named) + (f"\nand {more} more" if more else "")))
    if isinstance(kind, str):
        facts.append(("Weights", _weights_kind(kind)))
    return facts


def _weights_kind(kind: str) -> str:
    name, _, parameters = kind.partition("@")
    if name == "zipf":
        return f"zipf, exponent {parameters or '1'}: the first most often, then ever fewer"
    if name == "head_tail":
        return f"head and tail ({parameters.strip('{}')}): a fifth of the values share the most"
    return "all alike" if name == "uniform" else kind


def _shares(weights: object, count: int) -> list[str]:
    if not isinstance(weights, list) or len(weights) != count:
        return []
    if not all(isinstance(weight, (int, float)) and not isinstance(weight, bool) for weight in weights):
        return []
    total = sum(weights)
    return [f"{100 * weight / total:.3g} %" for weight in weights] if 0 < total < float("inf") else []


def _distribution(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    shape, params, clamp = args.get("type"), args.get("params"), args.get("clamp")
    facts = [("", f"Draws from a {shape} distribution." if isinstance(shape, str) else "Draws a number.")]
    if isinstance(params, dict):
        facts += [(key, figure(value)) for key, value in params.items() if not _free(key)]
    if isinstance(clamp, list) and len(clamp) == 2:
        facts.append(("Clamp", f"{figure(clamp[0])} … {figure(clamp[1])}"))
    return facts


def _datetime_series(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    within, freq = args.get("within"), args.get("freq")
    facts = [("", "Picks a tick of the grid.")]
    if isinstance(within, dict):
        facts.append(("Within", f"{figure(within.get('start'))} … {figure(within.get('end'))}"))
    elif isinstance(within, str):
        facts.append(("Within", f"the {within}" if within == "timeframe" else within))
    if isinstance(freq, str):
        facts.append(("Grid", freq))
    patterns = args.get("patterns")
    found = [args.get("pattern"), *(patterns if isinstance(patterns, list) else [])]
    named = [_DIMENSIONS.get(str(_of_dict(pattern).get("dimension")), "") for pattern in found if pattern]
    if named := [name for name in named if name]:
        facts.append(("Weighted by", ", ".join(named)))
    return facts


def _dimension(name: object) -> str:
    return _DIMENSIONS.get(str(name)) or figure(name)


_DIMENSIONS = {"hour": "hour of the day", "dow": "day of the week", "month": "month"}


def _faker(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    method = args.get("method")
    facts = [("", f"Makes up values: {method}." if isinstance(method, str) else "Makes up values.")]
    if isinstance(source := args.get("locale_from"), str):
        facts.append(("Locale from", source))
    facts += [
        (key, figure(value))
        for key, value in args.items()
        if key not in ("method", "locale_from") and not _free(key)
    ]
    return facts


def _lookup(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [("", f"Takes {figure(args.get('from', '…'))}.")]
    on = args.get("on")
    if isinstance(on, dict) and on:
        facts.append(("Where", "\n".join(f"{local} = {figure(remote)}" for local, remote in on.items())))
    facts += [
        (key, figure(value)) for key, value in args.items() if key not in ("from", "on") and not _free(key)
    ]
    return facts


def _expression(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [("", "Computed from the row."), ("Code", figure(args.get("code", "")))]


def _enum_list(args: Mapping[str, Any]) -> list[tuple[str, str]]:
    values = args.get("values")
    if not isinstance(values, list):
        return [("", "Takes the values of a list, in order.")]
    shown = "\n".join(figure(value) for value in values[:12])
    more = f"\nand {len(values) - 12} more" if len(values) > 12 else ""
    return [("", f"Takes {counted(len(values), 'value')}, in order."), ("Values", shown + more)]


_DESCRIBED: dict[str, Callable[[Mapping[str, Any]], list[tuple[str, str]]]] = {
    "sequence": _sequence,
    "choice": _choice,
    "distribution": _distribution,
    "datetime_series": _datetime_series,
    "faker": _faker,
    "lookup": _lookup,
    "expression": _expression,
    "enum_list": _enum_list,
    "case": lambda _: [("", "The first case that holds decides.")],
}


# -------------------------------------------------------------------------------- modifiers and fanouts


def describe_modifier(modifier: object) -> tuple[str, str]:
    """Return the name of a modifier, and what it does in a few words.

    Examples
    --------
    >>> describe_modifier({"transform": "jitter", "args": {"std": 0.1, "mode": "mul"}})
    ('jitter', '× (1 + N(0, 0.1))')
    """
    said = _of_dict(modifier)
    name, args = said.get("transform"), _of_dict(said.get("args"))
    name = name if isinstance(name, str) else "modifier"
    describe = _MODIFIERS.get(name)
    text = describe(args) if describe else ", ".join(f"{key} {figure(value)}" for key, value in args.items())
    return name, clipped(text, 120)


def _effect(args: Mapping[str, Any]) -> str:
    mapped = _of_dict(args.get("map"))
    window = _of_dict(args.get("window"))
    sign = "+" if mapped.get("op") == "add" else "×"
    field = f"{figure(args.get('effect_table', '…'))}.{figure(mapped.get('field', '…'))}"
    on = _of_dict(args.get("on"))
    where = f" where {', '.join(f'{a} = {figure(b)}' for a, b in on.items())}" if on else ""
    when = (
        f" from {figure(window.get('start_col', '…'))} to {figure(window.get('end_col', '…'))}"
        if window
        else ""
    )
    return f"{sign} {field}{where}{when}"


def _clamp(args: Mapping[str, Any]) -> str:
    low, high = args.get("min"), args.get("max")
    if low is None or high is None:
        return f"at least {figure(low)}" if high is None else f"at most {figure(high)}"
    return f"{figure(low)} … {figure(high)}"


def _outliers(args: Mapping[str, Any]) -> str:
    rate = args.get("rate")
    plain = isinstance(rate, (int, float)) and _drawable(rate)
    share = f"{100 * (rate or 0):.3g} % of rows" if plain else "some rows"
    return f"{share} {'drop' if args.get('mode') == 'drop' else 'spike'}"


def _jitter(args: Mapping[str, Any]) -> str:
    noise = f"N(0, {figure(args.get('std', '…'))})"
    return f"× (1 + {noise})" if args.get("mode") == "mul" else f"+ {noise}"


def _time_jitter(args: Mapping[str, Any]) -> str:
    if "std_minutes" in args:
        return f"± {figure(args['std_minutes'])} min"
    return f"± {figure(args.get('std', '…'))} s"


def _drawable(number: float) -> bool:
    """Whether a number of a schema, which may have any number of digits, can be calculated with."""
    return abs(number) < 1e300


def _trend(args: Mapping[str, Any]) -> str:
    rate = args.get("growth_rate")
    growth = f", {100 * rate:+.3g} % a year" if isinstance(rate, (int, float)) and _drawable(rate) else ""
    return f"{figure(args.get('type', ''))}{growth}"


_MODIFIERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "multiply": lambda args: f"× {figure(args.get('factor', args.get('value', '…')))}",
    "add": lambda args: f"+ {figure(args.get('value', '…'))}",
    "clamp": _clamp,
    "jitter": _jitter,
    "map_values": lambda args: counted(len(_of_dict(args.get("mapping"))), "value") + " mapped",
    "seasonality": lambda args: f"by {_dimension(args.get('dimension'))}",
    "time_jitter": _time_jitter,
    "effect": _effect,
    "outliers": _outliers,
    "trend": _trend,
    "expression": lambda args: figure(args.get("code", "")),
}


def describe_fanout(fanout: object, parent: str) -> str:
    """Return how many rows a row of the parent gets, in a sentence.

    Examples
    --------
    >>> describe_fanout({"distribution": "poisson", "lambda": 5, "min": 0, "max": 25}, "customer")
    'Each row of customer gets poisson (λ 5) rows, from 0 to 25.'
    """
    if not isinstance(fanout, dict):
        return f"Each row of {parent} gets one row."
    clamp = fanout.get("clamp")
    low, high = fanout.get("min"), fanout.get("max")
    if isinstance(clamp, list) and len(clamp) == 2:
        low, high = clamp
    name = figure(fanout.get("distribution", "some"))
    if name == "uniform":
        return f"Each row of {parent} gets {figure(low)} to {figure(high)} rows, all alike."
    signs = {"lambda": "λ "}
    skipped = ("distribution", "min", "max", "clamp")
    params = ", ".join(
        f"{signs.get(key, f'{key} ')}{figure(value)}"
        for key, value in fanout.items()
        if key not in skipped and not _free(key)
    )
    bounds = "" if low is None and high is None else f", from {figure(low or 0)}"
    bounds += "" if high is None else f" to {figure(high)}"
    return f"Each row of {parent} gets {name}{f' ({params})' if params else ''} rows{bounds}."


def _free(key: str) -> bool:
    """Whether a key is a reader's or another tool's."""
    return key in ("comment", "description") or key.startswith("x-")


def _of_dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _of(value: object, key: str) -> Mapping[str, Any]:
    return _of_dict(_of_dict(value).get(key))
