"""The report on some data: scores, and a record for each check; as JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from datagen_engine.validation.record import CATEGORIES, Category, CheckRecord
from datagen_engine.validation.score import Scores, false_alarm_rate, rounded, scores

__all__ = ["VERSION", "Report", "Subject", "Summary"]

VERSION = 1
"""Of the report's own format."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Say what was judged.

    Attributes
    ----------
    schema, schema_hash
        The name and the hash of the schema.
    folder
        The name of the folder.
    rows
        By table, the rows that there are; None where they cannot be told.
    kinds
        By table, its kind: entity, fact, vocab.
    sample
        How many rows of each table were looked at; None for all.
    run
        The manifest of the run, where the folder is a run of ours of this schema.
    note
        What else should be known, in a sentence.
    at, seconds
        When it was judged (ISO 8601), and how long that took.
    """

    schema: str
    schema_hash: str
    folder: str
    rows: Mapping[str, int | None]
    kinds: Mapping[str, str] = field(default_factory=dict)
    sample: int | None = None
    run: Mapping[str, Any] | None = None
    note: str = ""
    at: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Summary:
    """Hold the scores over all checks, by table and by category."""

    subject: Subject
    overall: Scores
    tables: Mapping[str, Scores]
    categories: Mapping[Category, Scores]
    false_alarm_rate: float
    """The chance that at least one behavioural check fails although the data keeps every promise."""

    @classmethod
    def of(cls, subject: Subject, checks: Sequence[CheckRecord]) -> Self:
        """Work out the scores of some checks."""
        own: dict[str, list[CheckRecord]] = {table: [] for table in subject.rows}
        for one in checks:
            own.setdefault(one.table, []).append(one)
        return cls(
            subject,
            scores(checks),
            {table: scores(own[table]) for table in subject.rows},
            {category: scores(one for one in checks if one.category == category) for category in CATEGORIES},
            false_alarm_rate(checks),
        )

    @property
    def quality_score(self) -> float | None:
        """Return the quality over all checks, 0–100."""
        return self.overall.quality_score

    @property
    def integrity(self) -> float | None:
        """Return the share of structural and value checks that pass, 0–100."""
        return self.overall.integrity

    @property
    def behaviour(self) -> float | None:
        """Return the mean score of the behavioural checks, 0–100."""
        return self.overall.behaviour

    def to_json(self) -> dict[str, Any]:
        """Return the summary as a JSON object."""
        about = self.subject
        return {
            **self.overall.to_json(),
            "false_alarm_rate": self.false_alarm_rate,
            "categories": {category: found.to_json() for category, found in self.categories.items()},
            "tables": {
                table: {"kind": about.kinds.get(table), "rows": about.rows[table], **found.to_json()}
                for table, found in self.tables.items()
            },
            "schema": about.schema,
            "schema_hash": about.schema_hash,
            "folder": about.folder,
            "sample": about.sample,
            "run": about.run,
            "note": about.note,
            "at": about.at,
            "seconds": about.seconds,
        }


@dataclass(frozen=True)
class Report:
    """Tell how some data does against its schema.

    >>> made = Report.of(Subject("shop", "", "out", {"order": 3}), [
    ...     CheckRecord("null:order.id", "structural", "null", "order", ("id",), "pass", "No null.")])
    >>> made.summary.integrity, made.is_whole
    (100.0, True)
    >>> Report.from_json(made.to_json()) == made
    True
    """

    summary: Summary
    checks: Sequence[CheckRecord] = field(default=())

    @classmethod
    def of(cls, subject: Subject, checks: Iterable[CheckRecord]) -> Self:
        """Make the report of some checks."""
        every = tuple(checks)
        return cls(Summary.of(subject, every), every)

    @property
    def is_whole(self) -> bool:
        """Say whether every structural and value check was run, and passed."""
        return self.summary.integrity == 100.0 and not self.errors

    @cached_property
    def failures(self) -> list[CheckRecord]:
        """Return the checks that fail."""
        return [one for one in self.checks if one.status == "fail"]

    @cached_property
    def errors(self) -> list[CheckRecord]:
        """Return the structural and value checks that could not be run."""
        return [one for one in self.checks if one.status == "error" and one.category != "behavioural"]

    @property
    def in_short(self) -> str:
        """Return the three scores in a few words."""
        found = self.summary
        scores = (
            ("quality", found.quality_score),
            ("integrity", found.integrity),
            ("behaviour", found.behaviour),
        )
        return ", ".join(f"{name} {rounded(score)}" for name, score in scores)

    def reaches(self, threshold: float) -> bool:
        """Say whether integrity is whole, and the quality score at least `threshold` (0–100)."""
        score = self.summary.quality_score
        return self.is_whole and score is not None and score >= threshold

    # -- leaving ------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Return the report as a JSON object; `report_schema` describes it."""
        return {
            "version": VERSION,
            "summary": self.summary.to_json(),
            "checks": [one.to_json() for one in self.checks],
        }

    @classmethod
    def from_json(cls, tree: Mapping[str, Any]) -> Self:
        """Read a report from its JSON object; the scores are worked out again.

        Raises
        ------
        ValueError
            It is no report, or one of a later version.
        """
        if tree.get("version") != VERSION:
            raise ValueError(f"this is no report of version {VERSION}")
        try:
            told = tree["summary"]
            subject = Subject(
                told["schema"],
                told["schema_hash"],
                told["folder"],
                {t: found["rows"] for t, found in told["tables"].items()},
                {t: found["kind"] for t, found in told["tables"].items() if found["kind"] is not None},
                told["sample"],
                told["run"],
                told["note"],
                told["at"],
                told["seconds"],
            )
            return cls.of(subject, [CheckRecord.from_json(one) for one in tree["checks"]])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no report: {error!r}") from None

    def json(self) -> str:
        """Return the report as JSON text."""
        return json.dumps(self.to_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def csv(self) -> str:
        """Return the checks as CSV, a line each."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_CSV)
        for one in self.checks:
            record = {**one.to_json(), "columns": ", ".join(one.columns)}
            writer.writerow([_cell(record[name]) for name in _CSV])
        return text.getvalue()

    def markdown(self) -> str:
        """Return the summary, the tables and the checks that need a look as Markdown."""
        return "\n".join(_markdown(self)) + "\n"

    def html(self) -> str:
        """Return the report as one HTML page that needs nothing else."""
        from datagen_engine.validation.html import page

        return page(self)


_CSV = (
    "id",
    "status",
    "severity",
    "category",
    "kind",
    "table",
    "columns",
    "observed",
    "expected",
    "tolerance",
    "rows_checked",
    "rows_failed",
    "score",
    "message",
    "path",
)


def _cell(value: Any) -> Any:
    """Return a value as a cell; text that a spreadsheet would run as a formula is made plain text."""
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _markdown(report: Report) -> Iterable[str]:
    summary, about = report.summary, report.summary.subject
    yield f"# {_md(about.schema)}: report"
    yield ""
    yield (
        f"Quality **{rounded(summary.quality_score)}** · integrity **{rounded(summary.integrity)}** · "
        f"behaviour **{rounded(summary.behaviour)}**"
    )
    yield ""
    counts = summary.overall.counts
    yield (
        f"{counts['pass']:,} checks passed, {counts['fail']:,} failed, {counts['error']:,} could not be run, "
        f"{counts['skipped']:,} had nothing to check. Judged: {_md(about.folder)}{', ' + about.at if about.at else ''}."
    )
    if about.note:
        yield ""
        yield _md(about.note)
    yield ""
    yield "| table | rows | quality | integrity | behaviour | failed | not run |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for table, found in summary.tables.items():
        rows = about.rows[table]
        cells = (
            _md(table),
            "–" if rows is None else f"{rows:,}",
            rounded(found.quality_score),
            rounded(found.integrity),
            rounded(found.behaviour),
            f"{found.counts['fail']:,}",
            f"{found.counts['error']:,}",
        )
        yield f"| {' | '.join(cells)} |"
    for title, status in (("Failed", "fail"), ("Not run", "error")):
        chosen = [one for one in report.checks if one.status == status]
        if chosen:
            yield ""
            yield f"## {title}"
            yield ""
        for one in chosen:
            yield f"- **{_md(one.id)}**: {_md(one.message)}"
            for row in one.examples:
                yield "  - " + ", ".join(
                    f"{_md(str(name))} = {_md(str(value))}" for name, value in row.items()
                )


def _md(text: str) -> str:
    """Return text as Markdown that shows it as it is: nothing in it is a mark, a link or HTML."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, "\\" + sign)
    return plain
