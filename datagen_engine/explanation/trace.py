"""What an explanation says: the stages of one value, and the rows behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from datagen_engine.explanation.histogram import Histogram
from datagen_engine.schema.path import Path, pointer

__all__ = ["Origin", "Role", "StageKind", "Trace", "TraceStage"]

Role = Literal["parent", "pick", "match", "effect", "own", "reference"]
"""How a value hangs on another: its parent's row, a row picked at random, the row with the same key, a row of an
effect table, a column of the same row, or a row of the column it chooses from."""

StageKind = Literal["generator", "chance", "modifier", "behaviour", "limit", "type", "null"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Name a value that another one was made from; without a column, a whole row."""

    role: Role
    table: str
    row: int
    column: str = ""
    value: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "role": self.role,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class TraceStage:
    """Say what one stage made of the value.

    `title` and `says` are a few words each ("× promotion", "× 1.80 Black Friday"), `words` is the whole
    sentence. `value` is the value after the stage, as plain data; `text` as a person reads it. `path` leads
    to the place in the document that says so.
    """

    kind: StageKind
    title: str
    says: str
    words: str
    value: Any
    text: str
    changed: bool
    path: Path
    origins: tuple[Origin, ...] = ()
    histogram: Histogram | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object; times in ISO 8601, the path as a JSON Pointer."""
        return {
            "kind": self.kind,
            "title": self.title,
            "says": self.says,
            "words": self.words,
            "value": _plain(self.value),
            "text": self.text,
            "changed": self.changed,
            "path": pointer(self.path),
            "origins": [origin.to_json() for origin in self.origins],
            "histogram": self.histogram and self.histogram.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """Explain one value: its stages, the last of which is what is written.

    `line` holds the row's own parents, the nearest first; `sample` tells which rows the small distributions
    are of, the first and the one after the last.
    """

    table: str
    row: int
    column: str
    type: str
    stages: tuple[TraceStage, ...]
    line: tuple[Origin, ...] = ()
    sample: tuple[int, int] = (0, 0)

    @property
    def value(self) -> Any:
        """Return the value as it is written."""
        return self.stages[-1].value

    @property
    def text(self) -> str:
        """Return the value as a person reads it."""
        return self.stages[-1].text

    @property
    def sentence(self) -> str:
        """Return the whole explanation in one line."""
        return " → ".join(f"{stage.title} {stage.says}".strip() for stage in self.stages)

    def with_paths(self, change: Callable[[Path], Path]) -> Trace:
        """Return the same explanation with the paths changed."""
        return replace(self, stages=tuple(replace(one, path=change(one.path)) for one in self.stages))

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "type": self.type,
            "value": _plain(self.value),
            "text": self.text,
            "stages": [stage.to_json() for stage in self.stages],
            "line": [origin.to_json() for origin in self.line],
            "sample": list(self.sample),
        }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None  # neither infinite nor NaN: JSON has no such numbers
    return value.isoformat()
