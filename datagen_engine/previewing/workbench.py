"""The schema on the bench: what is asked about it is drawn, and what an edit leaves as it was is not drawn again.

After an edit a new plan is bound, which costs a few milliseconds; from the plan before it takes over everything
that cannot have changed (see `planning.marks`): row counts, columns that others look up, drawn blocks. So an edit
draws the changed column, what depends on it, and nothing else.

The schema may have errors. What can be drawn is drawn; each column that cannot says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from datagen_engine.checking import check_schema
from datagen_engine.collector import collector_waits
from datagen_engine.document import Document
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.errors import Cancelled, DatagenError, UsageError
from datagen_engine.explanation.explain import explain
from datagen_engine.explanation.histogram import Histogram, histogram
from datagen_engine.explanation.trace import Trace
from datagen_engine.generators.lookup import LookupSource
from datagen_engine.lazy import pa
from datagen_engine.planning.memory import Memory
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.slice import TableSlice
from datagen_engine.planning.table import Broken
from datagen_engine.previewing.figures import Figures, Pair, fanout_of, figures_of, pair_of
from datagen_engine.schema.document import Node as Table
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import Reading, read_schema

__all__ = ["MEMORY", "PATIENCE", "Head", "HeadColumn", "Workbench"]

T = TypeVar("T")

MEMORY = 128 * 1024 * 1024
"""Bytes of drawn blocks that are kept."""

PATIENCE = 10.0
"""Seconds after which drawing is given up, so that a slip of the pen does not hold up the next question."""

_SPARKLINE_ROWS = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class HeadColumn:
    """Hold the first values of a column, or why there are none; both where what was drawn must not be.

    Of a lookup `target` is the table that it reads, `rows` the row of it behind each value (−1: none).
    """

    name: str
    values: pa.Array | None
    error: str = ""
    target: str = ""
    rows: list[int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Hold some rows of a table, column by column; `error` says why the table has none at all."""

    table: str
    start: int
    rows: int
    columns: tuple[HeadColumn, ...]
    error: str = ""


