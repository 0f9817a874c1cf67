"""What holds at each time where windows overlap, by an operation over those that are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from datagen_engine.lazy import np

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Combine", "combined"]

Combine = Literal["first", "product", "sum", "min", "max", "mean"]
"""What several values at once come to."""


def combined(
    group: Array, low: Array, high: Array, values: Array, groups: int, default: float, combine: Combine
) -> tuple[list[Array], list[Array]]:
    """Return a function of time for each group: its breaks, and its values, one more than breaks.

    Parameters
    ----------
    group
        Which group each window belongs to, 0 … groups − 1.
    low, high
        Each window's first instant, and the one after its last (low < high).
    values
        The value of each window, float64.
    groups
        The number of groups.
    default
        The value where no window is open.
    combine
        The operation over the values of all open windows; not `first`.

    Examples
    --------
    >>> window = np.array([0, 5]), np.array([10, 15]), np.array([2.0, 3.0])
    >>> breaks, values = combined(np.array([0, 0]), *window, 1, 1.0, "product")
    >>> breaks[0].tolist(), values[0].tolist()
    ([0, 5, 10, 15], [1.0, 2.0, 6.0, 3.0, 1.0])
    """
    if not groups:
        return [], []
    owner, moment = np.concatenate((group, group)), np.concatenate((low, high))
    order = np.lexsort((moment, owner))
    owner, moment = owner[order], moment[order]
    new = np.append(True, (owner[1:] != owner[:-1]) | (moment[1:] != moment[:-1]))[: len(owner)]
    at_break = np.empty(len(owner), dtype=np.int64)
    at_break[order] = np.cumsum(new) - 1
    # The steps of all groups lie end to end: after break b (counted through) of group g comes step b + g + 1.
    first, last = np.split(at_break + np.concatenate((group, group)) + 1, 2)
    size = int(new.sum()) + groups
    open_windows = _over(np.add, 0.0, first, last, np.ones(len(values)), size)
    with np.errstate(over="ignore", invalid="ignore"):
        match combine:
            case "product":
                steps = _over(np.multiply, 1.0, first, last, values, size)
            case "min":
                steps = _over(np.minimum, np.inf, first, last, values, size)
            case "max":
                steps = _over(np.maximum, -np.inf, first, last, values, size)
            case _:
                steps = _over(np.add, 0.0, first, last, values, size)
                if combine == "mean":
                    steps = steps / np.maximum(open_windows, 1.0)
    steps = np.where(open_windows > 0, steps, default)
    cuts = np.searchsorted(owner[new], np.arange(1, groups))
    return np.split(moment[new], cuts), np.split(steps, cuts + np.arange(1, groups))


def _over(operation: np.ufunc, neutral: float, first: Array, last: Array, values: Array, size: int) -> Array:
    """Return, for each place 0 … size − 1, an operation over the values whose range [first, last) holds it.

    A segment tree, filled for all ranges at once from the leaves up, then pushed down to the leaves. Unlike
    running totals it takes nothing away again, so that no rounding is left where a window has ended.
    """
    width = 1 << (size - 1).bit_length()
    tree = np.full(2 * width, neutral)
    low, high = first + width, last + width
    while len(low):
        odd = (low & 1).astype(bool)
        operation.at(tree, low[odd], values[odd])
        low = low + odd
        odd = (high & 1).astype(bool)
        high = high - odd
        operation.at(tree, high[odd], values[odd])
        low, high = low >> 1, high >> 1
        more = low < high
        low, high, values = low[more], high[more], values[more]
    start = 1
    while start < width:
        pairs = tree[2 * start : 4 * start].reshape(-1, 2)
        operation(pairs, tree[start : 2 * start, None], out=pairs)
        start *= 2
    return tree[width : width + size]
