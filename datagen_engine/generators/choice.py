"""One of some values, each with its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.literals import json_text, literal, literals, refuse_misfit
from datagen_engine.draw.shares import parse_weights_kind, weights_of_kind
from datagen_engine.draw.stage import Site, Slice, Source
from datagen_engine.draw.values import ColumnType, Values
from datagen_engine.expression import Facts
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import LookedUp, Says, Scalar, Weights, refuse, split_attribute

if TYPE_CHECKING:
    from datagen_engine.draw.streams import Stream
    from datagen_engine.draw.values import Array
    from datagen_engine.schema.facts import CheckSite


def _weights_kind(text: str) -> str:
    try:
        parse_weights_kind(text)
    except ValueError as error:
        raise refuse("bad-weights", str(error)) from None
    return text


WeightsKind = Annotated[str, AfterValidator(_weights_kind), Says("weights rule")]


class Choice(Generator):
    """One of the given values, or of another column's, by weight."""

    key: ClassVar[str] = "choice"
    title: ClassVar[str] = "Choice"
    help: ClassVar[str] = "One of some values: states, categories, flags. Weights say how often each occurs."
    samples = (
        {"choices": ["web", "store", "app"], "weights": [5, 3, 2]},
        {"choices": ["a", "b", "c", "d", "e"], "weights_kind": "zipf@1.2"},
    )

    choices: Annotated[list[Scalar], Field(min_length=1, max_length=1_000_000)] | None = Field(
        None, title="Values"
    )
    choices_ref: LookedUp | None = Field(None, title="Values of", description="table.column")
    weights: Weights | None = Field(
        None, title="Weights", description="As many as values; they are normalised."
    )
    weights_kind: WeightsKind | None = Field(
        None, title="Weights by rule", description="uniform, zipf@a, head_tail@{h,a}"
    )

    @model_validator(mode="after")
    def _one_source_of_each(self) -> Choice:
        if (self.choices is None) == (self.choices_ref is None):
            raise refuse("one-of", "a choice has either `choices` or `choices_ref`")
        if self.weights is not None and self.weights_kind is not None:
            raise refuse("one-of", "a choice has either `weights` or `weights_kind`, not both")
        if self.weights is not None and self.choices is None:
            raise refuse(
                "one-of", "`weights` go with `choices`; a `choices_ref` is weighted by `weights_kind`"
            )
        if self.weights is not None and self.choices is not None and len(self.weights) != len(self.choices):
            raise refuse(
                "bad-weights",
                f"as many weights as choices: found {len(self.weights)} for {len(self.choices)}",
            )
        return self

    def shares(self) -> Array:
        """Return the weight of each of the given values."""
        assert self.choices is not None
        if self.weights is not None:
            return np.asarray(self.weights, dtype=np.float64)
        return weights_of_kind(self.weights_kind or "uniform", len(self.choices))

    def bind(self, site: Site) -> Source:
        """Prepare the table of shares, or the reference."""
        stream = site.stream("choice")
        if self.choices is not None:
            return ChoiceSource(self, natural_type(self.choices, site), stream)
        assert self.choices_ref is not None
        table, column = split_attribute(self.choices_ref)
        return ReferenceSource(table, column, self.weights_kind or "uniform", stream, site)

    def facts(self, site: CheckSite) -> Facts:
        """Return the values that can occur."""
        if self.choices is not None:
            used = [
                c
                for c, w in zip(self.choices, self.weights or [1.0] * len(self.choices), strict=False)
                if w > 0
            ]
            return finite_facts(used, natural_type(self.choices, site))
        assert self.choices_ref is not None
        found = site.facts(*split_attribute(self.choices_ref))
        return found or Facts(type=site.type, nullable=False)

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find values that do not fit the type."""
        if self.choices is not None:
            yield from literal_problems(self.choices, site, ("choices",))


class ChoiceSource(Source):
    """Draw from a short list by weight; the list is in the order given, so that it has quantiles."""

    direct = True
    has_law = True

    def __init__(self, choice: Choice, type: ColumnType, stream: Stream) -> None:
        """Draw from the values of `choice`."""
        self.choice = choice
        self.type: ColumnType = type
        self.stream = stream

    @cached_property
    def options(self) -> Values:
        """Return the values to choose from."""
        return literals(self.choice.choices or [], self.type)

    @cached_property
    def guide(self) -> Guide:
        """Return the guide to the options by weight."""
        return Guide(self.choice.shares())

    @cached_property
    def law(self) -> ChoiceLaw:  # type: ignore[override]  # made on demand where the base holds a value
        """Return the options as a distribution: only numbers and times have one."""
        return ChoiceLaw(self)

    def quantiles(self, u: Array, at: Slice) -> Values:
        """Return quantiles: of numbers and times in their order, of text in the order given."""
        if self.options.type in ("string", "bool"):
            return self.options.take(self.guide.ppf(u))
        return Values(
            "datetime" if self.options.is_time else "float",
            self.law.ppf(u, at).data.astype(np.int64 if self.options.is_time else np.float64),
        )

    def draw(self, at: Slice) -> Values:
        """Return one option a row."""
        return self.options.take(self.guide.ppf(self.stream.uniform(at.rows)))


class ChoiceLaw:
    """Numbers or times to choose from, in their order."""

    def __init__(self, source: ChoiceSource) -> None:
        """Sort the options."""
        values = (
            source.options.instants() if source.options.is_time else source.options.data.astype(np.float64)
        )
        order = np.argsort(values, kind="stable")
        self.sorted = values[order]
        self.guide = Guide(source.choice.shares()[order])

    def support(self) -> tuple[float, float]:
        """Return the lowest and the highest option."""
        return float(self.sorted[0]), float(self.sorted[-1])

    def ppf(self, u: Array, at: Slice) -> Values:
        """Return quantiles."""
        return Values("float", self.sorted[self.guide.ppf(u)].astype(np.float64))

    def cdf(self, x: Array, at: Slice) -> Array:
        """Return the share at or below x."""
        return self.guide.cdf(np.searchsorted(self.sorted, x, side="right") - 1)


class ReferenceSource(Source):
    """Draw from the values of another column, by the order of its rows."""

    def __init__(self, table: str, column: str, kind: str, stream: Stream, site: Site) -> None:
        """Refer to a column."""
        self.table = table
        self.column = column
        self.kind = kind
        self.stream = stream
        self.needs = site.whole(table, column)

    def draw(self, at: Slice) -> Values:
        """Return the value of a row of the other table, picked anew for each row."""
        size = at.row_count(self.table)
        if not size:
            return at.gather(self.table, self.column, np.full(len(at.rows), -1))
        if self.kind == "uniform":
            rows = self.stream.below(size, at.rows)
        else:
            guide = at.memo(("weights", self.kind, size), lambda: Guide(weights_of_kind(self.kind, size)))
            rows = guide.ppf(self.stream.uniform(at.rows)).astype(np.int64)
        return at.gather(self.table, self.column, rows)


def natural_type(items: Sequence[Any], site: Site) -> ColumnType:
    """Return the type that listed values are drawn as.

    The column's, unless they do not fit it and a modifier maps them to what does.
    """
    if not site.maps:
        return site.type
    try:
        for item in items:
            literal(item, "float" if site.type == "int" else site.type)
    except ValueError:
        kinds = {type(item) for item in items if item is not None}
        if kinds == {bool}:
            return "bool"
        return "string" if str in kinds or bool in kinds else "int" if kinds == {int} else "float"
    return site.type


def finite_facts(items: Sequence[Any], type: ColumnType) -> Facts:
    """Return what is known of a column that holds these values and no others."""
    try:
        known = [literal(item, "float" if type == "int" else type) for item in items]
    except ValueError:
        return Facts(type=type, nullable=None in items)
    present = [item for item in known if item is not None]
    low = high = None
    if type in ("int", "float") and present:
        low, high = float(min(present)), float(max(present))
    values = tuple(present) if len(present) <= 10_000 else None
    if type in ("datetime", "date"):
        values = None  # the language of expressions knows times by their bounds only
    return Facts(type=type, nullable=len(present) < len(known), low=low, high=high, values=values)


def literal_problems(items: Sequence[Any], site: CheckSite, where: Path) -> Iterable[Problem]:
    """Find values of a list that the column's type cannot hold, and nulls where none may be."""
    drawn = natural_type(items, site)
    for place, item in enumerate(items):
        try:
            refuse_misfit(item, drawn)
        except ValueError as error:
            yield Problem(
                "wrong-value", (*where, place), f"{error}, which a column of type {site.type} holds"
            )
        if item is None and not site.nullable:
            yield Problem("null-not-allowed", (*where, place), "null, in a column that is not nullable")
    twice = [text for text, count in Counter(json_text(item) for item in items).items() if count > 1]
    if twice and site.node.pk == site.column:
        yield Problem("duplicate-value", where, f"{twice[0]!r} stands here twice, in a primary key")
