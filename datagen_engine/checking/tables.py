"""What each kind of table may have: rows, parents, a number of children."""

from __future__ import annotations

from collections.abc import Iterable

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import Context, TablePlace
from datagen_engine.checking.words import counted, figure
from datagen_engine.fanouts.uniform import UniformFanout
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import Unreadable

__all__ = ["check_tables"]


def check_tables(context: Context) -> Iterable[Problem]:
    """Find tables whose keys do not go with their kind."""
    for table in context.tables:
        if table.node.kind == "fact":
            yield from _fact(context, table)
        else:
            yield from _root(context, table)
        if table.node.kind == "vocab":
            yield from _vocabulary(context, table)
        yield from _once(context, table)
        fanout = table.node.fanout
        if isinstance(fanout, UniformFanout) and fanout.rate is not None:
            path = (*table.path, "fanout", "lambda")
            yield problem(
                "ignored-key",
                path,
                "a uniform fanout has no lambda: this one is ignored",
                context.fix.remove("Remove it", path),
                key="lambda",
            )


def _has(context: Context, table: TablePlace, key: str) -> bool:
    """Say whether the document has something under a key, whether it could be read or not."""
    try:
        return context.fix.raw((*table.path, key)) not in (None, [])
    except LookupError:
        return False


def _fact(context: Context, table: TablePlace) -> Iterable[Problem]:
    node, fix = table.node, context.fix
    if _has(context, table, "parents"):
        if node.rows is not None:
            path = (*table.path, "rows")
            yield problem(
                "rows-with-parents",
                path,
                "a fact with parents gets its rows from them: say how many by `fanout`, not by `rows`",
                fix.remove("Remove rows", path),
            )
        if node.stage_config is not None and node.fanout is not None:
            path = (*table.path, "fanout")
            yield problem(
                "fanout-with-stages",
                path,
                "`stage_config` decides how many rows there are: it and `fanout` cannot both stand here",
                fix.remove("Remove the fanout", path),
            )
        return
    if node.fanout is not None:
        path = (*table.path, "fanout")
        yield problem(
            "fanout-without-parents",
            path,
            f"`fanout` is the number of children of each parent, and {node.id!r} has no parents",
            fix.remove("Remove the fanout", path),
        )
    if node.stage_config is not None:
        path = (*table.path, "stage_config")
        yield problem(
            "stages-without-parents",
            path,
            f"stages are what the rows of a parent go through, and {node.id!r} has no parents",
            fix.remove("Remove the stages", path),
        )


def _root(context: Context, table: TablePlace) -> Iterable[Problem]:
    node = table.node
    word = "an entity" if node.kind == "entity" else "a vocabulary"
    for key, what in (("parents", "parents"), ("fanout", "fanout"), ("stage_config", "stages")):
        if not getattr(node, key):
            continue
        path = (*table.path, key)
        fix = context.fix.remove(f"Remove the {what}", path)
        if key == "parents" and node.kind == "entity":
            as_fact = context.fix.put("", ((*table.path, "kind"), "fact"))
            rows = [context.fix.remove("", (*table.path, "rows"))] if node.rows is not None else []
            fix = context.fix.both("Make it a fact", as_fact, *rows)
        yield problem(
            "wrong-for-kind", path, f"{word} has no {what}: only a fact has", fix, kind=node.kind, key=key
        )


def _vocabulary(context: Context, table: TablePlace) -> Iterable[Problem]:
    node = table.node
    lists = [(i, c.generator) for i, c in enumerate(node.columns) if isinstance(c.generator, EnumList)]
    if not lists:
        if not any(isinstance(column.generator, Unreadable) for column in node.columns):
            yield problem(
                "vocabulary-without-list",
                (*table.path, "kind"),
                f"a vocabulary has as many rows as its list of values, and no column of {node.id!r} has an "
                "`enum_list`",
                context.fix.put("Make it an entity", ((*table.path, "kind"), "entity")),
            )
        return
    size = len(lists[0][1].values)
    for number, generator in lists[1:]:
        if len(generator.values) != size:
            yield problem(
                "lists-differ",
                (*table.path, "columns", number, "generator", "enum_list", "values"),
                f"{counted(len(generator.values), 'value')} here, {size:,} in "
                f"{node.columns[lists[0][0]].name!r}: every list of a vocabulary has one for each row",
                found=len(generator.values),
                expected=size,
            )
    if node.rows is not None and node.rows != size:
        path = (*table.path, "rows")
        yield problem(
            "rows-disagree",
            path,
            f"a vocabulary has as many rows as its list: {size:,}, not {figure(node.rows)}",
            context.fix.remove("Remove rows", path),
            found=node.rows,
            expected=size,
        )


def _once(context: Context, table: TablePlace) -> Iterable[Problem]:
    seen: set[str] = set()
    for place, parent in enumerate(table.node.parents):
        path = (*table.path, "parents", place)
        if parent in seen:
            yield problem(
                "duplicate-parent",
                path,
                f"{parent!r} is a parent already",
                context.fix.remove("Remove it", path),
                parent=parent,
            )
        seen.add(parent)
