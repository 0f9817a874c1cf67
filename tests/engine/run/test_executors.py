"""One suite for every way of doing pieces of work: in this thread, or in several."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing

import pytest

from datagen_engine.run.executors import Serial, executor, in_order


@pytest.fixture(params=[1, 2, 4])
def pool(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with executor(request.param) as made:
        yield made


def test_results_come_in_order_whichever_is_done_first(pool: Executor) -> None:
    slow = threading.Event()

    def work(item: int) -> int:
        if item == 0 and not isinstance(pool, Serial):
            slow.wait(20)  # until a later one is done
        if item == 1:
            slow.set()
        return item * item

    assert list(in_order(pool, work, range(50), 3)) == [item * item for item in range(50)]


def test_no_work_is_no_result(pool: Executor) -> None:
    assert list(in_order(pool, abs, [], 3)) == []


@pytest.mark.parametrize("ahead", [1, 3])
def test_no_more_than_so_much_work_is_done_ahead(pool: Executor, ahead: int) -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        return item

    for number, result in enumerate(in_order(pool, work, range(20), ahead)):
        assert result == number
        assert len(begun) <= number + ahead


def test_an_error_is_raised_where_its_result_was_due(pool: Executor) -> None:
    def work(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    results = in_order(pool, work, range(50), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_who_stops_listening_stops_the_work(pool: Executor) -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        return item

    with closing(in_order(pool, work, range(10_000), 3)) as results:  # type: ignore[type-var]  # a generator
        assert next(results) == 0
    assert len(begun) < 20


def test_one_worker_is_this_thread() -> None:
    with executor(1) as pool:
        assert pool.submit(threading.get_ident).result() == threading.get_ident()
        assert isinstance(pool.submit(int, "x").exception(), ValueError)
    with executor(2) as pool:
        assert pool.submit(threading.get_ident).result() != threading.get_ident()
