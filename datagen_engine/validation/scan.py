"""Running checks: each table is read once, and every batch of it shown to all of its checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datagen_engine.errors import Cancelled
from datagen_engine.validation.behaviour.checks import TablePasses
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.check import Check
from datagen_engine.validation.checks.present import Glance, Readable
from datagen_engine.validation.faults import CannotJudge, DataFault, NothingToCheck, NotYet

if TYPE_CHECKING:
    from datagen_engine.draw.values import Values
    from datagen_engine.validation.behaviour.checks import Looked
    from datagen_engine.validation.behaviour.tables import DataTables
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.data_slice import DataSlice
    from datagen_engine.validation.record import CheckRecord

__all__ = ["AnyCheck", "Seen", "TableScan", "by_table", "run_checks"]

AnyCheck = Check[Any] | Glance


class _Broken:
    """Stand in for the finding of a check that could not go on."""

    def __init__(self, why: CannotJudge) -> None:
        self.why = why


@dataclass(slots=True)
class Seen:
    """What some rows of a table come to: a finding of each check of single rows, and of each behavioural one."""

    findings: Sequence[Any] = ()
    behaviour: Looked | None = None


def run_checks(context: Context, checks: Sequence[AnyCheck]) -> list[CheckRecord]:
    """Run structural and value checks; returns their records in the same order.

    Raises
    ------
    Cancelled
        It was stopped.
    """
    records: dict[str, CheckRecord] = {}
    for table, own in by_table(checks).items():
        scan = TableScan(context, table, own)
        scan.run()
        records |= {record.id: record for record in scan.solid_records()}
    return [records[check.about.id] for check in checks]


def by_table(checks: Sequence[AnyCheck]) -> dict[str, list[AnyCheck]]:
    """Return checks by their table, in their order."""
    found: dict[str, list[AnyCheck]] = {}
    for check in checks:
        found.setdefault(check.about.table, []).append(check)
    return found


class TableScan:
    """Show the rows of a table to its checks, and write down what they find.

    `begin`, then `see` for each batch (in any thread) and `take` what it returns in the order of the rows, then
    the records; `run` does the first three for a table that is in the folder.

    Parameters
    ----------
    context
        The data.
    table
        Which table.
    checks
        Its structural and value checks.
    tables
        For the behavioural checks; None leaves them out.
    gather
        Whether behavioural checks that look at a sample look at it in the end.
    """

    def __init__(
        self,
        context: Context,
        table: str,
        checks: Sequence[AnyCheck],
        tables: DataTables | None = None,
        *,
        gather: bool = False,
    ) -> None:
        """Look at nothing yet."""
        self.context = context
        self.table = table
        self.checks = tuple(checks)
        self._tables = tables
        self._gather = gather
        self._passes: TablePasses | None = None
        self._ready: list[Check[Any]] = []
        self._found: list[Any] = []
        self._records: dict[str, CheckRecord] = {}

    # -- looking ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Make the checks ready that look at rows, and the records of those that cannot."""
        for check in self.checks:
            self.context.check_cancelled()
            if isinstance(check, Glance):
                continue
            record = _guarded(check, lambda check=check: _begun(self.context, check))  # type: ignore[misc]  # bound now
            if record is not None:
                self._records[record.id] = record
            else:
                self._ready.append(check)
        self._found = [None] * len(self._ready)
        if self._tables is not None:
            self._passes = TablePasses(self._tables, self.table, gather=self._gather)

    def see(self, rows: DataSlice, *, solid: bool = True, behaviour: bool = True) -> Seen:
        """Return what some rows come to, for the checks of single rows (`solid`) and the behavioural ones."""
        findings = [_seen(check, rows) for check in self._ready] if solid else ()
        if self._passes is None or not behaviour:
            return Seen(findings)
        return Seen(findings, self._passes.see(rows.rows, lambda name: _loaded(rows, name)))

    def take(self, seen: Seen) -> None:
        """Take in what the next rows come to."""
        for place, finding in enumerate(seen.findings):
            self._found[place] = _joined(self._ready[place], self._found[place], finding)
        if self._passes is not None and seen.behaviour is not None:
            self._passes.take(seen.behaviour)

    def run(self) -> None:
        """Read the table and show it to all checks: once, or of a sample once more for what all rows are asked for."""
        self.begin()
        context, table = self.context, self.table
        columns = [column.name for column in context.table(table).node.columns]
        sampled = context.is_sampled(table)
        try:
            if not sampled and (self._ready or (self._passes is not None and context.table(table).there)):
                for seen in context.each(table, columns, self.see):
                    self.take(seen)
                return
            if self._ready:
                for seen in context.each(table, columns, lambda rows: self.see(rows, behaviour=False)):
                    self.take(seen)
            if self._passes is not None and context.table(table).there:
                for seen in context.each_of_all(table, columns, lambda rows: self.see(rows, solid=False)):
                    self.take(seen)
        except DataFault as fault:
            self._break_off(fault)

    def _break_off(self, fault: DataFault) -> None:
        why = self.context.why_not(self.table)
        assert why is not None
        for check in self._ready:
            self._records[check.about.id] = (
                check.broken(str(fault)) if isinstance(check, Readable) else _unjudged(check, why)
            )
        if self._passes is not None:
            self._passes.break_off(str(fault))

    # -- records ------------------------------------------------------------------------------------------

    def solid_records(self) -> list[CheckRecord]:
        """Return the records of the structural and value checks, in their order."""
        for check in self.checks:
            if isinstance(check, Glance):
                record = _guarded(check, lambda check=check: _begun(self.context, check))  # type: ignore[misc]  # bound now
                assert record is not None
                self._records[record.id] = record
        for check, finding in zip(self._ready, self._found, strict=True):
            self.context.check_cancelled()
            if check.about.id in self._records:
                continue
            record = _guarded(
                check,
                lambda check=check, finding=finding: _finished(self.context, check, finding),  # type: ignore[misc]  # as above
            )
            assert record is not None
            self._records[record.id] = record
        return [self._records[check.about.id] for check in self.checks]

    def behaviour_records(self) -> list[CheckRecord]:
        """Return the records of the behavioural checks."""
        return [] if self._passes is None else list(self._passes.records())


def _loaded(rows: DataSlice, name: str) -> Values:
    try:
        return rows.column(name)
    except DataFault:
        raise
    except CannotJudge as why:
        raise Unknown(str(why)) from None


def _guarded(check: AnyCheck, step: Callable[[], CheckRecord | None]) -> CheckRecord | None:
    """Return what a step gives; a record of what stops it, so that one check never takes the others with it."""
    try:
        return step()
    except (Cancelled, NotYet):
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


def _seen(check: Check[Any], rows: DataSlice) -> Any:
    try:
        return check.see(rows)
    except (Cancelled, DataFault, MemoryError, NotYet):
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
