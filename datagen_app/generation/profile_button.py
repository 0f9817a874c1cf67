"""The profile of the next run, as the toolbar shows it: its name, and the others to choose from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from datagen_app.generation.profile import Profile, profile_names

if TYPE_CHECKING:
    from datagen_app.document.document import Document

__all__ = ["ProfileButton"]


class ProfileButton(QToolButton):
    """Choose a profile of the schema.

    Parameters
    ----------
    profile
        The settings of the next run.
    document
        Gives the open document.

    Signals
    -------
    troubled
        What is wrong with the profile that was chosen.
    """

    troubled = Signal(str)

    def __init__(
        self, profile: Profile, document: Callable[[], Document | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._profile, self._document = profile, document
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("The profile of the next run: seed, scale, rows, tables, format, folder.")
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        profile.settled.connect(self.show_profile)
        self.show_profile()

    def show_profile(self) -> None:
        """Show the name of the profile, and whether its settings were changed since."""
        document = self._document()
        changed = document is not None and self._profile.differs(document.tree)
        self.setText(f"{self._profile.name}*" if changed else self._profile.name)
        said = f"Profile {self._profile.name}{', changed' if changed else ''}"
        self.setAccessibleName(said)

    def _fill(self) -> None:
        menu, document = self.menu(), self._document()
        menu.clear()
        if document is None:
            return
        for name in profile_names(document):
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == self._profile.name)
            action.triggered.connect(partial(self._choose, name))

    def _choose(self, name: str, checked: bool = False) -> None:
        document = self._document()
        if document is not None and (why := self._profile.choose(name, document.tree)):
            self.troubled.emit(why)
        self.show_profile()
