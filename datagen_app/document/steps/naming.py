"""Names of tables and columns: which are free, and why one is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable

from datagen_app.document.document import Document, Table

__all__ = ["free_name", "refused_column", "refused_table"]

_TABLE = re.compile(r"[^\W_][\w\- ]{0,99}")
_COLUMN = re.compile(r"[^\x00-\x1f\x7f/\\]{1,100}")
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name that is free, with a number behind it if need be; capitals make no other name.

    Examples
    --------
    >>> free_name("order", ["Order", "order_2"])
    'order_3'
    """
    used = {name.casefold() for name in taken}
    if wanted.casefold() not in used:
        return wanted
    stem = re.sub(r"_\d+$", "", wanted) or wanted
    number = 2
    while f"{stem}_{number}".casefold() in used:
        number += 1
    return f"{stem}_{number}"


def refused_table(document: Document, name: str, but: int | None = None) -> str:
    """Say why a table cannot be called so; nothing if it can.

    Parameters
    ----------
    name
        What it is to be called.
    but
        The key of the table that is renamed.

    Examples
    --------
    >>> from pathlib import Path
    >>> shop = Document(Path("shop.json"), {"nodes": [{"id": "order"}]})
    >>> refused_table(shop, "Order")
    'There already is a table “order”.'
    >>> refused_table(shop, "order", but=shop.tables[0].key)
    ''
    """
    if not name.strip():
        return "A table needs a name."
    if "." in name:
        return "A table's name has no dot: the dot stands between a table and its column."
    if _TABLE.fullmatch(name) is None or name.endswith(" "):
        return "A table's name begins with a letter or digit; letters, digits, _ - and spaces may follow."
    if name.casefold() in _DEVICES:
        return "Windows keeps this name for a device, and a table is a file too."
    taken = next(
        (each.id for each in document.tables if each.key != but and each.id.casefold() == name.casefold()),
        None,
    )
    return f"There already is a table “{taken}”." if taken is not None else ""


def refused_column(table: Table, name: str, but: int | None = None) -> str:
    """Say why a column of a table cannot be called so; nothing if it can.

    Parameters
    ----------
    name
        What it is to be called.
    but
        The key of the column that is renamed.
    """
    if not name.strip():
        return "A column needs a name."
    if name != name.strip():
        return "A column's name has no space at its ends."
    if _COLUMN.fullmatch(name) is None:
        return "A column's name has no slash and at most 100 characters."
    if any(each.name == name for each in table.columns if each.key != but):
        return f"{table.id} already has a column “{name}”."
    return ""
