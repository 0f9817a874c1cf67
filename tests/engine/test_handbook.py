"""The pages that are made from the code say what the code says."""

import pytest

from datagen_engine.catalogue import specs
from datagen_engine.handbook import PAGES
from datagen_engine.resources import resource


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    written = resource(f"docs/{name}").read_text(encoding="utf-8")
    assert written == PAGES[name](), "run: python -m datagen_engine.handbook"


def test_every_part_has_help_a_title_and_a_sample() -> None:
    catalogue = specs()
    for parts in (catalogue.generators, catalogue.modifiers, catalogue.distributions, catalogue.fanouts):
        for key, part in parts.items():
            assert part.title, key
            assert part.help.endswith("."), key
            assert part.samples, key
            for name, field in part.fields.get("properties", {}).items():
                assert not field or field.get("title") or "enum" in field or "const" in field, (
                    f"{key}.{name} has no title"
                )
