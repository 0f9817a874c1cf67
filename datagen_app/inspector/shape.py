"""The forms of values: what a JSON Schema says of a value, as a form needs it. Plain Python, without Qt.

The engine describes its whole language as a JSON Schema; a shape reads one place of it, and whatever a
generator of a package elsewhere says there is read the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

__all__ = ["ABSENT", "FAMILIES", "Absent", "Family", "Kind", "Language", "Part", "Shape", "start_value"]


class Absent:
    """The one value that says: there is none."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()

Kind = Literal[
    "text", "number", "flag", "word", "code", "reference", "list", "map", "object", "part", "either", "any"
]


@dataclass(frozen=True, slots=True)
class Family:
    """How a part stands in the document: the key that holds its word, and the key that holds its body.

    None for the word: the word is itself the key of the body. None for the body: it stands beside the word.
    """

    noun: str
    word: str | None
    body: str | None


FAMILIES: Mapping[str, Family] = {
    "generator": Family("generator", None, None),
    "modifier": Family("modifier", "transform", "args"),
    "distribution": Family("distribution", "type", "params"),
    "fanout": Family("fanout", "distribution", None),
}
_REMARKS = ("comment", "description")


@dataclass(frozen=True, slots=True)
class Part:
    """One generator, modifier, distribution or fanout, as it is offered."""

    key: str
    title: str
    help: str
    samples: tuple[Any, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Language:
    """All that a document may say.

    Parameters
    ----------
    schema
        The JSON Schema of a document.
    parts
        The parts of each family, by their words.
    """

    schema: Mapping[str, Any]
    parts: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)

    @cached_property
    def document(self) -> Shape:
        """The shape of a whole document."""
        return Shape(self.schema, self)

    def spec(self, name: str) -> Shape:
        """Return the shape of the spec with that name: `Column`, `generator choice` …"""
        return Shape({"$ref": f"#/$defs/{name}"}, self)

    def body(self, family: str, word: str) -> Shape | None:
        """Return the shape of the body of a part; None where there is no such part."""
        name = f"{family} {word}"
        return self.spec(name) if name in self.schema["$defs"] else None


@dataclass(frozen=True)
class Shape:
    """What a value may be.

    Parameters
    ----------
    raw
        What the JSON Schema says of it.
    language
        The language that it belongs to.
    key
        The key it stands under.
    required
        Whether it must be there.
    """

    raw: Mapping[str, Any]
    language: Language
    key: str = ""
    required: bool = False

    @cached_property
    def _said(self) -> Mapping[str, Any]:
        """What is said, references followed and an optional null left out."""
        own = dict(self.raw)
        while True:
            if "$ref" in own:
                name = str(own.pop("$ref")).rsplit("/", 1)[-1].replace("%20", " ")
                own = {**self.language.schema["$defs"][name], **own, "name": name}
            elif "anyOf" in own and len(options := _not_null(own["anyOf"])) == 1:
                own.pop("anyOf")
                own = {**options[0], **own}
            else:
                return own

    @property
    def name(self) -> str:
        """The name of the spec; nothing for a simple value."""
        return str(self._said.get("name", ""))

    @property
    def family(self) -> Family | None:
        """The family of which any part may stand here."""
        return FAMILIES.get(self.name)

    @cached_property
    def kind(self) -> Kind:
        """What kind of value it is."""
        said = self._said
        if self.family is not None:
            return "part"
        if "enum" in said:
            return "word"
        if said.get("x-refers-to") == "expression":
            return "code"
        if "x-refers-to" in said:
            return "reference"
        if "anyOf" in said:
            return "list" if self.lone else "either"
        match said.get("type"):
            case "string":
                return "text"
            case "number" | "integer":
                return "number"
            case "boolean":
                return "flag"
            case "array":
                return "list"
            case "object":
                return "map" if isinstance(said.get("additionalProperties"), dict) else "object"
        return "any"

    @property
    def title(self) -> str:
        """What a person calls it."""
        return str(
            self.raw.get("title") or self._said.get("title") or self.key.replace("_", " ").capitalize()
        )

    @property
    def help(self) -> str:
        """What there is to know of it."""
        return str(self.raw.get("description") or self._said.get("description") or "")

    @property
    def unit(self) -> str:
        """What its number counts."""
        return str(self._said.get("x-unit", ""))

    @property
    def says(self) -> str:
        """What it says beyond its type: weights, an instant …"""
        return str(self._said.get("x-says", ""))

    @property
    def rare(self) -> bool:
        """Whether it is only there for files that have it already."""
        return bool(self._said.get("x-rare"))

    @property
    def default(self) -> Any:
        """What holds where it is left out; ABSENT where nothing does."""
        return self._said.get("default", ABSENT)

    @property
    def refers(self) -> str:
        """What its text names: `table`, `column`, `attribute`, `column of from` …"""
        return str(self._said.get("x-refers-to", ""))

    @property
    def besides(self) -> tuple[str, ...]:
        """The words that may stand in the place of a name."""
        return tuple(self._said.get("x-besides", ()))

    @property
    def key_refers(self) -> str:
        """What the keys of a map name."""
        return str(self._said.get("x-key-refers-to", ""))

    @property
    def whole(self) -> bool:
        """Whether its numbers are whole."""
        return self._said.get("type") == "integer"

    @property
    def words(self) -> tuple[str, ...]:
        """The words of which it is one."""
        return tuple(str(word) for word in self._said.get("enum", ()))

    @property
    def open(self) -> bool:
        """Whether an object may have keys beyond its fields."""
        return self._said.get("additionalProperties") is True

    @property
    def most(self) -> int | None:
        """How many items a list may have."""
        return self._said.get("maxItems")

    @property
    def limits(self) -> str:
        """The limits of its numbers, in words."""
        said, least, most = self._said, "", ""
        if "minimum" in said:
            least = f"at least {_number(said['minimum'])}"
        elif "exclusiveMinimum" in said:
            least = f"above {_number(said['exclusiveMinimum'])}"
        if "maximum" in said:
            most = f"at most {_number(said['maximum'])}"
        elif "exclusiveMaximum" in said and said["exclusiveMaximum"] < 1e15:
            most = f"below {_number(said['exclusiveMaximum'])}"
        return ", ".join(limit for limit in (least, most) if limit)

    @property
    def lone(self) -> bool:
        """Whether one item may stand where a list of them may."""
        options = _not_null(self._said.get("anyOf", ()))
        lists = [option for option in options if option.get("type") == "array"]
        return len(options) == 2 and len(lists) == 1 and lists[0].get("items") in options

    @cached_property
    def item(self) -> Shape:
        """The shape of the items of a list, or of the values of a map."""
        said = self._said
        if said.get("type") == "array":
            return Shape(said.get("items", {}), self.language)
        if self.lone:
            lists = next(option for option in said["anyOf"] if option.get("type") == "array")
            return Shape(lists["items"], self.language)
        return Shape(said.get("additionalProperties", {}), self.language)

    @cached_property
    def options(self) -> tuple[Shape, ...]:
        """The shapes of which a value has one."""
        return tuple(
            Shape(option, self.language, self.key) for option in _not_null(self._said.get("anyOf", ()))
        )

    @cached_property
    def fields(self) -> Mapping[str, Shape]:
        """The fields of an object, in their order; of a part's body without the word that names the part."""
        required = self._said.get("required", ())
        return {
            key: Shape(raw, self.language, key, key in required)
            for key, raw in self._said.get("properties", {}).items()
            if key not in _REMARKS and "const" not in raw
        }

    @property
    def flat(self) -> Family | None:
        """The family whose word and body are fields of this object itself."""
        return FAMILIES["distribution"] if "allOf" in self._said else None

    def fits(self, value: Any) -> bool:
        """Whether a value is of this kind, right or wrong in itself."""
        match self.kind:
            case "text" | "code" | "reference":
                return isinstance(value, str)
            case "word":
                return value in self.words
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool)
            case "flag":
                return isinstance(value, bool)
            case "list":
                return isinstance(value, list)
            case "object" | "map" | "part":
                return isinstance(value, dict)
        return True


