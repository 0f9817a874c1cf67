"""The worker's answers about the data of the schema: rows, explanations, plots and sparklines.

Everything is drawn by one workbench, so what an edit leaves as it was is not drawn again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import ModuleType
from typing import Any

__all__ = ["LONGEST", "Looks"]

Answer = dict[str, Any]

LONGEST = 300
"""Characters of a value that a cell holds."""

_SPARKLINES = 0.04
"""Seconds that one answer with sparklines may take; the rest of them come with the next."""


class Looks:
    """Answer what is asked about the data of a schema.

    Parameters
    ----------
    engine
        The engine's public interface.
    loaded
        Gives the document as it is.
    """

    def __init__(self, engine: ModuleType, loaded: Callable[[], Any]) -> None:
        self._engine = engine
        self._loaded = loaded
        self._bench: Any = None
        self._shown: tuple[Any, int, float] | None = None
        self._to_warm: list[str] = []
        self.questions: dict[str, Callable[..., Answer]] = {
            "preview": self.preview,
            "trace": self.trace,
            "plots": self.plots,
            "sparklines": self.sparklines,
        }

    def preview(self, table: str, rows: int, seed: int, scale: float, start: int = 0) -> Answer:
        """Draw some rows of a table, as the texts of their cells; and for each lookup the rows that it reads."""
        began = time.perf_counter()
        head = self._on_bench(seed, scale).head(table, rows, start)
        columns = [
            {
                "name": column.name,
                "cells": None
                if column.values is None
                else [_cell(value) for value in column.values.to_pylist()],
                "error": column.error,
                "target": column.target,
                "rows": column.rows,
            }
            for column in head.columns
        ]
        took = time.perf_counter() - began
        about = {"table": table, "start": head.start, "rows": head.rows, "error": head.error}
        return {**about, "columns": columns, "milliseconds": 1000 * took}

    def counts(self, seed: int, scale: float) -> dict[str, int | None]:
        """Count the rows of every table; those that an edit leaves as they were are not counted again."""
        counted: dict[str, int | None] = self._on_bench(seed, scale).counts()
        return counted

    def trace(self, table: str, row: int, column: str, seed: int, scale: float) -> Answer:
        """Explain one value."""
        found = self._on_bench(seed, scale).trace(table, row, column)
        stages = [
            {**stage.to_json(), "path": list(stage.path)} for stage in found.stages
        ]  # its steps: a pointer alone does not tell the key "3" from the index
        return {**found.to_json(), "stages": stages}

    def plots(
        self, table: str, seed: int, scale: float, rows: int, column: str = "", other: str = ""
    ) -> Answer:
        """Work out what the plots of a column show; without a column those of the table, with another the two."""
        began = time.perf_counter()
        bench = self._on_bench(seed, scale)
        answer: Answer = {"table": table, "column": column, "other": other}
        if column:
            answer["figures"] = bench.figures(table, column, rows).to_json()
            if other:
                answer["pair"] = bench.pair(table, column, other, rows).to_json()
        else:
            fanout = bench.fanout(table, rows)
            answer["figures"] = None if fanout is None else fanout.to_json()
        return {**answer, "milliseconds": 1000 * (time.perf_counter() - began)}

    def sparklines(self, wanted: Mapping[str, list[str]], seed: int, scale: float) -> Answer:
        """Draw the small distributions of columns, as far as the time allows.

        Parameters
        ----------
        wanted
            The columns, by table.

        Returns
        -------
        Answer
            `shapes`: the heights of the bars by table and column, the highest of them 1, none where there is
            nothing to show; `left`: the columns that are still to be asked for.
        """
        until = time.perf_counter() + _SPARKLINES
        bench = self._on_bench(seed, scale)
        shapes: dict[str, dict[str, list[float]]] = {}
        left: dict[str, list[str]] = {}
        for table, columns in wanted.items():
            for column in columns:
                if time.perf_counter() > until:
                    left.setdefault(table, []).append(column)
                    continue
                shapes.setdefault(table, {})[column] = self._shape(bench, table, column)
        return {"shapes": shapes, "left": left}

    def warm(self) -> bool:
        """Draw the first rows of a table that nobody has looked at yet; False where there is none left."""
        if self._bench is None:
            self._load()
            return True
        if not self._to_warm or self._shown is None:
            return False
        table = self._to_warm.pop()
        try:
            self._bench.head(table, 100)
        except self._engine.DatagenError:
            return True  # whoever looks at it is told
        return True

    def _load(self) -> None:
        """Draw something: whatever comes first should not have to wait for numpy, Arrow and faker to be loaded."""
        self._bench = self._engine.Workbench()
        example = self._engine.load(self._engine.examples()["schema"])
        self._bench.show(example)
        try:
            for table in example.schema.by_id:
                self._bench.head(table, 1)
        except (self._engine.DatagenError, AttributeError):
            return  # whoever asks for it is told

    def _shape(self, bench: Any, table: str, column: str) -> list[float]:
        try:
            found = bench.sparkline(table, column)
        except self._engine.DatagenError:
            return []
        if found is None:
            return []
        most = max(found.counts)
        return [round(count / most, 3) for count in found.counts]

    def _on_bench(self, seed: int, scale: float) -> Any:
        """Return the workbench with the present document on it."""
        loaded = self._loaded()
        if self._bench is None:
            self._bench = self._engine.Workbench()
        if self._shown is None or self._shown[0] is not loaded or self._shown[1:] != (seed, scale):
            another = self._shown is None or self._tables() != self._tables(loaded)
            self._bench.show(loaded, seed=seed, scale=scale)
            self._shown = (loaded, seed, scale)
            if another:
                self._to_warm = self._tables()[::-1]
        return self._bench

    def _tables(self, loaded: Any = None) -> list[str]:
        of = loaded if loaded is not None else self._shown[0] if self._shown is not None else None
        schema = getattr(of, "schema", None)
        return [] if schema is None else list(schema.by_id)


def _cell(value: Any) -> str | None:
    """Return what a cell says; None for a null."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        plain = value.replace(tzinfo=None)
        return plain.isoformat(" ", "microseconds" if plain.microsecond else "seconds")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _number(value: float) -> str:
    size = abs(value)
    if size and (size < 1e-4 or size >= 1e15):
        return f"{value:.6g}"
    text = f"{value:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text
