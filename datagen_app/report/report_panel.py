"""The report on a run: its scores, what is shown of its checks, and the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.words import counted
from datagen_app.preview.select import Select
from datagen_app.report.checks_model import GROUPINGS, ChecksModel, Chosen, Grouping, Line, sign_of
from datagen_app.shell.fonts import figures, secondary, strong
from datagen_app.shell.signs import paint_sign
from datagen_app.shell.theme import Theme

__all__ = ["ReportPanel", "score_text"]

Index = QModelIndex | QPersistentModelIndex

_CHOICES: dict[Chosen, str] = {
    "look": "Needs a look",
    "all": "All",
    "structural": "Structural",
    "value": "Value",
    "behavioural": "Behavioural",
}
_GROUPED: dict[Grouping, str] = {
    "table": "By table",
    "category": "By category",
    "status": "By status",
    "none": "Not grouped",
}


def score_text(score: object) -> str:
    """Return a score, 0–100, rounded so that only a whole one reads 100.

    >>> score_text(100.0), score_text(99.996), score_text(None)
    ('100', '99.9', '–')
    """
    if not isinstance(score, int | float):
        return "–"
    return "100" if score == 100 else f"{min(99.9, round(score, 1)):.1f}"


class ReportPanel(QWidget):
    """Show a report.

    Signals
    -------
    chosen
        The number of the check that is selected; -1: none.
    validate
        A validation is asked for.
    stop
        The one that is going on is to stop.
    save
        The report is to be saved.
    """

    chosen = Signal(int)
    validate = Signal()
    stop = Signal()
    save = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._busy = False
        self.checks = ChecksModel(self)
        self.setProperty("class", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        self.show_report(None)

    # What it looks like

    def _build(self) -> None:
        self.cards = [_Card(name) for name in ("Quality", "Integrity", "Behaviour")]
        scores = QHBoxLayout()
        scores.setSpacing(8)
        for card in self.cards:
            scores.addWidget(card, 1)
        self.choices = QButtonGroup(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter checks")
        self.search.setAccessibleName("Filter checks")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.grouping = Select(self._theme, "How checks are grouped")
        self.grouping.addItems([_GROUPED[one] for one in GROUPINGS])
        self.grouping.currentIndexChanged.connect(self._group)
        asks = QHBoxLayout()
        asks.setSpacing(8)
        self.buttons: dict[Chosen, QPushButton] = {}
        for chosen, words in _CHOICES.items():
            button = QPushButton(words)
            button.setCheckable(True)
            button.setProperty("class", "chip")
            button.clicked.connect(partial(self.choose, chosen))
            self.choices.addButton(button)
            self.buttons[chosen] = button
            asks.addWidget(button)
        asks.addStretch(1)
        asks.addWidget(self.search, 1)
        self.search.setMinimumWidth(6 * self.fontMetrics().height())
        self.search.setMaximumWidth(14 * self.fontMetrics().height())
        self.list = _Checks(self.checks, self._theme)
        self.list.picked.connect(self.chosen)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("class", "secondary")
        self.note.setFont(secondary(self.font()))
        self.again, self.save_as, self.halt = (
            QPushButton("Validate"),
            QPushButton("Save…"),
            QPushButton("Stop"),
        )
        self.again.clicked.connect(self.validate)
        self.save_as.clicked.connect(self.save)
        self.halt.clicked.connect(self.stop)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.note, 1)
        line.addWidget(self.halt)
        line.addWidget(self.grouping)
        line.addWidget(self.again)
        line.addWidget(self.save_as)
        self.nothing = QLabel()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("class", "secondary")
        self.head = QWidget()
        top = QVBoxLayout(self.head)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(12)
        top.addLayout(scores)
        top.addLayout(asks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 0)
        layout.setSpacing(12)
        layout.addLayout(line)
        layout.addWidget(self.head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)

    # What is shown

    def show_report(
        self,
        report: Mapping[str, Any] | None,
        tables: Sequence[str] = (),
        before: Mapping[str, Any] | None = None,
    ) -> None:
        """Show a report.

        Parameters
        ----------
        report
            Its scores and a line for each check; None where there is none.
        tables
            In the order in which groups stand.
        before
            The scores of an earlier run: `name`, `quality`.
        """
        there = report is not None
        for widget in (self.head, self.list, self.grouping):
            widget.setVisible(there)
        self.nothing.setVisible(not there)
        self.save_as.setEnabled(there)
        self.again.setText("Validate again" if there else "Validate")
        if report is None:
            self.checks.set_lines([])
            self.nothing.setText(
                "This run has not been judged yet.\nValidate it to see whether it holds what its schema asks."
            )
            self.show_busy(None)
            self.note.setText("")
            self.chosen.emit(-1)
            return
        self.checks.set_lines(report["lines"], tables)
        self._show_scores(report["scores"], before or {})
        needy = sum(line.needs_a_look for line in self.checks.lines)
        counts: dict[Chosen, int] = {"look": needy, "all": len(self.checks.lines)}
        for category in ("structural", "value", "behavioural"):
            counts[category] = sum(line.category == category for line in self.checks.lines)
        for chosen, button in self.buttons.items():
            button.setText(f"{_CHOICES[chosen]}  {counts[chosen]:,}")
        sample = f" of {report['sample']:,} rows a table" if report.get("sample") else ""
        seconds = float(report.get("seconds") or 0.0)
        said = f"Judged in {seconds:.1f} s{sample} · {counted(len(self.checks.lines), 'check')}"
        self.note.setText(f"{said} · {report['note']}" if report.get("note") else said)
        self.choose("look" if needy else "all")
        first = next((line.number for line in self.checks.lines if line.needs_a_look), None)
        if first is not None:
            self.select(first)

    def _show_scores(self, scores: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        quality, integrity, behaviour = self.cards
        now, was = scores.get("quality_score"), before.get("quality")
        words = f"{counted(scores.get('checks') or 0, 'check')}, {scores.get('fail') or 0:,} failed"
        if isinstance(now, int | float) and isinstance(was, int | float):
            change = round(now - was, 1)
            words = f"{'as' if not change else f'{change:+.1f} since'} {before.get('name', '')}"
        quality.show_score(now, words)
        categories = scores.get("categories") or {}
        solid = [categories.get(name) or {} for name in ("structural", "value")]
        passed = sum(one.get("pass") or 0 for one in solid)
        run = sum((one.get("pass") or 0) + (one.get("fail") or 0) + (one.get("error") or 0) for one in solid)
        integrity.show_score(scores.get("integrity"), f"{passed:,} of {run:,} structural and value checks")
        loose = categories.get("behavioural") or {}
        judged = (loose.get("pass") or 0) + (loose.get("fail") or 0)
        behaviour.show_score(
            scores.get("behaviour"), f"{loose.get('pass') or 0:,} of {judged:,} within tolerance"
        )

    def show_busy(self, words: str | None) -> None:
        """Show that a validation is going on, and how far it is; None: none is."""
        busy = words is not None
        if words is not None:
            self.note.setText(words)
        self.halt.setVisible(busy)
        self.again.setVisible(not busy)
        self._busy = busy

    def choose(self, chosen: Chosen, checked: bool = True) -> None:
        """Show those that need a look, all, or those of a category."""
        self.buttons[chosen].setChecked(True)
        self.checks.choose(chosen)

    def select(self, number: int) -> None:
        """Select a check."""
        row = self.checks.row_of(number)
        if row is None:
            self.choose("all")
            self.search.clear()
            row = self.checks.row_of(number)
        if row is not None:
            self.list.setCurrentIndex(self.checks.index(row, 1))

    def _search(self, text: str) -> None:
        self.checks.search(text)

    def _group(self, at: int) -> None:
        self.checks.group(GROUPINGS[at])


class _Card(QFrame):
    """A score."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.name, self.score, self.words = QLabel(name), QLabel("–"), QLabel()
        for label in (self.name, self.words):
            label.setFont(secondary(self.font()))
            label.setProperty("class", "secondary")
        large = figures(strong(self.font()))
        large.setPointSizeF(2.0 * large.pointSizeF())
        self.score.setFont(large)
        self.words.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(0)
        for label in (self.name, self.score, self.words):
            column.addWidget(label)

    def show_score(self, score: object, words: str) -> None:
        """Show a score, 0–100, and what it stands on."""
        self.score.setText(score_text(score))
        self.words.setText(words)
        self.words.setToolTip(words)
        self.setAccessibleName(f"{self.name.text()} {self.score.text()}: {words}")


