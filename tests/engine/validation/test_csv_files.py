"""CSV files: read value by value as the schema says, and refused in words."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import datagen_engine as datagen
from datagen_engine.draw.values import ColumnType
from datagen_engine.validation import csv_files
from datagen_engine.validation.csv_files import read_texts
from tests.engine.small import column, fact, schema, table
from tests.engine.validation.damage import Records, failing, solid

TOTAL = {"distribution": {"type": "uniform", "params": {"low": 0, "high": 9}, "clamp": [0, 9]}}
SALES = schema(
    table(column("name", "string", {"choice": {"choices": ["a", "b"]}}, nullable=True), id="shop", rows=3),
    fact(
        column("shop_id", "int", {"lookup": {"from": "shop.id"}}),
        column("at", "datetime", {"datetime_series": {"within": "timeframe"}}),
        column("day", "date", {"datetime_series": {"within": "timeframe"}}),
        column("total", "float", TOTAL),
        column("paid", "bool", {"choice": {"choices": [True, False]}}),
        id="sale",
        parent="shop",
    ),
)  # fmt: skip
SHOPS = "id,name\n1,a\n2,\n3,b\n"
HEAD = "id,shop_id,at,day,total,paid\n"
GOOD = [
    "1,1,2024-03-01T08:00:00Z,2024-03-01,1.5,true",
    "2,2,2024-03-01 09:00,2024-03-02,2,False",
    "3,3,2024-03-02,2024-03-02,.5,1",
]


def judged(folder: Path, sales: str | bytes, shops: str = SHOPS) -> Records:
    (folder / "shop.csv").write_text(shops, encoding="utf-8")
    (folder / "sale.csv").write_bytes(sales.encode() if isinstance(sales, str) else sales)
    return solid(SALES, folder)


def test_good_files_pass(tmp_path: Path) -> None:
    records = judged(tmp_path, HEAD + "\n".join(GOOD) + "\n")

    assert {record.status for record in records.values()} == {"pass"}
    assert records["type:sale.at"].observed == "timestamp[us, tz=UTC]"


def test_the_order_of_columns_and_further_ones_do_not_matter(tmp_path: Path) -> None:
    lines = [
        'total,x,"paid",day,at,shop_id,id',
        "1,,true,2024-03-01,2024-03-01,1,1",
        "2,7,true,2024-03-01,2024-03-01,2,2",
        "3,,0,2024-03-01,2024-03-01,3,3",
    ]
    records = judged(tmp_path, "\r\n".join(lines))

    assert not failing(records)
    assert records["present:sale"].details["other_columns"] == ["x"]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("id", "1.5"), ("id", "x"), ("id", "99999999999999999999"), ("total", "1,5"), ("total", "a"), ("paid", "yes"),
        ("day", "2024-02-30"), ("day", "1.3.2024"), ("day", "2024-03-01T08:00"), ("at", "2024-03-01 25:00"),
        ("at", "now"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_value_fails_the_type(name: str, bad: str, tmp_path: Path) -> None:
    cells = GOOD[1].split(",")
    cells[HEAD.strip().split(",").index(name)] = f'"{bad}"'

    records = judged(tmp_path, HEAD + "\n".join([GOOD[0], ",".join(cells), GOOD[2]]))

    record = records[f"type:sale.{name}"]
    assert failing(records) == {record.id}
    assert (record.rows_failed, record.details["rows"], record.examples) == (1, [1], [{name: bad}])
    assert repr(bad) in record.message


def test_an_empty_field_is_null_and_an_empty_text_is_not(tmp_path: Path) -> None:
    records = judged(
        tmp_path, HEAD + "\n".join([*GOOD[:2], "3,3,2024-03-02,2024-03-02,,1"]), 'id,name\n1,""\n2,a\n3,\n'
    )

    assert failing(records) == {"null:sale.total"}
    assert records["null:sale.total"].details["rows"] == [2]


@pytest.mark.parametrize(
    "sales",
    ["", "\n\n", HEAD + "1,1\n", HEAD + "1,1,2024-03-01,2024-03-01,1,true,9\n", "id,id\n1,1\n", "\xff\xfe\x00",
     HEAD + '1,1,"2024-03-01,2024-03-01,1,true\n'],
)  # fmt: skip
def test_what_is_no_csv_is_unreadable(sales: str, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text(SHOPS)
    (tmp_path / "sale.csv").write_bytes(sales.encode("latin-1"))

    found = failing(solid(SALES, tmp_path))

    assert found in ({"readable:sale"}, {f"present:sale.{c}" for c in HEAD.strip().split(",")})


def test_a_table_of_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    records = judged(tmp_path, HEAD, "id,name\n")

    assert failing(records) == {"row_count:shop"}
    assert records["null:sale.total"].status == "skipped"


def test_bytes_that_are_no_text_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_bytes(b"id,name\n1,a\n2,\xff\n3,b\n")
    (tmp_path / "sale.csv").write_text(HEAD + "\n".join(GOOD))

    assert "readable:shop" in failing(solid(SALES, tmp_path))


def test_a_bomb_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "_BLOCK", 1 << 10)
    rows = "\n".join(f"{n},x" for n in range(1, 5001))
    (tmp_path / "shop.csv").write_text("id,name\n" + rows)
    (tmp_path / "sale.csv").write_text("id,name\n" + "y" * 5000)

    records = solid(SALES, tmp_path)

    assert records["readable:shop"].rows_checked == 5000
    assert "readable:sale" in failing(records)


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text(SHOPS)

    with pytest.raises(datagen.Cancelled):
        datagen.validate(SALES, tmp_path, cancelled=lambda: True)


# -- single values --------------------------------------------------------------------------------------------


def read(type: ColumnType, *texts: str) -> list[Any]:
    array, _ = read_texts(pa.array(texts), type)
    values: list[Any] = array.to_pylist()
    return values


@pytest.mark.parametrize(
    "text",
    ["2024-03-01T08:05:06.5Z", "2024-03-01 08:05:06.500", "2024-03-01 10:05:06.500000+02",
     "2024-03-01T08:05:06.5000009Z",
     "2024-03-01 09:35:06.5 +0130", "2024-03-01 08:05:06.5 UTC", "2024-03-01T03:05:06.5-05:00"],
)  # fmt: skip
def test_times_of_many_spellings(text: str) -> None:
    wanted = datetime.datetime(2024, 3, 1, 8, 5, 6, 500_000, datetime.UTC)

    assert read("datetime", text) == [wanted]
    assert read("datetime", text, "2024-02-31") == [wanted, None]  # one bad value sends all the slow way


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_whole_number_is_read(number: int) -> None:
    assert read("int", str(number), f"{number:+d}") == [number, number]


@given(st.floats(allow_nan=False))
def test_every_float_is_read_to_the_last_bit(number: float) -> None:
    (found,) = read("float", repr(number))
    assert found == number
    assert math.copysign(1, found) == math.copysign(1, number)


@given(st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2200, 1, 1)))
def test_every_time_is_read(moment: datetime.datetime) -> None:
    wanted = moment.replace(tzinfo=datetime.UTC)
    assert read("datetime", moment.isoformat(), moment.isoformat(" ") + "Z") == [wanted, wanted]
    assert read("date", moment.date().isoformat()) == [moment.date()]


@given(st.text(max_size=12), st.sampled_from(["int", "float", "bool", "datetime", "date"]))
def test_no_text_breaks_it(text: str, type: ColumnType) -> None:
    array, wrong = read_texts(pa.array([text, None]), type)
    assert len(array) == 2
    assert set(wrong.tolist()) <= {0}
    assert array[1].as_py() is None
