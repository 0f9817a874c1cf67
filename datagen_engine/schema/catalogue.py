"""What stands where in a document: the class of each object, and which strings name tables and columns.

Everything here is read from the annotations of the specs, so it holds for a part from a package elsewhere
as it does for ours.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, PlainValidator
from pydantic.fields import FieldInfo

from datagen_engine.schema import parts
from datagen_engine.schema.parts import DISTRIBUTIONS, FANOUTS, GENERATORS, MODIFIERS, Part, Registry
from datagen_engine.schema.path import Path
from datagen_engine.schema.spec import ColumnRef, ExpressionRef, Spec, TableRef

__all__ = ["Mark", "class_at", "family_of", "keys_of", "marks"]

Marker: TypeAlias = TableRef | ColumnRef | ExpressionRef
Family: TypeAlias = tuple[Registry[Any], str | None, str | None]
"""The registry of a kind of part, the key that holds its word (None: the word is a key itself), and the key
that holds its body (None: the body stands beside the word)."""


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


_FAMILIES: dict[Any, Family] = {
    parts._generator: (GENERATORS, None, None),
    parts._modifier: (MODIFIERS, "transform", "args"),
    parts._fanout: (FANOUTS, "distribution", None),
    parts._distribution: (DISTRIBUTIONS, "type", "params"),
}


def family_of(metadata: list[Any]) -> Family | None:
    """Return the kind of part that a field holds; None where it holds none."""
    for item in metadata:
        if isinstance(item, PlainValidator) and item.func in _FAMILIES:
            return _FAMILIES[item.func]
    return None


@cache
def _fields(cls: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {field.alias or name: field for name, field in cls.model_fields.items()}


def keys_of(cls: type[Spec]) -> list[str]:
    """Return the keys that an object of the language may have, in the order of its fields.

    >>> from datagen_engine.schema.parts import GENERATORS
    >>> keys_of(GENERATORS.get("distribution"))
    ['type', 'params', 'clamp']
    """
    return [key for field in _fields(cls) for key in cls.flat.get(field, (field,))]


@cache
def _places(cls: type[Spec]) -> Mapping[str, tuple[str, FieldInfo]]:
    """Return the field that each key of an object belongs to, with its alias."""
    return {
        key: (alias, field) for alias, field in _fields(cls).items() for key in cls.flat.get(alias, (alias,))
    }


def _listed(cls: type[Spec]) -> str | None:
    """Return the field that the items of a body are in, where the body is a list."""
    return cls.listed if issubclass(cls, Part) else None


def _part(family: Family, value: Any) -> tuple[type[Part] | None, Path, Any]:
    """Return the class of a part as it stands in the document, the way to its body, and the body."""
    registry, word, inner = family
    if not isinstance(value, dict):
        return None, (), None
    known = registry.all()
    if word is None:
        key = next((k for k in value if k in known), None)
        return (None, (), None) if key is None else (known[key], (key,), value[key])
    name = value.get(word)
    cls = known.get(name) if isinstance(name, str) else None
    return (cls, (inner,), value.get(inner)) if inner else (cls, (), value)


# -- the class of an object -----------------------------------------------------------------------------


def class_at(cls: type[Spec], tree: Any, path: Path) -> type[Spec] | None:
    """Return the class of the object at a path below an object of class `cls`; None for no such object.

    >>> from datagen_engine.schema.document import Schema
    >>> class_at(Schema, {"nodes": [{"id": "a"}]}, ("nodes", 0)).__name__
    'Node'
    """
    return _descend(cls, [], tree, path)


def _descend(annotation: Any, metadata: list[Any], tree: Any, path: Path) -> type[Spec] | None:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extra = get_args(annotation)
        return _descend(inner, [*metadata, *extra], tree, path)
    family = family_of(metadata)
    if family:
        cls, way, body = _part(family, tree)
        return None if cls is None or path[: len(way)] != way else class_at(cls, body, path[len(way) :])
    if origin in (Union, types.UnionType):
        found = (_descend(option, [], tree, path) for option in get_args(annotation))
        return next((cls for cls in found if cls is not None), None)
    if origin is list:
        (item,) = get_args(annotation)
        if isinstance(tree, dict):  # one where a list may stand
            return _descend(item, [], tree, path)
        if not path or not isinstance(path[0], int) or not isinstance(tree, list) or path[0] >= len(tree):
            return None
        return _descend(item, [], tree[path[0]], path[1:])
    if origin is dict:
        if not path or not isinstance(tree, dict) or path[0] not in tree:
            return None
        return _descend(get_args(annotation)[1], [], tree[path[0]], path[1:])
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return _below(annotation, tree, path)
    return None


def _below(cls: type[Spec], tree: Any, path: Path) -> type[Spec] | None:
    if not path:
        return cls
    listed = _listed(cls)
    if isinstance(tree, list) and listed is not None:
        return _descend(_fields(cls)[listed].annotation, [], tree, path)
    alias, field = _places(cls).get(str(path[0]), ("", None))
    if field is None or not isinstance(tree, dict):
        return None
    if alias in cls.flat:
        return _descend(field.annotation, list(field.metadata), tree, path)
    return _descend(field.annotation, list(field.metadata), tree.get(path[0]), path[1:])


# -- what refers to something ---------------------------------------------------------------------------

_Walk: TypeAlias = Callable[[Any, Path, Path, str, list[Mark]], None]
"""Add the marks of a value, which stands at a path, in an object of the language, under a field of it."""


def marks(cls: type[Spec], tree: Any, base: Path = ()) -> Iterator[Mark]:
    """Yield every string of a document that names a table, a column, or is an expression.

    The tree need not be valid: what is not of the expected form is passed over.
    """
    found: list[Mark] = []
    _walk_spec(cls, tree, base, found)
    return iter(found)


def _walk_spec(cls: type[Spec], tree: Any, base: Path, found: list[Mark]) -> None:
    walks, gathered = _walks(cls)
    if not isinstance(tree, dict):
        listed = _listed(cls)
        if isinstance(tree, list) and listed is not None and listed in walks:
            walks[listed](tree, base, base, "", found)
        return
    for key, value in tree.items():
        walk = walks.get(key)
        if walk is not None and value is not None:
            walk(value, (*base, key), base, key, found)
    for walk in gathered:
        walk(tree, base, base, "", found)


@cache
def _walks(cls: type[Spec]) -> tuple[Mapping[str, _Walk], tuple[_Walk, ...]]:
    """Return how to walk below each key that can hold a reference, and below those made of several keys."""
    walks, gathered = {}, []
    for alias, field in _fields(cls).items():
        walk = _walk(field.annotation, list(field.metadata))
        if walk is not None and alias in cls.flat:
            gathered.append(walk)
        elif walk is not None:
            walks[alias] = walk
    return walks, tuple(gathered)


def _walk(annotation: Any, metadata: list[Any]) -> _Walk | None:
    """Return how to walk below a value of this type; None where nothing in it can refer to anything."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extra = get_args(annotation)
        return _walk(inner, [*metadata, *extra])
    family = family_of(metadata)
    if family:
        return _walk_part(family)
    # Where one annotation stands around another, the outer one counts.
    marker = _marker(metadata)
    if marker is not None:
        return _walk_text(marker)
    if origin in (Union, types.UnionType):
        return _walk_union([_shaped(option) for option in get_args(annotation)])
    if origin is list:
        item = _walk(get_args(annotation)[0], [])
        return None if item is None else _walk_list(item)
    if origin is dict:
        name, item = get_args(annotation)
        of_name, of_item = _marker(get_args(name)[1:]), _walk(item, [])
        return None if of_name is None and of_item is None else _walk_dict(of_name, of_item)
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        spec = annotation
        return lambda value, path, _owner, _field, found: _walk_spec(spec, value, path, found)
    return None


