"""What specs share: remarks, and how they refuse a value."""

from __future__ import annotations

import pytest

import datagen_engine as datagen
from tests.engine.small import column, faults, schema, table


@pytest.mark.parametrize("written", ["zipf@x", "zipf@{code}", "{0}", "{{a}}"])
def test_a_message_stands_as_it_was_written_braces_and_all(written: str) -> None:
    generator = {"choice": {"choices": ["a", "b"], "weights_kind": written}}
    (problem,) = datagen.check(schema(table(column("x", "string", generator))))
    assert problem.message.startswith(f"{written!r} is none of: ")
    assert "head_tail@{h,a} with h" in problem.message


@pytest.mark.parametrize("remark", ["comment", "description", "x-mine"])
def test_a_remark_may_stand_on_any_object(remark: str) -> None:
    generator = {"choice": {"choices": ["a", "b"], remark: "why"}, remark: {"any": "thing"}}
    assert faults({**table({**column("x", "string", generator), remark: [1]}), remark: None}) == []


def test_any_other_key_is_a_fault_at_its_place() -> None:
    generator = {"choice": {"choices": ["a", "b"], "remark": "why"}}
    assert faults(table(column("x", "string", generator))) == [
        ("/nodes/0/columns/1/generator/choice/remark", "unknown-key")
    ]
