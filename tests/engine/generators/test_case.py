from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from datagen_engine.draw.grid import parse_instant
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.expression import Facts
from datagen_engine.generators.case import Case, joined
from datagen_engine.planning.plan import Plan
from datagen_engine.schema.catalogue import class_at, marks
from datagen_engine.schema.document import Schema
from datagen_engine.schema.path import pointer
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import ExpressionRef
from tests.engine.small import Tree, column, draw, fact, faults, numbers, plan, schema, table, vocabulary

KIND = column("kind", "string", {"choice": {"choices": ["a", "b", "c", None]}}, nullable=True)


def constant(value: Any) -> Tree:
    return {"choice": {"choices": [value]}}


def uniform(low: float, high: float) -> Tree:
    return {"distribution": {"type": "uniform", "params": {"low": low, "high": high}, "clamp": [low, high]}}


def problems(of: Plan, name: str = "x", id: str = "t") -> list[Problem]:
    """Return what a column's generator finds wrong with itself; paths begin at its body."""
    node = of.schema.by_id[id]
    found = node.by_name[name]
    return list(found.generator.check(of.resolver.site(node, found)))


def facts(of: Plan, name: str = "x", id: str = "t") -> Facts:
    node = of.schema.by_id[id]
    found: Facts = node.by_name[name].generator.facts(of.resolver.site(node, node.by_name[name]))
    return found


# -- which branch draws ----------------------------------------------------------------------------------


def test_the_first_branch_that_holds_draws() -> None:
    case = [
        {"when": "id % 2 == 0", "then": constant(1)},
        {"when": "id % 3 == 0", "then": constant(2)},
        {"when": "id % 2 == 0 or id % 5 == 0", "then": constant(3)},
        {"else": constant(4)},
    ]
    drawn = draw(plan(table(column("x", "int", {"case": case}))), "x").to_list()
    expected = [1 if i % 2 == 0 else 2 if i % 3 == 0 else 3 if i % 5 == 0 else 4 for i in range(1, 1001)]
    assert drawn == expected


def test_a_condition_that_is_null_does_not_hold() -> None:
    case = [{"when": "kind != 'a'", "then": constant("other")}, {"else": constant("a or null")}]
    one = plan(table(KIND, column("x", "string", {"case": case})))
    expected = ["other" if kind in ("b", "c") else "a or null" for kind in draw(one, "kind").to_list()]
    assert draw(one, "x").to_list() == expected


def test_where_no_condition_holds_the_value_is_null() -> None:
    case = [{"when": "kind == 'a'", "then": constant(7)}]
    one = plan(table(KIND, column("x", "float", {"case": case}, nullable=True)))
    expected = [7.0 if kind == "a" else None for kind in draw(one, "kind").to_list()]
    assert draw(one, "x").to_list() == expected
    assert facts(one).nullable
    reason = facts(one).null_reason
    assert reason is not None
    assert "else" in reason[0]


def test_nothing_holds_in_no_rows() -> None:
    case = [{"when": "false", "then": constant("a")}]
    one = plan(table(column("x", "string", {"case": case}, nullable=True)))
    assert draw(one, "x", rows=Rows.run(0, 3)).to_list() == [None] * 3
    assert draw(one, "x", rows=Rows.run(3, 3)).to_list() == []


# -- what the branches draw ------------------------------------------------------------------------------


def test_each_branch_has_randomness_of_its_own() -> None:
    case = [{"when": "true", "then": uniform(0, 1)}]
    branches = [{"when": "id < 0", "then": uniform(0, 1)}, {"else": uniform(0, 1)}]
    deeper = [{"when": "true", "then": {"case": case}}]
    bodies = [uniform(0, 1), {"case": case}, {"case": branches}, {"case": deeper}]
    drawn = [numbers(plan(table(column("x", "float", body))), "x") for body in bodies]
    for place, one in enumerate(drawn):
        for other in drawn[place + 1 :]:
            assert not (one == other).any()


