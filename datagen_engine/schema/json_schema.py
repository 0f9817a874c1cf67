"""The JSON Schema of the language, made from the specs."""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from datagen_engine.schema.catalogue import family_of
from datagen_engine.schema.parts import Part, Registry
from datagen_engine.schema.spec import ColumnRef, ExpressionRef, Says, Spec, TableRef

__all__ = ["json_schema", "spec_schema"]

_REMARKS: dict[str, Any] = {"comment": {}, "description": {}}
_PATTERNS: dict[str, Any] = {"^x-": {}}
_SIMPLE: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}
_REFERS = {"": "column", "*": "attribute", "?": "column or attribute", ">": "column of a child"}
_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def json_schema(root: type[Spec]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a whole document; every spec once, under `$defs`."""
    definitions: dict[str, Any] = {}
    top = _object(root, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Datagen schema, DSL v1",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


@cache
def spec_schema(cls: type[Spec]) -> dict[str, Any]:
    """Return the JSON Schema of one spec, with what it holds under `$defs`."""
    definitions: dict[str, Any] = {}
    return {**_object(cls, definitions), "$defs": definitions}


def _object(cls: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    rules: list[dict[str, Any]] = []
    for name, field in cls.model_fields.items():
        key = field.alias or name
        if key == "of":  # a body that is flat: {type, params, …}
            family = family_of(field.metadata)
            if family is not None:
                registry, word, inner = family
                assert word is not None
                assert inner is not None
                properties[word] = {"enum": sorted(registry.all()), "title": field.title or "Type"}
                properties[inner] = {"type": "object", "title": "Parameters"}
                required += [word, inner]
                rules += [
                    _flat_rule(registry, part, word, inner, definitions) for part in registry.all().values()
                ]
                continue
        properties[key] = _field(field, definitions)
        if field.is_required():
            required.append(key)
    if issubclass(cls, Part) and cls.listed is not None:  # the body is a list: that of its one field
        listed = _field(cls.model_fields[cls.listed], definitions)
        return {**listed, "title": cls.title, "description": cls.help}
    out: dict[str, Any] = {
        "type": "object",
        "description": (cls.__doc__ or "").split("\n")[0],
        "properties": properties,
    }
    if issubclass(cls, Part):
        out["title"], out["description"] = cls.title, cls.help
    if required:
        out["required"] = required
    if rules:
        out["allOf"] = rules
    out["patternProperties"] = _PATTERNS
    out["additionalProperties"] = cls.model_config.get("extra") == "allow"
    out["properties"] = {**properties, **{k: v for k, v in _REMARKS.items() if k not in properties}}
    return out


def _flat_rule(
    registry: Registry[Any], part: type[Part], word: str, inner: str, definitions: dict[str, Any]
) -> dict[str, Any]:
    """Return: where the word is this part's, the body is as this part has it."""
    own = f"{registry.noun} {part.key}"
    if own not in definitions:
        definitions[own] = {}
        definitions[own] = _object(part, definitions)
    reference = {"$ref": f"#/$defs/{own.replace(' ', '%20')}"}
    return {"if": {"properties": {word: {"const": part.key}}}, "then": {"properties": {inner: reference}}}


def _field(field: FieldInfo, definitions: dict[str, Any]) -> dict[str, Any]:
    out = dict(_type(field.annotation, list(field.metadata), definitions))
    if field.title:
        out["title"] = field.title
    if field.description:
        out["description"] = field.description
    if field.default is not PydanticUndefined and isinstance(field.default, str | int | float | bool | list):
        out["default"] = field.default
    if isinstance(field.json_schema_extra, dict):
        out.update({f"x-{key}": value for key, value in field.json_schema_extra.items()})
    return out


def _type(annotation: Any, metadata: list[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extra = get_args(annotation)
        return _type(inner, [*extra, *metadata], definitions)
    family = family_of(metadata)
    if family is not None:
        return _part(*family, definitions)
    if origin in (Union, types.UnionType):
        options = [_type(option, [], definitions) for option in get_args(annotation)]
        return _limited({"anyOf": options}, metadata)
    if origin is Literal:
        return {"enum": list(get_args(annotation))}
    if origin is list:
        (item,) = get_args(annotation)
        array = _limited({"type": "array", "items": _type(item, [], definitions)}, metadata)
        if any(type(entry).__name__ == "BeforeValidator" for entry in metadata):  # one item may stand alone
            return {"anyOf": [array, array["items"] if isinstance(array["items"], dict) else {}]}
        return array
    if origin is dict:
        name, member = get_args(annotation)
        members = {"type": "object", "additionalProperties": _type(member, [], definitions)}
        named = _type(name, [], definitions).get("x-refers-to")
        return _limited({**members, "x-key-refers-to": named} if named else members, metadata)
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        name = annotation.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _object(annotation, definitions)
        return {"$ref": f"#/$defs/{name}"}
    return _limited(dict(_SIMPLE.get(annotation, {})), metadata)


def _limited(out: dict[str, Any], metadata: list[Any]) -> dict[str, Any]:
    sizes = ("minItems", "maxItems") if out.get("type") == "array" else ("minLength", "maxLength")
    for entry in [
        part for item in metadata for part in (item.metadata if isinstance(item, FieldInfo) else [item])
    ]:
        for limit, key in _LIMITS.items():
            if getattr(entry, limit, None) is not None:
                out[key] = getattr(entry, limit)
        if getattr(entry, "min_length", None) is not None:
            out[sizes[0]] = entry.min_length
        if getattr(entry, "max_length", None) is not None:
            out[sizes[1]] = entry.max_length
        if isinstance(entry, TableRef):
            out["x-refers-to"] = "table"
        elif isinstance(entry, ColumnRef):
            out["x-refers-to"] = _REFERS.get(entry.of, f"column of {entry.of.lstrip('^')}")
            if entry.besides or entry.alike:
                out["x-besides"] = [*entry.besides, *([entry.alike] if entry.alike else [])]
        elif isinstance(entry, ExpressionRef):
            out["x-refers-to"] = "expression"
            if entry.besides:
                out["x-besides"] = list(entry.besides)
        elif isinstance(entry, Says):
            out["x-says"] = entry.what
    return out


def _part(
    registry: Registry[Any], word: str | None, inner: str | None, definitions: dict[str, Any]
) -> dict[str, Any]:
    name = registry.noun
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = {
            "oneOf": [_choice(registry, cls, word, inner, definitions) for cls in registry.all().values()]
        }
    return {"$ref": f"#/$defs/{name}"}


def _choice(
    registry: Registry[Any], cls: type[Part], word: str | None, inner: str | None, definitions: dict[str, Any]
) -> dict[str, Any]:
    own = f"{registry.noun} {cls.key}"
    if own not in definitions:
        definitions[own] = {}
        definitions[own] = _object(cls, definitions)
    body = definitions[own]
    reference = {"$ref": f"#/$defs/{own.replace(' ', '%20')}"}
    if word is None:
        properties, required = {cls.key: reference}, [cls.key]
    elif inner is None:  # the word stands among the fields
        body["properties"] = {word: {"const": cls.key}, **body["properties"]}
        body["required"] = [word, *body.get("required", [])]
        return reference
    else:
        properties, required = {word: {"const": cls.key}, inner: reference}, [word]
        if body.get("required"):
            required.append(inner)
    return {
        "type": "object",
        "title": cls.title,
        "properties": {**properties, **_REMARKS},
        "required": required,
        "patternProperties": _PATTERNS,
        "additionalProperties": False,
    }
