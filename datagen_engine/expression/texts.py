"""Working on texts: on the words alone where they are coded, else in Arrow, and never on Python strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

from datagen_engine.expression.fault import Mismatch
from datagen_engine.expression.operand import Operand, all_valid, any_lost
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array, Mask

__all__ = ["MAX_BYTES", "Texts"]

MAX_BYTES = 4_096  # of one text
FREE_BYTES = 64 << 20
MAX_TABLE = 4_096  # combinations of words that are worked out once instead of row by row


class Texts:
    """Apply functions to texts, within the memory that one evaluation may take.

    No text is longer than 4,096 bytes, and all that an evaluation makes take no more than that for each row,
    beside 64 MB. What would be longer is refused before it is made.
    """

    def __init__(self, size: int) -> None:
        self.left = FREE_BYTES + size * MAX_BYTES

    def apply(
        self,
        function: Callable[..., Any],
        operands: Sequence[Operand],
        growth: Callable[..., Any] | None = None,
    ) -> Operand:
        """Return a function of several texts.

        Parameters
        ----------
        function
            From Arrow arrays (or scalars) of strings to an Arrow array of strings, bools or numbers.
        growth
            From the same to the bytes of each result, for functions that make longer texts.

        Raises
        ------
        Mismatch
            Where a text would be too long, or all of them too many.
        """
        table = all(operand.words is not None for operand in operands)
        sizes = [len(operand.words) for operand in operands if operand.words is not None]
        if table and prod(sizes) <= max(MAX_TABLE, *sizes):
            words = _combinations([operand.words for operand in operands], sizes)
            if growth is None or pc.max(growth(*words)).as_py() <= MAX_BYTES:
                return self._result(function(*words), operands, _codes(operands, sizes))
        one_row = all(operand.is_constant for operand in operands)  # functions of scalars alone give no array
        arrays = [operand.text() if one_row else operand.rows() for operand in operands]
        if growth is not None:
            self._refuse_growth(growth(*arrays))
        return self._result(function(*arrays), operands)

    def _result(self, made: pa.Array, operands: Sequence[Operand], codes: Array | None = None) -> Operand:
        """Return what was made for every row, or for every combination of words that the codes point at."""
        valid, lost = all_valid(operands), any_lost(operands)
        if pa.types.is_string(made.type):
            lengths = pc.binary_length(made)
            self._refuse_growth(lengths)
            self.left -= pc.sum(lengths).as_py() or 0
            if codes is None:
                return Operand.strings(made, valid, lost)
            return Operand.coded(codes, made, valid, lost).distinct()
        present, data = _array(made)
        if codes is not None:
            present, data = None if present is None else present[codes], data[codes]
        if present is not None:
            valid = present if valid is None else present & valid
        if data.dtype == np.bool_:
            return Operand("bool", data, valid, None, lost)
        return Operand.finite(data.astype(np.float64), valid, lost)

    def _refuse_growth(self, lengths: pa.Array) -> None:
        longest, together = pc.max(lengths).as_py() or 0, pc.sum(lengths).as_py() or 0
        if longest > MAX_BYTES:
            raise Mismatch(f"this makes a text of {longest:,} bytes; {MAX_BYTES:,} are allowed")
        if together > self.left:
            raise Mismatch(
                f"this makes texts of {together >> 20:,} MB together, more than one expression may take"
            )


def _combinations(words: Sequence[Any], sizes: Sequence[int]) -> list[pa.Array]:
    """Return, for every combination of one word each, the words; the last one changes fastest."""
    if len(words) == 1:
        return list(words)
    place, found = np.arange(prod(sizes)), []
    for own, size in zip(reversed(words), reversed(sizes), strict=True):
        found.append(own.take(pa.array(place % size)))
        place = place // size
    return found[::-1]


def _array(made: pa.Array) -> tuple[Mask | None, Array]:
    """Return where an Arrow array of numbers or bools is not null, and its data."""
    if not made.null_count:
        return None, np.asarray(made)
    return np.asarray(made.is_valid()), np.asarray(
        made.fill_null(False if pa.types.is_boolean(made.type) else 0)
    )


def _codes(operands: Sequence[Operand], sizes: Sequence[int]) -> Array:
    """Return, for every row, the place of its words among the combinations."""
    codes: Array = operands[0].data
    for operand, size in zip(operands[1:], sizes[1:], strict=True):
        codes = codes * size + operand.data
    return codes
