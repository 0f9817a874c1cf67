"""The user's own rules."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context, TablePlace
from datagen_engine.checking.parts import with_name_fix
from datagen_engine.expression import ExpressionFault, Facts, check, parse
from datagen_engine.schema.document import Rule
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_rules"]


def check_rules(context: Context) -> Iterable[Problem]:
    """Find rules that cannot be read, or that are no conditions."""
    for table in context.tables:
        for number, rule in enumerate(table.node.rules):
            yield from _rule(context, table, rule, (*table.path, "rules", number, "expression"))


def _rule(context: Context, table: TablePlace, rule: Rule, path: Path) -> Iterable[Problem]:
    try:
        parsed = parse(rule.expression)
    except ExpressionFault as unreadable:
        yield _bad(path, unreadable)
        return
    known: dict[str, Facts] = {}
    names = {name for name, _, _ in parsed.names()}
    for column in table.node.columns:
        place = context.place(table.node.id, column.name)
        if column.name in names and (place is None or not place.readable):
            return
        facts = context.facts(place) if place is not None and column.name in names else None
        known[column.name] = facts or Facts(column.type, nullable=column.nullable)
    if names & (set(context.names.columns(table.node.id)) - set(known)):
        return
    found, faults = check(parsed, known)
    for fault in faults:
        yield with_name_fix(context, _bad(path, fault), rule.expression, list(known))
    if not faults and found.type not in ("bool", "null"):
        yield problem(
            "not-a-condition",
            path,
            "a rule is true or false in each row: compare something, like `total > 0`",
        )


def _bad(path: Path, fault: ExpressionFault) -> Problem:
    return problem(
        "bad-expression",
        path,
        f"{fault.message} (at character {fault.start + 1})",
        start=fault.start,
        end=fault.end,
    )
