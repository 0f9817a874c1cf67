"""Where the values of a text stand, found when somebody asks and kept right while the text changes.

An object or list is split into its members when a path leads into it; what lies inside these is skipped by
the C parser. Offsets are counted from the bracket that opens them, so that a change further up moves no more
than one number on the way.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from json import JSONDecoder
from typing import Any, NamedTuple

from datagen_app.document.place import Path

__all__ = ["Branch", "Patch", "Spans"]


class Patch(NamedTuple):
    """Some characters in the place of others: from `start` on, `new` stands where `old` stood."""

    start: int
    old: str
    new: str


_SPACE = re.compile(r"[ \t\n\r]*+")
_BETWEEN = re.compile(r"[ \t\n\r,]*+")
_HALF = re.compile("[\ud800-\udfff]")
# Numbers are only skipped: as floats they cost no more with ten thousand digits than with ten.
_skip = JSONDecoder(parse_int=float).scan_once  # type: ignore[attr-defined]  # not in the stubs


_MANY = 50
"""Patches at once; after so many it is quicker to split an object again when somebody asks for it."""
_ALL = 1_000
"""Levels; more than there are."""


class Branch:
    """The members of an object or list, in the order of the text.

    Attributes
    ----------
    keys
        Those of an object; None of a list.
    firsts, key_ends, starts, ends
        Where each member begins, its key ends, its value begins and ends, counted from the opening bracket.
    inner
        The same of each member, as far as it has been split.
    length
        How many characters the whole takes.
    """

    __slots__ = ("ends", "firsts", "inner", "key_ends", "keys", "length", "starts")

    def __init__(self, text: str, base: int, depth: int = 1) -> None:
        self.keys: list[str] | None = [] if text[base] == "{" else None
        self.firsts: list[int] = []
        self.key_ends: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.inner: list[Branch | None] = []
        closing = self._read(text, base, base + 1, len(text), depth)
        self.length = closing + 1 - base

    def find(self, step: str | int) -> int:
        """Return which member a step of a path leads to; of equal keys the last.

        Raises
        ------
        LookupError
            None.
        """
        if self.keys is None:
            if isinstance(step, int) and 0 <= step < len(self.starts):
                return step
        else:
            for at in range(len(self.keys) - 1, -1, -1):
                if self.keys[at] == step:
                    return at
        raise LookupError(f"there is no {step!r}")

    def all_of(self, step: str | int) -> list[int]:
        """Return which members a step means: of equal keys all."""
        if self.keys is None:
            return [self.find(step)]
        return [at for at, key in enumerate(self.keys) if key == step]

    def place_of(self, position: int) -> int:
        """Return before which member something at a position of the object stands: equal keys count once."""
        if self.keys is None or len(set(self.keys)) == len(self.keys):
            return position
        seen: set[str] = set()
        for at, key in enumerate(self.keys):
            if key not in seen:
                if len(seen) == position:
                    return at
                seen.add(key)
        return len(self.keys)

    def adjust(self, base: int, patches: Sequence[Patch], text: str, now: int, deep: int) -> None:
        """Follow a change of the text.

        Parameters
        ----------
        base
            Where this stood in the old text.
        patches
            What changed inside it, in the order of the old text.
        text
            The new text.
        now
            Where this stands in it.
        deep
            So many levels further down are kept right; what changed deeper down is split anew when need be.
        """
        inside: dict[int, list[Patch]] = {}
        outside: list[Patch] = []
        for patch in patches:
            start, end = patch.start - base, patch.start - base + len(patch.old)
            at = bisect_right(self.starts, start) - 1
            if at >= 0 and self._is_inside(at, start, end, patch.new):
                inside.setdefault(at, []).append(patch)
            else:
                outside.append(patch)
        count = len(self.starts)
        before = after = count
        if outside:
            low, high = outside[0].start - base, outside[-1].start + len(outside[-1].old) - base
            before, after = bisect_right(self.ends, low), bisect_left(self.firsts, high)
        kept = Branch.__new__(Branch)
        kept.keys = None if self.keys is None else []
        kept.firsts, kept.key_ends, kept.starts, kept.ends, kept.inner = [], [], [], [], []
        shift = self._keep(kept, range(before), inside, base, text, now, 0, deep)
        total = sum(len(patch.new) - len(patch.old) for patch in patches)
        if outside:
            rest = sum(
                len(patch.new) - len(patch.old) for at in inside if at >= after for patch in inside[at]
            )
            shift = total - rest
            stop = now + self.firsts[after] + shift if after < count else len(text)
            kept._read(text, now, now + (kept.ends[-1] if kept.ends else 1), stop, 0)
            self._keep(kept, range(after, count), inside, base, text, now, shift, deep)
        self.keys, self.firsts, self.key_ends = kept.keys, kept.firsts, kept.key_ends
        self.starts, self.ends, self.inner = kept.starts, kept.ends, kept.inner
        self.length += total

    def _is_inside(self, at: int, start: int, end: int, new: str) -> bool:
        """Whether a change is one of a member's value alone."""
        low, high = self.starts[at], self.ends[at]
        if start == end:
            return low < start < high
        return end <= high and (bool(new) or (start, end) != (low, high))  # without a value it is no member

    def _keep(
        self,
        kept: Branch,
        members: range,
        inside: dict[int, list[Patch]],
        base: int,
        text: str,
        now: int,
        shift: int,
        deep: int,
    ) -> int:
        """Hand members on, further along by `shift`; return by how much what follows them is."""
        if not members:
            return shift
        if kept.keys is not None and self.keys is not None:
            kept.keys += self.keys[members.start : members.stop]
        for at in members:
            kept.firsts.append(self.firsts[at] + shift)
            kept.key_ends.append(self.key_ends[at] + shift)
            start, end, inner = self.starts[at], self.ends[at], self.inner[at]
            kept.starts.append(start + shift)
            patches = inside.get(at)
            if patches:
                if inner is not None:
                    whole = (
                        patches[0].start == base + start
                        or patches[-1].start + len(patches[-1].old) == base + end
                    )
                    if whole or not deep:
                        inner = None
                    else:
                        inner.adjust(base + start, patches, text, now + start + shift, deep - 1)
                shift += sum(len(patch.new) - len(patch.old) for patch in patches)
            kept.ends.append(end + shift)
            kept.inner.append(inner)
        return shift

    def _read(self, text: str, base: int, position: int, stop: int, depth: int) -> int:
        """Read members up to a place, or to the closing bracket; return how far it was read."""
        while True:
            position = _BETWEEN.match(text, position).end()  # type: ignore[union-attr]  # it matches everywhere
            if position >= stop or text[position] in "]}":
                return position
            self.firsts.append(position - base)
            if self.keys is not None:
                key, position = _parsed(text, position)
                self.keys.append(_HALF.sub("\ufffd", str(key)))
                self.key_ends.append(position - base)
                position = _SPACE.match(text, position).end()  # type: ignore[union-attr]
                position = _SPACE.match(text, position + 1).end()  # type: ignore[union-attr]
            else:
                self.key_ends.append(position - base)
            self.starts.append(position - base)
            inner = None
            if depth > 1 and text[position] in "[{":
                inner = Branch(text, position, depth - 1)
                position += inner.length
            else:
                position = _end(text, position)
            self.ends.append(position - base)
            self.inner.append(inner)


