"""What every object of the language is: a spec with titled fields, some of which name tables or columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

__all__ = [
    "Attribute", "Chance", "Code", "ColumnRef", "ExpressionRef", "Number", "OwnColumn", "Positive", "Scalar",
    "Spec", "TableName", "TableRef", "Weights", "Whole", "is_remark", "refuse", "split_attribute",
]


def is_remark(key: str) -> bool:
    """Say whether a key is allowed on every object and means nothing to the engine."""
    return key in ("comment", "description") or key.startswith("x-")


def refuse(code: str, message: str, **params: Any) -> PydanticCustomError:
    """Make the error that a validator of a spec raises: a stable code and a message in plain words."""
    # Braces would be read as places for params; the message stands as it is.
    return PydanticCustomError(code, message.replace("{", "{{").replace("}", "}}"), params or None)  # type: ignore[arg-type]  # literal-string: our messages are made at run time


class Spec(BaseModel):
    """Base of every object of the language.

    Unknown keys are errors; `comment`, `description` and `x-` keys are allowed anywhere and not read; null
    for a key is the same as leaving it out. Values are never coerced: text is no number, true is no 1.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, protected_namespaces=())

    @model_validator(mode="before")
    @classmethod
    def _meant(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: v for k, v in value.items() if v is not None and not is_remark(k)}
        return value


@dataclass(frozen=True, slots=True)
class TableRef:
    """Mark a string as the id of a table."""


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """Mark a string as the name of a column.

    `of` says of which table: "" the one where the spec stands, "*" the text itself says it (`table.column`),
    else the name of the field beside it that names the table (or an attribute of it).
    """

    of: str = ""


@dataclass(frozen=True, slots=True)
class ExpressionRef:
    """Mark a string as an expression over the columns of the row."""


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
    return int(value) if isinstance(value, float) and value.is_integer() else value


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
Code = Annotated[str, ExpressionRef()]

Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Chance = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Whole = Annotated[int, BeforeValidator(_whole)]
Scalar = Annotated[Any, AfterValidator(_scalar)]
Weights = Annotated[
    list[Annotated[float, Field(ge=0, allow_inf_nan=False)]], AfterValidator(_weights)
]
