"""What may be handed to faker's methods: JSON, of the right kind, and of a size that cannot hurt.

Sizes are judged before anything is called, for a call with a length of a thousand million would take the
machine down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from datagen_engine.faking.methods import Method, Parameter, methods
from datagen_engine.schema.problem import nearest

__all__ = ["MOST_BYTES", "check_arguments", "python_arguments"]

MOST_BYTES = 4_096
"""Length of a value in UTF-8."""

_MOST_ITEMS = 10_000
_MOST_LIST_BYTES = 1 << 18
_MOST_TEXT = 1_000
_LARGEST = 2**53
_MOST_OPTIONAL = 64  # places that may be empty: a text then has so many ways to be what it is

# (lowest, highest) by the name of the parameter: lengths and counts, which cost time and memory.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "chance_of_getting_true": (0, 100),
    "truth_probability": (0, 100),
    "deep": (1, 20),
    "depth": (0, 20),
    "digits": (0, 18),
    "left_digits": (0, 100),
    "right_digits": (0, 100),
    "length": (0, 1_000),
    "levels": (0, 10),
    "max_age": (0, 200),
    "min_age": (0, 200),
    "minimum_age": (0, 200),
    "maximum_age": (0, 200),
    "max_chars": (0, 4_000),
    "min_chars": (0, 4_000),
    "max_nb_chars": (5, 4_000),
    "nb_sentences": (1, 20),
    "nb_words": (1, 100),
    "year": (1, 9_999),
    "month": (1, 12),
    "day": (1, 31),
}
# Templates may fill a whole value; what is only a part of it may not.
_LONG_TEXTS = frozenset({"text", "value"})
_PATTERNS = frozenset({"pattern", "date_format"})
_DIRECTIVES = re.compile(r"(?:[^%]|%-?[a-zA-Z%])*")
_OFFSET = re.compile(r"now|today|(?=.)" + "".join(rf"(?:[+-]\d{{1,9}}{unit})?" for unit in "yMwdhms"))
_WORDS = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "date": "a date such as 2024-03-31, or a time from now such as -30y or +2w",
    "scalar": "text or a number",
    "scalar or list": "text, a number or a list",
}


def check_arguments(method: str, arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Find what is wrong with the arguments of a method: (argument, message in plain words) for each fault.

    Parameters
    ----------
    method
        The name of one that may be used (`methods`).
    arguments
        As they stand in the schema: JSON scalars or lists by name; null is the same as leaving out.

    Returns
    -------
    list
        Empty where nothing is wrong. What only a call can show (a `min` above a `max`) is not looked for.

    Examples
    --------
    >>> check_arguments("bothify", {"text": "DEV-####"})
    []
    >>> check_arguments("bothify", {"txt": "DEV-####"})
    [('txt', "faker's `bothify` takes no `txt`; did you mean `text`?")]
    """
    entry = methods()[method]
    known = {parameter.name: parameter for parameter in entry.parameters}
    faults: list[tuple[str, str]] = []
    for name, value in arguments.items():
        if value is None:
            continue
        if name not in known:
            faults.append((name, _unknown(entry, name)))
        else:
            faults += [(name, message) for message in _judge(known[name], value)]
    for name, parameter in known.items():
        if parameter.required and arguments.get(name) is None:
            faults.append((name, f"faker's `{method}` needs `{name}`: {_WORDS[parameter.kind]}"))
    return faults or list(_together(method, arguments))


def _unknown(method: Method, name: str) -> str:
    names = [parameter.name for parameter in method.parameters]
    if not names:
        return f"faker's `{method.name}` takes no arguments; found `{name}`"
    meant = nearest(name, names)
    hint = f"did you mean `{meant}`?" if meant else "it takes " + ", ".join(f"`{known}`" for known in names)
    return f"faker's `{method.name}` takes no `{name}`; {hint}"


def _judge(parameter: Parameter, value: Any) -> Iterator[str]:
    """Yield what is wrong with one argument."""
    kind = parameter.kind
    if not _fits(kind, value):
        yield f"expected {_WORDS[kind]}, found {_shown(value)}"
    elif isinstance(value, list):
        yield from _judge_list(value)
    elif isinstance(value, str):
        most = (
            MOST_BYTES
            if parameter.name in _LONG_TEXTS
            else 100
            if kind == "date" or parameter.name in _PATTERNS
            else _MOST_TEXT
        )
        if len(value.encode("utf-8", "surrogatepass")) > most:
            yield f"text of more than {most:,} bytes"
        elif parameter.name in _PATTERNS and not _DIRECTIVES.fullmatch(value):
            yield "a pattern holds directives such as %Y, %m and %d; a % by itself is written %%"
        elif kind == "date" and not _OFFSET.fullmatch(value) and _instant(value) is None:
            yield f"expected {_WORDS['date']}, found {_shown(value)}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = _BOUNDS.get(parameter.name, (-_LARGEST, _LARGEST))
        if not low <= value <= high:
            yield f"{_shown(value)} lies outside {low:,} … {high:,}"


