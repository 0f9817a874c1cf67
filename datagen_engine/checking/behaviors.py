"""Segments, ages and stages."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context, TablePlace
from datagen_engine.checking.words import listed, moment
from datagen_engine.draw.literals import json_text
from datagen_engine.draw.values import MICROSECONDS_A_DAY
from datagen_engine.generators.datetime_series import DatetimeSeries
from datagen_engine.resolve.stages import STAGE_INDEX, STAGE_NAME
from datagen_engine.schema.document import AgeMultiplier, Curve
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_behaviors"]

_WORDS = ("fanout", "all")


def check_behaviors(context: Context) -> Iterable[Problem]:
    """Find behaviours that name what there is not, or do nothing."""
    for table in context.tables:
        if table.node.segment_behavior is not None:
            yield from _segments(context, table)
        if table.node.vintage_behavior is not None:
            yield from _ages(context, table)
        if table.node.stage_config is not None:
            yield from _stages(context, table)


def _children(context: Context, table: TablePlace) -> list[str]:
    return context.names.children(table.node.id)


# -- segments -------------------------------------------------------------------------------------------


def _segments(context: Context, table: TablePlace) -> Iterable[Problem]:
    behavior = table.node.segment_behavior
    assert behavior is not None
    path = (*table.path, "segment_behavior")
    children = _children(context, table)
    if not children:
        yield problem(
            "no-influence",
            path,
            f"segments scale what the children have, and {table.node.id!r} is nobody's parent",
            context.fix.remove("Remove the segments", path),
            why="no children",
        )
    elif not behavior.by_segment:
        yield problem(
            "no-influence",
            path,
            "no segment is named under `behaviors`, so nothing is scaled",
            context.fix.remove("Remove the segments", path),
            why="no segments",
        )
    for key in ("segments", "behaviors"):
        effects = getattr(behavior, key) or {}
        yield from _known_segments(context, table, behavior.segment_column, list(effects), (*path, key))
        for name, effect in effects.items():
            if effect.base_probability is not None:
                where = (*path, key, name, "base_probability")
                yield problem(
                    "ignored-key",
                    where,
                    "`base_probability` does nothing",
                    context.fix.remove("Remove it", where),
                    key="base_probability",
                )
    for place, name in enumerate(behavior.applies_to_columns if children else ()):
        yield from _child_column(context, children, name, (*path, "applies_to_columns", place))


def _known_segments(
    context: Context, table: TablePlace, column: str, named: list[str], path: Path
) -> Iterable[Problem]:
    """Find segments that no row is in."""
    place = context.place(table.node.id, column)
    facts = context.facts(place) if place is not None else None
    if facts is None or facts.values is None:
        return
    known = [json_text(int(v) if isinstance(v, float) and v.is_integer() else v) for v in facts.values]
    for name in named:
        if name in known:
            continue
        near, hint = context.meant(name, [one for one in known if one not in named])
        fix = context.fix.rename(f"Change it to {near}", path, name, near) if near else None
        yield problem(
            "unknown-segment",
            (*path, name),
            f"{column!r} is never {name!r}, it is {listed(known)}{hint}",
            fix or context.fix.remove("Remove it", (*path, name)),
            segment=name,
        )


def _child_column(context: Context, children: list[str], name: str, path: Path) -> Iterable[Problem]:
    """Find a name that no child has, or that is no number there."""
    owners = [child for child in children if context.names.has(child, name)]
    if not owners:
        near, hint = context.meant(
            name, [column for child in children for column in context.names.columns(child)]
        )
        said = " nor ".join(repr(child) for child in children) or "no child"
        none = f"{'neither ' if len(children) > 1 else ''}{said} has a column {name!r}"
        if len(children) == 1:
            none = f"{said} has no column {name!r}"
        fix = context.fix.put(f"Change it to {near}", (path, near)) if near else None
        if fix is None and isinstance(path[-1], int):
            fix = context.fix.remove("Remove it", path)
        yield problem("no-such-child-column", path, f"{none}{hint}", fix, column=name)
        return
    places = [context.place(owner, name) for owner in owners]
    known = [place for place in places if place is not None and place.readable]
    if known and all(place.column.type not in ("int", "float") for place in known):
        yield problem(
            "no-influence",
            path,
            f"{known[0].attribute} is of type {known[0].column.type}: only numbers are scaled",
            context.fix.remove("Remove it", path) if isinstance(path[-1], int) else None,
            why="not a number",
        )


# -- ages -----------------------------------------------------------------------------------------------


def _ages(context: Context, table: TablePlace) -> Iterable[Problem]:
    behavior = table.node.vintage_behavior
    assert behavior is not None
    path = (*table.path, "vintage_behavior")
    children = _children(context, table)
    created = context.place(table.node.id, behavior.created_at_column)
    if not children:
        yield problem(
            "no-influence",
            path,
            f"age scales what the children have, and {table.node.id!r} is nobody's parent",
            context.fix.remove("Remove the ages", path),
            why="no children",
        )
    if created is not None and created.readable and created.column.type not in ("datetime", "date"):
        yield problem(
            "not-a-time",
            (*path, "created_at_column"),
            f"{created.attribute} is of type {created.column.type}; an age begins at a datetime or date",
            column=created.attribute,
        )
        return
    for name, age in behavior.age_based_multipliers.items():
        where = (*path, "age_based_multipliers", name)
        yield from _applies(context, children, age, (*where, "applies_to"))
        if not isinstance(age.curve, Curve) and all(number < 0 for number in age.curve):
            yield problem(
                "curve-below-zero", (*where, "curve"), "every multiplier is below 0, and counts as 0"
            )
    if created is not None and created.readable:
        yield from _before_creation(context, children, created)


def _applies(context: Context, children: list[str], age: AgeMultiplier, path: Path) -> Iterable[Problem]:
    names = [age.applies_to] if isinstance(age.applies_to, str) else age.applies_to
    for place, name in enumerate(names):
        if name not in _WORDS and children:
            where = path if isinstance(age.applies_to, str) else (*path, place)
            yield from _child_column(context, children, name, where)


def _before_creation(context: Context, children: list[str], created: ColumnPlace) -> Iterable[Problem]:
    """Find times of children that all lie before their parent is created."""
    facts = context.facts(created)
    if facts is None or facts.low is None:
        return
    low = facts.low * (MICROSECONDS_A_DAY if created.column.type == "date" else 1)
    for place in context.judged:
        table = place.table.node.id
        if context.resolver.tables.first_parent(table) != created.table.node.id or table not in children:
            continue
        if not isinstance(place.column.generator, DatetimeSeries):
            continue
        known = context.facts(place)
        if known is None or known.high is None:
            continue
        high = known.high * (MICROSECONDS_A_DAY if place.column.type == "date" else 1)
        if high < low:
            yield problem(
                "window-before-creation",
                (*place.generator_path, "within"),
                f"{place.attribute} ends at {moment(high)[:10]}, before any {created.table.node.id} is created "
                f"({created.attribute} begins at {moment(low)[:10]})",
                created=created.attribute,
            )


# -- stages ---------------------------------------------------------------------------------------------


def _stages(context: Context, table: TablePlace) -> Iterable[Problem]:
    config = table.node.stage_config
    assert config is not None
    path = (*table.path, "stage_config")
    seen: set[str] = set()
    for number, stage in enumerate(config.stages):
        if stage.stage_name in seen:
            yield problem(
                "duplicate-value",
                (*path, "stages", number, "stage_name"),
                f"there already is a stage {stage.stage_name!r}",
            )
        seen.add(stage.stage_name)
    for name, type in ((STAGE_NAME, "string"), (STAGE_INDEX, "int")):
        place = context.place(table.node.id, name)
        if place is not None and place.readable and place.column.type != type:
            where = (*place.path, "type")
            yield problem(
                "type-mismatch",
                where,
                f"{name!r} gets the {'name' if type == 'string' else 'number'} of the stage",
                context.fix.put(f"Change the type to {type}", (where, type)),
                expected=type,
            )
    first = context.resolver.tables.first_parent(table.node.id)
    parent = context.table(first) if first is not None else None
    if parent is None or not config.segment_variation:
        return
    where = (*path, "segment_variation")
    if parent.node.segment_behavior is None:
        yield problem(
            "no-influence",
            where,
            f"{parent.node.id!r} has no `segment_behavior` that says which column holds its segment",
            context.fix.remove("Remove it", where),
            why="no segments",
        )
        return
    column = parent.node.segment_behavior.segment_column
    yield from _known_segments(context, parent, column, list(config.segment_variation), where)
