"""The frozen programs do their work with nothing of Python around them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop import PATIENCE, Desktop

ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n"

pytestmark = [
    pytest.mark.long,
    pytest.mark.xdist_group("bundle"),  # built once
]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    build = [sys.executable, "-m", "PyInstaller", str(ROOT / "packaging" / "datagen.spec"), "--noconfirm"]
    subprocess.run(
        [
            *build,
            "--log-level",
            "ERROR",
            "--distpath",
            str(folder / "dist"),
            "--workpath",
            str(folder / "work"),
        ],
        check=True,
        cwd=folder,
    )
    return folder / "dist" / "datagen-studio"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with no Python, no project and no display in it."""
    return {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}


def test_generates_with_workers(bundle: Path, bare: dict[str, str], tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    for command in (
        ["examples", "schema", "-o", "schema.json"],
        ["generate", "schema.json", "-o", "one", "--workers", "1", "--progress", "none"],
        ["generate", "schema.json", "-o", "two", "--workers", "2", "--progress", "none"],
    ):
        subprocess.run([bundle / "datagen", *command], env=bare, cwd=tmp_path, check=True)
    assert schema.read_bytes() == (ROOT / "examples" / "schema.json").read_bytes()
    tables = [node["id"] for node in json.loads(schema.read_text())["nodes"]]
    for table in tables:
        one, two = tmp_path / "one" / f"{table}.parquet", tmp_path / "two" / f"{table}.parquet"
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("name", ["ecomm", "schema"])
def test_draws_its_window_into_a_picture(
    bundle: Path, bare: dict[str, str], tmp_path: Path, name: str
) -> None:
    picture = tmp_path / "window.png"
    subprocess.run(
        [bundle / "datagen-studio", ROOT / "examples" / f"{name}.json", "--screenshot", picture],
        env=bare | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    assert picture.read_bytes().startswith(PNG)


def test_opens_a_real_window(bundle: Path, bare: dict[str, str], tmp_path: Path, desktop: Desktop) -> None:
    here = {name: desktop.environment[name] for name in ("DISPLAY", "QT_QPA_PLATFORM")}
    with subprocess.Popen(
        [bundle / "datagen-studio", ROOT / "examples" / "schema.json"], env=bare | here, cwd=tmp_path
    ) as program:
        try:
            desktop.window("--pid", str(program.pid))
            desktop.xdotool("key", "alt+F4")
            assert program.wait(timeout=PATIENCE) == 0
        finally:
            program.kill()


@pytest.mark.parametrize("program", ["datagen", "datagen-studio"])
def test_starts_from_any_folder_by_any_name(
    bundle: Path, bare: dict[str, str], tmp_path: Path, program: str
) -> None:
    link = tmp_path / "shortcut"
    link.symlink_to(bundle / program)
    run = subprocess.run(
        [link, "--help"], env=bare, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    assert run.stdout
