"""The worker's answers to the forms: what a modifier does to the values, what a generator gives, when effects hold.

Without Qt: this runs in the worker.
"""

from __future__ import annotations

import copy
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from types import ModuleType
from typing import Any

__all__ = ["Answers", "pair_of"]

Answer = dict[str, Any]

BINS = 28
_CATEGORIES = 12
_MOST_TEXT = 60
_MOST_MODIFIERS = 12
_PATIENCE = 0.4
"""Seconds after which no further modifier of a column is drawn."""


class Answers:
    """Answer what forms ask.

    Parameters
    ----------
    engine
        The engine's public interface.
    loaded
        Gives the document as it is.
    clock
        Tells the time in seconds.
    """

    def __init__(
        self, engine: ModuleType, loaded: Callable[[], Any], clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._clock = clock
        self._engine = engine
        self._loaded = loaded
        self.questions: dict[str, Callable[..., Answer]] = {
            "stages": self.stages,
            "try": self.trial,
            "windows": self.windows,
        }

    def stages(self, table: str, column: str, n: int) -> Answer:
        """Draw a column with more and more of its modifiers: one pair of small distributions for each.

        Parameters
        ----------
        table, column
            Which column.
        n
            How many rows.

        Returns
        -------
        Answer
            `pairs`, one for each modifier in their order; fewer where drawing takes long.
        """
        loaded = self._loaded()
        where = _place(loaded.tree, table, column)
        if where is None:
            return {"pairs": []}
        said = _within(loaded.tree, where)
        modifiers = said.get("modifiers")
        if not isinstance(modifiers, list) or not modifiers or len(modifiers) > _MOST_MODIFIERS:
            return {"pairs": []}
        path = (*where, "modifiers")
        drawn: list[Any] = []
        until = math.inf
        for size in range(len(modifiers) + 1):
            if self._clock() > until:
                break  # others wait for the worker, too
            edit = self._engine.Edit("set", path, modifiers, modifiers[:size])
            plan = self._engine.plan(loaded.edited((edit,)), checked=True)
            drawn.append(self._engine.sample(plan, table, column, n)[-1].values)
            if size == 0:  # the first one loads what all of them need
                until = self._clock() + _PATIENCE
        return {
            "pairs": [
                pair_of(before, after, _dimension(modifier))
                for before, after, modifier in zip(drawn, drawn[1:], modifiers, strict=False)
            ]
        }

    def trial(self, generator: Any, type: str, n: int) -> Answer:
        """Draw some values of a generator that stands alone."""
        tree = {
            "version": "1.0",
            "metadata": {"name": "trial"},
            "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
            "nodes": [
                {
                    "id": "trial",
                    "kind": "entity",
                    "pk": "id",
                    "rows": n,
                    "columns": [
                        {"name": "id", "type": "int", "generator": {"sequence": {}}},
                        {"name": "value", "type": type, "nullable": True, "generator": generator},
                    ],
                }
            ],
            "constraints": {},
        }
        drawn = self._engine.preview(tree, "trial", n)
        return {"values": [_text(value) for value in drawn.column("value").to_pylist()]}

    def windows(self, table: str, start: str, end: str, field: str, n: int) -> Answer:
        """Draw the rows of an effect table: when each holds, and what it does."""
        plan = self._engine.plan(self._loaded(), checked=True)
        drawn = self._engine.preview(plan, table, n)
        names = drawn.column_names

        def column(name: str) -> list[str | None]:
            return (
                [_text(v) for v in drawn.column(name).to_pylist()] if name in names else [None] * len(drawn)
            )

        others = [name for name in names if name not in (start, end, field)]
        texts = [name for name in others if "string" in str(drawn.schema.field(name).type)]
        named = column((texts or others or names)[0])
        rows = zip(named, column(start), column(end), column(field), strict=True)
        return {"rows": [list(row) for row in rows]}


def pair_of(before: Sequence[Any], after: Sequence[Any], dimension: str = "") -> Answer:
    """Return the distributions of values before and after, over one range, and what is said of them.

    Examples
    --------
    >>> pair = pair_of([1, 2, 3, 4], [2, 4, 6, 8])
    >>> pair["low"], pair["high"], pair["said"]
    ('1', '8', 'The mean is 2.5 before and 5 after.')
    """
    values = [value for value in (*before, *after) if value is not None]
    if not values:
        return {}
    if isinstance(values[0], bool | str):
        return _categories(before, after)
    if isinstance(values[0], date):
        return _times(before, after, dimension)
    numbers = [[float(value) for value in side if value is not None] for side in (before, after)]
    means = [math.fsum(side) / len(side) if side else 0.0 for side in numbers]
    said = f"The mean is {means[0]:.4g} before and {means[1]:.4g} after."
    return _binned(numbers[0], numbers[1], lambda x: f"{x:.4g}", said)


def _binned(one: list[float], other: list[float], word: Callable[[float], str], said: str) -> Answer:
    everything = sorted((*one, *other))
    skipped = len(everything) // 200 if len(everything) >= 400 else 0
    low, high = everything[skipped], everything[-1 - skipped]
    if high <= low:
        low, high = low - 0.5, high + 0.5

    def shares(side: list[float]) -> list[float]:
        counts = [0] * BINS
        for value in side:
            counts[max(0, min(int((value - low) / (high - low) * BINS), BINS - 1))] += 1
        return [round(count / max(1, len(side)), 5) for count in counts]

    return {"before": shares(one), "after": shares(other), "low": word(low), "high": word(high), "said": said}


def _categories(before: Sequence[Any], after: Sequence[Any]) -> Answer:
    counted = [Counter(str(value) for value in side if value is not None) for side in (before, after)]
    names = [name for name, _ in (counted[0] + counted[1]).most_common(_CATEGORIES)]
    parts = [[round(side[name] / max(1, side.total()), 5) for name in names] for side in counted]
    changed = sum(one != other for one, other in zip(before, after, strict=False))
    said = f"{100 * changed / max(1, len(before)):.3g} % of the values are others after it."
    return {"before": parts[0], "after": parts[1], "low": names[0], "high": names[-1], "said": said}


def _times(before: Sequence[Any], after: Sequence[Any], dimension: str) -> Answer:
    if dimension:
        cell: Callable[[Any], int] = {
            "hour": lambda at: at.hour if isinstance(at, datetime) else 0,
            "dow": lambda at: at.weekday(),
            "month": lambda at: at.month - 1,
        }[dimension]
        size = {"hour": 24, "dow": 7, "month": 12}[dimension]
        ends = {"hour": ("0", "23"), "dow": ("Mon", "Sun"), "month": ("Jan", "Dec")}[dimension]
        parts = []
        for side in (before, after):
            counted = Counter(cell(value) for value in side if value is not None)
            parts.append([round(counted[at] / max(1, counted.total()), 5) for at in range(size)])
        said = "How often each comes, before and after."
        return {"before": parts[0], "after": parts[1], "low": ends[0], "high": ends[1], "said": said}

    def days(side: Sequence[Any]) -> list[float]:
        return [
            value.toordinal()
            + ((value.hour * 60 + value.minute) / 1440 if isinstance(value, datetime) else 0.0)
            for value in side
            if value is not None
        ]

    said = "How many there are over time, before and after."
    return _binned(days(before), days(after), lambda x: date.fromordinal(int(x)).isoformat(), said)


def _dimension(modifier: Any) -> str:
    args = modifier.get("args") if isinstance(modifier, dict) else None
    said = args.get("dimension") if isinstance(args, dict) else None
    return said if said in ("hour", "dow", "month") else ""


def _place(tree: Any, table: str, column: str) -> tuple[str | int, ...] | None:
    for at, node in enumerate(tree.get("nodes", ())):
        if isinstance(node, dict) and node.get("id") == table:
            for index, each in enumerate(node.get("columns", ())):
                if isinstance(each, dict) and each.get("name") == column:
                    return ("nodes", at, "columns", index)
    return None


def _within(tree: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        tree = tree[step]
    return copy.copy(tree)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "…"
