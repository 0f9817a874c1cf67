"""Read JSON token by token: slower than the C parser, but it knows the place of every value and fault."""

from __future__ import annotations

import json
import math
import re
from array import array
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from datagen_engine.schema.path import Json, Path, pointer
from datagen_engine.schema.syntax import STRING_BODY, WHITESPACE, explain

__all__ = [
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_FAULTS",
    "SURROGATE",
    "Fault",
    "Places",
    "Scan",
    "Span",
    "scan",
]

MAX_DEPTH: Final = 64
"""How many objects and lists may stand inside each other."""
MAX_DIGITS: Final = 400
"""How many digits a number may have; the largest float has 309 before its point."""
MAX_FAULTS: Final = 100
"""How many faults are told; one more ends the scan."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a UTF-16 pair: no character, and nothing that UTF-8 can write."""


class Span(NamedTuple):
    """A stretch of the source: offsets in characters, `end` not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, in plain words.

    `path` is None where the fault belongs to no value (the text as a whole, its syntax). `offset` counts the
    characters before it. An error forbids to go on, a warning does not.
    """

    code: str
    message: str
    path: Path | None
    offset: int
    severity: Literal["error", "warning"] = "error"


class Places:
    """Where every value of a document stands: parallel arrays in the order of the text, 20 bytes a value.

    What lies inside value `i` follows it directly, up to `after[i]`. The children of one object or list are
    told apart when the first of them is asked for.
    """

    def __init__(self) -> None:
        self.start, self.end, self.key_start, self.key_end, self.after = (array("I") for _ in range(5))
        self._children: dict[int, dict[str | int, int]] = {}

    def begin(self, start: int, end: int, key: Span) -> int:
        """Add a value and return its index; an object or list gets its true end from `finish`."""
        index = len(self.start)
        self.start.append(start)
        self.end.append(end)
        self.key_start.append(key[0])
        self.key_end.append(key[1])
        self.after.append(index + 1)
        return index

    def finish(self, index: int, end: int) -> None:
        """End the object or list `index` at `end`, around all that was added since it began."""
        self.end[index] = end
        self.after[index] = len(self.start)

    def find(self, source: str, path: Path) -> int:
        """Return the index of the value at `path`; of equal keys in one object the last counts.

        Raises
        ------
        LookupError
            There is no such value.
        """
        index = 0
        for depth, step in enumerate(path, start=1):
            if index not in self._children:
                self._children[index] = self._split(source, index)
            if step not in self._children[index]:
                raise LookupError(f"there is nothing at {pointer(path[:depth])}")
            index = self._children[index][step]
        return index

    def _split(self, source: str, parent: int) -> dict[str | int, int]:
        children: dict[str | int, int] = {}
        keyed = source[self.start[parent]] == "{"
        index = parent + 1
        while index < self.after[parent]:
            key = source[self.key_start[index] : self.key_end[index]]
            children[_text(key) if keyed else len(children)] = index
            index = self.after[index]
        return children


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned document. `tree` and `places` are None where it could not be read to its end."""

    tree: Json
    places: Places | None
    faults: tuple[Fault, ...]


def scan(source: str, start: int = 0) -> Scan:
    """Read a JSON document with the place of every value, and find all that is wrong with it.

    Equal keys, numbers that do not fit and halves of characters leave a tree to go on with: the last key
    counts, such a number is None, such a half U+FFFD. Any other fault ends the scan. Nothing recurses, and
    time grows with the length of the text.

    Parameters
    ----------
    source
        Any text.
    start
        Where the document begins: the characters to skip.

    Examples
    --------
    >>> scan('{"rows": 1e999}').faults[0].path
    ('rows',)
    """
    scanner = _Scanner(source)
    try:
        tree = scanner.document(start)
    except _Unreadable as unreadable:
        return Scan(None, None, (*scanner.faults, unreadable.fault))
    return Scan(tree, scanner.places, tuple(scanner.faults))


# A number or a word goes on for as long as it looks like one: `01`, `1.` and `nullx` are one bad token each.
_STRING = STRING_BODY + '"'
_NUMBER = r"(?>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![\w.+-])"
_WORD = r"(?:true|false|null|NaN|-?Infinity)(?!\w)"
_VALUE = re.compile(
    rf"{WHITESPACE}(?:(?P<string>{_STRING})|(?P<number>{_NUMBER})|(?P<word>{_WORD})|(?P<open>[\[{{]))"
)
_KEY = re.compile(rf"{WHITESPACE}({_STRING}){WHITESPACE}(:?)")
_MARK = re.compile(rf"{WHITESPACE}([,\]}}]?)")

_WORDS: Final = {"true": True, "false": False, "null": None}
_NO_KEY: Final = Span(0, 0)
_HALF: Final = "\ufffd"  # Unicode's mark for what cannot be read


class _Unreadable(Exception):
    """The scan cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.places = Places()
        self.faults: list[Fault] = []
        self.root: list[Json] = []  # holds the document, once it is read
        self.containers: list[dict[str, Json] | list[Json]] = [self.root]  # around the value being read
        self.open: list[int] = []  # the same without `root`, as indices into `places`
        self.path: list[str | int] = []

    def document(self, position: int) -> Json:
        position, first = self.value(position, "a value")
        while self.open:
            container = self.containers[-1]
            close = "}" if isinstance(container, dict) else "]"
            mark = _MARK.match(self.source, position)
            assert mark is not None  # it matches everywhere
            if mark[1] == close:
                position, first = mark.end(), False
                self.leave(position)
                continue
            if mark[1] == "," and not first:
                position = mark.end()
            elif not first:
                raise self.syntax(position, f"',' or '{close}'")
            where = f"or '{close}'" if first else "after ','"
            if isinstance(container, dict):
                position, key = self.key(position, container, f"a key in double quotes {where}")
                position, first = self.value(position, "a value after ':'", key)
            else:
                self.path[-1] = len(container)
                position, first = self.value(position, f"a value {where}")
        if self.source[position:].strip(" \t\n\r"):
            raise self.syntax(position, "the end of the file")
        return self.root[0]

    def value(self, position: int, expected: str, key: Span = _NO_KEY) -> tuple[int, bool]:
        """Put the next value into its container; return how far it was read, and whether it was opened."""
        token = _VALUE.match(self.source, position)
        if token is None:
            raise self.syntax(position, expected)
        kind = token.lastgroup or ""
        start, end = token.span(kind)
        literal = token[kind]
        index = self.places.begin(start, end, key)
        if kind == "open" and len(self.open) == MAX_DEPTH:
            message = f"{MAX_DEPTH} objects and lists stand around this one; deeper ones are not read."
            raise self.unreadable("too-deep", message, start)
        value: Json
        match kind:
            case "string":
                value = _text(literal)
                self.check(literal, value, start)
            case "number":
                value = self.number(literal, start)
            case "word":
                value = self.word(literal, start)
            case _:
                value = {} if literal == "{" else []

        container = self.containers[-1]
        if isinstance(container, dict):
            container[str(self.path[-1])] = value
        else:
            container.append(value)
        if isinstance(value, dict | list):
            self.containers.append(value)
            self.open.append(index)
            self.path.append(0)
        return end, kind == "open"

    def leave(self, end: int) -> None:
        self.places.finish(self.open.pop(), end)
        self.containers.pop()
        self.path.pop()

    def key(self, position: int, container: dict[str, Json], expected: str) -> tuple[int, Span]:
        token = _KEY.match(self.source, position)
        if token is None:
            raise self.syntax(position, expected)
        if not token[2]:
            raise self.syntax(token.end(), "':' after the key")
        span = Span(*token.span(1))
        self.path[-1] = key = _text(token[1])
        self.check(token[1], key, span.start)
        if key in container:
            message = f"the key {_quoted(key)} stands twice in this object. Rename or remove one."
            self.fault("duplicate-key", message, span.start)
        return token.end(), span

    def check(self, literal: str, text: str, start: int) -> None:
        if _HALF in text and SURROGATE.search(_decoded(literal)):
            message = (
                f"{_quoted(text)} holds half of a surrogate pair, which is no character. "
                "Write the other half too, as in \\ud83d\\ude00, or the character itself."
            )
            self.fault("lone-surrogate", message, start)

    def number(self, literal: str, start: int) -> int | float | None:
        if len(literal) > MAX_DIGITS:
            digits = sum(map(literal.count, "0123456789"))
            if digits > MAX_DIGITS:
                message = f"this number has {digits:,} digits; at most {MAX_DIGITS} are read."
                self.fault("number-too-long", message, start)
                return None
        value = int(literal) if literal.lstrip("-").isdigit() else float(literal)
        if abs(value) == math.inf:
            message = f"{_brief(literal)} is too large: a number with a point or an exponent ends at 1.8e308."
            self.fault("number-overflow", message, start)
            return None
        return value

    def word(self, literal: str, start: int) -> bool | None:
        if literal not in _WORDS:
            message = f"{literal} is no number that JSON knows. Write null, or a number."
            self.fault("not-finite", message, start)
        return _WORDS.get(literal)

    def fault(self, code: str, message: str, offset: int) -> None:
        if len(self.faults) == MAX_FAULTS:
            message = f"there are more than {MAX_FAULTS} faults; mend the first ones to see the rest."
            raise self.unreadable("too-many-faults", message, offset)
        self.faults.append(Fault(code, message, tuple(self.path), offset))

    def unreadable(self, code: str, message: str, offset: int) -> _Unreadable:
        return _Unreadable(Fault(code, message, tuple(self.path), offset))

    def syntax(self, position: int, expected: str) -> _Unreadable:
        opened = self.places.start[self.open[-1]] if self.open else None
        message, offset = explain(self.source, position, expected, opened)
        return _Unreadable(Fault("syntax", message, None, offset))


def _decoded(literal: str) -> str:
    return str(json.loads(literal)) if "\\" in literal else literal[1:-1]


def _text(literal: str) -> str:
    return SURROGATE.sub(_HALF, _decoded(literal))


def _brief(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _quoted(text: str) -> str:
    return json.dumps(_brief(text), ensure_ascii=False)
