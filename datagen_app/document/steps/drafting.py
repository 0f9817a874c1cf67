"""Draft a step edit by edit, each against the tree that those before it leave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.applying import Applying, at
from datagen_app.document.carrying import holds
from datagen_app.document.place import Json, Path
from datagen_app.document.step import Step

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Draft"]


class Draft:
    """Gather the edits of a step.

    Parameters
    ----------
    tree
        The document's tree, which is never changed; `tree` of the draft is what the edits so far lead to.

    Examples
    --------
    >>> draft = Draft({"nodes": []})
    >>> draft.append(("constraints", "unique"), "order.id")
    >>> draft.tree
    {'nodes': [], 'constraints': {'unique': ['order.id']}}
    >>> len(draft.step("Make unique").edits)
    1
    """

    def __init__(self, tree: Json) -> None:
        self._applying = Applying(tree)
        self._edits: list[Edit] = []

    @property
    def tree(self) -> Any:
        """What the edits so far lead to."""
        return self._applying.tree

    def step(self, title: str, focus: str = "") -> Step:
        """Return the step."""
        return Step(title, tuple(self._edits), focus)

    def edit(self, *edits: Edit) -> None:
        """Add edits.

        Raises
        ------
        LookupError
            One does not apply.
        """
        self._edits += [self._applying.apply(each) for each in edits]

    def find(self, path: Path) -> Any:
        """Return what stands at a path; None where nothing does."""
        return at(self.tree, path) if holds(self.tree, path) else None

    def set(self, path: Path, value: Any) -> None:
        """Replace the value at a path."""
        self.edit(datagen.Edit("set", path, None, value))

    def insert(self, path: Path, value: Any, position: int | None = None) -> None:
        """Insert an item at the index that ends a path, or a key at its place in the object."""
        self.edit(datagen.Edit("insert", path, None, value, position))

    def remove(self, path: Path) -> None:
        """Remove the member at a path; of nothing, nothing."""
        if holds(self.tree, path):
            self.edit(datagen.Edit("remove", path))

    def put(self, path: Path, value: Any, after: Iterable[str] = ()) -> None:
        """Replace the value of a key, or give the key to its object, and the objects around it too.

        Parameters
        ----------
        path
            Ends in a key.
        value
            What it is to hold.
        after
            Keys that a new one stands behind, as far as there are such; otherwise it goes last.

        Raises
        ------
        LookupError
            What stands on the way is no object.
        """
        if holds(self.tree, path):
            self.set(path, value)
            return
        depth = next(depth for depth in range(len(path) - 1, -1, -1) if holds(self.tree, path[:depth]))
        around = at(self.tree, path[:depth])
        if around is None and depth and isinstance(path[depth], str):
            # `null` is the same as leaving the key out, so what it would hold may stand in its place.
            self.set(path[:depth], _nested(path[depth:], value))
            return
        if not isinstance(around, dict):
            raise LookupError(f"what stands at {'/'.join(map(str, path[:depth])) or 'the root'} is no object")
        behind = set(after)
        last = max((place for place, key in enumerate(around) if key in behind), default=len(around) - 1)
        self.insert(path[: depth + 1], _nested(path[depth + 1 :], value), last + 1)

    def append(self, path: Path, value: Any, after: Iterable[str] = ()) -> None:
        """Put an item at the end of a list; the list, and the objects around it, are made if need be."""
        items = self.find(path)
        if isinstance(items, list):
            self.insert((*path, len(items)), value)
        elif items is None:
            self.put(path, [value], after)
        else:
            raise LookupError(f"what stands at {'/'.join(map(str, path))} is no list")


def _nested(path: Path, value: Any) -> Any:
    for key in reversed(path):
        value = {str(key): value}
    return value
