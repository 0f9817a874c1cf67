"""What there is to know about a table, a column or the whole schema. Plain Python, without Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datagen_app.document.document import Column, Document, Table
from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.words import (
    clipped,
    counted,
    describe_fanout,
    describe_generator,
    describe_modifier,
    figure,
    rows_word,
)

__all__ = ["Fact", "Knowledge", "Link", "Section", "Sheet", "sheet"]

_LISTED = 40
"""So many lines of one section are shown; more are counted."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one table or column to another: what is said of it, and where it leads."""

    source: Place
    target: Place
    kind: str


@dataclass(frozen=True)
class Knowledge:
    """What the worker has found out about the document so far."""

    counts: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    links: Sequence[Link] = ()
    problems: Sequence[tuple[Place, Problem]] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A line: a label, what is so, and where a click on it leads."""

    label: str
    text: str
    to: Place | None = None
    code: bool = False
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is shown of one place."""

    title: str
    subtitle: str
    kind: str
    comment: str
    sections: tuple[Section, ...]


def sheet(document: Document, place: Place, known: Knowledge) -> Sheet:
    """Return what there is to know about a place.

    Parameters
    ----------
    document
        The schema.
    place
        A table, a column, or nothing for the schema as a whole.
    known
        What the worker has found out.
    """
    table, column = document.resolve(place)
    if table is None:
        return _whole(document, known)
    if column is None:
        return _table(document, table, known)
    return _column(document, table, column, known)


def _whole(document: Document, known: Knowledge) -> Sheet:
    root = document.root
    columns = sum(len(table.places) for table in document.tables)
    size = [
        Fact("Tables", f"{len(document.tables):,}"),
        Fact("Columns", f"{columns:,}"),
        Fact("References", f"{len(known.links):,}"),
    ]
    if known.counts:
        rows = sum(count for count, _ in known.counts.values())
        size.append(Fact("Rows", rows_word(rows, all(exact for _, exact in known.counts.values()))))
    span = _of(root.get("timeframe"))
    time = [
        Fact(label, figure(span[key]))
        for key, label in (("start", "From"), ("end", "To"), ("freq", "Grid"))
        if key in span
    ]
    metadata = _of(root.get("metadata"))
    return Sheet(
        document.name,
        document.path.name,
        "",
        _said(metadata) or _said(root),
        _sections(
            ("Size", size),
            ("Timeframe", time),
            ("Constraints", _tally(_constraints(document, None, None))),
            ("Targets", _targets(document, None, None)),
            ("Problems", _problems(known, None)),
        ),
    )


def _tally(facts: Iterable[Fact]) -> list[Fact]:
    """Return how many facts there are of each label."""
    return [Fact(label, f"{count:,}") for label, count in Counter(fact.label for fact in facts).items()]


def _table(document: Document, table: Table, known: Knowledge) -> Sheet:
    node = table.value
    count = known.counts.get(table.id)
    rows = f" · {rows_word(*count)} rows" if count else ""
    basics = []
    if table.key_column:
        key = table.named(table.key_column)
        basics.append(Fact("Key", table.key_column, Place(table.key, key.key) if key else None))
    basics.append(Fact("Columns", f"{len(table.places):,}"))
    parents = [parent for parent in _list(node.get("parents")) if isinstance(parent, str)]
    origin = [Fact("Parent", parent, document.place_of(parent) or None) for parent in parents]
    if parents and "stage_config" not in node:
        origin.append(Fact("", describe_fanout(node.get("fanout"), parents[0])))
    elif parents:
        origin.append(Fact("", f"Each row of {parents[0]} passes through stages, one row for each."))
    elif isinstance(node.get("rows"), int):
        origin.append(Fact("Rows", figure(node["rows"])))
    return Sheet(
        table.id,
        f"{table.kind or 'table'}{rows}",
        table.kind,
        _said(node),
        _sections(
            ("Table", basics),
            ("Rows come from", origin),
            ("Modifiers", _modifiers(node)),
            ("Behaviour", _behaviour(node)),
            ("Draws from", _links(document, known, table, None, inward=True)),
            ("Feeds", _links(document, known, table, None, inward=False)),
            ("Constraints", _constraints(document, table, None)),
            ("Targets", _targets(document, table, None)),
            ("Problems", _problems(known, Place(table.key))),
        ),
    )


