"""How other programs read a run: a snippet to copy for each."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from datagen_engine.errors import UsageError

__all__ = ["TOOLS", "Tool", "snippet"]

Tool = Literal["pandas", "polars", "duckdb", "spark", "sql"]
TOOLS: tuple[Tool, ...] = get_args(Tool)

_SQL_TYPES = {
    "int": "BIGINT",
    "float": "DOUBLE PRECISION",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
}


def snippet(tool: str, folder: str, tables: Mapping[str, str], schema: Mapping[str, Any]) -> str:
    """Return what reads a run into a tool.

    Parameters
    ----------
    tool
        One of `TOOLS`; `sql` are CREATE TABLE statements with their keys.
    folder
        Where the run lies.
    tables
        By table, its path within the folder: a folder of parts where it ends on `/`.
    schema
        The schema that it was drawn from, for types and keys.

    Raises
    ------
    UsageError
        There is no such tool.

    Examples
    --------
    >>> print(snippet("pandas", "/data/shop", {"order": "order.parquet"}, {}))
    import pandas as pd
    <BLANKLINE>
    folder = "/data/shop"
    order = pd.read_parquet(f"{folder}/order.parquet")
    <BLANKLINE>
    """
    if tool not in _TOOLS:
        raise UsageError(f"there is no snippet for {tool!r}; there is one for {', '.join(TOOLS)}")
    return _TOOLS[tool](folder, [_Table(name, path) for name, path in tables.items()], schema)


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    path: str


def _pandas(folder: str, tables: Sequence[_Table], _schema: Mapping[str, Any]) -> str:
    return _python("import pandas as pd", folder, tables, lambda path: f"pd.read_parquet({path})")


def _polars(folder: str, tables: Sequence[_Table], _schema: Mapping[str, Any]) -> str:
    return _python("import polars as pl", folder, tables, lambda path: f"pl.scan_parquet({path})")


def _spark(folder: str, tables: Sequence[_Table], _schema: Mapping[str, Any]) -> str:
    head = "from pyspark.sql import SparkSession\n\nspark = SparkSession.builder.getOrCreate()"
    return _python(head, folder, tables, lambda path: f"spark.read.parquet({path})")


def _python(head: str, folder: str, tables: Sequence[_Table], read: Callable[[str], str]) -> str:
    lines = [head, "", f"folder = {json.dumps(folder, ensure_ascii=False)}"]
    lines += [f"{_name(table.name)} = {read(_within(table))}" for table in tables]
    return "\n".join(lines) + "\n"


def _within(table: _Table) -> str:
    path = table.path.rstrip("/").replace("{", "{{").replace("}", "}}")
    return "f" + json.dumps(f"{{folder}}/{path}", ensure_ascii=False)


def _name(table: str) -> str:
    """Return a table's name as Python takes it."""
    name = re.sub(r"\W", "_", table)
    return f"{name}_" if keyword.iskeyword(name) else f"_{name}" if name[:1].isdigit() else name


def _duckdb(folder: str, tables: Sequence[_Table], _schema: Mapping[str, Any]) -> str:
    lines = []
    for table in tables:
        path = f"{folder}/{table.path}" + ("*.parquet" if table.path.endswith("/") else "")
        quoted = path.replace("'", "''")
        lines.append(f"CREATE VIEW {_quoted(table.name)} AS SELECT * FROM read_parquet('{quoted}');")
    return "\n".join(lines) + "\n"


def _sql(_folder: str, tables: Sequence[_Table], schema: Mapping[str, Any]) -> str:
    nodes = {str(node.get("id")): node for node in schema.get("nodes") or () if isinstance(node, dict)}
    constraints = schema.get("constraints")
    said: Mapping[str, Any] = constraints if isinstance(constraints, dict) else {}
    wanted = [table.name for table in tables if table.name in nodes]
    made: list[str] = []
    written = []
    for table in _parents_first(wanted, said):
        made.append(table)
        written.append(_create(nodes[table], said, made))
    return "\n\n".join(written) + ("\n" if written else "")


def _parents_first(tables: Sequence[str], constraints: Mapping[str, Any]) -> list[str]:
    """Return tables so that each stands after those that it refers to, as far as they do not refer to each other."""
    needs: dict[str, set[str]] = {table: set() for table in tables}
    for one in constraints.get("foreign_keys") or ():
        owner, target = (str(one.get(end, "")).partition(".")[0] for end in ("from", "to"))
        if owner in needs and target in needs and owner != target:
            needs[owner].add(target)
    order: list[str] = []
    while needs:
        ready = [table for table, others in needs.items() if not others & needs.keys()] or [next(iter(needs))]
        for table in ready:
            order.append(table)
            del needs[table]
    return order


def _create(node: Mapping[str, Any], constraints: Mapping[str, Any], made: Iterable[str]) -> str:
    table, key = str(node["id"]), node.get("pk")
    lines = []
    for column in node.get("columns") or ():
        type_ = _SQL_TYPES.get(str(column.get("type")), "VARCHAR")
        needed = "" if column.get("nullable") else " NOT NULL"
        lines.append(f"  {_quoted(str(column.get('name')))} {type_}{needed}")
    if isinstance(key, str):
        lines.append(f"  PRIMARY KEY ({_quoted(key)})")
    for one in constraints.get("unique") or ():
        names = [one] if isinstance(one, str) else one
        parted = [str(name).partition(".") for name in names]
        if parted and all(owner == table for owner, _, _ in parted) and [n for _, _, n in parted] != [key]:
            lines.append(f"  UNIQUE ({', '.join(_quoted(name) for _, _, name in parted)})")
    for one in constraints.get("foreign_keys") or ():
        owner, _, column = str(one.get("from", "")).partition(".")
        target, _, remote = str(one.get("to", "")).partition(".")
        if owner == table and target in made:  # of two that refer to each other, the first cannot yet
            lines.append(
                f"  FOREIGN KEY ({_quoted(column)}) REFERENCES {_quoted(target)} ({_quoted(remote)})"
            )
    return f"CREATE TABLE {_quoted(table)} (\n" + ",\n".join(lines) + "\n);"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_TOOLS: dict[str, Callable[[str, Sequence[_Table], Mapping[str, Any]], str]] = {
    "pandas": _pandas,
    "polars": _polars,
    "duckdb": _duckdb,
    "spark": _spark,
    "sql": _sql,
}
