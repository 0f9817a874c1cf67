"""The canvas with all that belongs to it: what changes it, what is typed on it, its menus and its pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from datagen_app.canvas.commands import CANVAS
from datagen_app.canvas.editor import Editor
from datagen_app.canvas.export import write_picture
from datagen_app.canvas.find_bar import FindBar
from datagen_app.canvas.hand import EditingHand
from datagen_app.canvas.hits import Hit
from datagen_app.canvas.margins import frame_of
from datagen_app.canvas.naming import Naming
from datagen_app.canvas.view import Canvas
from datagen_app.document.steps.tables import TableKind
from datagen_app.shell.commands import Registry
from datagen_app.shell.session import Session
from datagen_app.shell.theme import Theme

__all__ = ["Board"]

_EDIT = ("edit.rename", "edit.duplicate", "edit.cut", "edit.copy", "edit.paste", "edit.delete")
_KINDS: dict[TableKind, str] = {"entity": "entity", "fact": "fact", "vocab": "vocabulary"}
_ALIGN = ("left", "centre", "right", "top", "middle", "bottom", "across", "down")


class Board(QObject):
    """Put together what the canvas of a session consists of.

    Parameters
    ----------
    session
        The open document.
    canvas
        Where it is shown.
    theme
        Colours of the icons.
    """

    def __init__(self, session: Session, canvas: Canvas, theme: Theme) -> None:
        super().__init__(canvas)
        self.session, self.canvas = session, canvas
        self.editor = Editor(session, canvas, self)
        self.naming = Naming(self.editor, self)
        self.find = FindBar(self.editor, theme)
        self.hand = EditingHand(self.editor, self._open_menu)
        self._registry: Registry | None = None
        canvas.set_hand(self.hand)
        session.changed.connect(self._look_again)
        session.opened.connect(self._look_again)

    def offer(self, registry: Registry) -> None:
        """Let the menus of the canvas offer commands."""
        self._registry = registry
        registry.give(CANVAS, self.canvas)

    def add_table(self, kind: str) -> None:
        """Add a table of a kind in the middle of the view, and let it be named."""
        self.editor.add_table("vocab" if kind == "vocab" else "entity" if kind == "entity" else "fact")

    def fit_selection(self) -> None:
        """Show what is selected as large as is readable."""
        scene = self.editor.scene
        area = QRectF()
        for frame in [card.frame for card in scene.selected_cards] + [frame_of(one) for one in scene.marked]:
            area |= frame
        if len(self.session.selection.places) == 1 and not scene.marked:
            self.canvas.fit_place(self.session.selection.place)
        else:
            self.canvas.fit_area(area)

    def _look_again(self) -> None:
        """Forget what was under the pointer: it may be another by now, or gone."""
        self.hand.hover(None)

    # When a command can be done

    def open(self) -> bool:
        """Whether a document is open."""
        return self.session.document is not None

    def has_tables(self) -> bool:
        """Whether there are tables."""
        return bool(self.editor.scene.cards)

    def has_card(self) -> bool:
        """Whether a table, or a column of one, is selected."""
        return self.session.selection.place.table is not None

    def has_two(self) -> bool:
        """Whether there is something to align."""
        return len(self.editor.scene.selected_cards) >= 2

    def has_three(self) -> bool:
        """Whether there is something to distribute."""
        return len(self.editor.scene.selected_cards) >= 3

    def has_matches(self) -> bool:
        """Whether something was found."""
        return bool(self.find.found)

    # Pictures

    def choose_picture(self) -> None:
        """Let the user choose where the diagram is written as a picture."""
        document = self.session.document
        if document is None:
            return
        chooser = QFileDialog(self.canvas.window(), "Save as picture", str(document.path.with_suffix(".png")))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters(["PNG picture (*.png)", "SVG drawing (*.svg)"])
        chooser.setDefaultSuffix("png")
        chooser.filterSelected.connect(_Suffix(chooser))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._write_picture)
        chooser.open()

    def _write_picture(self, name: str) -> None:
        path = Path(name)
        try:
            write_picture(self.editor.scene, path)
        except (OSError, ValueError) as error:
            self.session.troubled.emit(f"{path.name} could not be written. {error}")

    # Menus

    def _open_menu(self, found: Hit, at: QPointF, where: QPoint) -> None:
        menu = QMenu(self.canvas)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, found, at)
        menu.popup(where)

    def _fill(self, menu: QMenu, found: Hit, at: QPointF) -> None:
        editor = self.editor
        if self._registry is not None:
            self._registry.refresh()
        if found.annotation is not None:
            _add(menu, "Edit text", editor.rename_selected)
            _add(menu, "Delete", editor.remove_marked)
            return
        if found.card is None:
            for kind, word in _KINDS.items():
                _add(menu, f"Add {word} here", partial(editor.add_table, kind, at))
            _add(menu, "Add note here", partial(editor.add_note, at))
            menu.addSeparator()
            self._take(menu, "edit.paste", "canvas.select_all")
            menu.addSeparator()
            self._take(menu, "arrange.layout", "view.fit", "canvas.export")
            return
        self._take(menu, "insert.column", "insert.child", "edit.make_key")
        menu.addSeparator()
        self._take(menu, *_EDIT)
        menu.addSeparator()
        self._take(menu, "arrange.collapse", "insert.group", "view.fit_selection")
        if self.has_two():
            align = menu.addMenu("Align and distribute")
            self._take(align, *(f"arrange.{name}" for name in _ALIGN))

    def _take(self, menu: QMenu, *commands: str) -> None:
        """Offer commands in a menu, as far as there are such."""
        for name in commands:
            if self._registry is not None and self._registry.has(name):
                menu.addAction(self._registry.action(name))


def _add(menu: QMenu, title: str, run: Callable[[], object]) -> None:
    menu.addAction(title).triggered.connect(_Run(run))


class _Run:
    """Call a function that takes nothing, whatever the signal brings."""

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function

    def __call__(self, checked: bool = False) -> None:
        self._function()


class _Suffix:
    """Write a picture with the ending of the kind that was chosen."""

    def __init__(self, chooser: QFileDialog) -> None:
        self._chooser = chooser

    def __call__(self, chosen: str) -> None:
        self._chooser.setDefaultSuffix("svg" if "svg" in chosen else "png")
