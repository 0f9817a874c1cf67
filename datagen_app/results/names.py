"""Names and values as SQL writes them. What a schema or a file calls its things is untrusted."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["identifier", "identifiers", "literal"]


def identifier(name: str) -> str:
    """Return a name quoted, so that nothing in it is SQL.

    Examples
    --------
    >>> print(identifier('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def identifiers(names: Iterable[str]) -> str:
    """Return names quoted, one after the other."""
    return ", ".join(identifier(name) for name in names)


def literal(text: str) -> str:
    """Return a text quoted, so that nothing in it is SQL.

    Examples
    --------
    >>> print(literal("it's"))
    'it''s'
    """
    return "'" + text.replace("'", "''") + "'"