def _column(document: Document, table: Table, column: Column, known: Knowledge) -> Sheet:
    value = column.value
    kind = value.get("type")
    about = [Fact("Table", table.id, Place(table.key))]
    if isinstance(kind, str):
        about.append(Fact("Type", kind))
    about.append(Fact("Nulls", _nulls(value)))
    if column.name == table.key_column:
        about.append(Fact("Key", "of the table: unique, never null"))
    generator = [Fact(label, text, code=label == "Code") for label, text in describe_generator(value)]
    return Sheet(
        column.name,
        f"column of {table.id}",
        table.kind,
        _said(value),
        _sections(
            ("Column", about),
            ("Generator", generator),
            ("Modifiers, in order", _modifiers(value)),
            ("Draws from", _links(document, known, table, column, inward=True)),
            ("Feeds", _links(document, known, table, column, inward=False)),
            ("Constraints", _own_constraints(value) + _constraints(document, table, column)),
            ("Targets", _targets(document, table, column)),
            ("Problems", _problems(known, Place(table.key, column.key))),
        ),
    )


def _sections(*sections: tuple[str, Sequence[Fact]]) -> tuple[Section, ...]:
    made = []
    for title, facts in sections:
        shown = list(facts[:_LISTED])
        if len(facts) > _LISTED:
            shown.append(Fact("", f"and {len(facts) - _LISTED:,} more"))
        if shown:
            made.append(Section(title, tuple(shown)))
    return tuple(made)


def _nulls(column: Mapping[str, Any]) -> str:
    if column.get("nullable") is not True:
        return "never"
    rate = column.get("null_rate")
    return f"allowed, {100 * rate:.3g} % drawn" if isinstance(rate, (int, float)) and rate else "allowed"


def _modifiers(owner: Mapping[str, Any]) -> list[Fact]:
    return [Fact(*describe_modifier(modifier)) for modifier in _list(owner.get("modifiers"))]


def _behaviour(node: Mapping[str, Any]) -> list[Fact]:
    facts = []
    if segment := _of(node.get("segment_behavior")):
        segments = {**_of(segment.get("segments")), **_of(segment.get("behaviors"))}
        column = figure(segment.get("segment_column", "…"))
        facts.append(Fact("By segment", f"{column}: {', '.join(segments) or 'none'}"))
    if vintage := _of(node.get("vintage_behavior")):
        names = ", ".join(_of(vintage.get("age_based_multipliers")))
        facts.append(Fact("By age", f"since {figure(vintage.get('created_at_column', '…'))}: {names}"))
    if stages := _of(node.get("stage_config")):
        named = [figure(_of(stage).get("stage_name", "…")) for stage in _list(stages.get("stages"))]
        facts.append(Fact("Stages", " → ".join(named)))
    return facts


def _links(
    document: Document, known: Knowledge, table: Table, column: Column | None, *, inward: bool
) -> list[Fact]:
    facts = []
    for link in known.links:
        here, there = (link.target, link.source) if inward else (link.source, link.target)
        if here.table != table.key or (column is not None and here.column != column.key):
            continue
        facts.append(Fact(link.kind, _name(document, there), there))
    return list(dict.fromkeys(facts))


def _name(document: Document, place: Place) -> str:
    table, column = document.resolve(place)
    if table is None:
        return "…"
    return f"{table.id}.{column.name}" if column else table.id


def _own_constraints(column: Mapping[str, Any]) -> list[Fact]:
    said = _of(column.get("constraints"))
    labels = {"pattern": "Pattern", "enum": "One of", "enum_ref": "One of"}
    return [
        Fact(label, clipped(_values(said[key])), code=key == "pattern")
        for key, label in labels.items()
        if said.get(key) is not None
    ]


