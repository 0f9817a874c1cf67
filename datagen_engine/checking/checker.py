"""All checks in one list, and the one function that asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from datagen_engine.checking.behaviors import check_behaviors
from datagen_engine.checking.context import Context
from datagen_engine.checking.correlations import check_correlations
from datagen_engine.checking.cycles import check_cycles
from datagen_engine.checking.effects import check_effects
from datagen_engine.checking.enums import check_enums
from datagen_engine.checking.foreign_keys import check_foreign_keys
from datagen_engine.checking.inequalities import check_inequalities
from datagen_engine.checking.keys import check_keys
from datagen_engine.checking.lookups import check_lookups
from datagen_engine.checking.modifiers import check_modifiers
from datagen_engine.checking.names import check_names
from datagen_engine.checking.nulls import check_nulls
from datagen_engine.checking.order import check_order
from datagen_engine.checking.parts import check_parts
from datagen_engine.checking.patterns import check_patterns
from datagen_engine.checking.ranges import check_ranges
from datagen_engine.checking.references import check_references
from datagen_engine.checking.rules import check_rules
from datagen_engine.checking.sizes import check_sizes
from datagen_engine.checking.tables import check_tables
from datagen_engine.checking.targets import check_targets
from datagen_engine.checking.times import check_times
from datagen_engine.checking.types import check_types
from datagen_engine.checking.unique import check_unique
from datagen_engine.collector import collector_waits
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import Reading

if TYPE_CHECKING:
    from datagen_engine.document import Document

__all__ = ["CHECKS", "check_document", "check_schema"]

Check: TypeAlias = Callable[[Context], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    check_names,
    check_tables,
    check_order,
    check_parts,
    check_types,
    check_times,
    check_cycles,
    check_nulls,
    check_keys,
    check_lookups,
    check_modifiers,
    check_effects,
    check_behaviors,
    check_correlations,
    check_unique,
    check_foreign_keys,
    check_ranges,
    check_inequalities,
    check_patterns,
    check_enums,
    check_rules,
    check_targets,
    check_sizes,
)
"""The checks of a schema, as far as it could be read; of two that find the same the first counts."""

_MOST_PROBLEMS = 1_000


def check_schema(
    reading: Reading, *, seed: int = 42, scale: float = 1.0, rows: Mapping[str, int] | None = None
) -> list[Problem]:
    """Find every problem of a schema before a row is drawn.

    What could not be read is left out, so that one fault is one problem and the rest is checked all the same.

    Parameters
    ----------
    reading
        A document read as a schema.
    seed, scale, rows
        Those of the run that it is checked for.

    Returns
    -------
    list of Problem
        Those of the reading among them, in the order of the document.

    Examples
    --------
    >>> from datagen_engine.schema.reading import read_schema
    >>> from datagen_engine.schema.text import SMALLEST, read
    >>> check_schema(read_schema(read(SMALLEST).tree))
    []
    """
    return _in_order(reading.tree, [*reading.problems, *_found(reading, seed, scale, rows)])


def check_document(
    document: Document, *, seed: int = 42, scale: float = 1.0, rows: Mapping[str, int] | None = None
) -> list[Problem]:
    """Find every problem of a document: of its text, of its form, and of the schema that it says.

    Parameters and result are those of `check_schema`.
    """
    found = _found(document.reading, seed, scale, rows)
    return _in_order(document.tree, [*document.problems, *found])


def _found(reading: Reading, seed: int, scale: float, rows: Mapping[str, int] | None) -> list[Problem]:
    if reading.schema is None:
        return []
    with collector_waits():
        context = Context(reading, reading.schema, seed, scale, rows)
        context.warm()
        found = list(islice(check_references(context), _MOST_PROBLEMS))
        for check in CHECKS:
            found += [reading.moved(one) for one in islice(check(context), _MOST_PROBLEMS)]
        return found + [reading.moved(one) for one in context.faulty.values()]


def _in_order(tree: Any, problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by their places in the document, errors first at one place, none twice."""
    once: dict[tuple[str, Path, str], Problem] = {}
    for one in problems:
        once.setdefault((one.code, one.path, one.message), one)
    ranks = _Ranks(tree)
    ordered = sorted(once.values(), key=lambda one: (ranks.of(one.path), one.severity))
    return ordered[:_MOST_PROBLEMS]


class _Ranks:
    """Tell the place of a path in the document: the number of each step among its siblings."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._keys: dict[Path, dict[str, int]] = {}

    def of(self, path: Path) -> tuple[int, ...]:
        """Return the numbers of the steps; a key that is missing comes after those that are there."""
        rank: tuple[int, ...] = ()
        here = self._tree
        for depth, step in enumerate(path):
            if isinstance(here, dict):
                keys = self._keys.get(path[:depth])
                if keys is None:
                    keys = self._keys[path[:depth]] = {key: place for place, key in enumerate(here)}
                rank += (keys.get(str(step), len(keys)),)
                here = here.get(step)
            elif isinstance(step, int):
                rank += (step,)
                here = here[step] if isinstance(here, list) and step < len(here) else None
            else:
                rank += (0,)
        return rank
