"""The plots of the selected column, or of its table, drawn again after every edit."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.change import Change
from datagen_app.document.document import Column, Document, Table
from datagen_app.document.place import Place
from datagen_app.preview.figures import Figures, Pair, is_text, pair_sentence, rows_of_data, sentence
from datagen_app.preview.requests import Requests
from datagen_app.preview.select import Select
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme

if TYPE_CHECKING:
    from datagen_app.preview.plots import BarsPlot, HeatPlot, PairPlot, TimelinePlot

__all__ = ["NUMBERS", "PlotsPanel"]

NUMBERS = (8_192, 16_384, 49_152, 98_304)
"""Rows that plots may be drawn from: whole blocks of the engine, up to about 100,000."""


class _Loader(QObject):
    """Load pyqtgraph beside the window, which goes on meanwhile."""

    loaded = Signal()

    def start(self) -> None:
        threading.Thread(target=self._load, name="plots", daemon=True).start()

    def _load(self) -> None:
        importlib.import_module("datagen_app.preview.plots")  # and pyqtgraph with it
        self.loaded.emit()


class PlotsPanel(QWidget):
    """Show the distribution of the selected column, and how it goes over time or against another.

    Parameters
    ----------
    session
        The open document, its selection and its worker.
    theme
        Colours.
    """

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
        self._place = Place()
        self._figures: Figures | None = None
        self._pair: Pair | None = None
        self._trouble = ""
        self._filling = False
        self.bars: BarsPlot | None = None
        self.timeline: TimelinePlot
        self.heat: HeatPlot
        self.pair: PairPlot
        self.requests = Requests(session.client, "plots", self._wanted, self)
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._loader = _Loader(self)
        self._loader.loaded.connect(self._furnish)
        self._furnishing = QTimer(self)
        self._furnishing.setSingleShot(True)
        self._furnishing.timeout.connect(self._furnish)
        self._loading = False
        self._build()
        self._connect()
        self._open(session.document)

    @property
    def sentence(self) -> str:
        """What the plots show, in a sentence."""
        return self.words.text()

    # -- building -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.columns = Select(self._theme, "Column")
        self.against = Select(self._theme, "Against another column")
        self.number = Select(self._theme, "Rows that the plots are drawn from")
        for number in NUMBERS:
            self.number.addItem(f"{number:,} rows", number)
        self.number.setCurrentIndex(1)
        self.before = QCheckBox("Without modifiers")
        self.before.setChecked(True)
        self.before.setToolTip("Show the values as they were drawn, before the modifiers, over the others")
        self.picture = _button("Copy picture", "Copy the plots as a picture")
        self.data = _button("Copy data", "Copy the figures of the bars, to paste into a sheet")
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 12, 4)
        bar.setSpacing(8)
        for widget in (self.title, self.columns, self.against):
            bar.addWidget(widget)
        bar.addStretch(1)
        for button in (self.before, self.number, self.picture, self.data):
            bar.addWidget(button)
        self.words = QLabel()
        self.words.setProperty("class", "secondary")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setContentsMargins(12, 0, 12, 6)
        self.legend = QLabel()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setContentsMargins(12, 0, 12, 0)
        self.plots = QSplitter(Qt.Orientation.Horizontal)
        self.plots.setHandleWidth(1)
        self.plots.setChildrenCollapsible(False)
        self.nothing = QLabel()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setProperty("class", "secondary")
        self.nothing.setWordWrap(True)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.plots)
        self.pages.addWidget(self.nothing)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.words, 1)
        below.addWidget(self.legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        session = self._session
        session.opened.connect(self._open)
        session.changed.connect(self._follow)
        session.settled.connect(self.requests.settle)
        session.profile.changed.connect(self.requests.ask)
        session.selection.changed.connect(self._select)
        self.requests.arrived.connect(self._take)
        self.requests.missed.connect(self._miss)
        self.requests.updating.connect(self._tell)
        self.columns.currentIndexChanged.connect(self._choose)
        self.against.currentIndexChanged.connect(self._compare)
        self.number.currentIndexChanged.connect(self.requests.ask)
        self.before.toggled.connect(self._draw)
        self.picture.clicked.connect(self.copy_picture)
        self.data.clicked.connect(self.copy_data)
        self._theme.changed.connect(self._tell)

    def _furnish(self) -> None:
        """Make the plots, one at a time, so that the window never waits for all of them: pyqtgraph is there."""
        from datagen_app.preview.plots import BarsPlot, HeatPlot, PairPlot, TimelinePlot

        made = self.plots.count()
        kinds = (BarsPlot, TimelinePlot, HeatPlot, PairPlot)
        plot = kinds[made](self._theme)
        self.plots.addWidget(plot)
        self.plots.setStretchFactor(made, 3 if made == 0 else 2)
        if made + 1 < len(kinds):
            self._furnishing.start()
            return
        bars, self.timeline, self.heat, self.pair = (self.plots.widget(at) for at in range(len(kinds)))  # type: ignore[assignment]  # as they were just put there
        self.bars = bars  # type: ignore[assignment]  # see above
        self.plots.setSizes([600, 400, 400, 400])
        self._draw()

    # -- asking -------------------------------------------------------------------------------------------

    def _shown(self) -> tuple[Table | None, Column | None]:
        document = self._session.document
        return document.resolve(self._place) if document else (None, None)

    def _wanted(self) -> tuple[int, dict[str, Any]] | None:
        document = self._session.document
        table, column = self._shown()
        if document is None or table is None or not self.isVisible():
            return None
        details = {
            "table": table.id,
            "column": column.name if column else "",
            "other": str(self.against.currentData() or "") if column else "",
            "rows": int(self.number.currentData()),
            "seed": self._session.profile.seed,
            "scale": self._session.profile.scale,
        }
        return document.revision, details

    def _open(self, document: Document | None) -> None:
        self.requests.forget()
        self._figures, self._pair, self._trouble = None, None, ""
        self._place = Place()
        if document is not None:
            self._select(self._session.selection.place)
        self._fill()
        self._draw()

    def _select(self, place: Place) -> None:
        if not place or place == self._place:
            return
        self._place = place
        self._figures, self._pair, self._trouble = None, None, ""
        self._fill()
        self.requests.ask()
        self._draw()

    def _follow(self, change: Change) -> None:
        if change.paths and all(path[:1] == ("metadata",) for path in change.paths):
            return  # nothing that is drawn has changed
        if self._shown()[0] is None:
            self._place = Place()
        self._fill()
        self.requests.follow(change)

    def _fill(self) -> None:
        """List the columns of the table."""
        table, column = self._shown()
        self._filling = True
        self.title.setText(table.id if table else "")
        other = self.against.currentData()
        for box in (self.columns, self.against):
            box.clear()
        self.columns.addItem("The table's rows", "")
        self.against.addItem("Over time", "")
        for each in table.columns if table else ():
            self.columns.addItem(each.name, each.name)
            if column is None or each.name != column.name:
                self.against.addItem(f"Against {each.name}", each.name)
        self.columns.setCurrentIndex(max(0, self.columns.findData(column.name if column else "")))
        self.against.setCurrentIndex(max(0, self.against.findData(other)))
        self.columns.setEnabled(table is not None)
        self.against.setEnabled(column is not None)
        self._filling = False

    def _choose(self) -> None:
        document = self._session.document
        table, _ = self._shown()
        if self._filling or document is None or table is None:
            return
        self._session.selection.select(document.place_of(table.id, self.columns.currentData() or None))

    def _compare(self) -> None:
        if not self._filling:
            self._pair = None
            self.requests.ask()
            self._draw()

    # -- showing ------------------------------------------------------------------------------------------

    def _take(self, answer: Mapping[str, Any]) -> None:
        figures, pair = answer.get("figures"), answer.get("pair")
        self._figures = None if figures is None else Figures.from_json(figures)
        self._pair = None if pair is None else Pair(**pair)
        self._trouble = ""
        self._draw()

    def _miss(self, why: str) -> None:
        self._trouble = why
        self._draw()

    def _draw(self) -> None:
        if self.bars is not None:
            figures, pair = self._figures, self._pair
            self.bars.show_figures(figures, before=self.before.isChecked())
            timeline = figures.timeline if figures is not None and pair is None else None
            self.timeline.show_timeline(timeline)
            self.timeline.setVisible(timeline is not None)
            heat = timeline.heat if timeline is not None else ()
            self.heat.show_heat(heat)
            self.heat.setVisible(bool(heat))
            self.pair.show_pair(pair)
            self.pair.setVisible(pair is not None)
        self._tell()

    def _tell(self) -> None:
        figures = self._figures
        table, column = self._shown()
        nothing = self._why_nothing(table, column)
        self.nothing.setText(nothing)
        self.pages.setCurrentWidget(self.nothing if nothing else self.plots)
        said = [] if figures is None or nothing else [sentence(figures)]
        said += [pair_sentence(self._pair)] if self._pair is not None and not nothing else []
        if self._trouble and not nothing:
            said.append(f"Not of the present document: {self._trouble}")
        elif self.requests.late and not nothing:
            said.append("Updating…")
        self.words.setText(" ".join(said))
        self.plots.setAccessibleDescription(self.words.text())
        self.legend.setText("" if nothing or figures is None else self._legend(figures))
        self.before.setEnabled(bool(figures and figures.bars and figures.bars.before))
        for button in (self.picture, self.data):
            button.setEnabled(not nothing)

    def _why_nothing(self, table: Table | None, column: Column | None) -> str:
        if table is None:
            return "Select a table or a column to see its distribution."
        if self._figures is not None and self._figures.bars is not None and self.bars is not None:
            if self._pair is None and is_text(self._figures):
                some = ", ".join(self._figures.bars.labels[:4])
                return f"{sentence(self._figures)}\nSuch as {some}."
            return ""
        if self._trouble:
            return self._trouble
        if self.requests.late or (self.bars is None and self._loading):
            return "Drawing…"
        if column is None and self._figures is None:
            return f"Select a column of {table.id}: the table has no parents whose children could be counted."
        return "There are no values to show."

    def _legend(self, figures: Figures) -> str:
        palette = self._theme.palette
        found = [(palette.accent, "■", "drawn")]
        if figures.bars is not None and figures.bars.before and self.before.isChecked():
            found.append((palette.fact, "╌", "without modifiers"))
        if figures.law and figures.bars is not None and figures.bars.declared:
            found.append((palette.text, "─", f"declared {figures.law}"))
        if figures.timeline is not None and self._pair is None:
            found.append((palette.fact, "╌", "trend"))
        ink = palette.secondary
        parts = [
            f"<span style='color:{colour}'>{sign}</span> <span style='color:{ink}'>{word}</span>"
            for colour, sign, word in found
        ]
        return "&nbsp;&nbsp; ".join(parts)

    # -- taking along -------------------------------------------------------------------------------------

    def copy_picture(self) -> None:
        """Copy the plots as a picture."""
        QGuiApplication.clipboard().setPixmap(self.plots.grab())

    def copy_data(self) -> None:
        """Copy the figures of the bars as a table, its cells parted by tabs."""
        if self._figures is not None:
            rows = rows_of_data(self._figures)
            QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))

    def showEvent(self, event: QShowEvent) -> None:
        """Load what draws the plots, and ask for what was not asked while nobody looked."""
        super().showEvent(event)
        if not self._loading:
            self._loading = True
            self._loader.start()
        self.requests.ask()
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Take over another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.bars is not None:
            self._draw()


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    return button
