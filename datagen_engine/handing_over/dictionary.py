"""A data dictionary of a schema: every table and column in words, for those who get the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

__all__ = ["dictionary_html", "dictionary_markdown"]

_HEAD = ("Column", "Type", "Null", "What it holds", "Rules")

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24;"
    "background:#fff}table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}td,th{text-align:left;"
    "padding:.35rem .7rem;border-bottom:1px solid #d9dde3;vertical-align:top}th{color:#59636e;font-weight:400}"
    "h2{margin:2rem 0 .25rem}p{color:#59636e;margin:.25rem 0}@media(prefers-color-scheme:dark){body{background:"
    "#1e2126;color:#e8eaed}td,th{border-color:#363b44}th,p{color:#a3acb8}}"
)


def dictionary_markdown(schema: Mapping[str, Any]) -> str:
    """Return the data dictionary of a schema as Markdown.

    Examples
    --------
    >>> column = {"name": "id", "type": "int", "generator": {"sequence": {}}}
    >>> print(dictionary_markdown({"metadata": {"name": "Shop"}, "nodes": [{"id": "order", "columns": [column]}]}))
    # Shop: data dictionary
    <BLANKLINE>
    ## order
    <BLANKLINE>
    | Column | Type | Null | What it holds | Rules |
    |---|---|---|---|---|
    | id | int | no | numbered in order |  |
    <BLANKLINE>
    """
    title, about = _title(schema)
    lines = [f"# {_md(title)}: data dictionary", ""]
    if about:
        lines += [_md(about), ""]
    for name, said, rows in _tables(schema):
        lines += [f"## {_md(name)}", ""]
        if said:
            lines += [_md(said), ""]
        lines += [f"| {' | '.join(_HEAD)} |", f"|{'---|' * len(_HEAD)}"]
        lines += [f"| {' | '.join(_md(cell) for cell in row)} |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def dictionary_html(schema: Mapping[str, Any]) -> str:
    """Return the data dictionary of a schema as one page that needs nothing else."""
    title, about = _title(schema)
    parts = [
        "<!doctype html>",
        f"<html lang='en'><meta charset='utf-8'><title>{escape(title)}: data dictionary</title>",
        f"<style>{_STYLE}</style>",
        f"<h1>{escape(title)}: data dictionary</h1>",
        f"<p>{escape(about)}</p>" if about else "",
    ]
    for name, said, rows in _tables(schema):
        parts.append(f"<h2 id='{escape(name, quote=True)}'>{escape(name)}</h2>")
        parts.append(f"<p>{escape(said)}</p>" if said else "")
        head = "".join(f"<th>{word}</th>" for word in _HEAD)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        parts.append(f"<table><tr>{head}</tr>{body}</table>")
    return "\n".join(part for part in parts if part) + "\n</html>\n"


def _title(schema: Mapping[str, Any]) -> tuple[str, str]:
    about = schema.get("metadata")
    metadata = about if isinstance(about, dict) else {}
    return str(metadata.get("name") or "Dataset"), str(metadata.get("description") or "")


def _tables(schema: Mapping[str, Any]) -> Iterator[tuple[str, str, list[tuple[str, ...]]]]:
    constraints = schema.get("constraints")
    said: Mapping[str, Any] = constraints if isinstance(constraints, dict) else {}
    for node in schema.get("nodes") or ():
        name = str(node.get("id"))
        words = [str(node.get("description") or node.get("comment") or "")]
        if node.get("parents"):
            words.append(f"Rows of {', '.join(map(str, node['parents']))}.")
        rows = [_column(name, node.get("pk"), column, said) for column in node.get("columns") or ()]
        yield name, " ".join(word for word in words if word), rows


def _column(
    table: str, key: Any, column: Mapping[str, Any], constraints: Mapping[str, Any]
) -> tuple[str, ...]:
    name = str(column.get("name"))
    described = str(column.get("description") or column.get("comment") or "")
    return (
        name,
        str(column.get("type", "")),
        "yes" if column.get("nullable") else "no",
        described or _generator(column.get("generator")),
        "; ".join(_rules(f"{table}.{name}", name == key, column, constraints)),
    )


def _generator(generator: Any) -> str:
    if not isinstance(generator, dict):
        return ""
    match generator:
        case {"sequence": _}:
            return "numbered in order"
        case {"choice": {"choices": list(choices)}}:
            return "one of " + _listed(choices)
        case {"choice": {"choices_ref": str(source)}}:
            return f"one of {source}"
        case {"distribution": {"type": str(type_)}}:
            return f"drawn from a {type_} distribution"
        case {"datetime_series": _}:
            return "a moment within the timeframe"
        case {"faker": {"method": str(method)}}:
            return f"made up: {method.replace('_', ' ')}"
        case {"lookup": {"from": str(source)}}:
            return f"taken from {source}"
        case {"expression": {"code": str(code)}}:
            return f"computed: {code}"
        case {"enum_list": {"values": list(values)}}:
            return _listed(values)
    return next((str(name).replace("_", " ") for name in generator if not str(name).startswith("x-")), "")


def _rules(
    address: str, is_key: bool, column: Mapping[str, Any], constraints: Mapping[str, Any]
) -> Iterator[str]:
    if is_key:
        yield "primary key"
    for one in constraints.get("unique") or ():
        if one == address and not is_key:
            yield "unique"
        elif isinstance(one, list) and address in one:
            yield f"unique together with {', '.join(str(o) for o in one if o != address)}"
    for one in constraints.get("foreign_keys") or ():
        if one.get("from") == address:
            yield f"refers to {one.get('to')}"
    for one in constraints.get("ranges") or ():
        if one.get("attr") == address:
            low, high = one.get("min"), one.get("max")
            yield (
                f"{low} to {high}" if None not in (low, high) else f"≥ {low}" if high is None else f"≤ {high}"
            )
    for one in constraints.get("pattern") or ():
        if one.get("attr") == address:
            yield f"matches {one.get('regex')}"
    for one in constraints.get("enum") or ():
        if one.get("attr") == address:
            yield f"one of {_listed(one.get('values') or [one.get('enum_ref')])}"
    for one in constraints.get("inequalities") or ():
        if address in (one.get("left"), one.get("right")):
            yield f"{one.get('left')} {one.get('op')} {one.get('right')}"
    own = column.get("constraints")
    if isinstance(own, dict) and isinstance(own.get("pattern"), str):
        yield f"matches {own['pattern']}"


def _listed(values: Sequence[Any]) -> str:
    shown = ", ".join(str(value) for value in values[:8])
    return shown if len(values) <= 8 else f"{shown} and {len(values) - 8} more"


def _md(text: str) -> str:
    plain = " ".join(text.split())
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, "\\" + sign)
    return plain
