"""A question with two answers, asked without holding up the program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

__all__ = ["ask"]


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
    box.setInformativeText(reason)
    agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    agree.clicked.connect(then)
    box.open()
    return box
