"""The schema as a whole: tables, columns, constraints and targets, as the language has them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, field_validator

from datagen_engine.draw.grid import Window, fixed_step, frequency_alias, is_date_only, parse_instant
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType
from datagen_engine.schema.parts import FanoutField, GeneratorField, ModifierField
from datagen_engine.schema.spec import (
    Attribute,
    Chance,
    Code,
    ColumnRef,
    LookedUp,
    Number,
    OwnColumn,
    Says,
    Scalar,
    Spec,
    TableName,
    TableRef,
    Weights,
    Whole,
    refuse,
)

__all__ = [
    "Column",
    "ColumnConstraints",
    "Constraints",
    "Correlation",
    "EnumConstraint",
    "ForeignKey",
    "Inequality",
    "Metadata",
    "Node",
    "PatternConstraint",
    "Range",
    "Rule",
    "Schema",
    "SegmentBehavior",
    "StageConfig",
    "Targets",
    "Timeframe",
    "VintageBehavior",
]

_RESERVED = {"con", "prn", "aux", "nul"} | {f"{p}{i}" for p in ("com", "lpt") for i in range(1, 10)}
_SAFE_ID = re.compile(r"[^\W_][\w.\- ]{0,99}")
_SAFE_NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,100}")


def _safe_id(text: str) -> str:
    bad = None
    if not _SAFE_ID.fullmatch(text) or text.endswith((".", " ")):
        bad = "start with a letter or digit, then letters, digits, '_', '-', '.' or ' ', at most 100"
    elif text.split(".")[0].lower() in _RESERVED:
        bad = "be no name that Windows keeps for a device"
    elif "." in text:
        bad = "hold no '.', which parts a table from its column in table.column"
    if bad:
        raise refuse("unsafe-name", f"the id {text[:120]!r} becomes a file name; it must {bad}")
    return text


def _safe_name(text: str) -> str:
    if not _SAFE_NAME.fullmatch(text) or text != text.strip():
        raise refuse(
            "unsafe-name",
            f"the name {text[:120]!r} must have 1 to 100 characters, no slash, no control character and no "
            "space at either end",
        )
    return text


def _instant(text: str) -> str:
    try:
        parse_instant(text)
    except ValueError as error:
        raise refuse("bad-date", str(error)) from None
    return text


def _frequency(text: str) -> str:
    try:
        if fixed_step(text) is None:
            frequency_alias(text)
    except ValueError as error:
        raise refuse("bad-frequency", str(error)) from None
    return text


Id = Annotated[str, AfterValidator(_safe_id)]
Name = Annotated[str, AfterValidator(_safe_name)]
Instant = Annotated[str, AfterValidator(_instant), Says("instant")]
Frequency = Annotated[str, AfterValidator(_frequency), Says("frequency")]


class WindowSpec(Spec):
    """A span of time, both ends included."""

    start: Instant = Field(title="Start", description="The first instant: ISO 8601, UTC without an offset.")
    end: Instant = Field(title="End", description="The last instant; a day alone stands for the whole day.")

    @field_validator("end")
    @classmethod
    def _not_before_start(cls, end: str, info: Any) -> str:
        start = info.data.get("start")
        if start is not None and parse_instant(end) < parse_instant(start):
            raise refuse("end-before-start", f"the end {end!r} is before the start {start!r}")
        return end

    @property
    def window(self) -> Window:
        """Return the span in microseconds; a day alone as the end stands for the whole of it."""
        end = parse_instant(self.end)
        if is_date_only(self.end):
            end += MICROSECONDS_A_DAY - 1
        return Window(parse_instant(self.start), end)


class Timeframe(WindowSpec):
    """The span of time that the data covers, and the grid that times lie on unless told otherwise."""

    freq: Frequency = Field("D", title="Grid", description="A pandas offset alias: D, h, 15min, W-MON, ME …")


class Metadata(Spec):
    """What the schema is called; every further key is free."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(title="Name", description="What the dataset is called.")


class ColumnConstraints(Spec):
    """What must hold of one column's values."""

    pattern: Annotated[str, Says("pattern")] | None = Field(
        None, title="Pattern", description="RE2 syntax, anchored at the start."
    )
    enum: list[Scalar] | None = Field(None, title="Allowed values")
    enum_ref: LookedUp | None = Field(None, title="Allowed values from", description="table.column")


