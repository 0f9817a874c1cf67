"""Raw randomness: each use of it has a stream of its own, and each row its place in the stream.

Two kinds, so that a row never depends on how the work was cut:

- *hashed*: a uniform number is a hash of (stream, row). Any row can be had alone. The hash is the
  finaliser of splitmix64 (Steele, Lea, Flood 2014) over a Weyl sequence that starts at the stream's key.
- *blocks*: a fast sampler (ziggurat and the like) draws whole blocks of `BLOCK` rows from a generator that
  is seeded by (stream, block).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["STREAM_VERSION", "Stream"]

STREAM_VERSION = 1
"""Changes whenever the same schema and seed would give other bytes; stands in every file's metadata."""

_WEYL = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB


@dataclass(frozen=True)
class Stream:
    """Name one use of randomness: the seed of the run, a table, a column and a purpose.

    >>> s = Stream(42, "order", "total", "draw")
    >>> u = s.uniform(Rows.run(0, 4))
    >>> bool((s.uniform(Rows.run(2, 4)) == u[2:]).all())
    True
    """

    seed: int
    table: str
    column: str
    purpose: str

    @cached_property
    def key(self) -> int:
        """Return the 128-bit key of the stream."""
        name = "\x1f".join(
            str(part) for part in (STREAM_VERSION, self.seed, self.table, self.column, self.purpose)
        )
        return int.from_bytes(blake2b(name.encode(), digest_size=16).digest(), "little")

    def bits(self, rows: Rows) -> Array:
        """Return one hashed uint64 a row."""
        z = rows.numbers().astype(np.uint64)
        z *= np.uint64(_WEYL)
        z += np.uint64(self.key & 0xFFFFFFFFFFFFFFFF)
        shifted = z >> np.uint64(30)
        z ^= shifted
        z *= np.uint64(_MIX_1)
        np.right_shift(z, np.uint64(27), out=shifted)
        z ^= shifted
        z *= np.uint64(_MIX_2)
        np.right_shift(z, np.uint64(31), out=shifted)
        z ^= shifted
        return z

    def uniform(self, rows: Rows) -> Array:
        """Return one float64 a row, uniform on the open interval (0, 1), of 52 bits.

        Zero and one never occur, so that an inverse distribution function of it is finite.
        """
        u = (self.bits(rows) >> np.uint64(12)).astype(np.float64)
        u += 0.5
        u *= 2.0**-52
        return u

    def below(self, bound: int, rows: Rows) -> Array:
        """Return one int64 a row, uniform on 0 … bound−1 (bound up to 2⁵³; its bias is below bound / 2⁵²)."""
        return (self.uniform(rows) * bound).astype(np.int64)

    def block(self, block: int) -> np.random.Generator:
        """Return the generator of one block."""
        return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(self.key, spawn_key=(block,))))

    def drawn(self, rows: Rows, sampler: Callable[[np.random.Generator, int], Array]) -> Array:
        """Return what a sampler draws for these rows.

        `sampler(generator, size)` must be sequential: its first n values do not depend on `size`. A block
        is drawn as far as its last row that is asked for.
        """
        out: Array | None = None
        for block, inside, outside in rows.blocks():
            size = inside.stop if isinstance(inside, slice) else int(inside.max()) + 1
            values = sampler(self.block(block), min(size, BLOCK))
            if out is None:
                out = np.empty(len(rows), dtype=values.dtype)
            out[outside] = values[inside]
        return np.empty(0) if out is None else out
