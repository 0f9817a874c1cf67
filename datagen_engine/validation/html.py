"""The report as one HTML page: no other file, no network, nothing in the data can run in it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from datagen_engine.resources import resource
from datagen_engine.validation.markup import Markup, joined, tag
from datagen_engine.validation.plots import figure
from datagen_engine.validation.record import STATUSES, CheckRecord, Status
from datagen_engine.validation.report import Report
from datagen_engine.validation.score import Scores, rounded
from datagen_engine.validation.words import fraction, many, written

__all__ = ["page"]

_MOST_OPEN = 12
"""Failing checks that are unfolded to begin with; where there are more, none is."""

_LONGEST = 90
_LONGEST_DETAILS = 2_000
_CHANCES = {"p_value": "Chance of it by sampling", "false_alarm_rate": "False alarms"}
_SAID = ("rows", "table", "cause", "strata", "effect", "effect_tolerance", *_CHANCES)
"""Details that are told elsewhere, or in words."""

_FORMULA = "50 % structural, 30 % value and 20 % behavioural, over the categories that have checks"


def page(report: Report) -> str:
    """Return the whole page.

    What stands in the schema and in the data is text in it and nothing else: every bit of it is escaped, and
    the page's own policy lets no script run but the one that filters and sorts.
    """
    style = resource("report/report.css").read_text(encoding="utf-8")
    script = resource("report/report.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"), tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{report.summary.subject.schema}: report on its data"), tag("style", Markup(style)),
    )  # fmt: skip
    body = tag(
        "body", _header(report), tag("main", _tables(report), _checks(report), _data(report), _reading(report)),
        tag("footer", f"Quality is {_FORMULA}. Made by datagen."), tag("script", Markup(script)),
    )  # fmt: skip
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en") + "\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


# -- signs ------------------------------------------------------------------------------------------------

_DISC = tag("circle", cx=8, cy=8, r=7.2, fill="currentColor")
_TRIANGLE = "M8,1.2L15.2,14.2H.8Z"
_SIGNS = {
    "pass": ("passed", joined([_DISC, tag("path", class_="line", d="M4.6,8.2l2.3,2.4 4.4-4.8")])),
    "fail": ("failed", joined([_DISC, tag("path", class_="line", d="M5.4,5.4l5.2,5.2M10.6,5.4l-5.2,5.2")])),
    "warn": (
        "warning",
        joined(
            [tag("path", d=_TRIANGLE, fill="currentColor"), tag("path", class_="line", d="M8,6v4M8,11.9v.2")]
        ),
    ),
    "error": ("could not be run", tag("path", class_="outline", d=f"{_TRIANGLE}M8,6v4M8,11.9v.2")),
    "skipped": (
        "nothing to check",
        joined(
            [tag("circle", class_="outline", cx=8, cy=8, r=6.5), tag("path", class_="outline", d="M5,8H11")]
        ),
    ),
}
_KINDS = {
    "entity": tag("rect", x=1, y=2, width=14, height=12, rx=4, fill="currentColor"),
    "fact": tag("path", d="M1,2H10V6H15V14H1Z", fill="currentColor"),
    "vocab": tag("rect", x=1, y=4, width=14, height=8, rx=4, fill="currentColor"),
}


def _sign(status: str, severity: str = "error") -> Markup:
    name = "warn" if status == "fail" and severity == "warning" else status
    title, drawing = _SIGNS[name]
    return tag("svg", drawing, class_=f"sign {name}", viewBox="0 0 16 16", role="img", aria_label=title)


def _kind(kind: str | None) -> Markup:
    if kind not in _KINDS:
        return Markup("")
    return tag("svg", _KINDS[kind], class_=f"kind {kind}", viewBox="0 0 16 16", role="img", aria_label=kind)


def _name(text: str) -> Markup:
    """Return a name of somebody else's: whatever way it is written, what stands after it stays where it is."""
    return tag("span", text, class_="name")


# -- the top ----------------------------------------------------------------------------------------------


def _header(report: Report) -> Markup:
    summary, about = report.summary, report.summary.subject
    rows = sum(count or 0 for count in about.rows.values())
    told = [many(rows, "row"), many(len(about.rows), "table"), many(len(report.checks), "check")]
    if about.run is not None:
        told.append(f"seed {about.run.get('seed')}")
    if about.sample is not None:
        told.append(f"at most {many(about.sample, 'row')} of a table looked at")
    if about.at:
        told.append(f"judged {about.at[:16].replace('T', ' ')} UTC in {about.seconds:.1f} s")
    passed, judged = _judged([summary.categories["structural"], summary.categories["value"]])
    within, tested = _judged([summary.categories["behavioural"]])
    solid = f"{passed:,} of {many(judged, 'structural and value check')} passed"
    return tag(
        "header", tag("h1", _name(about.schema)),
        tag("p", "Report on ", _name(about.folder), " · ", " · ".join(told), class_="quiet"),
        tag("p", about.note, class_="note") if about.note else "",
        tag(
            "ul", _score("Quality", summary.quality_score, _tally(summary.overall)),
            _score("Integrity", summary.integrity, solid if judged else "not checked"),
            _score("Behaviour", summary.behaviour, f"{within:,} of {tested:,} hold" if tested else "not checked"),
            class_="scores",
        ),
        class_="page",
    )  # fmt: skip


