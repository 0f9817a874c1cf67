"""A problem, as the engine tells it and the window shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from datagen_app.document.place import Path

__all__ = ["Problem", "Severity", "worst"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Say what is wrong, and where."""

    severity: Severity
    code: str
    message: str
    path: Path

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """Return the problem of the worker's JSON; the path is the list of its steps."""
        severity: Severity = "warning" if data.get("severity") == "warning" else "error"
        path = tuple(data.get("path", ()))
        return cls(severity, str(data.get("code", "")), str(data.get("message", "")), path)

    @property
    def pointer(self) -> str:
        """The path as a JSON Pointer."""
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.path) or "/"


def worst(problems: Iterable[Problem]) -> Severity | None:
    """Return the severity of the worst problem; nothing where there is none."""
    found = {problem.severity for problem in problems}
    return "error" if "error" in found else "warning" if found else None
