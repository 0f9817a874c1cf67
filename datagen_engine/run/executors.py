"""Who draws: this thread, or several. One interface, one suite of tests for all."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

__all__ = ["Serial", "executor", "in_order"]

T = TypeVar("T")
R = TypeVar("R")


class Serial(Executor):
    """Do each piece of work at once, in the thread that asks for it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Return a future that is done already."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # a future carries whatever was raised to who asks for its result
            future.set_exception(error)
        return future


@contextmanager
def executor(workers: int) -> Iterator[Executor]:
    """Give an executor of so many workers; one is this thread.

    numpy and Arrow let go of the interpreter while they work, so threads draw side by side, share what the
    plan keeps, and start in no time.
    """
    if workers <= 1:
        yield Serial()
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="datagen-draw")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def in_order(pool: Executor, work: Callable[[T], R], items: Iterable[T], ahead: int) -> Iterator[R]:
    """Yield `work(item)` for each item, in order, with at most `ahead` results waiting or under way.

    >>> list(in_order(Serial(), abs, [-1, 2, -3], 2))
    [1, 2, 3]
    """
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