def test_a_row_does_not_depend_on_how_many_are_drawn() -> None:
    case = [
        {"when": "kind == 'a'", "then": {"distribution": {**_NORMAL, "clamp": [-9, 9]}}},
        {"when": "kind == 'b'", "then": {"sequence": {"start": 2**60}}},
        {"else": uniform(5, 6)},
    ]
    one = plan(table(KIND, column("x", "string", {"case": case}), rows=BLOCK + 100))
    whole = draw(one, "x").to_list()
    for rows in (Rows.run(0, 1), Rows.run(BLOCK - 2, BLOCK + 2), Rows.listed(np.array([9, 3, 8200, 3]))):
        assert draw(one, "x", rows=rows).to_list() == [whole[row] for row in rows.numbers().tolist()]
    for row in range(40):
        assert draw(one, "x", rows=Rows.run(row, row + 1)).to_list() == [whole[row]]


_NORMAL = {"type": "normal", "params": {"mean": 0, "std": 1}}


def test_generators_of_any_kind_stand_in_a_branch() -> None:
    case = [
        {"when": "id % 6 == 0", "then": {"sequence": {"start": 10, "step": 10}}},
        {"when": "id % 6 == 1", "then": uniform(0, 1)},
        {"when": "id % 6 == 2", "then": {"expression": {"code": "id * 100"}}},
        {"when": "id % 6 == 3", "then": {"lookup": {"from": "v.number"}}},
        {"when": "id % 6 == 4", "then": {"choice": {"choices_ref": "v.number"}}},
        {"else": {"case": [{"when": "id > 500", "then": constant(-1)}, {"else": constant(-2)}]}},
    ]
    one = plan(table(column("x", "float", {"case": case})), vocabulary("v", number=[3, 4]))
    assert not problems(one)
    drawn = numbers(one, "x")
    ids = np.arange(1, 1001)
    assert (drawn[ids % 6 == 0] == ids[ids % 6 == 0] * 10).all()
    assert ((drawn[ids % 6 == 1] > 0) & (drawn[ids % 6 == 1] < 1)).all()
    assert (drawn[ids % 6 == 2] == ids[ids % 6 == 2] * 100).all()
    assert set(drawn[(ids % 6 == 3) | (ids % 6 == 4)].tolist()) == {3.0, 4.0}
    assert (drawn[ids % 6 == 5] == np.where(ids > 500, -1, -2)[ids % 6 == 5]).all()


def test_times_and_dates_of_several_windows_go_together() -> None:
    def within(start: str, end: str) -> Tree:
        return {"datetime_series": {"within": {"start": start, "end": end}, "freq": "h"}}

    case = [
        {"when": "id % 2 == 0", "then": within("2024-01-01", "2024-01-31")},
        {"else": within("2024-03-01", "2024-03-31")},
    ]
    for type in ("datetime", "date"):
        one = plan(table(column("x", type, {"case": case}, {"time_jitter": {"std_minutes": 600}})))
        months = {moment.month for moment in draw(one, "x").to_list()[1::2]}
        assert months <= {12, 1, 2}
        node = one.schema.by_id["t"]
        assert isinstance(node.columns[1].generator, Case)
        window = node.columns[1].generator.window(one.resolver.site(node, node.columns[1]))
        assert window is not None
        assert window.start == parse_instant("2024-01-01")
        # Noise is reflected at the ends of the span around both windows.
        assert draw(one, "x").instants().min() >= window.start
        assert draw(one, "x").instants().max() <= window.end
    mixed = [{"when": "id % 2 == 0", "then": constant("2024-05-05")}, *case[1:]]
    for type in ("datetime", "date"):
        found = draw(plan(table(column("x", type, {"case": mixed}))), "x").to_list()
        assert {moment.month for moment in found[1::2]} == {5}
        assert {moment.month for moment in found[::2]} == {3}


