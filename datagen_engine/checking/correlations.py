"""Correlated columns."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context, TablePlace
from datagen_engine.checking.words import figure
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.generators.distribution import Distribution
from datagen_engine.lazy import np
from datagen_engine.schema.document import Correlation
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_correlations"]

_MARGIN = 1e-9
"""How far a matrix must be from one that is not definite: as far as the last digits may lead astray."""


def check_correlations(context: Context) -> Iterable[Problem]:
    """Find correlations that no columns can have, and columns that cannot be correlated."""
    for table in context.tables:
        taken: set[str] = set()
        for number, group in enumerate(table.node.correlations):
            path = (*table.path, "correlations", number)
            yield from _columns(context, table, group, path, taken)
            yield from _matrix(group, path)


def _columns(
    context: Context, table: TablePlace, group: Correlation, path: Path, taken: set[str]
) -> Iterable[Problem]:
    for place, name in enumerate(group.columns):
        where = (*path, "columns", place)
        if name in taken:
            yield problem(
                "correlated-twice", where, f"{name!r} is correlated already: each column once", column=name
            )
            continue
        taken.add(name)
        column = context.place(table.node.id, name)
        if column is None or not column.readable:
            continue
        if column.placeholder or not isinstance(
            column.column.generator, Distribution | Choice | DatetimeSeries
        ):
            kind = "stage" if column.placeholder else column.column.generator.key
            yield problem(
                "cannot-correlate",
                where,
                f"{name!r} comes from a {kind}, which has no order to draw by: use a distribution, a choice or a "
                "datetime_series",
                column=name,
            )
        elif isinstance(column.column.generator, Choice) and column.column.generator.choices is None:
            yield problem(
                "cannot-correlate",
                where,
                f"{name!r} chooses among the rows of another table: list its choices",
                column=name,
            )


def _matrix(group: Correlation, path: Path) -> Iterable[Problem]:
    size = len(group.columns)
    if (group.value is None) == (group.matrix is None):
        yield problem("one-of", path, "a correlation has either `value`, for every pair, or `matrix`")
        return
    if group.value is not None:
        if not _definite([[group.value] * size for _ in range(size)]):
            least = figure(-1 / (size - 1))
            yield problem(
                "impossible-correlation",
                (*path, "value"),
                f"{size} columns can all be correlated by more than {least} and less than 1; 1 is a copy, and a "
                "column copies another by an expression",
                value=group.value,
            )
        return
    matrix = group.matrix or []
    where = (*path, "matrix")
    if len(matrix) != size or any(len(row) != size for row in matrix):
        yield problem("bad-matrix", where, f"the matrix of {size} columns has {size} rows of {size} numbers")
    elif any(matrix[i][i] != 1 for i in range(size)):
        yield problem("bad-matrix", where, "a column's correlation with itself, on the diagonal, must be 1")
    elif any(matrix[i][j] != matrix[j][i] for i, j in combinations(range(size), 2)):
        yield problem("bad-matrix", where, "the matrix must be the same above and below its diagonal")
    elif any(abs(number) > 1 for row in matrix for number in row):
        yield problem("bad-matrix", where, "a correlation lies between -1 and 1")
    elif not _definite(matrix):
        yield problem(
            "impossible-correlation",
            where,
            "no columns can have these correlations together: two that follow a third follow each other",
        )


def _definite(ranks: list[list[float]]) -> bool:
    """Say whether columns can have these rank correlations: their normals' matrix is positive definite."""
    # Ranks ρ take a correlation 2·sin(π·ρ/6) of the normals (Pearson 1907).
    normals = 2.0 * np.sin(np.pi * np.asarray(ranks, dtype=np.float64) / 6.0)
    np.fill_diagonal(normals, 1.0 - _MARGIN)
    try:
        np.linalg.cholesky(normals)
    except np.linalg.LinAlgError:
        return False
    return True
