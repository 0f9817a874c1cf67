from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import datagen_engine as datagen
from datagen_engine.draw.rows import Rows
from datagen_engine.explanation.trace import Trace
from datagen_engine.planning.plan import Plan
from tests.engine.small import Tree, column, fact, plan, schema, table, vocabulary

EXAMPLES = sorted(datagen.examples())
_PLANS: dict[str, Plan] = {}


def example(name: str) -> Plan:
    if name not in _PLANS:
        found = datagen.load(datagen.examples()[name]).schema
        assert found is not None
        _PLANS[name] = Plan(found)
    return _PLANS[name]


def written(of: Plan, name: str, row: int, where: str) -> Any:
    return of.slice(name, Rows.run(row, row + 1)).column(where).to_list()[0]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other) and type(one) is type(other)


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_the_last_stage_is_the_written_value_for_any_cell(name: str, data: st.DataObject) -> None:
    of = example(name)
    where = data.draw(st.sampled_from([(t, c) for t, target in of.tables.items() for c in target.columns]))
    rows = of.tables[where[0]].rows
    row = data.draw(st.integers(0, rows - 1))
    found = datagen.trace(of, where[0], row, where[1])
    assert same(found.value, written(of, where[0], row, where[1]))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_column_is_explained_in_words_with_paths_that_are_there(name: str) -> None:
    of = example(name)
    tree = datagen.load(datagen.examples()[name]).tree
    for id, target in of.tables.items():
        for where in target.columns:
            found = datagen.trace(of, id, target.rows - 1, where)
            assert found.stages[0].kind == "generator"
            for stage in found.stages:
                assert stage.words
                assert stage.title
                assert stage.says
                assert exists(tree, stage.path), (id, where, stage.path)
                for origin in stage.origins:
                    assert 0 <= origin.row < of.tables[origin.table].rows
                    assert not origin.column or origin.column in of.tables[origin.table].columns
            assert found.to_json()["value"] is not None or found.value is None


def exists(tree: Any, path: tuple[str | int, ...]) -> bool:
    for step in path:
        try:
            tree = tree[step]
        except (LookupError, TypeError):
            return False
    return True


# -- what each stage says ---------------------------------------------------------------------------------


def explained(row: int, name: str, *nodes: Tree, id: str = "t", **more: Any) -> Trace:
    return datagen.trace(plan(*nodes, **more), id, row, name)


def lognormal(least: float = 0, most: float = 1000) -> Tree:
    return {"distribution": {"type": "lognormal", "params": {"mean": 3, "sigma": 1}, "clamp": [least, most]}}


def test_a_chain_of_modifiers_is_told_one_by_one() -> None:
    found = explained(
        7, "v", table(column("v", "float", lognormal(), {"multiply": {"factor": 2}}, {"add": {"value": -5}}))
    )
    titles = [(stage.kind, stage.title, stage.says) for stage in found.stages[1:]]
    assert titles == [
        ("limit", "clamp 0 … 1000", "unchanged"),
        ("modifier", "multiply", "× 2"),
        ("modifier", "add", "− 5"),
    ]
    drawn = found.stages[0].value
    assert found.value == drawn * 2.0 - 5
    assert [stage.path[4:] for stage in found.stages[2:]] == [("modifiers", 0), ("modifiers", 1)]


def test_what_a_clamp_moved_is_said() -> None:
    of = plan(table(column("v", "float", lognormal(20, 21))))
    said = {datagen.trace(of, "t", row, "v").stages[1].says for row in range(40)}
    assert said >= {"raised to 20", "cut to 21"}


def test_a_modifier_that_does_nothing_to_a_type_is_no_stage() -> None:
    generator = {"choice": {"choices": ["a", "b"]}}
    found = explained(0, "v", table(column("v", "string", generator, {"multiply": {"factor": 2}})))
    assert [stage.kind for stage in found.stages] == ["generator"]


def test_the_row_of_an_effect_is_named() -> None:
    events = vocabulary("event", name=["Fair", "Flood"], day=["2024-03-01", "2024-06-01"], lift=[3.0, 0.5])
    events["columns"][1] |= {"type": "date"}
    effect = {
        "effect_table": "event",
        "on": {},
        "window": {"start_col": "day", "end_col": "day"},
        "map": {"field": "lift", "op": "mul", "default": 1.0},
    }
    days = column("at", "date", {"choice": {"choices": ["2024-03-01", "2024-03-02"]}})
    of = plan(events, table(days, column("v", "float", lognormal(), {"effect": effect})))
    seen = set()
    for row in range(20):
        found = datagen.trace(of, "t", row, "v")
        stage = next(stage for stage in found.stages if stage.kind == "modifier")
        origins = [(one.table, one.row) for one in stage.origins if one.role == "effect"]
        if stage.says == "none holds":
            assert not origins
        else:
            assert (stage.title, stage.says, origins) == ("× event", "3 Fair", [("event", 0)])
            assert stage.words == "× 3 (Fair, row 0 of event)"
        seen.add(stage.says)
    assert seen == {"none holds", "3 Fair"}


