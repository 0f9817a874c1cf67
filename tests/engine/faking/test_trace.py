"""The tracer against methods of our own: what it learns must be what they give, as often."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, OrderedDict
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from faker.providers import BaseProvider
from scipy import stats

from datagen_engine.faking import still, trace
from datagen_engine.faking.grammar import Alt, Node, NotCompilable, Pattern, Pick, Seq, Text, Token
from datagen_engine.faking.moments import Moment, Written
from datagen_engine.faking.rules import RULES
from datagen_engine.faking.said import Choice, Mixed, Number
from datagen_engine.faking.still import NOON
from datagen_engine.faking.trace import Tracer
from tests.engine.faking.grammars import said


class Provider(BaseProvider):
    __use_weighting__ = True  # as those have that faker makes

    names: ClassVar[OrderedDict[str, float]] = OrderedDict(
        [("Ann", 3.0), ("Bo", 1.0), ("Cy", 0.0), ("Di van", 2.0)]
    )
    formats = ("{{person}} of {{place}}", "{{place}}", "{{person}} ({{ number }})", "{{person}} of {{place}}")
    pairs = (("DE", "Bonn"), ("FR", "Lyon"), ("FR", "Nice"))
    long = tuple(f"word{number}" for number in range(3_000))

    def person(self) -> str:
        return self.random_element(self.names)

    def place(self) -> str:
        return self.random_element(("Ulm", "Rom", "Oslo", "Rom"))

    def number(self) -> int:
        return self.random_int(1, 20)

    def line(self) -> str:
        return self.generator.parse(self.random_element(self.formats))

    def loud(self) -> str:
        return (self.person() + "!").upper()

    def unheard(self) -> str:
        return f"{self.person()}!".upper()  # a text made by Python itself: nothing sees what is done to it

    def twice(self) -> str:
        one = self.person()
        return f"{one}-{one.lower()}"

    def two_calls(self) -> str:
        return self.person() + self.person()

    def code(self) -> str:
        return self.bothify("?#-%", letters="xyz").upper()

    def filled(self) -> str:
        return self.numerify(self.random_element(("A#", "B%%", "C")))

    def maybe_digits(self) -> str:
        return self.numerify("!@")

    def hex(self) -> str:
        return self.hexify("^^", upper=True)

    def joined(self) -> str:
        return "-".join(self.random_elements(("a", "b", "c"), length=2))

    def different(self) -> str:
        return " ".join(self.random_elements(self.names, length=2, unique=True))

    def sampled(self) -> str:
        return "".join(self.random_sample("abcd", length=3))

    def by_chance(self) -> str:
        return "x" if self.generator.random.random() < 0.25 else self.place()

    def by_number(self) -> str:
        number = self.random_int(0, 99)
        if number == 7:
            number += 1
        return f"{number:03d}" if number < 50 else f"{number:x}"

    def two_numbers(self) -> str:
        return "%03d-%d" % (self.random_int(0, 150), self.random_int(5, 120))  # noqa: UP031  # as faker writes it

    def rests(self) -> str:
        return "even" if self.random_int(0, 1_000_000) % 2 == 0 else "odd"

    def computed(self) -> int:
        return 2 * self.random_int(1, 3) + 10

    def mixed(self) -> int:
        return self.random_int(0, 9) if self.random_int(0, 1) else 77

    def lookup(self) -> str:
        code, town = self.random_element(self.pairs)
        return f"{town} ({code})"

    def first(self) -> str:
        return self.line().split(" ")[0]

    def plural(self) -> str:
        name = self.person()
        return name + ("" if name.endswith("n") else "s")

    def padded(self) -> str:
        return str(self.random_int(1, 1_500)).zfill(4)

    def by_length(self) -> str:
        number = "%d" % self.random_int(1, 120_000)  # noqa: UP031  # as faker writes it
        return "0" * (6 - len(number)) + number

    def flag(self) -> bool:
        return self.generator.random.randint(1, 100) <= 30

    def maybe(self) -> Any:
        return {0: None, 1: True, -1: False}[self.generator.random.randint(-1, 1)]

    def born(self) -> str:
        return self.generator.date_between("-2d", "today").strftime("%d.%m.%Y")

    def month_word(self) -> str:
        return {"01": "cold", "07": "hot"}.get(self.generator.date("%m"), "mild")

    def real(self) -> float:
        return self.generator.random.uniform(2, 3)

    def capital(self) -> str:
        return (self.person() + " " + self.place()).capitalize()

    def titled(self) -> str:
        return self.random_element(("ann lee", "bo")).title() + "!"

    def exchanged(self) -> str:
        return self.person().replace("nn", "N").translate(str.maketrans("o", "0")).replace("D", self.place())

    def cleaned(self) -> str:
        return re.sub("[nN]", "-", self.person() + "nn")

    def crossing(self) -> str:
        return re.sub("n+", "-", self.person() + "nn")  # within each part it is done right, across them not

    def substituted(self) -> str:
        return re.sub(r"\?", lambda _: self.random_element("xy"), self.random_element(("?-?", "z?")))

    def matched(self) -> str:
        return "long" if re.match(".{3}", self.place()) and len(self.place()) > 3 else "short"

    def without_blanks(self) -> str:
        return "".join(self.person().split(" ")) + "?"

    def lengths(self) -> str:
        return str(len(self.place()))

    def several(self) -> str:
        a, b = self.generator.random.sample(range(5), 2)
        return f"{a}{b}"

    def cards(self) -> str:
        return str(self.random_element((8, 11))) + f"{self.random_int(0, 255):02X}"

    def compared(self) -> str:
        number = self.random_int(1, 100)
        if number > 90:
            return "high"
        if number >= 80 and number != 85:
            return "good"
        return "low" if 3 - number < -10 else "lowest"

    def templated(self) -> str:
        return self.generator.parse(self.bothify(self.random_element(("{{place}} #", "? {{person}}"))))

    def aware(self) -> str:
        return "yes" if self.place() in ("Ulm", "Bonn") else "no"

    def hours(self) -> str:
        return self.generator.date_time_between("-1d", "now").time().strftime("%H") + self.generator.time(
            "%p"
        )

    # What cannot be learned.

    def shuffled(self) -> str:
        letters = list("abc")
        self.generator.random.shuffle(letters)
        return "".join(letters)

    def cumulative(self) -> str:
        return self.generator.random.choices(("a", "b"), cum_weights=(1, 2))[0]

    def bounded(self) -> float:
        return self.generator.random.uniform(0, self.generator.random.random())

    def dated(self) -> str:
        return str(self.generator.date_between("-9d", "today").year)

    def checksum(self) -> str:
        digits = self.numerify("#" * 12)
        return digits + str(sum(map(int, digits)) % 10)

    def endless(self) -> str:
        while self.random_int(0, 10**9) != 3:
            pass
        return "three"

    def forever(self) -> str:
        return self.forever() + self.person()

    def listing(self) -> list[str]:
        return [self.person()]

    def not_bo(self) -> str:
        name = self.person()
        while name == "Bo":
            name = self.person()
        return name

    def explosive(self) -> str:
        return "".join(word[:1] for word in (self.random_element(self.long) for _ in range(9)))


@pytest.fixture(scope="module")
def tracer() -> Iterator[Tracer]:
    plain = still.generator

    def extended(locale: str) -> Any:
        made = plain(locale)
        made.add_provider(Provider)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "generator", extended)
        patch.setitem(sys.modules, "faker.providers.ours", sys.modules[__name__])  # what is held still
        made = Tracer("en_US", NOON, RULES)
        made.real_call("random_int", random.Random(0))  # makes the generator of real calls, too
        yield made


TEXTS = (
    "person", "place", "line", "loud", "twice", "two_calls", "code", "filled", "maybe_digits", "hex", "joined",
    "different", "sampled", "by_chance", "by_number", "two_numbers", "rests", "lookup", "first", "plural",
    "padded", "month_word", "capital", "titled", "exchanged", "cleaned", "substituted", "matched", "without_blanks",
    "lengths", "several", "cards", "compared", "templated", "aware", "hours",
)  # fmt: skip


@pytest.mark.statistical
@pytest.mark.parametrize("method", TEXTS)
def test_learned_shares_are_the_methods_own(method: str, tracer: Tracer) -> None:
    node = tracer.learn(method, {})
    assert isinstance(node, Node)
    source = random.Random(method)
    count = 6_000
    with tracer.real(source) as faker:
        real = Counter(getattr(faker, method)() for _ in range(count))
    assert all(node.accepts(text) for text in real)
    if method in ("different", "sampled", "twice"):
        return  # their parts depend on each other: no list of what they say can be made
    expected = {text: share * count for text, share in said(node).items()}
    assert set(real) <= set(expected)
    common = [text for text, number in expected.items() if number >= 8]
    observed = [real[text] for text in common] + [count - sum(real[text] for text in common)]
    wanted = [expected[text] for text in common]
    wanted.append(count - sum(wanted))
    keep = [place for place, number in enumerate(wanted) if number > 4]
    if len(keep) > 1:
        observed, wanted = [observed[p] for p in keep], [wanted[p] for p in keep]
        scale = sum(observed) / sum(wanted)
        assert stats.chisquare(observed, [number * scale for number in wanted]).pvalue > 1e-4


def test_a_method_called_by_another_is_named(tracer: Tracer) -> None:
    line = tracer.learn("line", {})
    assert isinstance(line, Alt)
    names = {
        part.node.name
        for branch in line.branches
        if isinstance(branch, Seq)
        for part in branch.parts
        if isinstance(part.node, Token)
    }
    assert names == {"person", "place"}


def test_a_long_number_is_a_pattern(tracer: Tracer) -> None:
    found = tracer.learn("numerify", {"text": "#" * 30})
    assert isinstance(found, Seq)
    assert isinstance(found.parts[0].node, Pattern)
    assert found.size == 10**30


def test_numbers_are_numbers(tracer: Tracer) -> None:
    assert tracer.learn("number", {}) == Number((range(1, 21),))
    assert tracer.learn("computed", {}) == Number((range(12, 17, 2),))
    assert isinstance(tracer.learn("mixed", {}), Mixed)
    assert tracer.learn("real", {}) == Number((), 2.0, 3.0)


def test_truth_and_nothing(tracer: Tracer) -> None:
    flag = tracer.learn("flag", {})
    assert isinstance(flag, Choice)
    assert dict(zip(flag.values, flag.weights, strict=True)) == pytest.approx({True: 0.3, False: 0.7})
    maybe = tracer.learn("maybe", {})
    assert isinstance(maybe, Choice)
    assert set(maybe.values) == {None, True, False}


def test_lengths_are_looked_at_by_length(tracer: Tracer) -> None:
    found = tracer.learn("by_length", {})
    assert isinstance(found, Node)
    assert found.size == 120_000
    assert found.accepts("000042")
    assert not found.accepts("42")


def test_arguments_are_handed_on(tracer: Tracer) -> None:
    found = tracer.learn("random_element", {"elements": ["x", "y"]})
    assert isinstance(found, Seq)
    assert found.parts[0].node == Pick(("x", "y"))
    assert tracer.learn("random_element", {"elements": ["only"]}) == Text("only")
    assert tracer.learn("random_int", {"min": 3, "max": 9, "step": 3}) == Number((range(3, 10, 3),))


@pytest.mark.parametrize(
    "method",
    [
        "checksum",
        "endless",
        "forever",
        "listing",
        "explosive",
        "not_bo",
        "shuffled",
        "cumulative",
        "bounded",
        "dated",
    ],
)
def test_what_cannot_be_learned_is_given_up(method: str, tracer: Tracer) -> None:
    with pytest.raises(NotCompilable):
        tracer.learn(method, {})


@pytest.mark.parametrize("method", ["unheard", "crossing"])
def test_what_is_missed_is_found_out(method: str, tracer: Tracer) -> None:
    learned = tracer.learn(method, {})
    assert isinstance(learned, Node)
    source = random.Random(1)
    assert not all(learned.accepts(tracer.real_call(method, source)) for _ in range(24))


def test_a_given_grammar_takes_the_place_of_a_method(tracer: Tracer) -> None:
    plain = tracer.learn("place", {})
    tracer.given["person"] = Text("Zed")
    try:
        tracer._learned.clear()
        said_of_zed = tracer.learn("line", {})
    finally:
        tracer.given.clear()
        tracer._learned.clear()
    assert isinstance(said_of_zed, Node)
    assert said_of_zed.accepts("Zed of Ulm")
    assert not said_of_zed.accepts("Ann of Ulm")
    assert isinstance(plain, Node)


def test_a_rule_stands_for_its_own_function_only() -> None:
    asked = []

    def rule(at: trace.Asked, **_: Any) -> Node | None:
        asked.append(at.provider)
        return Text("by hand")

    made = Tracer("zh_CN", NOON, {"faker.providers.internet.Provider.domain_name": rule})
    assert made.learn("safe_domain_name", {}) != Text("by hand")
    with pytest.raises(NotCompilable):  # that of China is a function of its own
        made.learn("domain_name", {})
    assert not asked
    assert Tracer("en_US", NOON, {"faker.providers.internet.Provider.domain_name": rule}).learn(
        "domain_name", {}
    ) == Text("by hand")


def test_a_rule_that_fails_is_no_failure() -> None:
    def rule(at: trace.Asked, **_: Any) -> Node | None:
        raise KeyError("another faker")

    made = Tracer("en_US", NOON, {"faker.providers.internet.Provider.tld": rule})
    with pytest.raises(NotCompilable, match="another faker"):
        made.learn("tld", {})


def test_dates_within_texts(tracer: Tracer) -> None:
    assert isinstance(tracer.learn("date_between", {"start_date": "-2d", "end_date": "today"}), Moment)
    born = tracer.learn("born", {})
    assert isinstance(born, Seq)
    assert isinstance(born.parts[0].node, Written)
    assert born.size == 3


def test_faker_is_left_as_it_was(tracer: Tracer) -> None:
    import datetime
    import re

    from faker.providers import date_time, internet, ssn
    from faker.utils import text

    before = (date_time.datetime, internet.unidecode, text.slugify, re.sub)
    tracer.learn("two_numbers", {})
    with pytest.raises(NotCompilable):
        tracer.learn("checksum", {})
    assert (date_time.datetime, internet.unidecode, text.slugify, re.sub) == before
    assert date_time.datetime is datetime.datetime
    assert ssn is not None
