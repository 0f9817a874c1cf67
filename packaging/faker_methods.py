"""Write resources/faker/methods.json: which methods of the installed faker a schema may use, and how.

Run it after an update of faker, look at the difference, and commit it:

    .venv/bin/python packaging/faker_methods.py

The table is read by datagen_engine/faking/methods.py, so that methods can be listed and arguments judged
without importing faker.
"""

import inspect
import json
import logging
import random
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from faker import VERSION  # noqa: TID253  # a script that is about faker
from faker.config import AVAILABLE_LOCALES  # noqa: TID253  # the same
from faker.providers import BaseProvider  # noqa: TID253  # the same

from datagen_engine.faking.still import NOON, generator, held_still

TABLE = Path(__file__).parents[1] / "resources" / "faker" / "methods.json"

# What several kinds of arguments are good for.
SEVERAL = {"hue": "scalar or list", "extension": "scalar or list", "private": "bool", "card_type": "string"}

# What is refused though it may return text: it makes files or tables, calls what its argument names, or
# is no value at all.
REFUSED = {
    "add_element": "is no method of a value",
    "binary": "gives bytes",
    "csv": "gives a table",
    "dsv": "gives a table",
    "enum": "needs a Python class",
    "fixed_width": "gives a table",
    "get_random_value": "is no method of a value",
    "image": "gives bytes",
    "json": "gives a table",
    "json_bytes": "gives bytes",
    "profile": "gives a record",
    "psv": "gives a table",
    "pwz_doctor_compute_check_digit": "computes with what it is given",
    "pyobject": "gives a Python object",
    "pystr_format": "calls whatever its text names; `bothify` fills in digits and letters",
    "pystruct": "gives Python objects",
    "random_sample": "gives a list",
    "simple_profile": "gives a record",
    "tar": "gives bytes",
    "time_series": "gives a list",
    "tsv": "gives a table",
    "xml": "gives a table",
    "zip": "gives bytes",
}
INSTEAD = {
    "words": "`sentence` or `text`",
    "sentences": "`paragraph`",
    "paragraphs": "`paragraph` or `text`",
    "texts": "`text`",
    "random_elements": "`random_element`",
    "random_choices": "`random_element`",
    "random_sample": "`random_element`",
    "random_letters": "`pystr`",
    "currency": "`currency_code` or `currency_name`",
    "latlng": "`latitude` and `longitude`",
}

# Parameters that JSON cannot give, that would change what comes out, or that reset faker's randomness.
# `placeholder_url` is a template of str.format, which reaches into Python's objects.
HIDDEN = {"cast_to", "distrib", "placeholder_url", "raw_output", "seed", "tzinfo"}
DATES = {
    "birthdate",
    "date_of_birth",
    "date_end",
    "date_start",
    "datetime_end",
    "datetime_start",
    "end",
    "end_date",
    "end_datetime",
    "start",
    "start_date",
    "start_datetime",
}
KINDS = [
    (bool, "bool"),
    (int, "int"),
    (float, "float"),
    (Decimal, "float"),
    (str, "string"),
    (datetime, "datetime"),
    (date, "date"),
]
HELP = {
    "address": "A postal address on several lines.",
    "bban": "An account number as the country's banks write it.",
    "boolean": "True or false; `chance_of_getting_true` is in percent.",
    "bothify": "A text with # for each digit and ? for each letter.",
    "bs": "Business talk: three words that sound like a plan.",
    "catch_phrase": "Three words that a company would praise itself with.",
    "city": "The name of a town; of real ones only where the locale lists them.",
    "company": "The name of a company.",
    "country": "The name of a country of the world.",
    "country_code": "An ISO code of a country.",
    "credit_card_number": "A card number with a right check digit.",
    "currency_code": "An ISO code of a currency.",
    "date_between": "A day between two: ISO dates, or from now such as -30y and +2w.",
    "date_of_birth": "A birthday that fits an age at the end of the timeframe.",
    "date_time_between": "A time between two: ISO dates, or from now such as -30y and +2w.",
    "ean13": "A barcode with a right check digit.",
    "email": "An address that cannot reach anyone.",
    "first_name": "A given name.",
    "hexify": "A text with ^ for each hexadecimal digit.",
    "iban": "An international account number with right check digits.",
    "job": "What a person does for a living.",
    "last_name": "A family name.",
    "lexify": "A text with ? for each letter.",
    "license_plate": "The number of a car.",
    "name": "A person's full name, at times with a title.",
    "numerify": "A text with # for each digit, % for one that is not 0.",
    "paragraph": "Some sentences.",
    "password": "A text of random characters, with at least one of each kind.",
    "phone_number": "A phone number as people of the country write it.",
    "postcode": "A postal code.",
    "random_element": "One of the `elements` given.",
    "random_int": "A whole number from `min` to `max`.",
    "sentence": "Some words with a capital and a full stop.",
    "ssn": "The number by which the state knows a person.",
    "state": "A part of the country.",
    "street_address": "A street and a number.",
    "text": "Text of at most `max_nb_chars` characters.",
    "url": "The address of a web site.",
    "user_name": "What a person would log in with.",
    "uuid4": "A random identifier.",
    "word": "One word.",
}


