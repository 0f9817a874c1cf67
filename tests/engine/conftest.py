"""What the engine's tests share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import datagen_engine as datagen

SCALES = {"gov_scaled": 0.002}
"""How much of an example is generated, where all of it takes more than a second or two."""


@pytest.fixture(scope="session")
def example_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the folder of an example's data, generated once: `example_run(name)`."""

    @cache
    def generated(name: str) -> Path:
        folder = tmp_path_factory.mktemp("runs") / name
        datagen.generate(datagen.examples()[name], folder, scale=SCALES.get(name, 1.0), workers=2)
        return folder

    return generated
