"""Where the cards stand: `metadata.x-layout`, whole numbers on a grid, in the order of the tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.document import Document
from datagen_app.document.refining import same
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.style import LAYOUT

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["GRID", "LAYOUT", "place_cards", "set_layout", "snapped"]

GRID = 8
"""Units that positions are whole multiples of."""


def snapped(length: float) -> int:
    """Return the nearest place on the grid.

    Examples
    --------
    >>> snapped(11.9), snapped(12.1), snapped(-3)
    (8, 16, 0)
    """
    return GRID * math.floor(length / GRID + 0.5)


def set_layout(
    document: Document, positions: Mapping[int, tuple[float, float]], title: str = "Move tables"
) -> Step:
    """Put the cards of tables somewhere, in units.

    Parameters
    ----------
    document
        The schema.
    positions
        The left and the upper edge of cards by the session keys of their tables; the others stay.
    title
        What the history shows.

    Examples
    --------
    >>> from pathlib import Path
    >>> shop = Document(Path("shop.json"), {"metadata": {"name": "Shop"}, "nodes": [{"id": "order"}]})
    >>> set_layout(shop, {shop.tables[0].key: (10, 20)}).edits[0].after
    {'order': [8, 24]}
    """
    draft = Draft(document.tree)
    place_cards(
        draft,
        {
            table.id: positions[table.key]
            for table in document.tables
            if table.key in positions and isinstance(table.value.get("id"), str)
        },
    )
    return draft.step(title)


def place_cards(draft: Draft, positions: Mapping[str, tuple[float, float]]) -> None:
    """Add to a draft that the cards of tables, by their ids, stand somewhere."""
    wanted: dict[str, Any] = {name: [snapped(x), snapped(y)] for name, (x, y) in positions.items()}
    if not wanted:
        return
    order = _order(draft.tree)
    known = draft.find(LAYOUT)
    if not isinstance(known, dict):
        draft.put(LAYOUT, {name: wanted[name] for name in order if name in wanted})
        return
    edits: list[Edit] = []
    names = list(known)
    rank = {name: at for at, name in enumerate(order)}
    for name, place in wanted.items():
        if name not in known:
            position = _position(names, name, rank)
            names.insert(position, name)
            edits.append(datagen.Edit("insert", (*LAYOUT, name), None, place, position))
        elif not same(known[name], place):
            edits.append(datagen.Edit("set", (*LAYOUT, name), known[name], place))
    draft.edit(*edits)


def _position(names: list[str], name: str, rank: Mapping[str, int]) -> int:
    """Return where a new position stands: behind the last table that comes before it in the schema."""
    before = [
        at for at, other in enumerate(names) if other in rank and rank[other] < rank.get(name, len(rank))
    ]
    return before[-1] + 1 if before else 0


def _order(tree: Any) -> list[str]:
    nodes = tree.get("nodes") if isinstance(tree, dict) else None
    ids = (node.get("id") for node in (nodes if isinstance(nodes, list) else ()) if isinstance(node, dict))
    return [name for name in ids if isinstance(name, str)]
