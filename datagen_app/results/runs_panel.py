"""The runs and the tables of the one that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.canvas.shapes import emblem
from datagen_app.document.words import approximately, counted
from datagen_app.generation.runs import Runs
from datagen_app.generation.store import RunRecord
from datagen_app.report.report_panel import score_text
from datagen_app.shell.fonts import figures, secondary, strong
from datagen_app.shell.icons import icon
from datagen_app.shell.signs import Sign, paint_sign
from datagen_app.shell.theme import Theme

__all__ = ["RunsPanel", "about_run", "when"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ABOUT, _SIGN, _SHARE, _KIND = (Qt.ItemDataRole.UserRole + at for at in range(4))


def when(started: str, now: datetime) -> str:
    """Return when a run was started, as a person says it.

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 5, 15, tzinfo=UTC)
    >>> when("2026-03-05T09:00:00Z", now)[:5], when("2026-03-04T09:00:00Z", now)[:9], when("", now)
    ('today', 'yesterday', '')
    """
    try:
        at = datetime.fromisoformat(started).astimezone(now.tzinfo)
    except ValueError:
        return ""
    if at.date() == now.date():
        return f"today {at:%H:%M}"
    if at.date() == (now - timedelta(days=1)).date():
        return f"yesterday {at:%H:%M}"
    return f"{at.day} {at:%b %Y}"


def about_run(record: RunRecord, now: datetime) -> str:
    """Return what a list says of a run below its name.

    Examples
    --------
    >>> from datetime import UTC
    >>> record = RunRecord("a", "/data/shop-1", "shop.json", state="done", rows=741402, seconds=0.62, quality=98.6)
    >>> about_run(record, datetime(2026, 3, 5, tzinfo=UTC))
    'score 98.6 · 741,402 rows · 0.6 s · seed 42 · its files are gone'
    """
    parts = [when(record.started, now)]
    if record.state == "stopped":
        share = f" at {100 * record.rows / record.total:.0f} %" if record.total else ""
        parts.append(f"stopped{share}")
    elif record.state == "failed":
        parts.append("failed")
    elif record.state == "running":
        parts.append("running")
    else:
        if record.quality is not None:
            parts.append(f"score {score_text(record.quality)}")
        if record.rows:
            many = counted(record.rows, "row") if record.rows < 1e6 else f"{approximately(record.rows)} rows"
            parts.append(many)
        if record.seconds:
            parts.append(
                f"{record.seconds:.1f} s" if record.seconds < 100 else f"{record.seconds / 60:.0f} min"
            )
    parts.append(f"seed {record.seed}")
    if record.scale != 1.0:
        parts.append(f"scale {record.scale:g}")
    if not record.there and record.state != "running":
        parts.append("its files are gone")
    return " · ".join(part for part in parts if part)


class RunsPanel(QWidget):
    """Choose a run, and a table of it.

    Signals
    -------
    run_chosen
        The id of a run.
    table_chosen
        The name of a table.
    asked
        A menu for a run is asked for: its id, where on the screen.
    open_folder
        A folder is to be taken up.
    compare, elsewhere
        What the links below the tables say.
    """

    run_chosen = Signal(str)
    table_chosen = Signal(str)
    asked = Signal(str, QPoint)
    open_folder = Signal()
    compare = Signal()
    elsewhere = Signal()

    def __init__(
        self, runs: Runs, theme: Theme, clock: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._runs, self._theme = runs, theme
        self._marking = False
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.runs_model, self.tables_model = _RunsModel(runs, clock, self), _TablesModel(self)
        self.runs_list = _List(self.runs_model, "Runs")
        self.runs_list.setItemDelegate(_RunCells(theme, self.runs_list))
        self.tables_list = _List(self.tables_model, "Tables of the run")
        self.tables_list.setItemDelegate(_TableCells(theme, self.tables_list))
        self.tables_title = self._heading("Tables")
        self.open_button = QToolButton()
        self.open_button.setToolTip("Open a folder of data: an earlier run, or any folder of tables")
        self.open_button.setAccessibleName("Open a folder of data")
        self.open_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.open_button.clicked.connect(self.open_folder)
        self.none = QLabel("No runs yet.\nGenerate one, or open a folder of data.")
        self.none.setWordWrap(True)
        self.none.setProperty("class", "secondary")
        self.none.setContentsMargins(12, 4, 12, 8)
        self.compare_link, self.elsewhere_link = QPushButton("Compare…"), QPushButton("Use it elsewhere…")
        for link, signal in ((self.compare_link, self.compare), (self.elsewhere_link, self.elsewhere)):
            link.setProperty("class", "link")
            link.clicked.connect(signal)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.addWidget(self._heading("Runs"), 1)
        head.addWidget(self.open_button)
        links = QVBoxLayout()
        links.setContentsMargins(12, 8, 12, 12)
        links.setSpacing(8)
        for link in (self.compare_link, self.elsewhere_link):
            links.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.none)
        column.addWidget(self.runs_list)
        column.addWidget(self.tables_title)
        column.addWidget(self.tables_list, 1)
        column.addLayout(links)
        self.setFocusProxy(self.runs_list)
        self.runs_list.selectionModel().currentChanged.connect(self._choose_run)
        self.tables_list.selectionModel().currentChanged.connect(self._choose_table)
        self.tables_list.clicked.connect(self._choose_again)
        self.runs_list.customContextMenuRequested.connect(self._ask)
        runs.changed.connect(self.refresh)
        runs.progressed.connect(self._progress)
        theme.changed.connect(self._colour)
        self._colour()
        self.refresh()
        self.show_tables([], "")

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words.upper())
        label.setFont(secondary(self.font()))
        label.setProperty("class", "secondary")
        label.setContentsMargins(12, 8, 12, 6)
        return label

    def refresh(self) -> None:
        """Look again which runs there are; the chosen one stays chosen."""
        chosen = self.chosen
        self.runs_model.refresh()
        self.none.setVisible(not self.runs_model.records)
        self.runs_list.setVisible(bool(self.runs_model.records))
        if chosen:
            self.choose(chosen)
        self._fit()

    def _fit(self) -> None:
        """Let the list of runs be as high as its runs, up to a third of the panel; the tables have the rest."""
        rows = self.runs_model.rowCount()
        high = self.runs_list.sizeHintForRow(0) * rows + 4 if rows else 0
        self.runs_list.setFixedHeight(
            max(0, min(high, max(self.height() // 3, self.runs_list.sizeHintForRow(0))))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the height anew."""
        super().resizeEvent(event)
        self._fit()

    @property
    def chosen(self) -> str:
        """The id of the run that is chosen; nothing where none is."""
        return self.runs_model.id_at(self.runs_list.currentIndex().row())

    def choose(self, id_: str) -> None:
        """Choose a run."""
        row = self.runs_model.row_of(id_)
        if row is not None and row != self.runs_list.currentIndex().row():
            self.runs_list.setCurrentIndex(self.runs_model.index(row))

    def show_tables(self, tables: Sequence[Mapping[str, Any]], run: str) -> None:
        """List the tables of a run."""
        self.tables_model.set_tables(tables)
        self.tables_title.setText(f"TABLES OF {run.upper()}" if run else "TABLES")
        for widget in (self.tables_title, self.elsewhere_link):
            widget.setVisible(bool(tables))
        self.compare_link.setVisible(len(self.runs_model.records) > 1)

    def choose_table(self, name: str) -> None:
        """Choose a table."""
        row = self.tables_model.row_of(name)
        if row is not None and row != self.tables_list.currentIndex().row():
            self.tables_list.setCurrentIndex(self.tables_model.index(row))

    def mark_table(self, name: str) -> None:
        """Mark a table as the one that is shown, without choosing it."""
        self._marking = True
        self.choose_table(name)
        self._marking = False

    def _progress(self) -> None:
        self.runs_model.progress()

    def _choose_run(self, now: QModelIndex, before: QModelIndex) -> None:
        if id_ := self.runs_model.id_at(now.row()):
            self.run_chosen.emit(id_)

    def _choose_table(self, now: QModelIndex, before: QModelIndex) -> None:
        name = self.tables_model.name_at(now.row())
        if name and not self._marking:
            self.table_chosen.emit(name)

    def _choose_again(self, index: QModelIndex) -> None:
        self._choose_table(index, index)

    def _ask(self, where: QPoint) -> None:
        index = self.runs_list.indexAt(where)
        if index.isValid():
            self.asked.emit(self.runs_model.id_at(index.row()), self.runs_list.viewport().mapToGlobal(where))

    def _colour(self) -> None:
        self.open_button.setIcon(icon("folder-open", self._theme.palette, "secondary"))


