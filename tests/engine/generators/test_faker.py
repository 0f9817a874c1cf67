from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from datagen_engine.draw.rows import Rows
from datagen_engine.faking import compile_fake, locale_of
from datagen_engine.faking.fake import GrammarFake
from datagen_engine.generators.faker import Faker
from datagen_engine.planning.plan import Plan
from datagen_engine.schema.problem import Problem
from tests.engine.small import Tree, column, draw, fact, plan, table

LANDS = ["DE", "France", "Tokyo", "en_GB", "Atlantis", None]


def faker(name: str, method: str, type: str = "string", **keys: Any) -> Tree:
    return column(name, type, {"faker": {"method": method, **keys}})


def lands(**more: Any) -> Tree:
    return column("land", "string", {"choice": {"choices": LANDS}}, nullable=True, **more)


def problems(of: Plan, name: str = "x") -> list[Problem]:
    node = of.schema.by_id["t"]
    found = node.by_name[name]
    return list(found.generator.check(of.resolver.site(node, found)))


def judged(**keys: Any) -> list[tuple[str, str, tuple[Any, ...], str]]:
    type = keys.pop("type", "string")
    found = problems(plan(table(lands(), column("x", type, {"faker": keys}))))
    return [(problem.severity, problem.code, problem.path, problem.message) for problem in found]


def accepts(method: str, locale: str, text: str) -> bool:
    fake = compile_fake(method, locale)
    assert isinstance(fake, GrammarFake)
    return bool(fake.said.accepts(text))


def test_a_column_is_what_the_method_says() -> None:
    of = plan(table(faker("x", "name", locale="de_DE")))
    names = draw(of, "x").to_list()
    assert len(set(names)) > 900
    assert all(accepts("name", "de_DE", name) for name in names[:100])


def test_each_row_has_its_locale() -> None:
    of = plan(table(lands(), faker("x", "name", locale_from="land")))
    for land, name in zip(draw(of, "land").to_list(), draw(of, "x").to_list(), strict=True):
        assert accepts("name", locale_of(land or "") or "en_US", name), (land, name)


def test_a_locale_of_another_table() -> None:
    of = plan(table(lands()), fact(faker("x", "city", locale_from="t.land"), parent="t", fanout=None))
    at = of.slice("f", Rows.run(0, of.tables["f"].rows))
    parents = draw(of, "land").to_list()
    for land, city in zip(parents, at.column("x").to_list(), strict=True):
        assert accepts("city", locale_of(land or "") or "en_US", city)


def test_a_locale_from_numbers_is_the_usual_one() -> None:
    of = plan(table(faker("x", "name", locale_from="id"), rows=20))
    assert all(accepts("name", "en_US", name) for name in draw(of, "x").to_list())


@pytest.mark.parametrize("keys", [{}, {"locale_from": "land"}, {"exact": True}, {"group": "p"}])
def test_a_row_depends_on_its_number_alone(keys: dict[str, Any]) -> None:
    of = plan(table(lands(), faker("x", "name", **keys), rows=300))
    whole = draw(of, "x").to_list()
    some = np.array([7, 299, 0, 120, 7])
    assert draw(of, "x", rows=Rows.listed(some)).to_list() == [whole[row] for row in some]
    assert draw(of, "x", rows=Rows.run(100, 110)).to_list() == whole[100:110]
    longer = plan(table(lands(), faker("x", "name", **keys), rows=900))
    assert draw(longer, "x").to_list()[:300] == whole


def test_no_rows() -> None:
    of = plan(table(lands(), faker("x", "name", locale_from="land"), faker("y", "text"), rows=0))
    assert draw(of, "x").to_list() == draw(of, "y").to_list() == []


def test_columns_of_a_group_agree() -> None:
    of = plan(
        table(
            faker("first", "first_name", group="who"),
            faker("last", "last_name", group="who"),
            faker("full", "name", group="who"),
            faker("mail", "email", group="who"),
            faker("login", "user_name", group="who"),
            faker("other", "name", group="someone else"),
            faker("single", "name"),
        )
    )
    first, last, full, mail, login, other, single = (
        draw(of, name).to_list() for name in ("first", "last", "full", "mail", "login", "other", "single")
    )
    for a, b, c, d, e in zip(first, last, full, mail, login, strict=True):
        assert a in c
        assert b in c
        assert d.startswith(f"{e}@")
    assert sum(a == b for a, b in zip(full, other, strict=True)) < 5
    assert sum(a == b for a, b in zip(full, single, strict=True)) < 5


def test_a_group_in_the_locale_of_each_row() -> None:
    of = plan(
        table(lands(), *(faker(m, m, group="p", locale_from="land") for m in ("city", "postcode", "country")))
    )
    for land, country in zip(draw(of, "land").to_list(), draw(of, "country").to_list(), strict=True):
        if land in ("DE", "France"):
            assert country == {"DE": "Germany", "France": "France"}[land]


def test_two_columns_of_one_method_differ() -> None:
    of = plan(table(faker("x", "name"), faker("y", "name")))
    assert sum(a == b for a, b in zip(draw(of, "x").to_list(), draw(of, "y").to_list(), strict=True)) < 5


