"""Values by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from datagen_engine.draw.casting import cast
from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.literals import literal, refuse_misfit
from datagen_engine.draw.stage import Site, Slice, Stage
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import Scalar

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


class MapValues(Modifier):
    """Some values become others, all at once."""

    key: ClassVar[str] = "map_values"
    title: ClassVar[str] = "Map values"
    help: ClassVar[str] = "Replace values by others, all at once; a value that is not named stays."
    samples = ({"mapping": {"a": "first", "b": "second"}},)
    acts_on = frozenset({"int", "float", "string", "bool", "datetime", "date"})

    mapping: dict[str, Scalar] = Field(title="Mapping", description="Keys are the values' JSON text.")
    default: Scalar = Field(None, title="Everything else")

    def bind(self, site: Site) -> Stage:
        """Prepare the mapping."""
        return MapStage(self.mapping, self.default, site.type)

    def facts(self, before: Facts, site: CheckSite) -> Facts:
        """Return the values that can occur afterwards, where those before are known."""
        targets = [*self.mapping.values(), *([self.default] if self.default is not None else [])]
        nullable = before.nullable or None in self.mapping.values()
        if before.values is None:
            return Facts(
                site.type, nullable, *_hull(before, targets if site.type in ("int", "float") else None)
            )
        after = []
        for value in before.values:
            key = next((k for k in self.mapping if _same(k, value, before.type)), None)
            after.append(
                self.mapping[key] if key is not None else self.default if self.default is not None else value
            )
        present = tuple(dict.fromkeys(value for value in after if value is not None))
        try:
            known = tuple(literal(value, "float" if site.type == "int" else site.type) for value in present)
        except ValueError:
            return Facts(site.type, nullable)
        numbers = site.type in ("int", "float") and targets and known
        return Facts(
            site.type,
            nullable,
            min(known) if numbers else None,
            max(known) if numbers else None,
            None if site.type in ("datetime", "date") else known,
        )

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find targets that the column's type cannot hold."""
        for key, value in self.mapping.items():
            try:
                refuse_misfit(value, site.type)
            except ValueError as error:
                yield Problem(
                    "wrong-value", ("mapping", key), f"{error}, which a column of type {site.type} holds"
                )
            if value is None and not site.nullable:
                yield Problem("null-not-allowed", ("mapping", key), "null, in a column that is not nullable")


class MapStage(Stage):
    """Replace values."""

    title = "map"

    def __init__(self, mapping: dict[str, Any], default: Any, type: ColumnType) -> None:
        """Replace by `mapping`, into a column of `type`."""
        self.mapping = mapping
        self.default = default
        self.type: ColumnType = type
        fractions = type == "int" and any(isinstance(v, float) for v in mapping.values())
        self.wanted: ColumnType = "float" if fractions else type

    def apply(self, values: Values, at: Slice) -> Values:
        """Return the values, those that are named replaced."""
        keys, targets = [], []
        for text, target in self.mapping.items():
            key = _key(text, values.type)
            if key is not None:
                keys.append(key)
                targets.append(literal(target, self.wanted))
        wanted: ColumnType = self.wanted
        if values.type == "float" and wanted == "int":
            wanted = "float"  # further modifiers may still scale what is not mapped
        unmapped = cast(values, wanted) if values.type != wanted else values
        if self.default is not None:
            unmapped = Values.of(wanted, [literal(self.default, wanted)]).take(
                np.zeros(len(values), dtype=np.int64)
            )
            unmapped = unmapped.only(values.valid)
        if not keys:
            return unmapped
        key_type: ColumnType = "datetime" if values.type == "date" else values.type
        index = KeyIndex([Values.of(key_type, keys)])
        found = index.find([values])
        options = Values.of(wanted, targets).take(index.first_rows())
        return options.take(np.maximum(found, 0)).where(found >= 0, unmapped)


def _hull(before: Facts, targets: Sequence[Any] | None) -> tuple[float | None, float | None]:
    """Return the bounds of numbers of which some become others."""
    numbers = [target for target in targets or () if isinstance(target, int | float)]
    if targets is None or before.low is None or before.high is None:
        return None, None
    return min([before.low, *numbers]), max([before.high, *numbers])


def _key(text: str, type: ColumnType) -> Any:
    """Return the value that a key names among values of a type, None where it can name none."""
    if type == "string":
        return text
    if type in ("datetime", "date"):
        item: Any = text
        type = "datetime"
    else:
        try:
            item = json.loads(text)
        except ValueError:
            return None
        if type == "int" and isinstance(item, float) and item != int(item):
            return None
    try:
        return literal(item, type)
    except (ValueError, OverflowError):
        return None


def _same(key: str, value: Any, type: str) -> bool:
    if type == "string":
        return key == value
    return bool(_key(key, "float" if type == "int" else type) == value)  # type: ignore[arg-type]  # facts of null have no values
