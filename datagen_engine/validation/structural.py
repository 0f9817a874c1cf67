"""The structural checks of a schema: what is there, of its type, not null, unique, referred to, and as many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import ColumnNode
from datagen_engine.schema.path import Path
from datagen_engine.schema.spec import split_attribute
from datagen_engine.validation.check import About, Check
from datagen_engine.validation.checks.foreign_key import Occurs
from datagen_engine.validation.checks.null import NotNull
from datagen_engine.validation.checks.present import Glance, HasColumn, HasTable, HasType, Readable
from datagen_engine.validation.checks.row_count import ChildCount, RowCount
from datagen_engine.validation.checks.unique import Unique

if TYPE_CHECKING:
    from datagen_engine.schema.document import Node, Schema
    from datagen_engine.validation.context import Context
    from datagen_engine.validation.record import Kind

__all__ = ["structural_checks"]


def structural_checks(context: Context) -> Iterator[Check[Any] | Glance]:
    """Yield the structural checks, table by table in the order of the schema."""
    for number, node in enumerate(context.schema.nodes):
        place: Path = ("nodes", number)
        yield from _shape(node, place)
        yield Unique(_about(node.id, (node.pk,), "primary_key", (*place, "pk")))
        yield from _unique(context.schema, node)
        yield from _references(context, node)
        yield from _counts(context, node, place)


def _about(
    table: str,
    columns: tuple[str, ...],
    kind: Kind,
    path: Path,
    *,
    id: str = "",
    needs: tuple[tuple[str, str], ...] | None = None,
    title: str = "",
) -> About:
    name = f"{kind}:{table}" + (f".{','.join(columns)}" if columns else "")
    own = tuple((table, column) for column in columns)
    return About(
        id or name,
        "structural",
        kind,
        table,
        columns,
        path,
        needs=own if needs is None else needs,
        title=title,
    )


def _shape(node: Node, place: Path) -> Iterator[Check[Any] | Glance]:
    yield HasTable(_about(node.id, (), "present", place, title="table present"))
    yield Readable(_about(node.id, (), "readable", place))
    for number, column in enumerate(node.columns):
        here = (*place, "columns", number)
        yield HasColumn(_about(node.id, (column.name,), "present", here, needs=(), title="column present"))
        yield HasType(_about(node.id, (column.name,), "type", (*here, "type"), needs=()))
        if not column.nullable and column.name != node.pk:
            yield NotNull(_about(node.id, (column.name,), "null", here, title="not null"))


def _unique(schema: Schema, node: Node) -> Iterator[Check[Any]]:
    seen: set[frozenset[str]] = {frozenset((node.pk,))}
    for number, group in enumerate(schema.constraints.unique):
        pairs = [split_attribute(attribute) for attribute in group]
        columns = tuple(dict.fromkeys(column for _, column in pairs))
        if pairs[0][0] == node.id and frozenset(columns) not in seen:
            seen.add(frozenset(columns))
            yield Unique(_about(node.id, columns, "unique", ("constraints", "unique", number)))


def _references(context: Context, node: Node) -> Iterator[Check[Any]]:
    for reference in context.links.of_table(node.id):
        link = reference.link
        target = ",".join(link.remotes)
        needs = (
            *((link.table, column) for column in link.columns),
            *((link.target, column) for column in link.remotes),
        )
        id = f"foreign_key:{link.table}.{','.join(link.columns)}→{link.target}.{target}"
        title = f"foreign key → {link.target}"
        yield Occurs(
            _about(node.id, link.columns, "foreign_key", reference.path, id=id, needs=needs, title=title),
            link,
        )


def _counts(context: Context, node: Node, place: Path) -> Iterator[Check[Any] | Glance]:
    parent = context.resolver.tables.first_parent(node.id)
    asks = (
        "fanout"
        if node.fanout is not None
        else "stage_config"
        if node.stage_config is not None
        else "parents"
        if parent
        else "rows"
    )
    yield RowCount(_about(node.id, (), "row_count", (*place, asks)))
    children = context.plan.tables[node.id].children
    link = None if parent is None else context.links.to_parent(node.id, parent)
    if children is None or link is None:
        return
    needs = (
        *((link.table, column) for column in link.columns),
        *((link.target, column) for column in link.remotes),
        *((need.table, need.column) for need in children.needs if isinstance(need, ColumnNode)),
    )
    id = f"row_count:{node.id}/{parent}"
    about = _about(
        node.id, link.columns, "row_count", (*place, asks), id=id, needs=needs, title=f"children per {parent}"
    )
    yield ChildCount(about, link, children)
