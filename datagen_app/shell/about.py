"""What this program is, under which licence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from datagen_app.shell.icons import application_icon
from datagen_engine.version import __version__

__all__ = ["show_about"]


def show_about(window: QWidget) -> None:
    """Say what this is."""
    title = f"Datagen Studio {__version__}"
    box = QMessageBox(QMessageBox.Icon.NoIcon, "About Datagen Studio", title, parent=window)
    box.setInformativeText(
        "Believable, connected tables from a schema.\n\nUnder the Apache License 2.0. "
        "Pictures are lettered in Inter, under the SIL Open Font License 1.1."
    )
    box.setIconPixmap(application_icon().pixmap(64, 64))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