def _marker(metadata: Sequence[Any]) -> Marker | None:
    return next((m for m in reversed(metadata) if isinstance(m, TableRef | ColumnRef | ExpressionRef)), None)


def _walk_text(marker: Marker) -> _Walk:
    def text(value: Any, path: Path, owner: Path, field: str, found: list[Mark]) -> None:
        if isinstance(value, str):
            found.append(Mark(path, value, marker, owner, field))

    return text


def _walk_part(family: Family) -> _Walk:
    def part(value: Any, path: Path, _owner: Path, _field: str, found: list[Mark]) -> None:
        cls, way, body = _part(family, value)
        if cls is not None:
            _walk_spec(cls, body, path + way, found)

    return part


def _walk_list(item: _Walk) -> _Walk:
    def items(value: Any, path: Path, owner: Path, field: str, found: list[Mark]) -> None:
        if isinstance(value, list):
            for index, one in enumerate(value):
                item(one, (*path, index), owner, field, found)
        else:  # one where a list may stand
            item(value, path, owner, field, found)

    return items


def _walk_dict(marker: Marker | None, of_value: _Walk | None) -> _Walk:
    def members(value: Any, path: Path, owner: Path, field: str, found: list[Mark]) -> None:
        if not isinstance(value, dict):
            return
        for name, one in value.items():
            if marker is not None:
                found.append(Mark((*path, name), name, marker, owner, field, key=True))
            if of_value is not None:
                of_value(one, (*path, name), owner, field, found)

    return members


def _shaped(option: Any) -> tuple[Any, _Walk | None]:
    inner = get_args(option)[0] if get_origin(option) is Annotated else option
    shape = get_origin(inner) or inner
    return (dict if isinstance(shape, type) and issubclass(shape, BaseModel) else shape), _walk(option, [])


def _walk_union(options: list[tuple[Any, _Walk | None]]) -> _Walk | None:
    """Walk as the options say that a value can be: told apart by its being text, a list or an object."""
    walks = [(shape, walk) for shape, walk in options if walk is not None and shape in (str, list, dict)]
    if not walks:
        return None

    def union(value: Any, path: Path, owner: Path, field: str, found: list[Mark]) -> None:
        for shape, walk in walks:
            if isinstance(value, shape):
                walk(value, path, owner, field, found)

    return union
