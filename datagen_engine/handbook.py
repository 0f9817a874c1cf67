"""The pages of the handbook that are made from the code: the language, the problems and the checks.

`python -m datagen_engine.handbook` writes them anew; a test fails where they are out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from datagen_engine.catalogue import PartSpec, specs
from datagen_engine.checking.page import problems_page
from datagen_engine.expression import FUNCTIONS
from datagen_engine.validation.kinds import checks_page

__all__ = ["PAGES", "language_page", "write_pages"]

_NOTE = "<!-- Made by `python -m datagen_engine.handbook`; what stands here is said by the code. -->\n"


def language_page() -> str:
    """Return the reference of generators, modifiers, distributions, fanouts and functions as Markdown.

    >>> "### lognormal" in language_page()
    True
    """
    catalogue = specs()
    lines = [_NOTE, "# The language", ""]
    lines += [
        "A schema is one JSON document: tables (`nodes`), their columns, and how each column is drawn. "
        "`datagen schema` prints its JSON Schema; `datagen check` says what is wrong with a file, where, and how "
        "to mend it. The keys `comment` and `description`, and keys that start with `x-`, are allowed anywhere.",
        "",
    ]
    sections: tuple[tuple[str, str, Mapping[str, PartSpec]], ...] = (
        (
            "Generators",
            'Where the values of a column come from: `{"generator": {"<word>": {…}}}`.',
            catalogue.generators,
        ),
        (
            "Modifiers",
            'What happens to drawn values, in order: `{"transform": "<word>", "args": {…}}`.',
            catalogue.modifiers,
        ),
        (
            "Distributions",
            'Of the generator `distribution`: `{"type": "<word>", "params": {…}, "clamp": [low, high]}`.',
            catalogue.distributions,
        ),
        (
            "Fanouts",
            'How many children each row of a parent gets: `{"distribution": "<word>", …}`.',
            catalogue.fanouts,
        ),
    )
    for title, about, parts in sections:
        lines += [f"## {title}", "", about, ""]
        for key, part in parts.items():
            lines += _part(key, part)
    lines += ["## Functions of expressions", "", "| function | what it gives | example |", "|---|---|---|"]
    lines += [
        f"| `{_cell(function.signature)}` | {_cell(function.help)} | `{_cell(function.example)}` |"
        for function in FUNCTIONS.values()
    ]
    return "\n".join(lines).rstrip() + "\n"


def _part(key: str, part: PartSpec) -> Iterator[str]:
    yield from (f"### {key}", "", part.help, "")
    if part.types:
        yield from (f"Column types: {', '.join(part.types)}.", "")
    fields = {name: field for name, field in part.fields.get("properties", {}).items() if field}
    if fields:
        required = part.fields.get("required", [])
        yield from ("| field | value | |", "|---|---|---|")
        for name, field in fields.items():
            need = "" if name in required else _default(field)
            about = ". ".join(
                text.rstrip(".") for text in (field.get("title"), field.get("description")) if text
            )
            yield f"| `{name}` | {_cell(_kind(field))}{need} | {_cell(about)} |"
        yield ""
    for sample in part.samples[:2]:
        yield from ("```json", json.dumps({key: sample}, ensure_ascii=False), "```", "")


def _kind(field: Mapping[str, Any]) -> str:
    if "x-refers-to" in field:
        refers = str(field["x-refers-to"])
        return "table.column" if refers == "attribute" else refers
    if "enum" in field:
        return " · ".join(f"`{value}`" for value in field["enum"])
    if "anyOf" in field:
        return " or ".join(
            dict.fromkeys(_kind(option) for option in field["anyOf"] if option.get("type") != "null")
        )
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1].replace("%20", " ")
    limits = [
        f"{sign} {field[limit]:g}"
        for limit, sign in (
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
            ("exclusiveMaximum", "<"),
        )
        if limit in field
    ]
    kind = {"array": "list", "object": "object", "string": "text", "integer": "whole number"}.get(
        str(field.get("type", "any")), str(field.get("type", "any"))
    )
    return " ".join([kind, *limits])


def _default(field: Mapping[str, Any]) -> str:
    return (
        f", default {json.dumps(field['default'])}"
        if field.get("default") not in (None, [])
        else ", optional"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


PAGES = {"language.md": language_page, "problems.md": problems_page, "checks.md": checks_page}
"""File names in `resources/docs`, and what makes each page."""


def write_pages(folder: Path) -> None:
    """Write every page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(__file__).parent.parent / "resources" / "docs")
