from __future__ import annotations

from typing import Any

import pytest

from tests.engine.checking.judging import (
    Found,
    choice,
    column,
    fact,
    judge,
    schema,
    table,
    uniform,
    vocabulary,
    when,
)

ARGS = "/nodes/1/columns/3/modifiers/0/args"
WINDOW = {"start_col": "starts", "end_col": "ends"}


def events(
    *dates: tuple[str | None, str | None], id: str = "e", keys: tuple[str, ...] | None = None
) -> dict[str, Any]:
    def day(name: str, values: list[str | None]) -> dict[str, Any]:
        return column(name, "date", {"enum_list": {"values": values}}, nullable=None in values)

    keys = keys or tuple("ab"[n % 2] for n in range(len(dates)))
    return {
        "id": id, "kind": "vocab", "pk": "id",
        "columns": [
            column("id", "int", {"enum_list": {"values": list(range(len(dates)))}}),
            column("key", "string", {"enum_list": {"values": list(keys)}}),
            column("label", "string", {"enum_list": {"values": list(keys)}}),
            day("starts", [start for start, _ in dates]), day("ends", [end for _, end in dates]),
            column("factor", "float", {"enum_list": {"values": [2.0] * len(dates)}}),
        ],
    }  # fmt: skip


def tree(table_: dict[str, Any], **args: Any) -> Any:
    effect = {
        "effect_table": "e",
        "on": {"key": "key"},
        "window": WINDOW,
        "map": {"field": "factor", "op": "mul"},
        **args,
    }
    return schema(
        table_,
        table(
            column("key", "string", choice("a", "b")),
            column("at", "datetime", when),
            column(
                "x", "float", uniform(0, 1), {"effect": {k: v for k, v in effect.items() if v is not None}}
            ),
        ),
    )


GOOD = (("2024-03-01", "2024-03-09"), ("2024-06-01", None))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (tree(events(*GOOD)), []),
        (tree(events(*GOOD), on={}), []),
        (tree(events(*GOOD), window=None), []),
        (tree(events(*GOOD), on={"kee": "key"}), [("effect-left-out", f"{ARGS}/on/kee")]),
        (tree(events(*GOOD), on={"key": "kee"}), [("effect-left-out", f"{ARGS}/on/key")]),
        (
            tree(events(*GOOD), map={"field": "facto", "op": "mul"}),
            [("effect-without-field", f"{ARGS}/map/field")],
        ),
        (
            tree(events(*GOOD), map={"field": "label", "op": "add"}),
            [("effect-without-field", f"{ARGS}/map/field")],
        ),
        (tree(events(*GOOD, keys=("x", "y"))), [("keys-never-match", f"{ARGS}/on/key")]),
        (tree(events(*GOOD), on={"key": "id"}), [("keys-never-match", f"{ARGS}/on/key")]),
        (
            tree(events(*GOOD), window={"start_col": "starts", "end_col": "label"}),
            [("not-a-time", f"{ARGS}/window/end_col")],
        ),
        (
            tree(events(*GOOD), window={"start_col": "starts", "end_col": "end"}),
            [("unknown-column", f"{ARGS}/window/end_col")],
        ),
        (
            tree(events(("2024-03-01", "2024-02-01"), GOOD[0])),
            [("window-ends-before-start", f"{ARGS}/window")],
        ),
        (tree(events(("2024-03-01", "2024-03-01"), GOOD[0])), []),
        (
            tree(events(("2023-03-01", "2023-03-09"), ("2025-03-01", None))),
            [("effect-never-active", f"{ARGS}/window")],
        ),
        (
            tree(events(("2023-03-01", "2023-03-09"), ("2025-03-01", None), GOOD[0])),
            [("windows-mostly-empty", f"{ARGS}/window")],
        ),
    ],
)
def test_effects(document: object, expected: Found) -> None:
    judge(document, expected)


def drawn(starts: tuple[str, str], ends: tuple[str, str] | str) -> Any:
    """An effect table with windows that are drawn."""

    def series(span: tuple[str, str]) -> dict[str, Any]:
        return {"datetime_series": {"within": {"start": span[0], "end": span[1]}, "freq": "D"}}

    end = {"expression": {"code": ends}} if isinstance(ends, str) else series(ends)
    promotions = table(
        column("key", "string", choice("a", "b")),
        column("starts", "date", series(starts)),
        column("ends", "date", end),
        column("factor", "float", uniform(1, 2)),
        id="e",
        rows=20,
    )
    return tree(promotions)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (drawn(("2024-01-01", "2024-12-01"), "starts + days(7)"), []),
        (drawn(("2024-01-01", "2024-12-01"), ("2024-01-08", "2024-12-08")), []),
        (
            drawn(("2024-06-01", "2024-12-01"), ("2024-01-01", "2024-03-01")),
            [("window-ends-before-start", f"{ARGS}/window")],
        ),
        (
            drawn(("2024-01-01", "2024-12-01"), ("2024-01-01", "2024-05-01")),
            [("window-ends-before-start", f"{ARGS}/window")],
        ),
        (
            drawn(("2025-01-01", "2025-12-01"), "starts + days(7)"),
            [("effect-never-active", f"{ARGS}/window")],
        ),
    ],
)
def test_windows_that_are_drawn(document: object, expected: Found) -> None:
    judge(document, expected)


def on_rows(**more: Any) -> Any:
    """An effect on the number of rows."""
    effect = {
        "transform": "effect",
        "args": {"effect_table": "e", "on": {"key": "key"}, "map": {"field": "factor", "op": "mul"}},
    }
    parent = table(column("key", "string", choice("a", "b")), column("at", "datetime", when))
    return schema(events(*GOOD), parent, {**fact(modifiers=[effect]), **more})


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (on_rows(), []),
        (
            on_rows(
                modifiers=[
                    {
                        "transform": "effect",
                        "args": {
                            "effect_table": "e",
                            "on": {"kee": "key"},
                            "map": {"field": "factor", "op": "mul"},
                        },
                    }
                ]
            ),
            [("effect-left-out", "/nodes/2/modifiers/0/args/on/kee")],
        ),
        (on_rows(parents=[], rows=5), [("no-influence", "/nodes/2/modifiers/0")]),
    ],
)
def test_effects_on_the_number_of_rows(document: object, expected: Found) -> None:
    judge(document, expected)


def test_an_effect_on_a_key_that_the_table_looks_up() -> None:
    words = vocabulary("v", name=["a", "b"])
    effect = {
        "transform": "effect",
        "args": {"effect_table": "e", "on": {"word": "key"}, "map": {"field": "factor", "op": "mul"}},
    }
    rows = fact(column("word", "string", {"lookup": {"from": "v.name"}}), modifiers=[effect])
    judge(schema(events(*GOOD), words, table(), rows), [])
    calculated = fact(column("word", "string", choice("a", "b")), modifiers=[effect])
    judge(
        schema(events(*GOOD), words, table(), calculated),
        [("effect-left-out", "/nodes/3/modifiers/0/args/on")],
    )
