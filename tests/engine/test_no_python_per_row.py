"""Nothing of ours runs once a row: eight times the rows make hardly more calls, whatever draws them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.lazy import pa
from datagen_engine.planning.plan import Plan
from datagen_engine.run.parts import draw_batch
from datagen_engine.schema.parts import DISTRIBUTIONS, GENERATORS, MODIFIERS
from datagen_engine.write.formats import FORMATS
from tests.engine.small import column, fact, plan, schema, table

FEW, MANY = BLOCK, 8 * BLOCK
MOST = 0.02
"""Calls for each further row: some dozens for each block of raw draws, and nothing beyond."""

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}


def calls(work: Callable[[], object]) -> Counter[str]:
    """Count what is called, Python's functions and C's, by name."""
    found: Counter[CodeType | str] = Counter()

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            found[frame.f_code] += 1
        elif event == "c_call":
            found[getattr(argument, "__qualname__", "")] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    named: Counter[str] = Counter()
    for key, count in found.items():
        named[key if isinstance(key, str) else f"{key.co_qualname} ({key.co_filename})"] += count
    return named


def refuse_growth(work: Callable[[int], object]) -> None:
    """Do work for few rows and for many, and see that the many made no call for each."""
    work(MANY)  # what is made once is made
    few, many = calls(lambda: work(FEW)), calls(lambda: work(MANY))
    grown = {name: count - few[name] for name, count in many.items() if count > few[name]}
    most = sorted(grown.items(), key=lambda item: -item[1])[:5]
    assert sum(grown.values()) < MOST * (MANY - FEW), most


def drawing(of: Plan, name: str) -> Callable[[int], object]:
    return lambda rows: draw_batch(of, name, Rows.run(0, min(rows, of.tables[name].rows)))


# Drawn below by what they refer to; a call a row is what `exact` asks for.
ELSEWHERE = {"lookup", "expression", "enum_list", "case", "effect"}
GENERATED = [
    (key, sample, type)
    for key, part in GENERATORS.all().items()
    if key not in ELSEWHERE
    for sample in part.samples
    for type in (["string"] if "string" in part.types else sorted(part.types)[:1])
    if "choices_ref" not in sample and "locale_from" not in sample and not sample.get("exact")
]


@pytest.mark.parametrize(("key", "sample", "type"), GENERATED, ids=str)
def test_generators(key: str, sample: Any, type: str) -> None:
    refuse_growth(drawing(plan(table(column("x", type, {key: sample}), rows=MANY)), "t"))


@pytest.mark.parametrize(
    ("key", "sample"),
    [(key, sample) for key, part in DISTRIBUTIONS.all().items() for sample in part.samples],
    ids=str,
)
def test_distributions(key: str, sample: Any) -> None:
    body = {"distribution": {"type": key, "params": sample, "clamp": [-1e6, 1e6]}}
    refuse_growth(drawing(plan(table(column("x", "float", body), rows=MANY)), "t"))


@pytest.mark.parametrize(
    ("key", "sample"),
    [
        (key, sample)
        for key, part in MODIFIERS.all().items()
        if key not in ELSEWHERE
        for sample in part.samples
    ],
    ids=str,
)
def test_modifiers(key: str, sample: Any) -> None:
    at = column("at", "datetime", {"datetime_series": {"within": "timeframe"}})
    of_time = key == "time_jitter"
    generator: Any = {"datetime_series": {"within": "timeframe"}} if of_time else NORMAL
    if key == "map_values":
        generator = {"choice": {"choices": ["a", "b", "c"]}}
    type = "datetime" if of_time else "string" if key == "map_values" else "float"
    refuse_growth(drawing(plan(table(at, column("x", type, generator, {key: sample}), rows=MANY)), "t"))


CODES = {
    "float": ["x * 2 + exp(-abs(x))", "1 if x > 0 else coalesce(x, 3)", "x ** 3 // 2 % 5"],
    "string": ['concat(w, "-", id)', "upper(w)", 'w if x > 0 else "none"', "concat(id, x)"],
    "int": ["year(at) * 100 + month(at)", "days_between(at, at)", "hour(at)"],
    "bool": ["x > 0 and w == 'a'", "not (x < 1 or x > 2)"],
}


@pytest.mark.parametrize(("type", "code"), [(type, code) for type, codes in CODES.items() for code in codes])
def test_expressions(type: str, code: str) -> None:
    columns = (
        column("x", "float", NORMAL),
        column("w", "string", {"choice": {"choices": ["a", "b"]}}),
        column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
        column("y", type, {"expression": {"code": code}}),
    )
    refuse_growth(drawing(plan(table(*columns, rows=MANY)), "t"))


@pytest.mark.parametrize("name", datagen.examples())
def test_every_table_of_the_examples(name: str) -> None:
    """Lookups, effects, behaviours, funnels, inequalities, correlations: at a size that shows."""
    tree = datagen.load(datagen.examples()[name]).tree
    tree["constraints"]["unique"] = []  # there are not so many different values
    most = max(target.rows for target in datagen.plan(tree).tables.values())
    of = datagen.plan(tree, scale=max(1.0, 1.5 * MANY / most))
    grown = [table for table, target in of.tables.items() if target.rows >= MANY]
    assert grown
    for each in grown:
        refuse_growth(drawing(of, each))


@pytest.mark.parametrize("key", [key for key in FORMATS if key not in ("duckdb", "sqlite")])
def test_formats(key: str, tmp_path: Any) -> None:
    words = {"choice": {"choices": ["a", 'say "b"', "c"]}}
    of = plan(
        table(
            column("x", "float", NORMAL),
            column("w", "string", words),
            column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
            rows=MANY,
        )
    )
    batches = {rows: draw_batch(of, "t", Rows.run(0, rows)) for rows in (FEW, MANY)}
    format: Any = FORMATS[key]()

    def write(rows: int) -> None:
        with (
            pa.OSFile(str(tmp_path / f"{rows}"), "wb") as sink,
            format.writer(sink, of.tables["t"].arrow_schema, {}) as writer,
        ):
            writer.write_batch(batches[rows])

    refuse_growth(write)


def test_children_of_one_parent() -> None:
    children = column("t_id", "int", {"lookup": {"from": "t.id"}})
    one = schema(table(rows=1), fact(children, fanout={"distribution": "fixed", "n": MANY}))
    refuse_growth(drawing(datagen.plan(one), "f"))
    assert sum(calls(lambda: [abs(number) for number in range(500)]).values()) > 500
