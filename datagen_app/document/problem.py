"""A problem, as the engine tells it and the window shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from datagen_app.document.carrying import carried
from datagen_app.document.place import Path
from datagen_app.document.wire import pointer, unpack

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Fix", "Problem", "Severity", "worst"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a problem: what the button says, and the edits, for the revision that was checked."""

    title: str
    edits: tuple[Edit, ...]

    def after(self, edits: Sequence[Edit]) -> Fix | None:
        """Return the fix for a document that was edited meanwhile; None where it has lost its ground."""
        paths = [carried(edit.path, edits) for edit in self.edits]
        moved = [
            replace(edit, path=path) for edit, path in zip(self.edits, paths, strict=True) if path is not None
        ]
        return Fix(self.title, tuple(moved)) if len(moved) == len(paths) else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Say what is wrong, and where."""

    severity: Severity
    code: str
    message: str
    path: Path
    fix: Fix | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """Return the problem of the worker's JSON; the path is the list of its steps."""
        severity: Severity = "warning" if data.get("severity") == "warning" else "error"
        path = tuple(data.get("path", ()))
        fix = data.get("fix")
        return cls(
            severity,
            str(data.get("code", "")),
            str(data.get("message", "")),
            path,
            Fix(str(fix["title"]), unpack(fix["edits"])) if fix else None,
        )

    def after(self, edits: Sequence[Edit]) -> Problem | None:
        """Return the problem where edits have carried it; None where what it is about is gone.

        Its fix goes with it, as long as all that it changes is still there.
        """
        path = carried(self.path, edits)
        if path is None:
            return None
        return replace(self, path=path, fix=self.fix and self.fix.after(edits))

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer."""
        return pointer(self.path) or "/"


def worst(problems: Iterable[Problem]) -> Severity | None:
    """Return the severity of the worst problem; nothing where there is none."""
    found = {problem.severity for problem in problems}
    return "error" if "error" in found else "warning" if found else None
