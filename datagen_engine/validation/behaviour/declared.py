"""From the declared targets about a table to the checks that judge them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.literals import literals
from datagen_engine.draw.nodes import Node
from datagen_engine.draw.stage import Clock, TickShape
from datagen_engine.draw.ticks import TickLaw
from datagen_engine.generators.datetime_series import DatetimeSeries, TimeLaw
from datagen_engine.generators.lookup import Lookup
from datagen_engine.modifiers.effect import Effect
from datagen_engine.modifiers.time_jitter import TimeJitter
from datagen_engine.resolve.site import time_needs
from datagen_engine.resolve.tables import NoTime
from datagen_engine.schema.document import Column, CompositeEffect, EffectInfluence, SeasonalityInfluence
from datagen_engine.schema.document import Node as Table
from datagen_engine.schema.path import Path
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.composite import CompositeTarget
from datagen_engine.validation.behaviour.factory import Factory
from datagen_engine.validation.behaviour.nulls import NullShape
from datagen_engine.validation.behaviour.numbers import NumberShape
from datagen_engine.validation.behaviour.shares import ShareShape
from datagen_engine.validation.behaviour.targets import (
    CorrelationTarget,
    DistinctTarget,
    Interval,
    MeanTarget,
    NullTarget,
    OccurrenceTarget,
    QuantileTarget,
    WeekendTarget,
)
from datagen_engine.validation.behaviour.timeline import Timeline
from datagen_engine.validation.behaviour.times import Axis, TimeShape
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import Subject
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    pass

__all__ = ["Declared"]


class Declared:
    """Make the checks of the targets that name one table.

    Parameters
    ----------
    factory
        What made the checks of the table's promises.
    shapes
        Those checks: they know what the schema's own weights lead to.
    """

    def __init__(self, factory: Factory, shapes: list[Accumulator]) -> None:
        """Look at the targets of the factory's table."""
        self.factory = factory
        self.table = factory.table
        self.resolver = factory.resolver
        self.schema = factory.tables.context.schema
        self.shapes: Mapping[str, Accumulator] = factory.by_column
        self.nulls = {check.subjects[0].columns[0]: check for check in shapes if isinstance(check, NullShape)}
        self.skipped: list[CheckRecord] = []
        self.named: dict[tuple[str, str], int] = {}

    def checks(self) -> list[Accumulator]:
        """Return the checks; those that nothing can be said about are in `skipped`."""
        return [*self._figures(), *self._composites()]

    def _subject(self, kind: str, place: int, columns: list[str]) -> Subject:
        # A single target may stand without a list around it; this address holds either way.
        alone = len(getattr(self.schema.targets, kind)) == 1
        path: Path = ("targets", kind) if alone else ("targets", kind, place)
        name = ".".join((self.table, *columns[:1]))
        same = self.named.get((kind, name), 0)
        self.named[kind, name] = same + 1
        more = f":{same + 1}" if same else ""
        return Subject(
            f"{kind}:{name}{more}", "target", self.table, tuple(columns), path, kind.replace("_", " ")
        )

    def _own(self, kind: str) -> Iterator[tuple[int, Any]]:
        for place, target in enumerate(getattr(self.schema.targets, kind)):
            if target.table == self.table:
                yield place, target

    # -- single figures -----------------------------------------------------------------------------------

    def _figures(self) -> Iterator[Accumulator]:
        for place, one in self._own("weekend_share"):
            subject = self._subject("weekend_share", place, [one.timestamp])
            what = f"share of weekends in {one.timestamp}"
            yield WeekendTarget(
                subject,
                what,
                Interval(one.min, one.max),
                [one.timestamp],
                partial(self._weekend, one.timestamp),
            )
        for place, one in self._own("mean_in_range"):
            subject = self._subject("mean_in_range", place, [one.column])
            interval = Interval(one.min, one.max)
            yield MeanTarget(
                subject, f"mean of {one.column}", interval, [one.column], partial(self._mean, one.column)
            )
        for place, one in self._own("quantile_in_range"):
            subject = self._subject("quantile_in_range", place, [one.column])
            yield QuantileTarget(
                subject, f"quantile {one.q:g} of {one.column}", Interval(one.min, one.max), one.column, one.q
            )
        for place, one in self._own("distinct_count"):
            subject = self._subject("distinct_count", place, [one.column])
            yield DistinctTarget(
                subject,
                f"number of distinct values of {one.column}",
                Interval(one.min, one.max),
                [one.column],
            )
        for place, one in self._own("null_share"):
            subject = self._subject("null_share", place, [one.column])
            interval = Interval(one.min, one.max)
            yield NullTarget(
                subject,
                f"share of nulls in {one.column}",
                interval,
                [one.column],
                partial(self._null, one.column),
            )
        for place, one in self._own("correlation"):
            subject = self._subject("correlation", place, list(one.columns))
            what = f"{one.kind} correlation of {one.columns[0]} and {one.columns[1]}"
            yield CorrelationTarget(subject, what, Interval(one.min, one.max), one.columns, one.kind)
        for place, one in self._own("occurrence_rate"):
            subject = self._subject("occurrence_rate", place, [one.column])
            what = f"share of {one.value!r} in {one.column}"
            interval = Interval(one.min, one.max)
            yield OccurrenceTarget(
                subject,
                what,
                interval,
                one.column,
                one.value,
                partial(self._occurrence, one.column, one.value),
            )

    def _weekend(self, name: str) -> float | None:
        shape = self.shapes.get(name)
        return shape.expected_share("dow", (5, 6)) if isinstance(shape, TimeShape) else None

    def _mean(self, name: str) -> float | None:
        shape = self.shapes.get(name)
        if isinstance(shape, ShareShape):
            return _told(lambda: shape.expected_mean)
        # Twins are a sample too: only of large tables is their mean the promise itself.
        return shape.expected_mean if isinstance(shape, NumberShape) and shape.is_sure else None

    def _null(self, name: str) -> float | None:
        check = self.nulls.get(name)
        if isinstance(check, NullShape):
            return _told(check.promised)
        column = self.schema.column(self.table, name)
        return 0.0 if column is not None and not column.nullable else None

    def _occurrence(self, name: str, value: Any) -> float | None:
        shape = self.shapes.get(name)
        if not isinstance(shape, ShareShape):
            return None

        def share() -> float | None:
            options = shape.options
            place = int(options.places(literals([value], options.values.type))[0])
            return (1.0 - (self._null(name) or 0.0)) * float(options.shares[place]) if place >= 0 else 0.0

        return _told(share)

    # -- composite effects --------------------------------------------------------------------------------

    def _composites(self) -> Iterator[Accumulator]:
        for place, target in self._own("composite_effect"):
            try:
                yield self._composite(place, target)
            except (Unknown, ValueError) as reason:
                self.skipped.append(self._subject("composite_effect", place, []).skipped(str(reason)))

    def _composite(self, place: int, target: CompositeEffect) -> Accumulator:
        seasons = [one for one in target.influences if isinstance(one, SeasonalityInfluence)]
        if not seasons:
            raise Unknown("the target names no season, so there are no cells to compare")
        try:
            clock = self.resolver.tables.clock(self.table)
        except NoTime:
            raise Unknown(f"no column tells the time of a row of {self.table!r}") from None
        node, column = self._origin(clock)
        generator = column.generator
        assert isinstance(generator, DatetimeSeries)  # what an origin is
        site = self.resolver.site(node, column)
        shapes = [TickShape(cells=(one.dimension, one.weights)) for one in seasons]
        notes: list[str] = []
        for one in target.influences:
            if isinstance(one, EffectInfluence):
                shape = self._effect(one, node, column, notes)
                shapes += [shape] if shape is not None else []
        law = TimeLaw(TickLaw(generator.grid(site), shapes))
        window = generator.window(site)
        own = column.name if node.id == self.table else ""
        seconds = [
            m.std if m.std is not None else 60 * (m.std_minutes or 0.0)
            for m in column.modifiers
            if isinstance(m, TimeJitter)
        ]
        timeline = Timeline(law, column.type, jitter=sum(s * s for s in seconds) ** 0.5 * 1e6, window=window)
        dimensions = tuple(d for d in ("month", "dow", "hour") if any(one.dimension == d for one in seasons))
        if column.type == "date" and "hour" in dimensions:
            raise Unknown(f"{node.id}.{column.name} is a date, which has no hour")
        sibling = self.shapes.get(own)
        subject = self._subject(
            "composite_effect", place, [clock.column] if clock.up == 0 and clock.column else []
        )
        needs: list[Node] = [
            *time_needs(self.resolver.tables, self.table, clock),
            *(n for shape in shapes for n in shape.needs),
        ]
        columns = self.factory.columns_for(needs)
        return CompositeTarget(
            subject,
            target,
            clock,
            timeline,
            Axis(window, column.type),
            dimensions,
            sibling if isinstance(sibling, TimeShape) else None,
            notes,
            columns,
        )

    def _origin(self, clock: Clock) -> tuple[Table, Column]:
        """Return the column of a grid that a table's time comes from, through any lookups."""
        line = [self.table, *self.resolver.tables.ancestors(self.table)]
        table, name = line[clock.up], clock.column or ""
        for _ in range(len(self.schema.nodes) + 1):
            node = self.schema.by_id[table]
            column = node.by_name[name]
            if isinstance(column.generator, DatetimeSeries) and node.stage_config is None:
                return node, column
            if not isinstance(column.generator, Lookup) or column.modifiers:
                break
            table, name = column.generator.target
        raise Unknown(f"the time of {self.table!r} comes from {table}.{name}, which is drawn from no grid")

    def _effect(
        self, one: EffectInfluence, node: Table, column: Column, notes: list[str]
    ) -> TickShape | None:
        """Return what an effect does to the ticks, where it acts on the time column itself."""
        sites = self.resolver.modifier_sites(node, column)
        for modifier, site in zip(column.modifiers, sites, strict=True):
            if (
                isinstance(modifier, Effect)
                and modifier.effect_table == one.table
                and not modifier.left_out(site)
            ):
                if node.id != self.table and modifier.on:
                    notes.append(
                        f"the effect of {one.table!r} goes by keys of {node.id!r}: it is left out here"
                    )
                    return None
                return modifier.shape_ticks(site)
        notes.append(
            f"the effect of {one.table!r} does not act on {node.id}.{column.name}: it changes no cell"
        )
        return None


def _told(promise: Callable[[], float | None]) -> float | None:
    """Return what a promise tells, None where it cannot."""
    try:
        return promise()
    except Unknown:
        return None
