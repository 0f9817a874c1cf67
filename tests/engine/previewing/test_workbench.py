from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine.draw.values import Values
from datagen_engine.previewing.workbench import Head, Workbench
from tests.engine.small import Tree, column, fact, schema, table, vocabulary

EXAMPLES = sorted(datagen.examples())


def shown(head: Head) -> dict[str, Any]:
    return {one.name: None if one.values is None else one.values.to_pylist() for one in head.columns}


def numbers(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every number of a tree, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from numbers(inner, (*path, at))
    elif any(type(value) is kind for kind in (int, float)):
        yield path, value


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_rows_are_those_of_a_run(name: str) -> None:
    document = datagen.load(datagen.examples()[name])
    made = datagen.plan(document, checked=True)
    bench = Workbench()
    bench.show(document)
    for id in made.tables:
        assert shown(bench.head(id, 30)) == datagen.preview(made, id, 30).to_pydict()


@pytest.mark.parametrize("name", EXAMPLES)
def test_after_any_edit_the_rows_are_those_of_the_schema_read_anew(name: str) -> None:
    tree = datagen.load(datagen.examples()[name]).tree
    dice = random.Random(name)
    bench = Workbench()
    bench.show(tree)
    ids = [node["id"] for node in tree["nodes"]]
    for id in ids:
        bench.head(id, 40)
    for _ in range(5):
        path, value = dice.choice(
            [*numbers(tree["nodes"], ("nodes",)), *numbers(tree["constraints"], ("constraints",))]
        )
        after = value * 1.25 if isinstance(value, float) else value + 1
        tree = datagen.apply(tree, datagen.Edit("set", path, value, after))
        fresh = Workbench()
        bench.show(tree)
        fresh.show(tree)
        for id in ids:
            assert shown(bench.head(id, 40)) == shown(fresh.head(id, 40)), (path, id)


def price(factor: float) -> Tree:
    drawn = {"distribution": {"type": "normal", "params": {"mean": 10, "std": 1}, "clamp": [0, 20]}}
    return table(column("price", "float", drawn, {"multiply": {"factor": factor}}), rows=50)


def test_an_edit_draws_only_what_depends_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from datagen_engine.planning.table import ColumnPlan

    def tree(factor: float) -> Tree:
        bought = fact(
            column("price", "float", {"lookup": {"from": "t.price"}}),
            column("stars", "int", {"choice": {"choices": [1, 2, 3]}}),
            column("double", "float", {"expression": {"code": "price * 2"}}),
            fanout={"distribution": "uniform", "min": 1, "max": 3},
        )
        return schema(price(factor), bought)

    bench = Workbench()
    bench.show(tree(1.0))
    for id in ("t", "f"):
        bench.head(id)
    drawn: list[str] = []
    values = ColumnPlan.values

    def noted(self: ColumnPlan, at: Any) -> Values:
        drawn.append(f"{at.table.id}.{self.name}")
        return values(self, at)

    monkeypatch.setattr(ColumnPlan, "values", noted)
    bench.show(tree(2.0))
    for id in ("t", "f"):
        bench.head(id)
    assert set(drawn) == {"t.price", "f.price", "f.double"}


def test_only_so_much_is_kept() -> None:
    bench = Workbench(memory=20_000)
    for factor in range(1, 40):
        bench.show(schema(price(float(factor))))
        bench.head("t")
        assert bench._memory.bytes <= 20_000
    assert len(bench._memory) > 1


# -- errors -----------------------------------------------------------------------------------------------


def errors(head: Head) -> dict[str, str]:
    return {column.name: column.error for column in head.columns if column.error}


def test_an_error_shows_at_its_column_and_the_others_are_drawn() -> None:
    bench = Workbench()
    bench.show(
        schema(
            table(
                column("good", "int", {"choice": {"choices": [1, 2]}}),
                column("bad", "int", {"lookup": {"from": "nobody.id"}}),
                column("after", "int", {"expression": {"code": "bad + 1"}}),
            )
        )
    )
    head = bench.head("t", 5)
    assert shown(head)["good"] is not None
    found = errors(head)
    assert list(found) == ["bad", "after"]
    assert "nobody" in found["bad"]
    assert "t.bad cannot be drawn" in found["after"] or "nobody" in found["after"]


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        ({"chioce": {"choices": [1]}}, "there is no generator 'chioce'; did you mean 'choice'?"),
        ({"expression": {"code": "nothing + 1"}}, "nothing"),
        ({"expression": {"code": "n +"}}, "ends too early"),
        ({"distribution": {"type": "normal", "params": {"mean": 1}, "clamp": [0, 1]}}, "needs `std`"),
        ({"faker": {"method": "seed_instance"}}, "column is of type int"),
        ({"distribution": {"type": "nromal", "params": {"mean": 1, "std": 1}, "clamp": [0, 9]}}, "'normal'"),
        ({"choice": {"choices": [1, 2], "weights": [1]}}, "as many weights as choices"),
        ({"expression": {"code": "v + 1"}}, "v"),
    ],
)
def test_the_words_are_those_of_the_check(generator: Tree, words: str) -> None:
    bench = Workbench()
    bench.show(schema(table(column("n", "int", {"sequence": {}}), column("v", "int", generator), rows=20)))
    head = bench.head("t", 5)
    assert shown(head)["n"] == [1, 2, 3, 4, 5]
    assert words in errors(head)["v"]
    if shown(head)["v"] is None:  # a mistyped word is read as it is meant
        with pytest.raises(datagen.DatagenError):
            bench.trace("t", 0, "v")


