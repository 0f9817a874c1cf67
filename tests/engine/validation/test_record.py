"""Records: what they say, how they leave and come back, and what they score."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.validation.record import (
    CATEGORIES,
    KINDS,
    STATUSES,
    CheckRecord,
    Plot,
    missed,
)
from datagen_engine.validation.score import WEIGHTS, rounded, scores

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
cells = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | names
)


@st.composite
def records(draw: st.DrawFn) -> CheckRecord:
    labels = draw(st.lists(names, max_size=4).map(tuple))
    figures = st.tuples(*(st.none() | st.floats(-1e9, 1e9) for _ in labels))
    plot = Plot("bars", labels, draw(figures), draw(figures), draw(names), draw(names))
    return CheckRecord(
        id=draw(names),
        category=draw(st.sampled_from(CATEGORIES)),
        kind=draw(st.sampled_from(KINDS)),
        table=draw(names),
        columns=tuple(draw(st.lists(names, max_size=3))),
        status=draw(st.sampled_from(STATUSES)),
        message=draw(names),
        path=tuple(draw(st.lists(names | st.integers(0, 99), max_size=4))),
        observed=draw(cells | st.dictionaries(names, cells, max_size=3)),
        expected=draw(cells | st.lists(cells, max_size=3)),
        tolerance=draw(cells),
        rows_checked=draw(st.integers(0, 2**60)),
        rows_failed=draw(st.none() | st.integers(0, 2**60)),
        examples=tuple(draw(st.lists(st.dictionaries(names, cells, max_size=3), max_size=5))),
        miss=draw(st.floats(0, 9)),
        plot=draw(st.none() | st.just(plot)),
        title=draw(st.sampled_from(["", "a title"])),
    )


def plain(record: CheckRecord) -> dict[str, Any]:
    """Return a record as JSON, where paths of digits are the same whether they name a key or a place."""
    return record.to_json()


@given(records())
def test_a_record_comes_back_from_json_as_it_left(record: CheckRecord) -> None:
    written = json.dumps(record.to_json(), allow_nan=False)

    assert plain(CheckRecord.from_json(json.loads(written))) == plain(record)


def test_what_is_not_finite_or_of_numpy_leaves_as_json() -> None:
    record = CheckRecord(
        "a", "value", "range", "t", (), "fail", "", observed=np.float64(0.5), expected=math.inf,
        details={"counts": np.arange(2), "nested": {1: math.nan}},
    )  # fmt: skip

    made = json.loads(json.dumps(record.to_json(), allow_nan=False))

    assert made["observed"] == 0.5
    assert made["expected"] is None
    assert made["details"] == {"counts": [0, 1], "nested": {"1": None}}


@pytest.mark.parametrize(
    "change",
    [{"kind": "gossip"}, {"status": "maybe"}, {"category": "other"}, {"path": "no pointer"}, {"columns": 3}],
)
def test_what_is_no_record_is_refused(change: dict[str, Any]) -> None:
    tree = CheckRecord("a", "value", "range", "t", (), "pass", "").to_json()

    with pytest.raises(ValueError, match="no record of a check"):
        CheckRecord.from_json({**tree, **change})


def scored(*found: tuple[str, str, float]) -> list[CheckRecord]:
    return [
        CheckRecord(str(n), category, "target", "t", (), status, "", miss=miss)  # type: ignore[arg-type]  # words of theirs
        for n, (category, status, miss) in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("found", "quality", "integrity", "behaviour"),
    [
        ([], None, None, None),
        ([("structural", "error", 0), ("value", "skipped", 0)], None, None, None),
        ([("structural", "pass", 0)], 100, 100, None),
        ([("structural", "pass", 0), ("value", "fail", 0)], 62.5, 50, None),
        ([("structural", "pass", 0), ("value", "pass", 0), ("behavioural", "fail", 0.25)], 95, 100, 75),
        ([("behavioural", "fail", 7.0), ("behavioural", "pass", 0)], 50, None, 50),
        ([("structural", "fail", 0), ("value", "pass", 0), ("behavioural", "pass", 0)], 50, 50, 100),
        ([("structural", "pass", 0), ("behavioural", "fail", 3.0)], 100 * 0.5 / 0.7, 100, 0),
    ],
)
def test_scores(
    found: list[tuple[str, str, float]],
    quality: float | None,
    integrity: float | None,
    behaviour: float | None,
) -> None:
    made = scores(scored(*found))

    assert made.quality_score == (None if quality is None else pytest.approx(quality))
    assert made.integrity == (None if integrity is None else pytest.approx(integrity))
    assert made.behaviour == (None if behaviour is None else pytest.approx(behaviour))
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6))
def test_a_miss_is_measured_by_the_tolerance_or_a_tenth_of_the_expected(
    beyond: float, tolerance: float, expected: float
) -> None:
    found = missed(beyond, tolerance, expected)

    assert found >= 0
    if tolerance >= abs(expected) / 10 > 0:
        assert found == pytest.approx(beyond / tolerance)
    assert missed(0.0, tolerance, expected) == 0


@pytest.mark.parametrize("score", [99.95, 99.99999])
def test_a_hundred_is_written_only_where_nothing_is_amiss(score: float) -> None:
    assert rounded(score) == "99.9"
    assert rounded(100.0) == "100"
