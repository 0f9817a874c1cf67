"""Values of one column for some rows: the one form in which data travels through the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[Any]
    Mask: TypeAlias = NDArray[np.bool_]

__all__ = ["COLUMN_TYPES", "MICROSECONDS_A_DAY", "ColumnType", "Values"]

ColumnType = Literal["int", "float", "string", "bool", "datetime", "date"]
COLUMN_TYPES: tuple[ColumnType, ...] = get_args(ColumnType)

MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Hold one column's values for some rows.

    | type       | `data`                                                                       |
    |------------|------------------------------------------------------------------------------|
    | `int`      | int64                                                                        |
    | `float`    | float64                                                                      |
    | `bool`     | bool                                                                         |
    | `datetime` | int64, microseconds since 1970-01-01 UTC                                     |
    | `date`     | int64, days since 1970-01-01                                                 |
    | `string`   | int32 codes into `words`; or, where `words` is None, an Arrow string array   |

    `valid` is a bool mask, or None where no value is null. What stands under a null is not defined, but is
    always of the right type (a code under a null is a valid code, if there is any word at all).

    >>> v = Values.of("string", ["b", None, "a", "b"])
    >>> v.to_list()
    ['b', None, 'a', 'b']
    >>> v.take(np.array([0, 0, 2])).to_list()
    ['b', 'b', 'a']
    """

    type: ColumnType
    data: Array | pa.Array
    valid: Mask | None = None
    words: pa.Array | None = None

    # -- making ---------------------------------------------------------------------------------------

    @classmethod
    def of(cls, type: ColumnType, items: Sequence[Any]) -> Values:
        """Make values from a Python list; None is null. Dates and times are given as in `data`."""
        valid = np.array([item is not None for item in items], dtype=bool)
        mask = None if valid.all() else valid
        if type == "string":
            words, codes = _index([str(item) for item in items if item is not None])
            full = np.zeros(len(items), dtype=np.int32)
            full[valid] = codes
            return cls("string", full, mask, words)
        filled = [_ZERO[type] if item is None else item for item in items]
        return cls(type, np.array(filled, dtype=_DTYPE[type]), mask)

    @classmethod
    def nulls(cls, type: ColumnType, size: int) -> Values:
        """Make `size` nulls."""
        return cls.of(type, [None] * size)

    @classmethod
    def coded(cls, codes: Array, words: pa.Array, valid: Mask | None = None) -> Values:
        """Make strings from codes into a list of words (an Arrow string array)."""
        return cls("string", codes.astype(np.int32, copy=False), valid, words)

    @classmethod
    def plain(cls, strings: pa.Array, valid: Mask | None = None) -> Values:
        """Make strings from an Arrow string array; its own nulls join those of `valid`."""
        if isinstance(strings, pa.ChunkedArray):
            strings = strings.combine_chunks()
        if strings.null_count:
            own = np.asarray(strings.is_valid())
            valid = own if valid is None else own & valid
            strings = strings.fill_null("")
        return cls("string", strings, valid)

    @classmethod
    def join(cls, parts: Sequence[Values]) -> Values:
        """Put values of one type one after the other."""
        first = parts[0]
        if len(parts) == 1:
            return first
        valid = None
        if any(part.valid is not None for part in parts):
            valid = np.concatenate([part.mask() for part in parts])
        if first.type == "string" and not all(part.words is first.words for part in parts):
            return cls.plain(pa.concat_arrays([part.text() for part in parts]), valid)
        if first.type == "string" and first.words is None:
            return cls("string", pa.concat_arrays([part.data for part in parts]), valid)
        return cls(first.type, np.concatenate([part.data for part in parts]), valid, first.words)

    # -- looking --------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.data)

    @property
    def is_number(self) -> bool:
        """Say whether the values are whole or floating numbers."""
        return self.type in ("int", "float")

    @property
    def is_time(self) -> bool:
        """Say whether the values are dates or times."""
        return self.type in ("datetime", "date")

    def mask(self) -> Mask:
        """Return the mask of values that are not null (all true where none is)."""
        return np.ones(len(self), dtype=bool) if self.valid is None else self.valid

    def numbers(self) -> Array:
        """Return numbers or bools as float64, with NaN for null."""
        data = self.data.astype(np.float64, copy=False)
        if self.valid is not None:
            data = np.where(self.valid, data, np.nan)
        return data

    def instants(self) -> Array:
        """Return times as int64 microseconds since 1970 UTC; a date stands for its midnight."""
        return self.data * MICROSECONDS_A_DAY if self.type == "date" else self.data

    def text(self) -> pa.Array:
        """Return strings as a plain Arrow string array, nulls included."""
        if self.words is None:
            if self.valid is None:
                return self.data
            return pc.if_else(pa.array(self.valid), self.data, pa.scalar(None, pa.string()))
        return self.words.take(pa.array(self.data, mask=None if self.valid is None else ~self.valid))

    def encode(self) -> Values:
        """Return strings as codes into words, each word once."""
        if self.words is not None:
            return self
        strings: Any = self.data
        encoded = strings.dictionary_encode()
        return Values.coded(np.asarray(encoded.indices), encoded.dictionary, self.valid)

    # -- changing -------------------------------------------------------------------------------------

    def take(self, index: Array) -> Values:
        """Return the values at these places (each 0 … len−1)."""
        valid = None if self.valid is None else self.valid[index]
        if self.type == "string" and self.words is None:
            return Values("string", self.data.take(pa.array(index)), valid)
        return Values(self.type, self.data[index], valid, self.words)

    def slice(self, start: int, stop: int) -> Values:
        """Return the values from start to stop, without copying."""
        valid = None if self.valid is None else self.valid[start:stop]
        # Arrow slices as numpy does: without copying.
        data = self.data[start:stop]
        return Values(self.type, data, valid, self.words)

    def only(self, valid: Mask | None) -> Values:
        """Return the values with everything else made null, in addition to what is null already."""
        if valid is None or valid.all():
            return self
        return replace(self, valid=valid if self.valid is None else valid & self.valid)

    def where(self, condition: Mask, other: Values) -> Values:
        """Return these values where the condition holds, those of `other` (of the same type) elsewhere."""
        valid = None
        if self.valid is not None or other.valid is not None:
            valid = np.where(condition, self.mask(), other.mask())
        if self.type == "string":
            if self.words is not None and other.words is not None:
                mine, theirs, words = _merged(self.words, other.words)
                return Values.coded(np.where(condition, mine[self.data], theirs[other.data]), words, valid)
            return Values.plain(pc.if_else(pa.array(condition), self.text(), other.text()), valid)
        return Values(self.type, np.where(condition, self.data, other.data), valid)

    # -- leaving --------------------------------------------------------------------------------------

    def to_arrow(self) -> pa.Array:
        """Return an Arrow array of the type that stands in the file; coded strings stay dictionary-encoded."""
        null = None if self.valid is None else ~self.valid
        if self.type == "string":
            if self.words is None:
                return self.text()
            return pa.DictionaryArray.from_arrays(pa.array(self.data, mask=null), self.words)
        data = self.data.astype(np.int32) if self.type == "date" else np.ascontiguousarray(self.data)
        if self.type in ("datetime", "date"):
            data = data.view("M8[us]" if self.type == "datetime" else np.int32)
        return pa.array(data, type=arrow_type(self.type), mask=null)

    def to_list(self) -> list[Any]:
        """Return Python values: int, float, bool, str, aware datetime, date, or None."""
        array = self.text() if self.type == "string" else self.to_arrow()
        listed: list[Any] = array.to_pylist()
        return listed


