"""The rows that a check rejects, as a condition in SQL: every one of them, not only the report's examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from datagen_app.results.database import Database
from datagen_app.results.kinds import NUMBERS, Kind
from datagen_app.results.names import identifier, identifiers, literal
from datagen_app.results.pointer import steps_of

__all__ = ["rejected"]


def rejected(database: Database, check: Mapping[str, Any]) -> str:
    """Return the condition that the rows of a failing check fulfil; nothing where it cannot be said in SQL.

    The check's path leads to the place in the schema that says what it asks.
    """
    table, columns = str(check.get("table", "")), [str(name) for name in check.get("columns") or ()]
    if check.get("status") != "fail" or table not in database.files.tables:
        return ""
    kinds = database.kinds(table)
    say = _CONDITIONS.get(str(check.get("kind")))
    if say is None or any(name not in kinds for name in columns):
        return ""
    return say(database, table, columns, _demand(database, check))


def _demand(database: Database, check: Mapping[str, Any]) -> Any:
    value: Any = database.files.schema
    try:
        for step in steps_of(str(check.get("path", ""))):
            value = value[int(step)] if isinstance(value, list) else value[str(step)]
    except (ValueError, LookupError, TypeError):
        return None
    return value


def _null(_database: Database, _table: str, columns: list[str], _asked: Any) -> str:
    return " OR ".join(f"{identifier(name)} IS NULL" for name in columns)


def _unique(database: Database, table: str, columns: list[str], _asked: Any) -> str:
    if not columns:
        return ""
    names = identifiers(columns)
    twice = f"SELECT {names} FROM {database.relation(table)} GROUP BY {names} HAVING count(*) > 1"
    return f"({names}) IN ({twice})"


def _primary(database: Database, table: str, columns: list[str], asked: Any) -> str:
    twice = _unique(database, table, columns, asked)
    return f"({twice}) OR {_null(database, table, columns, asked)}" if twice else ""


def _foreign(database: Database, _table: str, columns: list[str], asked: Any) -> str:
    to = asked.get("to") if isinstance(asked, dict) else None
    target, _, remote = to.partition(".") if isinstance(to, str) else ("", "", "")
    if len(columns) != 1 or target not in database.files.tables or remote not in database.kinds(target):
        return ""
    name, there = identifier(columns[0]), identifier(remote)
    # The columns of the inner table stand nearer: without a label the outer one could not be named.
    found = f"SELECT {there} FROM {database.relation(target)} WHERE {there} IS NOT NULL"
    return f"{name} IS NOT NULL AND {name} NOT IN ({found})"


def _range(database: Database, table: str, columns: list[str], asked: Any) -> str:
    if not isinstance(asked, dict) or len(columns) != 1:
        return ""
    name, kind = identifier(columns[0]), database.kinds(table)[columns[0]]
    ends = [(asked.get("min"), "<"), (asked.get("max"), ">")]
    said = [f"{name} {sign} {_literal(end, kind)}" for end, sign in ends if end is not None]
    return " OR ".join(said)


def _enumeration(database: Database, table: str, columns: list[str], asked: Any) -> str:
    values = asked.get("values") if isinstance(asked, dict) else asked
    if not isinstance(values, list) or not values or len(columns) != 1:
        return ""
    name, kind = identifier(columns[0]), database.kinds(table)[columns[0]]
    allowed = ", ".join(_literal(value, kind) for value in values if value is not None)
    return f"{name} IS NOT NULL AND {name} NOT IN ({allowed})" if allowed else ""


def _pattern(_database: Database, _table: str, columns: list[str], asked: Any) -> str:
    regex = asked.get("regex") if isinstance(asked, dict) else asked
    if not isinstance(regex, str) or len(columns) != 1:
        return ""
    name = identifier(columns[0])
    return f"{name} IS NOT NULL AND NOT regexp_matches({name}, {literal(f'^(?:{regex})')})"


def _inequality(_database: Database, _table: str, columns: list[str], asked: Any) -> str:
    if not isinstance(asked, dict) or len(columns) != 2:
        return ""
    operator = asked.get("op")
    sides = [str(asked.get(side, "")).rpartition(".")[2] for side in ("left", "right")]
    if operator not in ("<", "<=", ">", ">=", "==") or sides != columns:
        return ""
    left, right = map(identifier, columns)
    return f"NOT ({left} {'=' if operator == '==' else operator} {right})"


def _literal(value: Any, kind: Kind) -> str:
    if kind in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    if kind == "bool" and isinstance(value, bool):
        return "true" if value else "false"
    as_ = {"datetime": "TIMESTAMPTZ ", "date": "DATE "}.get(kind, "")
    return as_ + literal(str(value))


_CONDITIONS: dict[str, Callable[[Database, str, list[str], Any], str]] = {
    "null": _null,
    "unique": _unique,
    "primary_key": _primary,
    "foreign_key": _foreign,
    "range": _range,
    "enum": _enumeration,
    "pattern": _pattern,
    "inequality": _inequality,
}
