"""The tree of an expression: what can be said, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from datagen_engine.expression.tokens import joins_a_name, spelled

__all__ = [
    "Arithmetic", "Call", "Comparison", "Conditional", "Constant", "Expression", "Logic", "Member", "Name",
    "Node", "Not", "Power", "Scalar", "Sign", "below", "says_null", "walk",
]  # fmt: skip

Scalar: TypeAlias = "float | str | bool | datetime | date | None"


@dataclass(frozen=True, slots=True)
class Node:
    """One part of an expression; `start` … `end` (exclusive) is where it stands in the text.

    Two nodes are equal when they say the same, wherever they stand.
    """

    start: int = field(compare=False, kw_only=True)
    end: int = field(compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A value written out; times are written as text, and who compares them reads them as times."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A column."""

    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sign(Node):
    """`-x` or `+x`."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Power(Node):
    """`base ** exponent`; the exponent is always a number written out."""

    base: Node
    exponent: float


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A chain from left to right: `+ -`, or `* / // %`."""

    first: Node
    steps: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a < b`, or a chain `a < b <= c`, which is `a < b and b <= c`."""

    first: Node
    steps: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`x in (1, 2)` or `x not in (1, 2)`."""

    operand: Node
    choices: tuple[Constant, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a and b and c`, or `a or b or c`."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`then if condition else otherwise`."""

    then: Node
    condition: Node
    otherwise: Node


def says_null(node: Node) -> bool:
    """Say whether a null is written out: beside `==` and `!=` that is a test."""
    return isinstance(node, Constant) and node.value is None


def below(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, in the order of the text."""
    match node:
        case Call(arguments=parts) | Logic(parts=parts):
            return parts
        case Arithmetic(first=first, steps=steps) | Comparison(first=first, steps=steps):
            return (first, *(operand for _, operand in steps))
        case Conditional(then=then, condition=condition, otherwise=otherwise):
            return (then, condition, otherwise)
        case Member(operand=operand, choices=choices):
            return (operand, *choices)
        case Sign(operand=operand) | Not(operand=operand) | Power(base=operand):
            return (operand,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the text."""
    yield node
    for part in below(node):
        yield from walk(part)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression's text and its tree.

    >>> from datagen_engine.expression import parse
    >>> parse("price * quantity + price").names()
    (('price', 0, 5), ('quantity', 8, 16), ('price', 19, 24))
    """

    code: str
    root: Node

    def names(self) -> tuple[tuple[str, int, int], ...]:
        """Return every mention of a column as (name, start, end), in the order of the text.

        The span includes backticks, if the name stands in them.
        """
        return tuple((node.name, node.start, node.end) for node in walk(self.root) if isinstance(node, Name))

    def renamed(self, old: str, new: str) -> str:
        """Return the text with one column renamed and everything else left as it is.

        >>> from datagen_engine.expression import parse
        >>> parse("price*2 if price>0 else min(price, 1)").renamed("price", "list price")
        '`list price`*2 if `list price`>0 else min(`list price`, 1)'
        """
        code = self.code
        for name, start, end in reversed(self.names()):
            if name == old:
                crowded = joins_a_name(code[start - 1 : start]) or joins_a_name(code[end : end + 1])
                code = code[:start] + spelled(new, quoted=crowded) + code[end:]
        return code