def _judge_list(items: list[Any]) -> Iterator[str]:
    if not items:
        yield "the list is empty"
    elif len(items) > _MOST_ITEMS:
        yield f"a list of more than {_MOST_ITEMS:,} items"
    elif not all(_fits("scalar", item) or isinstance(item, bool) for item in items):
        yield "a list holds text, numbers, true or false"
    elif max(_length(item) for item in items) > MOST_BYTES or sum(map(_length, items)) > _MOST_LIST_BYTES:
        yield f"a list holds items of up to {MOST_BYTES:,} bytes, and {_MOST_LIST_BYTES:,} together"


def _fits(kind: str, value: Any) -> bool:
    if kind == "scalar or list":
        return _fits("scalar", value) or isinstance(value, list)
    whole = isinstance(value, int) and not isinstance(value, bool)
    real = whole or (isinstance(value, float) and abs(value) < float("inf"))
    return {
        "string": isinstance(value, str),
        "int": whole or (isinstance(value, float) and value.is_integer()),
        "float": real,
        "bool": isinstance(value, bool),
        "list": isinstance(value, list),
        "date": isinstance(value, str) or whole,
        "scalar": isinstance(value, str) or real,
    }[kind]


def _length(value: Any) -> int:
    return len(str(value).encode("utf-8", "surrogatepass"))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


def _together(method: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with arguments that are right one by one."""
    given = {name: value for name, value in arguments.items() if value is not None}
    defaults = {parameter.name: parameter.default for parameter in methods()[method].parameters}
    if method in ("bothify", "lexify") and "text" in given and "letters" in given:
        letters = given["letters"]
        if not letters:
            yield "letters", "expected at least one letter"
        elif max(map(_length, letters)) * given["text"].count("?") + _length(given["text"]) > MOST_BYTES:
            yield "text", f"it can become longer than {MOST_BYTES:,} bytes"
    if (
        method in ("bothify", "numerify")
        and sum(map(str(given.get("text", "")).count, "!@")) > _MOST_OPTIONAL
    ):
        yield "text", f"more than {_MOST_OPTIONAL} places (! and @) that may stay empty"
    for low, high in (("min", "max"), ("min_value", "max_value"), ("min_chars", "max_chars")):
        least, most = given.get(low, defaults.get(low)), given.get(high, defaults.get(high))
        if (low in given or high in given) and least is not None and most is not None and least > most:
            yield (low if low in given else high), f"`{low}` ({least}) is above `{high}` ({most})"
    words = given.get("ext_word_list")
    if words is not None:
        if not all(isinstance(word, str) and word for word in words):
            yield "ext_word_list", "expected a list of words, none empty"
        else:
            yield from _fill(method, given, words)


def _fill(method: str, given: Mapping[str, Any], words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield why words cannot fill a text: too long by far, or so long that none ever fits."""
    longest = max(map(_length, words)) + 3
    # A number of words or sentences varies by ± 40 %; a sentence in a paragraph has six words or so.
    count = (
        1.4
        * given.get("nb_words", 6)
        * (1.4 * given.get("nb_sentences", 3) if method.endswith("paragraph") else 1)
    )
    if method.endswith(("paragraph", "sentence")) and count * longest > MOST_BYTES:
        yield "ext_word_list", f"with words this long it can become longer than {MOST_BYTES:,} bytes"
    if method.endswith("text"):
        most = given.get("max_nb_chars", 200)
        least = 1 if most < 25 else 4  # words of the shortest piece that is put in
        short = sum((len(word) + 1) * least < most for word in words)
        if short * 2 < len(words):
            yield "ext_word_list", f"most of these words are too long for a text of {most} characters"


def python_arguments(method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments as faker takes them: nulls left out, dates read, whole numbers whole.

    >>> python_arguments("date_between", {"start_date": "2024-02-01", "end_date": "-1d"})
    {'start_date': datetime.date(2024, 2, 1), 'end_date': '-1d'}
    """
    kinds = {parameter.name: parameter.kind for parameter in methods()[method].parameters}
    out: dict[str, Any] = {}
    for name, value in arguments.items():
        if value is None:
            continue
        if kinds[name] == "date" and isinstance(value, str):
            out[name] = value if _OFFSET.fullmatch(value) else _instant(value)
        elif kinds[name] == "int":
            out[name] = int(value)
        else:
            out[name] = value
    return out


def _instant(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
