"""Move things on a line apart, each as little as can be."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["spread"]


def spread(
    wanted: Sequence[float],
    apart: Sequence[float],
    weights: Sequence[float] | None = None,
    low: float = -math.inf,
    high: float = math.inf,
) -> list[float]:
    """Return positions in the given order, at least so far apart, and as near as possible to the wanted ones.

    The least weighted squares under `x[i+1] − x[i] ≥ apart[i]`: isotonic regression of `wanted − cumulated
    apart`, solved by pooling adjacent violators (Best and Chakravarti, 1990), in linear time. Bounds clamp
    that regression, which keeps it the best one.

    Parameters
    ----------
    wanted
        Where each would like to be.
    apart
        The distance that each keeps from the one before it; one fewer than `wanted`.
    weights
        How much each minds being moved; all alike if left out.
    low, high
        Bounds of all. Where they leave too little room, `high` gives way.

    Examples
    --------
    >>> spread([0, 0, 10], [4, 4])
    [-2.0, 2.0, 10.0]
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    # Blocks of neighbours that touch: the sum of weights, the weighted sum of positions, how many.
    blocks: list[tuple[float, float, int]] = []
    for at, position in enumerate(wanted):
        weight = weights[at] if weights else 1.0
        block = (weight, weight * (position - offsets[at]), 1)
        while blocks and blocks[-1][1] * block[0] >= block[1] * blocks[-1][0]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    high = max(low, high - offsets[len(wanted) - 1]) if wanted else high
    placed: list[float] = []
    for weight, total, count in blocks:
        position = min(max(total / weight, low), high)
        placed += [position + offset for offset in offsets[len(placed) : len(placed) + count]]
    return placed