def test_lookups_in_branches_share_rows_with_the_columns_beside_them() -> None:
    case = [{"when": "id % 2 == 0", "then": {"lookup": {"from": "v.name"}}}, {"else": constant("none")}]
    one = plan(
        table(
            column("word", "string", {"lookup": {"from": "v.word"}}), column("x", "string", {"case": case})
        ),
        vocabulary("v", name=["u", "w", "z"], word=["U", "W", "Z"]),
    )
    words, names = draw(one, "word").to_list(), draw(one, "x").to_list()
    assert [word.lower() for word in words[1::2]] == names[1::2]
    assert set(names[::2]) == {"none"}


def test_lookups_in_branches_reach_the_parent_and_match_keys() -> None:
    case = [
        {"when": "id % 2 == 0", "then": {"lookup": {"from": "t.id"}}},
        {"else": {"lookup": {"from": "v.price", "on": {"word": "word"}}}},
    ]
    parent = column("parent", "int", {"lookup": {"from": "t.id"}})
    word = column("word", "string", {"choice": {"choices": ["cheap", "dear"]}})
    one = plan(
        table(rows=50),
        fact(parent, word, column("x", "int", {"case": case}), fanout={"distribution": "fixed", "n": 3}),
        vocabulary("v", word=["cheap", "dear"], price=[1000, 2000]),
    )
    prices = {"cheap": 1000, "dear": 2000}
    expected = [
        parent if (row + 1) % 2 == 0 else prices[word]
        for row, (parent, word) in enumerate(
            zip(draw(one, "parent", "f").to_list(), draw(one, "word", "f").to_list(), strict=True)
        )
    ]
    assert draw(one, "x", "f").to_list() == expected


def test_a_table_that_only_a_branch_looks_up_grows_with_the_scale() -> None:
    case = [{"when": "true", "then": {"lookup": {"from": "other.id"}}}]
    tree = table(column("x", "int", {"case": case}), rows=10)
    one = Plan(plan(tree, table(id="other", rows=10)).schema, scale=3)
    assert one.tables["other"].rows == 30


def test_modifiers_act_on_what_the_branches_draw() -> None:
    case = [{"when": "id % 2 == 0", "then": constant("a")}, {"else": constant(5)}]
    mapped = column("x", "string", {"case": case}, {"map_values": {"mapping": {"a": "A", "5": "five"}}})
    assert set(draw(plan(table(mapped)), "x").to_list()) == {"A", "five"}
    scaled = [{"when": "id % 2 == 0", "then": constant(1.5)}, {"else": constant(2)}]
    whole = plan(table(column("x", "int", {"case": scaled}, {"multiply": {"factor": 2}})))
    assert draw(whole, "x").to_list()[:2] == [4, 3]


# -- what is known beforehand ----------------------------------------------------------------------------


def test_what_is_known_holds_in_every_branch() -> None:
    case = [{"when": "id < 5", "then": uniform(-3, 1)}, {"else": constant(10)}]
    found = facts(plan(table(column("x", "float", {"case": case}))))
    assert (found.type, found.nullable, found.low, found.high, found.values) == ("float", False, -3, 10, None)
    words = [{"when": "id < 5", "then": constant("a")}, {"else": {"choice": {"choices": ["b", "a"]}}}]
    found = facts(plan(table(column("x", "string", {"case": words}))))
    assert (found.type, found.nullable, found.values) == ("string", False, ("a", "b"))


def test_facts_of_different_types_are_put_into_one() -> None:
    day, moment = Facts("date", low=1, high=2), Facts("datetime", low=0, high=86_400_000_000)
    both = joined([day, moment], "date")
    assert (both.type, both.low, both.high) == ("datetime", 0, 2 * 86_400_000_000)
    numbers = joined([Facts("int", low=1, high=2), Facts("float", low=0.5)], "int")
    assert (numbers.type, numbers.low, numbers.high) == ("float", 0.5, None)
    assert joined([Facts("float", low=1, high=2), Facts("string", values=("a",))], "string") == Facts(
        "string"
    )
    assert joined([Facts("null", nullable=True)], "int") == Facts("int", nullable=True)


