"""Numbers that end in, or hold, characters computed from the others: cards, barcodes, accounts, books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.faking.grammar import Node, NotCompilable, Pattern, Streams, fixed_width_array
from datagen_engine.lazy import np, pa

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["CHECKS", "Checked"]


@dataclass(frozen=True)
class Checked(Node):
    """Say a text of fixed width with check characters put in at a place.

    `check` is one of `CHECKS`; `at` counts bytes of the text without them.
    """

    body: Node
    check: str
    at: int

    def __post_init__(self) -> None:
        """Refuse a body of many widths."""
        if self.body.width is None or not 0 <= self.at <= self.body.width:
            raise NotCompilable("a checksum over texts of several lengths")

    @property
    def size(self) -> int:
        """Return the number of texts without the check characters, which say nothing new."""
        return self.body.size

    @property
    def width(self) -> int:
        """Return the number of bytes."""
        return (self.body.width or 0) + _ADDED.get(self.check, 1)

    def _with_check(self, matrix: Array) -> Array:
        return np.column_stack([matrix[:, : self.at], CHECKS[self.check](matrix), matrix[:, self.at :]])

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one text a row."""
        if isinstance(self.body, Pattern):
            matrix = self.body.matrix(rows, streams, path)
        else:
            matrix = _bytes(self.body.draw(rows, streams, path).text(), self.body.width or 0)
        return Values.plain(fixed_width_array(self._with_check(matrix)))

    def mapped(self, change: Callable[[str], str]) -> Checked:
        """Refuse: what is computed from characters cannot be changed one by one."""
        raise NotCompilable("a change of a number with a checksum")

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of the number, where it stands there with the right check characters."""
        whole = text[start : start + self.width]
        if len(whole) != self.width or not whole.isascii():
            return
        body = whole[: self.at] + whole[self.at + _ADDED.get(self.check, 1) :]
        if self.body.accepts(body):
            made = self._with_check(np.frombuffer(body.encode(), dtype=np.uint8).reshape(1, -1))
            if made.tobytes() == whole.encode():
                yield start + self.width


def _bytes(texts: pa.Array, width: int) -> Array:
    """Return the bytes of texts of one width: uint8, rows × width."""
    data = texts.buffers()[2]
    first = texts.offset * width
    return np.frombuffer(data, dtype=np.uint8)[first : first + len(texts) * width].reshape(len(texts), width)


def _digits(matrix: Array) -> Array:
    """Return the digits of numbers that have their separators at the same places; int64, rows × digits."""
    first = matrix[0] if len(matrix) else np.zeros(0, dtype=np.uint8)
    return matrix[:, (first >= 48) & (first <= 57)].astype(np.int64) - 48


def _written(check: Array) -> Array:
    """Write check values 0 … 9, and 10 as X."""
    return np.where(check == 10, ord("X"), check + 48).astype(np.uint8).reshape(-1, 1)


def luhn(matrix: Array) -> Array:
    """Return the check digit of payment cards (ISO/IEC 7812-1, annex B)."""
    digits = _digits(matrix)[:, ::-1]
    doubled = digits[:, ::2] * 2
    total = (doubled // 10 + doubled % 10).sum(axis=1) + digits[:, 1::2].sum(axis=1)
    return _written(-total % 10)


def gs1(matrix: Array) -> Array:
    """Return the check digit of barcodes (GS1): from the right, weights 3 and 1 by turns; also of ISBN-13."""
    digits = _digits(matrix)[:, ::-1]
    return _written(-(digits[:, ::2].sum(axis=1) * 3 + digits[:, 1::2].sum(axis=1)) % 10)


def isbn10(matrix: Array) -> Array:
    """Return the check character of ISBN-10: the sum of place × digit modulo 11, X for ten."""
    digits = _digits(matrix)
    return _written((digits * np.arange(1, digits.shape[1] + 1)).sum(axis=1) % 11)


def routing(matrix: Array) -> Array:
    """Return the check digit of routing numbers (American Bankers Association): weights 3, 7, 1 by turns."""
    digits = _digits(matrix)
    return _written(-(digits * np.resize([3, 7, 1], digits.shape[1])).sum(axis=1) % 10)


def account(matrix: Array) -> Array:
    """Return the check digits of an IBAN (ISO 13616; modulo 97, ISO 7064): of country and account."""
    turned = np.column_stack([matrix[:, 2:], matrix[:, :2]]).astype(np.int64)
    rest = np.zeros(len(matrix), dtype=np.int64)
    for place, column in enumerate(np.ascontiguousarray(turned.T)):
        letter = column >= 65
        if letter.any():
            rest = np.where(letter, rest * 100 + column - 55, rest * 10 + column - 48)
        else:
            rest = rest * 10 + column - 48
        if place % 7 == 6:  # seven letters more are fourteen digits: it still fits into 63 bits
            rest %= 97
    rest %= 97
    check = 98 - rest * 100 % 97
    return np.column_stack([check // 10 + 48, check % 10 + 48]).astype(np.uint8)


def vehicle(matrix: Array) -> Array:
    """Return the check character of a vehicle identification number (ISO 3779, 49 CFR 565)."""
    # 0 … 9 count as they are; A … I as 1 … 9, J … R as 1 … 9, S … Z as 2 … 9.
    worth = np.zeros(128, dtype=np.int64)
    worth[48:58] = np.arange(10)
    worth[65:74] = np.arange(1, 10)
    worth[74:83] = np.arange(1, 10)
    worth[83:91] = np.arange(2, 10)
    weights = np.array([8, 7, 6, 5, 4, 3, 2, 10, 9, 8, 7, 6, 5, 4, 3, 2])
    return _written((worth[matrix] * weights).sum(axis=1) % 11)


CHECKS: Mapping[str, Callable[[Array], Array]] = {
    "luhn": luhn,
    "gs1": gs1,
    "isbn10": isbn10,
    "routing": routing,
    "account": account,
    "vehicle": vehicle,
}
"""By name, what makes check characters (uint8, rows × characters) from texts (ASCII, uint8, rows × width)."""

_ADDED = {"account": 2}
