"""What can be made of a schema for other programs."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from datagen_engine.errors import UsageError
from datagen_engine.handing_over.clean import clean_json
from datagen_engine.handing_over.dbt import dbt_schema
from datagen_engine.handing_over.dictionary import dictionary_html, dictionary_markdown
from datagen_engine.handing_over.snippets import snippet

__all__ = ["Handed", "hand_over"]


class Handed(StrEnum):
    """What is made of a schema."""

    dictionary = "dictionary"
    page = "page"
    dbt = "dbt"
    clean = "clean"
    sql = "sql"
    json_schema = "json-schema"


def hand_over(tree: dict[str, Any], form: str) -> str:
    """Return what another program takes from a schema, as text.

    Parameters
    ----------
    tree
        The schema's JSON.
    form
        `dictionary` (Markdown), `page` (the same in HTML), `dbt` (its schema.yml), `clean` (the schema without `x-`
        keys), `sql` (CREATE TABLE) or `json-schema` (that of the language).

    Raises
    ------
    UsageError
        There is no such form.
    """
    if form not in list(Handed):
        raise UsageError(f"there is no form {form!r}; choose one of {', '.join(Handed)}")
    match Handed(form):
        case Handed.dictionary:
            return dictionary_markdown(tree)
        case Handed.page:
            return dictionary_html(tree)
        case Handed.dbt:
            return dbt_schema(tree)
        case Handed.clean:
            return clean_json(tree)
        case Handed.sql:
            nodes = tree.get("nodes")
            names = [str(node["id"]) for node in (nodes if isinstance(nodes, list) else [])]
            return snippet("sql", "", dict.fromkeys(names, ""), tree)
        case Handed.json_schema:
            from datagen_engine.schema.document import Schema
            from datagen_engine.schema.json_schema import json_schema

            return json.dumps(json_schema(Schema), indent=2, ensure_ascii=False) + "\n"
