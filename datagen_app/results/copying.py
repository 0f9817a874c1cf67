"""Rows written as other programs take them: text, CSV, JSON, Markdown, INSERT."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from datagen_app.results.cells import whole
from datagen_app.results.kinds import kind_of
from datagen_app.results.names import identifier, identifiers, literal

if TYPE_CHECKING:
    import pyarrow

__all__ = ["FORMS", "MOST", "Form", "written"]

Form = Literal["text", "csv", "json", "markdown", "insert"]
FORMS: tuple[Form, ...] = get_args(Form)

MOST = 100_000
"""Rows that are copied at once; more belong into a file."""


def written(table: pyarrow.Table, form: Form, name: str) -> str:
    r"""Return rows as text.

    Parameters
    ----------
    table
        The rows.
    form
        `text` (parted by tabs, for spreadsheets), `csv`, `json`, `markdown`, or `insert` (SQL).
    name
        What the table is called, for SQL.

    Examples
    --------
    >>> import pyarrow
    >>> rows = pyarrow.table({"id": [1], "name": ["it's"]})
    >>> written(rows, "insert", "person")
    'INSERT INTO "person" ("id", "name") VALUES\n  (1, \'it\'\'s\');\n'
    >>> written(rows, "markdown", "person")
    "| id | name |\n|--:|---|\n| 1 | it's |\n"
    """
    return _WRITERS[form](table, name)


def _rows(table: pyarrow.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _text(table: pyarrow.Table, _name: str) -> str:
    lines = ["\t".join(table.column_names)]
    # A tab or a line's end within a value would be another cell.
    lines += [
        "\t".join(" ".join(whole(value).split("\t")).replace("\n", " ") for value in row)
        for row in _rows(table)
    ]
    return "\n".join(lines) + "\n"


def _csv(table: pyarrow.Table, _name: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows([whole(value) for value in row] for row in _rows(table))
    return text.getvalue()


def _json(table: pyarrow.Table, _name: str) -> str:
    return json.dumps([_plain(row) for row in table.to_pylist()], indent=2, ensure_ascii=False) + "\n"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value if value is None or isinstance(value, bool | int | float) else whole(value)
        for key, value in row.items()
    }


def _markdown(table: pyarrow.Table, _name: str) -> str:
    right = [kind_of(field.type) in ("int", "float") for field in table.schema]
    lines = [_line(table.column_names), "|" + "|".join("--:" if side else "---" for side in right) + "|"]
    lines += [_line([whole(value) for value in row]) for row in _rows(table)]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(text.replace("|", "\\|").split()) for text in cells) + " |"


def _insert(table: pyarrow.Table, name: str) -> str:
    head = f"INSERT INTO {identifier(name)} ({identifiers(table.column_names)}) VALUES\n"
    rows = [f"  ({', '.join(_sql(value) for value in row)})" for row in _rows(table)]
    return head + ",\n".join(rows) + ";\n" if rows else ""


def _sql(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return repr(value)
    kind = "TIMESTAMP " if hasattr(value, "hour") else "DATE " if isinstance(value, date) else ""
    return kind + literal(whole(value))


_WRITERS: dict[Form, Callable[[Any, str], str]] = {
    "text": _text,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
    "insert": _insert,
}
