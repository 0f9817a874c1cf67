"""What one entry of the table of functions holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from datagen_engine.expression.functions.signature import Signature
from datagen_engine.expression.interval import Rule
from datagen_engine.expression.kinds import Kind, common

__all__ = ["Function", "Table"]


Nulls: TypeAlias = Literal["spread", "own", "filled", "never"]

# The word in a signature, and the kind it means.
_RESULTS: dict[str, Kind | None] = {
    "number": "number", "text": "string", "bool": "bool", "date": "date", "days": "days", "span": "span",
    "same": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: all that there is to know about it.

    Parameters
    ----------
    call
        Its signature, read.
    help
        What it does, in a sentence or two.
    example
        An expression that is true.
    compute
        Works it out on whole arrays. By what its parameters take, it is given: for a number float64, for a
        time int64 microseconds since 1970 UTC, for `ordered` what all of them have in common (dates: days),
        for text an Arrow array or scalar of strings, for `any` an `Operand`, for a literal the Python value.
        What stands under a null is not defined, and cannot be seen in the result.
    bounds
        From the intervals of its arguments (and its literals), the interval of its results and why they could
        be null; None where nothing is known and nothing becomes null.
    nulls
        `spread`: null where an argument is null, or the result not finite. `own`: also where it says so.
        `filled`: null only where all arguments are. `never`: not even then. These two are given the nulls.
    growth
        For a function that makes longer texts out of shorter: the bytes of each result, before it is made.
    """

    call: Signature
    help: str
    example: str
    compute: Callable[..., Any]
    bounds: Rule | None = None
    nulls: Nulls = "spread"
    growth: Callable[..., Any] | None = None

    @property
    def name(self) -> str:
        """Return its name."""
        return self.call.name

    @property
    def kind(self) -> Kind | None:
        """Return the kind of its results, or None where it is what the arguments have in common."""
        return _RESULTS[self.call.result]

    @property
    def alike(self) -> bool:
        """Say whether its arguments are brought to one kind."""
        return self.call.parameters[0].takes in ("any", "ordered")

    def together(self, kinds: Sequence[Kind]) -> Kind:
        """Return the kind that its arguments are brought to; true and false become numbers to be ordered."""
        ordered = self.call.parameters[0].takes == "ordered"
        return common(["number" if ordered and kind == "bool" else kind for kind in kinds])

    @property
    def signature(self) -> str:
        """Return the line that shows how it is called."""
        return self.call.line


class Table:
    """Collect the functions of one group, each by a decorator over its `compute`."""

    def __init__(self) -> None:
        self.functions: list[Function] = []

    def add(
        self,
        signature: str,
        help: str,
        example: str,
        bounds: Rule | None = None,
        nulls: Nulls = "spread",
        growth: Callable[..., Any] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add the function below to the table."""

        def decorate(compute: Callable[..., Any]) -> Callable[..., Any]:
            call = Signature.read(signature)
            self.functions.append(Function(call, help, example, compute, bounds, nulls, growth))
            return compute

        return decorate
