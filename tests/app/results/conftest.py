"""A run that was really made, and what reads it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datagen_app.results.files import RunFiles
from datagen_app.results.questions import Reader
from datagen_app.results.task import Task
from datagen_engine import examples, generate


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run: bikes that are rented, nearly 5,000 rows. Only read."""
    folder = tmp_path_factory.mktemp("runs") / "bikes-full-1"
    generate(examples()["schema"], folder)
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    """A copy of that run, to be damaged."""
    copy = tmp_path / "bikes-full-1"
    shutil.copytree(made, copy)
    return copy


class Asker:
    """Ask a reader as the window does, without a process between."""

    def __init__(self, folder: Path, record: Path | None = None) -> None:
        self.reader = Reader(folder, record)
        self.views = 0

    def __call__(self, what: str, **details: Any) -> dict[str, Any]:
        return self.reader.answer(what, details, Task())

    def view(self, table: str, **details: Any) -> dict[str, Any]:
        self.views += 1
        return self("view", view=self.views, table=table, **details)

    def rows(self, view: int, start: int = 0, count: int = 1_000) -> list[tuple[str | None, ...]]:
        page = self("page", view=view, start=start, count=count)
        return list(zip(*page["cells"], strict=True))


@pytest.fixture
def ask(made: Path) -> Iterator[Asker]:
    """Whoever answers for the run."""
    asker = Asker(made)
    yield asker
    asker.reader.close()


@pytest.fixture
def files(made: Path) -> RunFiles:
    return RunFiles.of(made)