def arrow_type(type: ColumnType) -> pa.DataType:
    """Return the Arrow type in the file for a column type of the language."""
    return {
        "int": pa.int64,
        "float": pa.float64,
        "bool": pa.bool_,
        "string": pa.string,
        "date": pa.date32,
        "datetime": lambda: pa.timestamp("us", tz="UTC"),
    }[type]()


_DTYPE = {"int": "i8", "float": "f8", "bool": "?", "datetime": "i8", "date": "i8"}
_ZERO: dict[str, Any] = {"int": 0, "float": 0.0, "bool": False, "datetime": 0, "date": 0}


def _merged(one: pa.Array, two: pa.Array) -> tuple[Array, Array, pa.Array]:
    """Return the words of two lists, each once, and for each list the codes of its words among them."""
    if one is two:
        codes = np.arange(max(len(one), 1))
        return codes, codes, one
    both = pa.concat_arrays([one, two]).dictionary_encode()
    codes = np.asarray(both.indices)
    # A list without words has nulls only, with a code that is not looked at.
    mine, theirs = (
        part if len(part) else np.zeros(1, dtype=np.int32) for part in np.split(codes, [len(one)])
    )
    return mine, theirs, both.dictionary


def _index(strings: list[str]) -> tuple[pa.Array, Array]:
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(s, len(places)) for s in strings], dtype=np.int32)
    return pa.array(list(places), type=pa.string()), codes
