"""Names that refer to nothing."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context
from datagen_engine.schema.edit import rename_key, set_value
from datagen_engine.schema.path import at
from datagen_engine.schema.problem import Fix, Problem
from datagen_engine.schema.references import Reference, dangling

__all__ = ["check_references"]


def check_references(context: Context) -> Iterable[Problem]:
    """Find references to tables and columns that there are not; the paths are those of the document.

    Names in formulas are left to the check of the formula, loose ones to the check of what is left out.
    """
    for reference in dangling(context.tree, context.names):
        if reference.table == "":
            continue
        if reference.table not in context.names.tables:
            if _says_table(context, reference):
                yield _unknown_table(context, reference)
        elif not reference.loose and context.names.columns(reference.table):
            yield _unknown_column(context, reference)


def _text(context: Context, reference: Reference) -> str:
    return str(reference.path[-1] if reference.key else at(context.tree, reference.path))


def _says_table(context: Context, reference: Reference) -> bool:
    """Say whether the table is named here, and not by a field beside it."""
    return _text(context, reference) in (reference.table, f"{reference.table}.{reference.column}")


def _unknown_table(context: Context, reference: Reference) -> Problem:
    near, hint = context.meant(reference.table, list(context.names.tables))
    text = near if near is None or reference.column is None else f"{near}.{reference.column}"
    return problem(
        "unknown-table",
        reference.path,
        f"there is no table {reference.table!r}{hint}",
        _renamed(context, reference, text),
        table=reference.table,
    )


def _unknown_column(context: Context, reference: Reference) -> Problem:
    known = context.names.columns(reference.table)
    near, hint = context.meant(reference.column or "", list(known))
    says_table = _text(context, reference) != reference.column
    text = near if near is None or not says_table else f"{reference.table}.{near}"
    return problem(
        "unknown-column",
        reference.path,
        f"there is no column {reference.column!r} in the table {reference.table!r}{hint}",
        _renamed(context, reference, text),
        table=reference.table,
        column=reference.column,
    )


def _renamed(context: Context, reference: Reference, text: str | None) -> Fix | None:
    if text is None:
        return None
    old = _text(context, reference)
    if not reference.key:
        return Fix(f"Change it to {text}", (set_value(reference.path, old, text),))
    around = at(context.tree, reference.path[:-1])
    if isinstance(around, dict) and text in around:
        return None
    return Fix(f"Change it to {text}", (rename_key(reference.path[:-1], old, text),))
