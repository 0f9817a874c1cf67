"""A step: what undo takes back, the history lists, and one line of the journal holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Clock", "Step"]

Clock: TypeAlias = Callable[[], float]
"""What tells the time in seconds, from any beginning: `time.monotonic`, or a test's own."""


@dataclass(frozen=True)
class Step:
    """Say what changes, and what to call it.

    Attributes
    ----------
    title
        What the history shows: "Rename column total".
    edits
        The changes, each written for the tree that those before it leave.
    focus
        Where it was typed. Steps with the same focus that set the same values within a second are one.
    """

    title: str
    edits: tuple[Edit, ...]
    focus: str = ""

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.edits)
