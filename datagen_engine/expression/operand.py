"""Values on their way through an expression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.expression.interval import DAY, FIRST_TIME, LAST_TIME
from datagen_engine.expression.kinds import Kind, kind_of
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Mask
    from datagen_engine.expression.syntax import Scalar

__all__ = ["Operand", "all_valid", "any_lost", "still_null"]


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """Hold one part's values for all rows, or one value that stands for every row (arrays of length 1).

    `data`, `valid` and `words` are as in `Values`; numbers are always float64, lengths of time float64
    microseconds, and strings of length 1 are always coded. `lost` marks what is null because a calculation
    was not finite.
    """

    kind: Kind
    data: Array | pa.Array
    valid: Mask | None = None
    words: pa.Array | None = None
    lost: Mask | None = None

    def __post_init__(self) -> None:
        # A mask of length 1 may meet data of full length, where a null that is written out meets a column.
        for name in ("valid", "lost"):
            mask = getattr(self, name)
            if mask is not None and len(mask) != len(self.data):
                object.__setattr__(self, name, np.broadcast_to(mask, len(self.data)))

    # -- making ---------------------------------------------------------------------------------------

    @classmethod
    def of(cls, values: Values) -> Operand:
        """Take a column's values."""
        kind = kind_of(values.type)
        if kind == "string":
            return cls.strings(values.data, values.valid) if values.words is None else cls.coded(
                values.data, values.words, values.valid
            )  # fmt: skip
        if kind == "number":
            return cls.finite(values.data.astype(np.float64, copy=False), values.valid)
        return cls(kind, values.data, values.valid)

    @classmethod
    def constant(cls, value: Scalar) -> Operand:
        """Make one value that stands for every row."""
        match value:
            case None:
                return cls("null", np.zeros(1, dtype=bool), np.zeros(1, dtype=bool))
            case bool():
                return cls("bool", np.array([value]))
            case float():
                return cls("number", np.array([value]))
            case str():
                return cls.coded(np.zeros(1, dtype=np.int32), pa.array([value], pa.string()))
            case datetime():
                at = np.datetime64(value.astimezone(UTC).replace(tzinfo=None), "us")
                return cls("datetime", np.array([at]).view(np.int64))
            case date():
                return cls("date", np.array([np.datetime64(value, "D")]).view(np.int64))

    @classmethod
    def coded(
        cls, codes: Array, words: pa.Array, valid: Mask | None = None, lost: Mask | None = None
    ) -> Operand:
        """Make strings from codes into words; nulls among the words are nulls."""
        if words.null_count:
            present = np.asarray(words.is_valid())[codes]
            valid = present if valid is None else present & valid
            words = words.fill_null("")
        if len(words) == 0:  # nothing but nulls: let a code be valid all the same
            words = pa.array([""], pa.string())
        return cls("string", codes, valid, words, lost)

    @classmethod
    def strings(cls, strings: pa.Array, valid: Mask | None = None, lost: Mask | None = None) -> Operand:
        """Make strings from an Arrow array; its own nulls join those of `valid`."""
        plain = Values.plain(strings, valid)
        if len(plain) == 1:
            return cls.coded(np.zeros(1, dtype=np.int32), plain.data, plain.valid, lost)
        return cls("string", plain.data, plain.valid, None, lost)

    @classmethod
    def finite(
        cls, data: Array, valid: Mask | None = None, lost: Mask | None = None, kind: Kind = "number"
    ) -> Operand:
        """Make numbers or lengths of time; what is not finite becomes null, and is marked as lost."""
        return cls(kind, data, valid, None, lost).without(~np.isfinite(data))

    @classmethod
    def times(cls, kind: Kind, data: Array, valid: Mask | None = None, lost: Mask | None = None) -> Operand:
        """Make dates or times; what is outside of the years 1 to 9999 becomes null, and is marked as lost."""
        unit = DAY if kind == "date" else 1
        return cls(kind, data, valid, None, lost).without(
            (data < FIRST_TIME // unit) | (data > LAST_TIME // unit)
        )

    # -- looking --------------------------------------------------------------------------------------

    @property
    def is_constant(self) -> bool:
        """Say whether one value stands for every row (or there is but one row)."""
        return len(self.data) == 1

    def instants(self) -> Array:
        """Return times as microseconds."""
        return self.data * DAY if self.kind == "date" else self.data

    def text(self) -> pa.Array:
        """Return strings as a plain Arrow array, nulls included."""
        return Values("string", self.data, self.valid, self.words).text()

    def rows(self) -> Any:
        """Return strings as Arrow takes them beside others: an array, or a scalar for all rows."""
        return self.text()[0] if self.is_constant else self.text()

    # -- changing -------------------------------------------------------------------------------------

    def without(self, bad: Mask) -> Operand:
        """Return this with what is bad made null and marked as lost."""
        if self.valid is not None:
            bad = bad & self.valid
        if not bad.any():
            return self
        valid = ~bad if self.valid is None else self.valid & ~bad
        return replace(self, valid=valid, lost=bad if self.lost is None else self.lost | bad)

    def distinct(self) -> Operand:
        """Return coded strings with each word once."""
        encoded = self.words.dictionary_encode()  # type: ignore[union-attr]  # only asked of coded strings
        if len(encoded.dictionary) == len(encoded.indices):
            return self
        return replace(self, data=np.asarray(encoded.indices)[self.data], words=encoded.dictionary)

    def cast(self, kind: Kind) -> Operand:
        """Return this as another kind that it goes together with, or as text."""
        if self.kind == kind:
            return self
        if self.kind == "null":
            return _nulls(kind)
        if kind == "number":
            return replace(self, kind=kind, data=self.data.astype(np.float64))
        if kind == "datetime":
            return replace(self, kind=kind, data=self.instants())
        if self.kind == "bool" and kind == "string":
            words = pa.array(["false", "true"])
            return Operand.coded(self.data.astype(np.int32), words, self.valid, self.lost)
        if kind == "string":
            return Operand.strings(_written(self), self.valid, self.lost)
        return replace(self, kind=kind)  # days as a length of time

    def where(self, mask: Mask, other: Operand) -> Operand:
        """Return this where the mask holds and the other, of the same kind, elsewhere."""
        mask = np.broadcast_to(mask, np.broadcast_shapes(mask.shape, (len(self.data),), (len(other.data),)))
        valid = lost = None
        if self.valid is not None or other.valid is not None:
            valid = np.where(mask, _full(self.valid, True), _full(other.valid, True))
        if self.lost is not None or other.lost is not None:
            lost = np.where(mask, _full(self.lost, False), _full(other.lost, False))
        if self.kind == "string":
            return self._where_text(mask, other, valid, lost)
        return Operand(self.kind, np.where(mask, self.data, other.data), valid, None, lost)

    def _where_text(self, mask: Mask, other: Operand, valid: Mask | None, lost: Mask | None) -> Operand:
        if self.words is not None and other.words is not None:
            words = pa.concat_arrays([self.words, other.words])
            codes = np.where(mask, self.data, other.data + np.int32(len(self.words)))
            return Operand.coded(codes, words, valid, lost).distinct()
        return Operand.strings(pc.if_else(pa.array(mask), self.rows(), other.rows()), None, lost)

    def or_else(self, other: Operand) -> Operand:
        """Return this where it is not null and the other, of the same kind, elsewhere."""
        if self.valid is None:
            return self
        found = self.where(self.valid, other)
        return replace(
            found, lost=still_null(any_lost((self, found)), found.valid)
        )  # lost, unless made up for

    def is_null(self) -> Operand:
        """Return whether it is null."""
        return Operand("bool", np.zeros(len(self.data), dtype=bool) if self.valid is None else ~self.valid)

    # -- leaving --------------------------------------------------------------------------------------

    def values(self, size: int) -> Values:
        """Return a column's values; nulls without a type are those of a float."""
        if self.kind == "null":
            return Values.nulls("float", size)
        valid = None if self.valid is None or self.valid.all() else _spread(self.valid, size)
        if self.kind == "string" and self.words is None:
            return Values("string", self.data, valid)
        type_: Any = "float" if self.kind == "number" else self.kind
        column: ColumnType = type_
        data = _spread(self.data, size)
        return Values(column, data, valid) if self.words is None else Values.coded(data, self.words, valid)


def all_valid(operands: Iterable[Operand]) -> Mask | None:
    """Return where none of several is null."""
    valid: Mask | None = None
    for operand in operands:
        if operand.valid is not None:
            valid = operand.valid if valid is None else valid & operand.valid
    return valid


def any_lost(operands: Iterable[Operand]) -> Mask | None:
    """Return where any of several is lost."""
    lost: Mask | None = None
    for operand in operands:
        if operand.lost is not None:
            lost = operand.lost if lost is None else lost | operand.lost
    return lost


def still_null(lost: Mask | None, valid: Mask | None) -> Mask | None:
    """Return what is lost and not made up for."""
    return None if lost is None or valid is None else lost & ~valid


def _nulls(kind: Kind) -> Operand:
    nothing = np.zeros(1, dtype=bool)
    if kind == "string":
        return Operand.coded(np.zeros(1, dtype=np.int32), pa.array([""], pa.string()), nothing)
    dtype: Any = {"number": np.float64, "bool": np.bool_}.get(kind, np.int64)
    return Operand(kind, np.zeros(1, dtype=dtype), nothing)


def _written(operand: Operand) -> pa.Array:
    """Return numbers, dates and times as text."""
    data = np.ascontiguousarray(operand.data)
    if operand.kind == "number":
        # A whole number has no point; from 2^53 on floats are written as floats.
        whole = (data == np.rint(data)) & (np.abs(data) < 2.0**53)
        as_int = pc.cast(pa.array(np.where(whole, data, 0.0).astype(np.int64)), pa.string())
        return (
            as_int
            if whole.all()
            else pc.if_else(pa.array(whole), as_int, pc.cast(pa.array(data), pa.string()))
        )
    if operand.kind == "date":
        return pc.cast(pa.array(data.astype(np.int32)).cast(pa.date32()), pa.string())
    return pc.cast(pa.array(data // 1_000_000).cast(pa.timestamp("s")), pa.string())


def _full(mask: Mask | None, otherwise: bool) -> Mask | bool:
    return otherwise if mask is None else mask


def _spread(data: Array, size: int) -> Array:
    return data if len(data) == size else np.repeat(data, size)
