"""How a file is written: its line ends, its indentation, what stands between a key and its value."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from datagen_app.document.place import Path

__all__ = ["LAYOUT", "Style", "style_of"]

LAYOUT: Path = ("metadata", "x-layout")
"""Where the positions of the cards stand: one line a table, whatever the file is like."""

WIDTH = 100
"""Columns that an object or list may fill on one line."""

_LOOKED_AT = 256 * 1024
"""Characters from the beginning that tell the style of the whole."""

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_COLON = re.compile(r'""([ \t]*:[ \t]*)(?=\S)')
_COMMA = re.compile(r",([ \t]*)(?=[^\s,])")
_ONE_LINE = re.compile(r"[\[{][ \t]*[^\s\]}]")
_FILLED = re.compile(r"[\[{]\s*[^\s\]}]")
_INDENT = re.compile(r"[\n\r]([ \t]+)\S")

Shape = Literal["flat", "expanded", "mixed"]


@dataclass(frozen=True, slots=True)
class Style:
    r"""Write values as the rest of a file is written.

    Attributes
    ----------
    shape
        `flat`: all on one line. `expanded`: every member on a line of its own. `mixed`: what fits on a line
        stands on one.
    newline, unit
        A line end; what one more level is indented by.
    colon, comma
        What stands between a key and its value; between two members on one line.
    brace, bracket
        What stands inside the brackets of an object, and of a list, on one line.
    ascii
        Whether letters beyond ASCII are written as escapes.

    Examples
    --------
    >>> Style().write({"id": "order", "rows": 10}, "")
    '{"id": "order", "rows": 10}'
    >>> Style(shape="expanded", unit="\t").write([1], "")
    '[\n\t1\n]'
    """

    shape: Shape = "mixed"
    newline: str = "\n"
    unit: str = "  "
    colon: str = ": "
    comma: str = ", "
    brace: str = ""
    bracket: str = ""
    ascii: bool = False

    def write(self, value: Any, indent: str, column: int = 0, path: Path = ()) -> str:
        """Return the text of a value.

        Parameters
        ----------
        value
            What it is to say.
        indent
            The indentation of the line that it begins on.
        column
            How much of that line is taken.
        path
            Where it stands.

        Raises
        ------
        ValueError
            JSON has no way to write it: a number that is not finite, half a character.
        """
        if self.shape == "flat" or not isinstance(value, dict | list) or not value:
            return self._line(value)
        spread = path == LAYOUT
        if self._fits(value, path, spread):
            line = self._line(value)
            if (len(path) > len(LAYOUT) and path[:-1] == LAYOUT) or column + len(line) + 1 <= WIDTH:
                return line
        return self._block(value, indent, path)

    def key(self, key: str) -> str:
        """Return the text of a key."""
        return self._scalar(key)

    def _fits(self, value: Any, path: Path, spread: bool) -> bool:
        """Whether a value may stand on one line."""
        if path[:-1] == LAYOUT:
            return True
        if spread or self.shape == "expanded":
            return False
        if isinstance(value, list):
            return not any(isinstance(item, dict | list) for item in value)
        return all(not _nested(item) for item in value.values())

    def _block(self, value: Any, indent: str, path: Path) -> str:
        deeper = indent + self.unit
        lines = []
        if isinstance(value, dict):
            for key, item in value.items():
                head = f"{deeper}{self.key(key)}{self.colon}"
                lines.append(head + self.write(item, deeper, len(head), (*path, key)))
        else:
            lines = [
                deeper + self.write(item, deeper, len(deeper), (*path, at)) for at, item in enumerate(value)
            ]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        between = f",{self.newline}"
        return f"{opening}{self.newline}{between.join(lines)}{self.newline}{indent}{closing}"

    def _line(self, value: Any) -> str:
        if isinstance(value, dict) and value:
            members = (f"{self.key(key)}{self.colon}{self._line(item)}" for key, item in value.items())
            return "{" + self.brace + self.comma.join(members) + self.brace + "}"
        if isinstance(value, list) and value:
            return "[" + self.bracket + self.comma.join(map(self._line, value)) + self.bracket + "]"
        return self._scalar(value)

    def _scalar(self, value: Any) -> str:
        text = json.dumps(value, ensure_ascii=self.ascii, allow_nan=False)
        if not self.ascii:
            text.encode()  # half a character is none
        return text


def _nested(value: Any) -> bool:
    """Whether a value has lists of objects or of lists in it: these are easier to read line by line."""
    if isinstance(value, dict):
        return any(map(_nested, value.values()))
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)


def style_of(text: str) -> Style:
    r"""Return how a text is written.

    Examples
    --------
    >>> style_of('{\r\n\t"rows" : 1,\r\n\t"weights" : [\r\n\t\t1\r\n\t]\r\n}')
    Style(shape='expanded', newline='\r\n', unit='\t', colon=' : ', comma=', ', brace='', bracket='', ascii=False)
    """
    sample = text[:_LOOKED_AT]
    plain = _STRING.sub('""', sample)
    bare = plain.strip("\ufeff \t\n\r")
    lines = "\n" in bare or "\r" in bare
    filled = _FILLED.search(bare) is not None
    shape: Shape = "mixed"
    if filled and not lines:
        shape = "flat"
    elif filled and _ONE_LINE.search(bare) is None:
        shape = "expanded"
    indent = _INDENT.search(bare)
    newline = "\r\n" if "\r\n" in sample else "\r" if "\r" in sample and "\n" not in sample else "\n"
    return Style(
        shape,
        newline,
        indent[1] if indent else "  ",
        _usual(_COLON, bare, ": "),
        "," + _usual(_COMMA, bare, " "),
        " " if bare.count('{ ""') > bare.count('{""') else "",
        " " if bare.count("[ ") > len(re.findall(r"\[[^\s\]\[{]", bare)) else "",
        "\\u" in sample and sample.isascii(),
    )


def _usual(pattern: re.Pattern[str], text: str, otherwise: str) -> str:
    found = Counter(pattern.findall(text)).most_common(1)
    return found[0][0] if found else otherwise
