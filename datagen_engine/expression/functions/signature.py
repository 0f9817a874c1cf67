"""How a function is called: read from one line, which is also what its users read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal, TypeAlias

from datagen_engine.expression.fault import ExpressionFault, Mismatch
from datagen_engine.expression.kinds import SPOKEN, TIMES, Kind, as_moment
from datagen_engine.expression.syntax import Call, Constant, Node, Sign

__all__ = ["MAX_ARGUMENTS", "Parameter", "Signature"]

MAX_ARGUMENTS = 64

Takes: TypeAlias = Literal["number", "text", "time", "datetime", "ordered", "any", "written", "literal"]

# What a parameter takes, by the word in the signature. The values are in `Kind`'s words.
_ACCEPTS: dict[str, tuple[Kind, ...]] = {
    "number": ("number", "bool"),
    "text": ("string",),
    "time": TIMES,
    "datetime": ("datetime",),
    "ordered": ("number", "bool", *TIMES),
    "written": ("string", "number", "bool", *TIMES),
    "any": ("string", "number", "bool", *TIMES, "null"),
}
_WANTED = {
    "number": "a number", "text": "text (text(x) makes it)", "time": "a date or time", "datetime": "a time",
    "ordered": "a number, a date or a time", "written": "text, a number, true or false, a date or a time",
    "any": "a value that a column can hold",
}  # fmt: skip
_LITERALS = {
    "quoted": ("a text in quotation marks, not empty", 1, 1_000),
    "quoted or empty": ("a text in quotation marks", 0, 1_000),
    "character": ("one character in quotation marks", 1, 1),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: what it takes, and what stands for it where it is left out.

    `takes` is `literal` where the argument must be written out: a whole number (`-15..15`) or a quoted text.
    """

    name: str
    word: str
    default: Any = None
    required: bool = True
    variadic: bool = False

    @property
    def takes(self) -> Takes:
        """Return what the parameter takes."""
        return self.word if self.word in _ACCEPTS else "literal"  # type: ignore[return-value]  # Takes, as above

    def check(self, kind: Kind) -> None:
        """Raise a mismatch if an argument of this kind cannot be taken."""
        if kind != "unknown" and kind not in _ACCEPTS[self.word]:
            why = "null alone" if kind == "null" else SPOKEN[kind]
            raise Mismatch(f"`{self.name}` is {_WANTED[self.word]}, not {why}")

    def literal(self, node: Node | None) -> Any:
        """Return the value of an argument that must be written out, or the default."""
        if node is None:
            return self.default
        value: object = node.value if isinstance(node, Constant) else None
        if isinstance(node, Sign) and node.sign == "-" and isinstance(node.operand, Constant):
            value = -node.operand.value if isinstance(node.operand.value, float) else None
        if ".." in self.word:
            low, high = (int(end) for end in self.word.split(".."))
            if isinstance(value, float) and value.is_integer() and low <= value <= high:
                return int(value)
            wanted = f"a whole number from {low} to {high:,}"
        else:
            wanted, low, high = _LITERALS[self.word]
            if isinstance(value, str) and low <= len(value) <= high:
                return value
        raise ExpressionFault(f"`{self.name}` is {wanted}, written out", node.start, node.end)


_HEAD = re.compile(r"(\w+)\((.*)\) -> (\w+)")
_PART = re.compile(r"(\*?)(\w+): ([^=]+?)(\?|(?: = (.+)))?")


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's name, parameters and result.

    >>> Signature.read("round(x: number, digits: -15..15 = 0) -> number").parameters[1]
    Parameter(name='digits', word='-15..15', default=0, required=False, variadic=False)
    """

    line: str
    name: str
    parameters: tuple[Parameter, ...]
    result: str

    @classmethod
    def read(cls, line: str) -> Signature:
        """Read the one line: `name(parameter: what = default, other: what?, *more: what) -> result`."""
        head = _HEAD.fullmatch(line)
        assert head is not None, line
        parameters = []
        for text in head[2].split(", "):
            part = _PART.fullmatch(text)
            assert part is not None, text
            star, name, word, optional, default = part.groups()
            value = json.loads(default) if default else None
            parameters.append(Parameter(name, word, value, not star and not optional, bool(star)))
        return cls(line, head[1], tuple(parameters), head[3])

    def bind(self, call: Call) -> tuple[list[tuple[Parameter, Node]], list[Any]]:
        """Return the arguments of a call with their parameters, and the values of those that are written out.

        A text that is written out is read as a time where only a time is taken.

        Raises
        ------
        Mismatch
            Where there are too few arguments or too many.
        ExpressionFault
            Where an argument must be written out and is not.
        """
        arguments: list[tuple[Parameter, Node]] = []
        literals: list[Any] = []
        for parameter, node in self._places(call):
            if parameter.takes == "literal":
                literals.append(parameter.literal(node))
            elif node is not None:
                arguments.append(
                    (parameter, as_moment(node) if parameter.takes in ("time", "datetime") else node)
                )
        return arguments, literals

    def _places(self, call: Call) -> list[tuple[Parameter, Node | None]]:
        """Return the parameters with the arguments; None stands for one that is left out."""
        given = len(call.arguments)
        least = sum(parameter.required for parameter in self.parameters)
        variadic = self.parameters[-1].variadic
        most = MAX_ARGUMENTS if variadic else len(self.parameters)
        if not least <= given <= most:
            some = f"{least}" if least == most else f"{least} to {most}"
            plural = "" if least == most == 1 else "s"
            raise Mismatch(f"{self.line.split(' -> ')[0]} takes {some} argument{plural}, not {given}")
        parameters = list(self.parameters)
        if variadic:
            parameters[-1:] *= given - len(parameters) + 1
        return list(zip_longest(parameters, call.arguments))
