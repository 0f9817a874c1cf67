"""What an expression's result will be, and what is wrong with it, before any row is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from datagen_engine.expression import interval, kinds
from datagen_engine.expression.facts import Facts, Known, Reason, facts_of, known_column
from datagen_engine.expression.fault import ExpressionFault, at, did_you_mean
from datagen_engine.expression.functions import FUNCTIONS
from datagen_engine.expression.guards import Guards, guarded, learned
from datagen_engine.expression.interval import Bounds, Interval
from datagen_engine.expression.kinds import SPOKEN, TIMES, Kind
from datagen_engine.expression.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Logic,
    Member,
    Name,
    Node,
    Not,
    Power,
    Sign,
    says_null,
)

__all__ = ["check"]


def check(expression: Expression, facts: Mapping[str, Facts]) -> tuple[Facts, list[ExpressionFault]]:
    """Find an expression's type, bounds and whether it can be null, and all that is wrong with it.

    Parameters
    ----------
    expression
        What `parse` returned.
    facts
        What is known about each column of the row that may be mentioned.

    Returns
    -------
    The facts about the result, and the faults in the order of the text. Where there are faults, the facts say
    no more than that the result can be null.

    Examples
    --------
    >>> from datagen_engine.expression import parse
    >>> columns = {"total": Facts("float", low=0, high=100), "count": Facts("int", low=0, high=4)}
    >>> facts, faults = check(parse("total / count"), columns)
    >>> facts.nullable, facts.null_reason
    (True, ('`count` can be 0, and a division by 0 is null', 0, 13))
    >>> check(parse("total / count if count > 0 else 0"), columns)[0].nullable
    False
    >>> [str(fault) for fault in check(parse("totl + 'x'"), columns)[1]]
    ['there is no column `totl` in this row; did you mean `total`?']
    """
    inspector = _Inspector(expression.code, facts)
    known = inspector.look(expression.root)
    if known.kind in ("days", "span"):
        why = (
            "a length of time alone is no value of a column; add it to a date or time, or use days_between(…)"
        )
        inspector.faults.append(ExpressionFault(why, expression.root.start, expression.root.end))
    if inspector.faults:
        return Facts("null", nullable=True), sorted(
            inspector.faults, key=lambda fault: (fault.start, fault.end)
        )
    return facts_of(known), []


_UNKNOWN = Known("unknown")
_OPERATORS = {
    "+": interval.add, "-": interval.subtract, "*": interval.multiply, "/": interval.divide,
    "//": interval.floor_divide, "%": interval.modulo,
}  # fmt: skip


class _Inspector:
    """Look at every part of an expression once, from the leaves up, gathering faults on the way."""

    def __init__(self, code: str, facts: Mapping[str, Facts]) -> None:
        self.code = code
        self.facts = facts
        self.faults: list[ExpressionFault] = []
        self.known: dict[int, Known] = {}
        self.guards: Guards = {}

    def look(self, node: Node) -> Known:
        try:
            known = guarded(self.part(node), self.guards.get(node) if self.guards else None)
        except ExpressionFault as fault:
            self.faults.append(fault)
            known = _UNKNOWN
        self.known[id(node)] = known
        return known

    def look_where(self, node: Node, condition: Node, truth: bool, definite: bool) -> Known:
        """Look at a part that is only reached where a condition holds."""
        before = self.guards
        self.guards = learned(before, condition, truth, definite, self.known)
        known = self.look(node)
        self.guards = before
        return known

    def part(self, node: Node) -> Known:
        match node:
            case Constant():
                return _constant(node)
            case Name():
                return self.column(node)
            case Sign(operand=operand):
                return self.signed(node, self.look(operand))
            case Arithmetic():
                return self.arithmetic(node)
            case Power(base=base):
                return self.power(node, self.look(base))
            case Comparison():
                return self.comparison(node)
            case Member():
                return self.member(node)
            case Not(operand=operand):
                return _logic([self.truth(operand, self.look(operand))])
            case Logic():
                return self.connected(node)
            case Conditional():
                return self.conditional(node)
            case Call():
                return self.call(node)
        raise AssertionError(node)

    # -- columns and arithmetic -----------------------------------------------------------------------

    def column(self, node: Name) -> Known:
        facts = self.facts.get(node.name)
        if facts is None:
            why = f"there is no column `{node.name}` in this row{did_you_mean(node.name, self.facts)}"
            raise ExpressionFault(why, node.start, node.end)
        reason = (f"`{node.name}` can be null", node.start, node.end) if facts.nullable else None
        return known_column(facts, reason)

    def signed(self, node: Sign, known: Known) -> Known:
        if known.kind == "unknown":
            return known
        if known.kind not in ("number", "bool"):
            raise ExpressionFault(
                f"`{node.sign}` stands before a number, not before {SPOKEN[known.kind]}", node.start, node.end
            )
        bounds = interval.minus(known.bounds) if node.sign == "-" else known.bounds
        return Known("number", bounds, known.null, None, known.constant)

    def arithmetic(self, node: Arithmetic) -> Known:
        left: Node = node.first
        known = self.look(left)
        for sign, right in node.steps:
            other = self.look(right)
            # What stands to the left of a sign in a chain is itself a part: `a * b` in `a * b / c`.
            here = Node(start=node.start, end=node.end if right is node.steps[-1][1] else right.end)
            with at(here):
                kind = kinds.arithmetic(sign, known.kind, other.kind)
            if sign in ("/", "//", "%") and other.constant and other.bounds == Interval.of(0.0, 0.0):
                raise ExpressionFault(f"`{sign} 0` divides by zero", here.start, here.end)
            bounds, reason = _arithmetic(sign, known, other, kind)
            known = self.result(here, kind, (bounds, reason), [known, other], [left, right])
            left = here
        return known

    def power(self, node: Power, base: Known) -> Known:
        with at(node):
            kind = kinds.arithmetic("**", base.kind, "number")
        return self.result(node, kind, interval.power(base.bounds, node.exponent), [base], [node.base])

    # -- conditions -----------------------------------------------------------------------------------

    def comparison(self, node: Comparison) -> Known:
        nodes = [node.first, *(operand for _, operand in node.steps)]
        seen = [self.look(one) for one in nodes]
        null: Reason | None = None
        for place, (sign, _) in enumerate(node.steps):
            pair, known = nodes[place : place + 2], seen[place : place + 2]
            if any(says_null(one) for one in pair):
                if sign not in ("==", "!="):
                    why = f"`{sign}` with null is always null; test with `== null` or `!= null`"
                    raise ExpressionFault(why, pair[0].start, pair[1].end)
                continue
            known = self.timed(pair, known)
            with at(_span(pair)):
                kinds.comparison(sign, known[0].kind, known[1].kind)
            null = null or _first_reason(known)
        return Known("bool", Interval.of(0.0, 1.0), null, None, all(known.constant for known in seen))

    def member(self, node: Member) -> Known:
        nodes: list[Node] = [node.operand, *node.choices]
        seen = self.timed(nodes, [self.look(one) for one in nodes])
        with at(node):
            kinds.membership(seen[0].kind, [choice.kind for choice in seen[1:]])
        return Known("bool", Interval.of(0.0, 1.0), seen[0].null, None, seen[0].constant)

    def connected(self, node: Logic) -> Known:
        """Look at `and`, `or`: each part matters only where all before it were true (false)."""
        seen = []
        before = self.guards
        for part in node.parts:
            seen.append(self.truth(part, self.look(part)))
            self.guards = learned(self.guards, part, node.word == "and", seen[-1].null is None, self.known)
        self.guards = before
        return _logic(seen)

    def truth(self, node: Node, known: Known) -> Known:
        """Require a condition."""
        if known.kind not in ("bool", "null", "unknown"):
            hint = {"number": "; compare it, like `x != 0`", "string": "; compare it, like `x == 'a'`"}.get(
                known.kind, ""
            )
            why = f"true or false is needed here, not {SPOKEN[known.kind]}{hint}"
            self.faults.append(ExpressionFault(why, node.start, node.end))
        return known

    def conditional(self, node: Conditional) -> Known:
        condition = self.truth(node.condition, self.look(node.condition))
        then = self.look_where(node.then, node.condition, truth=True, definite=True)
        otherwise = self.look_where(
            node.otherwise, node.condition, truth=False, definite=condition.null is None
        )
        nodes = [node.then, node.otherwise]
        branches = self.timed(nodes, [then, otherwise])
        with at(_span(nodes)):
            kind = kinds.common([branch.kind for branch in branches])
        constant = condition.constant and then.constant and otherwise.constant
        return _either(kind, branches, _first_reason(branches), constant)

    # -- functions ------------------------------------------------------------------------------------

    def call(self, node: Call) -> Known:
        function = FUNCTIONS[node.function]
        with at(node):
            arguments, literals = function.call.bind(node)
        nodes = [argument for _, argument in arguments]
        seen = [self.look(argument) for argument in nodes]
        if function.alike:
            seen = self.timed(nodes, seen)
        for (parameter, argument), known in zip(arguments, seen, strict=True):
            with at(argument):
                parameter.check(known.kind)
        with at(node):
            kind = function.kind or function.together([known.kind for known in seen])
        if function.nulls == "filled":
            return _filled(kind, seen)
        if function.nulls == "never":
            return Known(kind, Interval(), None, None, all(known.constant for known in seen))
        outcome: Bounds = Interval(), None
        if function.bounds and _UNKNOWN not in seen:
            outcome = function.bounds(*(known.bounds for known in seen), *literals)
        return self.result(node, kind, outcome, seen, nodes, finite=function.nulls != "own")

    # -- shared ---------------------------------------------------------------------------------------

    def timed(self, nodes: Sequence[Node], seen: Sequence[Known]) -> list[Known]:
        """Return what is known, with written texts read as times if there is a time beside them."""
        moments = kinds.with_moments(nodes, [known.kind for known in seen])
        return [
            known if moment is node else _constant(moment)
            for node, moment, known in zip(nodes, moments, seen, strict=True)
        ]  # fmt: skip

    def result(
        self,
        node: Node,
        kind: Kind,
        outcome: Bounds,
        seen: Sequence[Known],
        nodes: Sequence[Node],
        finite: bool = True,
    ) -> Known:
        """Return what is known about a calculation: null where an operand is, or for a reason of its own.

        Unless that reason is another one than a result that is not finite, it is a fault in a constant part.
        """
        if kind == "unknown" or any(known.kind == "unknown" for known in seen):
            return _UNKNOWN
        bounds, reason = outcome
        constant = all(known.constant for known in seen)
        if reason is not None:
            for place, operand in enumerate(nodes):
                reason = reason.replace(f"{{{place}}}", f"`{_short(self.code[operand.start : operand.end])}`")
            if constant and finite and kind not in TIMES:
                raise ExpressionFault(f"this constant part is not finite: {reason}", node.start, node.end)
        known = Known(kind, bounds, _first_reason(seen), None, constant)
        return known.but_null(None if reason is None else (reason, node.start, node.end))


def _constant(node: Node) -> Known:
    value = node.value if isinstance(node, Constant) else None
    match value:
        case None:
            return Known("null", null=("null stands here", node.start, node.end), constant=True)
        case bool():
            return Known("bool", Interval.of(float(value), float(value)), constant=True)
        case float():
            return Known("number", Interval.of(value, value), values=(value,), constant=True)
        case str():
            return Known("string", values=(value,), constant=True)
        case datetime():
            place = float(_microseconds(value))
            return Known("datetime", Interval.of(place, place), constant=True)
    place = float(_microseconds(datetime(value.year, value.month, value.day, tzinfo=UTC)))
    return Known("date", Interval.of(place, place), constant=True)


def _microseconds(time: datetime) -> int:
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _arithmetic(sign: str, left: Known, right: Known, kind: Kind) -> Bounds:
    if kind not in TIMES:
        return _OPERATORS[sign](left.bounds, right.bounds)
    time, length = (left, right) if left.kind in TIMES else (right, left)
    bounds, reason = interval.shift(
        time.bounds, interval.minus(length.bounds) if sign == "-" else length.bounds
    )
    return interval.to_day(bounds) if kind == "date" else bounds, reason


def _logic(parts: Sequence[Known]) -> Known:
    constant = all(part.constant for part in parts)
    return Known("bool", Interval.of(0.0, 1.0), _first_reason(parts), None, constant)


def _filled(kind: Kind, seen: Sequence[Known]) -> Known:
    """Return what is known about the first of several that is not null."""
    constant = all(known.constant for known in seen)
    sure = next((place for place, known in enumerate(seen) if known.null is None), None)
    if sure is None:
        return _either(kind, seen, seen[-1].null, constant)
    return _either(kind, seen[: sure + 1], None, constant)


def _either(kind: Kind, branches: Sequence[Known], reason: Reason | None, constant: bool) -> Known:
    """Return what is known where one of several is taken."""
    if kind == "unknown":
        return _UNKNOWN
    taken = [branch for branch in branches if branch.kind != "null"]
    values: tuple[object, ...] | None = None
    if all(branch.values is not None for branch in taken):
        values = tuple(dict.fromkeys(value for branch in taken for value in branch.values or ())) or None
    bounds = interval.union(branch.bounds for branch in taken) if taken else Interval()
    return Known(kind, bounds, reason, values, constant)


def _first_reason(seen: Iterable[Known]) -> Reason | None:
    return next((known.null for known in seen if known.null is not None), None)


def _span(nodes: Sequence[Node]) -> Node:
    return Node(start=min(node.start for node in nodes), end=max(node.end for node in nodes))


def _short(code: str) -> str:
    return code if len(code) <= 40 else code[:39] + "…"
