"""What every run and every count of rows goes by: the settings of the next run, and the profiles of the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.step import Step
from datagen_app.document.steps.values import put_value, remove_member

if TYPE_CHECKING:
    from datagen_engine import RunProfile

__all__ = [
    "FULL",
    "LARGEST_SCALE",
    "LARGEST_SEED",
    "SMALLEST_SCALE",
    "Profile",
    "keep_profile",
    "profile_names",
    "remove_profile",
]

LARGEST_SEED = 2**31 - 1
"""What a spin box can hold."""
SMALLEST_SCALE, LARGEST_SCALE = 0.001, 1_000.0

_PROFILES = "x-profiles"

FULL = "full"
"""The profile that there always is: everything as the schema says."""


def profile_names(document: Document) -> list[str]:
    """Return the names of the profiles that a schema has, after the one that there always is."""
    return list(dict.fromkeys([FULL, *datagen.profiles_of(document.tree)]))


def keep_profile(document: Document, name: str, settings: RunProfile) -> Step:
    """Return the step that keeps settings as a profile of the schema.

    Examples
    --------
    >>> from pathlib import Path
    >>> from datagen_engine import RunProfile
    >>> shop = Document(Path("shop.json"), {"metadata": {"name": "shop"}})
    >>> keep_profile(shop, "ci", RunProfile(scale=0.1)).title
    'Save profile ci'
    """
    path = ("metadata", _PROFILES, name)
    return put_value(document, path, settings.to_json(), f"Save profile {name}")


def remove_profile(document: Document, name: str) -> Step:
    """Return the step that takes a profile out of the schema; raises LookupError where there is none."""
    return remove_member(document, ("metadata", _PROFILES, name), f"Remove profile {name}")


class Profile(QObject):
    """Hold the settings of the next run; the toolbar and the dialog show the same.

    Signals
    -------
    changed
        The seed or the scale is another one: rows are to be counted anew.
    settled
        Any of the settings, or the name of the profile, is another one.
    """

    changed = Signal()
    settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = FULL
        self._settings = datagen.RunProfile()

    @property
    def name(self) -> str:
        """What the profile is called."""
        return self._name

    @property
    def settings(self) -> RunProfile:
        """All its settings."""
        return self._settings

    @property
    def seed(self) -> int:
        """The number that decides every draw."""
        return self._settings.seed

    @property
    def scale(self) -> float:
        """What the rows of tables without parents are multiplied by."""
        return self._settings.scale

    def set_seed(self, seed: int) -> None:
        """Choose another seed."""
        self.set(replace(self._settings, seed=seed))

    def set_scale(self, scale: float) -> None:
        """Choose another scale."""
        self.set(replace(self._settings, scale=scale))

    def set(self, settings: RunProfile, name: str | None = None) -> None:
        """Choose other settings."""
        before, before_name = self._settings, self._name
        self._settings, self._name = settings, self._name if name is None else name
        if (before.seed, before.scale) != (settings.seed, settings.scale):
            self.changed.emit()
        if before != settings or before_name != self._name:
            self.settled.emit()

    def choose(self, name: str, tree: Any) -> str:
        """Choose a profile of a schema; returns what is wrong with it, or nothing."""
        if name == FULL and name not in datagen.profiles_of(tree):
            self.set(datagen.RunProfile(), FULL)
            return ""
        try:
            self.set(datagen.profile_of(tree, name), name)
        except datagen.UsageError as error:
            return str(error)
        return ""

    def differs(self, tree: Any) -> bool:
        """Whether the settings are others than the schema keeps under that name."""
        kept: Mapping[str, Any] = datagen.profiles_of(tree)
        if self._name not in kept:
            return self._settings != datagen.RunProfile()
        try:
            return datagen.profile_of(tree, self._name) != self._settings
        except datagen.UsageError:
            return True