def test_the_present_is_the_end_of_the_timeframe() -> None:
    birthday = faker("x", "date_of_birth", "date", minimum_age=30, maximum_age=30)
    early = plan(table(birthday), timeframe={"start": "2000-01-01", "end": "2001-06-30", "freq": "D"})
    days = draw(early, "x").to_list()
    assert date(1970, 6, 30) < min(days)
    assert max(days) <= date(1971, 6, 30)


@pytest.mark.parametrize(
    ("method", "type", "keys", "expected"),
    [
        ("random_int", "float", {"min": 3, "max": 3}, 3.0),
        ("random_int", "string", {"min": 3, "max": 3}, "3"),
        ("numerify", "int", {"text": "007"}, 7),
        ("random_element", "int", {"elements": [5]}, 5),
        ("date_between", "date", {"start_date": "2024-02-29", "end_date": "2024-02-29"}, date(2024, 2, 29)),
    ],
)
def test_values_take_the_column_s_type(method: str, type: str, keys: dict[str, Any], expected: Any) -> None:
    of = plan(table(faker("x", method, type, **keys), rows=3))
    assert draw(of, "x").to_list() == [expected] * 3


def test_arguments_are_the_keys_beside_the_method() -> None:
    spec = Faker.model_validate(
        {"method": "bothify", "text": "##", "letters": None, "comment": "hash", "x-mine": 1}
    )
    assert spec.arguments == {"text": "##"}


# -- what is wrong ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [*Faker.samples, {"method": "date_between", "start_date": "-1y"}])
def test_nothing_is_wrong(keys: dict[str, Any]) -> None:
    assert judged(**keys) == []


@pytest.mark.parametrize(
    "method", ["emial", "binary", "seed_instance", "__class__", "add_provider", "json", "words"]
)
def test_methods_that_may_not_be_used(method: str) -> None:
    ((severity, code, path, _),) = judged(method=method)
    assert (severity, code, path) == ("error", "faker-method", ("method",))


def test_arguments_that_are_wrong() -> None:
    found = judged(method="bothify", txt="##", text=7)
    assert [(code, path) for _, code, path, _ in found] == [
        ("faker-argument", ("txt",)),
        ("faker-argument", ("text",)),
    ]
    ((_, code, path, message),) = judged(method="text", max_nb_chars=10**9)
    assert (code, path) == ("faker-argument", ("max_nb_chars",))
    assert "4,000" in message


def test_arguments_that_faker_itself_cannot_use() -> None:
    ((severity, code, path, message),) = judged(method="ean", length=9)
    assert (severity, code, path) == ("error", "faker-argument", ())
    assert "8 or 13" in message


def test_locales_that_are_none() -> None:
    ((severity, code, path, _),) = judged(method="name", locale="klingon")
    assert (severity, code, path) == ("warning", "faker-locale", ("locale",))
    ((severity, code, path, message),) = judged(method="name", locale_from="land")
    assert (severity, code, path) == ("warning", "faker-locale", ("locale_from",))
    assert "'Atlantis' of t.land" in message


def test_methods_that_a_locale_lacks() -> None:
    ((severity, code, _, message),) = judged(method="state", locale="fr_FR")
    assert (severity, code) == ("warning", "faker-locale")
    assert "en_US is used" in message
    ((severity, code, _, message),) = judged(method="cpf")
    assert (severity, code) == ("error", "faker-method")
    assert "pt_BR" in message
    assert judged(method="cpf", locale="pt_BR") == []
    assert ("error", "faker-method") in [
        (severity, code) for severity, code, _, _ in judged(method="cpf", locale_from="land")
    ]


def test_a_group_that_agrees_with_nothing() -> None:
    ((severity, _, path, _),) = judged(method="color_name", group="g")
    assert (severity, path) == ("warning", ("group",))


def test_a_method_that_gives_nothing_at_times() -> None:
    of = plan(table(faker("x", "null_boolean", "bool")))
    node = of.schema.by_id["t"]
    assert node.by_name["x"].generator.facts(of.resolver.site(node, node.by_name["x"])).nullable


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({"method": "name"}, "string"),
        ({"method": "random_int"}, "int"),
        ({"method": "random_element", "elements": [1, 2]}, "int"),
        ({"method": "random_element", "elements": [1, 2.5]}, "float"),
        ({"method": "random_element", "elements": ["a", 1]}, "string"),
        ({"method": "random_element"}, "string"),
        ({"method": "date_of_birth"}, "date"),
    ],
)
def test_the_kind_of_value_is_known(keys: dict[str, Any], kind: str) -> None:
    of = plan(table(column("x", "string", {"faker": keys})))
    node = of.schema.by_id["t"]
    assert node.by_name["x"].generator.facts(of.resolver.site(node, node.by_name["x"])).type == kind


def test_a_locale_whose_method_takes_other_arguments_falls_back() -> None:
    """Only some countries ask for an age: the others get what en_US would give, which must work."""
    of = plan(
        table(lands(), faker("x", "ssn", locale_from="land", taxpayer_identification_number_type="EIN"))
    )
    assert all(number[2] == "-" for number in draw(of, "x").to_list())
