from __future__ import annotations

from collections import Counter

import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.faking import compile_fake
from datagen_engine.faking.grammar import Pick, Text
from datagen_engine.faking.lorem import Filled, Repeat
from tests.engine.faking.shares import drawn, streams

WORDS = Pick(("ab", "cde", "f"))
CAPITALS = Pick(("Ab", "Cde", "F"))


def test_pieces_are_counted_out() -> None:
    node = Repeat(WORDS, CAPITALS, " ", ".", (1, 2, 3), (1.0, 2.0, 1.0))
    found = node.draw(Rows.run(0, 8_000), streams(), "p").to_list()
    counts = Counter(len(text.split()) for text in found)
    assert counts[2] / 8_000 == pytest.approx(0.5, abs=0.03)
    assert all(text[0].isupper() and text.endswith(".") and node.accepts(text) for text in found)
    assert node.size == 3 + 9 + 27
    assert not node.accepts("Ab cde f ab.")
    assert not node.accepts("Ab")


def test_a_text_is_filled_up_to_the_limit() -> None:
    node = Filled(WORDS, CAPITALS, " ", ".", 9)
    found = node.draw(Rows.run(0, 3_000), streams(), "p").to_list()
    assert all(node.accepts(text) for text in found)
    # Without the full stop at most 8 characters, and so many that the next word would have reached 9.
    assert {len(text) for text in found} <= set(range(6, 10))
    assert max(map(len, found)) == 9


def test_what_does_not_fit_at_first_begins_anew() -> None:
    words = Pick(("longer", "a"), (9.0, 1.0))
    node = Filled(words, words, " ", "", 5)
    found = set(node.draw(Rows.run(0, 500), streams(), "p").to_list())
    assert found == {"a", "a a"}


def test_what_never_fits_is_empty() -> None:
    node = Filled(Text("toolong"), Text("toolong"), " ", "", 5)
    assert set(node.draw(Rows.run(0, 3), streams(), "p").to_list()) == {""}


def test_a_row_depends_on_its_number_alone() -> None:
    fake = compile_fake("text", "en_US", {"max_nb_chars": 60})
    together = drawn(fake, 200)
    assert together[50:60] == drawn(fake, 10, start=50)


@pytest.mark.parametrize("most", [5, 20, 24, 25, 60, 99, 100, 200, 900])
@pytest.mark.parametrize("locale", ["en_US", "ja_JP", "ru_RU"])
def test_texts_keep_their_limit(most: int, locale: str) -> None:
    fake = compile_fake("text", locale, {"max_nb_chars": most})
    assert fake.pool_size is None
    found = drawn(fake, 300)
    assert max(map(len, found)) <= most
    assert min(map(len, found)) > 0


def test_words_of_one_s_own() -> None:
    arguments = {"ext_word_list": ["yes", "no"], "nb_words": 3, "variable_nb_words": False}
    found = drawn(compile_fake("sentence", "en_US", arguments), 400)
    assert set(found) == {
        f"{a} {b} {c}." for a in ("Yes", "No") for b in ("yes", "no") for c in ("yes", "no")
    }
