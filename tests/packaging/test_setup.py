"""The set-up finds what is missing, says so in one line, and goes on."""

from __future__ import annotations

import importlib.metadata
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from datagen_engine.version import __version__

SYSTEM = Path(__file__).resolve().parents[2] / "packaging" / "system.sh"


class Machine:
    """A machine made of stand-ins: what `ldconfig` knows, who the user is, what apt does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "apt.log"
        for name in ("bash", "env", "cat"):
            (folder / name).symlink_to(shutil.which(name) or name)
        self.program("uname", "echo Linux")
        self.program("ldconfig", "")
        self.program("id", "echo 1000")
        self.program("sudo", "exit 1")

    def program(self, name: str, does: str) -> None:
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{does}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def system(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SYSTEM, *arguments],
            env={"PATH": str(self.folder), "APT_LOG": str(self.log)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_rights_one_line_names_what_is_missing(machine: Machine) -> None:
    machine.program("apt-get", 'echo "$*" >> "$APT_LOG"')
    run = machine.system("install", "window", "desktop")
    assert run.returncode == 0
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert "libxcb-cursor0" in line
    assert line.endswith("xvfb openbox xdotool")
    assert not machine.log.exists()


def test_without_apt_one_line_names_what_is_missing(machine: Machine) -> None:
    machine.program("id", "echo 0")
    run = machine.system("install", "desktop")
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr.splitlines()[0].endswith("xvfb openbox xdotool")


@pytest.mark.parametrize("rights", ["root", "sudo"])
def test_with_rights_only_what_is_missing_is_installed(machine: Machine, rights: str) -> None:
    if rights == "root":
        machine.program("id", "echo 0")
    else:
        machine.program("sudo", '[ "$1" = -n ] && shift && exec "$@"')
        machine.program("true", "")
    machine.program("apt-get", 'echo "$*" >> "$APT_LOG"')
    machine.program("Xvfb", "")
    machine.program("openbox", "")
    run = machine.system("install", "desktop", "+python3-venv")
    assert (run.returncode, run.stderr) == (0, "")
    (line,) = machine.log.read_text().splitlines()
    assert line.endswith("install -y --no-install-recommends xdotool python3-venv")


def test_lists_are_fetched_when_a_package_is_not_found(machine: Machine) -> None:
    machine.program("id", "echo 0")
    update = 'case "$*" in *update*) echo update >> "$APT_LOG"; exit ;; esac'
    install = '[ -e "$APT_LOG" ] && echo install >> "$APT_LOG"'
    machine.program("apt-get", f"{update}\n{install}")
    assert machine.system("install", "desktop").returncode == 0
    assert machine.log.read_text().split() == ["update", "install"]


def test_an_install_that_fails_is_told_in_one_line(machine: Machine) -> None:
    machine.program("id", "echo 0")
    machine.program("apt-get", "echo 'E: no network' >&2; exit 100")
    run = machine.system("install", "desktop")
    assert run.returncode == 0
    assert len(run.stderr.splitlines()) == 1


def test_nothing_missing_is_silent(machine: Machine) -> None:
    machine.program("ldconfig", 'printf "\\tlibEGL.so.1 (libc6) => /lib\\n"')
    for name in ("Xvfb", "openbox", "xdotool"):
        machine.program(name, "")
    run = machine.system("install", "desktop")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert machine.system("has", "desktop").returncode == 0
    assert machine.system("has", "desktop", "picture").returncode == 1


def test_an_unknown_kind_is_refused(machine: Machine) -> None:
    run = machine.system("has", "sound")
    assert run.returncode == 2
    assert "sound" in run.stderr


def test_the_installed_version_is_the_one_in_the_code() -> None:
    assert importlib.metadata.version("datagen-studio") == __version__
