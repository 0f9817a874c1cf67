from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.schema.path import Json, Path, at, parse_pointer, pointer

TREE: Json = {"nodes": [{"id": "a", "3": True}, {"id": "b"}], "a/b": {"~": 1, "": None}}

KEYS = st.text(max_size=5) | st.sampled_from(["", "0", "1", "-1", "01", "~", "~1", "/", "a/b", "x-y"])
TREES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.integers(),
    lambda child: st.lists(child, max_size=4) | st.dictionaries(KEYS, child, max_size=4),
    max_leaves=12,
)


def paths(tree: Json, path: Path = ()) -> list[tuple[Path, Json]]:
    children: list[tuple[str | int, Json]] = []
    if isinstance(tree, dict):
        children = list(tree.items())
    elif isinstance(tree, list):
        children = list(enumerate(tree))
    return [(path, tree)] + [found for step, child in children for found in paths(child, (*path, step))]


# The examples of RFC 6901, section 5.
RFC: dict[str, Json] = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", RFC),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_examples_of_the_standard(text: str, value: Json) -> None:
    path = parse_pointer(text, RFC)
    assert at(RFC, path) == value
    assert pointer(path) == text


def test_escapes_are_read_once() -> None:
    assert parse_pointer("/~01") == ("~1",)
    assert pointer(("~1",)) == "/~01"


@given(TREES)
def test_every_path_of_a_tree_survives_being_written(tree: Json) -> None:
    for path, value in paths(tree):
        read = parse_pointer(pointer(path), tree)
        assert read == path
        assert [type(step) for step in read] == [type(step) for step in path]
        assert at(tree, path) is value


@pytest.mark.parametrize(
    ("token", "step"),
    [("0", 0), ("17", 17), ("017", "017"), ("-1", "-1"), ("", ""), ("٣", "٣"), ("9" * 5000, "9" * 5000)],
)
def test_without_a_tree_a_whole_number_is_an_index(token: str, step: str | int) -> None:
    assert parse_pointer(f"/{token}") == (step,)


def test_the_tree_tells_keys_from_indices() -> None:
    assert parse_pointer("/nodes/0/3", TREE) == ("nodes", 0, "3")
    assert parse_pointer("/nodes/2/3", TREE) == ("nodes", 2, 3), (
        "past the end of the tree there is only a guess"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nodes/0", "begins with '/'"),
        ("/a~b", "written ~0"),
        ("/a~", "written ~0"),
        ("/nodes/id", "/nodes is a list"),
    ],
)
def test_what_is_no_pointer_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_pointer(text, TREE)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("nodes", 2), "nothing at /nodes/2: /nodes is a list of 2, without an item 2"),
        (("nodes", -1), "/nodes is a list of 2, without an item -1"),
        (("nodes", "0"), "/nodes is a list of 2, without an item '0'"),
        (("dag",), "nothing at /dag: the root is an object without the key 'dag'"),
        (("nodes", 0, 3), "/nodes/0 is an object without the key 3"),
        (("nodes", 0, "id", "x"), "/nodes/0/id is a single value"),
    ],
)
def test_a_missing_value_is_named_with_the_step_that_fails(path: Path, message: str) -> None:
    with pytest.raises(LookupError, match=message):
        at(TREE, path)