NUMBERS = (
    column("a", "int", {"choice": {"choices": [-1, 0, 1, 2]}}),
    column("b", "int", {"choice": {"choices": [-2, 0, 3]}}),
)


@pytest.mark.parametrize(
    ("case", "nullable"),
    [
        ([{"when": "b != 0", "then": {"expression": {"code": "a / b"}}}, {"else": constant(0)}], False),
        ([{"when": "b == 0", "then": constant(0)}, {"else": {"expression": {"code": "a / b"}}}], False),
        ([{"when": "a == 0", "then": constant(0)}, {"else": {"expression": {"code": "a / b"}}}], True),
        (
            [
                {"when": "b > 0", "then": {"expression": {"code": "log(b)"}}},
                {"when": "b < 0", "then": {"expression": {"code": "sqrt(0 - b)"}}},
                {"else": {"expression": {"code": "1 / (b + 1)"}}},
            ],
            False,  # neither above nor below 0, so it is 0
        ),
        (
            [
                {"when": "b > 0", "then": {"expression": {"code": "log(b)"}}},
                {"when": "b < 0", "then": {"expression": {"code": "sqrt(0 - b)"}}},
                {"else": constant(0)},
            ],
            False,
        ),
        ([{"when": "b > 0", "then": {"expression": {"code": "null"}}}, {"else": constant(0)}], True),
    ],
)
def test_a_formula_is_judged_where_its_branch_is_reached(case: list[Tree], nullable: bool) -> None:
    one = plan(table(*NUMBERS, column("x", "float", {"case": case}, nullable=True)))
    assert facts(one).nullable == nullable
    if not nullable:
        assert None not in draw(one, "x").to_list()


# -- what is wrong ---------------------------------------------------------------------------------------

WRONG: list[tuple[Any, str, str]] = [
    ({"branches": []}, "", "wrong-type"),
    ([], "", "missing-key"),
    ([{"else": constant(1)}], "", "missing-key"),
    ([{"when": "true", "then": constant(1)}, {"else": constant(1)}, {"else": constant(1)}], "", "one-of"),
    ([{"when": "true"}], "/0", "one-of"),
    ([{"when": "true", "then": constant(1), "else": constant(2)}], "/0", "one-of"),
    ([{"when": "a +", "then": constant(1)}], "/0/when", "bad-expression"),
    ([{"when": 3, "then": constant(1)}], "/0/when", "wrong-type"),
    ([{"when": "true", "then": {"chioce": {"choices": [1]}}}], "/0/then/chioce", "unknown-generator"),
    (
        [{"when": "true", "then": {"sequence": {}}}, {"else": {"sequence": {"strat": 1}}}],
        "/1/else/sequence/strat",
        "unknown-key",
    ),
    (
        [{"when": "true", "then": {"case": [{"when": "true", "then": uniform(2, 1)}]}}],
        "/0/then/case/0/then/distribution/params",
        "low-above-high",
    ),
]


@pytest.mark.parametrize(("body", "path", "code"), WRONG, ids=[f"{p}-{c}" for _, p, c in WRONG])
def test_one_fault_is_one_problem_at_its_place(body: Any, path: str, code: str) -> None:
    found = faults(table(column("x", "float", {"case": body})))
    assert found == [(f"/nodes/0/columns/1/generator/case{path}", code)]


def test_comments_may_stand_in_a_branch() -> None:
    case = [{"when": "true", "then": {**constant(1), "comment": "one"}, "x-color": "red", "else": None}]
    assert set(draw(plan(table(column("x", "int", {"case": case}, nullable=True))), "x").to_list()) == {1}


