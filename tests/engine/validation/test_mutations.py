"""Data damaged in one known way: exactly the checks that judge it fail, with the right rows.

The matrix below is kind × damage × caught. Statistical checks have a matrix of their own.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from tests.engine.small import column, fact, schema, table, vocabulary
from tests.engine.validation.damage import (
    cells,
    copy_of,
    drop_column,
    drop_rows,
    failing,
    file_of,
    put,
    retype,
    scramble,
    solid,
    truncate,
)

DAY = datetime.timedelta(days=1)

LEDGER = schema(
    vocabulary("colour", name=["red", "green", "blue"], tint=[1, 2, 3]),
    table(
        column("mail", "string", {"faker": {"method": "bothify", "text": "??####@x.org", "unique": True}}),
        column("kind", "string", {"choice": {"choices": ["a", "b"], "weights": [3, 1]}}),
        column("since", "date", {"datetime_series": {"within": "timeframe", "freq": "D"}}),
        column(
            "score",
            "float",
            {"distribution": {"type": "uniform", "params": {"low": 0, "high": 1}, "clamp": [0, 1]}},
        ),
        column("note", "string", {"choice": {"choices": ["x", "y"]}}, nullable=True, null_rate=0.3),
        id="owner",
        rows=300,
        segment_behavior={
            "segment_column": "kind",
            "behaviors": {"a": {"fanout_multiplier": 0.5}, "b": {"fanout_multiplier": 2.0}},
        },
    ),
    fact(
        column("owner_id", "int", {"lookup": {"from": "owner.id"}}),
        column("owner_kind", "string", {"lookup": {"from": "owner.kind"}}),
        column(
            "slot",
            "int",
            {"distribution": {"type": "uniform", "params": {"low": 1, "high": 50}, "clamp": [1, 50]}},
        ),
        column("shade", "string", {"choice": {"choices_ref": "colour.name"}}),
        column("tint", "int", {"lookup": {"from": "colour.tint", "on": {"shade": "name"}}}),
        column(
            "paid",
            "float",
            {"distribution": {"type": "normal", "params": {"mean": 50, "std": 9}, "clamp": [1, 99]}},
        ),
        column("taxed", "float", {"expression": {"code": "paid * 1.2"}}),
        column("half", "int", {"expression": {"code": "paid / 2"}}),
        column("code", "string", {"faker": {"method": "bothify", "text": "L-####"}}),
        id="line",
        parent="owner",
        fanout={"distribution": "uniform", "min": 2, "max": 6},
        rules=[
            {"expression": "paid < 98.9 or slot > 0", "message": "few are dear"},
            {"expression": "paid > 30", "share": 0.9},
        ],
    ),
    fact(
        column("line_id", "int", {"lookup": {"from": "line.id"}}),
        column("owner_id", "int", {"lookup": {"from": "line.owner_id"}}),
        id="receipt",
        parent="line",
    ),
    constraints={
        "unique": [["line.owner_id", "line.slot"], "owner.mail"],
        "ranges": [
            {"attr": "owner.score", "min": 0.25, "max": 0.75},
            {"attr": "owner.since", "max": "2024-12-30"},
        ],
        "pattern": [{"attr": "line.code", "regex": "L-[0-9]+"}],
        "enum": [
            {"attr": "owner.kind", "values": ["a", "b"]},
            {"attr": "line.shade", "enum_ref": "colour.name"},
        ],
    },
)
"""What the examples do not have: rules, composite keys, multiplied fanouts, and small numbers."""

Cells = dict[int, Any]
Change = Callable[[Path], object]


@dataclass(frozen=True)
class Damage:
    """One line of the matrix.

    `fails` are the checks that must fail, and no others; `rows` the rows that they must show.
    """

    kind: str
    what: str
    to: str
    do: Change
    fails: Mapping[str, tuple[int, ...] | None]
    cannot_run: tuple[str, ...] = ()
    """Some of the checks that can then not be run, and must say so."""


def cell(table: str, name: str, changed: Cells) -> Change:
    return lambda folder: put(folder, table, name, changed)


def swapped(folder: Path, table: str, one: str, two: str, row: int) -> None:
    first, second = cells(folder, table, one)[row], cells(folder, table, two)[row]
    put(folder, table, one, {row: second})
    put(folder, table, two, {row: first})


def repeated(folder: Path, table: str, name: str, row: int, of: int) -> None:
    put(folder, table, name, {row: cells(folder, table, name)[of]})


def day_before_the_parent(folder: Path) -> None:
    """A ride starts the day before its rider joined."""
    rider = cells(folder, "rental", "customer_id")[40]
    joined = cells(folder, "customer", "joined_on")[rider - 1]
    early = datetime.datetime.combine(joined - DAY, datetime.time(), datetime.UTC)
    put(folder, "rental", "started_at", {40: early})
    minutes = cells(folder, "rental", "duration_min")[40]
    put(folder, "rental", "ended_at", {40: early + datetime.timedelta(minutes=minutes)})


def another_parent(folder: Path) -> None:
    """The first line of the first owner is given to one who has as many lines as may be."""
    kinds, owners = cells(folder, "owner", "kind"), cells(folder, "line", "owner_id")
    full = next(o for o in range(1, 301) if kinds[o - 1] == "a" and owners.count(o) == 3 and o != owners[0])
    put(folder, "line", "owner_id", {0: full})
    put(folder, "line", "owner_kind", {0: "a"})
    put(folder, "line", "slot", {0: 51})
    put(folder, "receipt", "owner_id", {0: full})


def same_slot_twice(folder: Path) -> None:
    """Two lines of one owner have the same slot."""
    owners = cells(folder, "line", "owner_id")
    second = next(row for row in range(1, len(owners)) if owners[row] == owners[row - 1])
    repeated(folder, "line", "slot", second, second - 1)


def next_up(folder: Path) -> None:
    put(folder, "owner", "score", {7: math.nextafter(0.75, 1.0)})


def corrupt_page(folder: Path) -> None:
    path = file_of(folder, "rental")
    pq.write_table(pq.read_table(path), path, write_page_checksum=True)
    scramble(path, path.stat().st_size // 3, 400)


def dear_and_nowhere(folder: Path) -> None:
    """A line that costs more than 98.9 stands in no slot."""
    for name, value in (("paid", 98.95), ("slot", -1), ("taxed", 98.95 * 1.2), ("half", 49)):
        put(folder, "line", name, {9: value})


def other_kind(folder: Path) -> None:
    put(folder, "line", "owner_kind", {0: "b" if cells(folder, "line", "owner_kind")[0] == "a" else "a"})


def moved(table: str, name: str, row: int, by: Callable[[Any], Any]) -> Change:
    return lambda folder: put(folder, table, name, {row: by(cells(folder, table, name)[row])})


JOINED = "rental.started_at>customer.joined_on"
OWNER = "customer_id→customer.customer_id"
SERVICED = "inequality:bike.serviced_at_km<=bike.mileage_km"

MATRIX = [
    Damage(
        "present",
        "a removed file",
        "schema",
        lambda folder: file_of(folder, "customer").unlink(),
        {"present:customer": None},
        cannot_run=(
            "readable:customer",
            "primary_key:customer.customer_id",
            f"foreign_key:rental.{OWNER}",
            f"inequality:{JOINED}",
            "row_count:rental/customer",
        ),
    ),
    Damage(
        "present",
        "a removed column",
        "schema",
        lambda folder: drop_column(folder, "customer", "joined_on"),
        {"present:customer.joined_on": None},
        cannot_run=("type:customer.joined_on", f"inequality:{JOINED}"),
    ),
    Damage(
        "readable",
        "a truncated file",
        "schema",
        lambda folder: truncate(file_of(folder, "rental"), 200),
        {"readable:rental": None},
        cannot_run=("present:rental.rental_id", "row_count:rental"),
    ),
    Damage(
        "readable",
        "a page overwritten",
        "schema",
        corrupt_page,
        {"readable:rental": None},
        cannot_run=("null:rental.price",),
    ),
    Damage(
        "readable",
        "an empty file",
        "schema",
        lambda folder: file_of(folder, "bike").write_bytes(b""),
        {"readable:bike": None},
    ),
    Damage(
        "readable",
        "the same table twice",
        "schema",
        lambda folder: (folder / "bike.csv").write_text("bike_id\n1\n"),
        {"readable:bike": None},
    ),
    Damage(
        "type",
        "whole numbers as floats",
        "schema",
        lambda folder: retype(folder, "bike", "mileage_km", pa.float64()),
        {"type:bike.mileage_km": None},
        cannot_run=("null:bike.mileage_km", SERVICED),
    ),
    Damage(
        "type",
        "times as text",
        "schema",
        lambda folder: retype(folder, "rental", "started_at", pa.string()),
        {"type:rental.started_at": None},
        cannot_run=("rule:rental.ended_at",),
    ),
    Damage(
        "type",
        "times as dates",
        "schema",
        lambda folder: retype(folder, "rental", "ended_at", pa.date32()),
        {"type:rental.ended_at": None},
        cannot_run=("rule:rental.ended_at", "null:rental.ended_at"),
    ),
    Damage("null", "a null", "schema", cell("customer", "name", {17: None}), {"null:customer.name": (17,)}),
    Damage(
        "null",
        "what is not finite",
        "ledger",
        cell("owner", "score", {3: math.nan, 4: math.inf}),
        {"null:owner.score": (3, 4)},
    ),
    Damage(
        "primary_key",
        "a key twice, out of order",
        "schema",
        lambda folder: repeated(folder, "rental", "rental_id", 4000, 11),
        {"primary_key:rental.rental_id": (4000,)},
    ),
    Damage(
        "primary_key",
        "a key twice, side by side",
        "schema",
        lambda folder: repeated(folder, "rental", "rental_id", 12, 11),
        {"primary_key:rental.rental_id": (12,)},
    ),
    Damage(
        "primary_key", "a null", "ledger", cell("receipt", "id", {5: None}), {"primary_key:receipt.id": (5,)}
    ),
    Damage(
        "foreign_key",
        "an orphan",
        "schema",
        cell("rental", "customer_id", {30: 601}),
        {f"foreign_key:rental.{OWNER}": (30,)},
        cannot_run=("row_count:rental/customer",),
    ),
    Damage(
        "foreign_key",
        "a text that the vocabulary lacks",
        "schema",
        cell("bike", "model", {9: "unicycle"}),
        {"foreign_key:bike.model→bike_model.name": (9,)},
    ),
    Damage(
        "foreign_key",
        "a key that is looked up through another table",
        "ledger",
        cell("receipt", "owner_id", {2: 0}),
        {"foreign_key:receipt.owner_id→owner.id": (2,), "rule:receipt.owner_id=line.owner_id": (2,)},
    ),
    Damage(
        "unique",
        "a text twice",
        "schema",
        lambda folder: repeated(folder, "bike", "code", 100, 3),
        {"unique:bike.code": (100,)},
    ),
    Damage("unique", "a combination twice", "ledger", same_slot_twice, {"unique:line.owner_id,slot": None}),
    Damage(
        "row_count",
        "rows removed from the end",
        "schema",
        lambda folder: drop_rows(folder, "rental", {4208, 4209}),
        {"row_count:rental": None},
    ),
    Damage(
        "row_count",
        "a parent's only child removed",
        "ledger",
        lambda folder: drop_rows(folder, "receipt", {0}),
        {"row_count:receipt": None, "row_count:receipt/line": (0,)},
    ),
    Damage("row_count", "a child too many", "ledger", another_parent, {"row_count:line/owner": None}),
    Damage("range", "one ulp above", "ledger", next_up, {"range:owner.score": (7,)}),
    Damage(
        "range",
        "a day too late",
        "ledger",
        cell("owner", "since", {6: datetime.date(2024, 12, 31)}),
        {"range:owner.since": (6,)},
    ),
    Damage(
        "range",
        "below, in a column that others are made from",
        "schema",
        cell("rental", "duration_min", {77: 19}),
        {"range:rental.duration_min": (77,), "rule:rental.ended_at": (77,), "rule:rental.price": (77,)},
    ),
    Damage(
        "inequality",
        "a swapped pair",
        "schema",
        lambda folder: swapped(folder, "bike", "serviced_at_km", "mileage_km", 5),
        {SERVICED: (5,)},
    ),
    Damage(
        "inequality",
        "a child before its parent",
        "schema",
        day_before_the_parent,
        {f"inequality:{JOINED}": (40,)},
    ),
    Damage(
        "pattern", "another text", "schema", cell("bike", "code", {4: "XHB-1"}), {"pattern:bike.code": (4,)}
    ),
    Damage(
        "pattern",
        "not from the start",
        "ledger",
        cell("line", "code", {8: " L-12"}),
        {"pattern:line.code": (8,)},
    ),
    Damage(
        "enum",
        "a value that is not listed",
        "schema",
        cell("customer", "kind", {300: "Local"}),
        {"enum:customer.kind": (300,)},
    ),
    Damage(
        "enum",
        "a value that the vocabulary lacks",
        "ledger",
        cell("line", "shade", {3: "Red"}),
        {"enum:line.shade→colour.name": (3,)},
    ),
    Damage(
        "enum",
        "two values of a vocabulary swapped",
        "ledger",
        cell("colour", "tint", {0: 2, 1: 1}),
        {"enum:colour.tint/list": (0, 1), "rule:line.tint=colour.tint": None},
    ),
    Damage("rule", "the user's own", "ledger", dear_and_nowhere, {"rule:line/0": (9,)}),
    Damage(
        "rule",
        "a formula off by a millionth",
        "ledger",
        moved("line", "taxed", 20, lambda taxed: taxed * 1.000001),
        {"rule:line.taxed": (20,)},
    ),
    Damage(
        "rule",
        "a whole number rounded wrongly",
        "ledger",
        moved("line", "half", 21, lambda half: half + 1),
        {"rule:line.half": (21,)},
    ),
    Damage(
        "rule",
        "a copy that differs, and the copies of it",
        "schema",
        cell("bike", "price_per_hour", {50: 3.25}),
        {
            "rule:bike.price_per_hour=bike_model.price_per_hour": (50,),
            "rule:rental.price_per_hour=bike.price_per_hour": None,
        },
    ),
    Damage("rule", "a copy of another row", "ledger", other_kind, {"rule:line.owner_kind=owner.kind": (0,)}),
]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger") / "ledger"
    datagen.generate(LEDGER, folder, workers=1)
    return folder


@pytest.mark.parametrize("damage", MATRIX, ids=lambda one: f"{one.kind}: {one.what}")
def test_exactly_these_checks_fail(
    damage: Damage, example_run: Callable[[str], Path], ledger: Path, tmp_path: Path
) -> None:
    source = LEDGER if damage.to == "ledger" else datagen.examples()[damage.to]
    folder = copy_of(ledger if damage.to == "ledger" else example_run(damage.to), tmp_path)
    damage.do(folder)

    records = solid(source, folder)

    assert failing(records) == set(damage.fails), {id: records[id].message for id in failing(records)}
    for id, rows in damage.fails.items():
        if rows is not None:
            assert tuple(records[id].details["rows"]) == rows
            assert records[id].rows_failed == len(rows)
            assert len(records[id].examples) == len(rows)
    for id in damage.cannot_run:
        assert records[id].status == "error", records[id]
    # What could not be run says which of the failing checks is to blame.
    assert {r.details.get("cause") for r in records.values() if r.status == "error"} <= set(damage.fails)


def test_the_matrix_has_every_structural_and_value_kind() -> None:
    assert {damage.kind for damage in MATRIX} == {
        "present", "readable", "type", "null", "primary_key", "foreign_key", "unique", "row_count", "range",
        "inequality", "pattern", "enum", "rule",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(datagen.examples()))
def test_an_undamaged_run_fails_none(name: str, example_run: Callable[[str], Path]) -> None:
    records = solid(datagen.examples()[name], example_run(name))

    assert {record.status for record in records.values()} <= {"pass", "skipped"}, [
        record for record in records.values() if record.status not in ("pass", "skipped")
    ]


def test_the_undamaged_ledger_fails_none(ledger: Path) -> None:
    records = solid(LEDGER, ledger)

    assert {record.status for record in records.values()} == {"pass"}


def test_examples_show_keys_and_both_sides(example_run: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy_of(example_run("schema"), tmp_path)
    day_before_the_parent(folder)

    (row,) = solid(datagen.examples()["schema"], folder)[
        "inequality:rental.started_at>customer.joined_on"
    ].examples

    assert row["rental_id"] == 41
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", row["started_at"])
    assert row["customer.joined_on"] > row["started_at"][:10]


def test_only_a_share_of_the_rows_need_keep_a_rule(ledger: Path, tmp_path: Path) -> None:
    folder = copy_of(ledger, tmp_path)
    size = len(cells(folder, "line", "paid"))
    few, many = dict.fromkeys(range(size // 20), 10.0), dict.fromkeys(range(size // 5), 10.0)

    put(folder, "line", "paid", few)
    assert solid(LEDGER, folder)["rule:line/1"].status == "pass"
    put(folder, "line", "paid", many)
    record = solid(LEDGER, folder)["rule:line/1"]
    assert record.status == "fail"
    assert record.expected == "true in 90 % of the rows"
