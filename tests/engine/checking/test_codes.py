"""Every problem has a code with an explanation, wherever in the sources it is made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import datagen_engine
from datagen_engine.checking.codes import CODES, GROUPS

ROOT = Path(datagen_engine.__file__).parent

# Where the code stands among the arguments of what makes a problem.
MAKERS = {
    "Problem": 0, "problem": 0, "refuse": 0, "Fault": 0, "fault": 0, "unreadable": 0, "unknown": 1, "_worded": 4,
    "_once": 4, "_error": 0, "_warning": 0,
}  # fmt: skip


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


@cache
def made() -> tuple[tuple[str, str], ...]:
    """Every code that a source makes a problem of, with the place."""
    return tuple(_made())


def _made() -> Iterator[tuple[str, str]]:
    for name, tree in sources():
        if name == "checking/codes.py":
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = MAKERS.get(called)
            if place is not None and len(node.args) > place:
                for code in texts(node.args[place]):
                    yield code, f"{name}:{node.lineno}"


def texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=otherwise):
            yield from (*texts(body), *texts(otherwise))


def test_every_code_in_the_sources_is_explained() -> None:
    missing = {code: place for code, place in made() if code not in CODES}
    assert not missing, f"explain them in datagen_engine/checking/codes.py: {missing}"


def test_every_explained_code_is_made_somewhere() -> None:
    assert not set(CODES) - {code for code, _ in made()}


def test_codes_are_written_alike() -> None:
    names = [code.name for group in GROUPS.values() for code in group]
    assert len(names) == len(set(names)) == len(CODES)
    for code in CODES.values():
        assert set(code.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"), code
        assert code.title[0].isupper(), code
        for text in (code.why, code.mend):
            assert text.endswith("."), code
        assert not code.title.endswith("."), code
        assert "|" not in code.title + code.why + code.mend, "it would break the table of the page"