def test_nulls_where_none_may_be_are_an_error_beside_the_values() -> None:
    bench = Workbench()
    bench.show(
        schema(
            table(
                column("n", "int", {"sequence": {"start": 0}}),
                column("v", "float", {"expression": {"code": "1 / n"}}),
            )
        )
    )
    found = next(one for one in bench.head("t", 3).columns if one.name == "v")
    assert found.values is not None
    assert "null" in found.error


def test_a_table_that_cannot_be_counted_says_so() -> None:
    node = fact(column("v", "int", {"sequence": {}}), id="a", parent="b")
    other = fact(column("v", "int", {"sequence": {}}), id="b", parent="a")
    bench = Workbench()
    bench.show(schema(node, other, table()))
    assert bench.head("a").error
    assert shown(bench.head("t", 2))["id"] == [1, 2]


def test_what_takes_too_long_is_given_up() -> None:
    bench = Workbench(patience=0.0)
    many = vocabulary("v", code=["a"])
    bench.show(
        schema(
            many,
            table(rows=10_000_000, id="big"),
            table(column("v", "int", {"lookup": {"from": "f.id", "weights_kind": "zipf@1"}})),
            fact(id="f", parent="big", fanout={"distribution": "poisson", "lambda": 2}),
        )
    )
    assert "longer than 0 seconds" in errors(bench.head("t", 5))["v"]


def test_a_schema_of_which_nothing_stands_has_no_tables() -> None:
    bench = Workbench()
    bench.show({"version": "1.0"})
    with pytest.raises(datagen.UsageError, match="no table 't'"):
        bench.head("t")


# -- explanations, plots ----------------------------------------------------------------------------------


def test_paths_of_an_explanation_lead_into_the_document_as_it_stands() -> None:
    bench = Workbench()
    broken: Tree = {"id": "broken"}
    bench.show(schema(broken, table(column("v", "int", {"choice": {"choices": [1]}}))))
    assert bench.trace("t", 0, "v").stages[0].path[:4] == ("nodes", 1, "columns", 1)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_column_has_figures_that_add_up(name: str) -> None:
    document = datagen.load(datagen.examples()[name])
    bench = Workbench()
    bench.show(document)
    for node in document.tree["nodes"]:
        for one in node["columns"]:
            found = bench.figures(node["id"], one["name"], 8_192)
            assert found.bars is not None
            assert abs(sum(found.bars.shares) + found.bars.other - 1.0) < 1e-6
            if found.bars.declared is not None and not found.bars.labels:
                assert sum(found.bars.declared) <= 1.0 + 1e-6
            assert found.rows <= max(8_192, 1)
            bench.sparkline(node["id"], one["name"])
        fanout = bench.fanout(node["id"])
        assert (fanout is None) == (not node.get("parents"))


def test_what_is_declared_is_what_is_drawn_where_nothing_changes_it() -> None:
    drawn = {"distribution": {"type": "lognormal", "params": {"mean": 3, "sigma": 0.5}, "clamp": [10, 60]}}
    bench = Workbench()
    bench.show(schema(table(column("v", "float", drawn), rows=60_000)))
    bars = bench.figures("t", "v", 49_152).bars
    assert bars is not None
    assert bars.declared is not None
    assert bars.before is None
    assert max(abs(one - other) for one, other in zip(bars.shares, bars.declared, strict=True)) < 0.01


def test_two_columns_against_each_other() -> None:
    bench = Workbench()
    bench.show(
        schema(
            table(column("n", "int", {"sequence": {}}), column("m", "int", {"expression": {"code": "-n"}}))
        )
    )
    found = bench.pair("t", "n", "m")
    assert found.correlation == pytest.approx(-1.0)
    assert len(found.x) == len(found.y) == 1000
