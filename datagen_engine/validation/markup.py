"""Writing HTML and SVG so that text stays text: whatever is no markup is escaped, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

__all__ = ["Markup", "joined", "tag"]

_EMPTY = frozenset({"meta", "input", "path", "rect", "circle"})
"""Elements that hold nothing."""


class Markup(str):
    """Text that is HTML already. Only `tag` and `joined` make it, and what the program itself has written."""

    __slots__ = ()


def tag(name: str, /, *inner: str, **attributes: str | float | None) -> Markup:
    """Return an element.

    Parameters
    ----------
    name
        Of the element.
    inner
        What it holds: text, which is escaped, and markup, which is not.
    attributes
        Its attributes; a trailing underscore is dropped and others become hyphens. None is left out, and an
        empty text stands for an attribute without a value.

    Examples
    --------
    >>> tag("td", "a < b", class_="number", data_sort=3)
    '<td class="number" data-sort="3">a &lt; b</td>'
    """
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + (f'="{escape(_text(value))}"' if value != "" else "")
        for key, value in attributes.items()
        if value is not None
    )
    if name in _EMPTY:
        return Markup(f"<{name}{said}>" if name in ("meta", "input") else f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{joined(inner)}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """Return text and markup one after the other, the text escaped.

    >>> joined(["&", Markup("<br>")])
    '&amp;<br>'
    """
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def _text(value: str | float | None) -> str:
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
