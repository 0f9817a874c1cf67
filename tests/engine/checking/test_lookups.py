from __future__ import annotations

from typing import Any

import pytest

from tests.engine.checking.judging import Found, choice, column, fact, judge, schema, table, vocabulary

AT = "/nodes/1/columns/1/generator/lookup"


def tree(generator: dict[str, Any], **more: Any) -> Any:
    return schema(
        vocabulary("v", code=["DE", "FR"], place=["Berlin", "the moon"]),
        table(column("x", "string", generator, **more)),
    )


@pytest.mark.parametrize(
    ("generator", "expected"),
    [
        ({"from": "v.code", "weights_kind": "zipf@1", "pick": "p"}, []),
        ({"from": "v.code", "roots": 0.1}, [("ignored-key", f"{AT}/roots")]),
        ({"from": "v.place", "on": {"id": "code"}, "pick": "p"}, [("ignored-key", f"{AT}/pick")]),
    ],
)
def test_settings_without_a_say(generator: dict[str, Any], expected: Found) -> None:
    judge(tree({"lookup": generator}, nullable=True), expected)


def test_settings_of_a_lookup_of_the_parent() -> None:
    child = fact(column("t_id", "int", {"lookup": {"from": "t.id", "weights_kind": "zipf@1"}}))
    judge(schema(table(), child), [("ignored-key", f"{AT}/weights_kind")])


def test_a_lookup_within_a_case() -> None:
    case = {
        "case": [
            {"when": "id > 5", "then": {"lookup": {"from": "v.code", "roots": 0.5}}},
            {"else": choice("q")},
        ]
    }
    judge(tree(case), [("ignored-key", "/nodes/1/columns/1/generator/case/0/then/lookup/roots")])
