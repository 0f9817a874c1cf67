"""The problems of one object, found without reading the rest of the document."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import datagen_engine as datagen
from datagen_engine import problems_at

TREE: dict[str, Any] = json.loads(datagen.examples()["schema"].read_text(encoding="utf-8"))
PLACES: list[tuple[str | int, ...]] = [
    ("timeframe",),
    ("constraints",),
    *((("nodes", at)) for at in range(len(TREE["nodes"]))),
    *(
        ("nodes", at, "columns", index)
        for at, node in enumerate(TREE["nodes"])
        for index in range(len(node["columns"]))
    ),
]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_right_has_none(place: tuple[str | int, ...]) -> None:
    assert problems_at(TREE, place) == []


@pytest.mark.parametrize("place", [place for place in PLACES if len(place) == 4])
def test_they_are_those_of_the_whole_document(place: tuple[str | int, ...]) -> None:
    tree = copy.deepcopy(TREE)
    column = tree["nodes"][place[1]]["columns"][place[3]]
    column["nullable"] = "maybe"
    column["gnerator"] = column.pop("generator")
    wanted = [p for p in datagen.check(json.dumps(tree).encode()) if p.path[:4] == place]
    found = problems_at(tree, place)
    assert {(p.path, p.message) for p in found} <= {(p.path, p.message) for p in wanted}
    assert {p.path[-1] for p in found} == {"nullable", "gnerator"}


def test_where_no_object_of_the_language_is_there_are_none() -> None:
    assert problems_at(TREE, ("nodes", 99)) == []
    assert problems_at(TREE, ("metadata", "name")) == []
    assert problems_at({}, ("nodes", 0, "columns", 0)) == []


def test_a_fix_has_the_path_of_the_document() -> None:
    tree = copy.deepcopy(TREE)
    tree["nodes"][0]["columns"][0]["typ"] = tree["nodes"][0]["columns"][0].pop("type")
    (problem,) = problems_at(tree, ("nodes", 0, "columns", 0))
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert edit.path == ("nodes", 0, "columns", 0)
    assert problems_at(datagen.apply(tree, edit), ("nodes", 0, "columns", 0)) == []


def test_the_catalogue_says_what_values_mean() -> None:
    known = datagen.specs()
    assert known.generators["choice"].fields["properties"]["weights"]["anyOf"][0]["x-says"] == "weights"
    assert known.generators["lookup"].fields["properties"]["on"]["anyOf"][0]["x-key-refers-to"] == "column"
    assert known.modifiers["multiply"].fields["properties"]["value"]["x-rare"] is True
    assert known.modifiers["expression"].fields["properties"]["code"]["x-besides"] == ["value"]
    assert "coalesce" in known.functions
    assert known.methods["email"].kind == "string"
    assert "de_DE" in known.locales
