"""Find tables and columns by their names, in the order in which a person means them.

Plain Python, without Qt.
"""

from __future__ import annotations

from datagen_app.document.document import Document
from datagen_app.document.place import Place

__all__ = ["MOST", "find"]

MOST = 1_000
"""So many places are found at most."""


def find(document: Document, text: str) -> list[Place]:
    """Return the tables and columns whose names hold a text, whatever its case.

    Names that begin with it come first, then those in which a word does, then the others; each in the order
    of the schema. `order.tot` finds columns that hold `tot` in tables that hold `order`.

    Examples
    --------
    >>> from pathlib import Path
    >>> columns = [{"name": "order_id"}, {"name": "total"}]
    >>> shop = Document(Path("shop.json"), {"nodes": [{"id": "order", "columns": columns}]})
    >>> [shop.path_of(place) for place in find(shop, "ord")]
    [('nodes', 0), ('nodes', 0, 'columns', 0)]
    >>> [shop.path_of(place) for place in find(shop, "order.tot")]
    [('nodes', 0, 'columns', 1)]
    """
    wanted = text.strip().casefold()
    if not wanted:
        return []
    before, dot, after = wanted.partition(".")
    ranked: list[tuple[int, int, Place]] = []
    for table in document.tables:
        rank = _rank(table.id, wanted)
        if rank is not None:
            ranked.append((rank, len(ranked), Place(table.key)))
        within = not dot or before in table.id.casefold()
        for column in table.columns if within else ():
            rank = _rank(column.name, after if dot else wanted)
            if rank is not None:
                ranked.append((rank, len(ranked), Place(table.key, column.key)))
    return [place for _, _, place in sorted(ranked, key=lambda found: found[:2])[:MOST]]


def _rank(name: str, wanted: str) -> int | None:
    """Return how well a name answers: 0 begins with it, 1 a word of it does, 2 it is somewhere; none if not."""
    at = name.casefold().find(wanted)
    if at < 0:
        return None
    if at == 0:
        return 0
    return 1 if any(word.startswith(wanted) for word in name.casefold().replace("-", "_").split("_")) else 2
