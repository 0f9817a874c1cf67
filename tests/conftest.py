"""What holds for every test: hypothesis profiles, displays, budgets, and that nothing is left behind."""

from __future__ import annotations

import math
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

from datagen_engine.run.processor import pin_kernels
from tests.desktop import Desktop, missing_programs

pin_kernels()  # as the programs do first of all: numpy is not imported yet

# Windows are drawn into memory, except by the programs that a test puts on a desktop.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No deadlines: two loaded cores are no fault of the code. `ci` draws the same examples every time.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True)
settings.register_profile("long", deadline=None, max_examples=2_000, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--budgets", action="store_true", help="fail a measurement that is over its budget")


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a desktop is marked `desktop`, and whoever is marked so gets one."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        if "desktop" in item.fixturenames:
            item.add_marker("desktop")
        elif item.get_closest_marker("desktop"):
            item.fixturenames.insert(0, "desktop")  # before what looks for leftovers


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """A display with a window manager, for programs started with `desktop.environment`."""
    if missing := missing_programs():
        reason = f"needs {', '.join(missing)}: run `make setup` with the right to install them"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    running = Desktop.start()
    yield running
    running.stop()


@pytest.fixture
def budget(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Print a measurement beside its budget, the most or the least it may be.

    Only with `--budgets` does one that misses it fail.
    """

    def check(
        what: str, value: float, unit: str, *, most: float = math.inf, least: float = -math.inf
    ) -> None:
        kept = least <= value <= most
        limits = [
            f"{word} {limit:,.3f}" for word, limit in (("≥", least), ("≤", most)) if math.isfinite(limit)
        ]
        line = (
            f"{what:<48} {value:>14,.3f} {unit:<8} {' '.join(limits):<16} {'' if kept else 'MISSED'}".rstrip()
        )
        with capsys.disabled():
            print(line)
        assert kept or not request.config.getoption("--budgets"), line

    return check


@pytest.fixture(scope="session", autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this run its own settings and its own temporary folder, not the user's."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR"):
            folder = home / name.lower()
            folder.mkdir()
            patch.setenv(name, str(folder))
        patch.setattr(tempfile, "tempdir", None)  # forgotten, so that TMPDIR is read again
        yield home / "tmpdir"


def _children() -> set[psutil.Process]:
    """Return the running child processes, but for those that multiprocessing keeps to the end."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        try:
            command = " ".join(child.cmdline())
            if child.status() != psutil.STATUS_ZOMBIE and "from multiprocessing." not in command:
                found.add(child)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.fixture(autouse=True)
def _leaves_nothing(_away_from_home: Path) -> Iterator[None]:
    """Fail a test that leaves a thread, a child process or a temporary file behind."""
    threads, children, files = set(threading.enumerate()), _children(), set(_away_from_home.iterdir())
    yield
    left: list[object] = []
    for thread in set(threading.enumerate()) - threads:
        thread.join(timeout=5)  # one that is ending may end
        if thread.is_alive():
            left.append(thread)
    _, alive = psutil.wait_procs(_children() - children, timeout=5)
    left += alive
    # multiprocessing's own folder of sockets stays until the process ends.
    left += [path for path in set(_away_from_home.iterdir()) - files if not path.name.startswith("pymp-")]
    assert not left, f"the test left behind: {left}"
