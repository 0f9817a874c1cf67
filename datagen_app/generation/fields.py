"""The fields of a profile, as the toolbar and the dialog have them."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSignalBlocker, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from datagen_app.generation.profile import LARGEST_SCALE, LARGEST_SEED, SMALLEST_SCALE, Profile

__all__ = ["ScaleField", "SeedField"]


class SeedField(QSpinBox):
    """The seed of a profile."""

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _plain(self, "Seed", "The same seed draws the same data.")
        self.setRange(0, LARGEST_SEED)
        self._profile = profile
        self.valueChanged.connect(profile.set_seed)
        profile.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        if self.value() != self._profile.seed:
            with QSignalBlocker(self):
                self.setValue(self._profile.seed)


class ScaleField(QDoubleSpinBox):
    """The scale of a profile."""

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _plain(self, "Scale", "Multiplies the rows of every table without parents, but for vocabularies.")
        self.setRange(SMALLEST_SCALE, LARGEST_SCALE)
        self.setDecimals(3)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setSuffix(" ×")
        self._profile = profile
        self.valueChanged.connect(profile.set_scale)
        profile.changed.connect(self._show)
        self._show()

    def textFromValue(self, value: float) -> str:
        """Write no more digits than there are."""
        return f"{value:.3f}".rstrip("0").rstrip(".")

    def _show(self) -> None:
        if self.value() != self._profile.scale:
            with QSignalBlocker(self):
                self.setValue(self._profile.scale)


def _plain(field: QAbstractSpinBox, name: str, help_: str) -> None:
    # A style sheet cannot: Qt forgets the padding of a field whose buttons it was told to hide.
    field.lineEdit().setTextMargins(6, 0, 6, 0)
    field.setKeyboardTracking(False)
    field.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)
    field.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    field.setLocale(QLocale.c())
    field.setAccessibleName(name)
    field.setToolTip(help_)
