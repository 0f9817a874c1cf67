"""What the window asks of a results job, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from datagen_app.results.cells import columns_of_cells, whole
from datagen_app.results.comparison import Recorded, compared
from datagen_app.results.copying import FORMS, MOST, Form, written
from datagen_app.results.database import Database
from datagen_app.results.failing import rejected
from datagen_app.results.files import RunFiles, read_json
from datagen_app.results.filters import Filter
from datagen_app.results.keys import Key, keys_of
from datagen_app.results.kinds import kind_of
from datagen_app.results.names import identifier, identifiers
from datagen_app.results.reports import about_report
from datagen_app.results.sql import MOST as MOST_ANSWERED
from datagen_app.results.sql import Questions
from datagen_app.results.statistics import column_statistics
from datagen_app.results.task import Task
from datagen_app.results.views import Spec, View, finish_order, open_view, view_of_rows
from datagen_app.whole_file import written_whole
from datagen_engine import UsageError

__all__ = ["Reader"]

_PAGE = 2_000
"""Rows of a page at most."""


class Reader:
    """Answer for one run.

    Parameters
    ----------
    folder
        Where its files lie.
    record
        Where copies of its manifest, schema and report are kept.
    """

    def __init__(self, folder: Path, record: Path | None = None) -> None:
        self.folder, self.record = folder, record
        self.files = RunFiles.of(folder, record)
        self.database = Database(self.files)
        self.questions = Questions(self.database)
        self.keys = [
            key
            for key in keys_of(self.files.schema)
            if key.table in self.files.tables and key.to_table in self.files.tables
        ]
        self._views: dict[int, View] = {}
        self._report: Mapping[str, Any] | None = None

    def close(self) -> None:
        """Let go of everything."""
        self._views.clear()
        self.questions.close()
        self.database.close()

    def answer(self, what: str, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Answer a question.

        Raises
        ------
        UsageError, FilterError
            It cannot be answered, in words.
        Stopped
            The answer is no longer wanted.
        """
        ask: Callable[[Mapping[str, Any], Task], dict[str, Any]] | None = getattr(self, f"_ask_{what}", None)
        if ask is None:
            raise UsageError(f"there is no question {what!r}")
        return ask(asked, task)

    # -- what there is --------------------------------------------------------------------------------

    def _ask_open(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Say which tables there are; a table that cannot be read says why, and the others are there."""
        tables = [self._about(name) for name in self.files.tables]
        return {
            "tables": tables,
            "missing": list(self.files.missing),
            "whole": bool(self.files.manifest),
            "there": self.folder.is_dir(),
            "keys": [[key.table, key.column, key.to_table, key.to_column] for key in self.keys],
        }

    def _about(self, name: str) -> dict[str, Any]:
        table = self.files.tables[name]
        about: dict[str, Any] = {"name": name, "kind": table.kind, "rows": None, "trouble": "", "columns": []}
        if table.format != "parquet":
            return about  # read only when somebody looks at it: it takes a while
        try:
            return {**about, **self._columns(name)}
        except UsageError as error:
            return {**about, "trouble": str(error)}

    def _columns(self, name: str) -> dict[str, Any]:
        rows = self.database.rows(name)
        columns = [[field.name, kind_of(field.type), str(field.type)] for field in rows.schema]
        return {"rows": rows.count, "columns": columns}

    # -- rows -----------------------------------------------------------------------------------------

    def _ask_view(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        spec = Spec.from_json(asked)
        view = open_view(self.database, spec, task)
        return {**self._keep(asked, view), **self._columns(spec.table)}

    def _ask_sort(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        finish_order(self.database, self._view(asked), task)
        return {"ready": True}

    def _ask_page(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        view = self._view(asked)
        page = view.page(int(asked["start"]), min(_PAGE, int(asked["count"])))
        if page.rows is None or page.numbers is None:
            return {"start": page.start, "cells": None}
        return {"start": page.start, "cells": columns_of_cells(page.rows), "numbers": page.numbers.tolist()}

    def _ask_forget(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        self._views.pop(int(asked["view"]), None)
        return {}

    def _ask_statistics(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        return column_statistics(self.database, self._view(asked).spec, str(asked["column"]), task)

    def _ask_copy(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        view, form = self._view(asked), asked.get("form")
        if form not in FORMS:
            raise UsageError(f"there is no form {form!r}")
        start, count = int(asked["start"]), int(asked["count"])
        if count > MOST:
            raise UsageError(f"{count:,} rows are too many to copy; export them into a file instead")
        page = view.page(start, count)
        if page.rows is None:
            raise UsageError("these rows are not sorted yet; copy them when the order is done")
        said: Form = form
        text = written(page.rows.select(list(asked["columns"])), said, view.spec.table or "answer")
        return {"text": text, "rows": page.rows.num_rows}

    def _ask_value(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Return a value as it is written elsewhere: nothing of it left out."""
        page = self._view(asked).page(int(asked["row"]), 1)
        if page.rows is None or page.numbers is None or not page.rows.num_rows:
            raise UsageError("this row is not there yet")
        value = page.rows.column(str(asked["column"]))[0].as_py()
        return {"text": whole(value), "null": value is None, "number": int(page.numbers[0])}

    # -- from row to row ------------------------------------------------------------------------------

    def _ask_parent(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Find the row that a key refers to."""
        view = self._view(asked)
        key = next((k for k in self.keys if k.table == view.spec.table and k.column == asked["column"]), None)
        if key is None:
            raise UsageError(f"{view.spec.table}.{asked['column']} refers to no other table")
        page = view.page(int(asked["row"]), 1)
        value = page.rows.column(key.column)[0].as_py() if page.rows is not None else None
        if value is None:
            raise UsageError("this key is null: it refers to no row")
        number = self.database.number_column(key.to_table)
        found = self.database.table_of(
            task,
            f"SELECT min({identifier(number)}) AS n FROM {self.database.relation(key.to_table)} "
            f"WHERE {identifier(key.to_column)} = ?",
            [value],
        )
        at = found.column(0)[0].as_py()
        if at is None:
            raise UsageError(f"no row of {key.to_table} has {key.to_column} = {whole(value)}")
        return {"table": key.to_table, "column": key.to_column, "number": int(at)}

    def _ask_children(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Say how many rows of each table refer to a row, and by which filter they are had."""
        view = self._view(asked)
        page = view.page(int(asked["row"]), 1)
        if page.rows is None:
            raise UsageError("this row is not there yet")
        found = [self._children_by(key, page, task) for key in self.keys if key.to_table == view.spec.table]
        return {"children": [one for one in found if one is not None]}

    def _children_by(self, key: Key, page: Any, task: Task) -> dict[str, Any] | None:
        value = page.rows.column(key.to_column)[0].as_py()
        if value is None:
            return None
        sql = f"SELECT count(*) AS n FROM {self.database.relation(key.table)} WHERE {identifier(key.column)} = ?"
        count = self.database.record(task, sql, [value])["n"]
        return {
            "table": key.table,
            "column": key.column,
            "rows": int(count),
            "filter": Filter(key.column, "is", whole(value)).to_json(),
        }

    # -- out ------------------------------------------------------------------------------------------

    def _ask_export(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Write the rows of a view into a file, whole or not at all."""
        view, path = self._view(asked), Path(str(asked["path"]))
        columns, form = [str(name) for name in asked["columns"]], path.suffix.lower()
        if form not in (".csv", ".parquet"):
            raise UsageError(f"{path.name}: an export ends on .csv or .parquet")
        if path.resolve() in {file.resolve() for file in self.files.paths}:
            raise UsageError(f"{path.name} is a file of this run; give the export another name")
        schema, batches = self._all_rows(view, columns, task)
        rows = 0
        try:
            with written_whole(path) as made, _writer(form, made, schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
                    rows += batch.num_rows
                    task.tell(rows / max(1, view.count), "Exporting")
        except OSError as error:
            raise UsageError(f"{path} could not be written: {error.strerror or error}") from None
        return {"rows": rows, "path": str(path)}

    def _all_rows(self, view: View, columns: list[str], task: Task) -> tuple[Any, Any]:
        spec = view.spec
        if spec.table not in self.files.tables:  # the answer to a question
            assert view.rows is not None  # which is there whole
            table = view.rows.slice(0, view.count).select(columns)
            return table.schema, table.to_batches(131_072)
        where, parameters = spec.where(self.database)
        number = identifier(self.database.number_column(spec.table))
        way = (
            f"{identifier(spec.order)} {'DESC' if spec.descending else 'ASC'} NULLS LAST, "
            if spec.order
            else ""
        )
        sql = (
            f"SELECT {identifiers(columns)} FROM {self.database.relation(spec.table)} "
            f"WHERE {where} ORDER BY {way}{number}"
        )
        return self.database.batches(task, sql, parameters)

    # -- questions in SQL -----------------------------------------------------------------------------

    def _ask_sql(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        rows, more = self.questions.ask(str(asked["code"]), task)
        columns = [[field.name, kind_of(field.type), str(field.type)] for field in rows.schema]
        kept = self._keep(asked, view_of_rows("", rows, None))
        return {**kept, "columns": columns, "more": more, "most": MOST_ANSWERED}

    # -- the report -----------------------------------------------------------------------------------

    def _ask_report(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        path = Path(str(asked["path"])) if asked.get("path") else self._report_path()
        said = read_json(path) if path is not None else None
        self._report = said if isinstance(said, dict) else None
        return {"report": about_report(self._report) if self._report else None}

    def _ask_check(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        check = self._check(int(asked["number"]))
        try:
            condition = rejected(self.database, check)
        except UsageError:  # the table that it speaks of cannot be read
            condition = ""
        numbers = (check.get("details") or {}).get("rows") or []
        may = bool(condition or numbers) and check.get("table") in self.files.tables
        return {"check": check, "rows": may, "every": bool(condition)}

    def _ask_failing(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Open a view of the rows that a check rejects; of those that the report names, where SQL cannot say them."""
        check = self._check(int(asked["number"]))
        table, condition = str(check["table"]), rejected(self.database, check)
        if condition:
            view = open_view(self.database, Spec(table, also=condition), task)
        else:
            numbers = [int(one) for one in (check.get("details") or {}).get("rows") or []]
            whole_table = self.database.rows(table, task)
            view = view_of_rows(
                table, whole_table, whole_table, [n for n in numbers if n < whole_table.count]
            )
        return {**self._keep(asked, view), **self._columns(table), "table": table, "every": bool(condition)}

    def _ask_save_report(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Write the report as a page, as JSON or as CSV, by the file's ending."""
        from datagen_engine import Report

        path = Path(str(asked["path"]))
        if self._report is None:
            raise UsageError("there is no report yet")
        report = Report.from_json(self._report)
        forms = {
            ".html": report.html,
            ".htm": report.html,
            ".json": report.json,
            ".csv": report.csv,
            ".md": report.markdown,
        }
        if path.suffix.lower() not in forms:
            raise UsageError(f"{path.name}: a report ends on .html, .json, .csv or .md")
        try:
            with written_whole(path) as made:
                made.write_text(forms[path.suffix.lower()](), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{path} could not be written: {error.strerror or error}") from None
        return {"path": str(path)}

    def _ask_compare(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        one, other = (Recorded.read(str(name), Path(str(record))) for name, record in asked["runs"])
        return {"before": one.name, "after": other.name, **compared(one, other)}

    # -- elsewhere, and where from -------------------------------------------------------------------

    def _ask_snippet(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Return what reads the run into another program, or what is handed over of its schema."""
        import datagen_engine as datagen

        tool = str(asked["tool"])
        if tool in ("dictionary", "page", "dbt"):
            return {"text": datagen.hand_over(dict(self.files.schema), tool)}
        tables = {
            name: f"{name}/" if table.files[0].parent != self.folder else table.files[0].name
            for name, table in self.files.tables.items()
        }
        return {"text": datagen.snippet(tool, str(self.folder), tables, self.files.schema)}

    def _ask_explain(self, asked: Mapping[str, Any], task: Task) -> dict[str, Any]:
        """Explain a value: what each stage of the schema made of it."""
        import json

        import datagen_engine as datagen

        manifest = self.files.manifest
        if not manifest:
            raise UsageError("only the values of a whole run can be explained: its seed is in its manifest")
        source = json.dumps(self.files.schema).encode()
        rows = {str(table): int(count) for table, count in (manifest.get("rows") or {}).items()}
        trace = datagen.trace(
            datagen.load(source),
            str(asked["table"]),
            int(asked["row"]),
            str(asked["column"]),
            seed=int(manifest.get("seed", 42)),
            scale=float(manifest.get("scale", 1.0)),
            rows=rows,
        )
        told = trace.to_json()
        for stage, said in zip(trace.stages, told["stages"], strict=True):
            said["path"] = list(stage.path)
        return {"trace": told}

    # -- keeping --------------------------------------------------------------------------------------

    def _keep(self, asked: Mapping[str, Any], view: View) -> dict[str, Any]:
        self._views[int(asked["view"])] = view
        return {
            "view": int(asked["view"]),
            "count": view.count,
            "ready": view.ready,
            "ends": 0 if view.ready else 1000,
        }

    def _view(self, asked: Mapping[str, Any]) -> View:
        try:
            return self._views[int(asked["view"])]
        except KeyError:
            raise UsageError("this view is closed") from None

    def _check(self, number: int) -> Mapping[str, Any]:
        checks = self._report.get("checks") if self._report else None
        if not isinstance(checks, list) or not 0 <= number < len(checks):
            raise UsageError("this check is no longer in the report")
        return checks[number]

    def _report_path(self) -> Path | None:
        homes = [home / "report.json" for home in (self.record,) if home is not None]
        homes.append(self.folder / "_report.json")
        return next((home for home in homes if home.is_file()), None)


def _writer(form: str, path: Path, schema: Any) -> Any:
    if form == ".csv":
        from pyarrow import csv

        return csv.CSVWriter(path, schema)
    from pyarrow import parquet

    return parquet.ParquetWriter(path, schema, compression="zstd")