def kind_of(values):
    """The kind of column that holds these values; None where none does."""
    found = set()
    for value in values:
        if value is None:
            continue
        for cls, kind in KINDS:
            if isinstance(value, cls):
                found.add(kind)
                break
        else:
            return None
    if len(found) == 1:
        return found.pop()
    if found == {"int", "float"}:
        return "float"
    return "string" if found else None


def parameter_kind(name, parameter):
    """What a parameter takes: string, int, float, bool, list, date, or scalar for any of the first four."""
    if name in DATES:
        return "date"
    if name in SEVERAL:
        return SEVERAL[name]
    text = str(parameter.annotation)
    if isinstance(parameter.default, bool):
        return "bool"
    if re.search(r"List|Sequence|Collection|Tuple|Elements|Prefix|list", text) or isinstance(
        parameter.default, (list, tuple)
    ):
        return "list"
    for cls, kind in KINDS[:5]:
        if text in (f"<class '{cls.__name__}'>", f"typing.Optional[{cls.__name__}]"):
            return kind
    if re.search(r"float|BasicNumber|Decimal", text):
        return "float"
    if "Literal" in text or "Optional[str]" in text:
        return "string"
    for cls, kind in KINDS[:5]:
        if isinstance(parameter.default, cls):
            return kind
    return "scalar"


def parameters(function):
    """The parameters that a schema may give."""
    out = []
    for name, parameter in list(inspect.signature(function).parameters.items()):
        if name in HIDDEN or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        required = parameter.default is parameter.empty
        default = None if required else parameter.default
        if isinstance(default, tuple):
            default = list(default)
        if not isinstance(default, (str, int, float, bool, list, type(None))):
            default = None
        entry = {"name": name, "kind": parameter_kind(name, parameter)}
        entry.update({"required": True} if required else {"default": default})
        out.append(entry)
    return out


def look(seen, locale):
    """Add what the methods of one locale take and give; a method that fails there is left out of it."""
    made = generator(locale)
    made.random = random.Random(7)
    for provider in reversed(made.providers):
        for name in dir(type(provider)):
            function = getattr(type(provider), name)
            if name.startswith(("_", "seed", "add_")) or isinstance(function, type) or not callable(function):
                continue
            if not isinstance(provider, BaseProvider):
                continue
            entry = seen.setdefault(
                name, {"locales": set(), "values": [], "signatures": Counter(), "sample": None}
            )
            owner = inspect.unwrap(function).__module__.split(".")
            entry["provider"] = owner[2] if len(owner) > 2 else "base"
            entry["signatures"][json.dumps(parameters(getattr(provider, name)))] += 1
            if name in REFUSED:
                continue
            with held_still(made.random, NOON):
                try:
                    values = [getattr(made, name)() for _ in range(8)]
                except Exception:  # not every locale has the data for every method
                    entry["locales"].discard(locale)
                    continue
            entry["locales"].add(locale)
            entry["values"] += values
            if entry["sample"] is None or locale == "en_US":
                entry["sample"] = values[-1]


def main():
    logging.disable()  # a method of the Philippines warns at each call
    seen = {}
    locales = sorted(AVAILABLE_LOCALES)
    for locale in locales:
        look(seen, locale)
    methods, refused = {}, dict(REFUSED)
    for name, entry in sorted(seen.items()):
        kind = kind_of(entry["values"])
        if name in refused:
            continue
        if name == "random_element":
            kind = "any"
        if kind is None or not entry["locales"]:
            values = [v for v in entry["values"] if v is not None and not isinstance(v, (str, int, float))]
            refused[name] = f"gives a {type(values[0]).__name__}" if values else "is no method of a value"
            continue
        merged = {}
        for signature, _ in entry["signatures"].most_common():
            for parameter in json.loads(signature):
                merged.setdefault(parameter["name"], parameter)
        sample = entry["sample"]
        if isinstance(sample, Decimal):
            sample = float(sample)
        methods[name] = {
            "provider": entry["provider"],
            "help": HELP.get(name, ""),
            "kind": kind,
            "sample": sample if isinstance(sample, (str, int, float, bool)) else str(sample),
            "parameters": list(merged.values()),
            **({"nullable": True} if None in entry["values"] else {}),
            **({} if len(entry["locales"]) == len(locales) else {"locales": sorted(entry["locales"])}),
        }
    for name, instead in INSTEAD.items():
        if name in refused:
            refused[name] += f"; {instead} will do"
    lines = [f'{{"faker": {json.dumps(VERSION)},', f' "locales": {json.dumps(locales)},', ' "methods": {']
    lines += [
        ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in methods.items())
    ]
    lines += [" },", ' "refused": {']
    lines += [
        ",\n".join(
            f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in sorted(refused.items())
        ),
        " }}",
    ]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TABLE}: {len(methods)} methods, {len(refused)} refused, faker {VERSION}")


if __name__ == "__main__":
    main()
