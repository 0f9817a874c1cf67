"""What there is to say of the column at hand: its figures and its plots, over every row that is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from datagen_app.document.words import counted
from datagen_app.results.client import Answer, Results
from datagen_app.results.plots import SmallPlot
from datagen_app.shell.fonts import figures, secondary, strong
from datagen_app.shell.theme import Theme

__all__ = ["ColumnPanel"]

_PAUSE = 150
"""Milliseconds that the current cell stays in a column until its figures are asked for."""


class ColumnPanel(QScrollArea):
    """Show a column."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asked: tuple[Results, int, str] | None = None
        self._asking: tuple[Results, int] | None = None
        self._shown: tuple[int, str] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("The column")
        self._body = QWidget()
        self._body.setProperty("class", "surface")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        self.title, self.about = QLabel(), QLabel()
        self.title.setFont(strong(self.font()))
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.about.setFont(secondary(self.font()))
        self.about.setProperty("class", "secondary")
        self.about.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        self._plots = QVBoxLayout()
        self._plots.setSpacing(4)
        self._column.addWidget(self.title)
        self._column.addWidget(self.about)
        self._column.addLayout(self._facts)
        self._column.addLayout(self._plots)
        self._column.addStretch(1)
        self.setWidget(self._body)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._stop()
        self._asked = self._shown = None
        self.title.setText("")
        self.about.setText("Choose a column to see its figures.")
        self._empty()

    def look_at(self, results: Results, view: int, column: str) -> None:
        """Show a column of a view, once the current cell rests there."""
        if self._shown == (view, column) or not column:
            return
        self._asked = (results, view, column)
        self._pause.start()

    def _ask(self) -> None:
        if self._asked is None:
            return
        results, view, column = self._asked
        self._stop()
        self._shown = (view, column)
        self.title.setText(column)
        self.about.setText("Counting…")
        self._empty()
        self._asking = (
            results,
            results.ask("statistics", self._take, self._miss, view=view, column=column),
        )

    def _take(self, told: Answer) -> None:
        self._asking = None
        about = "" if told["exact"] else "about "
        rows, nulls = int(told["rows"]), int(told["nulls"])
        share = f"{100 * nulls / rows:.3g} % null" if nulls else "no nulls"
        distinct = f"{about}{counted(int(told['distinct']), 'different value')}"
        self.about.setText(f"{told['kind']} · {counted(rows, 'row')} · {share} · {distinct}")
        for at, (label, text) in enumerate(told["figures"]):
            name, value = QLabel(str(label)), QLabel(str(text))
            name.setProperty("class", "secondary")
            value.setFont(figures(self.font()))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(name, at, 0)
            self._facts.addWidget(value, at, 1)
        for plot in told["plots"]:
            title = QLabel(str(plot["title"]).upper())
            title.setFont(strong(secondary(self.font())))
            title.setProperty("class", "secondary")
            title.setContentsMargins(0, 12, 0, 4)
            picture = SmallPlot(self._theme)
            picture.show_plot(plot)
            self._plots.addWidget(title)
            self._plots.addWidget(picture)

    def _miss(self, why: str) -> None:
        self._asking = None
        self.about.setText(why)

    def _stop(self) -> None:
        self._pause.stop()
        if self._asking is not None:
            results, id_ = self._asking
            results.stop(id_)
            self._asking = None

    def _empty(self) -> None:
        for layout in (self._facts, self._plots):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
