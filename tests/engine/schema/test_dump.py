from __future__ import annotations

import math
from typing import cast

import pytest
from hypothesis import given

from datagen_engine.schema.dump import WIDTH, dump
from datagen_engine.schema.path import Json
from datagen_engine.schema.scanner import MAX_DEPTH, MAX_DIGITS
from datagen_engine.schema.text import read
from tests.engine.schema.documents import TREES


@given(TREES)
def test_what_is_written_is_read_again(tree: Json) -> None:
    source = dump(tree)
    text = read(source)
    assert text.faults == ()
    assert repr(text.tree) == repr(tree)
    assert source.endswith("\n")
    assert dump(text.tree) == source


@given(TREES)
def test_only_a_single_value_makes_a_line_too_long(tree: Json) -> None:
    for line in dump(tree).split("\n"):
        assert len(line) <= WIDTH or line.rstrip(",")[-1] not in "]}"


def test_a_schema_is_pleasant_to_read() -> None:
    tree: Json = {
        "version": "1.0",
        "metadata": {"name": "shop", "x-layout": {"people": [12.5, 40], "orders": [300, 40]}},
        "nodes": [
            {
                "id": "people",
                "kind": "entity",
                "columns": [
                    {"name": "id", "type": "int", "generator": {"sequence": {}}},
                    {
                        "name": "city",
                        "type": "string",
                        "nullable": True,
                        "generator": {
                            "choice": {"choices": ["Zürich", "Genève", "Basel"], "weights": [5, 3, 2]}
                        },
                    },
                    {
                        "name": "segment",
                        "generator": {"choice": {"choices": ["one that is long"] * 6}},
                    },
                ],
            },
        ],
        "constraints": {},
        "dag": [["people"], ["orders", "returns"]],
        "comment": None,
    }
    assert (
        dump(tree)
        == """\
{
  "version": "1.0",
  "metadata": {"name": "shop", "x-layout": {"people": [12.5, 40], "orders": [300, 40]}},
  "nodes": [
    {
      "id": "people",
      "kind": "entity",
      "columns": [
        {"name": "id", "type": "int", "generator": {"sequence": {}}},
        {
          "name": "city",
          "type": "string",
          "nullable": true,
          "generator": {"choice": {"choices": ["Zürich", "Genève", "Basel"], "weights": [5, 3, 2]}}
        },
        {
          "name": "segment",
          "generator": {
            "choice": {
              "choices": [
                "one that is long",
                "one that is long",
                "one that is long",
                "one that is long",
                "one that is long",
                "one that is long"
              ]
            }
          }
        }
      ]
    }
  ],
  "constraints": {},
  "dag": [
    ["people"],
    ["orders", "returns"]
  ],
  "comment": null
}
"""
    )


def test_a_line_is_filled_to_the_last_column() -> None:
    line = f'  ["{"x" * (WIDTH - 7)}"],'
    assert len(line) == WIDTH
    assert dump([["x" * (WIDTH - 7)], 0]).split("\n")[1] == line
    assert dump([["x" * (WIDTH - 6)], 0]).split("\n")[1] == "  ["


def chain(depth: int) -> Json:
    tree: Json = []
    for _ in range(depth - 1):
        tree = [tree]
    return tree


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (math.nan, ValueError, "/a/1: JSON has no number nan"),
        (-math.inf, ValueError, "/a/1: JSON has no number -inf"),
        (10**MAX_DIGITS, ValueError, "/a/1: a number of more than 400 digits"),
        (-(10**4000), ValueError, "/a/1: a number of more than 400 digits"),
        ("\ud800", ValueError, "/a/1: half of a surrogate pair"),
        (chain(MAX_DEPTH - 1), ValueError, "deeper ones are not read again"),
        ({1: 2}, TypeError, "/a/1: a key is text, not 1"),
        ((1, 2), TypeError, "/a/1: JSON has no tuple"),
        (b"", TypeError, "/a/1: JSON has no bytes"),
    ],
)
def test_what_could_not_be_read_again_is_refused(value: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        dump({"a": [0, cast(Json, value)]})


def test_a_tree_that_holds_itself_is_refused() -> None:
    tree: list[Json] = []
    tree.append(tree)
    with pytest.raises(ValueError, match="deeper ones are not read again"):
        dump(tree)


def test_the_deepest_tree_is_written() -> None:
    assert read(dump(chain(MAX_DEPTH))).tree == chain(MAX_DEPTH)
