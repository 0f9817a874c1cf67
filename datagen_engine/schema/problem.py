"""Problems: what stands in the way of a schema, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from datagen_engine.schema.edit import Edit
from datagen_engine.schema.path import Path, pointer

__all__ = ["Fix", "Problem", "Severity", "nearest"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fix:
    """Hold a way to mend a problem: a title for the button and the edits that do it."""

    title: str
    edits: tuple[Edit, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the fix as a JSON object."""
        return {"title": self.title, "edits": [edit.to_json() for edit in self.edits]}


@dataclass(frozen=True, slots=True)
class Problem:
    """Say what is wrong at one place of a schema.

    `code` is stable and has a page in the docs; `params` are the facts that the message is made of. An
    error stops generation before a row is drawn, a warning does not.
    """

    code: str
    path: Path
    message: str
    severity: Severity = "error"
    params: Mapping[str, Any] = field(default_factory=dict)
    fix: Fix | None = None

    def under(self, prefix: Path) -> Problem:
        """Return the same problem with a path that starts further up."""
        fix = self.fix and Fix(self.fix.title, tuple(edit.under(prefix) for edit in self.fix.edits))
        return Problem(self.code, prefix + self.path, self.message, self.severity, self.params, fix)

    def to_json(self) -> dict[str, Any]:
        """Return the problem as a JSON object; the path as a JSON Pointer."""
        return {
            "severity": self.severity,
            "code": self.code,
            "path": pointer(self.path),
            "message": self.message,
            "params": dict(self.params),
            "fix": self.fix and self.fix.to_json(),
        }

    def __str__(self) -> str:
        return f"{self.severity} at {pointer(self.path) or '/'}: {self.message} [{self.code}]"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one most likely means, if any comes close.

    >>> nearest("form", ["from", "on"])
    'from'
    """
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
