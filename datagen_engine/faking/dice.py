"""Dice that do not fall: the source of randomness of a method that is run to learn its grammar."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import index
from typing import Any

from datagen_engine.faking.filling import Other
from datagen_engine.faking.grammar import NotCompilable, Part, Pick, Text
from datagen_engine.faking.simplify import pick
from datagen_engine.faking.symbols import Mark, Real, Unsettled, Ways, Whole, has_marks, symbol

__all__ = ["MOST_DRAWS", "MOST_WAYS", "UNSEEN", "Dice", "Run"]

MOST_DRAWS = 40_000
"""Draws in all runs of a method together before it is given up."""

MOST_WAYS = 6_000
"""Ways in which one draw may turn out where the method looks at it."""

_MOST_DRAWS_A_RUN = 3_000
_LAST = 32

UNSEEN = object()
"""What a draw is settled to that nobody looked at."""


@dataclass
class Run:
    """Keep the state of one run: how the first of its draws are settled, the draws so far, and the marks.

    `spelled` are the numbers that the method asked to be plain ones, which only templates such as `%d-%d`
    should do: each is given one that can be found again in the text, or, in a run with `zeros`, a zero.
    """

    script: Sequence[Any]
    zeros: bool = False
    sites: list[Callable[[], Ways]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    spelled: list[Whole] = field(default_factory=list)

    def open(self, ways: Callable[[], Ways]) -> tuple[int, Any]:
        """Begin a draw; return its place in the run and what it is settled to, if it is."""
        place = len(self.sites)
        if place >= _MOST_DRAWS_A_RUN:
            raise NotCompilable(f"more than {_MOST_DRAWS_A_RUN} draws")
        self.sites.append(ways)
        return place, self.script[place] if place < len(self.script) else UNSEEN


@dataclass(frozen=True)
class _Options:
    """What may be picked: words, or whole numbers, or elements of any kind with their weights."""

    words: Pick | Text | None
    runs: tuple[range, ...] | None
    ordered: tuple[tuple[Any, float], ...]

    @classmethod
    def of(cls, elements: tuple[Any, ...], weights: tuple[float, ...] | None) -> _Options:
        """Look at the elements of a list."""
        if all(type(element) is str and not has_marks(element) for element in elements):
            return cls(pick(elements, weights), None, ())
        kept = [(e, w) for e, w in zip(elements, weights or (1.0,) * len(elements), strict=True) if w > 0]
        drawn = any(isinstance(e, str) and has_marks(e) for e, _ in kept)
        ordered = tuple(kept if drawn else sorted(kept, key=lambda pair: repr(pair[0])))
        numbers = {e for e, _ in kept if type(e) is int}
        if len(numbers) == len(kept) and len({w for _, w in kept}) == 1:
            return cls(None, tuple(range(e, e + 1) for e in sorted(numbers)), ordered)
        return cls(None, None, ordered)


class Dice:
    """Stand in for `random.Random` during a run."""

    def __init__(self) -> None:
        """Wait for a run."""
        self.run = Run(())
        self.left = 0
        self._known: dict[Any, _Options] = {}
        self._last: dict[int, tuple[Any, _Options]] = {}

    def open(self, ways: Callable[[], Ways]) -> tuple[int, Any]:
        """Begin a draw of the run; refuse where too many were begun."""
        self.left -= 1
        if self.left < 0:
            raise NotCompilable("it draws too often")
        return self.run.open(ways)

    def pick(self, elements: Any, weights: Sequence[float] | None = None) -> Any:
        """Return one of some elements: a mark where they are texts, a number where they are numbers.

        `elements` are a sequence, or an OrderedDict of weights.
        """
        if not len(elements):
            raise IndexError("Cannot choose from an empty sequence")
        options = self._options(elements, weights)
        if isinstance(options.words, Text):
            return options.words.text
        if options.words is not None:
            node = options.words
            place, settled = self.open(lambda: list(zip(node.shares.tolist(), node.words, strict=True)))
            if isinstance(settled, str):
                return settled
            if isinstance(settled, Text):
                return settled.text
            if isinstance(settled, Pick):
                # Some of the words are left: the draw is settled so far, and may be looked at again.
                node = settled
                self.run.sites[place] = lambda: list(zip(node.shares.tolist(), node.words, strict=True))
            return symbol(self.run, place, Part(str(place), node), drawn=True)
        if len(options.ordered) == 1:
            return options.ordered[0][0]
        if options.runs is not None:
            return self.whole(options.runs)
        # By place, not by value: in the next run the elements may hold other marks.
        ordered = options.ordered
        site, settled = self.open(lambda: [(w, place) for place, (_, w) in enumerate(ordered)])
        if settled is UNSEEN:
            raise Unsettled(site, self.run.sites[site])
        return ordered[settled][0]

    def others(self, elements: Any, count: int) -> list[Any]:
        """Return different ones of some texts, drawn one after the other."""
        node = self._options(elements, None).words
        if not isinstance(node, Pick) or not 0 < count < node.size:
            raise NotCompilable("a sample without repetition")
        place, settled = self.open(lambda: _refused("it looks at a sample"))
        assert settled is UNSEEN
        return [symbol(self.run, place, Part(str(place), Other(node, number))) for number in range(count)]

    def _options(self, elements: Any, weights: Sequence[float] | None) -> _Options:
        """Look at a list once: every run has the same ones."""
        last = self._last.get(id(elements))
        if last is not None and last[0] is elements and weights is None:
            return last[1]
        listed, shares = tuple(elements), None if weights is None else tuple(weights)
        if isinstance(elements, OrderedDict):
            shares = tuple(elements.values())
        try:
            key = (listed, tuple(map(type, listed)), shares)
            known = self._known.get(key)
        except (TypeError, Unsettled):  # an element that is none to keep, or a mark
            return _Options.of(listed, shares)
        if known is None:
            known = self._known[key] = _Options.of(listed, shares)
        if len(self._last) >= _LAST:
            self._last.clear()
        if weights is None:
            self._last[id(elements)] = elements, known  # kept, so that no other can take its place
        return known

    def whole(self, runs: tuple[range, ...]) -> Any:
        """Return a whole number of some runs."""
        size = sum(map(len, runs))
        if size == 0:
            raise ValueError("empty range")
        if size == 1:
            return next(run[0] for run in runs if run)
        place, settled = self.open(lambda: _numbers(runs))
        if settled is UNSEEN:
            return Whole.of(self.run, place, runs)
        if not isinstance(settled, tuple):
            return settled
        # Some of the runs are left: the draw is settled so far, and may be looked at again.
        if sum(map(len, settled)) == 1:
            return next(run[0] for run in settled if run)
        self.run.sites[place] = lambda: _numbers(settled)
        return Whole.of(self.run, place, settled)

    # The methods of random.Random that faker uses.

    def choice(self, seq: Sequence[Any]) -> Any:
        """Return one of a sequence."""
        return self.pick(seq)

    def choices(
        self,
        population: Sequence[Any],
        weights: Sequence[float] | None = None,
        *,
        cum_weights: Sequence[float] | None = None,
        k: int = 1,
    ) -> list[Any]:
        """Return k of a sequence, drawn independently."""
        if cum_weights is not None:
            raise NotCompilable("cumulative weights")
        return [self.pick(population, weights) for _ in range(index(k))]

    def sample(self, population: Sequence[Any], k: int) -> list[Any]:
        """Return k different ones of a sequence."""
        left, out = list(population), []
        if all(type(element) is str for element in left):
            return self.others(left, index(k))
        if len(left) ** min(index(k), 9) > MOST_WAYS:
            raise NotCompilable("a sample without repetition")
        for _ in range(index(k)):
            ways: Ways = [(1.0, place) for place in range(len(left))]
            site, settled = self.open(lambda ways=ways: ways)  # type: ignore[misc]  # bound at once
            if settled is UNSEEN:
                raise Unsettled(site, lambda ways=ways: ways)  # type: ignore[misc]  # bound at once
            out.append(left.pop(settled))
        return out

    def randint(self, a: int, b: int) -> Any:
        """Return a whole number from a to b."""
        return self.whole((range(index(a), index(b) + 1),))

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> Any:
        """Return a whole number of a range."""
        run = range(index(start)) if stop is None else range(index(start), index(stop), index(step))
        return self.whole((run if run.step > 0 else run[::-1],))

    def getrandbits(self, k: int) -> Any:
        """Return a whole number of k bits."""
        return self.whole((range(1 << index(k)),))

    def random(self) -> Any:
        """Return a number from 0 to 1."""
        return self.uniform(0.0, 1.0)

    def uniform(self, a: float, b: float) -> Any:
        """Return a number from a to b."""
        if any(isinstance(bound, str | Real) for bound in (a, b)):
            raise NotCompilable("a bound that is drawn")
        place, settled = self.open(lambda: _refused("it looks at a number of any size"))
        low, high = (float(a), float(b)) if settled is UNSEEN else settled
        return Real(place, low, high)

    def __getattr__(self, name: str) -> Any:
        raise NotCompilable(f"it draws by {name}")


def _numbers(runs: tuple[range, ...]) -> Ways:
    size = sum(map(len, runs))
    if size > MOST_WAYS:
        raise NotCompilable(f"it looks at one of {size:,} numbers")
    return [(1.0, number) for run in runs for number in run]


def _refused(reason: str) -> Ways:
    raise NotCompilable(reason)
