from __future__ import annotations

import subprocess
import sys

import pytest

from datagen_engine import judge


@pytest.mark.parametrize(
    ("code", "type"),
    [
        ("quantity * price", "float"),
        ("upper(name)", "string"),
        ("quantity > 3 and not paid", "bool"),
        ("day + days(2)", "date"),
        ("null", "null"),
    ],
)
def test_the_type_of_a_result_follows_from_those_of_the_columns(code: str, type: str) -> None:
    columns = {"quantity": "int", "price": "float", "name": "string", "paid": "bool", "day": "date"}
    judged = judge(code, columns)
    assert judged.type == type
    assert judged.faults == ()


@pytest.mark.parametrize(
    ("code", "marked"), [("2 * pric", "pric"), ("upper(5)", "5"), ("2 +", ""), ("name.x", "."), ("a b", "b")]
)
def test_a_fault_is_told_with_its_characters(code: str, marked: str) -> None:
    judged = judge(code, {"price": "float", "name": "string", "a": "int"})
    assert judged.type == ""
    ((message, start, end),) = judged.faults
    assert message
    assert code[start:end].startswith(marked)


def test_every_fault_of_a_tree_is_told() -> None:
    judged = judge("one + two", {"three": "int"})
    assert [(start, end) for _, start, end in judged.faults] == [(0, 3), (6, 9)]


def test_neither_numpy_nor_arrow_is_needed() -> None:
    code = "import datagen_engine, sys; datagen_engine.judge('a * 2', {'a': 'int'}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not {"numpy", "pyarrow", "pandas", "faker"} & set(run.stdout.split())
