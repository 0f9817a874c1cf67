from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.app.results.conftest import Asker


def told(folder: Path, values: Any) -> dict[str, Any]:
    pq.write_table(pa.table({"v": values}), folder / "t.parquet")
    ask = Asker(folder)
    answer = ask("statistics", view=ask.view("t")["view"], column="v")
    ask.reader.close()
    return answer


def test_nothing_but_nulls_has_no_figures(tmp_path: Path) -> None:
    answer = told(tmp_path, pa.array([None, None], pa.int64()))
    assert (answer["nulls"], answer["figures"], answer["plots"]) == (2, [], [])


@pytest.mark.parametrize(
    "values",
    [
        [5.0] * 3,
        [1e308, -1e308],
        [float("nan"), 1.0, 2.0],
        [float("inf"), 1.0],
        [2**62, -(2**62)],
        [0.1, 0.2],
    ],
)
def test_no_number_is_too_odd(tmp_path: Path, values: list[float]) -> None:
    answer = told(tmp_path, pa.array(values))
    assert answer["rows"] == len(values)


def test_few_whole_numbers_have_a_bar_each(tmp_path: Path) -> None:
    (plot,) = told(tmp_path, pa.array([1, 1, 3]))["plots"]
    assert plot["labels"] == ["1", "2", "3"]
    assert plot["shares"] == pytest.approx([2 / 3, 0, 1 / 3])


def test_a_distribution_holds_every_row(tmp_path: Path) -> None:
    (plot,) = told(tmp_path, pa.array([float(n) for n in range(1000)]))["plots"]
    assert sum(plot["shares"]) == pytest.approx(1)
    assert plot["ends"] == ["0", "999"]


def test_times_by_month_and_by_hour_of_the_week(tmp_path: Path) -> None:
    monday = datetime(2024, 1, 1, 15, tzinfo=UTC)
    values = pa.array([monday, monday.replace(month=7)], pa.timestamp("us", "UTC"))
    months, week = told(tmp_path, values)["plots"]
    assert months["labels"] == ["Jan 2024", "Jul 2024"]
    assert week["shares"][0][15] == 1.0


def test_texts_that_are_all_different_have_no_bars(tmp_path: Path) -> None:
    answer = told(tmp_path, pa.array([f"a{n}" for n in range(100)]))
    assert (answer["distinct"], answer["plots"]) == (100, [])
    assert dict(answer["figures"])["length"] == "2 … 3"
