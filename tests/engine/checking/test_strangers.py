"""Documents of strangers: large, deep or twisted on purpose. A check ends all the same, and soon."""

from __future__ import annotations

from typing import Any

from tests.engine.checking.judging import (
    check,
    choice,
    column,
    fact,
    schema,
    sequence,
    table,
    told,
    uniform,
    vocabulary,
)

MANY = 2_000


def codes(tree: Any) -> set[str]:
    return {problem.code for problem in check(tree)}


def formula(code: str) -> dict[str, Any]:
    return {"expression": {"code": code}}


def test_a_long_chain_of_formulas() -> None:
    chain = [column(f"c{n}", "float", formula(f"c{n + 1} + 1")) for n in range(MANY)]
    assert told(schema(table(*chain, column(f"c{MANY}", "float", uniform(0, 1))))) == []


def test_a_long_chain_of_lookups() -> None:
    chain = [table(column("x", "int", {"lookup": {"from": f"t{n + 1}.x"}}), id=f"t{n}") for n in range(500)]
    assert told(schema(*chain, table(column("x", "int", uniform(0, 1)), id="t500"))) == []


def test_a_long_line_of_parents() -> None:
    line = [fact(id=f"t{n}", parent=f"t{n + 1}") for n in range(MANY)]
    assert told(schema(*line, table(id=f"t{MANY}"))) == []


def test_a_wide_circle() -> None:
    circle = [column(f"c{n}", "float", formula(f"c{(n + 1) % MANY} + 1")) for n in range(MANY)]
    (problem,) = check(schema(table(*circle)))
    assert problem.code == "cycle"
    assert len(problem.message) < 1_000


def test_many_unknown_names() -> None:
    wrong = [column(f"c{n}", "int", {"lookup": {"from": f"tt.idd{n}"}}) for n in range(MANY)]
    assert codes(schema(table(*wrong), table(id="tt"))) == {"unknown-column"}


def test_many_faults_of_form() -> None:
    assert codes(schema(*({"id": f"t{n}", "kindd": "entity"} for n in range(MANY)))) <= {
        "missing-key",
        "unknown-key",
    }


def test_keys_that_branch_at_every_step() -> None:
    steps = [
        column(f"c{n}", "int", {"lookup": {"from": f"t.c{n + 1}", "on": {f"c{n + 1}": f"c{n + 1}"}}})
        for n in range(60)
    ]
    tree = schema(table(*steps, column("c60", "int", sequence)), constraints={"unique": ["t.c0"]})
    assert codes(tree) == set()


def test_long_lists_of_values() -> None:
    values = [f"value {n}" for n in range(50_000)]
    words = vocabulary("v", code=values)
    mapped = column(
        "m",
        "string",
        choice(*values[:5_000]),
        {"map_values": {"mapping": {f"valu {n}": "x" for n in range(5_000)}}},
    )
    picked = column("x", "string", choice(*values), constraints={"enum": values[1:]})
    assert codes(schema(words, table(picked, mapped))) == {"enum-not-sure", "no-influence"}


def test_many_inequalities() -> None:
    columns = [column(f"c{n}", "float", uniform(0, 1)) for n in range(300)]
    orders = [{"left": f"t.c{n}", "op": "<", "right": f"t.c{n + 1}"} for n in range(299)]
    tree = schema(table(*columns), constraints={"inequalities": orders})
    assert told(tree) == []
    orders.append({"left": "t.c299", "op": "<", "right": "t.c0"})
    assert told(tree) == [("impossible-inequality", "/constraints/inequalities/0")]


def test_names_that_all_look_alike() -> None:
    assert codes(schema(*(table(id="q" * n) for n in range(5, 100)))) == {"similar-name"}
