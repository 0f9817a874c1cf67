"""The wheel carries everything, and the engine runs from it without Qt."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from datagen_engine.version import __version__

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.long,
    pytest.mark.xdist_group("wheel"),  # built once
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment that holds the wheel and its required dependencies only."""
    environment = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    programs = environment / "bin"
    subprocess.run([programs / "python", "-m", "pip", "install", "-qq", str(wheel)], check=True)
    return programs


def test_it_is_named_after_the_version(wheel: Path) -> None:
    assert wheel.name == f"datagen_studio-{__version__}-py3-none-any.whl"


def test_it_holds_both_packages_and_their_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names} == {
        "datagen_app",
        "datagen_engine",
        f"datagen_studio-{__version__}.dist-info",
    }
    for folder in ("examples", "resources"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"datagen_engine/_bundled/{path.relative_to(ROOT).as_posix()}" in names
    assert "datagen_engine/py.typed" in names


def test_the_engine_runs_without_qt(installed: Path, tmp_path: Path) -> None:
    look = (
        "from importlib.util import find_spec; print([n for n in ('PySide6', 'pyqtgraph') if find_spec(n)])"
    )
    found = subprocess.run(
        [installed / "python", "-c", look], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert found.stdout.strip() == "[]"

    schema, out = tmp_path / "schema.json", tmp_path / "out"
    for command in (
        ["examples", "schema", "-o", str(schema)],
        ["check", str(schema)],
        ["generate", str(schema), "-o", str(out), "--progress", "none"],
    ):
        subprocess.run([installed / "datagen", *command], check=True, cwd=tmp_path)
    assert schema.read_bytes() == (ROOT / "examples" / "schema.json").read_bytes()
    assert json.loads((out / "_manifest.json").read_bytes())


def test_the_designer_says_what_it_lacks(installed: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [installed / "datagen-studio"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode != 0
    assert "datagen-studio[app]" in run.stderr
    assert "Traceback" not in run.stderr
