"""The problems as a tree: grouped by severity, table or kind, and filtered by what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from datagen_app.document.place import Place
from datagen_app.document.problem import Problem
from datagen_app.document.words import counted
from datagen_app.shell.signs import SEVERITIES

__all__ = ["GROUPINGS", "PROBLEM", "Found", "Grouping", "ProblemsModel"]

Found = tuple[Place, Problem]
"""A problem with what it is about."""

Grouping = Literal["severity", "table", "kind", "nothing"]
GROUPINGS: dict[Grouping, str] = {
    "severity": "By severity",
    "table": "By table",
    "kind": "By kind",
    "nothing": "Not grouped",
}

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

PROBLEM = Qt.ItemDataRole.UserRole
"""The problem of a line; nothing of a group's."""

_ELSEWHERE = "The schema itself"


@dataclass
class _Group:
    title: str
    members: list[Found] = field(default_factory=list)


class ProblemsModel(QAbstractItemModel):
    """Problems, errors first, else in the order in which they were found."""

    HEADERS = ("Problem", "Place")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Found] = ()
        self._names: dict[int, str] = {}
        self._grouping: Grouping = "severity"
        self._filter = ""
        self._groups: list[_Group] = []

    @property
    def grouping(self) -> Grouping:
        """What the problems are grouped by."""
        return self._grouping

    @property
    def listed(self) -> Sequence[Found]:
        """Those that are listed, in the order in which they stand."""
        return [found for group in self._groups for found in group.members]

    def set_problems(self, problems: Sequence[Found], names: dict[int, str]) -> bool:
        """List these problems; whether they are others than before.

        Parameters
        ----------
        problems
            Each with what it is about.
        names
            What the tables are called, by their session keys.
        """
        found = sorted(problems, key=lambda each: each[1].severity != "error")
        changed = found != self._all or names != self._names
        if changed:
            self._all, self._names = found, names
            self._list()
        return changed

    def group_by(self, grouping: Grouping) -> None:
        """Group the problems by something else."""
        if grouping != self._grouping:
            self._grouping = grouping
            self._list()

    def set_filter(self, text: str) -> None:
        """List only what has a text in its message, kind, path or table, whatever its case."""
        wanted = text.strip().lower()
        if wanted != self._filter:
            self._filter = wanted
            self._list()

    def found(self, index: Index) -> Found | None:
        """Return the problem of a line with its place; nothing for a group's."""
        if not index.isValid():
            return None
        if self._grouping == "nothing":
            return self._groups[0].members[index.row()]
        if index.internalId() == 0:
            return None
        return self._groups[index.internalId() - 1].members[index.row()]

    def index_of(self, problem: Problem) -> QModelIndex:
        """Return the line of a problem; an invalid one if it is not listed."""
        for number, group in enumerate(self._groups):
            for row, (_, member) in enumerate(group.members):
                if member is problem or (member.code == problem.code and member.path == problem.path):
                    return self.createIndex(row, 0, 0 if self._grouping == "nothing" else number + 1)
        return QModelIndex()

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """Return the index of a child."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override] # the stubs mix it up with QObject.parent
        """Return the index of the group."""
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of groups, or of problems in one."""
        if self._grouping == "nothing":
            return 0 if parent.isValid() or not self._groups else len(self._groups[0].members)
        if not parent.isValid():
            return len(self._groups)
        if parent.internalId() or parent.column():
            return 0
        return len(self._groups[parent.row()].members)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return len(self.HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the header of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.HEADERS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a line shows."""
        if not index.isValid():
            return None
        found = self.found(index)
        if found is None:
            return self._of_group(self._groups[index.row()], index.column(), role)
        problem = found[1]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return problem.message if index.column() == 0 else problem.pointer
            case Qt.ItemDataRole.ToolTipRole:
                mend = f"\n{problem.fix.title}" if problem.fix else ""
                return f"{problem.message}\n{problem.code} at {problem.pointer}{mend}"
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                mend = f"; to mend it: {problem.fix.title}" if problem.fix else ""
                return f"{problem.severity}: {problem.message}{mend}"
            case _ if role == PROBLEM:
                return problem
        return None

    def _of_group(self, group: _Group, column: int, role: int) -> Any:
        if column or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{group.title}  {len(group.members)}"
        return f"{group.title}, {counted(len(group.members), 'problem')}"

    def _list(self) -> None:
        self.beginResetModel()
        groups: dict[str, _Group] = {}
        for found in self._all:
            if self._is_wanted(found):
                title = self._title(found)
                groups.setdefault(title, _Group(title)).members.append(found)
        self._groups = list(groups.values())
        self.endResetModel()

    def _is_wanted(self, found: Found) -> bool:
        place, problem = found
        texts = (problem.message, problem.code, problem.pointer, self._table(place), problem.severity)
        return not self._filter or any(self._filter in text.lower() for text in texts)

    def _title(self, found: Found) -> str:
        place, problem = found
        match self._grouping:
            case "severity":
                return f"{problem.severity.capitalize()}s" if problem.severity in SEVERITIES else "Others"
            case "table":
                return self._table(place) or _ELSEWHERE
            case "kind":
                return problem.code
            case "nothing":
                return ""

    def _table(self, place: Place) -> str:
        return self._names.get(place.table, "") if place.table is not None else ""
