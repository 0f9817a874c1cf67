from __future__ import annotations

from collections import Counter

import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.faking.grammar import Digits, NotCompilable, Pick, Text
from datagen_engine.faking.moments import Moment
from datagen_engine.faking.said import Choice, Mixed, Number, as_text, kind_of, together
from tests.engine.faking.grammars import said
from tests.engine.faking.shares import streams

ROWS = Rows.run(0, 4_000)


@pytest.mark.parametrize(
    ("values", "kind"),
    [((True, None), "bool"), ((1, 2), "int"), ((1, 2.5), "float"), (("a", 1), "string"), ((None,), "string")],
)
def test_the_kind_of_values(values: tuple[object, ...], kind: str) -> None:
    assert Choice(values, (1.0,) * len(values)).kind == kind


def test_values_come_by_weight() -> None:
    found = Counter(Choice((7, None, 9), (2.0, 1.0, 1.0)).draw(ROWS, streams(), "p").to_list())
    assert found[7] / 4_000 == pytest.approx(0.5, abs=0.05)
    assert found[None] / 4_000 == pytest.approx(0.25, abs=0.05)


def test_numbers() -> None:
    whole = Number((range(1, 10, 4), range(100, 102)))
    assert set(whole.draw(ROWS, streams(), "p").to_list()) == {1, 5, 9, 100, 101}
    assert (whole.kind, whole.size) == ("int", 5)
    assert whole.accepts(5)
    assert not whole.accepts(6)
    parts = Number((range(-4, 5),), divisor=8)
    assert set(parts.draw(ROWS, streams(), "p").to_list()) == {n / 8 for n in range(-4, 5)}
    assert (parts.kind, parts.size) == ("float", 9)
    assert parts.accepts(0.125)
    assert not parts.accepts(0.1)
    real = Number((), -1.0, 3.0, decimals=2)
    values = real.draw(ROWS, streams(), "p").to_list()
    assert min(values) >= -1
    assert max(values) <= 3
    assert all(round(value, 2) == value for value in values)
    assert real.size == 401
    assert Number((), 0.0, 1.0).size == 2**52


def test_numbers_of_several_kinds() -> None:
    mixed = Mixed((Number((range(10),)), Number((range(50, 52),)), Choice((99,), (1.0,))), (2.0, 1.0, 1.0))
    values = mixed.draw(ROWS, streams(), "p")
    assert values.type == mixed.kind == "int"
    found = Counter(values.to_list())
    assert set(found) == {*range(10), 50, 51, 99}
    assert found[99] / 4_000 == pytest.approx(0.25, abs=0.05)
    assert mixed.size == 13
    assert mixed.accepts(51)
    assert not mixed.accepts(52)
    floats = Mixed((Number((range(3),)), Number((), 0.0, 1.0)), (1.0, 1.0))
    assert floats.draw(ROWS, streams(), "p").type == "float"
    with pytest.raises(NotCompilable):
        Mixed((Number((range(3),)), Choice((True,), (1.0,))), (1.0, 1.0)).draw(ROWS, streams(), "p")


def test_what_is_said_one_way_or_another() -> None:
    flags = together([(1.0, Choice((True,), (1.0,))), (3.0, Choice((False,), (1.0,)))], "=")
    assert isinstance(flags, Choice)
    assert dict(zip(flags.values, flags.weights, strict=True)) == pytest.approx({True: 0.25, False: 0.75})
    one = Number((range(4),))
    assert together([(1.0, one), (5.0, one)], "=") == one
    assert isinstance(together([(1.0, one), (1.0, Choice((9,), (1.0,)))], "="), Mixed)
    text = together([(1.0, Text("none")), (1.0, Number((range(2),)))], "=")
    assert said(text) == pytest.approx({"none": 0.5, "0": 0.25, "1": 0.25})  # type: ignore[arg-type]  # text, as just asked
    with pytest.raises(NotCompilable):
        together([(1.0, Moment(0.0, 1.0)), (1.0, one)], "=")


def test_as_text() -> None:
    assert as_text(Choice((None, True), (1.0, 1.0))) == Pick(("None", "True"))
    assert as_text(Number((range(3),))) == Digits((range(3),))
    mixed = Mixed((Number((range(2),)), Choice((7,), (1.0,))), (1.0, 1.0))
    assert said(as_text(mixed)) == pytest.approx({"0": 0.25, "1": 0.25, "7": 0.5})
    for other in (Number((), 0.0, 1.0), Moment(0.0, 1.0)):
        with pytest.raises(NotCompilable):
            as_text(other)
    assert kind_of(Text("a")) == "string"
    assert kind_of(Moment(0.0, 1.0, "date")) == "date"
