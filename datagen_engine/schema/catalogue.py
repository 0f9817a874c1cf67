"""What stands where in a document: the class of each object, and which strings name tables and columns.

Everything here is read from the annotations of the specs, so it holds for a part from a package elsewhere
as it does for ours.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, PlainValidator
from pydantic.fields import FieldInfo

from datagen_engine.schema import parts
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS, Part, Registry
from datagen_engine.schema.path import Path
from datagen_engine.schema.spec import ColumnRef, ExpressionRef, Spec, TableRef, is_remark

__all__ = ["Mark", "class_at", "family_of", "marks"]

Marker = TableRef | ColumnRef | ExpressionRef


@dataclass(frozen=True, slots=True)
class Mark:
    """Name a string in a document that refers to something.

    `path` leads to the string; where `key` is true, to the value whose key it is. `owner` is the path of
    the object of the language around it, `field` the key there under which it stands.
    """

    path: Path
    text: str
    marker: Marker
    owner: Path
    field: str
    key: bool = False


_FAMILIES: dict[Any, tuple[Registry[Any], str | None, str | None]] = {
    parts._generator: (GENERATORS, None, None),
    parts._modifier: (MODIFIERS, "transform", "args"),
    parts._fanout: (FANOUTS, "distribution", None),
    parts._distribution: (DISTRIBUTIONS, "type", "params"),
}


def family_of(metadata: list[Any]) -> tuple[Registry[Any], str | None, str | None] | None:
    """Return the kind of part that a field holds: its registry, the key of its word and that of its body."""
    for item in metadata:
        if isinstance(item, PlainValidator) and item.func in _FAMILIES:
            return _FAMILIES[item.func]
    return None


@cache
def _fields(cls: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in cls.model_fields.items()}


def _part(family: tuple[Registry[Any], str | None, str | None], value: Any) -> tuple[type[Part] | None, Path]:
    """Return the class of a part as it stands in the document, and the way from there to its body."""
    registry, word, inner = family
    if not isinstance(value, dict):
        return None, ()
    if word is None:
        key = next((k for k in value if k in registry.all()), None)
        return (registry.get(key), (key,)) if key is not None else (None, ())
    cls = registry.all().get(value.get(word, ""))
    return cls, ((inner,) if inner else ())


def class_at(cls: type[Spec], tree: Any, path: Path) -> type[Spec] | None:
    """Return the class of the object at a path below an object of class `cls`."""
    return _descend(cls, [], tree, path)


def _descend(annotation: Any, metadata: list[Any], tree: Any, path: Path) -> type[Spec] | None:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extra = get_args(annotation)
        return _descend(inner, [*metadata, *extra], tree, path)
    family = family_of(metadata)
    if family:
        cls, way = _part(family, tree)
        if cls is None or path[: len(way)] != way:
            return None
        body = tree
        for step in way:
            body = body.get(step) if isinstance(body, dict) else None
        return class_at(cls, body, path[len(way) :])
    if origin in (Union, types.UnionType):
        found = (_descend(option, [], tree, path) for option in get_args(annotation))
        return next((cls for cls in found if cls is not None), None)
    if origin is list:
        (item,) = get_args(annotation)
        if isinstance(tree, dict) and path:  # one where a list may stand
            return _descend(item, [], tree, path)
        if not path or not isinstance(path[0], int) or not isinstance(tree, list) or path[0] >= len(tree):
            return None
        return _descend(item, [], tree[path[0]], path[1:])
    if origin is dict:
        if not path or not isinstance(tree, dict) or path[0] not in tree:
            return None
        return _descend(get_args(annotation)[1], [], tree[path[0]], path[1:])
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        if not path:
            return annotation
        field = _fields(annotation).get(str(path[0]))
        if field is None or not isinstance(tree, dict):
            return None
        return _descend(field.annotation, list(field.metadata), tree.get(path[0]), path[1:])
    return None


def marks(cls: type[Spec], tree: Any, base: Path = ()) -> Iterator[Mark]:
    """Yield every string of a document that names a table, a column, or is an expression."""
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        field = _fields(cls).get(key)
        if field is None or value is None or (is_remark(key) and key not in _fields(cls)):
            continue
        yield from _marks_in(field.annotation, list(field.metadata), value, (*base, key), base, key)


@cache
def _interesting(annotation: Any) -> bool:
    """Say whether anything under an annotation can refer to something (spares the walk over the rest)."""
    origin = get_origin(annotation)
    if origin is not None:
        return any(_interesting(arg) for arg in get_args(annotation) if not isinstance(arg, str))
    if isinstance(annotation, TableRef | ColumnRef | ExpressionRef | PlainValidator):
        return True
    return isinstance(annotation, type) and issubclass(annotation, Spec)


def _marks_in(
    annotation: Any, metadata: list[Any], value: Any, path: Path, owner: Path, field: str, key: bool = False
) -> Iterator[Mark]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extra = get_args(annotation)
        yield from _marks_in(inner, [*metadata, *extra], value, path, owner, field, key)
        return
    family = family_of(metadata)
    if family:
        cls, way = _part(family, value)
        body = value
        for step in way:
            body = body.get(step) if isinstance(body, dict) else None
        if cls is not None:
            yield from marks(cls, body, path + way)
        return
    if isinstance(value, str):
        for marker in metadata:
            if isinstance(marker, TableRef | ColumnRef | ExpressionRef):
                yield Mark(path, value, marker, owner, field, key)
    if origin in (Union, types.UnionType):
        for option in get_args(annotation):
            shape = get_origin(option) or option
            if (isinstance(value, str) and (shape is str or get_origin(option) is Annotated)) or (
                isinstance(value, list) and shape is list) or (
                isinstance(value, dict) and (shape is dict or (isinstance(shape, type) and issubclass(shape, Spec)))
            ):
                yield from _marks_in(option, [], value, path, owner, field)
    elif origin is list:
        (item,) = get_args(annotation)
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, one in items:
            yield from _marks_in(item, [], one, path if index is None else (*path, index), owner, field)
    elif origin is dict and isinstance(value, dict):
        of_key, of_value = get_args(annotation)
        for name, one in value.items():
            yield from _marks_in(of_key, [], name, (*path, name), owner, field, key=True)
            yield from _marks_in(of_value, [], one, (*path, name), owner, field)
    elif isinstance(annotation, type) and issubclass(annotation, Spec):
        yield from marks(annotation, value, path)
