"""The text of the open document, changed only where an edit touches it, in the style around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from datagen_app.document.place import Json, Path
from datagen_app.document.refining import refined
from datagen_app.document.spans import Branch, Patch, Spans
from datagen_app.document.style import Style, style_of

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["Rewrite", "Source"]

Rewrite: TypeAlias = tuple[Patch, ...]
"""What changes at once: patches in the order of the text as it was, none of which touches another."""

_BREAK = re.compile(r"[\n\r]")


class Source:
    r"""Hold a text, and write edits into it.

    Parameters
    ----------
    text
        The text, as it was read.

    Examples
    --------
    >>> from datagen_engine import Edit
    >>> source = Source('{\n    "rows": 1e3,\n    "pk": "id"\n}\n')
    >>> done = source.edit([Edit("set", ("pk",), "id", "key"), Edit("insert", ("kind",), None, "fact", 2)])
    >>> print(source.text, end="")
    {
        "rows": 1e3,
        "pk": "key",
        "kind": "fact"
    }
    >>> source.revert(done)
    >>> source.text
    '{\n    "rows": 1e3,\n    "pk": "id"\n}\n'
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._style: Style | None = None
        self._spans: Spans | None = None
        self._pending: list[Patch] = []
        self._written: set[Path] = set()
        self._around: set[Path] = set()

    @property
    def style(self) -> Style:
        """How the file was written when it was opened."""
        if self._style is None:
            self._style = style_of(self.text)
        return self._style

    @property
    def spans(self) -> Spans:
        """Where its values stand."""
        if self._spans is None:
            self._spans = Spans(self.text)
        return self._spans

    def prepare(self) -> None:
        """Look at the whole text once; of one that cannot be read there is nothing to find."""
        with suppress(LookupError):
            _ = self.spans, self.style

    def edit(self, edits: Sequence[Edit]) -> tuple[Rewrite, ...]:
        """Write edits into the text, each completed for the tree that those before it leave.

        Returns
        -------
        tuple of Rewrite
            What `revert` takes back, and `apply` does again.

        Raises
        ------
        ValueError
            A value cannot be written; the text is as it was.
        """
        done: list[Rewrite] = []
        try:
            for edit in edits:
                for part in refined(edit):
                    self._write(part, done)
            self._flush(done)
        except BaseException:
            self._forget()
            self.revert(done)
            raise
        return tuple(done)

    def replace(self, text: str) -> tuple[Rewrite, ...]:
        """Put another text in the place of the whole."""
        patch = Patch(0, self.text, text)
        self._turn((patch,))
        self._spans = self._style = None
        return ((patch,),)

    def apply(self, rewrites: Sequence[Rewrite]) -> None:
        """Make changes again."""
        for rewrite in rewrites:
            self._turn(rewrite)

    def revert(self, rewrites: Sequence[Rewrite]) -> None:
        """Take changes back."""
        for rewrite in reversed(rewrites):
            back, shift = [], 0
            for start, old, new in rewrite:
                back.append(Patch(start + shift, new, old))
                shift += len(new) - len(old)
            self._turn(tuple(back))

    def _turn(self, rewrite: Rewrite) -> None:
        parts: list[str] = []
        position = 0
        for start, old, new in rewrite:
            parts += (self.text[position:start], new)
            position = start + len(old)
        parts.append(self.text[position:])
        self.text = "".join(parts)
        if self._spans is not None:
            self._spans.adjust(rewrite, self.text)

    # Gathering: values and keys that stand apart from each other are written at once

    def _write(self, edit: Edit, done: list[Rewrite]) -> None:
        path = edit.path
        if edit.operation == "set":
            if self._crosses(path):
                self._flush(done)
            self._pending.append(self._set(path, edit.after))
            self._mark(path)
        elif edit.operation == "rename_key":
            if self._crosses((*path, edit.before)) or self._crosses((*path, edit.after)):
                self._flush(done)
            self._pending += self._rename(path, edit.before, edit.after)
            self._mark((*path, edit.before))
            self._mark((*path, edit.after))
        else:
            self._flush(done)
            if edit.operation == "insert":
                self._pending.append(self._insert(path, edit.after, edit.position))
            elif edit.operation == "remove":
                self._remove(path, done)
            else:
                self._pending.append(self._move(path, edit.before, edit.after))
            self._flush(done)

    def _crosses(self, path: Path) -> bool:
        """Whether what waits to be written stands at a path, in it or around it."""
        return path in self._around or any(path[:depth] in self._written for depth in range(len(path) + 1))

    def _mark(self, path: Path) -> None:
        self._written.add(path)
        self._around.update(path[:depth] for depth in range(len(path)))

    def _flush(self, done: list[Rewrite]) -> None:
        rewrite = tuple(sorted(patch for patch in self._pending if patch.old != patch.new))
        self._forget()
        if rewrite:
            self._turn(rewrite)
            done.append(rewrite)

    def _forget(self) -> None:
        self._pending, self._written, self._around = [], set(), set()

    # Writing

    def _patch(self, start: int, end: int, new: str) -> Patch:
        return Patch(start, self.text[start:end], new)

    def _set(self, path: Path, value: Json) -> Patch:
        start, end = self.spans.value(path)
        if not isinstance(value, dict | list):
            return self._patch(start, end, self.style.write(value, ""))
        return self._set_at(start, end, value, path)

    def _rename(self, path: Path, old: str, new: str) -> list[Patch]:
        branch, base = self.spans.branch(path)
        key = self.style.key(new)
        return [
            self._patch(base + branch.firsts[at], base + branch.key_ends[at], key)
            for at in branch.all_of(old)
        ]

    def _insert(self, path: Path, value: Json, position: int | None) -> Patch:
        branch, base = self.spans.branch(path[:-1])
        last = path[-1]
        if not branch.starts:
            whole: Json = {str(last): value} if branch.keys is not None else [value]
            return self._set_at(base, base + branch.length, whole, path[:-1])
        count = len(branch.starts)
        at = last if isinstance(last, int) else branch.place_of(count if position is None else position)
        at = min(at, count)
        between = self._between(branch, base, at)
        newline = _last_break(between)
        if newline >= 0:
            indent = between[newline + 1 :].replace(",", " ")  # some begin lines with the comma
            column = len(indent)
        else:
            indent, column = self._standing(base + (branch.firsts[at] if at < count else branch.ends[-1]))
        head = ""
        if branch.keys is not None:
            head = self.style.key(str(last)) + self._colon(branch, base, min(at, count - 1))
        member = head + self.style.write(value, indent, column + len(head), path)
        if at < count:
            start = base + branch.firsts[at]
            return Patch(start, "", member + between)
        return Patch(base + branch.ends[-1], "", between + member)

    def _remove(self, path: Path, done: list[Rewrite]) -> None:
        branch, _ = self.spans.branch(path[:-1])
        for at in reversed(branch.all_of(path[-1])):
            branch, base = self.spans.branch(path[:-1])
            self._pending.append(self._without(branch, base, at))
            self._flush(done)

    def _without(self, branch: Branch, base: int, at: int) -> Patch:
        count = len(branch.starts)
        if count == 1:
            return self._patch(base + 1, base + branch.length - 1, "")
        before = at and self.text[base + branch.ends[at - 1] : base + branch.firsts[at]]
        behind = at < count - 1 and self.text[base + branch.ends[at] : base + branch.firsts[at + 1]]
        # What ends its line goes with what stands before it; so does the last.
        if not behind or (before and _last_break(behind) >= 0 > _last_break(before)):
            return self._patch(base + branch.ends[at - 1], base + branch.ends[at], "")
        return self._patch(base + branch.firsts[at], base + branch.firsts[at + 1], "")

    def _move(self, path: Path, source: int, target: int) -> Patch:
        """Exchange the items between two places, and leave what stands between them where it is."""
        branch, base = self.spans.branch(path)
        low, high = sorted((source, target))
        items = [self.text[base + branch.starts[at] : base + branch.ends[at]] for at in range(low, high + 1)]
        gaps = [self.text[base + branch.ends[at] : base + branch.starts[at + 1]] for at in range(low, high)]
        items.insert(target - low, items.pop(source - low))
        new = "".join(part for pair in zip(items, [*gaps, ""], strict=True) for part in pair)
        return self._patch(base + branch.starts[low], base + branch.ends[high], new)

    def _set_at(self, start: int, end: int, value: Json, path: Path) -> Patch:
        return self._patch(start, end, self.style.write(value, *self._standing(start), path))

    def _between(self, branch: Branch, base: int, at: int) -> str:
        """Return what stands between two members, where one more is to stand at a place."""
        count = len(branch.starts)
        if count > 1:
            right = min(max(at, 1), count - 1)
            return self.text[base + branch.ends[right - 1] : base + branch.firsts[right]]
        lead = self.text[base + 1 : base + branch.firsts[0]]
        return "," + lead if _last_break(lead) >= 0 else self.style.comma

    def _colon(self, branch: Branch, base: int, at: int) -> str:
        """Return what stands between the key and the value of a member nearby."""
        found = self.text[base + branch.key_ends[at] : base + branch.starts[at]]
        return self.style.colon if _last_break(found) >= 0 else found

    def _standing(self, position: int) -> tuple[str, int]:
        """Return the indentation of the line that a place stands on, and how much of the line is before it."""
        begin = 1 + self.text.rfind(self.style.newline[-1], 0, position)
        line = self.text[begin:position].lstrip("\ufeff")
        return line[: len(line) - len(line.lstrip(" \t"))], len(line)


def _last_break(text: str) -> int:
    return max(text.rfind("\n"), text.rfind("\r"))