def test_a_lookup_names_the_row_it_reads_and_the_line_of_parents() -> None:
    of = plan(
        table(column("price", "float", lognormal()), rows=20),
        fact(
            column("t_id", "int", {"lookup": {"from": "t.id"}}),
            column("price", "float", {"lookup": {"from": "t.price"}}),
            fanout={"distribution": "uniform", "min": 2, "max": 4},
        ),
        fact(column("above", "int", {"lookup": {"from": "f.id"}}), id="g", parent="f"),
    )
    found = datagen.trace(of, "f", 30, "price")
    (origin,) = found.stages[0].origins
    assert (origin.role, origin.table, origin.column) == ("parent", "t", "price")
    assert written(of, "t", origin.row, "price") == found.value
    assert [above.table for above in datagen.trace(of, "g", 30, "above").line] == ["f", "t"]


def test_a_formula_is_told_with_its_values() -> None:
    found = explained(
        3,
        "d",
        table(
            column("n", "int", {"sequence": {"start": 10}}),
            column("d", "int", {"expression": {"code": "n * 2"}}),
        ),
    )
    assert found.stages[0].words == "n * 2, with n = 13, gives 26"
    assert [origin.column for origin in found.stages[0].origins] == ["n"]


def test_a_column_in_an_order_says_within_which_bounds_it_was_drawn() -> None:
    uniform = {"distribution": {"type": "uniform", "params": {"low": 0, "high": 100}, "clamp": [0, 100]}}
    of = plan(
        table(column("low", "float", uniform), column("high", "float", uniform, {"add": {"value": 1}})),
        constraints={"inequalities": [{"left": "t.low", "op": "<=", "right": "t.high"}]},
    )
    for row in range(20):
        found = datagen.trace(of, "t", row, "high")
        assert found.value == written(of, "t", row, "high")
        assert "t.low <= t.high" in found.stages[0].words
        assert found.stages[-1].path == ("constraints", "inequalities", 0)
        assert [stage.kind for stage in found.stages] == ["generator", "limit", "modifier", "limit"]


def test_the_chance_of_a_time_is_told_by_what_shaped_it() -> None:
    weights = [1.0] * 5 + [3.0, 3.0]
    series = {"datetime_series": {"within": "timeframe", "pattern": {"dimension": "dow", "weights": weights}}}
    season = {"seasonality": {"dimension": "hour", "weights": [*[1.0] * 23, 2.0]}}
    found = explained(4, "at", table(column("at", "datetime", series, season)))
    chances = [stage for stage in found.stages if stage.kind == "chance"]
    assert [stage.title for stage in chances] == ["chance by weekday", "chance by hour"]
    assert [stage.path[4:] for stage in chances] == [
        ("generator", "datetime_series", "pattern"),
        ("modifiers", 0),
    ]


def test_nulls_are_told() -> None:
    of = plan(table(column("v", "float", lognormal(), nullable=True, null_rate=0.5)))
    said = {datagen.trace(of, "t", row, "v").stages[-1].says for row in range(20)}
    assert said == {"made null", "kept"}


def test_a_segment_of_the_parent_is_told() -> None:
    behaviour = {
        "segment_column": "kind",
        "behaviors": {"gold": {"value_multiplier": 2.0}, "tin": {"value_multiplier": 0.5}},
        "applies_to_columns": ["v"],
    }
    of = plan(
        table(column("kind", "string", {"choice": {"choices": ["gold", "tin"]}}), segment_behavior=behaviour),
        fact(column("v", "float", lognormal())),
    )
    stage = next(s for s in datagen.trace(of, "f", 5, "v").stages if s.kind == "behaviour")
    assert stage.title == "× segment of t"
    assert stage.says in ("2 gold", "0.5 tin")
    assert stage.path == ("nodes", 0, "segment_behavior")


def test_a_case_tells_the_branch() -> None:
    branches = [
        {"when": "n < 5", "then": {"choice": {"choices": ["small"]}}},
        {"else": {"choice": {"choices": ["large"]}}},
    ]
    node = table(column("n", "int", {"sequence": {"start": 0}}), column("size", "string", {"case": branches}))
    of = plan(node)
    assert "Branch 1, where n < 5, with n = 2" in datagen.trace(of, "t", 2, "size").stages[0].words
    last = datagen.trace(of, "t", 9, "size").stages[0]
    assert last.words.startswith("No condition holds, so the last branch")
    assert last.path[-1] == 1


@pytest.mark.parametrize(
    ("id", "row", "name", "message"),
    [
        ("x", 0, "v", "there is no table 'x'"),
        ("t", 0, "w", "there is no column 'w' in 't'"),
        ("t", 1000, "id", "there is no row 1,000 in 't': it has 1,000, counted from 0"),
        ("t", -1, "id", "there is no row -1"),
    ],
)
def test_what_is_not_there_is_said_plainly(id: str, row: int, name: str, message: str) -> None:
    with pytest.raises(datagen.UsageError, match=message):
        explained(row, name, table(column("v", "float", lognormal())), id=id)


def test_a_schema_with_errors_is_refused() -> None:
    broken = schema(table(column("v", "float", {"lookup": {"from": "nobody.id"}})))
    with pytest.raises(datagen.SchemaError):
        datagen.trace(broken, "t", 0, "v")
