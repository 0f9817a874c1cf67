"""A JSON document as it stands in its file: the exact text, what it says, and where it says it.

Opened and saved, a file keeps every byte. The text may come from anyone: what is wrong with it is a fault,
never an exception, and reading it takes bounded time, memory and stack.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, Final, NoReturn, cast

from datagen_engine.schema.path import Json, Path, pointer
from datagen_engine.schema.scanner import MAX_DEPTH, MAX_DIGITS, Fault, Places, Span, scan
from datagen_engine.schema.syntax import line_column

__all__ = ["MAX_BYTES", "MAX_VALUES", "SMALLEST", "Fault", "Span", "Text", "read", "write"]

MAX_BYTES: Final = 32 * 1024 * 1024
"""The size of the largest file that is read."""
MAX_VALUES: Final = 2_000_000
"""How many values a document may hold: objects and lists count, keys do not."""

SMALLEST: Final = (
    '{"version": "1.0", "metadata": {"name": "first"}, '
    '"timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"}, '
    '"nodes": [{"id": "people", "kind": "entity", "pk": "id", '
    '"columns": [{"name": "id", "type": "int", "generator": {"sequence": {}}}]}], '
    '"constraints": {}}'
)
"""A schema with one table of one column: what an empty file could begin with."""


@dataclass(frozen=True, eq=False)
class Text:
    """A document as text and as data.

    Attributes
    ----------
    source
        The text, exactly. Of bytes that are not UTF-8 it holds what can be shown; of too many, nothing.
    tree
        What it says, as plain Python data; None where it could not be read to its end.
    faults
        What is wrong with it, in the order of the text.
    """

    source: str
    tree: Json
    faults: tuple[Fault, ...] = ()

    def span(self, path: Path) -> Span:
        """Return where the value at `path` stands in the source.

        Raises
        ------
        LookupError
            There is no such value.

        Examples
        --------
        >>> text = read('{"rows": 1.50}')
        >>> text.source[slice(*text.span(("rows",)))]
        '1.50'
        """
        index = self._places.find(self.source, path)
        return Span(self._places.start[index], self._places.end[index])

    def key_span(self, path: Path) -> Span:
        """Return where the key of the value at `path` stands in the source, its quotes included.

        Raises
        ------
        LookupError
            There is no such value, or it has no key: an item of a list, or the root.
        """
        index = self._places.find(self.source, path)
        span = Span(self._places.key_start[index], self._places.key_end[index])
        if span.start == span.end:
            raise LookupError(f"{pointer(path) or 'the root'} has no key: it stands in no object")
        return span

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset into the source, counted from 1 in characters."""
        return line_column(self.source, offset)

    @cached_property
    def _places(self) -> Places:
        """Found by a second, slower scan when the first place is asked for: most readers never ask."""
        places = scan(self.source, _start(self.source)).places
        if places is None:
            raise LookupError("the text could not be read, so its values have no places")
        return places


def read(text: str | bytes) -> Text:
    """Read a JSON document.

    Parameters
    ----------
    text
        The content of a file: its bytes, or the text that they stand for with line ends as they are.

    Returns
    -------
    Text
        The document with its faults. Wrong syntax, depth or size leaves no tree; equal keys, numbers that do
        not fit and halves of characters leave one to go on with.

    Examples
    --------
    >>> read(b'{"rows": 1.50}').tree
    {'rows': 1.5}
    >>> read('{"rows": NaN}').faults[0].path
    ('rows',)
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data) / 2**20:,.1f} MiB; at most {MAX_BYTES // 2**20} MiB are read."
        return Text("" if isinstance(text, bytes) else text, None, (Fault("too-large", message, None, 0),))
    if isinstance(text, bytes):
        try:
            source = text.decode()
        except UnicodeDecodeError as error:
            return _not_utf8(text, error.start)
    else:
        source = text

    start = _start(source)
    marks = (_BYTE_ORDER_MARK,) if start else ()
    if not source[start:].strip():
        message = f"the file is empty. A smallest schema is {SMALLEST}"
        return Text(source, None, (*marks, Fault("empty", message, None, start)))
    values, depth = _shape(data)
    if values > MAX_VALUES:
        message = f"the file holds more than {MAX_VALUES:,} values, the most that is read."
        return Text(source, None, (*marks, Fault("too-many-values", message, None, start)))
    if depth <= MAX_DEPTH:
        with suppress(ValueError):  # the scan tells what is wrong, and where
            return Text(source, _plain(source[start:]), marks)
    scanned = scan(source, start)
    return Text(source, scanned.tree, marks + scanned.faults)


def write(text: Text) -> str:
    """Return what to save: the very text that was read.

    Raises
    ------
    ValueError
        The file was not text, or too large: saving what was read of it would destroy it.
    """
    for fault in text.faults:
        if fault.code in ("not-utf-8", "too-large"):
            raise ValueError(f"this file cannot be saved, since it was not read: {fault.message}")
    return text.source


_BYTE_ORDER_MARK: Final = Fault(
    "byte-order-mark",
    "the file begins with a byte order mark. It is kept; not every program reads it.",
    None,
    0,
    "warning",
)


def _start(source: str) -> int:
    return 1 if source.startswith("\ufeff") else 0


def _not_utf8(data: bytes, position: int) -> Text:
    source = data.decode(errors="replace")
    offset = len(data[:position].decode())
    line, column = line_column(source, offset)
    kind = (
        "UTF-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "an older encoding such as Windows-1252"
    )
    message = (
        f"line {line}, column {column}: the byte 0x{data[position]:02X} (at offset {position:,}) "
        f"is not UTF-8. The file looks like {kind}: save it as UTF-8."
    )
    return Text(source, None, (Fault("not-utf-8", message, None, offset),))


def _shape(data: bytes) -> tuple[int, int]:
    """Return how many values a document holds and how deep they stand, without a parser that would recurse.

    Counts the commas and brackets outside of texts. Where the document has an error of syntax, the numbers
    are at least those of what stands before it: no parser gets deeper.
    """
    data = data.replace(rb"\\", b"").replace(rb"\"", b"")
    if data.count(b'"') > 4 * MAX_VALUES:  # two each for a value and its key
        return MAX_VALUES + 1, 0
    bare = b'"'.join(data.split(b'"')[::2]).translate(None, b" \t\n\r")
    opened = bare.count(b"[") + bare.count(b"{")
    values = 1 + bare.count(b",") + opened - bare.count(b"[]") - bare.count(b"{}")
    brackets = bare.translate(None, _NO_BRACKETS)[: 2 * MAX_VALUES]
    return values, max(accumulate(map(_LEVELS.__getitem__, brackets)), default=0)


_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_LEVELS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def _plain(source: str) -> Json:
    """Read a document without faults by the C parser, several times as fast as the scan.

    Raises
    ------
    ValueError
        It may have a fault.
    """
    source.encode()  # fails where half a character stands
    tree = cast(Json, _DECODER.decode(source))
    if _SURROGATE_ESCAPE.search(source):
        json.dumps(tree, ensure_ascii=False).encode()  # and so does this
    return tree


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _int(literal: str) -> int:
    if len(literal) > MAX_DIGITS:
        raise ValueError
    return int(literal)


def _float(literal: str) -> float:
    value = float(literal)
    if len(literal) > MAX_DIGITS or value - value != 0:  # not finite
        raise ValueError
    return value


def _constant(literal: str) -> NoReturn:
    raise ValueError(literal)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_int, parse_float=_float, parse_constant=_constant
)
