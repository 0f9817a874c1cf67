"""Columns as others may have written them, as the engine's own values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.lazy import np, pa, pc
from datagen_engine.validation.faults import DataFault

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Mask

__all__ = ["ACCEPTED", "accepts", "values_of"]

ACCEPTED = {
    "int": "int64, or narrower whole numbers",
    "float": "float64, or narrower floating numbers and decimals",
    "string": "string",
    "bool": "bool",
    "datetime": "a timestamp; without a time zone it is taken for UTC",
    "date": "date32 or date64",
}
"""What a file may hold for a column of each type, in words."""


def accepts(type: ColumnType, found: pa.DataType) -> bool:
    """Say whether a column of `type` may stand in a file as `found`, so that no value is changed by reading it.

    >>> accepts("int", pa.int32()), accepts("int", pa.float64()), accepts("date", pa.timestamp("us"))
    (True, False, False)
    """
    kind = pa.types
    if kind.is_dictionary(found):
        return type == "string" and _is_text(found.value_type)
    if type == "int":
        return bool(kind.is_integer(found)) and found != pa.uint64()
    if type == "float":
        return bool(kind.is_floating(found) or kind.is_decimal(found))
    if type == "string":
        return _is_text(found)
    if type == "bool":
        return bool(kind.is_boolean(found))
    return bool(kind.is_timestamp(found) if type == "datetime" else kind.is_date(found))


def _is_text(found: pa.DataType) -> bool:
    kind = pa.types
    return bool(kind.is_string(found) or kind.is_large_string(found) or kind.is_string_view(found))


def values_of(array: pa.Array, type: ColumnType) -> Values:
    """Return an Arrow array of an accepted type as values; what is not finite is null.

    Raises
    ------
    DataFault
        It holds text that is not UTF-8, or times beyond the calendar.
    """
    try:
        if type == "string":
            return _texts(array)
        return _numbers(array, type)
    except (pa.ArrowException, OverflowError) as error:
        raise DataFault(f"holds what is no {type}: {_first_line(error)}") from None


def _texts(array: pa.Array) -> Values:
    if not pa.types.is_dictionary(array.type):
        text = array.cast(pa.string())
        text.validate(full=True)  # of files by others: bytes that are no text would be met much later
        return Values.plain(text)
    valid = _valid(array)
    words = array.dictionary.cast(pa.string())
    words.validate(full=True)
    codes = np.asarray(array.indices.fill_null(0)).astype(np.int32, copy=False)
    if not len(words):  # nulls only, as values have them: without a word
        return Values.nulls("string", len(array)) if len(array) else Values.coded(codes, words)
    if len(codes) and not (int(codes.min()) >= 0 and int(codes.max()) < len(words)):
        raise DataFault("holds codes of words that there are not")
    if words.null_count:
        there = np.asarray(words.is_valid())[codes]
        valid = there if valid is None else there & valid
        words = words.fill_null("")
    return Values.coded(codes, words, valid)


def _numbers(array: pa.Array, type: ColumnType) -> Values:
    valid = _valid(array)
    if type == "int":
        return Values(type, _filled(array.cast(pa.int64()), 0), valid)
    if type == "bool":
        return Values(type, np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False)), valid)
    if type == "float":
        data = _filled(array.cast(pa.float64()), 0.0)
        finite = np.isfinite(data)
        if not finite.all():
            valid = finite if valid is None else finite & valid
            data = np.where(finite, data, 0.0)
        return Values(type, data, valid)
    if type == "date":
        days = array.cast(pa.date32()).cast(pa.int32())
        return Values(type, _filled(days, 0).astype(np.int64), valid)
    # Finer than a microsecond is cut off; coarser that leaves 64 bits is a fault.
    fine = array.type.unit == "ns"
    instants = pc.cast(array, pa.timestamp("us", tz=array.type.tz), safe=not fine).cast(pa.int64())
    return Values(type, _filled(instants, 0), valid)


def _valid(array: pa.Array) -> Mask | None:
    return np.asarray(array.is_valid()) if array.null_count else None


def _filled(array: pa.Array, zero: float) -> Array:
    filled: Array = np.asarray(array.fill_null(zero) if array.null_count else array)
    return filled


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
