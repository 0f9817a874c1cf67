"""Write a new JSON document so that people like to read it, and its changes line by line."""

from __future__ import annotations

import json
import math
from typing import Final

from datagen_engine.schema.path import Json, Path, pointer
from datagen_engine.schema.scanner import MAX_DEPTH, MAX_DIGITS, SURROGATE

__all__ = ["dump"]

WIDTH: Final = 100
"""The columns that an object or list may fill on one line."""

_TOO_LONG: Final = 10**MAX_DIGITS


def dump(tree: Json) -> str:
    """Write a tree as the text of a new file.

    The root opens over several lines. Within it a list of single values, or an object without other lists,
    stands on one line where it fits; anything else takes a line for each member, two spaces further in. Keys
    keep their order.

    Parameters
    ----------
    tree
        The document as plain Python data.

    Raises
    ------
    ValueError
        It holds a number or text that JSON cannot write and read again, or is nested too deeply.
    TypeError
        It holds anything but dict, list, str, int, float, bool and None, or a key that is not a str.

    Examples
    --------
    >>> print(dump({"id": "people", "columns": [{"name": "id", "type": "int"}, {"name": "age"}]}), end="")
    {
      "id": "people",
      "columns": [
        {"name": "id", "type": "int"},
        {"name": "age"}
      ]
    }
    """
    _check(tree, ())
    return _block(tree, "") + "\n"


def _check(value: object, path: Path) -> None:
    flaw = ""
    match value:
        case dict() | list() if len(path) == MAX_DEPTH:
            flaw = f"{MAX_DEPTH} objects and lists stand around this one; deeper ones are not read again"
        case dict():
            for key, child in value.items():
                if not isinstance(key, str):
                    raise TypeError(f"{pointer(path) or 'the root'}: a key is text, not {key!r}")
                _check(key, (*path, key))
                _check(child, (*path, key))
        case list():
            for index, child in enumerate(value):
                _check(child, (*path, index))
        case str() if SURROGATE.search(value):
            flaw = "half of a surrogate pair is no character"
        case float() if not math.isfinite(value):
            flaw = f"JSON has no number {value}"
        case int() if abs(value) >= _TOO_LONG:
            flaw = f"a number of more than {MAX_DIGITS} digits is not read again"
        case str() | int() | float() | None:
            pass
        case _:
            raise TypeError(f"{pointer(path) or 'the root'}: JSON has no {type(value).__name__}")
    if flaw:
        raise ValueError(f"{pointer(path) or 'the root'}: {flaw}")


def _block(value: Json, indent: str) -> str:
    """Write a value over as many lines as it needs, the first of them already begun."""
    deeper = indent + "  "
    if isinstance(value, dict) and value:
        members = (_member(f"{_scalar(key)}: ", child, deeper) for key, child in value.items())
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(_member("", child, deeper) for child in value) + f"\n{indent}]"
    return _scalar(value)


def _member(head: str, value: Json, indent: str) -> str:
    line = _line(value, WIDTH - len(indent) - len(head) - len(","))
    return indent + head + (_block(value, indent) if line is None else line)


def _line(value: Json, room: int) -> str | None:
    """Write a value on one line, or return None where that is longer than `room` or hard to read."""
    if isinstance(value, dict):
        members: list[str] = []
        for key, child in value.items():
            line = _line(child, room)
            if line is None or len(members) > room:
                return None
            members.append(f"{_scalar(key)}: {line}")
        text = "{" + ", ".join(members) + "}"
    elif isinstance(value, list):
        if len(value) > room or any(isinstance(child, dict | list) for child in value):
            return None
        text = "[" + ", ".join(map(_scalar, value)) + "]"
    else:
        text = _scalar(value)
    return text if len(text) <= room else None


def _scalar(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
