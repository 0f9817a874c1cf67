"""Use it elsewhere: how other programs read the run, and what they are told of its schema, to copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.results.client import Answer, Results
from datagen_app.shell.fonts import monospace

__all__ = ["ElsewhereDialog"]

_TOOLS = {
    "pandas": "pandas",
    "polars": "polars",
    "duckdb": "DuckDB",
    "spark": "Spark",
    "sql": "SQL: CREATE TABLE",
    "dictionary": "Data dictionary",
    "page": "Data dictionary, HTML",
    "dbt": "dbt: schema.yml",
}


class ElsewhereDialog(QDialog):
    """Show a snippet for each tool.

    Signals
    -------
    said
        What was copied.
    """

    said = Signal(str)

    def __init__(self, results: Results, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results = results
        self._asking: int | None = None
        self.setWindowTitle("Use it elsewhere")
        self.tools = QListWidget()
        self.tools.addItems(list(_TOOLS.values()))
        self.tools.setAccessibleName("Where it is used")
        self.tools.setProperty("class", "framed")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("What to copy")
        self.text.setFont(monospace(self.font()))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setProperty("class", "framed")
        self.copy, self.dismiss = QPushButton("Copy"), QPushButton("Close")
        self.copy.setProperty("class", "primary")
        self.copy.setDefault(True)
        self.copy.clicked.connect(self._copy)
        self.dismiss.clicked.connect(self.close)
        parts = QHBoxLayout()
        parts.setSpacing(8)
        parts.addWidget(self.tools)
        parts.addWidget(self.text, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss)
        buttons.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(parts, 1)
        layout.addLayout(buttons)
        line = self.fontMetrics().height()
        self.tools.setFixedWidth(11 * line)
        for at in range(self.tools.count()):
            self.tools.item(at).setSizeHint(QSize(1, round(1.7 * line)))
        self.resize(52 * line, 26 * line)
        self.tools.currentRowChanged.connect(self._show)
        self.tools.setCurrentRow(0)

    def done(self, result: int) -> None:
        """Close; an answer that is still to come is not waited for."""
        if self._asking is not None:
            self._results.stop(self._asking)
        super().done(result)

    def _show(self, row: int) -> None:
        if self._asking is not None:
            self._results.stop(self._asking)
        tool = list(_TOOLS)[row]
        self._asking = self._results.ask("snippet", self._take, self.text.setPlainText, tool=tool)

    def _take(self, answer: Answer) -> None:
        self._asking = None
        self.text.setPlainText(answer["text"])

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.said.emit("Copied.")
