"""Making fixes: edits that know what stands in the document before them."""

from __future__ import annotations

from typing import Any

from datagen_engine.schema.edit import Edit, insert, remove, rename_key, set_value
from datagen_engine.schema.path import Path, at
from datagen_engine.schema.problem import Fix
from datagen_engine.schema.reading import Reading

__all__ = ["Fixer"]


class Fixer:
    """Make fixes for places in the schema as it was read; what is not in the document has none."""

    def __init__(self, reading: Reading) -> None:
        """Look at the document of a reading."""
        self._reading = reading

    def raw(self, path: Path) -> Any:
        """Return what stands in the document at a path of the schema; raises LookupError."""
        return at(self._reading.tree, self._reading.original(path))

    def put(self, title: str, *values: tuple[Path, Any]) -> Fix | None:
        """Make the fix that sets values, or adds them where there are none yet."""
        return self._fix(title, *(self._put(path, value) for path, value in values))

    def remove(self, title: str, *paths: Path) -> Fix | None:
        """Make the fix that removes members: of one list the last ones first."""
        return self._fix(title, *(self._remove(path) for path in paths))

    def rename(self, title: str, path: Path, old: str, new: str) -> Fix | None:
        """Make the fix that renames a key of the object at a path."""
        try:
            around = self.raw(path)
        except LookupError:
            return None
        if not isinstance(around, dict) or old not in around or new in around:
            return None
        return Fix(title, (rename_key(path, old, new),))

    def both(self, title: str, *fixes: Fix | None) -> Fix | None:
        """Make one fix of several."""
        if any(fix is None for fix in fixes):
            return None
        return Fix(title, tuple(edit for fix in fixes if fix is not None for edit in fix.edits))

    def _fix(self, title: str, *edits: Edit | None) -> Fix | None:
        known = tuple(edit for edit in edits if edit is not None)
        return Fix(title, known) if len(known) == len(edits) else None

    def _put(self, path: Path, value: Any) -> Edit | None:
        try:
            around = self.raw(path[:-1])
        except LookupError:
            return None
        if isinstance(around, list):
            place = path[-1]
            if not isinstance(place, int):
                return None
            return (
                set_value(path, around[place], value) if place < len(around) else insert(path, value, place)
            )
        if not isinstance(around, dict):
            return None
        try:
            return set_value(path, self.raw(path), value)
        except LookupError:
            return insert(path, value, len(around))

    def _remove(self, path: Path) -> Edit | None:
        try:
            around, value = self.raw(path[:-1]), self.raw(path)
        except LookupError:
            return None
        original = self._reading.original(path)
        place = original[-1] if isinstance(around, list) else list(around).index(original[-1])
        return remove(path, value, int(place))
