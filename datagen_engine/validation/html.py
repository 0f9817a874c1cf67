"""The report as one HTML page: no other file, no network, nothing in the data can run in it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from datagen_engine.resources import resource
from datagen_engine.validation.plots import figure
from datagen_engine.validation.record import CheckRecord
from datagen_engine.validation.report import Report
from datagen_engine.validation.score import Scores, rounded
from datagen_engine.validation.words import many, written

__all__ = ["page"]

_SIGNS = {
    "pass": (
        "passed",
        '<circle cx="8" cy="8" r="7.2" fill="currentColor"/><path d="M4.6,8.2l2.3,2.4 4.4-4.8" {line}/>',
    ),
    "fail": (
        "failed",
        '<circle cx="8" cy="8" r="7.2" fill="currentColor"/><path d="M5.4,5.4l5.2,5.2M10.6,5.4l-5.2,5.2" {line}/>',
    ),
    "warn": (
        "warning",
        '<path d="M8,1.2L15.2,14.2H.8Z" fill="currentColor"/><path d="M8,6v4M8,11.9v.2" {line}/>',
    ),
    "error": (
        "could not be run",
        '<path d="M8,1.2L15.2,14.2H.8Z" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8,6v4M8,11.9v.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>',
    ),
    "skipped": (
        "nothing to check",
        '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M5,8H11" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    ),
}
_LINE = 'class="line"'

_KINDS = {
    "entity": '<rect x="1" y="2" width="14" height="12" rx="4" fill="currentColor"/>',
    "fact": '<path d="M1,2H10V6H15V14H1Z" fill="currentColor"/>',
    "vocab": '<rect x="1" y="4" width="14" height="8" rx="4" fill="currentColor"/>',
}

_RANK = {"fail": 4, "error": 3, "skipped": 1, "pass": 0}
_LONGEST = 90
_MOST_OPEN = 12
"""Failing checks that are unfolded to begin with."""


def page(report: Report) -> str:
    """Return the whole page.

    What stands in the schema and in the data is text in it and nothing else: every bit of it is escaped, and
    the page's own policy lets no script run but the one that filters and sorts.
    """
    style = resource("report/report.css").read_text(encoding="utf-8")
    script = resource("report/report.js").read_text(encoding="utf-8")
    about = report.summary.subject
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    parts = [
        "<!DOCTYPE html>\n",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
        f"<title>{escape(about.schema)} – data report</title><style>{style}</style></head><body>",
        *_head(report),
        "<main>",
        *_tables(report),
        *_checks(report),
        *_run(report),
        *_reading(),
        "</main>",
        f"<footer>Quality is {_formula()}. Made by datagen.</footer>",
        f"<script>{script}</script></body></html>\n",
    ]
    return "".join(parts)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _sign(status: str, severity: str = "error") -> str:
    name = "warn" if status == "fail" and severity == "warning" else status
    title, drawing = _SIGNS[name]
    return f'<svg class="sign {name}" viewBox="0 0 16 16" role="img" aria-label="{title}">{drawing.replace("{line}", _LINE)}</svg>'


def _kind(kind: str | None) -> str:
    if kind not in _KINDS:
        return ""
    return f'<svg class="kind {kind}" viewBox="0 0 16 16" role="img" aria-label="{kind}">{_KINDS[kind]}</svg>'


# -- the top ----------------------------------------------------------------------------------------------


def _head(report: Report) -> Iterator[str]:
    summary, about = report.summary, report.summary.subject
    rows = sum(count or 0 for count in about.rows.values())
    told = [many(rows, "row"), many(len(about.rows), "table"), many(len(report.checks), "check")]
    if about.run is not None:
        told.append(f"seed {written(about.run.get('seed'))}")
    if about.sample is not None:
        told.append(f"at most {many(about.sample, 'row')} of a table looked at")
    if about.at:
        told.append(f"judged {about.at[:16].replace('T', ' ')} UTC in {about.seconds:.1f} s")
    yield f'<header class="page"><h1><span class="name">{escape(about.schema)}</span></h1>'
    yield f'<p class="quiet">Report on <span class="name">{escape(about.folder)}</span> · {escape(" · ".join(told))}</p>'
    if about.note:
        yield f'<p class="note">{escape(about.note)}</p>'
    yield '<ul class="scores">'
    counts = summary.categories
    solid = [counts["structural"], counts["value"]]
    passed, judged = _judged(solid)
    yield _score("Quality", summary.quality_score, _tally(summary.overall))
    yield _score(
        "Integrity",
        summary.integrity,
        f"{passed:,} of {many(judged, 'structural and value check')} passed" if judged else "not checked",
    )
    passed, judged = _judged([counts["behavioural"]])
    yield _score(
        "Behaviour",
        summary.behaviour,
        f"{passed:,} of {judged:,} within tolerance" if judged else "not checked",
    )
    yield "</ul></header>"


def _judged(found: Sequence[Scores]) -> tuple[int, int]:
    passed = sum(one.counts["pass"] for one in found)
    return passed, passed + sum(one.counts["fail"] for one in found)


def _tally(found: Scores) -> str:
    words = (
        ("pass", "passed"),
        ("fail", "failed"),
        ("error", "could not be run"),
        ("skipped", "nothing to check"),
    )
    return ", ".join(
        f"{found.counts[status]:,} {word}"
        for status, word in words
        if found.counts[status] or status in ("pass", "fail")
    )  # type: ignore[index]  # the words of Status


def _score(label: str, score: float | None, told: str) -> str:
    sign = "" if score is None else _sign("pass" if score >= 100 else "fail")
    shown = f"{rounded(score)}<small> of 100</small>" if score is not None else "–"
    width = 0.0 if score is None else max(0.0, min(100.0, score))
    meter = f'<div class="meter" aria-hidden="true"><svg viewBox="0 0 100 4" preserveAspectRatio="none" width="100%" height="4"><rect class="fill" width="{width:.1f}" height="4"/></svg></div>'
    return f'<li><div class="label">{sign}{label}</div><div class="value">{shown}</div>{meter}<div class="quiet">{escape(told)}</div></li>'


# -- tables -----------------------------------------------------------------------------------------------


def _tables(report: Report) -> Iterator[str]:
    summary, about = report.summary, report.summary.subject
    yield '<h2 id="tables">Tables</h2><div class="sheet"><table><thead><tr><th>Table</th>'
    for title in ("Rows", "Quality", "Integrity", "Behaviour", "Passed", "Failed", "Not run"):
        yield f'<th class="number">{title}</th>'
    yield "</tr></thead><tbody>"
    for table, found in summary.tables.items():
        rows = about.rows[table]
        status = (
            "fail"
            if found.counts["fail"]
            else "error"
            if found.counts["error"]
            else "pass"
            if found.counts["pass"]
            else "skipped"
        )
        yield (
            f'<tr><td class="table">{_kind(about.kinds.get(table))}<a href="#all-checks" data-table="{escape(table)}"><span class="name">{escape(table)}</span></a> '
            f"{_sign(status) if status != 'pass' else ''}</td>"
        )
        cells = [
            "–" if rows is None else f"{rows:,}",
            rounded(found.quality_score),
            rounded(found.integrity),
            rounded(found.behaviour),
            *(f"{found.counts[name]:,}" for name in ("pass", "fail", "error")),  # type: ignore[index]  # words of Status
        ]
        yield (
            "".join(
                f'<td class="number{" faint" if cell in ("0", "–") else ""}">{cell}</td>' for cell in cells
            )
            + "</tr>"
        )
    yield "</tbody></table></div>"


# -- checks -----------------------------------------------------------------------------------------------


def _checks(report: Report) -> Iterator[str]:
    overall, categories = report.summary.overall, report.summary.categories
    look = sum(map(_needs_a_look, report.checks))
    chips = [
        ("look", "Needs a look", look),
        ("all", "All", overall.checks),
        *((category, category.capitalize(), found.checks) for category, found in categories.items()),
    ]
    chosen = "look" if look else "all"
    yield '<h2 id="all-checks">Checks</h2><div class="filters" role="group" aria-label="Which checks are shown">'
    for key, title, count in chips:
        pressed = "true" if key == chosen else "false"
        yield f'<button class="chip" type="button" data-filter="{key}" aria-pressed="{pressed}">{title} <b>{count:,}</b></button>'
    yield '<select id="table" aria-label="Table"><option value="">every table</option>'
    for table in report.summary.tables:
        yield f'<option value="{escape(table)}">{escape(table)}</option>'
    yield (
        '</select><input id="search" type="search" placeholder="Search checks" aria-label="Search checks">'
        '<span class="quiet" id="count" role="status"></span></div>'
        '<div class="sheet"><table id="checks"><thead><tr>'
    )
    for title, numeric in (
        ("Check", False),
        ("Column", False),
        ("Observed", False),
        ("Expected", False),
        ("Rows", True),
        ("Failed", True),
    ):
        yield f'<th{" class=number" if numeric else ""}><button type="button">{title}</button></th>'
    yield "</tr></thead>"
    number = 0
    for table in report.summary.tables:
        own = [one for one in report.checks if one.table == table]
        if not own:
            continue
        kind = _kind(report.summary.subject.kinds.get(table))
        yield f'<tbody data-table="{escape(table)}"><tr class="group"><th colspan="6" scope="rowgroup">{kind}<span class="name">{escape(table)}</span></th></tr>'
        for one in own:
            number += 1
            yield from _check(
                one, number, opened=one.status == "fail" and overall.counts["fail"] <= _MOST_OPEN
            )
        yield "</tbody>"
    yield '<tbody id="none" class="out"><tr><td colspan="6" class="none">No check is like this.</td></tr></tbody></table></div>'


def _needs_a_look(one: CheckRecord) -> bool:
    """Say whether a check fails, or could not be run for a reason that no failing check tells."""
    return one.status == "fail" or (one.status == "error" and "cause" not in one.details)


def _check(one: CheckRecord, number: int, opened: bool) -> Iterator[str]:
    rank = _RANK[one.status] - (0.5 if one.status == "fail" and one.severity == "warning" else 0)
    failed = "" if one.rows_failed is None or one.status in ("error", "skipped") else f"{one.rows_failed:,}"
    yield (
        f'<tr class="check{" open" if opened else ""}" id="c{number}" data-look="{"yes" if _needs_a_look(one) else "no"}" '
        f'data-status="{one.status}" data-category="{one.category}" data-table="{escape(one.table)}">'
        f'<td class="what" data-sort="{rank:g}"><button type="button" aria-expanded="{"true" if opened else "false"}" aria-controls="d{number}">{_sign(one.status, one.severity)}'
        f'<span class="name">{escape(_cut(one.name))}</span></button></td>'
        f'<td class="where{"" if one.columns else " empty"}" data-label="Column"><span class="name">{escape(_cut(", ".join(one.columns)))}</span></td>'
        f"{_told('seen', 'Observed', _brief(one.observed, one.status))}{_told('asked', 'Expected', _brief(one.expected, one.status))}"
        f'<td class="number{"" if one.rows_checked else " empty"}" data-label="Rows" data-sort="{one.rows_checked}">{f"{one.rows_checked:,}" if one.rows_checked else ""}</td>'
        f'<td class="number{"" if failed else " empty"}" data-label="Failed" data-sort="{one.rows_failed or 0}">{failed}</td></tr>'
    )
    yield f'<tr class="more" id="d{number}"><td colspan="6"><p class="message">{escape(one.message)}</p><div class="cols">'
    if one.plot is not None:
        yield figure(one.plot, f"p{number}")
    if one.examples:
        yield from _examples(one.examples, one.details.get("rows"))
    yield f"{_facts(one)}</div></td></tr>"


def _told(name: str, label: str, text: str) -> str:
    return f'<td class="{name}{"" if text else " empty"}" data-label="{label}"><span class="name">{escape(text)}</span></td>'


def _examples(rows: Sequence[Mapping[str, Any]], numbers: Any) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    numbered = isinstance(numbers, list) and len(numbers) == len(rows)
    yield '<div><h3>Rows that fail</h3><div class="examples"><table><thead><tr>'
    yield '<th class="number">row</th>' if numbered else ""
    yield "".join(f"<th>{escape(_cut(name))}</th>" for name in names) + "</tr></thead><tbody>"
    for place, row in enumerate(rows):
        yield f"<tr>{f'<td class=number>{numbers[place]}</td>' if numbered else ''}"
        yield (
            "".join(
                f"<td{' class=number' if _is_number(row.get(name)) else ''}>{escape(_value(row.get(name)))}</td>"
                for name in names
            )
            + "</tr>"
        )
    yield "</tbody></table></div></div>"


def _facts(one: CheckRecord) -> str:
    record = one.to_json()
    both = [
        (title, _full(record[name])) for title, name in (("Observed", "observed"), ("Expected", "expected"))
    ]
    facts = [
        # What the row above shows in full need not be said twice.
        *((title, text) for title, text in both if text != _brief(record[title.lower()], one.status)),
        ("Tolerance", _full(record["tolerance"])),
        ("Score", "" if one.score in (None, 0.0, 1.0) else f"{one.score:.2f}"),
        ("Kind", f"{one.kind.replace('_', ' ')}, {one.category}"),
        ("In the schema", record["path"]),
        ("Id", one.id),
        ("Explained in", one.doc),
    ]
    strata = {key: value for key, value in record["details"].items() if key not in ("rows", "table")}
    if strata:
        facts.append(("Details", json.dumps(strata, ensure_ascii=False)[:2000]))
    shown = "".join(
        f"<dt>{title}</dt><dd{' class=mono' if title in ('In the schema', 'Id', 'Details') else ''}>{escape(text)}</dd>"
        for title, text in facts
        if text
    )
    return f"<div><h3>About this check</h3><dl>{shown}</dl></div>"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(value: Any) -> str:
    """Write a value of a row as it stands: a key is no quantity, so its digits are not parted."""
    return value if isinstance(value, str) else repr(value) if _is_number(value) else written(value)


def _brief(value: Any, status: str) -> str:
    return "" if status == "error" else _cut(_full(value, brief=True))


def _full(value: Any, brief: bool = False) -> str:
    """Write what was observed or expected."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_full(item, brief)}" for name, item in value.items())
    if isinstance(value, Iterable):
        return ", ".join(_full(item, brief) for item in value)
    if isinstance(value, float):
        return f"{value:.4g}" if brief or (abs(value) < 1e15 and len(repr(value)) > 12) else written(value)
    return written(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# -- the run, and how to read the page ----------------------------------------------------------------------


def _run(report: Report) -> Iterator[str]:
    about = report.summary.subject
    yield '<h2 id="run">The data</h2><div class="facts"><dl>'
    yield f"<dt>Folder</dt><dd>{escape(about.folder)}</dd><dt>Schema</dt><dd>{escape(about.schema)}, <code>{escape(about.schema_hash)}</code></dd>"
    run = about.run
    if run is None:
        yield "<dt>Origin</dt><dd>no run of this schema: judged by what the schema says alone</dd></dl></div>"
        return
    for title, value in (
        ("Seed", run.get("seed")),
        ("Scale", run.get("scale")),
        ("Compression", run.get("compression")),
    ):
        yield f"<dt>{title}</dt><dd>{escape(_full(value))}</dd>"
    for title, name in (("Versions", "versions"), ("Machine", "machine"), ("Rows asked for", "rows")):
        if run.get(name):
            yield f"<dt>{title}</dt><dd>{escape(_full(run[name]))}</dd>"
    yield '</dl><details><summary>Files of the manifest</summary><div class="examples"><table><thead><tr><th>file</th>'
    yield '<th class="number">rows</th><th class="number">bytes</th><th>BLAKE2b</th></tr></thead><tbody>'
    for entry in run.get("tables", {}).values():
        for file in entry["files"]:
            yield (
                f'<tr><td>{escape(str(file["path"]))}</td><td class="number">{escape(written(file["rows"]))}</td>'
                f'<td class="number">{escape(written(file["bytes"]))}</td><td><code>{escape(str(file["hash"]))}</code></td></tr>'
            )
    yield "</tbody></table></div></details></div>"


def _reading() -> Iterator[str]:
    yield '<h2 id="reading">How to read this</h2><div class="facts"><dl>'
    said = (
        ("pass", "what was asked for is there"),
        ("fail", "it is not; the rows that fail, or the plot, show where"),
        (
            "error",
            "the check could not be run, mostly because what it needs is missing; another check fails for that",
        ),
        ("skipped", "there was nothing to check; it counts neither for nor against"),
    )
    for status, meaning in said:
        yield f"<dt>{_sign(status)} {_SIGNS[status][0]}</dt><dd>{meaning}</dd>"
    yield (
        "<dt>Integrity</dt><dd>the share of structural and value checks that pass: 100, or there is work to do</dd>"
        "<dt>Behaviour</dt><dd>the mean score of the behavioural checks; one that fails still scores by how little it misses</dd>"
        f"<dt>Quality</dt><dd>{_formula()}</dd></dl></div>"
    )


def _formula() -> str:
    return "50 % structural, 30 % value and 20 % behavioural, over the categories that have checks"
