"""Numbers by the names of values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.keys import KeyIndex
from datagen_engine.draw.literals import literal
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["NamedNumbers", "named_value"]


def named_value(text: str, type: ColumnType) -> Any:
    """Return the value that a name (a value's JSON text) stands for among values of a type; None for none.

    >>> named_value("1", "int"), named_value("true", "bool"), named_value("1", "string"), named_value("x", "int")
    (1, True, '1', None)
    """
    if type == "string":
        return text
    if type in ("datetime", "date"):
        item: Any = text
    else:
        try:
            item = json.loads(text)
        except ValueError:
            return None
    try:
        return literal(item, type)
    except (ValueError, OverflowError):
        return None


class NamedNumbers:
    """Know a number for some values by name, and another for all the rest.

    >>> NamedNumbers({"gold": 2.0}, 1.0).of(Values.of("string", ["gold", None, "tin"])).tolist()
    [2.0, 1.0, 1.0]
    """

    def __init__(self, numbers: Mapping[str, float], default: float) -> None:
        """Hold the numbers by name."""
        self.numbers = dict(numbers)
        self.default = default

    def of(self, values: Values) -> Array:
        """Return the number of each value; of a null, the default."""
        if values.type == "string":
            coded = values.encode()
            assert coded.words is not None
            of_word = np.array(
                [self.numbers.get(word, self.default) for word in coded.words.to_pylist()] or [self.default]
            )
            return np.where(coded.mask(), of_word[coded.data], self.default)
        named = [(named_value(name, values.type), number) for name, number in self.numbers.items()]
        known = [(value, number) for value, number in named if value is not None]
        if not known:
            return np.full(len(values), self.default)
        index = KeyIndex([Values.of(values.type, [value for value, _ in known])])
        of_key = np.array([number for _, number in known])[index.first_rows()]
        return np.append(of_key, self.default)[index.find([values])]