def start_value(shape: Shape) -> Any:
    """Return the value that a new field begins with: as little as there can be.

    An object begins with what it must have; a part with the first of its samples.
    """
    if shape.default is not ABSENT and shape.required:
        return shape.default
    match shape.kind:
        case "text" | "code" | "reference" | "any":
            return ""
        case "number":
            return _least_number(shape)
        case "flag":
            return False
        case "word":
            return shape.words[0]
        case "list":
            return [start_value(shape.item)] if shape._said.get("minItems") else []
        case "map":
            return {}
        case "either":
            return start_value(shape.options[0])
        case "part":
            return _start_part(shape)
    if shape.flat is not None:
        return {"type": "normal", "params": {"mean": 0, "std": 1}}
    return {key: start_value(inner) for key, inner in shape.fields.items() if inner.required}


def _start_part(shape: Shape) -> Any:
    family = shape.family
    assert family is not None
    offered = shape.language.parts.get(family.noun, {})
    first = {"generator": "choice", "modifier": "multiply", "distribution": "normal", "fanout": "poisson"}
    word = first[family.noun] if first[family.noun] in offered else next(iter(offered), "")
    return new_part(family, word, offered[word].samples[0] if word and offered[word].samples else {})


def new_part(family: Family, word: str, body: Any) -> dict[str, Any]:
    """Return a part as it stands in the document.

    Examples
    --------
    >>> new_part(FAMILIES["modifier"], "add", {"value": 1})
    {'transform': 'add', 'args': {'value': 1}}
    >>> new_part(FAMILIES["fanout"], "fixed", {"n": 3})
    {'distribution': 'fixed', 'n': 3}
    """
    if family.word is None:
        return {word: body}
    if family.body is None:
        return {family.word: word, **body}
    return {family.word: word, family.body: body}


def word_of(family: Family, value: Any, known: Mapping[str, Part]) -> str:
    """Return the word of a part as it stands in the document; nothing where it has none."""
    if not isinstance(value, dict):
        return ""
    if family.word is not None:
        word = value.get(family.word)
        return word if isinstance(word, str) else ""
    keys = [key for key in value if key not in _REMARKS and not key.startswith("x-")]
    return next((key for key in keys if key in known), keys[0] if keys else "")


def body_way(family: Family, word: str) -> tuple[str, ...]:
    """Return the way from a part to its body."""
    if family.word is None:
        return (word,)
    return () if family.body is None else (family.body,)


def _least_number(shape: Shape) -> float | int:
    said = shape._said
    if "minimum" in said:
        least = max(0, said["minimum"])
        return int(least) if float(least).is_integer() else float(least)
    return 1 if "exclusiveMinimum" in said else 0


def _not_null(options: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [option for option in options if option.get("type") != "null"]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) and abs(value) < 1e15 else f"{value:g}"


def walk(shape: Shape, depth: int = 3) -> Iterator[Shape]:
    """Yield a shape and those within it, a few levels down."""
    yield shape
    if depth:
        inner = list(shape.fields.values()) if shape.kind == "object" else []
        inner += [shape.item] if shape.kind in ("list", "map") else []
        for each in inner:
            yield from walk(each, depth - 1)
