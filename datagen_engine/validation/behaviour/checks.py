"""The behavioural checks of a table: one pass over its rows feeds all that judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.errors import Cancelled
from datagen_engine.lazy import np
from datagen_engine.validation.behaviour.accumulator import Accumulator, Partial
from datagen_engine.validation.behaviour.declared import Declared
from datagen_engine.validation.behaviour.factory import Factory
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.view import RowView
from datagen_engine.validation.faults import CannotJudge, NotYet
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    import pyarrow as pa

    from datagen_engine.draw.values import Array

__all__ = ["Looked", "Samples", "TablePass", "TablePasses"]


Samples = dict[int, tuple["Array", dict[str, Values]]]
"""By stride, the numbers and the columns of the rows of a sample."""

Looked = tuple[list[Partial], Samples]
"""What some rows come to."""


class TablePass:
    """Feed every behavioural check of a table, batch by batch.

    The batches may be fed in any order, and in several processes: each makes its own pass of the table, and
    hands over what it has `seen`.

    Parameters
    ----------
    tables
        The data.
    table
        The table that is passed over.
    """

    def __init__(self, tables: DataTables, table: str) -> None:
        """Make the checks; nothing is read yet."""
        self.tables = tables
        self.table = table
        there = set(tables.context.columns(table))
        factory = Factory(tables, table)
        shapes = factory.checks()
        declared = Declared(factory, shapes)
        self.checks: Sequence[Accumulator] = (*shapes, *declared.checks())
        self.skipped = (*factory.skipped, *declared.skipped)
        self.columns: list[str] = sorted({name for check in self.checks for name in check.columns} & there)
        rows = tables.rows(table)
        for check in self.checks:
            lost = [name for subject in check.subjects for name in subject.columns if name not in there]
            if not there:
                check.seen.unknown = f"the table {table!r} is missing from the data"
            elif lost:
                check.seen.unknown = f"{table}.{lost[0]} is missing from the data, or of another type"
            elif not rows and not check.judges_empty:
                check.seen.unknown = f"the table {table!r} has no rows"
        self._strides = {check.most: self._stride(check.most, rows) for check in self.checks if check.sampled}
        self._hopeless = [check.seen.unknown for check in self.checks]

    def _stride(self, most: int, rows: int) -> int:
        return -(-rows // min(most, self.tables.context.sample or most))

    def add(self, batch: pa.RecordBatch, offset: int) -> None:
        """Look at a batch, whose first row is the row `offset` of the table."""
        self.look(RowView.of_batch(self.tables, self.table, batch, offset))

    def look(self, whole: RowView, *, gather: bool = False) -> Samples:
        """Look at some rows that follow one another.

        Parameters
        ----------
        whole
            The rows.
        gather
            Whether checks that look at a sample wait: its rows are returned then, for `look_at_sample`.
        """
        samples: dict[int, RowView] = {}
        for check in self.checks:
            if check.seen.unknown or check.seen.broken:
                continue
            stride = self._strides[check.most] if check.sampled else 1
            if stride not in samples:
                samples[stride] = self._sample(whole, stride)
            if len(samples[stride]) and not (gather and stride > 1):
                self._feed(check, samples[stride])
        if not gather:
            return {}
        return {
            stride: (at.rows.numbers(), {name: at.column(name) for name in self._sampled_columns(stride)})
            for stride, at in samples.items()
            if stride > 1 and len(at)
        }

    def look_at_samples(self, parts: Sequence[Samples]) -> None:
        """Look at the rows of the samples, which are gathered from some rows that follow one another, then others."""
        for stride in dict.fromkeys(stride for part in parts for stride in part):
            own = [part[stride] for part in parts if stride in part]
            numbers = np.concatenate([numbers for numbers, _ in own])
            values = {name: Values.join([columns[name] for _, columns in own]) for name in own[0][1]}
            at = RowView(self.tables, self.table, Rows.listed(numbers), values.__getitem__)
            for check in self.checks:
                silent = check.seen.unknown or check.seen.broken
                if check.sampled and self._strides[check.most] == stride and not silent:
                    self._feed(check, at)

    def _sampled_columns(self, stride: int) -> list[str]:
        there = set(self.columns)
        asked = (c.columns for c in self.checks if c.sampled and self._strides[c.most] == stride)
        return sorted({name for columns in asked for name in columns} & there)

    def break_off(self, why: str) -> None:
        """Judge nothing: the table could not be read to its end."""
        for check in self.checks:
            check.seen.broken = check.seen.broken or why

    def _sample(self, whole: RowView, stride: int) -> RowView:
        """Return one row of each `stride` of the table's rows; which one, a hash decides, so it is always the same."""
        if stride <= 1:
            return whole
        start, stop = whole.rows.start, whole.rows.stop
        runs = Rows.run(start // stride, -(-stop // stride))
        chosen = runs.numbers() * stride + Stream(0, self.table, "", "sample").below(stride, runs)
        return whole.take(chosen[(chosen >= start) & (chosen < stop)] - start)

    def _feed(self, check: Accumulator, at: RowView) -> None:
        try:
            check.add(at)
        except Unknown as reason:
            check.seen.unknown = str(reason)
        except (Cancelled, NotYet):
            raise
        except Exception as error:  # whatever strange data does to a check is that check's verdict, no crash
            check.seen.broken = _words(error)

    def taken(self) -> list[Partial]:
        """Return what every check has seen, and forget it: plain arrays, to be sent to another process."""
        seen = [check.seen for check in self.checks]
        for check, why in zip(self.checks, self._hopeless, strict=True):
            check.seen = Partial(unknown=why)
        return seen

    def merge(self, seen: Sequence[Partial]) -> None:
        """Take in what the same pass in another thread or process has seen of other rows."""
        for check, part in zip(self.checks, seen, strict=True):
            check.absorb(part)

    def records(self) -> Iterator[CheckRecord]:
        """Yield the verdicts on all that was seen."""
        yield from self.skipped
        for check in self.checks:
            yield from _verdicts(check)


class TablePasses:
    """Feed the behavioural checks of a table from several threads at once.

    Each thread has a pass of its own while it looks at some rows. What those come to is taken in in the order of
    the rows, so the figures do not hang on who looked at what.

    Parameters
    ----------
    tables
        The data.
    table
        The table that is passed over.
    gather
        Whether the rows of samples are gathered, and looked at all at once in the end: for small samples that
        costs less.
    """

    def __init__(self, tables: DataTables, table: str, *, gather: bool = False) -> None:
        """Make the checks; nothing is read yet."""
        self.tables = tables
        self.table = table
        self._gather = gather
        self._all = TablePass(tables, table)
        self._samples: list[Samples] = []
        self._spare: SimpleQueue[TablePass] = SimpleQueue()

    def see(self, rows: Rows, load: Callable[[str], Values]) -> Looked:
        """Return what some rows come to; `load` reads one column of them."""
        try:
            one = self._spare.get_nowait()
        except Empty:
            one = TablePass(self.tables, self.table)
        try:
            samples = one.look(RowView(self.tables, self.table, rows, load), gather=self._gather)
        finally:
            found = one.taken()
            self._spare.put(one)
        return found, samples

    def take(self, looked: Looked) -> None:
        """Take in what the next rows came to."""
        found, samples = looked
        self._all.merge(found)
        if samples:
            self._samples.append(samples)

    def break_off(self, why: str) -> None:
        """Judge nothing: the table could not be read to its end."""
        self._all.break_off(why)

    def records(self) -> Iterator[CheckRecord]:
        """Yield the verdicts on all that was taken in."""
        if self._samples:
            self._all.look_at_samples(self._samples)
            self._samples = []
        yield from self._all.records()


def _verdicts(check: Accumulator) -> Iterator[CheckRecord]:
    """Yield one record for each subject of a check, whatever happens."""
    if check.seen.broken is not None:
        yield from (subject.broken(CannotJudge(check.seen.broken)) for subject in check.subjects)
        return
    if check.seen.unknown is not None:
        yield from (subject.skipped(check.seen.unknown) for subject in check.subjects)
        return
    told: set[str] = set()
    try:
        for record in check.judge():
            told.add(record.id)
            yield record
    except Unknown as reason:
        yield from (subject.skipped(str(reason)) for subject in check.subjects if subject.id not in told)
    except (Cancelled, NotYet):
        raise
    except Exception as error:  # as above
        words = CannotJudge(_words(error))
        yield from (subject.broken(words) for subject in check.subjects if subject.id not in told)


def _words(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (
        f"{type(error).__name__}: {lines[0]}"
        if lines and not isinstance(error, CannotJudge)
        else (lines or [type(error).__name__])[0]
    )
