"""Questions, asked without holding up the program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

__all__ = ["ask", "ask_to_save"]


def ask(
    parent: QWidget, question: str, reason: str, yes: str, no: str, then: Callable[[], object]
) -> QMessageBox:
    """Ask something that cannot be taken back; whoever presses Enter or Esc keeps things as they are.

    Parameters
    ----------
    parent
        The window that it is about.
    question
        In a few words.
    reason
        Why it is asked.
    yes, no
        What the buttons say.
    then
        What `yes` does.
    """
    box = QMessageBox(QMessageBox.Icon.NoIcon, question, question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names are shown, never obeyed
    box.setInformativeText(reason)
    agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    agree.clicked.connect(then)
    box.open()
    return box


def ask_to_save(
    parent: QWidget, name: str, save: Callable[[], object], discard: Callable[[], object]
) -> QMessageBox:
    """Ask whether changes are to be saved before they are gone; Esc keeps editing.

    Parameters
    ----------
    parent
        The window that it is about.
    name
        What the document is called.
    save, discard
        What the two answers do.
    """
    question = f"Save the changes to {name}?"
    box = QMessageBox(QMessageBox.Icon.NoIcon, question, question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText("Otherwise they are lost.")
    keep = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    lose = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
    back = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(back)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    keep.clicked.connect(save)
    lose.clicked.connect(discard)
    box.open()
    return box
