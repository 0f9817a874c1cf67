from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datagen_engine.draw.rows import Rows
from datagen_engine.faking import compile_fake
from datagen_engine.faking.filling import DIGITS, Other, lettered, numerified, within
from datagen_engine.faking.grammar import NotCompilable, Part, Pattern, Pick, Seq, Text, Token
from tests.engine.faking.grammars import said
from tests.engine.faking.shares import called, drawn, same_shares, streams


def test_digits_stand_for_places() -> None:
    assert numerified("no place") == Text("no place")
    assert numerified("#").size == 10
    assert numerified("%$").size == 72
    assert said(numerified("!")) == pytest.approx({"": 0.5, **dict.fromkeys("0123456789", 0.05)})
    assert said(numerified("@")) == pytest.approx({"": 0.5, **dict.fromkeys("123456789", 0.5 / 9)})


@given(st.text(alphabet="a#%$!@ é?", max_size=12))
def test_a_template_is_filled_in_as_faker_does(template: str) -> None:
    node = numerified(template)
    for text in node.draw(Rows.run(0, 20), streams(), "p").text().to_pylist():
        assert node.accepts(text)
    assert all(node.accepts(text) for text in called("numerify", "en_US", 20, {"text": template}))


def test_letters_of_any_script() -> None:
    assert said(lettered("-?", "日本")) == pytest.approx({"-日": 0.5, "-本": 0.5})
    assert lettered("??", "ab").size == 4


def test_only_what_holds_a_place_is_exchanged() -> None:
    names = Pick(("Ann", "Bo"))
    assert within(names, numerified, DIGITS) is names
    token = Token("name", names, "role")
    assert within(token, numerified, DIGITS) is token
    inside = Token("name", Pick(("A#",)))
    assert within(inside, numerified, DIGITS).size == 10
    whole = Seq((Part("0", names), Part("", Text("#"))))
    assert within(whole, numerified, DIGITS).size == 20
    assert within(Pattern((("#",), tuple("ab"))), numerified, DIGITS).size == 20
    with pytest.raises(NotCompilable):
        within(Pattern((("!",), tuple("ab"))), numerified, DIGITS)


@pytest.mark.statistical
def test_others_are_weighed_as_they_were() -> None:
    words = Pick(("a", "b", "c"), (6.0, 3.0, 1.0))
    count = 30_000
    rows = Rows.run(0, count)
    first, second = (Other(words, place).draw(rows, streams(), "p").text().to_pylist() for place in (0, 1))
    assert all(a != b for a, b in zip(first, second, strict=True))
    found = Counter(zip(first, second, strict=True))
    share = dict(zip(words.words, words.shares.tolist(), strict=True))
    pairs = [(a, b) for a in "abc" for b in "abc" if a != b]
    expected = np.array([share[a] * share[b] / (1 - share[a]) for a, b in pairs]) * count
    assert stats.chisquare([found[pair] for pair in pairs], expected).pvalue > 1e-4


def test_others_of_a_row_depend_on_its_number_alone() -> None:
    node = Other(Pick(tuple("abcd")), 2)
    whole = node.draw(Rows.run(0, 60), streams(), "p").to_list()
    assert node.draw(Rows.listed(np.array([41, 3])), streams(), "p").to_list() == [whole[41], whole[3]]
    assert node.mapped(str.upper).draw(Rows.run(0, 60), streams(), "p").to_list() == [
        text.upper() for text in whole
    ]


def test_nearly_all_there_is_cannot_be_sampled_this_way() -> None:
    node = Other(Pick(("a", "b"), (1.0, 1e-9)), 1)
    with pytest.raises(NotCompilable):
        node.draw(Rows.run(0, 1), streams(), "p")


@pytest.mark.statistical
def test_two_given_names_as_in_chile() -> None:
    fake = compile_fake("given_name", "es_CL")
    assert fake.pool_size is None
    ours, theirs = drawn(fake, 6_000), called("given_name", "es_CL", 6_000)
    assert all(len(set(name.split(" "))) > 1 for name in ours)
    for feature in (lambda name: name.split(" ")[0], lambda name: name.split(" ")[-1], len):
        assert same_shares(ours, theirs, feature) > 1e-5