def _judged(found: Sequence[Scores]) -> tuple[int, int]:
    passed = sum(one.counts["pass"] for one in found)
    return passed, passed + sum(one.counts["fail"] for one in found)


def _tally(found: Scores) -> str:
    words: dict[Status, str] = {
        "pass": "passed", "fail": "failed", "error": "could not be run", "skipped": "nothing to check",
    }  # fmt: skip
    return ", ".join(
        f"{found.counts[status]:,} {word}"
        for status, word in words.items()
        if found.counts[status] or status in ("pass", "fail")
    )


def _score(label: str, score: float | None, told: str) -> Markup:
    sign = Markup("") if score is None else _sign("pass" if score >= 100 else "fail")
    width = 0.0 if score is None else max(0.0, min(100.0, score))
    bar = tag("rect", class_="fill", width=f"{width:.1f}", height=4)
    meter = tag("svg", bar, viewBox="0 0 100 4", preserveAspectRatio="none", width="100%", height=4)
    return tag(
        "li", tag("div", sign, label, class_="label"),
        tag("div", rounded(score), tag("small", " of 100") if score is not None else "", class_="value"),
        tag("div", meter, class_="meter", aria_hidden="true"), tag("div", told, class_="quiet"),
    )  # fmt: skip


# -- tables -----------------------------------------------------------------------------------------------


def _tables(report: Report) -> Markup:
    titles = ("Rows", "Quality", "Integrity", "Behaviour", "Passed", "Failed", "Not run")
    head = tag("tr", tag("th", "Table"), *(tag("th", title, class_="number") for title in titles))
    rows = [_table(report, table, found) for table, found in report.summary.tables.items()]
    sheet = tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="sheet")
    return joined([tag("h2", "Tables", id="tables"), sheet])


def _table(report: Report, table: str, found: Scores) -> Markup:
    about = report.summary.subject
    order: tuple[Status, ...] = ("fail", "error", "pass")
    worst = next((status for status in order if found.counts[status]), "skipped")
    link = tag("a", _name(table), href="#all-checks", data_table=table)
    sign = _sign(worst) if worst != "pass" else ""
    rows = about.rows[table]
    cells = [
        "–" if rows is None else f"{rows:,}", rounded(found.quality_score), rounded(found.integrity),
        rounded(found.behaviour), *(f"{found.counts[status]:,}" for status in ("pass", "fail", "error")),
    ]  # fmt: skip
    return tag(
        "tr", tag("td", _kind(about.kinds.get(table)), link, " ", sign, class_="table"),
        *(tag("td", cell, class_="number faint" if cell in ("0", "–") else "number") for cell in cells),
    )  # fmt: skip


# -- checks -----------------------------------------------------------------------------------------------


def _checks(report: Report) -> Markup:
    few = report.summary.overall.counts["fail"] <= _MOST_OPEN
    titles = ("Check", "Column", "Observed", "Expected", "Rows", "Failed")
    head = tag("tr", *(
        tag("th", tag("button", title, type="button"), class_="number" if title in ("Rows", "Failed") else None)
        for title in titles
    ))  # fmt: skip
    bodies, number = [], 0
    by_table: dict[str, list[CheckRecord]] = {}
    for one in report.checks:
        by_table.setdefault(one.table, []).append(one)
    for table in report.summary.tables:
        own = by_table.get(table, [])
        name = tag(
            "th",
            _kind(report.summary.subject.kinds.get(table)),
            _name(table),
            colspan=len(titles),
            scope="rowgroup",
        )
        rows = [tag("tr", name, class_="group")]
        for one in own:
            number += 1
            rows += _check(one, number, opened=few and one.status == "fail")
        if own:
            bodies.append(tag("tbody", *rows, data_table=table))
    none = tag("td", "No check is like this.", colspan=len(titles), class_="none")
    bodies.append(tag("tbody", tag("tr", none), id="none", class_="out"))
    sheet = tag("div", tag("table", tag("thead", head), *bodies, id="checks"), class_="sheet")
    return joined([tag("h2", "Checks", id="all-checks"), _filters(report), sheet])


