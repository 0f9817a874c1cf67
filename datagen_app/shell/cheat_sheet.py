"""The cheat sheet: every command that has keys, menu by menu, on one page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from datagen_app.shell.commands import Command, Registry
from datagen_app.shell.fonts import secondary, strong
from datagen_app.shell.shortcuts import said

__all__ = ["CheatSheet"]


class CheatSheet(QDialog):
    """Show the keys of all commands.

    Parameters
    ----------
    commands
        The commands of the window.
    """

    def __init__(self, commands: Registry, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._blocks = [self._block(menu, found) for menu, found in _by_menu(commands)]
        self._page = _Columns(self._blocks)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.setWidget(self._page)
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        change = QPushButton("Change shortcuts…")
        change.clicked.connect(commands.action("help.change_shortcuts").trigger)
        change.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.addWidget(change)
        foot.addStretch(1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        line = self.fontMetrics().height()
        self.resize(min(62 * line, parent.width() - 64), min(44 * line, parent.height() - 64))

    def _block(self, menu: str, commands: Sequence[tuple[Command, Sequence[str]]]) -> QWidget:
        block = QWidget()
        grid = QGridLayout(block)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        title = QLabel(menu)
        title.setFont(strong(self.font()))
        grid.addWidget(title, 0, 0, 1, 2)
        for row, (command, keys) in enumerate(commands, start=1):
            name = QLabel(command.name)
            name.setToolTip(command.help)
            grid.addWidget(name, row, 0)
            pressed = QLabel("  ".join(said(each) for each in keys))
            pressed.setFont(secondary(self.font()))
            pressed.setProperty("class", "keys")
            grid.addWidget(pressed, row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        return block


class _Columns(QWidget):
    """Lay blocks out in as many columns as there is room for, each below the shortest."""

    _MARGIN, _GAP = 24, 40

    def __init__(self, blocks: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("class", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._blocks = blocks
        for block in blocks:
            block.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the blocks out anew."""
        super().resizeEvent(event)
        least = max((block.sizeHint().width() for block in self._blocks), default=1)
        room = self.width() - 2 * self._MARGIN
        across = max(1, min(3, (room + self._GAP) // (least + self._GAP)))
        width = (room - (across - 1) * self._GAP) // across
        bottoms = [self._MARGIN] * across
        for block in self._blocks:
            column = bottoms.index(min(bottoms))
            left = self._MARGIN + column * (width + self._GAP)
            height = block.sizeHint().height()
            block.setGeometry(QRect(QPoint(left, bottoms[column]), QSize(width, height)))
            bottoms[column] += height + 28
        self.setMinimumHeight(max(bottoms) - 28 + self._MARGIN)


def _by_menu(commands: Registry) -> list[tuple[str, list[tuple[Command, Sequence[str]]]]]:
    found: dict[str, list[tuple[Command, Sequence[str]]]] = {}
    for command in commands.commands:
        keys = commands.shortcuts.of(command.id, command.shortcuts)
        if keys:
            found.setdefault(command.menu.split("/")[0], []).append((command, keys))
    return list(found.items())
