"""Two runs beside each other: their rows, their scores, the checks that changed, and the schema in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datagen_app.results.files import read_json
from datagen_app.results.reports import line_of, written

__all__ = ["Recorded", "compared", "difference"]

_MOST = 500
"""Changes that are told."""


@dataclass(frozen=True)
class Recorded:
    """What is kept of a run, also when its files are gone."""

    name: str
    manifest: Mapping[str, Any]
    schema: Mapping[str, Any]
    report: Mapping[str, Any]

    @classmethod
    def read(cls, name: str, record: Path) -> Recorded:
        """Read what is kept of a run; what cannot be read is empty."""
        said = [read_json(record / f"{what}.json") for what in ("manifest", "schema", "report")]
        return cls(name, *(one if isinstance(one, dict) else {} for one in said))


def compared(before: Recorded, after: Recorded) -> dict[str, Any]:
    """Return what differs between two runs.

    Returns
    -------
    dict
        `settings`, `scores` and `rows`: lists of a name with both texts and whether they differ; `checks`: those whose
        status is another; `schema`: what changed, in sentences.
    """
    return {
        "settings": _settings(before.manifest, after.manifest),
        "scores": _scores(before.report, after.report),
        "rows": _rows(before.manifest, after.manifest),
        "checks": _checks(before.report, after.report)[:_MOST],
        "judged": bool(before.report and after.report),
        "schema": list(difference(before.schema, after.schema))[:_MOST],
    }


def _pairs(names: Sequence[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "before": written(before.get(name)),
            "after": written(after.get(name)),
            "differs": before.get(name) != after.get(name),
        }
        for name in names
    ]


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _pairs(("seed", "scale"), before, after)


def _scores(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    one, other = (_dict(report.get("summary")) for report in (before, after))
    names = {"quality_score": "quality", "integrity": "integrity", "behaviour": "behaviour"}
    return [{**pair, "name": names[pair["name"]]} for pair in _pairs(tuple(names), one, other)]


def _rows(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    one, other = (
        {table: _dict(entry).get("rows") for table, entry in _dict(manifest.get("tables")).items()}
        for manifest in (before, after)
    )
    return _pairs(list(dict.fromkeys([*one, *other])), one, other)


def _checks(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    one, other = (
        {line["id"]: line for line in (line_of(check) for check in report.get("checks") or ())}
        for report in (before, after)
    )
    found = []
    for name in dict.fromkeys([*other, *one]):
        was, now = one.get(name), other.get(name)
        line = now or was
        if line is None or (was and now and was["status"] == now["status"]):
            continue
        found.append(
            {
                "id": name,
                "title": line["title"],
                "table": line["table"],
                "columns": line["columns"],
                "before": was["status"] if was else "not asked",
                "after": now["status"] if now else "not asked",
            }
        )
    worst = {"fail": 0, "error": 1, "pass": 2, "skipped": 3, "not asked": 4}
    return sorted(found, key=lambda check: worst.get(check["after"], 5)) if one and other else []


# -- the schema in words ----------------------------------------------------------------------------------


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what another schema says, a sentence a change; tables, columns and targets by their names.

    Examples
    --------
    >>> one = {"nodes": [{"id": "order", "rows": 10, "columns": [{"name": "total", "type": "int"}]}]}
    >>> other = {"nodes": [{"id": "order", "rows": 20, "columns": []}]}
    >>> list(difference(one, other))
    ['order: rows was 10, is 20.', 'order: the column total is gone.']
    """
    if not before or not after:
        return
    one, other = _named(before.get("nodes"), "id"), _named(after.get("nodes"), "id")
    yield from _members("table", "", one, other)
    for table in one:
        if table in other:
            yield from _of_table(table, one[table], other[table])
    for part in ("timeframe", "constraints", "targets"):
        yield from _values(part, before.get(part), after.get(part))


def _of_table(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*before, *after]):
        if key not in ("columns", "id") and not _remark(key):
            yield from _values(f"{table}: {key}", before.get(key), after.get(key))
    one, other = _named(before.get("columns"), "name"), _named(after.get("columns"), "name")
    yield from _members("column", f"{table}: ", one, other)
    for column in one:
        if column in other:
            for key in dict.fromkeys([*one[column], *other[column]]):
                if not _remark(key):
                    yield from _values(
                        f"{table}.{column}: {key}", one[column].get(key), other[column].get(key)
                    )


def _members(what: str, lead: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in before:
        if name not in after:
            yield f"{lead}the {what} {name} is gone."
    for name in after:
        if name not in before:
            yield f"{lead}the {what} {name} is new."


def _values(name: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            if not _remark(key):
                yield from _values(f"{name} {key}", before.get(key), after.get(key))
    elif before is None:
        yield f"{name} is new: {_said(after)}."
    elif after is None:
        yield f"{name} is gone; it was {_said(before)}."
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after) <= 8:
        for number, (one, other) in enumerate(zip(before, after, strict=True), 1):
            yield from _values(f"{name} {number}", one, other)
    else:
        yield f"{name} was {_said(before)}, is {_said(after)}."


def _said(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


def _remark(key: str) -> bool:
    return key in ("comment", "description") or key.startswith("x-")


def _named(items: Any, key: str) -> dict[str, Mapping[str, Any]]:
    return {
        str(item[key]): item
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict) and key in item
    }


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
