"""What a condition says about the parts of an expression that are only reached where it holds.

In `a / b if b != 0 else 0` the quotient is only chosen where b is not 0, so it cannot be null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from datagen_engine.expression.facts import Known
from datagen_engine.expression.interval import INF, TINY, Interval, union
from datagen_engine.expression.syntax import Arithmetic, Call, Comparison, Logic, Member, Node, Not, says_null

__all__ = ["Guard", "Guards", "guarded", "learned"]


_ANYTHING = Interval(most=INF)


@dataclass(frozen=True, slots=True)
class Guard:
    """What is known about one part of an expression: bounds, and that it is not null."""

    bounds: Interval = _ANYTHING
    present: bool = False

    def joined(self, other: Guard) -> Guard:
        """Return what both say together."""
        return Guard(self.bounds.meet(other.bounds), self.present or other.present)


Guards = Mapping[Node, Guard]

_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_ZERO = Interval.of(0.0, 0.0)


def guarded(known: Known, guard: Guard | None) -> Known:
    """Return what is known about a part, with what a guard adds."""
    if guard is None:
        return known
    bounds = known.bounds.meet(guard.bounds)
    return replace(known, bounds=bounds, null=None if guard.present else known.null)


def learned(
    guards: Guards, condition: Node, truth: bool, definite: bool, known: Mapping[int, Known]
) -> Guards:
    """Return the guards, and what holds beside them where a condition does.

    Parameters
    ----------
    guards
        What holds already.
    condition
        A condition whose parts have all been looked at.
    truth, definite
        Whether it is true or false; if not definite, it may also be null (as behind `else`).
    known
        What was found about each part, by its `id`.
    """
    found = dict(guards)
    for node, guard in _said(condition, truth, definite, known):
        found[node] = found[node].joined(guard) if node in found else guard
    return found


def _said(
    node: Node, truth: bool, definite: bool, known: Mapping[int, Known]
) -> Iterator[tuple[Node, Guard]]:
    match node:
        case Not(operand=operand):
            yield from _said(operand, not truth, definite, known)
        case Logic(word=word, parts=parts) if truth == (word == "and"):
            for part in parts:
                yield from _said(part, truth, definite, known)
        case Comparison(first=first, steps=steps) if truth or len(steps) == 1:
            for sign, second in steps:
                yield from _compared(first, sign if truth else _OPPOSITE[sign], second, definite, known)
                first = second
        case Member(operand=operand, choices=choices, negated=negated):
            values = [choice.value for choice in choices]
            if truth != negated and all(isinstance(value, float) for value in values):
                numbers = [value for value in values if isinstance(value, float)]
                yield operand, Guard(union(Interval.of(value, value) for value in numbers), definite)
            elif definite:
                yield operand, Guard(present=True)
        case Call(function="is_null", arguments=(operand,)) if not truth:
            yield operand, Guard(present=True)
        case _ if definite:
            yield node, Guard(present=True)


def _compared(
    left: Node, sign: str, right: Node, definite: bool, known: Mapping[int, Known]
) -> Iterator[tuple[Node, Guard]]:
    tests = [other for this, other in ((left, right), (right, left)) if says_null(this)]
    if tests:  # `x != null` is never null itself
        if sign == "!=":
            yield tests[0], Guard(present=True)
        return
    one, two = known[id(left)], known[id(right)]
    if not all(side.kind in ("number", "bool") for side in (one, two)):
        if definite:
            yield left, Guard(present=True)
            yield right, Guard(present=True)
        return
    # Where the comparison may also be null, a null on one side says nothing about the other.
    if definite or two.null is None:
        yield left, Guard(_bounds(sign, two.bounds), definite)
    if definite or one.null is None:
        yield right, Guard(_bounds(_MIRRORED[sign], one.bounds), definite)
    # a < b says that a - b is negative, too.
    span = {"start": left.start, "end": right.end}
    yield Arithmetic(left, (("-", right),), **span), Guard(_bounds(sign, _ZERO), definite)
    yield Arithmetic(right, (("-", left),), **span), Guard(_bounds(_MIRRORED[sign], _ZERO), definite)


def _bounds(sign: str, other: Interval) -> Interval:
    """Return the interval of numbers that stand so to a number of another interval."""
    match sign:
        case ">":
            return Interval.of(low=other.low, least=TINY if other.low >= 0 else 0.0, most=INF)
        case ">=":
            return Interval.of(low=other.low, least=other.least if other.low >= 0 else 0.0, most=INF)
        case "<":
            return Interval.of(high=other.high, least=TINY if other.high <= 0 else 0.0, most=INF)
        case "<=":
            return Interval.of(high=other.high, least=other.least if other.high <= 0 else 0.0, most=INF)
        case "==":
            return other
    return Interval.of(least=TINY if other == _ZERO else 0.0, most=INF)
