"""A generator for a new column, guessed from its name and type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from datagen_engine.draw.values import ColumnType

__all__ = ["Suggestion", "suggest"]

Suggestion = dict[str, Any]
"""A column as JSON: name, type, generator."""

_FAKER: tuple[tuple[str, str], ...] = (
    (r"e_?mail(_address)?", "email"),
    (r"first_?name|given_?name|forename", "first_name"),
    (r"last_?name|surname|family_?name", "last_name"),
    (r"(full_?)?name|customer|person|contact|owner|author", "name"),
    (r"user_?name|login|handle|nick(name)?", "user_name"),
    (r"company|employer|vendor|supplier|organi[sz]ation|brand", "company"),
    (r"job|job_?title|occupation|profession|role|position", "job"),
    (r"city|town", "city"),
    (r"country", "country"),
    (r"country_?code", "country_code"),
    (r"(post|postal|zip)_?code|zip|plz", "postcode"),
    (r"street(_?name)?", "street_name"),
    (r"street_?address|address_?line_?\d?", "street_address"),
    (r"address", "address"),
    (r"state|province|region", "state"),
    (r"(tele)?phone(_?number)?|mobile|tel|fax", "phone_number"),
    (r"url|website|homepage|link", "url"),
    (r"domain(_?name)?|host(_?name)?", "domain_name"),
    (r"ip(_?address)?", "ipv4"),
    (r"iban", "iban"),
    (r"uuid|guid", "uuid4"),
    (r"colou?r", "color_name"),
    (r"currency(_?code)?", "currency_code"),
    (r"license_?plate|number_?plate|plate", "license_plate"),
    (r"title|headline|subject", "catch_phrase"),
    (r"description|comment|note|notes|text|remark|message|body", "sentence"),
    (r"slogan", "catch_phrase"),
)
_CODE = re.compile(r"(.*_)?(code|sku|serial|number|no|nr|reference|ref)$")
_MONEY = re.compile(
    r"(.*_)?(price|amount|total|cost|revenue|fee|salary|income|balance|value|budget|turnover|payment)(_.*)?$"
)
_COUNT = re.compile(r"(.*_)?(quantity|qty|count|items|units|visits|clicks|stock|n|num|number_of_.*)$")
_SHARE = re.compile(r"(.*_)?(share|ratio|rate|probability|percent|percentage|discount|pct|score)$")
_AGE = re.compile(r"(.*_)?age(_years)?$")
_RATING = re.compile(r"(.*_)?(rating|stars|grade)$")
_TIME = re.compile(r"(.*_)?(at|time|timestamp|datetime|ts)$")
_DAY = re.compile(r"(.*_)?(on|date|day|birthday|dob)$")
_FLAG = re.compile(
    r"(is|has|can|was|should|allow)_.*|(.*_)?(active|enabled|deleted|verified|newsletter|flag)$"
)
_STATE = re.compile(r"(.*_)?(status|state|stage|phase)$")
_KIND = re.compile(r"(.*_)?(type|kind|category|segment|channel|tier|level|class|group)$")
_LENGTH = re.compile(
    r"(.*_)?(duration|minutes|seconds|hours|length|weight|height|width|distance|size|km|kg|cm)(_.*)?$"
)


def suggest(
    name: str,
    type: ColumnType | None = None,
    *,
    tables: Iterable[tuple[str, str]] = (),
    table: str | None = None,
) -> Suggestion:
    """Guess a column from its name, and from its type where that is given.

    Parameters
    ----------
    name
        What the column is to be called.
    type
        Its type; guessed from the name where None.
    tables
        (id, primary key) of the tables there are: `customer_id` becomes a lookup where a table `customer` is.
    table
        The table that the column joins: its own `<table>_id` is a running number.

    Returns
    -------
    dict
        The column as JSON: `name`, `type`, `generator`.

    Examples
    --------
    >>> suggest("email")["generator"]
    {'faker': {'method': 'email'}}
    >>> suggest("customer_id", tables=[("customer", "customer_id")])["generator"]
    {'lookup': {'from': 'customer.customer_id'}}
    """
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_").replace(" ", "_")
    guessed, generator = _by_name(word, dict(tables), table)
    if type is not None and type != guessed:
        guessed, generator = type, generator if {type, guessed} == {"int", "float"} else _by_type(type)
    return {"name": name, "type": guessed, "generator": generator}


def _by_name(word: str, tables: dict[str, str], own: str | None) -> tuple[ColumnType, dict[str, Any]]:
    keyed = re.fullmatch(r"(.+?)(_?)(?:id|key|fk)", word)
    if word in ("id", "key", "pk") or (keyed and own and keyed[1] == own.lower()):
        return "int", {"sequence": {}}
    if keyed:
        for table, pk in tables.items():
            lower = table.lower()
            if keyed[1] in (lower, lower.rstrip("s"), lower + "s") or keyed[1].endswith(
                "_" + lower.rstrip("s")
            ):
                return "int", {"lookup": {"from": f"{table}.{pk}"}}
    for words, method in _FAKER:
        anywhere = method in ("email", "phone_number", "city", "iban")
        if re.fullmatch(rf"(.*_)?({words})" if anywhere else words, word):
            return "string", {"faker": {"method": method}}
    rules: list[tuple[re.Pattern[str], ColumnType, dict[str, Any]]] = [
        (_FLAG, "bool", _by_type("bool")),
        (_TIME, "datetime", _by_type("datetime")),
        (_DAY, "date", _by_type("date")),
        (_RATING, "int", {"choice": {"choices": [1, 2, 3, 4, 5], "weights": [5, 7, 14, 32, 42]}}),
        (_AGE, "int", _normal(41, 14, [18, 95])),
        (
            _SHARE,
            "float",
            {"distribution": {"type": "uniform", "params": {"low": 0, "high": 1}, "clamp": [0, 1]}},
        ),
        (
            _MONEY,
            "float",
            {
                "distribution": {
                    "type": "lognormal",
                    "params": {"mean": 3.4, "sigma": 0.8},
                    "clamp": [1, 5000],
                }
            },
        ),
        (_COUNT, "int", {"distribution": {"type": "poisson", "params": {"lambda": 2.5}, "clamp": [1, 50]}}),
        (_STATE, "string", {"choice": {"choices": ["new", "active", "closed"], "weights": [2, 6, 2]}}),
        (_KIND, "string", {"choice": {"choices": ["a", "b", "c"], "weights": [5, 3, 2]}}),
        (
            _LENGTH,
            "float",
            {
                "distribution": {
                    "type": "lognormal",
                    "params": {"mean": 3.0, "sigma": 0.5},
                    "clamp": [0.1, 1000],
                }
            },
        ),
        (_CODE, "string", {"faker": {"method": "bothify", "text": "??-####"}}),
    ]
    for pattern, kind, generator in rules:
        if pattern.fullmatch(word):
            return kind, generator
    if keyed and keyed[2]:  # `order_key`; not `paid` or `turkey`
        return "int", {"sequence": {}}
    return "string", _by_type("string")


def _normal(mean: float, std: float, clamp: list[float]) -> dict[str, Any]:
    return {"distribution": {"type": "normal", "params": {"mean": mean, "std": std}, "clamp": clamp}}


def _by_type(type: ColumnType) -> dict[str, Any]:
    generators: dict[ColumnType, dict[str, Any]] = {
        "int": {"distribution": {"type": "uniform", "params": {"low": 1, "high": 100}, "clamp": [1, 100]}},
        "float": _normal(50, 15, [0, 100]),
        "string": {"faker": {"method": "word"}},
        "bool": {"choice": {"choices": [True, False], "weights": [7, 3]}},
        "datetime": {"datetime_series": {"within": "timeframe", "freq": "min"}},
        "date": {"datetime_series": {"within": "timeframe", "freq": "D"}},
    }
    return generators[type]
