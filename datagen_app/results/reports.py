"""A report as a list shows it: one short line for each check, and all of one check when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["about_report", "line_of", "written"]

_LONGEST = 60


def about_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores of a report and a line for each check."""
    summary = report.get("summary")
    said = summary if isinstance(summary, dict) else {}
    kept = (
        "quality_score",
        "integrity",
        "behaviour",
        "checks",
        "pass",
        "fail",
        "error",
        "skipped",
        "categories",
    )
    return {
        "scores": {key: said.get(key) for key in kept},
        "at": said.get("at", ""),
        "seconds": said.get("seconds", 0),
        "note": said.get("note", ""),
        "sample": said.get("sample"),
        "lines": [line_of(check) for check in report.get("checks") or () if isinstance(check, dict)],
    }


def line_of(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a list shows of a check."""
    columns = [str(name) for name in check.get("columns") or ()]
    return {
        "id": str(check.get("id", "")),
        "status": str(check.get("status", "error")),
        "severity": str(check.get("severity", "error")),
        "category": str(check.get("category", "")),
        "kind": str(check.get("kind", "")),
        "title": str(check.get("title") or check.get("kind") or ""),
        "table": str(check.get("table", "")),
        "columns": ", ".join(columns),
        "observed": written(check.get("observed")),
        "expected": written(check.get("expected")),
        "rows": check.get("rows_checked") or 0,
        "failed": check.get("rows_failed"),
        "cause": "cause" in (check.get("details") or {}),
    }


def written(value: Any) -> str:
    """Return a value of a check as a reader writes it.

    Examples
    --------
    >>> written([0.33, 0.365]), written(1234567), written(None), written(0.34754)
    ('0.33 – 0.365', '1,234,567', '–', '0.3475')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.4g}"
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, int | float) for one in value):
        return " – ".join(written(one) for one in value)
    if isinstance(value, dict):
        text = ", ".join(f"{key} {written(one)}" for key, one in value.items())
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
