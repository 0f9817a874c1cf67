"""One check: what happened, expected against observed, what can be done, and what else there is to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from datagen_app.report.checks_model import sign_of
from datagen_app.results.plots import SmallPlot, plot_of_check
from datagen_app.results.reports import written
from datagen_app.shell.fonts import figures, monospace, secondary, strong
from datagen_app.shell.signs import sign_pixmap
from datagen_app.shell.theme import Theme

__all__ = ["CheckPanel"]


class CheckPanel(QScrollArea):
    """Show a check.

    Signals
    -------
    show_rows
        The rows that it rejects are to be shown.
    show_in_schema
        The place in the schema that asks for it, as a JSON Pointer.
    run_again
        The run is to be made again.
    mend
        A fix is to be applied: what it was given as.
    """

    show_rows = Signal()
    show_in_schema = Signal(str)
    run_again = Signal()
    mend = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._check: Mapping[str, Any] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("The check")
        self._make()
        theme.changed.connect(self._colour)
        self.clear()

    def _make(self) -> None:
        body = QWidget()
        body.setProperty("class", "surface")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self.sign, self.title, self.message = QLabel(), QLabel(), QLabel()
        self.title.setFont(strong(self.font()))
        for label in (self.title, self.message):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        column.addLayout(head)
        column.addWidget(self.message)
        self.plot_title = self._heading("Expected against observed")
        self.plot = SmallPlot(self._theme)
        self.plot_text = QLabel()
        self.plot_text.setWordWrap(True)
        self.plot_text.setFont(secondary(self.font()))
        self.plot_text.setProperty("class", "secondary")
        for widget in (self.plot_title, self.plot, self.plot_text):
            column.addWidget(widget)
        self.mend_title = self._heading("Mend")
        self.fixes = QVBoxLayout()
        self.rows, self.schema, self.again = (
            QPushButton(words) for words in ("Show these rows", "Show in schema", "Run again")
        )
        for button in (self.rows, self.schema, self.again):
            button.setProperty("class", "link")
        self.rows.clicked.connect(self.show_rows)
        self.schema.clicked.connect(self._show_in_schema)
        self.again.clicked.connect(self.run_again)
        links = QVBoxLayout()
        links.setSpacing(6)
        for button in (self.schema, self.rows, self.again):
            links.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.mend_title)
        column.addLayout(self.fixes)
        column.addLayout(links)
        self.examples_title = self._heading("Rows that fail")
        self.examples = QLabel()
        self.examples.setWordWrap(True)
        self.examples.setTextFormat(Qt.TextFormat.PlainText)
        self.examples.setFont(figures(self.font()))
        self.examples.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.examples_title)
        column.addWidget(self.examples)
        self.about_title = self._heading("About this check")
        self.about = QGridLayout()
        self.about.setHorizontalSpacing(16)
        self.about.setVerticalSpacing(6)
        self.about.setColumnStretch(1, 1)
        column.addWidget(self.about_title)
        column.addLayout(self.about)
        column.addStretch(1)
        self.setWidget(body)

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words.upper())
        label.setFont(strong(secondary(self.font())))
        label.setProperty("class", "secondary")
        label.setContentsMargins(0, 12, 0, 0)
        return label

    # What is shown

    def clear(self) -> None:
        """Show no check."""
        self._check = {}
        self.sign.hide()
        self.title.setText("")
        self.message.setText("Choose a check to see what it found.")
        for widget in (
            self.plot_title, self.plot, self.plot_text, self.mend_title, self.rows, self.schema, self.again,
            self.examples_title, self.examples, self.about_title,
        ):  # fmt: skip
            widget.hide()
        self._empty(self.about)
        self._empty(self.fixes)

    def show_check(
        self, check: Mapping[str, Any], *, rows: bool, every: bool, fixes: Sequence[tuple[str, object]] = ()
    ) -> None:
        """Show a check.

        Parameters
        ----------
        check
            Its record.
        rows, every
            Whether rows that it rejects can be shown; whether that is all of them.
        fixes
            What can be done about it: a title and what `mend` passes on, each.
        """
        self.clear()
        self._check = check
        columns = ", ".join(str(one) for one in check.get("columns") or ())
        where = f"{check.get('table', '')}.{columns}" if columns else str(check.get("table", ""))
        title = str(check.get("title") or check.get("kind", ""))
        self.title.setText(f"{title[:1].upper()}{title[1:]} of {where}" if where else title)
        self.message.setText(str(check.get("message", "")))
        plot = check.get("plot")
        if isinstance(plot, dict):
            self.plot.show_plot(plot_of_check(plot))
            self.plot_text.setText(f"{plot.get('text', '')} Bars: observed; dashes: expected.".strip())
            for widget in (self.plot_title, self.plot, self.plot_text):
                widget.show()
        failing = check.get("status") in ("fail", "error")
        self.mend_title.setVisible(failing or rows)
        self.rows.setVisible(rows)
        self.rows.setText("Show these rows" if every else "Show some of these rows")
        self.schema.setVisible(bool(check.get("path")))
        self.again.setVisible(failing)
        for words, fix in fixes:
            button = QPushButton(words)
            button.setProperty("class", "primary")
            button.clicked.connect(partial(self._mend, fix))
            self.fixes.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_examples(check.get("examples") or ())
        self._show_about(check)
        self._colour()

    def _show_examples(self, rows: Sequence[Mapping[str, Any]]) -> None:
        texts = [
            ", ".join(f"{name} = {'null' if v is None else v}" for name, v in row.items()) for row in rows
        ]
        self.examples.setText("\n".join(texts))
        self.examples.setVisible(bool(texts))
        self.examples_title.setVisible(bool(texts))

    def _show_about(self, check: Mapping[str, Any]) -> None:
        facts = [
            ("Observed", written(check.get("observed"))),
            ("Expected", written(check.get("expected"))),
            ("Tolerance", written(check.get("tolerance"))),
            ("Rows checked", written(check.get("rows_checked") or None)),
            ("Rows failed", written(check.get("rows_failed"))),
            ("Path", str(check.get("path") or "–")),
        ]
        for at, (name, text) in enumerate(fact for fact in facts if fact[1] != "–"):
            label, value = QLabel(name), QLabel(text)
            label.setProperty("class", "secondary")
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setWordWrap(True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setFont(monospace(self.font()) if name == "Path" else figures(self.font()))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.about.addWidget(label, at, 0)
            self.about.addWidget(value, at, 1)
        self.about_title.show()

    def _show_in_schema(self) -> None:
        self.show_in_schema.emit(str(self._check.get("path", "")))

    def _mend(self, fix: object, checked: bool = False) -> None:
        self.mend.emit(fix)

    def _colour(self) -> None:
        sign = sign_of(str(self._check.get("status", "")), str(self._check.get("severity", "error")))
        self.sign.setVisible(bool(self._check) and sign is not None)
        if sign is not None:
            side = self.fontMetrics().height()
            self.sign.setPixmap(sign_pixmap(sign, self._theme.palette, side, self.devicePixelRatioF()))

    def _empty(self, layout: QGridLayout | QVBoxLayout) -> None:
        while (item := layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
