"""Session keys: what tables and columns are known by for as long as the document is open.

A key never changes and is never given twice. It follows its table or column wherever edits take it; of what
was removed it is gone, until undo brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from datagen_app.document.place import Json, Path

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Keys", "TableKeys", "carry", "fresh"]


@dataclass(frozen=True, slots=True)
class TableKeys:
    """The key of a table, and those of its columns by their places in the list; None of what is no object."""

    table: int
    columns: Sequence[int | None] = ()


Keys: TypeAlias = tuple[TableKeys | None, ...]
"""Those of the tables by their places in the list; None of what is no object."""


def fresh(tree: Json, numbers: Iterator[int] | None = None) -> Keys:
    """Give keys to the tables and columns of a tree.

    Examples
    --------
    >>> fresh({"nodes": [{"columns": [{}, "no column"]}, None]})
    (TableKeys(table=1, columns=[2, None]), None)
    """
    numbers = numbers or count(1)
    return tuple(_of_table(node, numbers) for node in _nodes(tree))


def carry(keys: Keys, edit: Edit, after: Json, numbers: Iterator[int]) -> Keys:
    """Return the keys after an edit.

    Parameters
    ----------
    keys
        Those before it.
    edit
        The edit, completed.
    after
        The tree with it.
    numbers
        Where new keys come from.
    """
    match edit.path:
        case ():
            if edit.operation == "set":
                return _matched(keys, _nodes(edit.before), _nodes(after), numbers)
            if "nodes" in (edit.before, edit.after):  # another key takes its place, or it another's
                return fresh(after, numbers)
        case ("nodes",):
            if edit.operation == "move":
                return _moved(keys, edit.before, edit.after)
            return _matched(keys, _list(edit.before), _nodes(after), numbers)
        case ("nodes", int(index)) if edit.operation == "insert":
            return (*keys[:index], _of_table(edit.after, numbers), *keys[index:])
        case ("nodes", int(index)) if edit.operation == "remove":
            return (*keys[:index], *keys[index + 1 :])
        case ("nodes", int(index), *inside) if (known := keys[index]) is not None and len(inside) < 3:
            now = _in_table(known, edit, tuple(inside), _nodes(after)[index], numbers)
            return keys if now is known else (*keys[:index], now, *keys[index + 1 :])
        case ("nodes", int(index)):
            return (*keys[:index], _of_table(edit.after, numbers), *keys[index + 1 :])
    return keys


def _in_table(
    known: TableKeys, edit: Edit, inside: Path, node: Any, numbers: Iterator[int]
) -> TableKeys | None:
    """Return the keys of a table after an edit in it; the very same where none of them changes."""
    match inside:
        case () if edit.operation == "set":
            return _of_same(known, _columns(edit.before), node, numbers)
        case () if "columns" in (edit.before, edit.after):
            return _of_same(known, (), node, numbers)
        case ("columns",) if edit.operation == "move":
            return TableKeys(known.table, _moved(tuple(known.columns), edit.before, edit.after))
        case ("columns",):
            return _of_same(known, _list(edit.before), node, numbers)
        case ("columns", int(at)) if isinstance(node.get("columns"), list):
            columns = list(known.columns)
            if edit.operation == "insert":
                columns.insert(at, _of_column(edit.after, numbers))
            elif edit.operation == "remove":
                del columns[at]
            elif edit.operation == "set" and isinstance(edit.before, dict) != isinstance(edit.after, dict):
                columns[at] = _of_column(edit.after, numbers)
            else:
                return known
            return TableKeys(known.table, columns)
    return known


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _nodes(tree: Json) -> Sequence[Any]:
    return _list(tree.get("nodes") if isinstance(tree, dict) else None)


def _columns(node: Any) -> Sequence[Any]:
    return _list(node.get("columns") if isinstance(node, dict) else None)


def _of_column(column: Any, numbers: Iterator[int]) -> int | None:
    return next(numbers) if isinstance(column, dict) else None


def _of_table(node: Any, numbers: Iterator[int]) -> TableKeys | None:
    if not isinstance(node, dict):
        return None
    return TableKeys(next(numbers), [_of_column(column, numbers) for column in _columns(node)])


def _moved(items: tuple[Any, ...], source: int, target: int) -> tuple[Any, ...]:
    moved = list(items)
    moved.insert(target, moved.pop(source))
    return tuple(moved)


def _of_same(
    known: TableKeys | None, was: Sequence[Any], now: Any, numbers: Iterator[int]
) -> TableKeys | None:
    """Return the keys of a table whose columns were written anew, where these go by their names."""
    if known is None or not isinstance(now, dict):
        return _of_table(now, numbers)
    waiting = _by_name(zip(was, known.columns, strict=False), "name")
    return TableKeys(
        known.table,
        [
            (_take(waiting, column.get("name")) or next(numbers)) if isinstance(column, dict) else None
            for column in _columns(now)
        ],
    )


def _matched(keys: Keys, was: Sequence[Any], now: Sequence[Any], numbers: Iterator[int]) -> Keys:
    """Return the keys of tables that were all written anew, where they go by their ids."""
    waiting = _by_name(zip(was, zip(keys, was, strict=False), strict=False), "id")
    found: list[TableKeys | None] = []
    for node in now:
        known, old = _take(waiting, node.get("id") if isinstance(node, dict) else None) or (None, None)
        found.append(_of_same(known, _columns(old), node, numbers))
    return tuple(found)


def _by_name(items: Iterable[tuple[Any, Any]], key: str) -> dict[str, list[Any]]:
    """Return what belongs to each name, the last first."""
    found: dict[str, list[Any]] = {}
    for value, belongs in items:
        if isinstance(value, dict) and isinstance(value.get(key), str):
            found.setdefault(value[key], []).insert(0, belongs)
    return found


def _take(waiting: dict[str, list[Any]], name: Any) -> Any:
    found = waiting.get(name) if isinstance(name, str) else None
    return found.pop() if found else None
