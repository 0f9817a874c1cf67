"""The rows of a table: filters above, the grid, and below what is being done; copying, exporting, following keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QCursor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.words import counted
from datagen_app.results.client import Answer, Results
from datagen_app.results.copying import FORMS, Form
from datagen_app.results.filter_bar import FilterBar
from datagen_app.results.filters import Filter, Operator
from datagen_app.results.grid import Grid
from datagen_app.results.grid_model import GridColumn
from datagen_app.shell.fonts import secondary
from datagen_app.shell.theme import Theme

__all__ = ["RowsPanel", "Shown", "columns_of"]

_views = count(1)

_FORM_WORDS: dict[Form, str] = {
    "text": "text, for a spreadsheet",
    "csv": "CSV",
    "json": "JSON",
    "markdown": "Markdown",
    "insert": "INSERT statements",
}


@dataclass(frozen=True)
class Shown:
    """Which rows are shown: what Back comes back to."""

    table: str
    filters: tuple[Filter, ...] = ()
    order: str = ""
    descending: bool = False
    row: int = 0
    column: str = ""


def columns_of(answer: Answer, table: str, keys: Sequence[Sequence[str]]) -> list[GridColumn]:
    """Return the columns of a view, with what they refer to."""
    links = {column: to for source, column, to, _ in keys if source == table}
    known = {column for _, _, to, column in keys if to == table}
    return [
        GridColumn(name, kind, type_, links.get(name, ""), name in known)
        for name, kind, type_ in answer["columns"]
    ]


class RowsPanel(QWidget):
    """Show the rows of one table at a time.

    Parameters
    ----------
    theme
        Colours.
    filtered
        Whether there is a bar to filter by.

    Signals
    -------
    entered
        The current cell: its view and its column.
    moved
        Rows were reached by following a key: what was shown before.
    explained
        A value to explain: the table, the number of the row, the column.
    said
        Something to tell in passing.
    opened
        The rows of a table are shown: its name.
    """

    entered = Signal(int, str)
    moved = Signal(object)
    explained = Signal(str, object, str)
    said = Signal(str)
    opened = Signal(str)

    def __init__(self, theme: Theme, *, filtered: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._filtered = theme, filtered
        self._results: Results | None = None
        self._keys: Sequence[Sequence[str]] = ()
        self._shown = Shown("")
        self._view = 0
        self._total = 0
        self.borrowed = False
        """Whether a view is shown that others opened: it cannot be filtered further."""
        self._opening: int | None = None
        self._sorting: int | None = None
        self._exporting: int | None = None
        self._after: tuple[int, str] | None = None
        self.filters = FilterBar(theme)
        self.filters.setVisible(filtered)
        self.grid = Grid(theme, "Rows")
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setProperty("class", "secondary")
        self.empty.setContentsMargins(48, 48, 48, 48)
        self._build_line()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.filters)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.line)
        self.filters.changed.connect(self._filter)
        self.grid.ordered.connect(self._order)
        self.grid.entered.connect(self._enter)
        self.grid.activated.connect(self._activate)
        self.grid.asked.connect(self._ask_what)
        self.grid.model.troubled.connect(self._trouble)
        header = self.grid.table.horizontalHeader()
        header.customContextMenuRequested.connect(self._ask_header)
        copy = QAction("Copy", self.grid.table)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.triggered.connect(self.copy)
        self.grid.table.addAction(copy)
        self.clear()

    def _build_line(self) -> None:
        self.line = QWidget()
        self.line.setProperty("class", "surface")
        self.line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.doing = QLabel()
        self.doing.setFont(secondary(self.font()))
        self.doing.setTextFormat(Qt.TextFormat.PlainText)
        self.doing.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(12 * self.fontMetrics().height(), 6)
        self.bar.setAccessibleName("Progress")
        self.halt = QPushButton("Stop")
        self.halt.clicked.connect(self.stop)
        row = QHBoxLayout(self.line)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self.doing, 1)
        row.addWidget(self.bar)
        row.addWidget(self.halt)
        self.line.hide()

    # Showing

    @property
    def shown(self) -> Shown:
        """Which rows are shown, and where the current cell is."""
        return replace(self._shown, row=self.grid.row, column=self.grid.column)

    @property
    def view(self) -> int:
        """What the view is asked by."""
        return self._view

    def clear(self, why: str = "") -> None:
        """Show no rows, and say why."""
        self._let_go()
        self._results, self._shown = None, Shown("")
        self.grid.set_view(None, 0, 0, [])
        self.filters.set_columns([])
        self.filters.set_filters([], tell=False)
        self.filters.said.setText("")
        self._say_nothing(why or "Choose a table.")

    def show_table(self, results: Results, keys: Sequence[Sequence[str]], shown: Shown) -> None:
        """Show rows of a table of a run."""
        self._results, self._keys = results, keys
        self.filters.set_filters(shown.filters, tell=False)
        self._open(shown)

    def show_view(
        self, results: Results, answer: Answer, table: str = "", keys: Sequence[Sequence[str]] = ()
    ) -> None:
        """Show a view that is open already: the answer to a question, or the rows that a check rejects."""
        self._let_go()
        self._results, self._keys = results, keys
        self._shown = Shown(table)
        self._borrow(True)
        self._take(answer)

    def new_view(self) -> int:
        """Return a name for a view to be opened."""
        return next(_views)

    def _open(self, shown: Shown) -> None:
        if self._results is None:
            return
        if self._opening is not None:
            self._results.stop(self._opening)
        self._stop_sorting()
        self._wanted = shown
        self._show_doing("Looking…", None)
        self._opening = self._results.ask(
            "view",
            self._take_table,
            self._miss_table,
            view=self.new_view(),
            table=shown.table,
            filters=[one.to_json() for one in shown.filters],
            order=shown.order,
            descending=shown.descending,
        )

    def _take_table(self, answer: Answer) -> None:
        self._opening = None
        self._shown = self._wanted
        self._borrow(False)
        self._take(answer)
        self.filters.set_columns(self.grid.model.columns)
        self.opened.emit(self._shown.table)

    def _miss_table(self, why: str) -> None:
        self._opening = None
        self._trouble(why)

    def _take(self, answer: Answer) -> None:
        assert self._results is not None  # who answered
        before, self._view = self._view, int(answer["view"])
        if before:
            self._results.ask("forget", _nothing, _nothing, view=before)
        columns = columns_of(answer, self._shown.table, self._keys)
        rows, self._total = int(answer["count"]), int(answer.get("rows") or answer["count"])
        self.grid.set_view(self._results, self._view, rows, columns)
        self.grid.show_order(self._shown.order, self._shown.descending)
        self._hide_doing()
        narrowed = rows != self._total or bool(self._shown.filters)
        self.filters.said.setText(f"{rows:,} of {self._total:,} rows" if narrowed else counted(rows, "row"))
        if rows:
            self.empty.hide()
            self.grid.show()
            self.grid.go_to(self._shown.row, self._shown.column)
        else:
            self._say_nothing("No row is like that." if self._shown.filters else "There are no rows.")
        if not answer["ready"]:
            self._finish_order()

    def _borrow(self, borrowed: bool) -> None:
        self.borrowed = borrowed
        if borrowed:
            self.filters.set_filters([], tell=False)
        for widget in (self.filters.search, self.filters.add):
            widget.setVisible(not borrowed)

    def _say_nothing(self, why: str) -> None:
        self.empty.setText(why)
        self.empty.show()
        self.grid.hide()

    # Orders and filters

    def _filter(self) -> None:
        if self._results is not None and self._shown.table:
            self._open(
                replace(self._shown, filters=tuple(self.filters.filters), row=0, column=self.grid.column)
            )

    def _order(self, column: str) -> None:
        """Order by a column: upwards, downwards, and as the file has it."""
        shown = self._shown
        if not self._filtered or self.borrowed or not shown.table:
            return
        if shown.order != column:
            self.order_by(column, descending=False)
        elif not shown.descending:
            self.order_by(column, descending=True)
        else:
            self.order_by("", descending=False)

    def order_by(self, column: str, *, descending: bool) -> None:
        """Order the rows by a column; by none, as the file has them."""
        here = self.grid.column
        self._open(replace(self._shown, order=column, descending=descending, row=0, column=column or here))

    def _finish_order(self) -> None:
        assert self._results is not None  # whose view it is
        way = "downwards" if self._shown.descending else "upwards"
        words = f"Sorting {counted(self.grid.model.count, 'row')} by {self._shown.order}, {way}"
        self._show_doing(f"{words}: both ends are there.", None)
        self._sorting = self._results.ask(
            "sort", self._sorted, self._miss_order, partial(self._went, words), view=self._view
        )

    def _sorted(self, answer: Answer) -> None:
        self._sorting = None
        self._hide_doing()
        self.grid.model.refresh()

    def _miss_order(self, why: str) -> None:
        self._sorting = None
        self._trouble(f"The rows between both ends are missing: {why}.")

    def _went(self, words: str, share: float | None, doing: str) -> None:
        self._show_doing(f"{words}: {100 * share:.0f} %" if share is not None else words, share)

    def stop(self) -> None:
        """Stop what is being done."""
        self._stop_sorting()
        if self._exporting is not None and self._results is not None:
            self._results.stop(self._exporting)
            self._exporting = None
        if self._opening is not None and self._results is not None:
            self._results.stop(self._opening)
            self._opening = None
        self._hide_doing()

    def _stop_sorting(self) -> None:
        if self._sorting is not None and self._results is not None:
            self._results.stop(self._sorting)
        self._sorting = None

    def _let_go(self) -> None:
        self.stop()
        self._view = 0

    def _show_doing(self, words: str, share: float | None) -> None:
        self.doing.setText(words)
        self.bar.setRange(0, 0 if share is None else 1000)
        self.bar.setValue(0 if share is None else round(1000 * share))
        self.bar.show()
        self.halt.show()
        self.line.show()

    def _hide_doing(self) -> None:
        self.line.hide()

    def _trouble(self, why: str) -> None:
        self.doing.setText(why[:1].upper() + why[1:])
        self.bar.hide()
        self.halt.hide()
        self.line.show()

    # What can be done with a cell

    def _enter(self, row: int, column: str) -> None:
        if self._view:
            self.entered.emit(self._view, column)

    def _activate(self, row: int, column: str) -> None:
        link = self._column(column)
        if link is not None and link.link:
            self.follow(row, column)
        elif self._shown.table:
            self.explain(row, column)

    def _column(self, name: str) -> GridColumn | None:
        return next((one for one in self.grid.model.columns if one.name == name), None)

    def explain(self, row: int, column: str) -> None:
        """Ask how a value came about."""
        number = self.grid.model.number(row)
        if number is not None and self._shown.table:
            self.explained.emit(self._shown.table, number, column)

    def follow(self, row: int, column: str) -> None:
        """Go to the row that a key refers to."""
        if self._results is not None:
            self._results.ask(
                "parent", self._go_to_parent, self._trouble, view=self._view, row=row, column=column
            )

    def _go_to_parent(self, answer: Answer) -> None:
        self.moved.emit(self.shown)
        assert self._results is not None  # who answered
        self.show_table(
            self._results, self._keys, Shown(answer["table"], row=answer["number"], column=answer["column"])
        )

    def ask_for_children(self, row: int) -> None:
        """Ask which rows refer to a row, and offer to go there."""
        if self._results is not None:
            self._results.ask("children", self._offer_children, self._trouble, view=self._view, row=row)

    def _offer_children(self, answer: Answer) -> None:
        children = answer["children"]
        if not children:
            self._trouble("No table refers to this one.")
            return
        menu = self._menu()
        for child in children:
            words = f"{counted(child['rows'], 'row')} of {child['table']} by {child['column']}"
            action = menu.addAction(words)
            action.setEnabled(child["rows"] > 0)
            action.triggered.connect(partial(self._go_to_children, child))
        menu.popup(QCursor.pos())

    def _go_to_children(self, child: Mapping[str, Any], checked: bool = False) -> None:
        self.moved.emit(self.shown)
        assert self._results is not None  # whose menu it was
        filters = (Filter.from_json(child["filter"]),)
        self.show_table(self._results, self._keys, Shown(child["table"], filters, column=child["column"]))

    def _ask_what(self, row: int, column: str, where: QPoint) -> None:
        if self._results is not None and (menu := self.cell_menu(row, column)) is not None:
            menu.popup(where)

    def cell_menu(self, row: int, column: str) -> QMenu | None:
        """Return what can be done with a cell."""
        one = self._column(column)
        if one is None:
            return None
        menu, text, table = (
            self._menu(),
            self.grid.model.text(row, column=self._at(column)),
            self._shown.table,
        )
        if table and self._filtered and not self.borrowed:
            self._add_filters(menu, one, text)
            menu.addSeparator()
        if one.link and text is not None:
            self._add(menu, f"Go to {one.link} {_short(text)}", partial(self.follow, row, column), "Return")
        if any(to == table for _, _, to, _ in self._keys):
            self._add(menu, "Rows that refer to this one…", partial(self.ask_for_children, row))
        if table:
            self._add(menu, "Explain this value", partial(self.explain, row, column))
            menu.addSeparator()
        self._add(menu, "Copy value", partial(self.copy_value, row, column))
        _, many = self.grid.selected
        copies = menu.addMenu(f"Copy {counted(many, 'row')} as")
        for form in FORMS:
            self._add(
                copies, _FORM_WORDS[form], partial(self.copy, form=form), "Ctrl+C" if form == "text" else ""
            )
        self._add(menu, "Export these rows…", self.choose_export)
        menu.addSeparator()
        self._add_columns(menu, column)
        return menu

    def _add_filters(self, menu: QMenu, one: GridColumn, text: str | None) -> None:
        if text is None:
            asks: list[tuple[Operator, str]] = [("is null", ""), ("is not null", "")]
        else:
            asks = [("is", text), ("is not", text)]
            if one.kind in ("int", "float", "date", "datetime"):
                asks += [("≥", text), ("≤", text)]
        for operator, value in asks:
            words = f"Only rows where {one.name} {operator} {_short(value)}".rstrip()
            self._add(menu, words, partial(self.filters.add_filter, Filter(one.name, operator, value)))
        self._add(menu, f"Filter by {one.name}…", partial(self.filters.ask_about, one.name))

    def _add_columns(self, menu: QMenu, column: str) -> None:
        if self._shown.table and self._filtered:
            self._add(
                menu, f"Sort by {column}, smallest first", partial(self.order_by, column, descending=False)
            )
            self._add(
                menu, f"Sort by {column}, largest first", partial(self.order_by, column, descending=True)
            )
        self._add(menu, f"Hide {column}", partial(self.grid.hide_column, column))
        hidden = self.grid.hidden_columns()
        if hidden:
            shows = menu.addMenu("Show again")
            for name in hidden:
                self._add(shows, name, partial(self.grid.hide_column, name, False))

    def _ask_header(self, where: QPoint) -> None:
        header = self.grid.table.horizontalHeader()
        at = header.logicalIndexAt(where)
        if 0 <= at < len(self.grid.model.columns):
            menu = self._menu()
            name = self.grid.model.columns[at].name
            if self._filtered and not self.borrowed:
                self._add(menu, f"Filter by {name}…", partial(self.filters.ask_about, name))
            self._add_columns(menu, name)
            menu.popup(header.viewport().mapToGlobal(where))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _add(self, menu: QMenu, words: str, do: Callable[[], object], keys: str = "") -> None:
        action = menu.addAction(words.replace("&", "&&"))
        action.triggered.connect(_Do(do))
        if keys:
            action.setText(f"{action.text()}\t{keys}")

    def _at(self, column: str) -> int:
        return next(at for at, one in enumerate(self.grid.model.columns) if one.name == column)

    # Out

    def copy(self, checked: bool = False, form: Form = "text") -> None:
        """Copy the selected rows."""
        start, rows = self.grid.selected
        if self._results is None or not rows:
            return
        self._results.ask(
            "copy",
            self._take_copy,
            self._trouble,
            view=self._view,
            start=start,
            count=rows,
            columns=self.grid.shown_columns(),
            form=form,
        )

    def _take_copy(self, answer: Answer) -> None:
        QGuiApplication.clipboard().setText(answer["text"])
        self.said.emit(f"{counted(answer['rows'], 'row')} copied.")

    def copy_value(self, row: int, column: str) -> None:
        """Copy one value, whole."""
        if self._results is not None:
            self._results.ask(
                "value", self._take_value, self._trouble, view=self._view, row=row, column=column
            )

    def _take_value(self, answer: Answer) -> None:
        QGuiApplication.clipboard().setText(answer["text"])
        self.said.emit("The value is copied.")

    def choose_export(self) -> None:
        """Ask where the rows that are shown are to be written."""
        name = f"{self._shown.table or 'answer'}.csv"
        chooser = QFileDialog(self, "Export these rows", name, "CSV (*.csv);;Parquet (*.parquet)")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("csv")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.export)
        chooser.open()

    def export(self, name: str) -> None:
        """Write the rows that are shown into a file, as CSV or Parquet by its ending."""
        if self._results is None:
            return
        words = f"Exporting {counted(self.grid.model.count, 'row')} to {Path(name).name}"
        self._show_doing(words, None)
        self._exporting = self._results.ask(
            "export",
            self._exported,
            self._miss_export,
            partial(self._went, words),
            view=self._view,
            path=name,
            columns=self.grid.shown_columns(),
        )

    def _exported(self, answer: Answer) -> None:
        self._exporting = None
        self._hide_doing()
        self.said.emit(f"{counted(answer['rows'], 'row')} written to {answer['path']}.")

    def _miss_export(self, why: str) -> None:
        self._exporting = None
        self._trouble(why)


class _Do:
    """Call a function that takes nothing, whatever the signal brings."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function

    def __call__(self, checked: bool = False) -> None:
        self._function()


def _nothing(_: object) -> None:
    return None


def _short(text: str) -> str:
    return text if len(text) <= 28 else text[:27] + "…"
