"""What is looked for in a table: a text in any column, and filters by column, each a chip that goes away again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.preview.select import Select
from datagen_app.results.filters import Filter, Operator, operators_for
from datagen_app.results.grid_model import GridColumn
from datagen_app.shell.fonts import secondary
from datagen_app.shell.icons import icon
from datagen_app.shell.theme import Theme

__all__ = ["FilterBar", "FilterEditor"]

_PAUSE = 250
"""Milliseconds after the last letter until what was typed is looked for."""


class FilterBar(QWidget):
    """Say which rows are shown.

    Signals
    -------
    changed
        The filters are others.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns: list[GridColumn] = []
        self._filters: list[Filter] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.changed)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search every column")
        self.search.setAccessibleName("Search every column")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(18 * self.fontMetrics().height())
        self.search.textEdited.connect(self._type)
        self.search.returnPressed.connect(self._now)
        self.add = QToolButton()
        self.add.setText("Filter…")
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add.setToolTip("Show only the rows whose column is as you say")
        self.add.clicked.connect(self.ask)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self.said = QLabel()
        self.said.setFont(secondary(self.font()))
        self.said.setProperty("class", "secondary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.search, 2)
        layout.addWidget(self.add)
        layout.addLayout(self._chips)
        layout.addStretch(1)
        layout.addWidget(self.said)
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.changed.connect(self._colour)
        self._colour()

    @property
    def filters(self) -> list[Filter]:
        """What is asked."""
        text = self.search.text().strip()
        anywhere = [Filter("", "contains", text)] if text else []
        return [*self._filters, *anywhere]

    def set_columns(self, columns: Sequence[GridColumn]) -> None:
        """Offer the columns of another table; what was asked of the one before is forgotten."""
        self._columns = list(columns)
        self.add.setEnabled(bool(columns))

    def set_filters(self, filters: Sequence[Filter], *, tell: bool = True) -> None:
        """Ask other things."""
        self._filters = [one for one in filters if one.column]
        self.search.setText(next((one.value for one in filters if not one.column), ""))
        self._show()
        if tell:
            self._now()

    def add_filter(self, one: Filter) -> None:
        """Ask one thing more; what was asked of its column in the same way is replaced."""
        others = [
            other for other in self._filters if (other.column, other.operator) != (one.column, one.operator)
        ]
        self.set_filters([*others, one, *(each for each in self.filters if not each.column)])

    def remove(self, one: Filter) -> None:
        """Ask one thing less."""
        self._filters = [other for other in self._filters if other != one]
        self._show()
        self._now()

    def ask(self) -> None:
        """Let the user say what to filter by."""
        if self._columns:
            self.ask_about(self._columns[0].name)

    def ask_about(self, column: str) -> None:
        """Let the user say what to filter a column by."""
        editor = FilterEditor(self._theme, self._columns, column, self)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.chosen.connect(self.add_filter)
        editor.open()

    def _type(self) -> None:
        self._pause.start()

    def _now(self) -> None:
        self._pause.stop()
        self.changed.emit()

    def _show(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in self._filters:
            self._chips.addWidget(_Chip(one, self, self._theme))

    def _colour(self) -> None:
        self.add.setIcon(icon("add", self._theme.palette, "text"))
        self._show()


class _Chip(QPushButton):
    """A filter; a click takes it away."""

    def __init__(self, filter_: Filter, bar: FilterBar, theme: Theme) -> None:
        words = filter_.words
        super().__init__(words if len(words) <= 40 else words[:39] + "…")
        self._filter, self._bar = filter_, bar
        self.setProperty("class", "chip")
        self.setIcon(QIcon(icon("close", theme.palette, "secondary")))
        side = round(self.fontMetrics().height() * 0.7)
        self.setIconSize(QSize(side, side))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross after the words
        self.setToolTip(f"{words}\nClick to take this filter away.")
        self.setAccessibleName(f"Filter: {words}. Press to take it away.")
        self.clicked.connect(self._remove)

    def _remove(self) -> None:
        self._bar.remove(self._filter)


class FilterEditor(QDialog):
    """Ask for a column, how it is compared, and with what.

    Signals
    -------
    chosen
        The filter.
    """

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, columns: Sequence[GridColumn], column: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Filter rows")
        self._kinds = {one.name: one.kind for one in columns}
        self.column, self.operator = Select(theme, "Column"), Select(theme, "Comparison")
        self.value, self.other = QLineEdit(), QLineEdit()
        self.value.setAccessibleName("Value")
        self.other.setAccessibleName("Upper end")
        self.column.addItems(list(self._kinds))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        self._label, self._and = QLabel("Value"), QLabel("and")
        self._label.setBuddy(self.value)
        form.addRow("Column", self.column)
        form.addRow("Rows where it", self.operator)
        form.addRow(self._label, self.value)
        form.addRow(self._and, self.other)
        cancel, apply = QPushButton("Cancel"), QPushButton("Filter")
        apply.setProperty("class", "primary")
        apply.setDefault(True)
        cancel.clicked.connect(self.reject)
        apply.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addLayout(buttons)
        self.column.currentTextChanged.connect(self._offer)
        self.operator.currentTextChanged.connect(self._fit)
        self.column.setCurrentText(column)
        self._offer(self.column.currentText())
        self.value.setFocus()

    def accept(self) -> None:
        """Filter, unless a value is missing."""
        operator: Operator = self.operator.currentText()  # type: ignore[assignment]  # one of those offered
        needs = operator not in ("is null", "is not null")
        if needs and not self.value.text().strip() and self._kinds[self.column.currentText()] != "string":
            self.value.setFocus()
            return
        self.chosen.emit(Filter(self.column.currentText(), operator, self.value.text(), self.other.text()))
        super().accept()

    def _offer(self, column: str) -> None:
        kind = self._kinds.get(column, "string")
        self.operator.clear()
        self.operator.addItems(list(operators_for(kind)))  # type: ignore[arg-type]  # a kind, as the job says it
        hints = {
            "datetime": "2024-11-29 18:30",
            "date": "2024-11-29",
            "bool": "true or false",
            "int": "42",
            "float": "4.5",
        }
        self.value.setPlaceholderText(hints.get(kind, ""))
        self.other.setPlaceholderText(hints.get(kind, ""))

    def _fit(self, operator: str) -> None:
        needs = operator not in ("is null", "is not null")
        for widget in (self._label, self.value):
            widget.setVisible(needs)
        for widget in (self._and, self.other):
            widget.setVisible(operator == "between")
        if operator == "one of":
            self.value.setPlaceholderText("values, parted by commas")