class Column(Spec):
    """A column: its type, where its values come from, and what changes them."""

    name: Name = Field(title="Name")
    type: ColumnType = Field(title="Type")
    nullable: bool = Field(False, title="Nulls allowed")
    null_rate: Chance = Field(0.0, title="Share of nulls", description="Needs a column that allows nulls.")
    generator: GeneratorField = Field(title="Generator")
    modifiers: list[ModifierField] = Field([], title="Modifiers")
    constraints: ColumnConstraints | None = Field(None, title="Constraints")


class SegmentEffect(Spec):
    """What belonging to one segment does."""

    fanout_multiplier: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(1.0, title="Children ×")
    value_multiplier: Number = Field(1.0, title="Values ×")
    base_probability: Number | None = Field(
        None, title="Base probability (does nothing)", json_schema_extra={"rare": True}
    )


class SegmentBehavior(Spec):
    """How a parent's segment scales the number and the values of its children."""

    segment_column: OwnColumn = Field(title="Segment column")
    behaviors: dict[str, SegmentEffect] | None = Field(None, title="By segment")
    segments: dict[str, SegmentEffect] | None = Field(
        None, title="By segment (older name)", json_schema_extra={"rare": True}
    )
    applies_to_columns: list[Annotated[str, ColumnRef(">", loose=True)]] = Field(
        [], title="Columns of the children"
    )

    @property
    def by_segment(self) -> dict[str, SegmentEffect]:
        """Return what each segment does, under either name."""
        return {**(self.segments or {}), **(self.behaviors or {})}


class Curve(Spec):
    """A multiplier by age, as a formula."""

    curve_type: Literal["logarithmic", "exponential", "linear"] = Field(title="Shape")
    params: CurveParams = Field(title="Parameters")


class CurveParams(Spec):
    """The two numbers of a curve."""

    a: Number = Field(title="a")
    b: Number = Field(title="b")


ChildColumn = Annotated[str, ColumnRef(">", loose=True, besides=("fanout", "all"))]


class AgeMultiplier(Spec):
    """How age scales the number of children, or values of theirs."""

    curve: Annotated[list[Number], Field(min_length=1)] | Curve = Field(title="Curve")
    time_unit: Literal["day", "month", "year"] = Field(title="Unit of age")
    applies_to: ChildColumn | list[ChildColumn] = Field(
        title="Applies to", description='"fanout", "all", a column, or columns'
    )


class VintageBehavior(Spec):
    """How the age of a parent's row scales its children."""

    created_at_column: OwnColumn = Field(title="Created at")
    age_based_multipliers: dict[str, AgeMultiplier] = Field(title="By age")


class StageSpec(Spec):
    """One stage of a funnel."""

    stage_name: str = Field(title="Stage")
    transition_rate: Chance = Field(title="Chance to enter")


class SegmentTransition(Spec):
    """How a segment scales the chance of each transition."""

    transition_multiplier: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(1.0, title="Chance ×")


class StageConfig(Spec):
    """A funnel: one row for each stage that a parent's row reaches."""

    stages: Annotated[list[StageSpec], Field(min_length=1)] = Field(title="Stages")
    segment_variation: dict[str, SegmentTransition] = Field({}, title="By segment of the parent")
    hours_between_stages: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        24, title="Between stages", json_schema_extra={"unit": "hours"}
    )


class Correlation(Spec):
    """Columns of a row whose ranks move together."""

    columns: Annotated[list[OwnColumn], Field(min_length=2)] = Field(title="Columns")
    value: Annotated[float, Field(ge=-1, le=1)] | None = Field(None, title="Correlation of every pair")
    matrix: list[list[Number]] | None = Field(None, title="Correlation matrix")
    kind: Literal["spearman"] = Field("spearman", title="Kind")


class Rule(Spec):
    """A check of the user's own."""

    expression: Code = Field(title="Holds in every row")
    message: str | None = Field(None, title="Message")
    share: Chance = Field(1.0, title="Share of the rows")


