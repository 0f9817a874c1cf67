"""What every object of the language is: a spec with titled fields, some of which name tables or columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

__all__ = [
    "Attribute",
    "Chance",
    "Code",
    "ColumnRef",
    "ExpressionRef",
    "LookedUp",
    "Number",
    "OwnColumn",
    "Positive",
    "ReferenceKind",
    "Says",
    "Scalar",
    "Spec",
    "TableName",
    "TableRef",
    "Weights",
    "Whole",
    "is_remark",
    "refuse",
    "split_attribute",
]


def is_remark(key: str) -> bool:
    """Say whether a key is allowed on every object and means nothing to the engine."""
    return key in ("comment", "description") or key.startswith("x-")


def refuse(code: str, message: str, **params: Any) -> PydanticCustomError:
    """Make the error that a validator of a spec raises: a stable code and a message in plain words."""
    return PydanticCustomError(code, message, params or None)


class Spec(BaseModel):
    """Base of every object of the language.

    Unknown keys are errors; `comment`, `description` and `x-` keys are allowed anywhere and not read; null
    for a key is the same as leaving it out. Values are never coerced: text is no number, true is no 1.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, protected_namespaces=())

    flat: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Fields without a key of their own: by the alias of each, the keys of this object that make its value."""

    @model_validator(mode="before")
    @classmethod
    def _meant(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        meant = {k: v for k, v in value.items() if v is not None and not is_remark(k)}
        for field, keys in cls.flat.items():
            if field in meant:
                raise refuse("unknown-key", f"unknown key {field!r}", found=field, nearest=None)
            meant[field] = {key: meant.pop(key) for key in keys if key in meant}
        return meant


ReferenceKind = Literal["table", "parent", "lookup", "effect", "foreign_key", "column"]
"""What a reference is for: a table by its name, a parent, values read from elsewhere, an effect, a declared
foreign key, or a column by its name."""


@dataclass(frozen=True, slots=True)
class TableRef:
    """Mark a string as the id of a table."""

    kind: ReferenceKind = "table"


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """Mark a string as the name of a column.

    `of` says of which table:

    | `of`  | the table                                                                                |
    |-------|------------------------------------------------------------------------------------------|
    | ""    | the one where the spec stands; for a modifier of a table its parents first               |
    | "*"   | the text says it: `table.column`                                                         |
    | "?"   | the text says it: `table.column`, or a column of the own table                           |
    | ">"   | the children of the one where the spec stands                                            |
    | other | the one that the field of this name holds, beside it or around it (or an attribute of it) |
    | "^…"  | the same, but further out: the nearest field of this name is another table               |

    `loose` is for a name that may name nothing: a check of its own says what happens then. `besides` are
    words that stand in the same place and name no column. `alike` is a word that stands, as a key, for the
    column which is called like the value of that key.
    """

    of: str = ""
    kind: ReferenceKind = "column"
    loose: bool = False
    besides: tuple[str, ...] = ()
    alike: str = ""


@dataclass(frozen=True, slots=True)
class ExpressionRef:
    """Mark a string as an expression over the columns of the row; `besides` are names that are no columns."""

    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Says:
    """Mark what a value says beyond its type, so that a form can offer more than a box for text.

    `weights`, `weights rule`, `share`, `instant`, `frequency`, `ends` (a lowest and a highest), `pattern` (a
    regular expression); a package elsewhere may use them too.
    """

    what: str


def split_attribute(text: str) -> tuple[str, str]:
    """Split `table.column` at its first dot; without one the column is empty.

    >>> split_attribute("order.total")
    ('order', 'total')
    """
    table, _, column = text.partition(".")
    return table, column


def _attribute(text: str) -> str:
    table, column = split_attribute(text)
    if not table or not column:
        raise refuse("not-an-attribute", f"expected table.column, found {text!r}")
    return text


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**63 else value


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise refuse("wrong-type", "expected text, a number, true, false or null")


def _weights(values: list[float]) -> list[float]:
    if not values:
        raise refuse("bad-weights", "expected at least one weight")
    if not 0 < sum(values) < float("inf"):
        raise refuse("bad-weights", "weights must have a sum above 0; all of these are 0")
    return values


TableName = Annotated[str, TableRef()]
OwnColumn = Annotated[str, ColumnRef()]
Attribute = Annotated[str, ColumnRef("*"), AfterValidator(_attribute)]
LookedUp = Annotated[str, ColumnRef("*", "lookup"), AfterValidator(_attribute)]
Code = Annotated[str, ExpressionRef()]

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Chance = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Says("share")]
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=-(2**63), lt=2**63)]
Scalar = Annotated[Any, AfterValidator(_scalar)]
Weights = Annotated[
    list[Annotated[float, Field(ge=0, allow_inf_nan=False)]], AfterValidator(_weights), Says("weights")
]
