from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from datagen_engine.faking import compile_fake
from datagen_engine.faking.fake import _compiled
from datagen_engine.faking.pool import SIZE, cache_folder, pooled
from tests.engine.faking.shares import drawn


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "datagen-studio" / "faker"


class Draw:
    """Draws letters, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, source: random.Random, count: int) -> list[Any]:
        self.asked += 1
        return [source.choice(["a", "b", None, 1]) for _ in range(count)]


def test_a_pool_is_made_once(cache: Path) -> None:
    draw = Draw()
    values, counts = pooled(["x"], draw)
    assert sum(counts) == SIZE
    assert {str(value) for value in values} == {"a", "b", "None", "1"}
    assert pooled(["x"], draw) == (values, counts)
    assert draw.asked == 1
    assert pooled(["y"], draw) != (values, counts)
    assert draw.asked == 2


def test_a_pool_does_not_depend_on_the_cache(cache: Path) -> None:
    before = pooled(["x"], Draw())
    for path in cache.iterdir():
        path.unlink()
    assert pooled(["x"], Draw()) == before


def test_the_file_is_safe_and_whole(cache: Path) -> None:
    pooled(["../../etc/passwd", "é"], Draw())
    (path,) = cache.iterdir()
    assert path.parent == cache_folder()
    assert path.suffix == ".json"
    assert path.stem.isalnum()
    json.loads(path.read_text(encoding="ascii"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:20],
        lambda text: "",
        lambda text: "[1, 2]",
        lambda text: text.replace('"pool": "', '"pool": "other'),
        lambda text: json.dumps({**json.loads(text), "counts": [1]}),
        lambda text: json.dumps({**json.loads(text), "values": [{}] * len(json.loads(text)["values"])}),
        lambda text: json.dumps({**json.loads(text), "counts": [-1] * len(json.loads(text)["counts"])}),
        lambda text: "\x00\xff",
    ],
)
def test_a_spoiled_file_is_made_again(cache: Path, spoil: Any) -> None:
    draw = Draw()
    expected = pooled(["x"], draw)
    (path,) = cache.iterdir()
    path.write_text(spoil(path.read_text()), encoding="latin-1")
    assert pooled(["x"], draw) == expected
    assert draw.asked == 2
    assert pooled(["x"], draw) == expected
    assert draw.asked == 2


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    draw = Draw()
    assert pooled(["x"], draw) == pooled(["x"], draw)
    assert draw.asked == 2


def test_nothing_half_written_is_left(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(json, "dump", full)
        pooled(["x"], Draw())
    assert list(cache.iterdir()) == []


def test_the_folder_of_each_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == tmp_path / ".cache" / "datagen-studio" / "faker"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == tmp_path / "Library" / "Caches" / "datagen-studio" / "faker"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_folder() == tmp_path / "local" / "datagen-studio" / "faker"


def test_a_method_from_a_pool(cache: Path) -> None:
    _compiled.cache_clear()
    fake = compile_fake("color", "en_US")
    assert fake.pool_size == SIZE
    assert fake.distinct is not None
    assert fake.distinct <= SIZE
    found = drawn(fake, 3_000)
    assert len(set(found)) > 1_500
    assert found[100:110] == drawn(fake, 10, start=100)
    assert found != drawn(fake, 3_000, seed=2)
    _compiled.cache_clear()
    assert drawn(compile_fake("color", "en_US"), 3_000) == found
