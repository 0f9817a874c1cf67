"""An expression's values, on whole arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.values import Values
from datagen_engine.expression import kinds
from datagen_engine.expression.fault import ExpressionFault, at
from datagen_engine.expression.functions import FUNCTIONS, Function, Parameter
from datagen_engine.expression.interval import DAY, FIRST_TIME, LAST_TIME
from datagen_engine.expression.kinds import TIMES, Kind
from datagen_engine.expression.operand import Operand, all_valid, any_lost, still_null
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
from datagen_engine.expression.texts import Texts
from datagen_engine.lazy import np, pa, pc

if TYPE_CHECKING:
    from datagen_engine.draw.values import Mask

__all__ = ["Evaluated", "evaluate"]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an expression gives for some rows.

    `not_finite` is how many of them are null because a calculation that they come from was not finite (a
    division by 0, the root of a negative number, a time after the year 9999).
    """

    values: Values
    not_finite: int


def evaluate(expression: Expression, column: Callable[[str], Values], size: int) -> Evaluated:
    """Evaluate an expression that `check` found no fault in.

    Parameters
    ----------
    expression
        What `parse` returned.
    column
        Gives the values of a column by its name, `size` of them. Each is asked for once.
    size
        How many rows there are.

    Returns
    -------
    The values: `float` for all numbers, and coded strings where the columns they come from are coded. An
    expression that is null in all rows for lack of anything else gives nulls of the type `float`.

    Raises
    ------
    ExpressionFault
        Where kinds do not go together (`check` says so before), or texts become too long.

    Examples
    --------
    >>> from datagen_engine.expression import parse
    >>> row = {"total": Values.of("float", [10.0, 8.0, None]), "count": Values.of("int", [4, 0, 1])}
    >>> result = evaluate(parse("total / count"), row.__getitem__, 3)
    >>> result.values.to_list(), result.not_finite
    ([2.5, None, None], 1)
    """
    # Both branches of a condition are worked out for all rows: what is not finite may never be chosen.
    with np.errstate(all="ignore"):
        found = _Evaluator(column, size).value(expression.root)
    if found.kind in ("days", "span", "unknown"):
        why = "a length of time alone is no value of a column"
        raise ExpressionFault(why, expression.root.start, expression.root.end)
    lost = still_null(found.lost, found.valid)
    times = size if lost is not None and len(lost) != size else 1
    return Evaluated(found.values(size), 0 if lost is None else int(np.count_nonzero(lost)) * times)


_CALCULATE = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "true_divide", "//": "floor_divide", "%": "mod",
}  # fmt: skip
_COMPARE = {
    "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal",
}  # fmt: skip
# As which kind an argument is given to a function, by what its parameter takes.
_DELIVERED: dict[str, Kind] = {
    "number": "number", "text": "string", "written": "string", "time": "datetime", "datetime": "datetime",
}  # fmt: skip
_CALENDAR = float(LAST_TIME - FIRST_TIME + DAY)