def _filters(report: Report) -> Markup:
    summary = report.summary
    look = sum(one.needs_a_look for one in report.checks)
    chips = [("look", "Needs a look", look), ("all", "All", summary.overall.checks)]
    chips += [
        (category, category.capitalize(), found.checks) for category, found in summary.categories.items()
    ]
    chosen = "look" if look else "all"
    buttons = [
        tag(
            "button", title + " ", tag("b", f"{count:,}"), class_="chip", type="button", data_filter=key,
            aria_pressed="true" if key == chosen else "false",
        )
        for key, title, count in chips
    ]  # fmt: skip
    options = [
        Markup('<option value="">every table</option>'),
        *(tag("option", t, value=t) for t in summary.tables),
    ]
    return tag(
        "div", *buttons, tag("select", *options, id="table", aria_label="Table"),
        tag("input", id="search", type="search", placeholder="Search checks", aria_label="Search checks"),
        tag("span", class_="quiet", id="count", role="status"),
        class_="filters", role="group", aria_label="Which checks are shown",
    )  # fmt: skip


_RANK = {"fail": 4, "error": 3, "skipped": 1, "pass": 0}


def _check(one: CheckRecord, number: int, *, opened: bool) -> Iterator[Markup]:
    """Yield the row of a check, and the one below it that is unfolded."""
    rank = _RANK[one.status] - (0.5 if one.severity == "warning" and one.status == "fail" else 0)
    button = tag(
        "button", _sign(one.status, one.severity), _name(_cut(one.name)), type="button",
        aria_expanded="true" if opened else "false", aria_controls=f"d{number}",
    )  # fmt: skip
    failed = "" if one.rows_failed is None or one.status in ("error", "skipped") else f"{one.rows_failed:,}"
    yield tag(
        "tr", tag("td", button, class_="what", data_sort=rank),
        _cell("where", "Column", _cut(", ".join(one.columns))), _cell("seen", "Observed", _brief(one, "observed")),
        _cell("asked", "Expected", _brief(one, "expected")),
        _cell("number", "Rows", f"{one.rows_checked:,}" if one.rows_checked else "", one.rows_checked),
        _cell("number", "Failed", failed, one.rows_failed or 0),
        class_="check open" if opened else "check", id=f"c{number}", data_status=one.status,
        data_look="yes" if one.needs_a_look else "no", data_category=one.category, data_table=one.table,
    )  # fmt: skip
    parts = [
        figure(one.plot, f"p{number}") if one.plot is not None else Markup(""),
        _examples(one.examples, one.details.get("rows")) if one.examples else Markup(""), _about(one),
    ]  # fmt: skip
    inside = tag("td", tag("p", one.message, class_="message"), tag("div", *parts, class_="cols"), colspan=6)
    yield tag("tr", inside, class_="more", id=f"d{number}")


def _cell(name: str, label: str, text: str, sort: float | None = None) -> Markup:
    return tag("td", _name(text), class_=name if text else f"{name} empty", data_label=label, data_sort=sort)


def _examples(rows: Sequence[Mapping[str, Any]], numbers: Any) -> Markup:
    names = list(dict.fromkeys(name for row in rows for name in row))
    numbered = isinstance(numbers, list) and len(numbers) == len(rows)
    head = [tag("th", "row", class_="number")] if numbered else []
    lines = []
    for place, row in enumerate(rows):
        cells = [tag("td", str(numbers[place]), class_="number")] if numbered else []
        cells += [
            tag("td", _value(row.get(name)), class_="number" if _is_number(row.get(name)) else None)
            for name in names
        ]
        lines.append(tag("tr", *cells))
    table = tag(
        "table",
        tag("thead", tag("tr", *head, *(tag("th", _cut(name)) for name in names))),
        tag("tbody", *lines),
    )
    return tag("div", tag("h3", "Rows that fail"), tag("div", table, class_="examples"))


def _about(one: CheckRecord) -> Markup:
    record = one.to_json()
    details = record["details"]
    told = {key: value for key, value in details.items() if key not in _SAID}
    facts = [
        # What the row above shows in full need not be said twice.
        *(
            (name.capitalize(), _full(record[name]))
            for name in ("observed", "expected")
            if _full(record[name]) != _brief(one, name)
        ),
        ("Tolerance", _full(record["tolerance"])),
        ("Score", "" if one.score in (None, 0.0, 1.0) else f"{one.score:.2f}"),
        *((title, _chance(details[key])) for key, title in _CHANCES.items() if key in details),
        ("Kind", f"{one.kind.replace('_', ' ')}, {one.category}"),
        ("Details", json.dumps(told, ensure_ascii=False)[:_LONGEST_DETAILS] if told else ""),
        ("In the schema", record["path"]), ("Id", one.id), ("Follows from", one.details.get("cause", "")),
        ("Explained in", one.doc),
    ]  # fmt: skip
    code = ("In the schema", "Id", "Details", "Follows from")
    shown = [
        joined([tag("dt", title), tag("dd", text, class_="mono" if title in code else None)])
        for title, text in facts
        if text
    ]
    return joined(
        [_strata(details.get("strata")), tag("div", tag("h3", "About this check"), tag("dl", *shown))]
    )


