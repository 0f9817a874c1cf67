"""The panel beside the canvas: forms for what is selected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

import datagen_engine as datagen
from datagen_app.document.carrying import holds
from datagen_app.document.change import Change
from datagen_app.document.place import Path, Place
from datagen_app.inspector.asking import Asker
from datagen_app.inspector.desk import Desk, Said
from datagen_app.inspector.editors import every as _every  # noqa: F401  (registers the editors)
from datagen_app.inspector.fields.containers import PartField
from datagen_app.inspector.form import Form
from datagen_app.inspector.forms import column_form, rules_form, schema_form, table_form, targets_form
from datagen_app.inspector.helping import HelpPage, HelpStrip, chapter
from datagen_app.inspector.language import read_ahead
from datagen_app.inspector.style import form_style
from datagen_app.shell.theme import Theme

if TYPE_CHECKING:
    from datagen_app.shell.session import Session

__all__ = ["Inspector"]

Tab = Literal["schema", "column", "table", "rules", "targets"]
_TITLES: dict[Tab, str] = {
    "schema": "Schema",
    "column": "Column",
    "table": "Table",
    "rules": "Rules",
    "targets": "Targets",
}


@dataclass
class _Page:
    """A form and the desks it works on."""

    desk: Desk
    form: Form
    own: Desk | None = None
    """For what stands in the table itself."""


class Inspector(QWidget):
    """Show and change what is selected: a column or several, a table, or the schema.

    Parameters
    ----------
    session
        The open document, what is selected in it, and what is known of it.
    theme
        The colours.
    """

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.theme = session, theme
        self.asker = Asker(session.client, self)
        self._pages: dict[Tab, _Page] = {}
        self._shown: tuple[Tab, ...] = ()
        self._wanted: Tab = "column"
        self._folded: set[str] = {"Allowed values", "Correlations", "Effects on the number of rows"}
        self._roots: tuple[Path, ...] = ()
        self.setAccessibleName("Inspector")
        self.setProperty("class", "surface")
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("What is shown")
        self.tabs.currentChanged.connect(self._turn)
        self.stack = QStackedWidget(self)
        self.nothing = QLabel("Open a schema to see what it holds.", self)
        self.nothing.setProperty("class", "secondary")
        self.nothing.setContentsMargins(16, 16, 16, 16)
        self.stack.addWidget(self.nothing)
        self.help = HelpStrip(self)
        self.help.more.clicked.connect(self.read_more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.help)
        key = QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.read_more)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.refresh)
        session.opened.connect(self._open)
        session.changed.connect(self._change)
        session.checked.connect(self._judge)
        session.drawn.connect(self._hear_links)
        session.selection.changed.connect(self._select)
        theme.changed.connect(self._paint)
        self._paint()
        self._open(session.document)
        read_ahead()

    def event(self, event: QEvent) -> bool:
        """Take over another font: forms are measured by it."""
        if event.type() == QEvent.Type.FontChange and self._pages:
            self._rebuild()
        return super().event(event)

    # What is shown

    @property
    def tab(self) -> Tab:
        """The tab in front."""
        at = self.tabs.currentIndex()
        return self._shown[at] if 0 <= at < len(self._shown) else "schema"

    @property
    def form(self) -> Form | None:
        """The form in front; None without a document."""
        page = self._pages.get(self.tab)
        return page.form if page is not None and self.session.document is not None else None

    def show_tab(self, tab: Tab) -> None:
        """Bring a tab to the front, where it is offered."""
        if tab in self._shown:
            self.tabs.setCurrentIndex(self._shown.index(tab))

    def reveal(self, path: Path, *, focus: bool = True) -> None:
        """Show the field of a path of the document: its tab, its section, its place in the form.

        Parameters
        ----------
        path
            Where the value stands.
        focus
            Whether the field takes the focus, too.
        """
        document = self.session.document
        if document is None:
            return
        place = document.place_at(path)
        if place != self.session.selection.place and (
            place or path[:1] not in (("constraints",), ("targets",))
        ):
            self.session.selection.select(place)
        match path:
            case ("constraints", *_):
                self.show_tab("rules")
            case ("targets", *_):
                self.show_tab("targets")
            case ("nodes", _, "columns", _, *_):
                self.show_tab("column")
            case ("nodes", _, "rules", *_):
                self.show_tab("rules")
            case ("nodes", *_):
                self.show_tab("table")
            case _:
                self.show_tab("schema")
        form = self.form
        if form is None:
            return
        root = form.desk.roots[0]
        if path[: len(root)] != root:
            return
        field = form.reveal(path[len(root) :])
        target = field.focus_widget() if field is not None and focus else None
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show the document as it is now."""
        form = self.form
        if form is not None:
            self._tell(form.desk)
            form.refresh()

    def read_more(self) -> None:
        """Open the chapter about what is pointed at, or about the generator."""
        for title, word in self._words():
            if text := chapter(word):
                page = HelpPage(title, text, self.window())
                page.show()
                return

    # What happens

    def _open(self, document: object) -> None:
        self._roots = ()
        if document is None:
            self._offer(())
            self.stack.setCurrentWidget(self.nothing)
        else:
            self._select(self.session.selection.place)

    def _select(self, place: Place) -> None:
        document = self.session.document
        if document is None:
            return
        form = self.form
        if form is not None:
            form.commit()
            document = self.session.document
            assert document is not None
        table, column = document.resolve(place)
        offered: tuple[Tab, ...] = ("schema", "rules", "targets")
        if column is not None:
            offered = ("column", "table", "rules", "targets")
        elif table is not None:
            offered = ("table", "rules", "targets")
        wanted = self._wanted if self._wanted in offered else offered[0]
        self._offer(offered)
        if column is not None:
            together = sum(document.resolve(each)[1] is not None for each in self.session.selection.places)
            self.tabs.setTabText(0, f"{together} columns" if together > 1 else _TITLES["column"])
        self.show_tab(wanted)
        self._turn(self.tabs.currentIndex())

    def _offer(self, tabs: tuple[Tab, ...]) -> None:
        if tabs == self._shown:
            return
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        self._shown = tabs
        for tab in tabs:
            self.tabs.addTab(_TITLES[tab])
        self.tabs.blockSignals(False)
        self.tabs.setVisible(bool(tabs))
        self.help.setVisible(bool(tabs))

    def _turn(self, index: int) -> None:
        if self.session.document is None or not 0 <= index < len(self._shown):
            return
        tab = self._shown[index]
        if self.sender() is self.tabs:
            self._wanted = tab
        page = self._page(tab)
        roots = self._aim(tab, page)
        self.stack.setCurrentWidget(page.form)
        self._tell(page.desk)
        page.form.refresh()
        if roots != self._roots:
            self._roots = roots
            page.form.verticalScrollBar().setValue(0)

    def _aim(self, tab: Tab, page: _Page) -> tuple[Path, ...]:
        """Point the desks of a page at what is selected."""
        document, selection = self.session.document, self.session.selection
        assert document is not None
        place = selection.place
        table, column = document.resolve(place)
        page.desk.place = place
        root: Path = ("nodes", table.index) if table is not None else ()
        if tab == "column" and column is not None:
            places = [each for each in selection.places if document.resolve(each)[1] is not None]
            current = document.path_of(place)
            others = [path for each in places if (path := document.path_of(each)) != current]
            page.desk.roots = (current, *others)
        elif tab == "table":
            page.desk.roots = (root,)
        else:
            page.desk.roots = ((),)
        if page.own is not None:
            page.own.roots, page.own.place = (root,), place
        return page.desk.roots if page.own is None else page.own.roots

    def _page(self, tab: Tab) -> _Page:
        # What rules a table can have of its own is another form than what the schema has.
        if tab == "rules" and tab in self._pages:
            page = self._pages[tab]
            own = bool(self.session.selection.place)
            if page.own is not None and bool(page.own.roots[0]) != own:
                self.stack.removeWidget(page.form)
                page.form.deleteLater()
                del self._pages[tab]
        if tab not in self._pages:
            desk = self._desk()
            own_desk: Desk | None = None
            if tab == "rules":
                own_desk = self._desk()
                document = self.session.document
                place = self.session.selection.place
                table = document.resolve(place)[0] if document is not None else None
                own_desk.roots = (("nodes", table.index),) if table is not None else ((),)
                form = rules_form(desk, own_desk)
            else:
                form = _FORMS[tab](desk)
            self._pages[tab] = _Page(desk, form, own_desk)
            self.stack.addWidget(form)
        return self._pages[tab]

    def _desk(self) -> Desk:
        desk = Desk(self.session, self.theme, self.asker, self)
        desk.folded = self._folded
        desk.pointed.connect(self.help.show_help)
        return desk

    def _change(self, change: Change) -> None:
        if change.kind in ("undo", "redo") and change.paths:
            self._turn(self.tabs.currentIndex())
            if not (change.step is not None and change.step.title.startswith("Move table")):
                self.reveal(change.paths[0], focus=False)
            return
        if change.edits:
            self._turn(self.tabs.currentIndex())

    def _hear_links(self, diagram: object) -> None:
        self._soon.start()

    def _judge(self) -> None:
        form = self.form
        if form is not None:
            self._tell(form.desk)
            form.show_problems()

    def _tell(self, desk: Desk) -> None:
        """Give a desk the problems: of the form of what is edited at once, of the rest as the worker found them."""
        tree, document = desk.tree, self.session.document
        if document is None:
            return
        found: dict[tuple[Path, str], Said] = {}
        about = _ABOUT.get(self.tab, ())
        for path in about or [root for root in desk.roots if root]:
            for problem in datagen.problems_at(tree, path) if holds(tree, path) else ():
                fix = problem.fix
                said = Said(
                    problem.path,
                    problem.message,
                    problem.severity,
                    fix.title if fix else "",
                    fix.edits if fix else (),
                    tuple(problem.params.items()),
                )
                found[(said.path, said.message)] = said
        for _, known in self.session.knowledge.problems:
            if known.code in _AT_ONCE and self.session.verdict != "checked":
                continue  # it may be mended by now, and what is wrong now is told above
            mend = known.fix
            said = Said(
                known.path,
                known.message,
                known.severity,
                mend.title if mend else "",
                mend.edits if mend else (),
            )
            found.setdefault((said.path, said.message), said)
        desk.said = tuple(found.values())
        page = self._pages.get(self.tab)
        if page is not None and page.own is not None:
            page.own.said = desk.said

    def _words(self) -> Iterator[tuple[str, str]]:
        """Yield the parts around what has the focus, the nearest first: title and word."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            if isinstance(widget, PartField) and widget.picker.current:
                yield widget.picker.current, widget.picker.current
            word = getattr(getattr(widget, "shape", None), "name", "").split(" ")[-1]
            if word:
                yield word, word
            widget = widget.parentWidget()
        page = self._pages.get("column")
        if page is not None and self.tab == "column":
            for field in page.form.every():
                if isinstance(field, PartField) and field.picker.current:
                    yield field.picker.current, field.picker.current

    def _paint(self) -> None:
        self.setStyleSheet(form_style(self.theme.palette))
        if self._pages:
            self._rebuild()

    def _rebuild(self) -> None:
        """Make the forms anew, in other colours or another font."""
        for page in self._pages.values():
            self.stack.removeWidget(page.form)
            page.form.deleteLater()
        self._pages = {}
        self._turn(self.tabs.currentIndex())


_FORMS: dict[Tab, Callable[[Desk], Form]] = {
    "column": column_form,
    "table": table_form,
    "targets": targets_form,
    "schema": schema_form,
}
_ABOUT: dict[Tab, tuple[Path, ...]] = {
    "rules": (("constraints",),),
    "targets": (("targets",),),
    "schema": (("metadata",), ("timeframe",)),
}
_AT_ONCE = {
    "wrong-type", "out-of-limits", "missing-key", "unknown-key", "unknown-word", "bad-weights", "one-of",
    "low-above-high", "bad-date", "bad-frequency", "end-before-start", "one-generator", "unknown-generator",
    "unknown-modifier", "unknown-distribution", "unknown-fanout", "not-an-attribute", "unsafe-name",
}  # fmt: skip
"""Codes of problems that are found at once, without the worker."""
