"""Data goes one way, and so do imports: each package uses only those to its left."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import datagen_engine

ENGINE = Path(datagen_engine.__file__).parent
APP = ENGINE.parent / "datagen_app"

ORDER = [
    {"version", "errors", "lazy", "resources", "processor", "collector"},
    {"draw"},
    {"expression"},
    {"schema"},
    {"faking"},
    {"distributions", "fanouts", "generators"},
    {"modifiers"},
    {"resolve"},
    {"planning"},
    {"checking", "explanation"},
    {"write"},
    {"run"},
    {"document", "catalogue", "suggestion", "importers"},
    {"previewing"},
    {"api"},
    {"validation", "handing_over"},
    {"handbook"},
    {"cli"},
    {"__main__"},
]
"""From text to schema to plan to files to the report; those that stand together do not use each other."""

RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}

# Called before numpy is loaded, by whoever starts a process; it uses nothing of ours.
OWN_ROOM = {"datagen_engine.run.processor": "processor"}

HEAVY = ("numpy", "pandas", "pyarrow", "scipy", "faker", "duckdb", "matplotlib")


def module_of(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    parts = module.split(".")
    return OWN_ROOM.get(module) or (parts[1] if len(parts) > 1 else "")


def imports(path: Path, *, for_types: bool = False) -> Iterator[str]:
    """Yield what a file imports, anywhere in it; not what only type checkers read."""
    coming: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while coming:
        node = coming.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not for_types:
            coming += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            assert node.module is not None
            yield node.module
        coming += ast.iter_child_nodes(node)


FILES = sorted(ENGINE.rglob("*.py"))


def test_every_package_has_its_place() -> None:
    rooms = {room_of(module_of(path, ENGINE)) for path in FILES} - {""}
    assert rooms <= set(RANK)
    assert set(RANK) - rooms <= {"importers"}  # its room is there already


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_of(path, ENGINE))
def test_a_package_uses_only_those_to_its_left(path: Path) -> None:
    own = room_of(module_of(path, ENGINE))
    if not own:
        return  # the package itself names what is public, and loads it when it is asked for
    used = {room_of(module) for module in imports(path) if module.startswith("datagen_engine.")}
    assert {room for room in used if room != own and RANK[room] >= RANK[own]} == set()


def test_the_engine_never_imports_the_window() -> None:
    for path in FILES:
        for module in imports(path, for_types=True):
            assert not module.startswith(("PySide6", "shiboken6", "datagen_app", "pyqtgraph")), path


def test_the_window_speaks_to_the_public_names_only() -> None:
    """A process may be prepared by name before the engine is loaded; jobs take numpy and Arrow as the engine does."""
    allowed = {
        "datagen_engine",
        "datagen_engine.lazy",
        *OWN_ROOM,
        "datagen_engine.resources",
        "datagen_engine.version",
    }
    for path in sorted(APP.rglob("*.py")):
        used = {module for module in imports(path, for_types=True) if module.startswith("datagen_engine")}
        assert used <= allowed, path


def loaded_by(code: str) -> list[str]:
    """Return which heavy modules some code loads, in a process of its own."""
    ask = f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return [
        name for name in done.stdout.splitlines()[-1].split() if name in (*HEAVY, "pydantic", "typer", "rich")
    ]


@pytest.mark.parametrize(
    ("code", "loads"),
    [
        ("import datagen_engine", []),
        ("import datagen_engine as d; d.examples()", []),
        ("import datagen_engine as d; d.specs()", ["pydantic"]),
        ("import datagen_engine as d; d.suggest('email')", []),
        ("import datagen_engine as d; d.load(d.examples()['ecomm']).schema", ["pydantic"]),
        ("import datagen_engine as d; d.references(d.examples()['ecomm'])", ["pydantic"]),
        ("import datagen_engine as d; d.generate; d.check; d.preview; d.counts", ["pydantic"]),
    ],
)
def test_what_draws_nothing_loads_nothing_heavy(code: str, loads: list[str]) -> None:
    assert loaded_by(code) == loads


def test_drawing_loads_what_it_needs_and_no_more() -> None:
    code = (
        "import datagen_engine as d\n"
        "tree = {'version': '1.0', 'metadata': {'name': 'x'},"
        " 'timeframe': {'start': '2024-01-01', 'end': '2024-02-01'},"
        " 'constraints': {}, 'nodes': [{'id': 't', 'kind': 'entity', 'pk': 'id', 'columns': ["
        "{'name': 'id', 'type': 'int', 'generator': {'sequence': {}}}]}]}\n"
        "d.preview(tree, 't')"
    )
    # pyarrow itself loads pandas where there is one.
    assert set(loaded_by(code)) - {"pandas"} == {"numpy", "pyarrow", "pydantic"}
