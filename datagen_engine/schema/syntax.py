"""Say in plain words where a text stops being JSON, what was expected there, and how to mend it."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["STRING_BODY", "WHITESPACE", "explain", "line_column"]

WHITESPACE: Final = r"[ \t\n\r]*+"
STRING_BODY: Final = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+'
"""A string without its closing quote: as far as it is sound."""

_SPACE = re.compile(WHITESPACE)
_STRING_BODY = re.compile(STRING_BODY)
_EXCERPT = re.compile(r'"[^"\n]{0,30}"?|[\w.+-]{1,30}|//|/\*|.', re.DOTALL)

# What the reader expected, what it found, and the way out; the first that fits.
_HINTS: Final = tuple(
    (re.compile(expected), re.compile(found), hint)
    for expected, found, hint in (
        ("", r"//|/\*|#", 'JSON has no comments: put the words under a "comment" key.'),
        ("", "\x00", "The file looks like UTF-16: save it as UTF-8."),
        ("", "['`‘’“”]", 'JSON puts text in straight double quotes: "…".'),
        ("^(',|':)", r'(?<=")\w', "Is a '\"' missing, or one too many? Inside a text it is written \\\"."),
        ("^','", r'["\[{\w-]', "A comma is missing before it."),
        ("after ','", r"[\]}]", "Remove the comma before it."),
        ("after ','", ",", "Remove one of the two commas."),
        ("^a value", r"(?i:true|false|none|null|undefined|nan|inf)\b", "JSON writes true, false and null."),
        (
            "^a value",
            r"[+-]?\.?[0-9]|[+-]",
            "A number is written like -12, 0.5 or 1e6: no '+' or 0 in front, digits around the point.",
        ),
        ("^a value", r"\w", 'Put text in double quotes: "…".'),
        ("^a key", r"[\w$-]", 'Put the key in double quotes: "…".'),
        ("^the end", "", "A file holds one document."),
    )
)


def line_column(source: str, offset: int) -> tuple[int, int]:
    r"""Return line and column of an offset in `source`, counted from 1 in characters.

    A byte order mark takes no column.

    Examples
    --------
    >>> line_column('{\n  "nodes": []}', 4)
    (2, 3)
    """
    start = source.rfind("\n", 0, offset) + 1
    if start == 0 and source.startswith("\ufeff"):
        start = min(1, offset)
    return source.count("\n", 0, offset) + 1, offset - start + 1


def explain(source: str, offset: int, expected: str, opened: int | None = None) -> tuple[str, int]:
    """Say why `source` is not JSON from `offset` on.

    Parameters
    ----------
    source
        The text.
    offset
        Where the last sound token ends.
    expected
        What should follow, as it reads after the word "expected".
    opened
        The offset of the innermost bracket that is still open, if any.

    Returns
    -------
    tuple[str, int]
        The message, which begins with line and column, and the offset that it speaks of.

    Examples
    --------
    >>> explain("[1, 2,]", 6, "a value after ','")[0]
    "line 1, column 7: expected a value after ',', found ']'. Remove the comma before it."
    """
    offset = _SPACE.match(source, offset).end()  # type: ignore[union-attr]  # it matches everywhere
    if broken := _broken_string(source, offset):
        message, offset = broken
    else:
        excerpt = _EXCERPT.match(source, offset)
        found = f"found {excerpt[0]!r}" if excerpt else "but the file ends here"
        message = f"expected {expected}, {found}. {_hint(source, offset, expected, opened)}".rstrip()
    line, column = line_column(source, offset)
    return f"line {line}, column {column}: {message}", offset


def _hint(source: str, offset: int, expected: str, opened: int | None) -> str:
    for when, found, hint in _HINTS:
        if when.search(expected) and found.match(source, offset):
            return hint
    ends = offset == len(source) or (expected.startswith("','") and source[offset] in "]}")
    if not ends or opened is None:
        return ""
    line, column = line_column(source, opened)
    return f"The {source[opened]!r} of line {line}, column {column} is not closed yet."


def _broken_string(source: str, offset: int) -> tuple[str, int] | None:
    """Return what is wrong with a string at `offset`, and where; None if there is none or it is sound."""
    body = _STRING_BODY.match(source, offset)
    if body is None or source.startswith('"', body.end()):
        return None
    end = body.end()
    match source[end : end + 1]:
        case "" | "\\" if end + 1 >= len(source):
            return "the text that begins here is never closed: a '\"' is missing.", offset
        case "\n" | "\r":
            return (
                "the text that begins here ends with its line. In a text a line break is written \\n.",
                offset,
            )
        case "\\" if source.startswith("u", end + 1):
            return (
                "\\u is followed by four hexadecimal digits, as in \\u00e9. A backslash is written \\\\.",
                end,
            )
        case "\\":
            return f"JSON has no escape {source[end : end + 2]}. A backslash is written \\\\.", end
        case control:
            code = f"{ord(control):04X}"
            return f"in a text the character U+{code} is written \\u{code}.", end
