from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.casting import cast
from datagen_engine.draw.values import COLUMN_TYPES, ColumnType, Values

NAN, INF = float("nan"), float("inf")
HOUR, DAY = 3_600_000_000, 86_400_000_000
NEW_YEAR = datetime(2024, 1, 1, 12, 30, tzinfo=UTC)
NOON = int(NEW_YEAR.timestamp()) * 1_000_000

CASES: list[tuple[ColumnType, list[Any], ColumnType, list[Any]]] = [
    ("float", [0.5, 1.5, 2.5, -0.5, -1.5], "int", [0, 2, 2, 0, -2]),
    ("float", [NAN, INF, -INF, 1e19, -1e19, 9e18], "int", [None, None, None, None, None, 9 * 10**18]),
    ("float", [1.0, NAN, INF, None], "float", [1.0, None, None, None]),
    ("float", [0.0, 0.1, NAN], "bool", [False, True, None]),
    ("float", [1.0, -2.0, 1e15], "string", ["1", "-2", "1000000000000000"]),
    ("float", [0.1, 1e300, NAN, 1e15, -0.0], "string", ["0.1", "1e+300", None, "1000000000000000", "0"]),
    ("int", [1, -5, None], "float", [1.0, -5.0, None]),
    ("int", [0, 3], "bool", [False, True]),
    ("int", [2**62, None], "string", [str(2**62), None]),
    ("bool", [True, False, None], "int", [1, 0, None]),
    ("bool", [True, False], "float", [1.0, 0.0]),
    ("bool", [True, False], "string", ["true", "false"]),
    ("string", ["1", " 2.5 ", "+3", "-.5", "1e3", "x", "", "1e", "nan", None], "float",
     [1.0, 2.5, 3.0, -0.5, 1000.0, None, None, None, None, None]),
    ("string", ["1", "2.5", "1e400", "0x10", "1_000"], "int", [1, 2, None, None, None]),
    ("string", ["true", "False", " TRUE ", "yes", "1"], "bool", [True, False, True, None, None]),
    ("string", ["2024-01-01T12:30:00Z", "2024-01-01 13:30+01:00", "2024-01-01T12:30", "soon", "2024-13-01"],
     "datetime", [NEW_YEAR, NEW_YEAR, NEW_YEAR, None, None]),
    ("string", ["2024-02-29", "2024-02-29T23:59:59Z", "2023-02-29"], "date",
     [date(2024, 2, 29), date(2024, 2, 29), None]),
    ("datetime", [NOON, -1, None], "date", [date(2024, 1, 1), date(1969, 12, 31), None]),
    ("date", [0, 1], "datetime", [datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC)]),
    ("datetime", [NOON, NOON + 1, -1, None], "string",
     ["2024-01-01T12:30:00Z", "2024-01-01T12:30:00.000001Z", "1969-12-31T23:59:59.999999Z", None]),
    ("date", [19_782, None], "string", ["2024-02-29", None]),
    ("float", [1.0, NAN], "date", [date(1970, 1, 2), None]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "items", "wanted", "expected"), CASES, ids=[f"{a}-{c}" for a, _, c, _ in CASES]
)
def test_a_value_becomes_one_of_the_columns_type(
    type: ColumnType, items: list[Any], wanted: ColumnType, expected: list[Any]
) -> None:
    found = cast(Values.of(type, items), wanted)
    assert found.type == wanted
    assert found.to_list() == expected


@pytest.mark.parametrize(("type", "wanted"), [(a, b) for a in COLUMN_TYPES for b in COLUMN_TYPES])
def test_every_type_becomes_every_other_nulls_and_none_at_all(type: ColumnType, wanted: ColumnType) -> None:
    assert cast(Values.nulls(type, 3), wanted).to_list() == [None] * 3
    assert cast(Values.of(type, []), wanted).to_list() == []
    assert cast(Values.nulls(type, 2), wanted).to_arrow().null_count == 2


@given(x=st.lists(st.floats(), max_size=10))
def test_whole_numbers_are_rounded_half_to_even_as_python_rounds(x: list[float]) -> None:
    found = cast(Values("float", np.array(x, dtype=np.float64)), "int").to_list()
    expected = [round(v) if np.isfinite(v) and abs(v) < 9.2e18 else None for v in x]
    assert found == expected


@given(x=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=10))
def test_a_number_as_text_is_the_same_number_in_json(x: list[float]) -> None:
    texts = cast(Values("float", np.array(x)), "string").to_list()
    assert [float(json.loads(text)) for text in texts] == x
    assert cast(Values.of("string", texts), "float").to_list() == x


@given(x=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=10))
def test_whole_numbers_as_text_keep_every_digit(x: list[int]) -> None:
    assert cast(Values.of("int", x), "string").to_list() == [str(v) for v in x]


times = st.integers(-(2**50), 2**50) | st.sampled_from([0, 1_000_000, -3_000_000])


@given(x=st.lists(times, max_size=9))
def test_a_time_as_text_is_that_time_again(x: list[int]) -> None:
    texts = cast(Values.of("datetime", x), "string")
    assert cast(texts, "datetime").data.tolist() == x


@pytest.mark.parametrize("type", ["float", "datetime"])
@given(x=st.lists(st.sampled_from([0, 1, 2_000_000, 3_000_001, 10**15, 2**60]), max_size=8))
def test_a_text_does_not_depend_on_the_other_rows(type: ColumnType, x: list[int]) -> None:
    given = [v / 2 if type == "float" else v % 2**50 for v in x]
    alone = [cast(Values.of(type, [v]), "string").to_list()[0] for v in given]
    assert cast(Values.of(type, given), "string").to_list() == alone


@pytest.mark.parametrize("wanted", COLUMN_TYPES)
@given(texts=st.lists(st.text(max_size=12) | st.text("0123456789-+:.TZe ", max_size=20), max_size=10))
def test_no_text_makes_a_fault(wanted: ColumnType, texts: list[str]) -> None:
    clean = [text for text in texts if text.isprintable()]
    assert len(cast(Values.of("string", clean), wanted)) == len(clean)


def test_coded_text_is_read_word_by_word() -> None:
    coded = Values.coded(
        np.array([1, 0, 1, 2]), pa.array(["7", "8", "x"]), np.array([True, True, False, True])
    )
    assert cast(coded, "int").to_list() == [8, 7, None, None]
    assert cast(coded, "string") is coded
