"""Edits and paths as JSON.

For the worker a path is a list, which tells the key "3" from the index 3; in a journal it is a JSON Pointer,
read against the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.place import Path

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["pack", "path_at", "pointer", "unpack"]


def pack(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    """Return edits as JSON.

    Examples
    --------
    >>> from datagen_engine import Edit
    >>> pack([Edit("set", ("nodes", 0, "rows"), 1, 2)])[0]["path"]
    ['nodes', 0, 'rows']
    """
    return [{**edit.to_json(), "path": list(edit.path)} for edit in edits]


def unpack(packed: Iterable[Mapping[str, Any]]) -> tuple[Edit, ...]:
    """Return the edits of `pack`.

    Examples
    --------
    >>> from datagen_engine import Edit
    >>> edit = Edit("insert", ("metadata", "x-layout"), None, {}, 1)
    >>> unpack(pack([edit])) == (edit,)
    True
    """
    return tuple(
        datagen.Edit(
            each["operation"],
            tuple(each["path"]),
            each.get("before"),
            each.get("after"),
            each.get("position"),
        )
        for each in packed
    )


def pointer(path: Path) -> str:
    """Write a path as a JSON Pointer.

    Examples
    --------
    >>> pointer(("nodes", 3, "a/b"))
    '/nodes/3/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def path_at(text: str, tree: Any) -> Path:
    """Read a JSON Pointer as a path into a tree, or to a place where something new may stand.

    Examples
    --------
    >>> path_at("/nodes/0/3", {"nodes": [{"3": "a key"}]})
    ('nodes', 0, '3')
    """
    path: list[str | int] = []
    for token in text.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        step: str | int = int(key) if isinstance(tree, list) else key
        path.append(step)
        try:
            tree = tree[step]
        except (LookupError, TypeError):
            tree = None
    return tuple(path)