JUDGED: list[tuple[list[Tree], str, str]] = [
    ([{"when": "id + 1", "then": constant(1)}, {"else": constant(1)}], "/0/when", "bad-expression"),
    ([{"when": "idd > 1", "then": constant(1)}, {"else": constant(1)}], "/0/when", "bad-expression"),
    (
        [{"when": "id > 1", "then": constant("a")}, {"else": constant(1)}],
        "/0/then/choice/choices/0",
        "wrong-value",
    ),
    (
        [{"when": "id > 1", "then": {"enum_list": {"values": [1]}}}, {"else": constant(1)}],
        "/0/then",
        "list-outside-vocabulary",
    ),
    (
        [{"when": "id > 1", "then": {"datetime_series": {"within": "timeframe"}}}, {"else": constant(1)}],
        "/0/then",
        "type-mismatch",
    ),
    (
        [{"when": "id > 1", "then": {"expression": {"code": "nothing"}}}, {"else": constant(1)}],
        "/0/then/expression/code",
        "bad-expression",
    ),
    (
        [{"when": "id > 1", "then": constant(1)}, {"else": {"case": [{"when": "id", "then": constant(1)}]}}],
        "/1/else/case/0/when",
        "bad-expression",
    ),
]


@pytest.mark.parametrize(("case", "path", "code"), JUDGED, ids=[f"{p}-{c}" for _, p, c in JUDGED])
def test_conditions_and_branches_are_judged_where_they_stand(case: list[Tree], path: str, code: str) -> None:
    found = problems(plan(table(column("x", "int", {"case": case}, nullable=True))))
    assert [(pointer(one.path), one.code) for one in found] == [(path, code)]


# -- what others see in it -------------------------------------------------------------------------------


def test_what_a_branch_refers_to_is_found() -> None:
    case = [
        {"when": "kind == 'a'", "then": {"lookup": {"from": "v.name"}}},
        {"else": {"case": [{"when": "id > 1", "then": {"expression": {"code": "lower(kind)"}}}]}},
    ]
    tree = schema(
        table(KIND, column("x", "string", {"case": case}, nullable=True)), vocabulary("v", name=["u"])
    )
    base = ("nodes", 0, "columns", 2, "generator", "case")
    found = {mark.path: mark.text for mark in marks(Schema, tree) if mark.path[: len(base)] == base}
    assert found == {
        (*base, 0, "when"): "kind == 'a'",
        (*base, 0, "then", "lookup", "from"): "v.name",
        (*base, 1, "else", "case", 0, "when"): "id > 1",
        (*base, 1, "else", "case", 0, "then", "expression", "code"): "lower(kind)",
    }
    codes = [mark for mark in marks(Schema, tree) if isinstance(mark.marker, ExpressionRef)]
    assert len(codes) == 3
    branch = class_at(Schema, tree, (*base, 1))
    assert branch is not None
    assert branch.__name__ == "Branch"
    inner = class_at(Schema, tree, (*base, 1, "else", "case", 0, "then", "expression"))
    assert inner is not None
    assert inner.__name__ == "Expression"


def test_the_generators_within_are_walked_with_the_way_to_each() -> None:
    case = [
        {"when": "true", "then": {"case": [{"when": "true", "then": constant(1)}]}},
        {"else": {"sequence": {}}},
    ]
    found = [(way, generator.key) for way, generator in Case.model_validate(case).walk()]
    assert found == [
        ((), "case"),
        ((0, "then", "case"), "case"),
        ((0, "then", "case", 0, "then", "choice"), "choice"),
        ((1, "else", "sequence"), "sequence"),
    ]


def test_what_a_branch_reads_is_needed_first() -> None:
    case = [{"when": "later > 0", "then": {"expression": {"code": "last"}}}, {"else": constant(1)}]
    one = plan(
        table(
            column("x", "float", {"case": case}),
            column("later", "int", {"expression": {"code": "id - 10"}}),
            column("last", "float", {"expression": {"code": "later * 2"}}),
        )
    )
    needs = {str(node) for node in one.tables["t"].columns["x"].needs}
    assert needs == {"t.later", "t.last"}
    expected = [(row - 10) * 2.0 if row > 10 else 1.0 for row in range(1, 1001)]
    assert draw(one, "x").to_list() == expected
