"""Functions of texts.

They work on Arrow arrays, or scalars, of strings; on the words alone where a column is coded.
"""

from __future__ import annotations

from functools import reduce

from datagen_engine.expression import interval
from datagen_engine.expression.functions.function import Table
from datagen_engine.lazy import pa, pc

TABLE = Table()

_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"


@TABLE.add(
    "text(x: written) -> text",
    help="A value as text: 12, 2.5, true, 2024-03-01, 2024-03-01 14:30:00 (UTC).",
    example='text(12.0) == "12"',
)
def _text(x: pa.Array) -> pa.Array:
    return x


@TABLE.add(
    "number(text: text) -> number",
    help="The number that is written in a text. Null where the text is something else.",
    example='number("2.50") == 2.5',
    bounds=lambda _: (interval.ANY, "not every text is a number, and number(…) of another is null"),
    nulls="own",
)
def _number(text: pa.Array) -> pa.Array:
    written = pc.match_substring_regex(text, _NUMBER)
    return pc.cast(pc.if_else(written, text, pa.scalar(None, pa.string())), pa.float64())


@TABLE.add(
    "concat(first: written, *more: written) -> text",
    help="Several values as one text. Null where any of them is null (put coalesce(…) around it).",
    example='concat("A-", 12) == "A-12"',
    growth=lambda *parts: reduce(pc.add, (pc.cast(pc.binary_length(part), pa.int64()) for part in parts)),
)
def _concat(*parts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


@TABLE.add(
    "lower(text: text) -> text",
    help="In small letters.",
    example='lower("Ada") == "ada"',
)
def _lower(text: pa.Array) -> pa.Array:
    return pc.utf8_lower(text)


@TABLE.add(
    "upper(text: text) -> text",
    help="In capital letters.",
    example='upper("Ada") == "ADA"',
)
def _upper(text: pa.Array) -> pa.Array:
    return pc.utf8_upper(text)


@TABLE.add(
    "trim(text: text) -> text",
    help="Without spaces at both ends.",
    example='trim("  Ada ") == "Ada"',
)
def _trim(text: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(text)


@TABLE.add(
    "length(text: text) -> number",
    help="How many characters a text has.",
    example='length("Ada") == 3',
    bounds=interval.within(0.0),
)
def _length(text: pa.Array) -> pa.Array:
    return pc.utf8_length(text)


@TABLE.add(
    "left(text: text, count: 0..4096) -> text",
    help="The first characters.",
    example='left("Lovelace", 4) == "Love"',
)
def _left(text: pa.Array, count: int) -> pa.Array:
    return pc.utf8_slice_codeunits(text, 0, count)


@TABLE.add(
    "right(text: text, count: 0..4096) -> text",
    help="The last characters.",
    example='right("Lovelace", 4) == "lace"',
)
def _right(text: pa.Array, count: int) -> pa.Array:
    return pc.utf8_slice_codeunits(text, -count, None) if count else _left(text, 0)


@TABLE.add(
    "substr(text: text, start: 1..4096, count: 0..4096?) -> text",
    help="So many characters (all, where `count` is left out) from a place on; the first place is 1.",
    example='substr("Lovelace", 5, 3) == "lac"',
)
def _substr(text: pa.Array, start: int, count: int | None) -> pa.Array:
    return pc.utf8_slice_codeunits(text, start - 1, None if count is None else start - 1 + count)


@TABLE.add(
    'pad(text: text, width: 0..1000, fill: character = " ") -> text',
    help="Filled up at its left until it is so many characters wide.",
    example='pad(text(7), 3, "0") == "007"',
)
def _pad(text: pa.Array, width: int, fill: str) -> pa.Array:
    return pc.utf8_lpad(text, width, fill)


@TABLE.add(
    "replace(text: text, old: quoted, new: quoted or empty) -> text",
    help="With every `old` in it replaced by `new`.",
    example='replace("a-b-c", "-", "/") == "a/b/c"',
    growth=lambda text, old, new: pc.add(
        pc.cast(pc.binary_length(text), pa.int64()),
        pc.multiply(
            pc.cast(pc.count_substring(text, old), pa.int64()), len(new.encode()) - len(old.encode())
        ),
    ),
)
def _replace(text: pa.Array, old: str, new: str) -> pa.Array:
    return pc.replace_substring(text, old, new)


@TABLE.add(
    "contains(text: text, part: quoted) -> bool",
    help="Whether `part` is in the text; capitals and small letters differ.",
    example='contains("Lovelace", "lace")',
)
def _contains(text: pa.Array, part: str) -> pa.Array:
    return pc.match_substring(text, part)


@TABLE.add(
    "starts_with(text: text, part: quoted) -> bool",
    help="Whether the text begins with `part`.",
    example='starts_with("Lovelace", "Love")',
)
def _starts_with(text: pa.Array, part: str) -> pa.Array:
    return pc.starts_with(text, part)


@TABLE.add(
    "ends_with(text: text, part: quoted) -> bool",
    help="Whether the text ends with `part`.",
    example='ends_with("Lovelace", "lace")',
)
def _ends_with(text: pa.Array, part: str) -> pa.Array:
    return pc.ends_with(text, part)