def _strata(strata: Any) -> Markup:
    """Return the groups that miss by most as a table; nothing where a check has none."""
    if not isinstance(strata, list) or not strata:
        return Markup("")
    names = [name for name in ("group", "observed", "expected", "rows") if name in strata[0]]
    head = [tag("th", name, class_=None if name == "group" else "number") for name in names]
    lines = [
        tag(
            "tr",
            *(tag("td", _full(one.get(n), True), class_=None if n == "group" else "number") for n in names),
        )
        for one in strata
    ]
    table = tag("table", tag("thead", tag("tr", *head)), tag("tbody", *lines))
    return tag("div", tag("h3", "Farthest off"), tag("div", table, class_="examples"))


def _chance(value: Any) -> str:
    """Write a chance: small ones as one in so many."""
    if not isinstance(value, int | float):
        return ""
    if value <= 1e-12:
        return "less than one in a trillion"
    return f"one in {1 / value:,.0f}" if value < 0.05 else f"{value:.2g}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _value(value: Any) -> str:
    """Write a value of a row as it stands: a key is no quantity, so its digits are not parted."""
    return value if isinstance(value, str) else repr(value) if _is_number(value) else written(value)


def _brief(one: CheckRecord, name: str) -> str:
    """Write what was observed or expected, as long as a row of the table has room for."""
    return "" if one.status == "error" else _cut(_full(getattr(one, name), brief=True))


def _full(value: Any, brief: bool = False) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_full(item, brief)}" for name, item in value.items())
    if isinstance(value, Iterable):
        return ", ".join(_full(item, brief) for item in value)
    if isinstance(value, float) and (brief or len(repr(value)) > 12):
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return written(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# -- the data, and how to read the page ---------------------------------------------------------------------


def _data(report: Report) -> Markup:
    about = report.summary.subject
    facts: list[tuple[str, str]] = [
        ("Folder", about.folder),
        ("Schema", f"{about.schema}, {about.schema_hash}"),
    ]
    run = about.run or {}
    if about.run is None:
        facts.append(("Origin", "no run of this schema: judged by what the schema alone says"))
    for title, name in (
        ("Seed", "seed"), ("Scale", "scale"), ("Rows asked for", "rows"), ("Compression", "compression"),
        ("Versions", "versions"), ("Machine", "machine"),
    ):  # fmt: skip
        value = run.get(name)
        if value is not None and value != {}:
            facts.append((title, str(value) if name == "seed" else _full(value)))
    entries = [file for table in run.get("tables", {}).values() for file in table["files"]]
    listed = [joined([tag("dt", title), tag("dd", text)]) for title, text in facts]
    return joined([
        tag("h2", "The data", id="run"),
        tag("div", tag("dl", *listed), _files(entries) if entries else "", class_="facts"),
    ])  # fmt: skip


def _files(entries: Sequence[Mapping[str, Any]]) -> Markup:
    head = tag(
        "tr", tag("th", "file"), tag("th", "rows", class_="number"), tag("th", "bytes", class_="number"),
        tag("th", "BLAKE2b"),
    )  # fmt: skip
    rows = [
        tag(
            "tr", tag("td", str(file["path"])), tag("td", _full(file["rows"]), class_="number"),
            tag("td", _full(file["bytes"]), class_="number"), tag("td", tag("code", str(file["hash"]))),
        )
        for file in entries
    ]  # fmt: skip
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return tag("details", tag("summary", "Files of the manifest"), tag("div", table, class_="examples"))


def _often(chance: float) -> str:
    return f"in {fraction(chance)} of all cases" if chance > 0 else "never"


def _reading(report: Report) -> Markup:
    meanings: dict[Status, str] = {
        "pass": "what was asked for is there",
        "fail": "it is not; the rows that fail, or the plot, show where",
        "error": "the check could not be run, mostly because what it needs is missing; another check fails for that",
        "skipped": "there was nothing to check; it counts neither for nor against",
    }
    listed = [
        joined([tag("dt", _sign(status), " ", _SIGNS[status][0]), tag("dd", meanings[status])])
        for status in STATUSES
    ]
    scores = (
        ("Integrity", "the share of structural and value checks that pass: 100, or there is work to do"),
        (
            "Behaviour",
            "the mean score of the behavioural checks; one that fails still scores by how little it misses. Of "
            "data that keeps every promise at least one of them fails "
            f"{_often(report.summary.false_alarm_rate)}",
        ),
        ("Quality", _FORMULA),
    )
    listed += [joined([tag("dt", title), tag("dd", text)]) for title, text in scores]
    return joined([
        tag("h2", "How to read this", id="reading"), tag("div", tag("dl", *listed), class_="facts"),
    ])  # fmt: skip
