from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import pyarrow as pa
import pytest

from datagen_engine.draw.values import Values
from datagen_engine.planning import store as of_store
from datagen_engine.planning.store import MAPPED_ABOVE, Store, resident_bytes
from tests.drawing import plan_of
from tests.engine.small import column, schema, table

LIMIT = 1_000


@pytest.fixture(autouse=True)
def _low_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_store, "MAPPED_ABOVE", LIMIT)


def temporary() -> list[Path]:
    return [path for path in Path(gettempdir()).rglob("*") if path.is_file() and "datagen-" in str(path)]


def test_a_thing_is_made_once_whoever_asks_first() -> None:
    store = Store()
    made = 0
    ready = threading.Barrier(8)

    def make() -> int:
        nonlocal made
        made += 1
        return made

    def ask(_: int) -> int:
        ready.wait(20)
        return store.memo("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {1}
    assert store.has("key")
    assert not store.has("other")


def test_making_may_ask_for_other_things() -> None:
    store = Store()
    assert store.memo("sum", lambda: store.memo("one", lambda: 1) + store.memo("two", lambda: 2)) == 3


def test_what_could_not_be_made_is_tried_again() -> None:
    store = Store()

    def fail() -> int:
        raise ValueError("not yet")

    with pytest.raises(ValueError, match="not yet"):
        store.memo("key", fail)
    assert store.memo("key", lambda: 5) == 5


def large() -> dict[str, Values]:
    size = 2 * LIMIT
    words = pa.array([f"word {i}" for i in range(10)])
    valid = np.arange(size) % 7 > 0
    return {
        "int": Values("int", np.arange(size)),
        "float": Values("float", np.linspace(0, 1, size), valid),
        "bool": Values("bool", np.arange(size) % 2 == 0),
        "coded": Values.coded(np.arange(size, dtype=np.int32) % 10, words, valid),
        "text": Values.plain(pa.array([f"text {i}" for i in range(size)]), valid),
    }


@pytest.mark.parametrize("kind", large())
def test_large_values_lie_in_a_file_until_the_store_is_closed(kind: str) -> None:
    values = large()[kind]
    store = Store()
    kept = store.keep(values)
    assert kept.to_list() == values.to_list()
    assert kept.take(np.array([5, 1, 5])).to_list() == values.take(np.array([5, 1, 5])).to_list()
    (file,) = temporary()
    assert file.stat().st_size >= LIMIT
    store.close()
    assert not temporary()
    assert not file.parent.exists()


@pytest.mark.parametrize("kind", large())
def test_small_values_stay_in_memory(kind: str) -> None:
    store = Store()
    values = large()[kind].slice(0, 20)
    assert store.keep(values) is values
    assert not temporary()


def test_the_files_go_with_the_store() -> None:
    store = Store()
    store.keep(large()["int"])
    assert temporary()
    del store
    assert not temporary()


def test_a_plan_maps_long_columns_and_draws_the_same() -> None:
    reading = table(
        column("x", "float", {"lookup": {"from": "t.x"}}),
        column("word", "string", {"lookup": {"from": "t.word"}}),
        id="other",
        rows=200,
    )
    normal = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
    word = {"expression": {"code": 'concat("word ", id)'}}
    tree = schema(table(column("x", "float", normal), column("word", "string", word), rows=5000), reading)
    plan = plan_of(tree)
    mapped = {name: plan.whole("t", name).to_list() for name in ("x", "word")}
    assert len(temporary()) == 2
    assert isinstance(plan.whole("t", "x").data, np.memmap)
    plan.store.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_store, "MAPPED_ABOVE", MAPPED_ABOVE)
        again = plan_of(tree)
        assert {name: again.whole("t", name).to_list() for name in ("x", "word")} == mapped
    assert not temporary()


def test_the_memory_of_a_kept_column_is_estimated() -> None:
    assert resident_bytes("int", 100, coded=False) == 800
    assert resident_bytes("string", 100, coded=True) == 400
    assert resident_bytes("float", 10**9, coded=False) == 0  # in a file