class Spans:
    """Know where the values of a text stand; of a text that can be read to its end.

    Examples
    --------
    >>> spans = Spans('{"nodes": [{"id": "order"}]}')
    >>> spans.value(("nodes", 0, "id"))
    (18, 25)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = _SPACE.match(text, 1 if text.startswith("\ufeff") else 0).end()  # type: ignore[union-attr]
        # The tables are split at once: the parser passes them only once so.
        self._root = (
            Branch(text, self._start, 2) if text[self._start : self._start + 1] in ("{", "[") else None
        )

    def value(self, path: Path) -> tuple[int, int]:
        """Return where the value at a path begins and ends.

        Raises
        ------
        LookupError
            There is none.
        """
        if not path:
            if self._root is not None:
                return self._start, self._start + self._root.length
            return self._start, _end(self._text, self._start)
        branch, base = self.branch(path[:-1])
        at = branch.find(path[-1])
        return base + branch.starts[at], base + branch.ends[at]

    def branch(self, path: Path) -> tuple[Branch, int]:
        """Return the members of the object or list at a path, and where it begins.

        Raises
        ------
        LookupError
            There is none.
        """
        branch, base = self._root, self._start
        for step in path:
            if branch is None:
                raise LookupError("what stands there has no members")
            at = branch.find(step)
            base += branch.starts[at]
            inner = branch.inner[at]
            if inner is None and self._text[base] in "[{":
                inner = branch.inner[at] = Branch(self._text, base)
            branch = inner
        if branch is None:
            raise LookupError("what stands there has no members")
        return branch, base

    def adjust(self, patches: Sequence[Patch], text: str) -> None:
        """Follow a change of the text: patches in its order, none of which touches another."""
        first, last = patches[0], patches[-1]
        end = self._start + (self._root.length if self._root is not None else 0)
        if self._root is None or first.start <= self._start or last.start + len(last.old) >= end:
            self.__init__(text)  # type: ignore[misc]  # the root itself is another
            return
        deep = _ALL if len(patches) < _MANY else 1  # the list of the tables
        self._root.adjust(self._start, patches, text, self._start, deep)
        self._text = text


def _parsed(text: str, position: int) -> tuple[Any, int]:
    """Return the value at a place, and where it ends."""
    try:
        value, end = _skip(text, position)
    except (StopIteration, ValueError, RecursionError):
        raise LookupError("the text cannot be read to its end") from None
    return value, int(end)


def _end(text: str, position: int) -> int:
    return _parsed(text, position)[1]
