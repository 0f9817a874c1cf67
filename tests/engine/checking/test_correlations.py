from __future__ import annotations

from typing import Any

import pytest

from tests.engine.checking.judging import (
    Found,
    choice,
    column,
    judge,
    normal,
    schema,
    sequence,
    table,
    uniform,
)

AT = "/nodes/0/correlations/0"


def tree(*groups: dict[str, Any]) -> Any:
    return schema(
        table(
            column("a", "float", normal(0, 1, -9, 9)),
            column("b", "float", uniform(0, 1)),
            column("c", "string", choice("x", "y")),
            column("n", "int", sequence),
            correlations=list(groups),
        )
    )


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({"columns": ["a", "b"], "value": 0.5}, []),
        ({"columns": ["a", "b", "c"], "value": -0.4}, []),
        ({"columns": ["a", "b", "c"], "value": -0.6}, [("impossible-correlation", f"{AT}/value")]),
        ({"columns": ["a", "b"], "value": 1}, [("impossible-correlation", f"{AT}/value")]),
        ({"columns": ["a", "b"]}, [("one-of", AT)]),
        ({"columns": ["a", "n"], "value": 0.5}, [("cannot-correlate", f"{AT}/columns/1")]),
        ({"columns": ["a", "a"], "value": 0.5}, [("correlated-twice", f"{AT}/columns/1")]),
        ({"columns": ["a", "q"], "value": 0.5}, [("unknown-column", f"{AT}/columns/1")]),
        ({"columns": ["a", "b"], "matrix": [[1, 0.5], [0.5, 1]]}, []),
        ({"columns": ["a", "b"], "matrix": [[1, 0.5]]}, [("bad-matrix", f"{AT}/matrix")]),
        ({"columns": ["a", "b"], "matrix": [[1, 0.5], [0.4, 1]]}, [("bad-matrix", f"{AT}/matrix")]),
        ({"columns": ["a", "b"], "matrix": [[2, 0.5], [0.5, 1]]}, [("bad-matrix", f"{AT}/matrix")]),
        ({"columns": ["a", "b"], "matrix": [[1, 1.5], [1.5, 1]]}, [("bad-matrix", f"{AT}/matrix")]),
        (
            {"columns": ["a", "b", "c"], "matrix": [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]},
            [("impossible-correlation", f"{AT}/matrix")],
        ),
    ],
)
def test_correlations(group: dict[str, Any], expected: Found) -> None:
    judge(tree(group), expected)


def test_a_column_in_two_groups() -> None:
    groups = {"columns": ["a", "b"], "value": 0.5}, {"columns": ["b", "c"], "value": 0.5}
    judge(tree(*groups), [("correlated-twice", "/nodes/0/correlations/1/columns/0")])
