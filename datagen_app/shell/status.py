"""The line at the bottom of the window: how large the dataset is, what is wrong with it, and the zoom."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from datagen_app.document.problem import worst
from datagen_app.document.words import approximately, counted
from datagen_app.shell.fonts import secondary
from datagen_app.shell.problems import VERDICTS
from datagen_app.shell.session import Session
from datagen_app.shell.signs import SEVERITIES, Sign, sign_icon
from datagen_app.shell.theme import Theme

__all__ = ["StatusLine", "rows_in_all"]

_SAID = 6_000
"""Milliseconds that a line about what was done is shown."""


class StatusLine(QStatusBar):
    """Show facts about the whole document.

    Parameters
    ----------
    session
        The open document.
    theme
        Colours.

    Signals
    -------
    asked_for_problems
        The problems were clicked.
    asked_for_full_size
        The zoom was clicked.
    """

    asked_for_problems = Signal()
    asked_for_full_size = Signal()

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theme = session, theme
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
        session.opened.connect(self._show_size)
        session.drawn.connect(self._show_size)
        session.counted.connect(self._show_size)
        session.checked.connect(self._show_problems)
        session.settled.connect(self._settle)

    def say(self, what: str) -> None:
        """Show for a while what was done."""
        self.showMessage(what, _SAID)

    def show_zoom(self, zoom: float) -> None:
        """Show how large the diagram is drawn."""
        self.zoom.setText(f"{100 * zoom:.0f} %")
        self.zoom.setAccessibleName(f"Zoom, {100 * zoom:.0f} %")

    def _show_size(self) -> None:
        document = self._session.document
        if document is None:
            return
        known = self._session.knowledge
        columns = sum(len(table.places) for table in document.tables)
        parts = (counted(len(document.tables), "table"), counted(columns, "column"))
        self.parts.setText(" · ".join((*parts, counted(len(known.links), "reference"))))
        counting = "Counting rows…" if self._session.busy else ""
        self.rows.setText(rows_in_all(known.counts) if known.counts else counting)

    def _show_problems(self) -> None:
        """Show how many problems there are; without any, a schema is in order only once it was checked."""
        problems, verdict = (
            [problem for _, problem in self._session.knowledge.problems],
            self._session.verdict,
        )
        counts = {each: sum(problem.severity == each for problem in problems) for each in SEVERITIES}
        said = [counted(count, severity) for severity, count in counts.items() if count]
        self.problems.setText(" · ".join(said) or VERDICTS[verdict])
        self._sign = worst(problems) or ("ok" if verdict == "checked" else None)
        self._colour()

    def _settle(self) -> None:
        self._show_size()
        if self._session.verdict == "unchecked":
            self._show_problems()

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
