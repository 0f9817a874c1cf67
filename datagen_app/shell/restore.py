"""The offer to restore what was not saved when the program ended: what it is, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from datagen_app.document.words import counted
from datagen_app.shell.fonts import secondary, strong

__all__ = ["RestoreCard", "RestoreDialog"]


class RestoreDialog(QDialog):
    """Show what a journal would bring back, beside the file as it is now.

    Parameters
    ----------
    found
        What the worker says of it: `recover`.
    parent
        The window that it is restored into.

    Signals
    -------
    restore
        The journal whose document is to be opened.
    forget
        The journal that is to be removed.
    """

    restore = Signal(Path)
    forget = Signal(Path)

    def __init__(self, found: Mapping[str, Any], parent: QWidget) -> None:
        super().__init__(parent)
        self._journal = Path(str(found["journal"]))
        self.setWindowTitle("Restore")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QLabel(f"{found['name']} was not closed properly")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setFont(strong(self.font()))
        reason = QLabel(_explained(found))
        reason.setTextFormat(Qt.TextFormat.PlainText)
        reason.setWordWrap(True)
        self.difference = QPlainTextEdit("\n".join(found["difference"]))
        self.difference.setReadOnly(True)
        self.difference.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.difference.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.difference.setAccessibleName("How it differs from the file as it is now")
        legend = QLabel("+ can be restored    - is in the file now")
        legend.setProperty("class", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for widget in (title, reason, legend):
            layout.addWidget(widget)
        layout.addWidget(self.difference, 1)
        layout.addLayout(self._buttons())
        line = self.fontMetrics().height()
        self.resize(46 * line, 30 * line)

    def _buttons(self) -> QHBoxLayout:
        self.take = QPushButton("Restore")
        self.take.setDefault(True)
        self.take.setProperty("class", "primary")
        self.take.clicked.connect(self._restore)
        self.later = QPushButton("Later")
        self.later.clicked.connect(self.reject)
        self.drop = QPushButton("Delete it")
        self.drop.setAutoDefault(False)
        self.drop.clicked.connect(self._forget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.drop)
        row.addStretch(1)
        row.addWidget(self.later)
        row.addWidget(self.take)
        return row

    def _restore(self) -> None:
        self.accept()
        self.restore.emit(self._journal)

    def _forget(self) -> None:
        self.accept()
        self.forget.emit(self._journal)


class RestoreCard(QFrame):
    """Offer a document to be restored, on the start page.

    Parameters
    ----------
    found
        What the worker says of it: `recover`.

    Signals
    -------
    looked
        The user wants to see what there is.
    """

    looked = Signal(object)

    def __init__(self, found: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.setProperty("class", "card")
        self.setProperty("journal", str(found["journal"]))
        title = QLabel(f"{found['name']} was not closed properly")
        title.setFont(strong(self.font()))
        about = QLabel(f"{counted(int(found['steps']), 'step')} until {_when(found)}")
        about.setFont(secondary(self.font()))
        about.setProperty("class", "secondary")
        for label in (title, about):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        look = QPushButton("Restore…")
        look.setAccessibleName(f"Restore {found['name']}")
        look.clicked.connect(self._look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(about)
        layout.addSpacing(4)
        layout.addWidget(look, 0, Qt.AlignmentFlag.AlignLeft)

    def _look(self) -> None:
        self.looked.emit(self.found)


def _when(found: Mapping[str, Any]) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(found["written"]))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def _explained(found: Mapping[str, Any]) -> str:
    when, steps = _when(found), int(found["steps"])
    done = f"{counted(steps, 'step')} until {when}" if steps else f"The changes until {when}"
    where = "The file stays as it is." if found["file"] else "It was never saved to a file."
    return f"{done} can be restored as a new document, not saved yet, with its history. {where}"