class Node(Spec):
    """A table."""

    id: Id = Field(title="Id")
    kind: Literal["entity", "fact", "vocab"] = Field(title="Kind")
    pk: OwnColumn = Field(title="Primary key")
    rows: Annotated[Whole, Field(ge=0)] | None = Field(None, title="Rows")
    parents: list[Annotated[str, TableRef("parent")]] = Field(
        [], title="Parents", description="The first decides how many rows there are."
    )
    fanout: FanoutField | None = Field(None, title="Children per parent")
    columns: Annotated[list[Column], Field(min_length=1)] = Field(title="Columns")
    modifiers: list[ModifierField] = Field([], title="Effects on the number of rows")
    segment_behavior: SegmentBehavior | None = Field(None, title="Segments")
    vintage_behavior: VintageBehavior | None = Field(None, title="Age")
    stage_config: StageConfig | None = Field(None, title="Stages")
    correlations: list[Correlation] = Field([], title="Correlations")
    rules: list[Rule] = Field([], title="Rules")

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Return the columns by name, the first of each."""
        found: dict[str, Column] = {}
        for column in self.columns:
            found.setdefault(column.name, column)
        return found


class ForeignKey(Spec):
    """A reference that must resolve."""

    source: Attribute = Field(alias="from", title="From")
    target: Annotated[Attribute, ColumnRef("*", "foreign_key")] = Field(alias="to", title="To")


class Range(Spec):
    """Bounds of a column, both included."""

    attr: Attribute = Field(title="Column")
    min: Scalar = Field(None, title="Lowest")
    max: Scalar = Field(None, title="Highest")


class Inequality(Spec):
    """An order between two columns of a row, or of a row and its parent's."""

    left: Attribute = Field(title="Left")
    op: Literal["<", "<=", ">", ">=", "=="] = Field(title="Operator")
    right: Attribute = Field(title="Right")


class PatternConstraint(Spec):
    """A regular expression that every value of a column matches."""

    attr: Attribute = Field(title="Column")
    regex: Annotated[str, Says("pattern")] = Field(
        title="Pattern", description="RE2 syntax, anchored at the start."
    )


class EnumConstraint(Spec):
    """The values that a column may have."""

    attr: Attribute = Field(title="Column")
    values: list[Scalar] | None = Field(None, title="Values")
    enum_ref: LookedUp | None = Field(None, title="Values from", description="table.column")


def _keys(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value) and value:
        return value
    return [value] if isinstance(value, str) else value


class Constraints(Spec):
    """What must hold of the data."""

    unique: list[Annotated[list[Attribute], BeforeValidator(_keys)]] = Field([], title="Unique")
    foreign_keys: list[ForeignKey] = Field([], title="Foreign keys")
    ranges: list[Range] = Field([], title="Ranges")
    inequalities: list[Inequality] = Field([], title="Inequalities")
    pattern: list[PatternConstraint] = Field([], title="Patterns")
    enum: list[EnumConstraint] = Field([], title="Enumerations")


ColumnOf = Annotated[str, ColumnRef("table")]


class WeekendShare(Spec):
    """The share of a table's rows that fall on Saturday or Sunday."""

    table: TableName = Field(title="Table")
    timestamp: ColumnOf = Field(title="Time column")
    min: Chance = Field(0.0, title="At least")
    max: Chance = Field(1.0, title="At most")


class MeanInRange(Spec):
    """The mean of a column."""

    table: TableName = Field(title="Table")
    column: ColumnOf = Field(title="Column")
    min: Number | None = Field(None, title="At least")
    max: Number | None = Field(None, title="At most")


class SeasonalityInfluence(Spec):
    """Weights by hour, weekday or month that the rows should follow."""

    kind: Literal["seasonality"] = Field(title="Kind")
    dimension: Literal["hour", "dow", "month"] = Field(title="Dimension")
    weights: Weights = Field(title="Weights")


EffectKey = Annotated[str, ColumnRef("table", "effect", loose=True)]


class EffectInfluence(Spec):
    """An effect that the rows should follow."""

    kind: Literal["effect"] = Field(title="Kind")
    table: Annotated[str, TableRef("effect")] = Field(title="Effect table")
    on: dict[Annotated[str, ColumnRef("^table", loose=True)], EffectKey] = Field({}, title="Keys")
    field: EffectKey | None = Field(None, title="Field")
    default: Number = Field(1.0, title="Default")
    window: dict[str, EffectKey] | None = Field(None, title="Window")


