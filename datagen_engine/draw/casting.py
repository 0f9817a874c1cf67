"""How a drawn value becomes one of the column's type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["cast"]

_LARGEST = 9.2e18
_ISO = "%Y-%m-%dT%H:%M:%SZ"


def cast(values: Values, type: ColumnType) -> Values:
    """Return values as a column of `type` holds them.

    Whole numbers are rounded half to even; what is not finite, or cannot be such a value, becomes null;
    a date is the day of a time; text of numbers is their shortest JSON text.

    >>> cast(Values.of("float", [0.5, 1.5, float("nan")]), "int").to_list()
    [0, 2, None]
    """
    if values.type == type:
        if type == "float":
            return _finite(values)
        return values
    if type == "string":
        return _to_text(values)
    if values.type == "string":
        return _from_text(values, type)
    if type == "float":
        return _finite(Values("float", values.data.astype(np.float64), values.valid))
    if type == "int":
        if values.type == "float":
            return _rounded(values)
        return Values("int", values.data.astype(np.int64), values.valid)
    if type == "bool":
        known = _finite(values) if values.type == "float" else values
        return Values("bool", known.data != 0, known.valid)
    if type == "date" and values.type == "datetime":
        return Values("date", values.data // MICROSECONDS_A_DAY, values.valid)
    if type == "datetime" and values.type == "date":
        return Values("datetime", values.instants(), values.valid)
    # A number or bool where a date is wanted: the checks refuse it; numbers count from 1970.
    whole = _rounded(Values("float", values.data.astype(np.float64), values.valid))
    return Values(type, whole.data, whole.valid)


def _finite(values: Values) -> Values:
    finite = np.isfinite(values.data)
    return values if finite.all() else values.only(finite)


def _rounded(values: Values) -> Values:
    data = np.rint(values.data)
    good = np.abs(data) < _LARGEST  # false for NaN
    if good.all():
        return Values("int", data.astype(np.int64), values.valid)
    return Values("int", np.where(good, data, 0.0).astype(np.int64), values.valid).only(good)


def _to_text(values: Values) -> Values:
    if values.type == "float":
        return _numbers_to_text(_finite(values))
    if values.type == "datetime":
        return Values.plain(_moments_to_text(values.data), values.valid)
    if values.type == "date":
        return _text_of(pa.array(values.data.astype(np.int32)).cast(pa.date32()), values.valid)
    return _text_of(pa.array(values.data), values.valid)


# A row's text must not depend on the rows that it is drawn with: each decides for itself how it is written.


def _numbers_to_text(values: Values) -> Values:
    whole = (values.data == np.rint(values.data)) & (np.abs(values.data) < 2.0**53)
    text = pa.array(np.where(whole, values.data, 0.0).astype(np.int64)).cast(pa.string())
    if not whole.all():
        fractions = pa.array(np.nan_to_num(values.data)).cast(pa.string())
        text = pc.if_else(pa.array(whole), text, fractions)
    return Values.plain(text, values.valid)


def _moments_to_text(instants: Array) -> pa.Array:
    whole = instants % 1_000_000 == 0
    # %S writes as many digits as the unit of the timestamp has.
    text = pc.strftime(pa.array(instants // 1_000_000).cast(pa.timestamp("s")), format=_ISO)
    if whole.all():
        return text
    return pc.if_else(
        pa.array(whole), text, pc.strftime(pa.array(instants).cast(pa.timestamp("us")), format=_ISO)
    )


def _text_of(array: pa.Array, valid: Array | None) -> Values:
    return Values.plain(array.cast(pa.string()), valid)


def _from_text(values: Values, type: ColumnType) -> Values:
    if values.words is not None:
        known = _from_text(Values.plain(values.words), type)
        if not len(known):
            return Values.nulls(type, len(values))
        return known.take(values.data).only(values.valid)
    text = pc.utf8_trim_whitespace(values.data)
    if type == "bool":
        lower = pc.utf8_lower(text)
        true = np.asarray(pc.equal(lower, "true"))
        return Values("bool", true, values.valid).only(true | np.asarray(pc.equal(lower, "false")))
    if type in ("datetime", "date"):
        shape = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$"
        text = pc.if_else(pc.match_substring_regex(text, shape), text, pa.scalar(None, pa.string()))
        return cast(_moments(text, values.valid), type)
    number = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$"
    good = pc.match_substring_regex(text, number)
    floats = pc.if_else(good, text, pa.scalar(None, pa.string())).cast(pa.float64())
    data = np.asarray(floats.fill_null(float("nan")))
    return cast(Values("float", data, values.valid), type)


def _moments(text: pa.Array, valid: Array | None) -> Values:
    from datagen_engine.draw.grid import parse_instant

    # Texts of times come from short lists; each distinct one is read once.
    coded = text.dictionary_encode()
    instants: list[int | None] = []
    for word in coded.dictionary.to_pylist():
        try:
            instants.append(parse_instant(word))
        except ValueError:
            instants.append(None)
    codes = np.asarray(coded.indices.fill_null(-1))
    known = Values.of("datetime", [*instants, None])
    return known.take(codes).only(valid)
