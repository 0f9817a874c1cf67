"""A `schema.yml` for dbt: the tables as models, with the tests that the constraints come to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["dbt_schema"]


def dbt_schema(schema: Mapping[str, Any]) -> str:
    """Return dbt's `schema.yml` of a schema.

    Keys are tested for being unique and not null, foreign keys as `relationships`, enumerations as
    `accepted_values`; every text is written as JSON writes it, which YAML reads as that very text.

    Examples
    --------
    >>> column = {"name": "id", "type": "int", "generator": {"sequence": {}}}
    >>> print(dbt_schema({"nodes": [{"id": "order", "pk": "id", "columns": [column]}]}))
    version: 2
    models:
      - name: "order"
        columns:
          - name: "id"
            data_type: "bigint"
            data_tests:
              - not_null
              - unique
    <BLANKLINE>
    """
    constraints = schema.get("constraints")
    said: Mapping[str, Any] = constraints if isinstance(constraints, dict) else {}
    lines = ["version: 2", "models:"]
    for node in schema.get("nodes") or ():
        lines += _model(node, said)
    return "\n".join(lines) + "\n"


_TYPES = {
    "int": "bigint",
    "float": "double precision",
    "string": "varchar",
    "bool": "boolean",
    "datetime": "timestamp",
    "date": "date",
}


def _model(node: Mapping[str, Any], constraints: Mapping[str, Any]) -> Iterator[str]:
    table = str(node.get("id"))
    yield f"  - name: {_text(table)}"
    if described := node.get("description"):
        yield f"    description: {_text(described)}"
    yield "    columns:"
    for column in node.get("columns") or ():
        yield from _column(table, node.get("pk"), column, constraints)


def _column(table: str, key: Any, column: Mapping[str, Any], constraints: Mapping[str, Any]) -> Iterator[str]:
    name = str(column.get("name"))
    yield f"      - name: {_text(name)}"
    if described := column.get("description"):
        yield f"        description: {_text(described)}"
    if type_ := _TYPES.get(str(column.get("type"))):
        yield f"        data_type: {_text(type_)}"
    tests = list(_tests(f"{table}.{name}", name == key, column, constraints))
    if tests:
        yield "        data_tests:"
        yield from tests


def _tests(
    address: str, is_key: bool, column: Mapping[str, Any], constraints: Mapping[str, Any]
) -> Iterator[str]:
    if is_key or not column.get("nullable"):
        yield "          - not_null"
    if is_key or address in (constraints.get("unique") or ()):
        yield "          - unique"
    for one in constraints.get("foreign_keys") or ():
        target, _, remote = str(one.get("to", "")).partition(".")
        if one.get("from") == address and remote:
            yield "          - relationships:"
            yield f"              to: {_text(f'ref({json.dumps(target)})')}"
            yield f"              field: {_text(remote)}"
    for one in constraints.get("enum") or ():
        values = one.get("values")
        if one.get("attr") == address and isinstance(values, list):
            yield "          - accepted_values:"
            yield f"              values: {json.dumps(values, ensure_ascii=False)}"


def _text(text: Any) -> str:
    return json.dumps(str(text), ensure_ascii=False)
