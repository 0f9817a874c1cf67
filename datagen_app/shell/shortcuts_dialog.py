"""The dialog in which commands are given other keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from datagen_app.shell.commands import Command, Registry
from datagen_app.shell.shortcuts import fault, said

__all__ = ["ShortcutsDialog"]

_ID = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Let the user choose the keys of commands.

    Parameters
    ----------
    commands
        The commands of the window.
    """

    def __init__(self, commands: Registry, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self.setWindowTitle("Change shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find commands or keys")
        self.filter.setAccessibleName("Find commands or keys")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands and their keys")
        self.list.setHeaderLabels(["Command", "Menu", "Keys"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.currentItemChanged.connect(self._choose)
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName("New keys")
        self.field.keySequenceChanged.connect(self._judge)
        self.give = QPushButton("Set")
        self.give.clicked.connect(self._give)
        self.take = QPushButton("Remove")
        self.take.clicked.connect(self._take)
        self.reset = QPushButton("Default")
        self.reset.clicked.connect(self._reset)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("class", "secondary")
        self._arrange()
        for command in commands.commands:
            item = QTreeWidgetItem([command.name, command.menu.replace("/", " › "), ""])
            item.setData(0, _ID, command.id)
            item.setToolTip(0, command.help)
            self.list.addTopLevelItem(item)
        self._show_keys()
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        commands.shortcuts.changed.connect(self._show_keys)

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().resizeSection(1, 8 * line)
        self.list.header().resizeSection(2, 11 * line)
        self.list.header().setStretchLastSection(False)
        keys = QHBoxLayout()
        label = QLabel("New keys")
        label.setBuddy(self.field)
        keys.addWidget(label)
        keys.addWidget(self.field, 1)
        for button in (self.give, self.take, self.reset):
            button.setAutoDefault(False)
            keys.addWidget(button)
        all_back = QPushButton("Default for all")
        all_back.setAutoDefault(False)
        all_back.clicked.connect(self._commands.shortcuts.forget)
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(all_back)
        foot.addStretch(1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)
        layout.addLayout(keys)
        layout.addWidget(self.words)
        layout.addLayout(foot)
        self.words.setMinimumHeight(2 * line)
        self.resize(44 * line, 38 * line)

    @property
    def _command(self) -> Command | None:
        item = self.list.currentItem()
        return self._commands.command(item.data(0, _ID)) if item is not None else None

    def _choose(self) -> None:
        self.field.clear()
        self._judge()

    def _judge(self) -> None:
        """Say what these keys mean already, or why they cannot be used."""
        command, keys = self._command, self.field.keySequence()
        self.give.setText("Set")
        self.give.setEnabled(command is not None and not keys.isEmpty())
        self.words.clear()
        if command is None:
            return
        given = self._commands.shortcuts.of(command.id, command.shortcuts)
        self.take.setEnabled(bool(given))
        self.reset.setEnabled(self._commands.shortcuts.is_own(command.id))
        if keys.isEmpty():
            self.words.setText(command.help)
            return
        if words := fault(keys):
            self.words.setText(words)
            self.give.setEnabled(False)
            return
        taken = self._commands.taken(keys.toString())
        if taken is command:
            self.words.setText(f"These are the keys of “{command.name}” already.")
            self.give.setEnabled(False)
        elif taken is not None:
            self.words.setText(
                f"{said(keys.toString())} belongs to “{taken.name}”. To set it here takes it away from there."
            )
            self.give.setText("Take over")

    def _give(self) -> None:
        command, keys = self._command, self.field.keySequence().toString()
        if command is None or not keys:
            return
        shortcuts = self._commands.shortcuts
        changes: dict[str, tuple[str, ...] | None] = {command.id: (keys,)}
        taken = self._commands.taken(keys)
        if taken is not None:
            others = shortcuts.of(taken.id, taken.shortcuts)
            changes[taken.id] = tuple(each for each in others if QKeySequence(each).toString() != keys)
        shortcuts.change(changes)
        self.field.clear()

    def _take(self) -> None:
        if self._command is not None:
            self._commands.shortcuts.change({self._command.id: ()})

    def _reset(self) -> None:
        """Give the command the keys that it came with, unless they are another's by now."""
        command, shortcuts = self._command, self._commands.shortcuts
        if command is None:
            return
        for keys in command.shortcuts:
            taken = self._commands.taken(keys)
            if taken is not None and taken is not command:
                self.words.setText(
                    f"{said(keys)} belongs to “{taken.name}” now; take it away from there first."
                )
                return
        shortcuts.change({command.id: None})

    def _show_keys(self) -> None:
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None:
                command = self._commands.command(item.data(0, _ID))
                keys = self._commands.shortcuts.of(command.id, command.shortcuts)
                item.setText(2, ", ".join(said(each) for each in keys))
        self._judge()

    def _narrow(self, text: str) -> None:
        wanted = text.strip().lower()
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None:
                item.setHidden(not any(wanted in item.text(column).lower() for column in range(3)))
