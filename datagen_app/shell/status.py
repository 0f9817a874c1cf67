"""The line at the bottom of the window: how large the dataset is, what is wrong with it, and the zoom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from datagen_app.document.document import Document
from datagen_app.document.problem import Problem, worst
from datagen_app.document.words import approximately, counted
from datagen_app.shell.fonts import secondary
from datagen_app.shell.problems import VERDICTS, Verdict
from datagen_app.shell.signs import SEVERITIES, Sign, sign_icon
from datagen_app.shell.theme import Theme

__all__ = ["StatusLine", "rows_in_all"]


class StatusLine(QStatusBar):
    """Show facts about the whole document.

    Signals
    -------
    asked_for_problems
        The problems were clicked.
    asked_for_full_size
        The zoom was clicked.
    """

    asked_for_problems = Signal()
    asked_for_full_size = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign: Sign | None = None
        self.setSizeGripEnabled(False)
        self.rows, self.parts = QLabel(), QLabel()
        self.problems, self.zoom = QToolButton(), QToolButton()
        for widget in (self.rows, self.parts, self.problems, self.zoom):
            widget.setFont(secondary(self.font()))
        for label in (self.rows, self.parts):
            label.setProperty("class", "secondary")
            label.setContentsMargins(12, 0, 8, 0)
            self.addWidget(label)
        for button in (self.problems, self.zoom):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.addPermanentWidget(button)
        self.problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems.setToolTip("Show or hide the list of problems")
        self.zoom.setToolTip("Zoom to 100 %")
        self.problems.clicked.connect(self.asked_for_problems)
        self.zoom.clicked.connect(self.asked_for_full_size)
        theme.changed.connect(self._colour)

    def show_size(
        self, document: Document, references: int, rows: Mapping[str, tuple[int, bool]], *, busy: bool
    ) -> None:
        """Show how large a document is.

        Parameters
        ----------
        document
            The document.
        references
            How many there are in it.
        rows
            Of each table, and whether that is exact; empty while nothing is known.
        busy
            Whether more is to be known soon.
        """
        columns = sum(len(table.places) for table in document.tables)
        parts = (counted(len(document.tables), "table"), counted(columns, "column"))
        self.parts.setText(" · ".join((*parts, counted(references, "reference"))))
        self.rows.setText(rows_in_all(rows) if rows else "Counting rows…" if busy else "")

    def show_problems(self, problems: Sequence[Problem], verdict: Verdict) -> None:
        """Show how many problems there are; without any, a schema is in order only once it was checked."""
        counts = {each: sum(problem.severity == each for problem in problems) for each in SEVERITIES}
        said = [counted(count, severity) for severity, count in counts.items() if count]
        self.problems.setText(" · ".join(said) or VERDICTS[verdict])
        self._sign = worst(problems) or ("ok" if verdict == "checked" else None)
        self._colour()

    def show_zoom(self, zoom: float) -> None:
        """Show how large the diagram is drawn."""
        self.zoom.setText(f"{100 * zoom:.0f} %")
        self.zoom.setAccessibleName(f"Zoom, {100 * zoom:.0f} %")

    def _colour(self) -> None:
        self.problems.setIcon(sign_icon(self._sign, self._theme.palette) if self._sign else QIcon())


def rows_in_all(rows: Mapping[str, tuple[int, bool]]) -> str:
    """Return the sum of rows, as exactly as it is known.

    Examples
    --------
    >>> rows_in_all({"order": (1_234, True), "item": (5, True)}), rows_in_all({"order": (12_345, False)})
    ('1,239 rows', '≈ 12.3 k rows')
    """
    total = sum(count for count, _ in rows.values())
    exact = all(sure for _, sure in rows.values())
    return counted(total, "row") if exact else f"≈ {approximately(total)} rows"
