"""Numbers that are all different, without drawing them all: keyed permutations of 0 … n−1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["permuted"]

_ROUNDS = 6
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB
_WEYL = 0x9E3779B97F4A7C15


def permuted(numbers: Array, size: int, key: Array | int) -> Array:
    """Return the place of each number (int64, 0 … size−1) in a permutation of 0 … size−1.

    A Feistel network of six rounds over the smallest even number of bits that holds `size`; what falls
    outside walks on until it is inside (Black & Rogaway 2002, cycle walking). `key` chooses the permutation;
    an array gives each number its own.

    >>> sorted(permuted(np.arange(10), 10, 7).tolist()) == list(range(10))
    True
    """
    if size < 2:
        return np.zeros(len(numbers), dtype=np.int64)
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    keys = np.broadcast_to(np.asarray(key, dtype=np.uint64), np.shape(numbers))
    out = _network(numbers.astype(np.uint64), keys, half)
    outside = np.flatnonzero(out >= size)
    while len(outside):
        out[outside] = _network(out[outside], keys[outside], half)
        outside = outside[out[outside] >= size]
    return out.astype(np.int64)


def _network(x: Array, key: Array, half: int) -> Array:
    mask = np.uint64((1 << half) - 1)
    left, right = x >> np.uint64(half), x & mask
    for number in range(_ROUNDS):
        z = (right + key) * np.uint64(_WEYL) + np.uint64((number * _MIX_2) & 0xFFFFFFFFFFFFFFFF)
        z ^= z >> np.uint64(29)
        z *= np.uint64(_MIX_1)
        z ^= z >> np.uint64(32)
        left, right = right, left ^ (z & mask)
    return (left << np.uint64(half)) | right
