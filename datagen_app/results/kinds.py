"""What sort of values a column of a result holds, whichever file it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from datagen_engine.lazy import pa

if TYPE_CHECKING:
    import pyarrow

__all__ = ["NUMBERS", "TIMES", "Kind", "kind_of"]

Kind = Literal["int", "float", "string", "bool", "datetime", "date", "other"]

NUMBERS: tuple[Kind, ...] = ("int", "float")
TIMES: tuple[Kind, ...] = ("datetime", "date")


def kind_of(type_: pyarrow.DataType) -> Kind:
    """Return the kind of an Arrow type.

    Examples
    --------
    >>> from datagen_engine.lazy import pa
    >>> kind_of(pa.dictionary(pa.int32(), pa.string())), kind_of(pa.timestamp("us", "UTC"))
    ('string', 'datetime')
    """
    types = pa.types
    if types.is_dictionary(type_):
        return kind_of(type_.value_type)
    if types.is_boolean(type_):
        return "bool"
    if types.is_integer(type_):
        return "int"
    if types.is_floating(type_) or types.is_decimal(type_):
        return "float"
    if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        return "string"
    if types.is_timestamp(type_):
        return "datetime"
    return "date" if types.is_date(type_) else "other"
