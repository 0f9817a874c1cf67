"""Names: each once, and none that is easily taken for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_names"]

_LONG_ENOUGH = 5
_MOST_COMPARED = 2_000


def check_names(context: Context) -> Iterable[Problem]:
    """Find tables and columns of one name, and names that differ by one letter."""
    if not context.schema.metadata.name.strip():
        yield problem("blank-name", ("metadata", "name"), "the schema has no name: say what it is about")
    ids = [node.id for node in context.schema.nodes]
    # Files and many engines do not tell upper case from lower.
    folded = [name.lower() for name in ids]
    yield from _once(context, ids, folded, lambda i: ("nodes", i, "id"), "duplicate-table", "a table")
    yield from _similar([(table.node.id, (*table.path, "id")) for table in context.tables], "table")
    for table in context.tables:
        names = [column.name for column in table.node.columns]
        paths = [(*table.path, "columns", number, "name") for number in range(len(names))]
        yield from _once(context, names, names, paths.__getitem__, "duplicate-column", "a column")
        yield from _similar(list(zip(names, paths, strict=True)), "column")


def _once(
    context: Context,
    names: Sequence[str],
    same: Sequence[str],
    path: Callable[[int], Path],
    code: str,
    noun: str,
) -> Iterator[Problem]:
    """Find names of which there is one already; two are the same where `same` says so."""
    if len(set(same)) == len(same):
        return
    taken = {name.lower() for name in names}
    seen: dict[str, str] = {}
    for name, key, place in zip(names, same, range(len(names)), strict=True):
        if key not in seen:
            seen[key] = name
            continue
        first = seen[key]
        number = 2
        while f"{name}_{number}".lower() in taken:
            number += 1
        taken.add(f"{name}_{number}".lower())
        better = f"{name}_{number}"
        again = "" if first == name else ": upper and lower case make no difference"
        yield problem(
            code,
            path(place),
            f"there already is {noun} {first!r}{again}",
            context.fix.put(f"Rename it to {better}", (path(place), better)),
            name=name,
        )


def _similar(named: Sequence[tuple[str, Path]], noun: str) -> Iterator[Problem]:
    long = [(name, path) for name, path in named if len(name) >= _LONG_ENOUGH]
    for name, path, other in _pairs(long):
        yield problem(
            "similar-name",
            path,
            f"this {noun} and {other!r} differ by one letter: is one of them mistyped?",
            name=name,
            other=other,
        )


def _pairs(named: Sequence[tuple[str, Path]]) -> Iterator[tuple[str, Path, str]]:
    """Yield each name that differs by one letter from one before it."""
    # Names that differ by one letter agree in their first half or in their second: few share either.
    halves: dict[tuple[bool, str], list[int]] = {}
    for place, (name, _) in enumerate(named[:_MOST_COMPARED]):
        for first in (True, False):
            for length in {len(name) // 2, (len(name) + 1) // 2, (len(name) - 1) // 2}:
                part = name[:length] if first else name[len(name) - length :]
                halves.setdefault((first, part.lower()), []).append(place)
    close = {
        pair
        for group in halves.values()
        if len(group) < 40
        for pair in combinations(sorted(set(group)), 2)
        if differ_by_a_letter(named[pair[0]][0], named[pair[1]][0])
    }
    for one, two in sorted(close, key=lambda pair: (pair[1], pair[0])):
        yield named[two][0], named[two][1], named[one][0]


def differ_by_a_letter(one: str, other: str) -> bool:
    """Say whether a letter is missing, added, replaced, or has changed places with the next.

    Digits tell things apart on purpose, and so do a plural and a short last word (`size_x`, `size_y`).

    >>> differ_by_a_letter("customer", "custmer"), differ_by_a_letter("form_id", "from_id")
    (True, True)
    >>> differ_by_a_letter("line1", "line2"), differ_by_a_letter("order", "orders")
    (False, False)
    """
    if abs(len(one) - len(other)) > 1 or one.lower() == other.lower():
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if not (left + right).isalpha():
        return False
    if not end and (one[start - 1 : start] in ("", "_") or {left, right} == {"", "s"}):
        return False
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
