"""What every run and every count of rows goes by: the seed and the scale."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

__all__ = ["LARGEST_SCALE", "LARGEST_SEED", "SMALLEST_SCALE", "Profile"]

LARGEST_SEED = 2**31 - 1
"""What a spin box can hold."""
SMALLEST_SCALE, LARGEST_SCALE = 0.001, 1_000.0


class Profile(QObject):
    """Hold the settings of the next run; the toolbar and the dialog show the same.

    Signals
    -------
    changed
        The seed or the scale is another one.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seed, self._scale = 42, 1.0

    @property
    def seed(self) -> int:
        """The number that decides every draw."""
        return self._seed

    @property
    def scale(self) -> float:
        """What the rows of tables without parents are multiplied by."""
        return self._scale

    def set_seed(self, seed: int) -> None:
        """Choose another seed."""
        if seed != self._seed:
            self._seed = seed
            self.changed.emit()

    def set_scale(self, scale: float) -> None:
        """Choose another scale."""
        if scale != self._scale:
            self._scale = scale
            self.changed.emit()
