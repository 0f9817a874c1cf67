"""The behavioural checks of a folder of data: one pass over each table feeds all that judge it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.errors import Cancelled
from datagen_engine.lazy import np
from datagen_engine.validation.behaviour.accumulator import Accumulator, Partial
from datagen_engine.validation.behaviour.context import Context
from datagen_engine.validation.behaviour.declared import Declared
from datagen_engine.validation.behaviour.factory import Factory
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.view import RowView
from datagen_engine.validation.faults import CannotJudge
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TablePass", "behavioural_checks", "false_alarm_rate"]


def behavioural_checks(context: Context) -> Iterator[CheckRecord]:
    """Judge what the data is like as a whole: the declared targets, and what the schema itself promises.

    Each table is passed over once. Of large tables the checks of single rows look at a sample, which is the
    same at every run; sums over all rows are exact.

    Parameters
    ----------
    context
        The data and the plan of its schema.

    Yields
    ------
    CheckRecord
        One for each check, table by table in the order of writing.

    Raises
    ------
    Cancelled
        The validation was stopped by its user.
    """
    tables = DataTables(context)
    for table in context.plan.order:
        once = TablePass(tables, table)
        offset = 0
        try:
            for batch in context.batches(table, once.columns) if once.columns else ():
                if context.cancelled():
                    raise Cancelled
                once.add(batch, offset)
                offset += batch.num_rows
        except CannotJudge as fault:  # the data cannot be read to its end
            once.break_off(str(fault))
        yield from once.records()


def false_alarm_rate(records: Iterable[CheckRecord]) -> float:
    """Return the chance that at least one of these checks fails although the data keeps every promise."""
    rates = [record.details["false_alarm_rate"] for record in records if "false_alarm_rate" in record.details]
    return -math.expm1(sum(math.log1p(-rate) for rate in rates))


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
        self._shares = {check.most: self._share(check.most, rows) for check in self.checks if check.sampled}

    def _share(self, most: int, rows: int) -> float:
        limit = min(most, self.tables.context.sample or most)
        return min(1.0, limit / max(rows, 1))

    def add(self, batch: pa.RecordBatch, offset: int) -> None:
        """Look at a batch, whose first row is the row `offset` of the table."""
        whole = RowView.of_batch(self.tables, self.table, batch, offset)
        samples: dict[float, RowView] = {}
        for check in self.checks:
            if check.seen.unknown or check.seen.broken:
                continue
            share = self._shares[check.most] if check.sampled else 1.0
            if share not in samples:
                samples[share] = self._sample(whole, share)
            if len(samples[share]):
                self._feed(check, samples[share])

    def break_off(self, why: str) -> None:
        """Judge nothing: the table could not be read to its end."""
        for check in self.checks:
            check.seen.broken = check.seen.broken or why

    def _sample(self, whole: RowView, share: float) -> RowView:
        """Return the rows whose hash lies below the share: smaller samples are parts of larger ones."""
        if share >= 1:
            return whole
        hashed = Stream(0, self.table, "", "sample").uniform(Rows.run(whole.rows.start, whole.rows.stop))
        return whole.take(np.flatnonzero(hashed < share))

    def _feed(self, check: Accumulator, at: RowView) -> None:
        try:
            check.add(at)
        except Unknown as reason:
            check.seen.unknown = str(reason)
        except Cancelled:
            raise
        except Exception as error:  # whatever strange data does to a check is that check's verdict, no crash
            check.seen.broken = _words(error)

    @property
    def seen(self) -> list[Partial]:
        """Return what every check has seen: plain arrays, to be sent to another process."""
        return [check.seen for check in self.checks]

    def merge(self, seen: Sequence[Partial]) -> None:
        """Take in what the same pass in another process has seen of other rows."""
        for check, part in zip(self.checks, seen, strict=True):
            check.seen.merge(part)

    def records(self) -> Iterator[CheckRecord]:
        """Yield the verdicts on all that was seen."""
        yield from self.skipped
        for check in self.checks:
            yield from _verdicts(check)


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
    except Cancelled:
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
