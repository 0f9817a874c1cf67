"""Who draws: this thread, several, other processes, or a cluster. One interface, one suite of tests for all."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal, TypeVar, get_args

from datagen_engine.errors import UsageError

__all__ = ["EXECUTORS", "ExecutorKind", "Serial", "cancelled", "cluster", "executor", "in_order", "processes"]

T = TypeVar("T")
R = TypeVar("R")

ExecutorKind = Literal["threads", "processes"]
EXECUTORS: tuple[ExecutorKind, ...] = get_args(ExecutorKind)


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


# -- processes --------------------------------------------------------------------------------------------

_stopped: Any = None
"""In a worker process: the event that says that the run was stopped."""


def cancelled() -> bool:
    """Say, in a worker process, whether the run was stopped."""
    return _stopped is not None and bool(_stopped.is_set())


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Give an executor of so many processes on this machine; they end with this one, however it ends."""
    context = multiprocessing.get_context("spawn")
    stopped = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(stopped,))
    try:
        yield pool
    except BaseException:
        stopped.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(stopped: Any) -> None:
    """Prepare a worker process: processor, memory, and an eye on its parent."""
    import signal

    from datagen_engine.run.memory import keep_freed_memory
    from datagen_engine.run.processor import pin_kernels

    global _stopped
    _stopped = stopped
    pin_kernels()
    keep_freed_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent says what it means
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True, name="datagen-parent").start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


# -- a cluster --------------------------------------------------------------------------------------------


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Give the workers of a Dask cluster; needs the extra `dask`.

    A part whose worker is lost is drawn by another. Workers write the files themselves; only parts, and a few
    numbers a file, go through the scheduler.

    Raises
    ------
    UsageError
        Dask is not installed, or nobody answers at the address.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--cluster needs Dask: pip install 'datagen-studio[dask]'") from None
    try:
        client = distributed.Client(address, timeout="5s")
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        yield client.get_executor(pure=False, retries=2)
    finally:
        client.close()


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
