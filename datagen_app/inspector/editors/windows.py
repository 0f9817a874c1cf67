"""When something holds: the window of a series of times, and the windows of an effect with what each does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

import datagen_engine as datagen
from datagen_app.document.document import Table
from datagen_app.document.place import Path
from datagen_app.inspector.desk import Desk, Drag
from datagen_app.inspector.editors.grid import Grid, GridColumn
from datagen_app.inspector.editors.timeline import Timeline, TimeRow
from datagen_app.inspector.editors.times import days_of, text_of_day
from datagen_app.inspector.editors.values import next_value
from datagen_app.inspector.edits import found, put
from datagen_app.inspector.fields.containers import ObjectField
from datagen_app.inspector.fields.field import Field
from datagen_app.inspector.fields.make import BY_NAME, register
from datagen_app.inspector.row import Row, link
from datagen_app.inspector.scalars import number_of, shown
from datagen_app.inspector.section import quiet
from datagen_app.inspector.shape import ABSENT, Shape

__all__ = ["EffectField", "WindowField"]

_ROWS = 60
"""So many rows of an effect table are asked for."""


class _Timed(Field):
    """An object with a line of time below its fields."""

    wide = True

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self.form = ObjectField(desk, shape, way, label)
        self.form.labelled = False
        self._row = Row(desk, self.form, self)
        self._drag: Drag | None = None
        self.line = Timeline(desk.theme, f"{self.label} on a line of time", self)
        self.line.begun.connect(self._begin)
        self.line.moved.connect(self._move)
        self.line.ended.connect(self._end)
        self.line.cancelled.connect(self._cancel)
        self.line.stepped.connect(self._step)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._row)
        layout.addWidget(self.line)
        self.setFocusProxy(self.form)
        self.watch(self.line)

    @property
    def help(self) -> str:
        """How windows are dragged."""
        keys = "Drag a window or its ends; or ↑ ↓ to choose one, Space for its ends, ← → to move (Shift: ten days)."
        return f"{self.shape.help} {keys}".strip()

    def inner(self) -> Iterator[Field]:
        """Yield the form."""
        yield self.form

    def value(self) -> Any:
        """Return the object as the form says it."""
        return self.form.value()

    def commit(self) -> None:
        """Take what is typed into the document."""
        self.form.commit()

    def _timeframe(self) -> tuple[float, float]:
        frame = found(self.desk.tree, ("timeframe",))
        said = frame if isinstance(frame, dict) else {}
        start, end = days_of(said.get("start")), days_of(said.get("end"))
        if start is None or end is None or end < start:
            return 19_723.0, 20_088.0  # a year like any other
        return start, end + 1

    def _title(self) -> str:
        raise NotImplementedError

    def _whole(self) -> Desk:
        """Return a desk that works on the whole document."""
        desk = Desk(self.desk.editing, self.desk.theme)
        desk.roots = ((),)
        return desk

    def _begin(self) -> None:
        self._drag = self._whole().drag(self._title())

    def _move(self, at: int, edge: str, days: float) -> None:
        # How far it is dragged is told from where it began, so it is moved from there.
        if self._drag is not None:
            self._drag.show(self._changes_in(self._drag.tree, at, edge, float(round(days))))

    def _changes_in(self, tree: Any, at: int, edge: str, days: float) -> Mapping[Path, Any]:
        """Return what a window of a tree becomes when an edge of it is moved by days, by paths of the document."""
        raise NotImplementedError

    def _end(self) -> None:
        if self._drag is not None:
            self._drag.keep()
            self._drag = None
            self.refresh()

    def _cancel(self) -> None:
        if self._drag is not None:
            self._drag.cancel()
            self._drag = None

    def _step(self, at: int, edge: str, days: float) -> None:
        tree = self.desk.tree
        changes = self._changes_in(tree, at, edge, days)
        edits = [edit for path, value in changes.items() for edit in put(tree, path, value)]
        self.desk.do(self._title(), edits, f"{self.way} window {at} {edge}")


def moved(start: Any, end: Any, edge: str, days: float) -> tuple[Any, Any]:
    """Return both ends of a window after one of them, or the whole, was moved by some days.

    Examples
    --------
    >>> moved("2024-01-05", "2024-01-08", "end", 2), moved("2024-01-05", "2024-01-08", "start", 9)
    (('2024-01-05', '2024-01-10'), ('2024-01-08', '2024-01-08'))
    """
    first, last = days_of(start), days_of(end)
    new_start, new_end = first, last
    if edge in ("start", "whole") and first is not None:
        new_start = first + days
    if edge in ("end", "whole") and last is not None:
        new_end = last + days
    if new_start is not None and new_end is not None and new_start > new_end:
        new_start, new_end = (last, new_end) if edge == "start" else (new_start, first)
    made_start = start if new_start is None or new_start == first else text_of_day(new_start, start)
    made_end = end if new_end is None or new_end == last else text_of_day(new_end, end)
    return made_start, made_end


@register(BY_NAME, "WindowSpec")
class WindowField(_Timed):
    """A window of its own, within the timeframe."""

    def refresh(self) -> None:
        """Show the window."""
        self.form.refresh()
        low, high = self._timeframe()
        raw = self.desk.value(self.way)
        body = raw if isinstance(raw, dict) else {}
        start, end = days_of(body.get("start")), days_of(body.get("end"))
        self.line.setVisible(start is not None and end is not None and end >= start)
        if start is None or end is None:
            return
        row = TimeRow("window", start, end + (1 if len(str(body.get("end"))) <= 10 else 0))
        self.line.show_rows([row], min(low, start), max(high, end + 1), editable=True)

    def _title(self) -> str:
        return f"Change window of {self.desk.name}"

    def _changes_in(self, tree: Any, at: int, edge: str, days: float) -> Mapping[Path, Any]:
        changes: dict[Path, Any] = {}
        for root in self.desk.roots:
            way = root + self.way
            body = found(tree, way)
            if isinstance(body, dict):
                start, end = moved(body.get("start"), body.get("end"), edge, days)
                changes |= {(*way, "start"): start, (*way, "end"): end}
        return changes


@register(BY_NAME, "modifier effect")
class EffectField(_Timed):
    """An effect: its form, and the rows of its table on a line of time.

    Where the table lists its values, a window can be dragged, and its rows can be typed into a table.
    """

    def __init__(
        self, desk: Desk, shape: Shape, way: Path, label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, shape, way, label, parent)
        self._drawn: list[Sequence[str | None]] = []
        self._asked: tuple[Any, ...] = ()
        self.note = quiet("", self)
        self.numbers = link("rows as a table", self)
        self.numbers.setCheckable(True)
        self.numbers.clicked.connect(self._show_grid)
        self.add = link("+ window", self)
        self.add.setToolTip("Add a row to the effect table")
        self.add.clicked.connect(self.add_window)
        columns = (
            GridColumn("Row", editable=False),
            GridColumn("From"),
            GridColumn("To"),
            GridColumn("Effect", right=True),
        )
        self.grid = Grid(columns, desk.theme, "Rows of the effect table", self, fixed=True)
        self.grid.written.connect(self._write)
        self.grid.hide()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.note)
        links = QHBoxLayout()
        links.setSpacing(12)
        links.addWidget(self.add)
        links.addWidget(self.numbers)
        links.addStretch(1)
        layout.addLayout(links)
        layout.addWidget(self.grid)

    def refresh(self) -> None:
        """Show the effect."""
        self.form.refresh()
        listed = self._listed(self.desk.tree)
        table = self._table()
        if listed is not None:
            self._show([self._texts(row) for row in listed[1]], editable=True)
        elif table is None:
            self._show([], editable=False)
        else:
            self._ask(table)
            self._show(self._drawn, editable=False)

    def _names(self) -> tuple[str, str, str]:
        body = self.desk.first(self.way)
        said = body if isinstance(body, dict) else {}
        window, effect = said.get("window"), said.get("map")
        start = window.get("start_col") if isinstance(window, dict) else None
        end = window.get("end_col") if isinstance(window, dict) else None
        field = effect.get("field") if isinstance(effect, dict) else None
        first, last, what = (name if isinstance(name, str) else "" for name in (start, end, field))
        return first, last, what

    def _table(self) -> Table | None:
        document = self.desk.document
        name = self.desk.first((*self.way, "effect_table"))
        return document.named(name) if document is not None and isinstance(name, str) else None

    def _listed(self, tree: Any) -> tuple[dict[str, Path], list[dict[str, Any]]] | None:
        """Return the paths of the lists that the columns are made of, and their rows; None where one is none."""
        table = self._table()
        if table is None:
            return None
        paths: dict[str, Path] = {}
        start, end, field = self._names()
        for name in (start, end, field):
            column = table.named(name) if name else None
            if column is None:
                return None
            base: Path = ("nodes", table.index, "columns", column.index, "generator", "enum_list", "values")
            if not isinstance(found(tree, base), list):
                return None
            paths[name] = base
        size = min(len(found(tree, path)) for path in paths.values())
        label = self._label_column(table, {start, end, field})
        names = found(tree, label) if label else None
        rows = []
        for at in range(size):
            row = {name: found(tree, (*path, at)) for name, path in paths.items()}
            row["\0"] = names[at] if isinstance(names, list) and at < len(names) else at + 1
            rows.append(row)
        return paths, rows

    def _label_column(self, table: Table, but: set[str]) -> Path | None:
        for column in table.columns:
            base: Path = ("nodes", table.index, "columns", column.index, "generator", "enum_list", "values")
            text = column.name not in but and column.value.get("type") == "string"
            if text and isinstance(found(self.desk.tree, base), list):
                return base
        return None

    def _texts(self, row: Mapping[str, Any]) -> Sequence[str | None]:
        start, end, field = self._names()
        label = row["\0"]
        return (str(label), _plain(row[start]), _plain(row[end]), _plain(row[field]))

    def _show(self, rows: Sequence[Sequence[str | None]], editable: bool) -> None:
        op = self.desk.first((*self.way, "map", "op"))
        sign = "+ " if op == "add" else "× "
        timed = []
        for label, start, end, what in rows:
            first, last = days_of(start), days_of(end)
            if last is not None and end is not None and len(end) <= 10:
                last += 1  # a day stands for the whole of it
            timed.append(TimeRow(str(label), first, last, f"{sign}{what}" if what is not None else ""))
        low, high = self._timeframe()
        self.line.setVisible(bool(timed))
        self.line.show_rows(timed, low, high, editable)
        table = self._table()
        more = len(rows) - len(self.line.rows)
        self.note.setText(
            f"and {more} more rows"
            if more > 0
            else ""
            if timed or table is None
            else "No row of it is known yet."
        )
        self.note.setVisible(bool(self.note.text()))
        self.numbers.setVisible(editable and bool(timed))
        self.add.setVisible(editable and self._lists() is not None)
        self.grid.setVisible(editable and self.numbers.isChecked())
        if editable:
            self.grid.show_rows([tuple(text if text is not None else "" for text in row) for row in rows])

    def _show_grid(self) -> None:
        self.grid.setVisible(self.numbers.isChecked())

    # Rows that are drawn

    def _ask(self, table: Table) -> None:
        start, end, field = self._names()
        document = self.desk.document
        key = (table.id, start, end, field, document.revision if document is not None else 0)
        if self.desk.asker is None or key == self._asked:
            return
        if key[:4] != self._asked[:4]:
            self._drawn = []
        self._asked = key
        details = {"table": table.id, "start": start, "end": end, "field": field, "n": _ROWS}
        self.desk.asker.ask(self, "windows", self._hear, **details)

    def _hear(self, answer: dict[str, Any]) -> None:
        rows = answer.get("rows")
        if isinstance(rows, list) and self._listed(self.desk.tree) is None:
            self._drawn = rows
            self._show(rows, editable=False)

    # Changing

    def _title(self) -> str:
        table = self._table()
        return f"Change windows of {table.id if table is not None else 'the effect'}"

    def _changes_in(self, tree: Any, at: int, edge: str, days: float) -> Mapping[Path, Any]:
        listed = self._listed(tree)
        if listed is None or at >= len(listed[1]):
            return {}
        paths, rows = listed
        start, end, _ = self._names()
        first, last = moved(rows[at][start], rows[at][end], edge, days)
        return {(*paths[start], at): first, (*paths[end], at): last}

    def _lists(self) -> dict[str, Path] | None:
        """Return the paths of the lists of every column; None where one has values of another kind."""
        table = self._table()
        lists: dict[str, Path] = {}
        for column in table.columns if table is not None else ():
            generator = column.value.get("generator")
            if isinstance(generator, dict) and "sequence" in generator:
                continue
            assert table is not None
            base: Path = ("nodes", table.index, "columns", column.index, "generator", "enum_list", "values")
            if not isinstance(found(self.desk.tree, base), list):
                return None
            lists[column.name] = base
        return lists or None

    def add_window(self) -> None:
        """Add a row to the effect table: two weeks in the middle of the timeframe, else like the last row."""
        lists, table = self._lists(), self._table()
        if lists is None or table is None:
            return
        start, end, _ = self._names()
        low, high = self._timeframe()
        middle = (low + high) // 2
        edits: list[datagen.Edit] = []
        for name, path in lists.items():
            values = found(self.desk.tree, path)
            last = values[-1] if values else None
            if name in (start, end):
                value: Any = text_of_day(middle if name == start else middle + 13, last)
            elif name == table.key_column or isinstance(last, str):
                value = next_value(values, "string" if isinstance(last, str) else "int")
            else:
                value = last
            edits.append(datagen.Edit("insert", (*path, len(values)), None, value))
        self.desk.do(f"Add a window to {table.id}", edits)

    def _write(self, cells: dict[tuple[int, int], str]) -> None:
        listed = self._listed(self.desk.tree)
        if listed is None:
            return
        paths, names = listed[0], self._names()
        edits: list[datagen.Edit] = []
        for (row, column), text in cells.items():
            number = number_of(text)
            value: Any = text if column < 3 else number if number is not None else text
            if text == "" and column < 3:
                value = None
            edits += put(self.desk.tree, (*paths[names[column - 1]], row), value)
        self.desk.do(self._title(), edits)


def _plain(value: Any) -> str | None:
    if value is None or value is ABSENT:
        return None
    return value if isinstance(value, str) else shown(value)
