"""The chain of modifiers: those that act, and those that are switched off. Plain Python, without Qt.

What is switched off is kept beside the list, under a key that the engine leaves alone:
`"x-off": [{"position": 1, "modifier": {…}}]`. The position is the place in the whole chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import datagen_engine as datagen
from datagen_app.document.place import Path
from datagen_app.inspector.edits import found, put
from datagen_app.inspector.shape import ABSENT

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["OFF", "Link", "chain_edits", "chain_of"]

OFF = "x-off"


@dataclass(frozen=True, eq=False)
class Link:
    """One modifier of the chain: what it is, whether it acts, and where it stands."""

    modifier: Any
    on: bool
    way: Path
    """From the table or column."""


def chain_of(owner: Any, key: str = "modifiers") -> list[Link]:
    """Return the chain of a column or table.

    Examples
    --------
    >>> off = [{"position": 0, "modifier": {"transform": "clamp"}}]
    >>> links = chain_of({"modifiers": [{"transform": "add"}], "x-off": off})
    >>> [(link.modifier["transform"], link.on, link.way) for link in links]
    [('clamp', False, ('x-off', 0, 'modifier')), ('add', True, ('modifiers', 0))]
    """
    acting, resting = found(owner, (key,)), found(owner, (OFF,))
    chain = [
        Link(value, True, (key, at)) for at, value in enumerate(acting if isinstance(acting, list) else ())
    ]
    entries = [
        (entry.get("position"), Link(entry.get("modifier"), False, (OFF, at, "modifier")))
        for at, entry in enumerate(resting if isinstance(resting, list) else ())
        if isinstance(entry, dict) and "modifier" in entry
    ]
    entries.sort(key=lambda entry: entry[0] if isinstance(entry[0], int) else len(chain))
    for position, link in entries:
        chain.insert(position if isinstance(position, int) else len(chain), link)
    return chain


def chain_edits(tree: Any, root: Path, after: Sequence[Link], key: str = "modifiers") -> tuple[Edit, ...]:
    """Return the edits that make a chain of a column or table what it is to be.

    Parameters
    ----------
    tree
        The document.
    root
        The path of the column or table.
    after
        The chain as it is to be: of links that were there only the order, and whether they act, is looked at;
        new ones have an empty way.
    key
        The key of the list.
    """
    owner = found(tree, root)
    before = [link for link in chain_of(owner, key) if link.on]
    wanted = [link for link in after if link.on]
    resting = [{"position": at, "modifier": link.modifier} for at, link in enumerate(after) if not link.on]
    edits: list[Edit] = []
    ways = [link.way for link in before]
    kept = [way for way in (link.way for link in wanted) if way in ways]
    if key not in (owner if isinstance(owner, dict) else {}) or found(owner, (key,)) is None:
        if wanted:
            edits += put(
                tree, (*root, key), [link.modifier for link in wanted], ("name", "type", "generator", key)
            )
    else:
        now = list(ways)
        for way in reversed([way for way in ways if way not in kept]):
            at = now.index(way)
            edits.append(datagen.Edit("remove", (*root, key, at), before[ways.index(way)].modifier))
            del now[at]
        for place, link in enumerate(wanted):
            if link.way in now:
                at = now.index(link.way)
                if at != place:
                    edits.append(datagen.Edit("move", (*root, key), at, place))
                    now.insert(place, now.pop(at))
            else:
                edits.append(datagen.Edit("insert", (*root, key, place), None, link.modifier))
                now.insert(place, ("new", place))
    off = resting if resting else ABSENT
    if off != found(owner, (OFF,)):
        edits += put(tree, (*root, OFF), off, ("name", "type", "generator", key, OFF))
    return tuple(edits)
