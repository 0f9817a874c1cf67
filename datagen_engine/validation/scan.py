"""Running checks: each table is read once, and every batch of it shown to all of its checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from datagen_engine.errors import Cancelled
from datagen_engine.validation.check import Check
from datagen_engine.validation.checks.present import Glance, Readable
from datagen_engine.validation.faults import CannotJudge, DataFault, NothingToCheck

if TYPE_CHECKING:
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice
    from datagen_engine.validation.record import CheckRecord

__all__ = ["run_checks"]

AnyCheck = Check[Any] | Glance


class _Broken:
    """Stand in for the finding of a check that could not go on."""

    def __init__(self, why: CannotJudge) -> None:
        self.why = why


def run_checks(context: Context, checks: Sequence[AnyCheck]) -> list[CheckRecord]:
    """Run checks; returns their records in the same order.

    Raises
    ------
    Cancelled
        It was stopped.
    """
    records: dict[str, CheckRecord] = {}
    for table in dict.fromkeys(check.about.table for check in checks):
        own = [check for check in checks if check.about.table == table]
        records |= {record.id: record for record in _of_table(context, table, own)}
    return [records[check.about.id] for check in checks]


def _of_table(context: Context, table: str, checks: Sequence[AnyCheck]) -> Iterator[CheckRecord]:
    ready: list[Check[Any]] = []
    for check in checks:
        context.check_cancelled()
        record = _guarded(check, lambda check=check: _begun(context, check))  # type: ignore[misc]  # bound now
        if record is not None:
            yield record
        elif isinstance(check, Check):
            ready.append(check)
    if not ready:
        return
    try:
        found = _scanned(context, table, ready)
    except DataFault as fault:
        why = context.why_not(table)
        assert why is not None
        for check in ready:
            yield check.broken(str(fault)) if isinstance(check, Readable) else _unjudged(check, why)
        return
    for check, finding in zip(ready, found, strict=True):
        context.check_cancelled()
        record = _guarded(check, lambda check=check, finding=finding: _finished(context, check, finding))  # type: ignore[misc]  # bound now
        assert record is not None
        yield record


def _guarded(check: AnyCheck, step: Callable[[], CheckRecord | None]) -> CheckRecord | None:
    """Return what a step gives; a record of what stops it, so that one check never takes the others with it."""
    try:
        return step()
    except Cancelled:
        raise
    except CannotJudge as why:
        return _unjudged(check, why)
    except Exception as error:  # whatever it is, it is this check's alone
        return _unjudged(check, _bug(error))


def _begun(context: Context, check: AnyCheck) -> CheckRecord | None:
    """Return the record of a check that need not look at rows; None where it is ready to."""
    _refuse_the_left_out(context, check)
    if isinstance(check, Glance):
        return check.look(context)
    unreadable = context.table(check.about.table).unreadable
    if isinstance(check, Readable) and unreadable is not None:
        return check.broken(unreadable)
    needs: dict[str, list[str]] = {check.about.table: []}
    for table, column in check.about.needs:
        needs.setdefault(table, []).append(column)
    for table, columns in needs.items():
        context.require(table, *columns)
    check.prepare(context)
    return None


def _scanned(context: Context, table: str, checks: Sequence[Check[Any]]) -> list[Any]:
    """Show every batch to all checks; returns what each of them has found."""
    columns = [column.name for column in context.table(table).node.columns]
    found: list[Any] = [None] * len(checks)
    for findings in context.each(table, columns, lambda rows: [_seen(check, rows) for check in checks]):
        for place, (check, finding) in enumerate(zip(checks, findings, strict=True)):
            found[place] = _joined(check, found[place], finding)
    return found


def _seen(check: Check[Any], rows: DataSlice) -> Any:
    try:
        return check.see(rows)
    except (Cancelled, DataFault, MemoryError):
        raise
    except CannotJudge as why:
        return _Broken(why)
    except Exception as error:  # as above
        return _Broken(_bug(error))


def _joined(check: Check[Any], before: Any, after: Any) -> Any:
    if before is None or isinstance(after, _Broken):
        return after
    return before if isinstance(before, _Broken) else check.join(before, after)


def _finished(context: Context, check: Check[Any], finding: Any) -> CheckRecord:
    if isinstance(finding, _Broken):
        raise finding.why
    return check.finish(context, finding)


def _refuse_the_left_out(context: Context, check: AnyCheck) -> None:
    """Raise NothingToCheck where a run was not asked for a table that the check needs."""
    run = context.run
    for table in (check.about.table, *(table for table, _ in check.about.needs)):
        if run is not None and table not in run.tables and context.table(table).missing is not None:
            raise NothingToCheck(f"the run was asked for other tables than {table}")


def _bug(error: Exception) -> CannotJudge:
    return CannotJudge(f"something went wrong that should not have: {error!r}")


def _unjudged(check: AnyCheck, why: CannotJudge) -> CheckRecord:
    if isinstance(why, NothingToCheck):
        return check.about.record("skipped", f"There is nothing to check: {why}.")
    details = {} if why.cause is None else {"cause": why.cause}
    return check.about.record("error", f"This could not be judged: {why}.", details=details)
