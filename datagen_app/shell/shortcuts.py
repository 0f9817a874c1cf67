"""The keys of commands, as far as the user has changed them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QKeySequence

__all__ = ["Shortcuts", "fault", "said"]

_ENTRY = "shortcuts"
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_ALONE = {
    *(Qt.Key(Qt.Key.Key_F1 + number) for number in range(24)),
    Qt.Key.Key_Delete,
    Qt.Key.Key_Insert,
}


class Shortcuts(QObject):
    """Know which keys the user has given to which command; one for all windows.

    Parameters
    ----------
    kept
        Where they are remembered.

    Signals
    -------
    changed
        Some command has other keys.
    """

    changed = Signal()

    def __init__(self, kept: QSettings) -> None:
        super().__init__()
        self._kept = kept
        self._own = _read(kept.value(_ENTRY))

    def of(self, command: str, otherwise: Sequence[str]) -> tuple[str, ...]:
        """Return the keys of a command: the user's, or else those that it came with."""
        return self._own.get(command, tuple(otherwise))

    def is_own(self, command: str) -> bool:
        """Whether the user has changed the keys of a command."""
        return command in self._own

    def change(self, keys: dict[str, tuple[str, ...] | None]) -> None:
        """Give commands other keys; `None` for those that they came with."""
        for command, given in keys.items():
            if given is None:
                self._own.pop(command, None)
            else:
                self._own[command] = given
        self._keep()

    def forget(self) -> None:
        """Give every command the keys that it came with."""
        self._own.clear()
        self._keep()

    def _keep(self) -> None:
        self._kept.setValue(_ENTRY, json.dumps({name: list(keys) for name, keys in self._own.items()}))
        self.changed.emit()


def said(keys: str) -> str:
    """Return keys as they are written on this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def fault(keys: QKeySequence) -> str:
    """Return why keys cannot be a command's; nothing if they can.

    Examples
    --------
    >>> fault(QKeySequence("Ctrl+J"))
    ''
    >>> fault(QKeySequence("J"))
    'J alone is what one types; add Ctrl or Alt.'
    """
    for at in range(keys.count()):
        pressed = keys[at]  # type: ignore[index] # it can be indexed, whatever the stubs say
        if pressed.key() not in _ALONE and not pressed.keyboardModifiers() & _MODIFIERS:
            return f"{keys.toString(QKeySequence.SequenceFormat.NativeText)} alone is what one types; add Ctrl or Alt."
    return ""


def _read(written: object) -> dict[str, tuple[str, ...]]:
    """Return what was remembered; whatever else stands there is as if nothing did."""
    try:
        found = json.loads(written) if isinstance(written, str) else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(command): tuple(key for key in keys if isinstance(key, str))
        for command, keys in found.items()
        if isinstance(keys, list)
    }