class _Checks(QTableView):
    """List the checks."""

    picked = Signal(int)

    def __init__(self, model: ChecksModel, theme: Theme) -> None:
        super().__init__()
        self._checks = model
        self._wanted: int | None = None
        self.setModel(model)
        self.setItemDelegate(_Cells(model, theme, self))
        self.setAccessibleName("Checks")
        self.setFont(figures(self.font()))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(8)
        line = self.fontMetrics().height()
        rows.setDefaultSectionSize(line + 10)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._order)
        header.setMinimumSectionSize(2 * line)
        for at, width in enumerate((2.2, 12, 9, 8, 9.5, 5, 4.2)):
            self.setColumnWidth(at, round(width * line))
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for at in (2, 3, 4):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._come_back)
        theme.changed.connect(self.viewport().update)

    def currentChanged(self, now: Index, before: Index) -> None:
        """Tell which check is selected."""
        super().currentChanged(now, before)
        line = self._checks.line(now.row()) if now.isValid() else None
        if line is not None:
            self.picked.emit(line.number)

    def _order(self, column: int, order: Qt.SortOrder) -> None:
        self._checks.sort(column, order)

    def _remember(self) -> None:
        line = self._checks.line(self.currentIndex().row())
        self._wanted = line.number if line else self._wanted

    def _come_back(self) -> None:
        row = self._checks.row_of(self._wanted) if self._wanted is not None else None
        if row is not None:
            self.setCurrentIndex(self._checks.index(row, 1))


