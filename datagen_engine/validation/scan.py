"""Running checks: each table is read once, and every batch of it shown to all of its checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from datagen_engine.errors import Cancelled
from datagen_engine.validation.check import Check
from datagen_engine.validation.checks.present import Glance, Readable
from datagen_engine.validation.faults import CannotJudge, DataFault

if TYPE_CHECKING:
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice
    from datagen_engine.validation.record import CheckRecord

__all__ = ["run_checks"]


class _Broken:
    """Stand in for the finding of a check that could not go on."""

    def __init__(self, why: str, cause: str | None = None) -> None:
        self.why = why
        self.cause = cause


def run_checks(context: Context, checks: Sequence[Check[Any] | Glance]) -> list[CheckRecord]:
    """Run checks; returns their records in the same order.

    Raises
    ------
    Cancelled
        It was stopped.
    """
    records: dict[str, CheckRecord] = {}
    tables = dict.fromkeys(check.about.table for check in checks)
    for table in tables:
        own = [check for check in checks if check.about.table == table]
        for record in _of_table(context, table, own):
            records[record.id] = record
    return [records[check.about.id] for check in checks]


def _of_table(context: Context, table: str, checks: Sequence[Check[Any] | Glance]) -> Iterator[CheckRecord]:
    ready: list[Check[Any]] = []
    for check in checks:
        context.check_cancelled()
        try:
            absent = _left_out(context, check)
            if absent is not None:
                yield check.about.record(
                    "skipped", f"There is nothing to check: the run was asked for other tables than {absent}."
                )
            elif isinstance(check, Glance):
                yield check.look(context)
            elif isinstance(check, Readable) and context.table(table).unreadable is not None:
                yield check.broken(context.table(table).unreadable or "")
            else:
                _require(context, check)
                check.prepare(context)
                ready.append(check)
        except Cancelled:
            raise
        except CannotJudge as why:
            yield _error(check, str(why), why.cause)
        except Exception as error:  # a check that fails must not take the others with it
            yield _error(check, f"something went wrong that should not have: {error!r}")
    if ready:
        yield from _scan(context, table, ready)


def _scan(context: Context, table: str, checks: Sequence[Check[Any]]) -> Iterator[CheckRecord]:
    columns = [column.name for column in context.table(table).node.columns]
    found: list[Any] = [None] * len(checks)
    try:
        for findings in context.each(table, columns, lambda rows: [_see(check, rows) for check in checks]):
            for place, (check, finding) in enumerate(zip(checks, findings, strict=True)):
                found[place] = _joined(check, found[place], finding)
    except DataFault as fault:
        context.table(table).unreadable = str(fault)  # nobody after this looks at it
        for check in checks:
            yield (
                check.broken(str(fault))
                if isinstance(check, Readable)
                else _error(check, f"the table {table} cannot be read", f"readable:{table}")
            )
        return
    for check, finding in zip(checks, found, strict=True):
        context.check_cancelled()
        if isinstance(finding, _Broken):
            yield _error(check, finding.why, finding.cause)
            continue
        try:
            yield check.finish(context, finding)
        except Cancelled:
            raise
        except CannotJudge as why:
            yield _error(check, str(why), why.cause)
        except Exception as error:  # a check that fails must not take the others with it
            yield _error(check, f"something went wrong that should not have: {error!r}")


def _see(check: Check[Any], rows: DataSlice) -> Any:
    try:
        return check.see(rows)
    except (Cancelled, DataFault, MemoryError):
        raise
    except CannotJudge as why:
        return _Broken(str(why), why.cause)
    except Exception as error:  # as above
        return _Broken(f"something went wrong that should not have: {error!r}")


def _joined(check: Check[Any], before: Any, after: Any) -> Any:
    if before is None or isinstance(after, _Broken):
        return after
    return before if isinstance(before, _Broken) else check.join(before, after)


def _require(context: Context, check: Check[Any]) -> None:
    """Raise CannotJudge where what a check needs is missing, or of another type."""
    needs: dict[str, list[str]] = {check.about.table: []}
    for table, column in check.about.needs:
        needs.setdefault(table, []).append(column)
    for table, columns in needs.items():
        context.require(table, *columns)


def _left_out(context: Context, check: Check[Any] | Glance) -> str | None:
    """Return a table that a check needs and that its run was not asked for."""
    run = context.run
    if run is None:
        return None
    for table in (check.about.table, *(table for table, _ in check.about.needs)):
        if table not in run.tables and context.table(table).missing is not None:
            return table
    return None


def _error(check: Check[Any] | Glance, why: str, cause: str | None = None) -> CheckRecord:
    details = {} if cause is None else {"cause": cause}
    return check.about.record("error", f"This could not be judged: {why}.", details=details)