class _List(QListView):
    def __init__(self, model: QAbstractListModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)


class _RunsModel(QAbstractListModel):
    def __init__(self, runs: Runs, clock: Callable[[], datetime], parent: QObject) -> None:
        super().__init__(parent)
        self._runs, self._clock = runs, clock
        self.records: list[RunRecord] = []

    def refresh(self) -> None:
        now = list(self._runs.records)
        if [one.id for one in now] != [one.id for one in self.records]:
            self.beginResetModel()
            self.records = now
            self.endResetModel()
        else:
            self.records = now
            self.progress()

    def progress(self) -> None:
        if self.records:
            self.dataChanged.emit(self.index(0), self.index(len(self.records) - 1))

    def id_at(self, row: int) -> str:
        return self.records[row].id if 0 <= row < len(self.records) else ""

    def row_of(self, id_: str) -> int | None:
        return next((at for at, record in enumerate(self.records) if record.id == id_), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.records)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record = self.records[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return record.name
        if role == _ABOUT:
            return self._about(record)
        if role == _SIGN:
            signs: dict[str, Sign] = {"failed": "error", "stopped": "warning"}
            return signs.get(record.state)
        if role == _SHARE:
            job = self._runs.job if self._is(record, self._runs.running) else None
            job = job or (self._runs.validation if self._is(record, self._runs.judging) else None)
            return None if job is None else job.progress.done / max(1, job.progress.total)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{record.folder}\n{record.message}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{record.name}, {self._about(record)}"
        return None

    def _about(self, record: RunRecord) -> str:
        job = self._runs.job
        if self._is(record, self._runs.running) and job is not None:
            at = job.progress
            if job.stopping:
                return "stopping…"
            left = at.seconds_left
            rest = f" · {left:.0f} s left" if left is not None else ""
            return (
                f"{approximately(at.done)} of {approximately(at.total)} rows{rest}"
                if at.total
                else "starting…"
            )
        if self._is(record, self._runs.judging) and self._runs.validation is not None:
            at = self._runs.validation.progress
            return f"validating, {100 * at.done / max(1, at.total):.0f} %"
        return about_run(record, self._clock())

    def _is(self, record: RunRecord, other: RunRecord | None) -> bool:
        return other is not None and other.id == record.id


class _TablesModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tables: list[Mapping[str, Any]] = []

    def set_tables(self, tables: Sequence[Mapping[str, Any]]) -> None:
        self.beginResetModel()
        self._tables = list(tables)
        self.endResetModel()

    def name_at(self, row: int) -> str:
        return str(self._tables[row]["name"]) if 0 <= row < len(self._tables) else ""

    def row_of(self, name: str) -> int | None:
        return next((at for at, table in enumerate(self._tables) if table["name"] == name), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._tables)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        table = self._tables[index.row()]
        rows, trouble = table["rows"], table["trouble"]
        if role == Qt.ItemDataRole.DisplayRole:
            return table["name"]
        if role == _ABOUT:
            return "damaged" if trouble else "" if rows is None else f"{rows:,}"
        if role == _SIGN:
            return "error" if trouble else None
        if role == _KIND:
            return table["kind"]
        if role == Qt.ItemDataRole.ToolTipRole:
            return trouble or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{table['name']}, {self.data(index, _ABOUT)}"
        return None


class _RunCells(QStyledItemDelegate):
    """Paint a run: its name, what there is to say of it, and how far it is."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Leave room for two lines."""
        return QSize(100, round(2.35 * option.fontMetrics.height()) + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a run."""
        area = _ground(painter, option, self._theme)
        height = option.fontMetrics.height()
        inner = area.adjusted(12, 5, -12, -5)
        sign = index.data(_SIGN)
        if sign is not None:
            where = QRectF(inner.right() - height, inner.top() + 1, height * 0.9, height * 0.9)
            paint_sign(painter, sign, where, self._theme.palette)
        painter.setFont(strong(option.font))
        painter.setPen(self._theme.colour("text"))
        name_room = inner.width() - (height + 6 if sign is not None else 0)
        name = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, name_room)
        painter.drawText(
            QRect(inner.left(), inner.top(), name_room, height + 2), Qt.AlignmentFlag.AlignVCenter, name
        )
        painter.setFont(figures(secondary(option.font)))
        painter.setPen(self._theme.colour("secondary"))
        below = QRect(inner.left(), inner.top() + height + 3, inner.width(), height)
        about = painter.fontMetrics().elidedText(
            str(index.data(_ABOUT)), Qt.TextElideMode.ElideRight, below.width()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, about)
        share = index.data(_SHARE)
        if share is not None:
            groove = QRectF(inner.left(), area.bottom() - 4, inner.width(), 3)
            painter.fillRect(groove, self._theme.colour("border"))
            groove.setWidth(groove.width() * min(1.0, float(share)))
            painter.fillRect(groove, self._theme.colour("accent"))


class _TableCells(QStyledItemDelegate):
    """Paint a table: its emblem, its name, its rows."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Leave room around the text."""
        return QSize(100, option.fontMetrics.height() + 9)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a table."""
        area = _ground(painter, option, self._theme)
        inner = area.adjusted(12, 0, -12, 0)
        kind, side = str(index.data(_KIND) or ""), round(option.fontMetrics.height() * 0.7)
        where = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(_SIGN) is not None:
            paint_sign(painter, "error", where, self._theme.palette)
        else:
            painter.fillPath(emblem(kind, where), self._theme.colour(kind or "secondary"))
        painter.setFont(figures(secondary(option.font)))
        painter.setPen(self._theme.colour("secondary"))
        rows = str(index.data(_ABOUT))
        wide = painter.fontMetrics().horizontalAdvance(rows)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, rows)
        painter.setFont(option.font)
        painter.setPen(self._theme.colour("text"))
        name = inner.adjusted(side + 8, 0, -wide - 8, 0)
        fits = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, fits)


def _ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> QRect:
    area = QRect(option.rect)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(area, theme.colour("selected"))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, theme.colour("hover"))
    return area
