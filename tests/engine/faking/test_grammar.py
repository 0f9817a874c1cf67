from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.rows import Rows
from datagen_engine.faking.grammar import (
    Alt,
    Digits,
    Node,
    NotCompilable,
    Part,
    Pattern,
    Pick,
    Seq,
    Text,
    Token,
    fixed_width_array,
)
from tests.engine.faking.grammars import grammars, said
from tests.engine.faking.shares import streams

TEN = tuple("0123456789")


def texts(node: Node, rows: Rows, path: str = "p") -> list[str]:
    listed: list[str] = node.draw(rows, streams(), path).text().to_pylist()
    return listed


@given(grammars)
def test_what_is_drawn_is_what_can_be_said(node: Node) -> None:
    found = texts(node, Rows.run(0, 40))
    possible = said(node)
    assert set(found) <= set(possible)
    assert all(node.accepts(text) for text in found)
    assert len(possible) <= node.size


@given(grammars)
def test_all_texts_are_accepted_and_no_other(node: Node) -> None:
    possible = said(node)
    assert all(node.accepts(text) for text in list(possible)[:200])
    assert not node.accepts("\x00")
    assert not node.accepts(max(possible, key=len) + "~")


@given(grammars, st.lists(st.integers(0, 10_000), min_size=1, max_size=30))
def test_a_row_depends_on_its_number_alone(node: Node, rows: list[int]) -> None:
    numbers = np.array(rows)
    together = texts(node, Rows.listed(numbers))
    assert together == [texts(node, Rows.run(row, row + 1))[0] for row in rows]


@given(grammars)
def test_another_path_draws_independently(node: Node) -> None:
    if len(said(node)) > 100:
        return
    rows = Rows.run(0, 4_000)
    pairs = Counter(zip(texts(node, rows), texts(node, rows, "q"), strict=True))
    share = max(said(node).values())
    same = sum(count for (one, other), count in pairs.items() if one == other) / 4_000
    expected = sum(p * p for p in said(node).values())
    assert abs(same - expected) < 0.06, share


@pytest.mark.statistical
@given(grammars)
def test_shares_are_those_of_the_grammar(node: Node) -> None:
    count = 20_000
    found = Counter(texts(node, Rows.run(0, count)))
    expected = {text: share * count for text, share in said(node).items()}
    common = [text for text, number in expected.items() if number >= 10]
    observed = np.array([found[text] for text in common] + [count - sum(found[text] for text in common)])
    wanted = np.array([expected[text] for text in common])
    wanted = np.append(wanted, count - wanted.sum())
    keep = wanted > 5
    if keep.sum() < 2:
        return
    observed, wanted = observed[keep], wanted[keep]
    p = stats.chisquare(observed, wanted * observed.sum() / wanted.sum()).pvalue
    assert p > 1e-7


@pytest.mark.parametrize(
    ("node", "form"),
    [
        (Digits((range(1, 13),)), "{}"),
        (Digits((range(0, 1000, 7),), "0", 3), "{:03d}"),
        (Digits((range(5, 12_000),), "0", 4), "{:04d}"),
        (Digits((range(5, 12_000),), "", 6), "{:6d}"),
        (Digits((range(300, 70_000),), "0", 4, "x"), "{:04x}"),
        (Digits((range(70_000),), "", 0, "X"), "{:X}"),
        (Digits((range(-50, 50),)), "{}"),
        (Digits((range(5), range(10**12, 10**12 + 9)), "", 0), "{}"),
    ],
)
def test_numbers_are_spelled_as_python_does(node: Digits, form: str) -> None:
    rows = Rows.run(0, 500)
    numbers = node.numbers(rows, streams(), "p").tolist()
    assert texts(node, rows) == [form.format(number) for number in numbers]
    assert all(any(number in run for run in node.runs) for number in numbers)


def test_every_place_of_a_pattern_is_even() -> None:
    node = Pattern((tuple("abcdefg"), ("-é-",), *(TEN,) * 12))
    found = texts(node, Rows.run(0, 30_000))
    assert {len(text.encode()) for text in found} == {node.width}
    for place in (0, 4, 9, 15):
        counts = list(Counter(text[place] for text in found).values())
        assert len(counts) == (7 if place == 0 else 10)
        assert stats.chisquare(counts).pvalue > 1e-4
    pairs = Counter(text[4] + text[15] for text in found)
    assert stats.chisquare(list(pairs.values())).pvalue > 1e-4


def test_parts_of_one_label_say_the_same() -> None:
    name = Pick(("Ann", "Bo", "Cy"))
    node = Seq((Part("n", name), Part("", Text("/")), Part("n", name.mapped(str.lower)), Part("o", name)))
    for text in texts(node, Rows.run(0, 50)):
        first, rest = text.split("/")
        assert rest.startswith(first.lower())
    assert node.size == 9


def test_a_role_takes_the_place_of_the_path() -> None:
    node = Token("first_name", Pick(tuple("abcdefgh")), "first")
    rows = Rows.run(0, 50)
    assert texts(node, rows, "p") == texts(node, rows, "q")
    assert texts(Token("first_name", node.node), rows, "p") != texts(
        Token("first_name", node.node), rows, "q"
    )


def test_words_that_a_change_makes_equal_are_one_word() -> None:
    values = Pick(("Ann", "ANN", "Bo")).mapped(str.lower).draw(Rows.run(0, 100), streams(), "p")
    assert values.words is not None
    assert values.words.to_pylist() == ["ann", "bo"]
    assert set(values.to_list()) == {"ann", "bo"}


def test_few_words_are_drawn_as_codes() -> None:
    assert Pick(("a", "b")).draw(Rows.run(0, 5), streams(), "p").words is not None


def test_drawing_no_rows() -> None:
    node = Alt((Text("a"), Seq((Part("0", Pick(("b", "c"))), Part("1", Pattern((TEN,)))))), (1.0, 1.0))
    assert texts(node, Rows.run(7, 7)) == []
    assert texts(node.branches[1], Rows.run(7, 7)) == []


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text.replace("a", "")])
@given(node=grammars)
def test_a_change_of_each_character_is_a_change_of_each_text(change: object, node: Node) -> None:
    assert callable(change)
    try:
        changed = node.mapped(change)
    except NotCompilable:
        return
    expected: dict[str, float] = {}
    for text, share in said(node).items():
        expected[change(text)] = expected.get(change(text), 0.0) + share
    assert said(changed) == pytest.approx(expected)


def test_fixed_width_array_of_no_width() -> None:
    assert fixed_width_array(np.zeros((3, 0), dtype=np.uint8)).to_pylist() == ["", "", ""]
