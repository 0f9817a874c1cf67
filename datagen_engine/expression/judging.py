"""What an expression would give, asked while it is being typed: by the types of the columns alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from datagen_engine.expression.check import check
from datagen_engine.expression.facts import Facts
from datagen_engine.expression.fault import ExpressionFault
from datagen_engine.expression.parse import parse

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Tell the type of an expression's result, or what is wrong: each a message and the characters from … to.

    `type` is a column type, `null` for what is always null, and empty where something is wrong. Every
    calculated number is a `float`.
    """

    type: str
    faults: tuple[tuple[str, int, int], ...] = ()


def judge(code: str, columns: Mapping[str, str]) -> Judgement:
    """Find an expression's type, and what is wrong with it, from the types of the columns.

    Whether it can be null, and whether a constant part is finite, depends on more than the types: the check of
    the whole schema finds that.

    Examples
    --------
    >>> judge("upper(name)", {"name": "string"}).type
    'string'
    >>> judge("pric * 2", {"price": "float"}).faults
    (('there is no column `pric` in this row; did you mean `price`?', 0, 4),)
    """
    try:
        facts, faults = check(parse(code), {name: Facts(cast("Any", type)) for name, type in columns.items()})
    except ExpressionFault as fault:
        return Judgement("", ((fault.message, fault.start, fault.end),))
    if faults:
        return Judgement("", tuple((fault.message, fault.start, fault.end) for fault in faults))
    return Judgement(facts.type)
