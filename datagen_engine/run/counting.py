"""Counting the rows of a large run by many hands, before any of them can draw.

A worker that draws a part must know how many rows come before it: it would count the children of every parent
for itself. Where there are many workers and many parents they count a stretch each, and read from the folder what
the others have found.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import BLOCK
from datagen_engine.lazy import np
from datagen_engine.planning.counts import Counted
from datagen_engine.planning.size import refuse_rows
from datagen_engine.run.job import Job

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["counted", "totals"]

_STRETCH = 512 * BLOCK
"""Parents that one task counts; a table with no more parents is counted by everyone."""


def totals(job: Job, table: str, start: int, stop: int) -> Array:
    """Return the children of each block of parents, from the parent `start` up to, not including, `stop`."""
    children = job.plan.tables[table].children
    assert children is not None, f"{table} has no parent"
    return children.totals(start, stop)


@contextmanager
def counted(job: Job, hands: Executor) -> Iterator[list[str]]:
    """Have the rows of all tables counted, parents first; what is found stands in the folder during the block.

    Gives the names of the files.
    """
    names: list[str] = []
    try:
        for table in job.plan.order:
            children = job.plan.tables[table].children
            if children is None or children.one_to_one:
                continue
            parents = job.plan.tables[children.parent].rows
            if parents <= _STRETCH:
                continue
            futures = [
                hands.submit(totals, job, table, start, min(start + _STRETCH, parents))
                for start in range(0, parents, _STRETCH)
            ]
            before = np.concatenate(([0], np.cumsum(np.concatenate([future.result() for future in futures]))))
            refuse_rows(table, int(before[-1]))
            job.plan.check_cancelled()
            names.append(job.counts_name(table))
            with io.BytesIO() as text, job.place.replacing(names[-1], job.run) as sink:
                np.save(text, before)
                sink.write(text.getvalue())
            job.plan.store.memo(("children", table), lambda found=before, of=parents: Counted.of(found, of))  # type: ignore[misc]  # mypy cannot type a lambda's default
        yield names
    finally:
        for name in names:
            with suppress(OSError):
                job.place.remove(name)