def _constraints(document: Document, table: Table | None, column: Column | None) -> list[Fact]:
    """Return the constraints that speak of a table or column; of all, where none is given.

    Within its own sheet a table is not named again.
    """
    said = _of(document.root.get("constraints"))
    facts: list[Fact] = []
    name = f"{table.id}.{column.name}" if table and column else None

    def own(attribute: object) -> str:
        text = figure(attribute)
        return text.removeprefix(f"{table.id}.") if table else text

    def add(label: str, text: str, *names: object, code: bool = False) -> None:
        about = [each for each in names if isinstance(each, str)]
        if name is not None:
            here = name in about
        else:
            here = table is None or any(each.split(".", 1)[0] == table.id for each in about)
        if here:
            facts.append(Fact(label, clipped(text), code=code))

    for entry in _list(said.get("unique")):
        names = entry if isinstance(entry, list) else [entry]
        add("Unique", ", ".join(own(each) for each in names), *names)
    for entry in _dicts(said.get("foreign_keys")):
        source, target = entry.get("from"), entry.get("to")
        add("Foreign key", f"{own(source)} → {own(target)}", source, target)
    for entry in _dicts(said.get("ranges")):
        add("Range", f"{own(entry.get('attr'))} {_range(entry)}", entry.get("attr"))
    for entry in _dicts(said.get("inequalities")):
        left, right = entry.get("left"), entry.get("right")
        add("Inequality", f"{own(left)} {figure(entry.get('op', '…'))} {own(right)}", left, right)
    for entry in _dicts(said.get("pattern")):
        regex = figure(entry.get("regex"))
        add("Pattern", f"{own(entry.get('attr'))} {regex}", entry.get("attr"), code=True)
    for entry in _dicts(said.get("enum")):
        values = entry.get("values", entry.get("enum_ref"))
        add("One of", f"{own(entry.get('attr'))}: {_values(values)}", entry.get("attr"))
    return facts


def _targets(document: Document, table: Table | None, column: Column | None) -> list[Fact]:
    facts = []
    for kind, said in _of(document.root.get("targets")).items():
        for target in said if isinstance(said, list) else [said]:
            entry = _of(target)
            if not entry or (table is not None and entry.get("table") != table.id):
                continue
            named = entry.get("column", entry.get("timestamp"))
            if column is not None and named != column.name:
                continue
            about = ".".join(figure(each) for each in (entry.get("table"), named) if each is not None)
            bounds = _range(entry) if "min" in entry or "max" in entry else ""
            facts.append(Fact(kind.replace("_", " "), f"{about} {bounds}".strip()))
    return facts


def _problems(known: Knowledge, place: Place | None) -> list[Fact]:
    return [
        Fact("", problem.message, severity=problem.severity)
        for where, problem in known.problems
        if place is None
        or (where.table == place.table and (place.column is None or where.column == place.column))
    ]


def _range(entry: Mapping[str, Any]) -> str:
    low, high = entry.get("min"), entry.get("max")
    if low is None or high is None:
        return f"≥ {figure(low)}" if high is None else f"≤ {figure(high)}"
    return f"{figure(low)} … {figure(high)}"


def _values(value: object) -> str:
    if isinstance(value, list):
        shown = ", ".join(figure(each) for each in value[:12])
        return f"{shown} and {counted(len(value) - 12, 'more', 'more')}" if len(value) > 12 else shown
    return figure(value)


def _said(owner: Mapping[str, Any]) -> str:
    """Return the comment or the description that a reader left."""
    texts = [owner.get("description"), owner.get("comment")]
    return clipped("\n".join(text for text in texts if isinstance(text, str) and text), 600)


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> Iterable[Mapping[str, Any]]:
    return (entry for entry in _list(value) if isinstance(entry, dict))


def _of(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
