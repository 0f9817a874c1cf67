from __future__ import annotations

import pytest

from tests.engine.checking.judging import Found, fact, judge, schema, table


@pytest.mark.parametrize(
    ("dag", "expected"),
    [
        ([["t"], ["f"]], []),
        (None, []),
        ([["t"]], [("bad-order", "/dag")]),
        ([["t", "f"]], [("bad-order", "/dag/0/1")]),
        ([["f"], ["t"]], [("bad-order", "/dag/0/0")]),
        ([["t"], ["f"], ["t"]], [("bad-order", "/dag/2/0")]),
        ([["t"], 5], [("wrong-type", "/dag/1")]),
    ],
)
def test_order(dag: object, expected: Found) -> None:
    judge(schema(table(), fact(), dag=dag), expected)
