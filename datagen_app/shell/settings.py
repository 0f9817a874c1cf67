"""What is remembered from one start to the next."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from datagen_app.shell.shortcuts import Shortcuts
from datagen_app.shell.theme import CHOICES, Choice

__all__ = ["Settings"]

_RECENT = 12


class Settings:
    """Read and write the user's settings.

    Parameters
    ----------
    path
        The file that holds them; by default the one in the user's configuration.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            where = QStandardPaths.StandardLocation.GenericConfigLocation
            path = Path(QStandardPaths.writableLocation(where)) / "datagen-studio" / "studio.ini"
            data = QStandardPaths.StandardLocation.GenericDataLocation
            home = Path(QStandardPaths.writableLocation(data)) / "datagen-studio"
        else:
            home = path.parent
        self.runs_folder = home / "runs"
        """Where what is kept of runs lies."""
        self._kept = QSettings(str(path), QSettings.Format.IniFormat)
        self.open_folder = home / "open"
        """Where the locks and journals of open documents stand."""
        self.shortcuts = Shortcuts(self._kept)

    @property
    def theme(self) -> Choice:
        """Light, dark, or as the system has it."""
        said = self._kept.value("theme")
        return cast("Choice", said) if said in CHOICES else "system"

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._kept.setValue("theme", choice)

    @property
    def recent(self) -> list[Path]:
        """The files that were open, the latest first."""
        said = self._kept.value("recent")
        paths = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        return [Path(path) for path in paths if isinstance(path, str) and path]

    def add_recent(self, path: Path) -> None:
        """Remember a file that was opened."""
        others = [other for other in self.recent if other != path]
        self._kept.setValue("recent", [str(each) for each in [path, *others][:_RECENT]])

    def forget_recent(self) -> None:
        """Forget which files were open."""
        self._kept.remove("recent")

    def flag(self, name: str, otherwise: bool) -> bool:
        """Return a setting that is on or off."""
        said = self._kept.value(name)
        return otherwise if said is None else str(said).lower() == "true"

    def set_flag(self, name: str, on: bool) -> None:
        """Remember a setting that is on or off."""
        self._kept.setValue(name, on)

    def word(self, name: str) -> str:
        """Return a setting that is a word; nothing if there is none."""
        said = self._kept.value(name)
        return said if isinstance(said, str) else ""

    def set_word(self, name: str, word: str) -> None:
        """Remember a setting that is a word."""
        self._kept.setValue(name, word)

    def state(self, name: str) -> QByteArray:
        """Return the remembered shape of a window or a splitter; nothing if there is none."""
        said = self._kept.value(name)
        return said if isinstance(said, QByteArray) else QByteArray()

    def set_state(self, name: str, state: QByteArray) -> None:
        """Remember the shape of a window or a splitter."""
        self._kept.setValue(name, state)
