from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from datagen_app.__main__ import main
from datagen_app.shell.palette import DARK, LIGHT
from datagen_engine.resources import examples
from tests.desktop import Desktop

PATIENCE = 60.0


def studio(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "datagen_app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def colours(image: QImage) -> set[str]:
    across, down = range(0, image.width(), 3), range(0, image.height(), 3)
    return {image.pixelColor(x, y).name().upper() for x in across for y in down}


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_a_picture_of_the_window(schema: Path, tmp_path: Path, theme: str, palette: object) -> None:
    picture = tmp_path / "new" / "picture.png"
    run = studio(str(schema), "--screenshot", str(picture), "--size", "1280x800", "--theme", theme)
    assert (run.returncode, run.stdout) == (0, "")
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 800)
    wanted = LIGHT if palette is LIGHT else DARK
    assert {wanted.entity, wanted.fact, wanted.vocab, wanted.surface, wanted.window} <= colours(image)


def test_a_picture_of_an_example_and_of_the_start_page(tmp_path: Path) -> None:
    for arguments in ([str(examples()["schema"])], []):
        picture = tmp_path / "picture.png"
        run = studio(*arguments, "--screenshot", str(picture))
        assert run.returncode == 0, run.stderr
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (1440, 900)
        assert {LIGHT.entity, LIGHT.fact, LIGHT.vocab} <= colours(image)


def test_a_picture_that_cannot_be_written_is_said(schema: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run = studio(str(schema), "--screenshot", str(tmp_path / "file" / "picture.png"))
    assert run.returncode == 1
    assert "datagen-studio: " in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_what_is_no_file_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main([str(tmp_path / name)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("datagen-studio: ")


@pytest.mark.parametrize("size", ["1440", "0x900", "axb", "1x1", "99999999x1"])
def test_a_size_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], size: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--size", size])
    assert stop.value.code == 2
    assert "1440x900" in capsys.readouterr().err


def test_without_a_display_the_way_without_one_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 2
    assert "--screenshot" in capsys.readouterr().err


def test_a_person_opens_a_schema_and_generates(desktop: Desktop, schema: Path) -> None:
    """On a real display, with real keys: open, find a column, generate, quit."""
    with subprocess.Popen(
        [sys.executable, "-m", "datagen_app", str(schema), "--size", "1200x800"],
        env=desktop.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        try:
            window = desktop.xdotool("search", "--sync", "--onlyvisible", "--name", "shop.json")
            desktop.xdotool("windowactivate", "--sync", window.splitlines()[0])
            desktop.xdotool("key", "ctrl+f")
            desktop.xdotool("type", "total")
            desktop.xdotool("key", "Return")
            desktop.xdotool("key", "ctrl+Return")
            dialog = desktop.xdotool("search", "--sync", "--onlyvisible", "--name", "Generate Small shop")
            desktop.xdotool("windowactivate", "--sync", dialog.splitlines()[0])
            desktop.xdotool("key", "Escape")
            desktop.xdotool("search", "--sync", "--onlyvisible", "--name", "shop.json")
            desktop.xdotool("windowactivate", "--sync", window.splitlines()[0])
            desktop.xdotool("key", "ctrl+q")
            said, _ = program.communicate(timeout=PATIENCE)
        finally:
            program.kill()
    assert (program.returncode, said) == (0, "")