class OutliersInfluence(Spec):
    """Outliers, which change no expectation."""

    kind: Literal["outliers"] = Field(title="Kind")
    rate: Chance | None = Field(None, title="Rate")
    mode: Literal["spike", "drop"] | None = Field(None, title="Mode")


Influence = Annotated[SeasonalityInfluence | EffectInfluence | OutliersInfluence, Field(discriminator="kind")]


class Tolerance(Spec):
    """How far the observed shares may lie from the expected ones."""

    mae: Annotated[float, Field(ge=0)] | None = Field(None, title="Mean absolute error")
    mape: Annotated[float, Field(ge=0)] | None = Field(None, title="Mean relative error")


class CompositeEffect(Spec):
    """The shares of a table's rows over the crossed cells of several influences."""

    table: TableName = Field(title="Table")
    metric: str | None = Field(None, title="Label")
    influences: list[Influence] = Field(title="Influences")
    tolerance: Tolerance = Field(Tolerance(), title="Tolerance")


class QuantileInRange(MeanInRange):
    """A quantile of a column."""

    q: Chance = Field(title="Quantile")


class DistinctCount(MeanInRange):
    """The number of distinct values of a column."""


class NullShare(MeanInRange):
    """The share of nulls in a column."""


class CorrelationTarget(Spec):
    """The rank correlation of two columns."""

    table: TableName = Field(title="Table")
    columns: Annotated[list[ColumnOf], Field(min_length=2, max_length=2)] = Field(title="Columns")
    kind: Literal["spearman", "pearson"] = Field("spearman", title="Kind")
    min: Number | None = Field(None, title="At least")
    max: Number | None = Field(None, title="At most")


class OccurrenceRate(MeanInRange):
    """The share of rows in which a column has one value."""

    value: Scalar = Field(title="Value")


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


class Targets(Spec):
    """What the data should look like as a whole; each key holds one target, or a list of them."""

    kinds: ClassVar[tuple[str, ...]] = (
        "weekend_share",
        "mean_in_range",
        "composite_effect",
        "quantile_in_range",
        "distinct_count",
        "null_share",
        "correlation",
        "occurrence_rate",
    )

    weekend_share: Annotated[list[WeekendShare], BeforeValidator(_one_or_many)] = Field(
        [], title="Weekend share"
    )
    mean_in_range: Annotated[list[MeanInRange], BeforeValidator(_one_or_many)] = Field(
        [], title="Mean in range"
    )
    composite_effect: Annotated[list[CompositeEffect], BeforeValidator(_one_or_many)] = Field(
        [], title="Composite effect"
    )
    quantile_in_range: Annotated[list[QuantileInRange], BeforeValidator(_one_or_many)] = Field(
        [], title="Quantile in range"
    )
    distinct_count: Annotated[list[DistinctCount], BeforeValidator(_one_or_many)] = Field(
        [], title="Distinct values"
    )
    null_share: Annotated[list[NullShare], BeforeValidator(_one_or_many)] = Field([], title="Share of nulls")
    correlation: Annotated[list[CorrelationTarget], BeforeValidator(_one_or_many)] = Field(
        [], title="Correlation"
    )
    occurrence_rate: Annotated[list[OccurrenceRate], BeforeValidator(_one_or_many)] = Field(
        [], title="Occurrence rate"
    )


class Schema(Spec):
    """A whole schema, as the language has it."""

    version: Literal["1.0"] = Field(title="Version of the language")
    metadata: Metadata = Field(title="Metadata")
    timeframe: Timeframe = Field(title="Timeframe")
    nodes: Annotated[list[Node], Field(min_length=1)] = Field(title="Tables")
    constraints: Constraints = Field(title="Constraints")
    targets: Targets = Field(Targets(), title="Targets")
    dag: list[list[TableName]] | None = Field(None, title="Order of writing")

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Return the tables by id, the first of each."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            found.setdefault(node.id, node)
        return found

    def column(self, table: str, name: str) -> Column | None:
        """Return a column of a table, None where either is missing."""
        node = self.by_id.get(table)
        return node.by_name.get(name) if node else None