class Workbench:
    """Look at the data of a schema while it is edited.

    Parameters
    ----------
    memory
        Bytes of drawn blocks that are kept from one look to the next.
    patience
        Seconds that one look may take.

    Examples
    --------
    >>> from datagen_engine import examples, load
    >>> bench = Workbench()
    >>> bench.show(load(examples()["schema"]))
    >>> bench.head("bike", 3).columns[0].values.to_pylist()
    [1, 2, 3]
    """

    def __init__(self, memory: int = MEMORY, patience: float = PATIENCE) -> None:
        """Begin without a schema."""
        self._memory = Memory(memory)
        self._patience = patience
        self._plan: Plan | None = None
        self._reading = Reading(None, ())
        self._run: dict[str, Any] = {}
        self._problems: list[Problem] | None = None
        self._nodes: dict[int, tuple[Any, Table]] = {}
        """The tables that were read, with the objects that they were read from, by the numbers of these."""

    def show(
        self,
        source: Document | Mapping[str, Any],
        *,
        seed: int = 42,
        scale: float = 1.0,
        rows: Mapping[str, int] | None = None,
    ) -> None:
        """Put a schema on the bench in place of the one before; nothing is drawn yet.

        Parameters
        ----------
        source
            A document, or the tree of one, which is never changed afterwards. Errors in it are no hindrance.
        seed, scale, rows
            Those of the run that is previewed.

        Raises
        ------
        UsageError
            `scale` or `rows` make no sense for the schema.
        """
        run: dict[str, Any] = {"seed": seed, "scale": scale, "rows": dict(rows or {})}
        with collector_waits():
            reading = self._read(source)
            plan = None
            if reading.schema is not None:
                plan = Plan(reading.schema, **run, tolerant=True, memory=self._memory)
                if self._plan is not None:
                    plan.take_over(self._plan)
        self._plan, self._reading, self._run, self._problems = plan, reading, run, None

    def _read(self, source: Document | Mapping[str, Any]) -> Reading:
        """Read a schema; the tables that are the same objects as before are taken as they were read then."""
        tree = source.tree if isinstance(source, Document) else source
        nodes = tree.get("nodes") if isinstance(tree, Mapping) else None
        if isinstance(nodes, list) and nodes:
            known = [self._nodes.get(id(node)) for node in nodes]
            tables = [node if one is None else one[1] for node, one in zip(nodes, known, strict=True)]
            found = read_schema({**tree, "nodes": tables})
            if found.schema is not None and not found.problems:
                # The object is kept beside its table, so that no other can have its number.
                pairs = zip(nodes, found.schema.nodes, strict=True)
                self._nodes = {id(node): (node, table) for node, table in pairs}
                return replace(found, tree=tree)
        return source.reading if isinstance(source, Document) else read_schema(source)

    # -- looking ------------------------------------------------------------------------------------------

    def head(self, table: str, n: int = 100, start: int = 0) -> Head:
        """Return some rows of a table as a run writes them: those that can be drawn, and why the others cannot.

        Raises
        ------
        UsageError
            There is no such table.
        """
        plan = self._drawing(table)
        target = plan.tables[table]
        try:
            stop = target.upto(start + n)
        except Exception as error:
            return Head(table, start, 0, (), self._why((table, ""), error))
        rows = Rows.run(min(start, stop), stop)
        at = plan.slice(table, rows)
        columns = []
        for name in target.columns:
            try:
                values = at.column(name)
            except Exception as error:
                columns.append(HeadColumn(name, None, self._why((table, name), error)))
                continue
            wrong = self._misread(table, name) or self._unwanted_nulls(table, name, values)
            columns.append(HeadColumn(name, values.to_arrow(), wrong, *_read_rows(at, name)))
        return Head(table, rows.start, len(rows), tuple(columns))

    def counts(self) -> dict[str, int | None]:
        """Return the exact rows of every table; None of those that cannot be counted."""
        plan = self._plan
        if plan is None:
            return {}
        self._wind(plan)
        found: dict[str, int | None] = {}
        for table, target in plan.tables.items():
            try:
                found[table] = target.rows
            except Exception:  # whatever it is, it is told where the table is looked at
                found[table] = None
        return found

    def trace(self, table: str, row: int, column: str) -> Trace:
        """Explain a value; paths lead into the document.

        Raises
        ------
        UsageError
            There is no such table, column or row.
        DatagenError
            The value cannot be drawn.
        """
        plan = self._drawing(table)
        found = self._tried((table, column), lambda: explain(plan, table, row, column))
        return found.with_paths(self._reading.original)

    def figures(self, table: str, column: str, rows: int = 16_384) -> Figures:
        """Return what the plots of a column show, from whole blocks spread over the table.

        Raises
        ------
        UsageError
            There is no such table or column.
        DatagenError
            The column cannot be drawn.
        """
        plan = self._drawing(table, column)
        return self._tried((table, column), lambda: figures_of(plan, table, column, rows))

    def pair(self, table: str, column: str, other: str, rows: int = 16_384) -> Pair:
        """Return what the plot of two columns against each other shows."""
        plan = self._drawing(table, column, other)
        return self._tried((table, column), lambda: pair_of(plan, table, column, other, rows))

    def fanout(self, table: str, rows: int = 16_384) -> Figures | None:
        """Return the distribution of the children of each parent; None of a table without parents."""
        plan = self._drawing(table)
        return self._tried((table, ""), lambda: fanout_of(plan, table, rows))

    def sparkline(self, table: str, column: str) -> Histogram | None:
        """Return the small distribution of a column, from its first rows; None where there is none to show."""
        plan = self._drawing(table, column)
        target = plan.tables[table]

        def drawn() -> Histogram | None:
            return histogram(plan.slice(table, Rows.run(0, target.upto(_SPARKLINE_ROWS))).column(column))

        return self._tried((table, column), drawn)

    # -- what goes wrong ----------------------------------------------------------------------------------

    def _drawing(self, table: str, *columns: str) -> Plan:
        """Return the plan, with the clock wound up; raises UsageError for what there is not."""
        plan = self._plan
        if plan is None or table not in plan.tables:
            raise UsageError(f"there is no table {table!r} that could be drawn")
        for column in columns:
            if column not in plan.tables[table].columns:
                raise UsageError(f"there is no column {column!r} in {table!r} that could be drawn")
        self._wind(plan)
        return plan

    def _wind(self, plan: Plan) -> None:
        until = time.monotonic() + self._patience
        plan.cancelled = lambda: time.monotonic() > until

    def _tried(self, of: tuple[str, str], what: Callable[[], T]) -> T:
        try:
            return what()
        except UsageError:
            raise
        except Exception as error:
            raise DatagenError(self._why(of, error)) from error

    def _why(self, of: tuple[str, str], error: Exception) -> str:
        """Say why something cannot be drawn: by the problem that the checks find there, else by what was raised."""
        if isinstance(error, Cancelled):
            return f"it takes longer than {self._patience:g} seconds to draw"
        places = [of, (of[0], "")]
        if isinstance(error, Broken):
            places.insert(1, (error.node.table, error.node.column))
        for place in places:
            found = self._problem_at(*place)
            if found is not None and place in (of, (of[0], "")):
                return found.message
            if found is not None:
                return f"{'.'.join(place)} cannot be drawn: {found.message}"
        if isinstance(error, DatagenError):
            return str(error)
        first = next((problem for problem in self._errors() if problem.path[:1] == ("nodes",)), None)
        if first is not None:
            return f"it hangs on something that cannot be drawn: {first.message}"
        return f"it cannot be drawn ({type(error).__name__}: {error})"

    def _errors(self) -> list[Problem]:
        if self._problems is None:
            try:
                found = check_schema(self._reading, **self._run)
            except (DatagenError, RecursionError):
                found = list(self._reading.problems)
            self._problems = [problem for problem in found if problem.severity == "error"]
        return self._problems

    def _problem_at(self, table: str, column: str) -> Problem | None:
        path = self._path(table, column)
        for problem in self._errors():
            below = problem.path[len(path) :]
            if path and problem.path[: len(path)] == path and (column or below[:1] != ("columns",)):
                return problem
        return None

    def _path(self, table: str, column: str) -> Path:
        schema = self._reading.schema
        if schema is None:
            return ()
        at = next((i for i, node in enumerate(schema.nodes) if node.id == table), None)
        if at is None:
            return ()
        path: Path = ("nodes", at)
        if column:
            found = next((i for i, one in enumerate(schema.nodes[at].columns) if one.name == column), None)
            path = () if found is None else (*path, "columns", found)
        return self._reading.original(path)

    def _misread(self, table: str, column: str) -> str:
        """Return what is wrong with the text of a column that could be read as it is meant."""
        if not self._reading.problems:
            return ""
        path = self._path(table, column)
        for problem in self._reading.problems:
            if path and problem.severity == "error" and problem.path[: len(path)] == path:
                return problem.message
        return ""

    def _unwanted_nulls(self, table: str, column: str, values: Values) -> str:
        plan = self._plan
        if values.valid is None or plan is None or plan.tables[table].columns[column].nullable:
            return ""
        found = self._problem_at(table, column)
        if found is not None:
            return found.message
        nulls = int(len(values) - values.valid.sum())
        return f"{nulls:,} of these values are null, but the column is not nullable" if nulls else ""


def _read_rows(at: TableSlice, name: str) -> tuple[str, list[int] | None]:
    """Return the table that a lookup reads, and the row of it behind each value."""
    source = at.table.columns[name].source
    if not isinstance(source, LookupSource):
        return "", None
    if at.table.picks[source.pick].is_parent:
        parents, place = at.above()
        return source.pick.target, parents.rows.numbers()[place].tolist()
    return source.pick.target, at.picked_rows(source.pick).tolist()
