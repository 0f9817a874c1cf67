from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from datagen_engine.draw.rows import Rows
from datagen_engine.faking import compile_fake
from datagen_engine.faking.checks import CHECKS, Checked
from datagen_engine.faking.grammar import NotCompilable, Part, Pattern, Pick, Seq, Text
from tests.engine.faking.shares import called, drawn, streams

TEN = tuple("0123456789")


def of(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8).reshape(1, -1)


@pytest.mark.parametrize(
    ("check", "body", "expected"),
    [
        ("luhn", "7992739871", "3"),
        ("luhn", "411111111111111", "1"),
        ("luhn", "37828224631000", "5"),
        ("gs1", "400638133393", "1"),
        ("gs1", "7351353", "7"),
        ("gs1", "978-0-306-40615-", "7"),
        ("isbn10", "0-306-40615-", "2"),
        ("isbn10", "0-8044-2957-", "X"),
        ("routing", "11100002", "5"),
        ("account", "GBWEST12345698765432", "82"),
        ("account", "DE370400440532013000", "89"),
        ("vehicle", "1M8GDM9AKP042788", "X"),
    ],
)
def test_well_known_numbers(check: str, body: str, expected: str) -> None:
    assert CHECKS[check](of(body)).tobytes().decode() == expected


METHODS = [
    ("credit_card_number", "en_US"), ("ean13", "en_US"), ("ean8", "de_DE"), ("localized_ean13", "ja_JP"),
    ("upc_a", "en_US"), ("iban", "en_GB"), ("iban", "de_DE"), ("iban", "it_IT"), ("aba", "en_US"), ("vin", "en_US"),
    ("isbn13", "en_US"), ("isbn10", "en_US"), ("sbn9", "en_US"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "locale"), METHODS)
def test_every_check_digit_is_right(method: str, locale: str) -> None:
    """What faker calls valid we accept, and what we draw faker would have to compute alike."""
    fake = compile_fake(method, locale)
    assert fake.pool_size is None
    grammar = fake.said  # type: ignore[attr-defined]  # a grammar, as just seen
    assert all(grammar.accepts(text) for text in called(method, locale, 300))
    ours = drawn(fake, 300)
    assert all(grammar.accepts(text) for text in ours)
    spoiled = [text[:-1] + ("1" if text[-1] != "1" else "2") for text in ours]
    assert not any(grammar.accepts(text) for text in spoiled)


def test_a_body_of_words_and_separators() -> None:
    body = Seq((Part("0", Pick(("97", "98"))), Part("", Text("-")), Part("1", Pattern((TEN,) * 3))))
    node = Checked(body, "luhn", 6)
    for text in node.draw(Rows.run(0, 40), streams(), "p").to_list():
        assert node.accepts(text)
        assert CHECKS["luhn"](of(text[:-1])).tobytes().decode() == text[-1]


def test_no_rows() -> None:
    node = Checked(Pattern((TEN,) * 8), "routing", 8)
    assert node.draw(Rows.run(3, 3), streams(), "p").to_list() == []


def test_texts_of_several_lengths_are_refused() -> None:
    with pytest.raises(NotCompilable):
        Checked(Pick(("1", "22")), "luhn", 1)
    with pytest.raises(NotCompilable):
        Checked(Pattern((TEN,)), "luhn", 1).mapped(str.lower)


def test_letters_in_an_account_number() -> None:
    source = random.Random(3)
    for _ in range(200):
        body = "FR" + "".join(source.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(23))
        check = CHECKS["account"](of(body)).tobytes().decode()
        number = "".join(str(int(c, 36)) for c in body[2:] + body[:2] + check)
        assert int(number) % 97 == 1
