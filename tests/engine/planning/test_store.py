from __future__ import annotations

import errno
import os
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datagen_engine.draw.values import Values
from datagen_engine.errors import RunError
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


@st.composite
def parts(draw: st.DrawFn) -> list[Values]:
    """Parts of one column, some with nulls; of coded text each with words of its own, or all with the same."""
    kind = draw(st.sampled_from(["int", "float", "bool", "text", "coded", "shared"]))
    items: dict[str, st.SearchStrategy[Any]] = {
        "int": st.integers(-9, 9), "float": st.floats(-9, 9), "bool": st.booleans(),
    }  # fmt: skip
    lists = draw(
        st.lists(
            st.lists(items.get(kind, st.sampled_from("abcde")) | st.none(), max_size=9),
            min_size=1,
            max_size=5,
        )
    )
    if kind == "text":
        return [Values.plain(pa.array(each, pa.string())) for each in lists]
    if kind == "shared":
        words = pa.array(list("abcdea"))  # a word may stand twice
        codes = [np.array(["abcde".index(item or "a") for item in each], dtype=np.int32) for each in lists]
        masks = [np.array([item is not None for item in each], dtype=bool) for each in lists]
        return [Values.coded(c, words, m) for c, m in zip(codes, masks, strict=True)]
    return [Values.of("string" if kind == "coded" else kind, each) for each in lists]  # type: ignore[arg-type]  # one of them


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts())
def test_parts_are_put_one_after_the_other_on_the_disk_as_in_memory(parts: list[Values]) -> None:
    expected = [item for part in parts for item in part.to_list()]
    for limit in (0, 10**9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(of_store, "MAPPED_ABOVE", limit)
            store = Store()
            found = store.collect(iter(parts), len(expected))
            assert found.to_list() == expected
            assert found.take(np.arange(len(expected))[::-1]).to_list() == expected[::-1]
            store.close()


def test_a_long_column_is_never_whole_in_memory() -> None:
    """Sixty-four megabytes, in parts of half a megabyte."""
    size, turns = 1 << 16, 128
    store = Store()
    tracemalloc.start()
    try:
        kept = store.collect((Values("int", np.arange(size) + i) for i in range(turns)), size * turns)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(kept) == size * turns
    assert peak < 8 * size * 8
    assert kept.data[size * 5 + 3] == 8
    store.close()


def test_a_disk_without_room_for_what_is_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(of_store, "_append", full)
    store = Store()
    says = r"are kept in .*, which fails: No space left on device; set TMPDIR to a folder with more space"
    with pytest.raises(RunError, match=says):
        store.keep(large()["int"])
    with pytest.raises(RunError, match=says):
        store.collect(iter([large()["int"]]), 10**6)
    store.close()
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