class _Cells(QStyledItemDelegate):
    """Paint a check's sign and texts, and the headings of groups across all columns."""

    def __init__(self, model: ChecksModel, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._theme = model, theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        area = QRect(option.rect)
        line = self._model.line(index.row())
        painter.save()
        painter.setClipRect(area)
        if line is None:
            self._heading(painter, option, index, area)
        else:
            self._cell(painter, option, index, area, line)
        painter.restore()

    def _heading(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect) -> None:
        painter.fillRect(area, self._theme.colour("hover"))
        view = self.parent()
        assert isinstance(view, QTableView)  # whose delegate this is
        left = -view.horizontalHeader().offset() + 12
        painter.setFont(strong(option.font))
        painter.setPen(self._theme.colour("text"))
        where = QRect(left, area.top(), view.viewport().width(), area.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, self._model.heading(index.row()))

    def _cell(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, area: QRect, line: Line
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, self._theme.colour("selected" if selected else "surface"))
        painter.setPen(self._theme.colour("grid"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if index.column() == 0:
            side = round(option.fontMetrics.height() * 0.9)
            where = QRectF(area.center().x() - side / 2 + 2, area.center().y() - side / 2, side, side)
            sign = sign_of(line.status, line.severity)
            if sign is not None:
                paint_sign(painter, sign, where, self._theme.palette)
            else:
                painter.setPen(self._theme.colour("secondary"))
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, "–")
            return
        painter.setFont(option.font)
        painter.setPen(self._theme.colour("text" if line.status != "skipped" else "secondary"))
        inner = area.adjusted(8, 0, -8, 0)
        right = index.column() in ChecksModel.RIGHT
        side_ = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text = option.fontMetrics.elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, side_ | Qt.AlignmentFlag.AlignVCenter, text)