class _Evaluator:
    def __init__(self, column: Callable[[str], Values], size: int) -> None:
        self.column = column
        self.columns: dict[str, Operand] = {}
        self.texts = Texts(size)

    def value(self, node: Node) -> Operand:
        match node:
            case Constant(value=value):
                return Operand.constant(value)
            case Name(name=name):
                if name not in self.columns:
                    self.columns[name] = Operand.of(self.column(name))
                return self.columns[name]
            case Sign(sign=sign, operand=operand):
                return self.signed(node, sign, self.value(operand))
            case Arithmetic():
                return self.arithmetic(node)
            case Power(base=base, exponent=exponent):
                return self.power(node, self.value(base), exponent)
            case Comparison():
                return self.comparison(node)
            case Member():
                return self.member(node)
            case Not(operand=operand):
                condition = self.condition(operand)
                return replace(condition, data=~condition.data)
            case Logic(word=word, parts=parts):
                return _connected(word, [self.condition(part) for part in parts])
            case Conditional():
                return self.conditional(node)
            case Call():
                return self.call(node)
        raise AssertionError(node)

    # -- numbers and times ----------------------------------------------------------------------------

    def signed(self, node: Node, sign: str, operand: Operand) -> Operand:
        with at(node):
            kinds.arithmetic(sign, operand.kind, "number")
        number = operand.cast("number")
        return replace(number, data=-number.data) if sign == "-" else number

    def arithmetic(self, node: Arithmetic) -> Operand:
        left = self.value(node.first)
        for place, (sign, right_node) in enumerate(node.steps):
            right = self.value(right_node)
            with at(node):
                kind = kinds.arithmetic(sign, left.kind, right.kind)
            if kind in TIMES:
                left = _shifted(sign, left, right, kind)
                continue
            if kind == "number":
                left, right = left.cast("number"), right.cast("number")
            both = (left, right)
            # The result of the step before is nobody else's: its memory is used again.
            room = left.data if place and len(right.data) in (1, len(left.data)) else None
            data = getattr(np, _CALCULATE[sign])(left.data, right.data, out=room)
            left = Operand.finite(data, all_valid(both), any_lost(both), kind)
        return left

    def power(self, node: Node, base: Operand, exponent: float) -> Operand:
        with at(node):
            kinds.arithmetic("**", base.kind, "number")
        number = base.cast("number")
        return Operand.finite(np.power(number.data, exponent), number.valid, number.lost)

    # -- conditions -----------------------------------------------------------------------------------

    def condition(self, node: Node) -> Operand:
        found = self.value(node)
        if found.kind not in ("bool", "null"):
            raise ExpressionFault("true or false is needed here", node.start, node.end)
        return found.cast("bool")

    def comparison(self, node: Comparison) -> Operand:
        nodes = [node.first, *(operand for _, operand in node.steps)]
        seen = [self.value(one) for one in nodes]
        results = [
            self.compared(sign, nodes[place : place + 2], seen[place : place + 2])
            for place, (sign, _) in enumerate(node.steps)
        ]  # fmt: skip
        return _connected("and", results) if len(results) > 1 else results[0]

    def compared(self, sign: str, nodes: Sequence[Node], seen: Sequence[Operand]) -> Operand:
        tested = [other for node, other in zip(nodes, reversed(seen), strict=True) if says_null(node)]
        if tested and sign in ("==", "!="):
            test = tested[0].is_null()
            return test if sign == "==" else replace(test, data=~test.data)
        left, right = self.timed(nodes, seen)
        with at(nodes[0]):
            kind = kinds.comparison(sign, left.kind, right.kind)
        left, right = left.cast(kind), right.cast(kind)
        if kind == "string":
            return self.texts.apply(getattr(pc, _COMPARE[sign]), (left, right))
        both = (left, right)
        return Operand(
            "bool", getattr(np, _COMPARE[sign])(left.data, right.data), all_valid(both), None, any_lost(both)
        )

    def member(self, node: Member) -> Operand:
        nodes: list[Node] = [node.operand, *node.choices]
        operand, *choices = self.timed(nodes, [self.value(one) for one in nodes])
        with at(node):
            kind = kinds.membership(operand.kind, [choice.kind for choice in choices])
        operand = operand.cast(kind)
        if kind == "string":
            wanted = pa.concat_arrays([choice.text() for choice in choices])
            found = self.texts.apply(partial(_is_in, wanted), [operand])
        else:
            data = np.isin(operand.data, np.concatenate([choice.cast(kind).data for choice in choices]))
            found = Operand("bool", data, operand.valid, None, operand.lost)
        return replace(found, data=~found.data) if node.negated else found

    def conditional(self, node: Conditional) -> Operand:
        condition = self.condition(node.condition)
        nodes = (node.then, node.otherwise)
        branches = self.timed(nodes, [self.value(branch) for branch in nodes])
        with at(node):
            kind = kinds.common([branch.kind for branch in branches])
        then, otherwise = (branch.cast(kind) for branch in branches)
        return then.where(_true(condition), otherwise)

    # -- functions ------------------------------------------------------------------------------------

    def call(self, node: Call) -> Operand:
        function = FUNCTIONS[node.function]
        with at(node):
            arguments, literals = function.call.bind(node)
            given = self.arguments(function, arguments)
            if not function.alike and given[0].kind == "string":
                compute = partial(_with, function.compute, literals)
                growth = function.growth and partial(_with, function.growth, literals)
                return self.texts.apply(compute, given, growth)
        if function.nulls in ("filled", "never"):
            found: Operand = function.compute(*given)
            return found
        data = function.compute(*(operand.data for operand in given), *literals)
        kind = function.kind or given[0].kind
        if kind in TIMES:
            return Operand(kind, data, all_valid(given), None, any_lost(given))
        return Operand.finite(data, all_valid(given), any_lost(given), kind)

    def arguments(self, function: Function, arguments: Sequence[tuple[Parameter, Node]]) -> list[Operand]:
        """Return a call's arguments as its function takes them."""
        nodes = [node for _, node in arguments]
        given = [self.value(node) for node in nodes]
        if function.alike:
            given = self.timed(nodes, given)
        for (parameter, node), operand in zip(arguments, given, strict=True):
            with at(node):
                parameter.check(operand.kind)
        if function.alike:
            kind = function.together([operand.kind for operand in given])
            return [operand.cast(kind) for operand in given]
        return [
            operand.cast(_DELIVERED[parameter.takes])
            for (parameter, _), operand in zip(arguments, given, strict=True)
        ]  # fmt: skip

    def timed(self, nodes: Sequence[Node], given: Sequence[Operand]) -> list[Operand]:
        """Return values, with texts that are written out read as times, if there is a time beside them."""
        moments = kinds.with_moments(nodes, [operand.kind for operand in given])
        return [
            self.value(moment) if moment is not node else operand
            for node, moment, operand in zip(nodes, moments, given, strict=True)
        ]  # fmt: skip


