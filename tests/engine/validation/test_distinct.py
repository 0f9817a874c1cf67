"""One key twice among very many is found, wherever it stands, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from datagen_engine.validation import distinct
from tests.engine.small import column, schema, table
from tests.engine.validation.damage import solid

MANY = 10_000_000


def shuffled(rows: int) -> np.ndarray:
    """Return the numbers from 1 on in no order: an odd factor only moves the residues of a power of two."""
    size = 1 << (rows - 1).bit_length()
    numbers = (np.arange(size, dtype=np.int64) * 0x9E3779B1) % size
    return np.asarray(numbers[numbers < rows] + 1)


def test_one_duplicate_in_ten_million_is_found(tmp_path: Path) -> None:
    tree = schema(table(rows=MANY))
    keys = shuffled(MANY)
    first, second = 1_234_567, 9_876_543
    keys[second] = keys[first]
    pq.write_table(pa.table({"id": keys}), tmp_path / "t.parquet", row_group_size=131_072, compression="lz4")

    record = solid(tree, tmp_path)["primary_key:t.id"]

    assert record.status == "fail"
    assert record.rows_checked == MANY
    assert record.rows_failed == 1
    assert record.details["rows"] == [second]
    assert record.examples == [{"id": int(keys[first])}]


def test_ten_million_different_keys_pass(tmp_path: Path) -> None:
    keys = shuffled(MANY)
    pq.write_table(pa.table({"id": keys}), tmp_path / "t.parquet", row_group_size=131_072, compression="lz4")

    assert solid(schema(table(rows=MANY)), tmp_path)["primary_key:t.id"].status == "pass"


@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_both_ways_of_counting_find_the_same(
    seed: int, in_memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not in_memory:
        monkeypatch.setattr(distinct, "IN_MEMORY", 10)
    rng = np.random.default_rng(seed)
    tree = schema(
        table(
            column("word", "string", {"faker": {"method": "bothify", "text": "????"}}, nullable=True),
            column("day", "date", {"datetime_series": {"within": "timeframe", "freq": "D"}}),
            rows=500,
        ),
        constraints={"unique": [["t.word", "t.day"]]},
    )
    words = [None if rng.random() < 0.1 else str(rng.integers(12)) for _ in range(500)]
    days = pa.array(rng.integers(0, 20, 500).astype(np.int32)).cast(pa.date32())
    data = pa.table({"id": pa.array(range(1, 501), pa.int64()), "word": pa.array(words), "day": days})
    pq.write_table(data, tmp_path / "t.parquet", row_group_size=64)
    seen, again = set(), []
    for row, key in enumerate(zip(words, days.to_pylist(), strict=True)):
        if key[0] is not None and key in seen:
            again.append(row)
        seen.add(key)

    try:
        record = solid(tree, tmp_path)["unique:t.word,day"]
    except datagen.SchemaError as error:
        pytest.fail(str(error))

    assert record.rows_failed == len(again)
    assert record.details["rows"] == again[:5]
