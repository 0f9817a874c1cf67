"""The page that explains the kinds of checks: every record's link leads somewhere, and every check is listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import datagen_engine as datagen
from datagen_engine.resources import resource
from datagen_engine.validation.kinds import HELP, checks_page
from datagen_engine.validation.record import KINDS, CheckRecord
from tests.drawing import plan_of
from tests.engine.validation.behaviour.market import market
from tests.engine.validation.behaviour.memory import drawn, judged


def test_every_kind_is_explained() -> None:
    assert tuple(HELP) == KINDS
    for help in HELP.values():
        assert help.question.endswith("?")
        assert all(paragraph.endswith(".") for paragraph in help.more)


def test_the_links_of_records_lead_to_the_page() -> None:
    page = resource("docs/checks.md").read_text(encoding="utf-8")
    anchors = set(re.findall(r"^## (\S+)$", page, re.MULTILINE))

    for kind in KINDS:
        name, _, place = CheckRecord("a", "value", kind, "t", (), "pass", "").doc.partition("#")
        assert name == "checks.md"
        assert place in anchors


@pytest.mark.parametrize("name", sorted(datagen.examples()))
def test_every_behavioural_check_of_the_examples_is_listed(
    name: str, example_run: Callable[[str], Path]
) -> None:
    report = datagen.validate(datagen.examples()[name], example_run(name))

    assert not unlisted([one.id for one in report.checks if one.category == "behavioural"])
    for one in report.checks:
        assert HELP[one.kind].category == one.category


def test_every_behavioural_check_of_the_market_is_listed() -> None:
    plan = plan_of(market(100))

    assert not unlisted(list(judged(plan, drawn(plan))))


def unlisted(ids: list[str]) -> set[str]:
    """Return the first words of ids that the page does not know; a second of a kind has a number."""
    listed = set(re.findall(r"`([a-z_]+)`", checks_page()))
    words = {re.sub(r"_\d+$", "", id.partition(":")[0]) for id in ids}
    crossed = {word for word in words if set(word.split("_")) <= {"month", "dow", "hour"}}
    return words - crossed - listed
