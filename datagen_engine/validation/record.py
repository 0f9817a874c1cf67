"""One record for each check: what was asked of the data, what was found, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self, get_args

from datagen_engine.schema.path import Path, parse_pointer, pointer

__all__ = [
    "CATEGORIES",
    "KINDS",
    "STATUSES",
    "Category",
    "CheckRecord",
    "Kind",
    "Plot",
    "Status",
    "anchor",
    "missed",
]

Category = Literal["structural", "value", "behavioural"]
Kind = Literal[
    "present",
    "readable",
    "type",
    "null",
    "primary_key",
    "foreign_key",
    "unique",
    "row_count",
    "range",
    "inequality",
    "pattern",
    "enum",
    "rule",
    "target",
    "shape",
]
Status = Literal["pass", "fail", "error", "skipped"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)

_LEAST_SHARE = 0.1
"""The share of the expected that a miss is at least measured by."""


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
        Up to five failing rows: column → value, their keys among them. `rows` of the details are their numbers,
        from 0.
    path
        The place in the schema that asks for it.
    message
        What happened, in a sentence or two.
    miss
        Of a behavioural check that fails: how far beyond the tolerance the observed lies, as a share of the tolerance
        or of 10 % of the expected, whichever is larger (`missed` works it out; 0: within it). The score is 1 less this.
    plot
        Expected against observed, where a picture helps.
    title
        What a list calls the check, in a few words; where it is left out, the first word of the id.
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
    title: str = ""

    @property
    def name(self) -> str:
        """Return the title, or what stands for it.

        >>> CheckRecord("row_count:order", "structural", "row_count", "order", (), "pass", "").name
        'row count'
        """
        return self.title or _first_word(self.id)

    @property
    def needs_a_look(self) -> bool:
        """Say whether the check fails, or could not be run for a reason that no failing check tells."""
        return self.status == "fail" or (self.status == "error" and "cause" not in self.details)

    @property
    def doc(self) -> str:
        """Return the place in the docs that explains the kind of check."""
        return f"checks.md#{anchor(self.kind)}"

    @property
    def score(self) -> float | None:
        """Return 1 for a check that passes, 0 for one that fails, less for a behavioural one; None where it has none.

        >>> CheckRecord("a", "behavioural", "target", "t", (), "fail", "", miss=0.25).score
        0.75
        """
        if self.status == "pass":
            return 1.0
        if self.status != "fail":
            return None
        # One that fails has missed by something; by how much, it may not be able to say.
        return max(0.0, 1.0 - self.miss) if self.category == "behavioural" and self.miss > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the record as a JSON object; the path as a JSON Pointer."""
        record = {one.name: _json(getattr(self, one.name)) for one in fields(self)}
        record["path"] = pointer(self.path)
        record["plot"] = (
            None
            if self.plot is None
            else {one.name: _json(getattr(self.plot, one.name)) for one in fields(self.plot)}
        )
        record["title"] = self.name
        record["score"] = self.score
        record["doc"] = self.doc
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """Read a record from its JSON object; raises ValueError where it is none."""
        known = {one.name for one in fields(cls)}
        try:
            facts = {name: value for name, value in record.items() if name in known}
            facts["columns"] = tuple(facts["columns"])
            if facts.get("title") == _first_word(facts["id"]):
                del facts["title"]
            facts["examples"] = tuple(facts.get("examples", ()))
            facts["path"] = parse_pointer(facts.get("path", ""))
            if facts.get("plot") is not None:
                facts["plot"] = Plot(**{name: _fixed(value) for name, value in facts["plot"].items()})
            made = cls(**facts)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise ValueError(f"this is no record of a check: {error}") from None
        if made.category not in CATEGORIES or made.kind not in KINDS or made.status not in STATUSES:
            raise ValueError(f"this is no record of a check: {made.category}, {made.kind}, {made.status}")
        return made


def anchor(kind: Kind) -> str:
    """Return where a kind of check stands on its page of the docs.

    >>> anchor("primary_key")
    'primary-key'
    """
    return kind.replace("_", "-")


def missed(beyond: float, tolerance: float, expected: float) -> float:
    """Return by how much a behavioural check misses, for its `miss`.

    Parameters
    ----------
    beyond
        How far the observed lies beyond what is tolerated, in its own unit.
    tolerance
        How far it may lie from the expected.
    expected
        What was expected: of an interval, the end that is missed.

    Examples
    --------
    >>> missed(0.01, 0.02, 0.1), missed(1.0, 0.0, 40.0)
    (0.5, 0.25)
    """
    scale = max(tolerance, _LEAST_SHARE * abs(expected))
    return beyond / scale if scale > 0 else math.inf if beyond > 0 else 0.0


def _first_word(id: str) -> str:
    return id.partition(":")[0].replace("_", " ")


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _json(value: Any) -> Any:
    """Return a value as JSON has it: no numbers of numpy, nothing that is not finite."""
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if hasattr(value, "tolist"):
        return _json(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
