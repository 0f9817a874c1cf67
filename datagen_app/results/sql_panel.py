"""Questions in SQL over a run: what is asked above, the answer below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.words import counted
from datagen_app.results.client import Answer, Results
from datagen_app.results.rows_panel import RowsPanel
from datagen_app.shell.fonts import monospace, secondary
from datagen_app.shell.theme import Theme

__all__ = ["SqlPanel"]


class SqlPanel(QWidget):
    """Ask a run in SQL: one SELECT at a time, which can change nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results: Results | None = None
        self._asking: int | None = None
        self._touched = False
        self.code = QPlainTextEdit()
        self.code.setAccessibleName("A question in SQL")
        self.code.setFont(monospace(self.font()))
        self.code.setPlaceholderText("SELECT … FROM …")
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.code.setTabChangesFocus(True)
        self.code.installEventFilter(self)
        self.code.textChanged.connect(self._touch)
        self.ask_button, self.stop_button = QPushButton("Ask"), QPushButton("Stop")
        self.ask_button.setProperty("class", "primary")
        keys = QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
        self.ask_button.setToolTip(f"Ask ({keys})")
        self.ask_button.clicked.connect(self.ask)
        self.stop_button.clicked.connect(self.stop)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setProperty("class", "secondary")
        self.said.setFont(secondary(self.font()))
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line = QHBoxLayout()
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(self.said, 1)
        line.addWidget(self.stop_button)
        line.addWidget(self.ask_button)
        above = QWidget()
        above.setProperty("class", "surface")
        above.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        upper = QVBoxLayout(above)
        upper.setContentsMargins(8, 8, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self.code, 1)
        upper.addLayout(line)
        self.answer = RowsPanel(theme, filtered=False)
        self.answer.clear("The answer comes here.")
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(above)
        parts.addWidget(self.answer)
        parts.setStretchFactor(1, 1)
        height = self.fontMetrics().height()
        parts.setSizes([9 * height, 30 * height])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)
        self.setFocusProxy(self.code)
        self._update()

    def set_run(self, results: Results | None, tables: Sequence[Mapping[str, Any]]) -> None:
        """Ask another run; a question that nobody changed is one about its first table."""
        self.stop()
        self._results = results
        self.answer.clear("The answer comes here.")
        names = [str(table["name"]) for table in tables]
        self.said.setText(f"Tables: {', '.join(names)}" if names else "")
        if not self._touched and names:
            largest = max(tables, key=lambda table: table["rows"] or 0)
            plain = str(largest["name"]).replace('"', '""')
            self.code.setPlainText(f'SELECT *\nFROM "{plain}"\nLIMIT 100')
            self._touched = False
        self._update()

    def ask(self) -> None:
        """Ask what is written."""
        if self._results is None or self._asking is not None:
            return
        self.said.setText("Asking…")
        self._asking = self._results.ask(
            "sql", self._take, self._miss, code=self.code.toPlainText(), view=self.answer.new_view()
        )
        self._update()

    def stop(self) -> None:
        """Stop the question that is being answered."""
        if self._asking is not None and self._results is not None:
            self._results.stop(self._asking)
            self.said.setText("Stopped.")
        self._asking = None
        self._update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask at Ctrl+Return."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.ask()
                return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _take(self, answer: Answer) -> None:
        self._asking = None
        assert self._results is not None  # who answered
        more = f" The first {answer['most']:,} are kept." if answer["more"] else ""
        self.said.setText(f"{counted(int(answer['count']), 'row')}.{more}")
        self.answer.show_view(self._results, answer)
        self._update()

    def _miss(self, why: str) -> None:
        self._asking = None
        self.said.setText(why[:1].upper() + why[1:])
        self._update()

    def _touch(self) -> None:
        self._touched = bool(self.code.toPlainText().strip())

    def _update(self) -> None:
        self.ask_button.setEnabled(self._results is not None and self._asking is None)
        self.stop_button.setVisible(self._asking is not None)