def _with(function: Callable[..., Any], literals: Sequence[Any], *arrays: Any) -> Any:
    return function(*arrays, *literals)


def _is_in(wanted: pa.Array, text: pa.Array) -> pa.Array:
    return pc.is_in(text, value_set=wanted)


def _true(condition: Operand) -> Mask:
    """Return where a condition holds: not where it is null."""
    mask: Mask = condition.data if condition.valid is None else condition.data & condition.valid
    return mask


def _connected(word: str, parts: Sequence[Operand]) -> Operand:
    """Return `and` or `or` as SQL has it: one false (true) part decides, else a null makes null."""
    decides = word == "or"
    decided = reduce(np.logical_or, [_true(part) if decides else _false(part) for part in parts])
    valid = all_valid(parts)
    if valid is not None:
        valid = valid | decided
    return Operand("bool", decided if decides else ~decided, valid, None, still_null(any_lost(parts), valid))


def _false(condition: Operand) -> Mask:
    mask: Mask = ~condition.data if condition.valid is None else ~condition.data & condition.valid
    return mask


def _shifted(sign: str, left: Operand, right: Operand, kind: Kind) -> Operand:
    """Return a time plus or minus a length of time; a date stays on whole days."""
    time, length = (left, right) if left.kind in TIMES else (right, left)
    # Farther than from the first day of the calendar to its last is out of it anyway.
    step = np.clip(-length.data if sign == "-" else length.data, -_CALENDAR, _CALENDAR)
    if kind == "date":
        data = time.data + np.floor(step / DAY).astype(np.int64)
    else:
        data = time.instants() + np.rint(step).astype(np.int64)
    both = (left, right)
    return Operand.times(kind, data, all_valid(both), any_lost(both))
