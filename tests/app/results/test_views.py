from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_app.results import views
from datagen_app.results.database import Database
from datagen_app.results.files import RunFiles
from datagen_app.results.filters import Filter
from datagen_app.results.task import Stopped, Task
from datagen_app.results.views import Spec, finish_order, open_view
from datagen_engine.errors import UsageError

ROWS = 5_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of two parts with small row groups, nulls and equal values."""
    folder = tmp_path_factory.mktemp("views")
    (folder / "sale").mkdir()
    table = pa.table(
        {
            "id": pa.array(range(ROWS), pa.int64()),
            "n": pa.array([None if i % 11 == 0 else (i * 7919) % 97 for i in range(ROWS)], pa.int64()),
            "word": pa.array([f"w{(i * 31) % 50}" for i in range(ROWS)]).dictionary_encode(),
        }
    )
    for part, (start, count) in enumerate(((0, 3_000), (3_000, 2_000))):
        pq.write_table(
            table.slice(start, count), folder / "sale" / f"part-{part:05}.parquet", row_group_size=512
        )
    return folder


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[Database]:
    made = Database(RunFiles.of(folder))
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(folder: Path) -> pa.Table:
    parts = sorted((folder / "sale").iterdir())
    return pa.concat_tables([pq.read_table(part) for part in parts])


def numbers(view: views.View, start: int = 0, count: int = ROWS) -> list[int]:
    page = view.page(start, count)
    assert page.rows is not None
    assert page.numbers is not None
    ids = page.rows.column("id").to_pylist()
    assert page.numbers.tolist() == ids  # the number of a row is the row's own, whichever way it came
    return ids


@given(start=st.integers(-5, ROWS + 5), count=st.integers(0, 1_500))
def test_any_page_is_that_stretch_of_the_table(database: Database, start: int, count: int) -> None:
    view = open_view(database, Spec("sale"), Task())
    first = max(0, min(start, ROWS))
    assert numbers(view, start, count) == list(range(first, min(ROWS, first + count)))


@given(low=st.integers(-3, 100), order=st.sampled_from(["", "n", "word"]), descending=st.booleans())
def test_filter_and_order_are_those_of_arrow(
    database: Database, whole: pa.Table, low: int, order: str, descending: bool
) -> None:
    spec = Spec("sale", (Filter("n", "≥", str(low)),), order, descending)
    view = open_view(database, spec, Task())
    kept = whole.filter(pc.greater_equal(whole["n"], low))
    keys = [(order, "descending" if descending else "ascending")] if order else []
    plain = kept.set_column(2, "word", kept["word"].cast(pa.string()))
    expected = plain.sort_by([*keys, ("id", "ascending")]).column("id").to_pylist()
    assert view.count == len(expected)
    assert numbers(view) == expected


def test_of_a_long_order_both_ends_are_there_at_once_and_then_the_rest(
    database: Database, whole: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_HELD", 100)
    shares: list[float | None] = []
    for descending in (False, True):
        view = open_view(database, Spec("sale", (), "n", descending), Task())
        assert view.rows is None
        head, tail = numbers(view, 0, 100), numbers(view, ROWS - 100, 100)
        assert view.page(2_000, 100).rows is None
        finish_order(database, view, Task(lambda share, doing: shares.append(share)))
        assert shares[-1] == 1.0
        all_ = numbers(view)
        assert all_[:100] == head
        assert all_[-100:] == tail
        way = "descending" if descending else "ascending"
        expected = whole.sort_by([("n", way), ("id", "ascending")]).column("id").to_pylist()
        assert all_ == expected  # nulls last, both ways


def test_a_long_filter_is_served_from_the_table(
    database: Database, whole: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_HELD", 50)
    view = open_view(database, Spec("sale", (Filter("word", "is", "w3"),)), Task())
    assert view.by_number
    expected = whole.filter(pc.equal(whole["word"].cast(pa.string()), "w3")).column("id").to_pylist()
    assert numbers(view) == expected


def test_an_order_that_finds_no_room_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_HELD", 100)
    view = open_view(database, Spec("sale", (), "n"), Task())
    full: Any = type("Usage", (), {"free": 0})()
    monkeypatch.setattr("datagen_app.results.rows.shutil.disk_usage", lambda _: full)
    with pytest.raises(UsageError, match="temporary space"):
        finish_order(database, view, Task())
    assert view.page(0, 10).rows is not None


def test_an_order_that_is_stopped_leaves_the_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_HELD", 100)
    view = open_view(database, Spec("sale", (), "n"), Task())
    task = Task()
    task.stop()
    with pytest.raises(Stopped):
        finish_order(database, view, task)
    task.end()
    assert view.page(0, 10).rows is not None


def test_what_is_not_there_is_said(database: Database) -> None:
    with pytest.raises(UsageError, match="no table nothing"):
        open_view(database, Spec("nothing"), Task())
    with pytest.raises(UsageError, match="no column size"):
        open_view(database, Spec("sale", (), "size"), Task())


def test_a_column_called_like_the_numbers_is_another(tmp_path: Path) -> None:
    pq.write_table(pa.table({"row_number_": [3, 1, 2]}), tmp_path / "t.parquet")
    database = Database(RunFiles.of(tmp_path))
    view = open_view(database, Spec("t", (), "row_number_"), Task())
    page = view.page(0, 3)
    assert page.rows is not None
    assert page.rows.column_names == ["row_number_"]
    assert page.rows.column(0).to_pylist() == [1, 2, 3]
    database.close()


def test_csv_and_lines_of_json_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,x\n2,y\n")
    (tmp_path / "b.jsonl").write_text('{"id": 1}\n{"id": 2}\n{"id": 3}\n')
    database = Database(RunFiles.of(tmp_path))
    assert database.rows("a").count == 2
    assert open_view(database, Spec("b", (Filter("id", ">", "1"),)), Task()).count == 2
    database.close()


def test_a_damaged_file_says_which(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1 no more PAR1")
    database = Database(RunFiles.of(tmp_path))
    with pytest.raises(UsageError, match=r"t\.parquet cannot be read"):
        database.rows("t")
    database.close()
