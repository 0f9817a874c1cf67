"""Filters: what a person asks of a column, and the condition in SQL that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from datagen_app.results.kinds import Kind
from datagen_app.results.names import identifier

__all__ = ["OPERATORS", "Filter", "FilterError", "Operator", "condition", "operators_for"]

Operator = Literal[
    "is", "is not", "<", "≤", ">", "≥", "between", "contains", "starts with", "ends with", "one of", "is null",
    "is not null",
]  # fmt: skip
OPERATORS: tuple[Operator, ...] = get_args(Operator)

_ORDERED: dict[str, str] = {"<": "<", "≤": "<=", ">": ">", "≥": ">="}
_TEXT = {"contains": "contains", "starts with": "starts_with", "ends with": "ends_with"}


class FilterError(ValueError):
    """What was typed is no value of the column; the message says so."""


@dataclass(frozen=True)
class Filter:
    """Keep the rows where a column is as it says; without a column: where the text of any is."""

    column: str
    operator: Operator
    value: str = ""
    other: str = ""
    """The upper end of `between`."""

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Filter:
        """Read a filter; raises FilterError where it is none."""
        operator = said.get("operator")
        if operator not in OPERATORS:
            raise FilterError(f"there is no filter {operator!r}")
        return cls(
            str(said.get("column", "")), operator, str(said.get("value", "")), str(said.get("other", ""))
        )

    def to_json(self) -> dict[str, str]:
        """Return the filter as a JSON object."""
        return {"column": self.column, "operator": self.operator, "value": self.value, "other": self.other}

    @property
    def words(self) -> str:
        """Say the filter in words.

        Examples
        --------
        >>> Filter("total", "between", "5", "10").words, Filter("", "contains", "ann").words
        ('total between 5 and 10', 'any column contains ann')
        """
        name = self.column or "any column"
        if self.operator in ("is null", "is not null"):
            return f"{name} {self.operator}"
        tail = f" and {self.other}" if self.operator == "between" else ""
        return f"{name} {self.operator} {self.value}{tail}"


def operators_for(kind: Kind) -> tuple[Operator, ...]:
    """Return the filters that make sense for a kind of column.

    Examples
    --------
    >>> "contains" in operators_for("int"), "≥" in operators_for("int")
    (False, True)
    """
    if kind in ("int", "float", "datetime", "date"):
        return ("is", "is not", "≥", "≤", ">", "<", "between", "one of", "is null", "is not null")
    if kind == "bool":
        return ("is", "is null", "is not null")
    return ("contains", "is", "is not", "starts with", "ends with", "one of", "is null", "is not null")


def condition(filters: Sequence[Filter], kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
    """Return the condition in SQL that all filters say together, and its parameters.

    Parameters
    ----------
    filters
        What to keep; nothing keeps every row.
    kinds
        By column, what it holds.

    Raises
    ------
    FilterError
        A column is not there, or a value is none of it.

    Examples
    --------
    >>> condition([Filter("n", "≥", "3")], {"n": "int"})
    ('("n" >= ?)', [3])
    """
    parts: list[str] = []
    parameters: list[Any] = []
    for one in filters:
        text, values = _one(one, kinds)
        parts.append(f"({text})")
        parameters += values
    return " AND ".join(parts) or "true", parameters


def _one(one: Filter, kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
    if not one.column:
        return _anywhere(one.value, kinds)
    if one.column not in kinds:
        raise FilterError(f"there is no column {one.column}")
    name, kind = identifier(one.column), kinds[one.column]
    match one.operator:
        case "is null":
            return f"{name} IS NULL", []
        case "is not null":
            return f"{name} IS NOT NULL", []
        case "contains" | "starts with" | "ends with":
            function = _TEXT[one.operator]
            return f"{function}(lower(CAST({name} AS VARCHAR)), lower(?))", [one.value]
        case "one of":
            values = [_value(part.strip(), kind, one) for part in one.value.split(",") if part.strip()]
            if not values:
                raise FilterError(f"{one.column}: name at least one value, parted by commas")
            return f"{name} IN ({', '.join('?' * len(values))})", values
        case "between":
            return f"{name} BETWEEN ? AND ?", [
                _value(one.value, kind, one),
                _value(one.other, kind, one, end=True),
            ]
        case "is" | "is not":
            sign = "=" if one.operator == "is" else "IS DISTINCT FROM"
            return f"{name} {sign} ?", [_value(one.value, kind, one)]
    end = one.operator in ("≤", ">")
    return f"{name} {_ORDERED[one.operator]} ?", [_value(one.value, kind, one, end=end)]


def _anywhere(text: str, kinds: Mapping[str, Kind]) -> tuple[str, list[Any]]:
    """Look for a text in every column of texts, and for the value that it is in the others."""
    parts: list[str] = []
    parameters: list[Any] = []
    for column, kind in kinds.items():
        if kind in ("string", "other"):
            parts.append(f"contains(lower(CAST({identifier(column)} AS VARCHAR)), lower(?))")
            parameters.append(text)
        elif kind in ("int", "float", "date"):
            try:
                parameters.append(_READERS[kind](text.strip()))
            except (ValueError, OverflowError):
                continue
            parts.append(f"{identifier(column)} = ?")
    return " OR ".join(parts) or "false", parameters


def _value(text: str, kind: Kind, about: Filter, *, end: bool = False) -> Any:
    """Return what was typed as a value of the column; `end`: a day stands for its last moment."""
    read = _READERS.get(kind)
    try:
        if kind == "datetime":
            return _moment(text.strip(), end)
        return read(text.strip()) if read else text
    except (ValueError, OverflowError):
        raise FilterError(f"{about.column}: {text!r} is no {_NOUNS[kind]}") from None


def _moment(text: str, end: bool) -> datetime:
    if end and len(text) == 10:
        text += "T23:59:59.999999"
    said = datetime.fromisoformat(text)
    return said if said.tzinfo is not None else said.replace(tzinfo=UTC)


def _whole(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


_READERS: dict[Kind, Callable[[str], Any]] = {
    "int": _whole,
    "float": lambda text: float(text.replace(",", "")),
    "bool": _truth,
    "date": date.fromisoformat,
}
_NOUNS: dict[Kind, str] = {
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "date": "day, such as 2024-11-29",
    "datetime": "time, such as 2024-11-29 18:30",
    "string": "text",
    "other": "value",
}
