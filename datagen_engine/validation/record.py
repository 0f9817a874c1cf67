"""One record for each check: what was asked of the data, what was found, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from datagen_engine.schema.path import Path, pointer

__all__ = ["CATEGORIES", "KINDS", "Category", "CheckRecord", "Kind", "Plot", "Status"]

Category = Literal["structural", "value", "behavioural"]
Kind = Literal[
    "present", "readable", "type", "null", "primary_key", "foreign_key", "unique", "row_count", "range", "inequality",
    "pattern", "enum", "rule", "target", "shape",
]
Status = Literal["pass", "fail", "error", "skipped"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Plot:
    """Hold the figures of a small plot of expected against observed.

    `bars`: shares of labelled cells; `lines`: two curves over the numbers in `labels`; `points`: single
    observed values with their expected ones. `text` says in one sentence what the plot shows.
    """

    form: Literal["bars", "lines", "points"]
    labels: tuple[str | float, ...]
    expected: tuple[float | None, ...]
    observed: tuple[float | None, ...]
    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """Tell one check.

    Attributes
    ----------
    id
        Stable: the same for the same check of the same schema, whatever the data.
    category, kind
        What sort of check it is.
    table, columns
        What it looks at.
    severity
        Whether a failure is an `error` or a `warning`.
    status
        `pass`, `fail`; `error` where it could not be run, `skipped` where there was nothing to check.
    observed, expected, tolerance
        What was found, what was asked, and how far apart they may be; numbers, text, or lists and objects of them.
    rows_checked, rows_failed
        How many rows were looked at, and how many of them fail.
    examples
        Up to five failing rows: column → value, their keys among them.
    path
        The place in the schema that asks for it.
    message
        What happened, in a sentence or two.
    miss
        Of a behavioural check: how far beyond the tolerance the observed lies, in units of the tolerance
        (0: within it); the score is made from it.
    plot
        Expected against observed, where a picture helps.
    """

    id: str
    category: Category
    kind: Kind
    table: str
    columns: tuple[str, ...]
    status: Status
    message: str
    path: Path = ()
    severity: Literal["error", "warning"] = "error"
    observed: Any = None
    expected: Any = None
    tolerance: Any = None
    rows_checked: int = 0
    rows_failed: int | None = None
    examples: Sequence[dict[str, Any]] = ()
    miss: float = 0.0
    plot: Plot | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """Facts for programs, such as the strata that miss by most."""

    @property
    def doc(self) -> str:
        """Return the place in the docs that explains the kind of check."""
        return f"checks.md#{self.kind.replace('_', '-')}"

    def to_json(self) -> dict[str, Any]:
        """Return the record as a JSON object; the path as a JSON Pointer."""
        record = asdict(self)
        record["path"] = pointer(self.path)
        record["columns"] = list(self.columns)
        record["examples"] = [dict(row) for row in self.examples]
        record["doc"] = self.doc
        return record
