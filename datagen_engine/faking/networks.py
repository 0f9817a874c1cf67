"""Internet addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from datagen_engine.draw.rows import Rows
from datagen_engine.draw.values import Values
from datagen_engine.faking.grammar import Digits, Node, NotCompilable, Streams
from datagen_engine.lazy import np, pa, pc

__all__ = ["Dotted"]

_OCTETS = [str(number) for number in range(256)]


@dataclass(frozen=True)
class Dotted(Node):
    """Say an IPv4 address of some runs of addresses, given as numbers.

    >>> Dotted((range(256, 512),)).accepts("0.0.1.7")
    True
    """

    runs: tuple[range, ...]

    @property
    def size(self) -> int:
        """Return the number of addresses."""
        return Digits(self.runs).size

    def draw(self, rows: Rows, streams: Streams, path: str) -> Values:
        """Return one address a row."""
        numbers = Digits(self.runs).numbers(rows, streams, path)
        octets = pa.array(_OCTETS)
        parts = [octets.take(pa.array(numbers >> np.int64(shift) & 255)) for shift in (24, 16, 8, 0)]
        return Values.plain(pc.binary_join_element_wise(*parts, "."))

    def mapped(self, change: Callable[[str], str]) -> Dotted:
        """Return itself where digits and dots stay what they are."""
        if change("0123456789.") != "0123456789.":
            raise NotCompilable("a change of an address")
        return self

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the end of each address that stands there."""
        for end in range(start + 7, min(len(text), start + 15) + 1):
            try:
                number = int(IPv4Address(text[start:end]))
            except AddressValueError:
                continue
            if any(number in run for run in self.runs):
                yield end
