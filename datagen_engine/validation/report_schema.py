"""The JSON Schema of the report."""

from __future__ import annotations

from typing import Any

from datagen_engine.validation.record import CATEGORIES, KINDS, STATUSES
from datagen_engine.validation.report import VERSION

__all__ = ["report_schema"]

_SCORE = {
    "type": ["number", "null"], "minimum": 0, "maximum": 100, "description": "0–100; null where nothing was checked.",
}  # fmt: skip
_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ANY: dict[str, Any] = {}


def report_schema() -> dict[str, Any]:
    """Return what a report as JSON looks like (JSON Schema 2020-12).

    >>> sorted(report_schema()["properties"])
    ['checks', 'summary', 'version']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Report on data",
        "description": "What `datagen report` writes: scores, and a record for each check.",
        **_object({"version": {"const": VERSION}, "summary": _summary(), "checks": _list("#/$defs/check")}),
        "$defs": {"scores": _object(_scores()), "check": _check(), "plot": _plot()},
    }


def _object(properties: dict[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(reference: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": reference}}


def _said(what: dict[str, Any], description: str) -> dict[str, Any]:
    return {**what, "description": description}


def _scores() -> dict[str, Any]:
    return {
        "quality_score": _said(
            _SCORE, "50 % structural, 30 % value, 20 % behavioural, over those that have checks."
        ),
        "integrity": _said(_SCORE, "The share of structural and value checks that pass."),
        "behaviour": _said(_SCORE, "The mean score of the behavioural checks."),
        "checks": _said(_COUNT, "How many checks there are."),
        **dict.fromkeys(STATUSES, _COUNT),
    }


def _summary() -> dict[str, Any]:
    table = _object({
        "kind": {"enum": ["entity", "fact", "vocab", None]}, "rows": {"type": ["integer", "null"], "minimum": 0},
        **_scores(),
    })  # fmt: skip
    return _object({
        **_scores(),
        "false_alarm_rate": _said(
            {"type": "number", "minimum": 0, "maximum": 1},
            "The chance that a behavioural check fails although the data keeps every promise.",
        ),
        "categories": _object({category: {"$ref": "#/$defs/scores"} for category in CATEGORIES}),
        "tables": {"type": "object", "additionalProperties": table, "description": "By the id of the table."},
        "schema": _said(_TEXT, "The name of the schema."),
        "schema_hash": _said(_TEXT, "The hash of what the schema means."),
        "folder": _said(_TEXT, "The name of the folder that holds the data."),
        "sample": _said({"type": ["integer", "null"]}, "How many rows of each table were looked at; null for all."),
        "run": _said({"type": ["object", "null"]}, "The manifest of the run, where it is a run of this schema."),
        "note": _TEXT,
        "at": _said(_TEXT, "When it was judged, as ISO 8601."),
        "seconds": _said({"type": "number", "minimum": 0}, "How long that took."),
    })  # fmt: skip


def _check() -> dict[str, Any]:
    return _object({
        "id": _said(_TEXT, "The same for the same check of the same schema, whatever the data."),
        "category": {"enum": list(CATEGORIES)},
        "kind": {"enum": list(KINDS)},
        "table": _TEXT,
        "columns": _TEXTS,
        "status": _said({"enum": list(STATUSES)}, "error: it could not be run; skipped: there was nothing to check."),
        "message": _said(_TEXT, "What happened, in a sentence or two."),
        "path": _said(_TEXT, "The place in the schema that asks for it: a JSON Pointer."),
        "severity": {"enum": ["error", "warning"]},
        "observed": _said(_ANY, "What was found."),
        "expected": _said(_ANY, "What was asked for."),
        "tolerance": _said(_ANY, "How far apart the two may be."),
        "rows_checked": _COUNT,
        "rows_failed": {"type": ["integer", "null"], "minimum": 0},
        "examples": _said(
            {"type": "array", "maxItems": 5, "items": {"type": "object"}},
            "Rows that fail: column to value; `rows` of the details are their numbers, from 0.",
        ),
        "miss": _said(
            {"type": ["number", "null"]}, "Of a behavioural check that fails: by how much; its score is 1 less this."
        ),
        "plot": {"anyOf": [{"$ref": "#/$defs/plot"}, {"type": "null"}]},
        "details": _said(
            {"type": "object"}, "Further facts; `cause` is the id of the check that fails for the same reason."
        ),
        "title": _said(_TEXT, "What a list calls the check."),
        "score": _said({"type": ["number", "null"], "minimum": 0, "maximum": 1}, "null where there is no verdict."),
        "doc": _said(_TEXT, "The place in the docs that explains the kind of check."),
    })  # fmt: skip


def _plot() -> dict[str, Any]:
    numbers = {"type": "array", "items": {"type": ["number", "null"]}}
    return _object({
        "form": {"enum": ["bars", "lines", "points"]},
        "labels": {"type": "array", "items": {"type": ["string", "number", "null"]}},
        "expected": numbers, "observed": numbers, "text": _said(_TEXT, "What it shows, in a sentence."), "unit": _TEXT,
    })  # fmt: skip
