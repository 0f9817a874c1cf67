"""From the tables of a schema to bound ones: who draws what, through which stages, within which bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.draw.stage import Clock, Slice, Source, Stage
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.modifiers.effect import Effect
from datagen_engine.planning.behaviors import (
    Factor,
    ValueStage,
    age_factor,
    applies_to_fanout,
    applies_to_values,
    segment_factor,
)
from datagen_engine.planning.copula import Copula, CopulaSource
from datagen_engine.planning.counts import Children, CountBehavior, CountEffect, CountMean, CountPart
from datagen_engine.planning.orders import bend_columns
from datagen_engine.planning.picks import Pick
from datagen_engine.planning.ranges import RangeStage, declared_ranges
from datagen_engine.planning.stages import STAGE_INDEX, STAGE_NAME, StageCounts, StageSource, StageTimeSource
from datagen_engine.planning.table import BrokenSource, CastStage, ColumnPlan, NullStage, TablePlan
from datagen_engine.planning.uniques import make_unique
from datagen_engine.planning.weighting import PickWeighting
from datagen_engine.resolve.effects import effect_owner
from datagen_engine.resolve.site import Resolver, time_needs
from datagen_engine.resolve.tables import NoTime
from datagen_engine.schema.document import Column
from datagen_engine.schema.document import Node as Table

if TYPE_CHECKING:
    from datagen_engine.planning.plan import Plan

__all__ = ["FEW", "bind_tables"]

FEW = 65_536
"""Texts that count as few: a column that can hold no more is written by dictionary."""


def bind_tables(plan: Plan) -> dict[str, TablePlan]:
    """Bind every table of a plan's schema."""
    binder = _Binder(plan)
    tables = {node.id: binder.table(node) for node in plan.schema.by_id.values()}
    with _tolerating(plan):
        make_unique(plan.schema, plan.resolver, tables)
    with _tolerating(plan):
        bend_columns(plan.resolver, tables)
    return tables


@contextmanager
def _tolerating(plan: Plan) -> Iterator[None]:
    """Pass over what cannot be bound, in a plan that tolerates errors: the checks have words for it."""
    try:
        yield
    except (LookupError, ValueError, AssertionError):
        if not plan.tolerant:
            raise


class _Binder:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.schema = plan.schema
        self.resolver: Resolver = plan.resolver
        self.seed = plan.seed

    def table(self, node: Table) -> TablePlan:
        children: Children | None = None
        rows = self.resolver.tables.base_rows(node.id)
        with _tolerating(self.plan):
            children = self._children(node)
        for parent in self.resolver.tables.parents(node.id)[
            1:
        ]:  # behaviours and orders read them without a lookup
            if parent != self.resolver.tables.first_parent(node.id):
                self.resolver.picks.other_parent(node.id, parent)
        picks = {}
        for spec in self.resolver.picks.all():
            if spec.node.table == node.id:
                with _tolerating(self.plan):
                    picks[spec.node] = self._pick(node, spec.node)
        ranges = declared_ranges(self.schema, node)
        copula = Copula.of(node, self.seed)
        columns = {column.name: self._column(node, column, ranges, copula) for column in node.columns}
        if node.stage_config is not None and children is not None:
            self._furnish_stages(node, columns, children)
        return TablePlan(node.id, columns, picks, children, rows)

    # -- columns ------------------------------------------------------------------------------------------

    def _column(
        self, node: Table, column: Column, ranges: Mapping[str, tuple[Any, Any]], copula: Copula
    ) -> ColumnPlan:
        try:
            return self._bound(node, column, ranges, copula)
        except (LookupError, ValueError) as error:
            if not self.plan.tolerant:
                raise
            place = ColumnNode(node.id, column.name)
            self.plan.faults[place] = str(error)
            last = (CastStage(column.type),)
            source = BrokenSource(place, str(error))
            return ColumnPlan(column.name, column.type, source, (), last, False, column.nullable)

    def _bound(
        self, node: Table, column: Column, ranges: Mapping[str, tuple[Any, Any]], copula: Copula
    ) -> ColumnPlan:
        site = self.resolver.site(node, column)
        sites = self.resolver.modifier_sites(node, column)
        bound = (modifier.bind(place) for modifier, place in zip(column.modifiers, sites, strict=True))
        stages: list[Stage] = [stage for stage in bound if stage is not None]
        stages += self._behavior_stages(node, column)
        if column.name in ranges and not any(getattr(m, "allow_exceed", False) for m in column.modifiers):
            stages.append(RangeStage(*ranges[column.name], column.type))
        last: list[Stage] = [CastStage(column.type)]
        if column.nullable and column.null_rate > 0:
            last.append(NullStage(column.null_rate, site.stream("null")))
        source = column.generator.bind(site)
        if column.name in copula.columns:
            source = CopulaSource(source, partial(copula.uniform, column.name))
        facts = self.resolver.facts(node.id, column.name) if column.type == "string" else None
        return ColumnPlan(column.name, column.type, source, stages, last, few_values(facts), column.nullable)

    def _behavior_stages(self, node: Table, column: Column) -> Iterable[Stage]:
        """Yield what the parents' ages and segments do to a column: first age, then segment."""
        if column.type not in ("int", "float") or column.name == node.pk:
            return
        plain = column.generator.key not in ("lookup", "sequence", "enum_list")
        for kind in ("age", "segment"):
            for parent in dict.fromkeys(self.resolver.tables.parents(node.id)):
                factor = self._value_factor(parent, column.name, plain, kind)
                if factor is None:
                    continue
                clock = self._clock(node.id) if kind == "age" else None
                if kind == "age" and clock is None:
                    continue
                needs = [*self._parent_needs(node.id, parent, factor.column)]
                if clock is not None:
                    needs += time_needs(self.resolver.tables, node.id, clock)
                yield ValueStage(factor, self._reader(node.id, parent), clock, needs, f"× {kind} of {parent}")

    def _value_factor(self, parent: str, column: str, plain: bool, kind: str) -> Factor | None:
        above = self.schema.by_id[parent]
        if kind == "age" and above.vintage_behavior is not None:
            return age_factor(above.vintage_behavior, lambda curve: applies_to_values(curve, column, plain))
        if kind == "segment" and above.segment_behavior is not None:
            behavior = above.segment_behavior
            if column in behavior.applies_to_columns and behavior.segment_column in above.by_name:
                return segment_factor(behavior, "value_multiplier")
        return None

    def _clock(self, table: str) -> Clock | None:
        try:
            return self.resolver.tables.clock(table)
        except NoTime:
            return None

    def _reader(self, table: str, parent: str) -> Callable[[Slice, str], Values]:
        """Return how a row reads a column of one of its parents."""
        if parent == self.resolver.tables.first_parent(table):
            return lambda at, column: at.parent(column)
        pick = self.resolver.picks.other_parent(table, parent).node
        return lambda at, column: at.picked(pick, column)

    def _parent_needs(self, table: str, parent: str, column: str) -> tuple[Node, ...]:
        if parent == self.resolver.tables.first_parent(table):
            return CountNode(table), ColumnNode(parent, column)
        return self.resolver.picks.other_parent(table, parent).node, ColumnNode(parent, column)

    # -- stages of a funnel -------------------------------------------------------------------------------

    def _furnish_stages(self, node: Table, columns: dict[str, ColumnPlan], children: Children) -> None:
        config = node.stage_config
        assert config is not None
        names = [stage.stage_name for stage in config.stages]
        for special in (STAGE_NAME, STAGE_INDEX):
            if special in columns:
                old = columns[special]
                source: Source = StageSource(children, names, special, old.type)
                few = special == STAGE_NAME and old.type == "string"
                columns[special] = ColumnPlan(
                    special, old.type, source, (), (CastStage(old.type),), few, old.nullable
                )
        times = [column.name for column in node.columns if column.type == "datetime"]
        clock = self._clock(children.parent)
        if times and clock is not None:
            lifted = Clock(clock.up + 1, clock.column, clock.instant)
            old = columns[times[0]]
            source = StageTimeSource(
                children,
                len(names),
                config.hours_between_stages,
                lifted,
                Stream(self.seed, node.id, times[0], "stage/wait"),
                time_needs(self.resolver.tables, node.id, lifted),
            )
            columns[times[0]] = ColumnPlan(times[0], old.type, source, (), old.last, False, old.nullable)

    # -- numbers of children ------------------------------------------------------------------------------

    def _children(self, node: Table) -> Children | None:
        parent = self.resolver.tables.first_parent(node.id)
        if parent is None:
            return None
        draw = Stream(self.seed, node.id, "", "fanout")
        if node.stage_config is not None:
            above = self.schema.by_id[parent].segment_behavior
            segment = above.segment_column if above is not None else None
            counts = StageCounts(node.stage_config, segment)
            needs = (
                (ColumnNode(parent, segment),)
                if counts.multipliers is not None and segment is not None
                else ()
            )
            return Children(
                self.plan, node.id, parent, None, (), (draw, draw), stages=counts, stage_needs=needs
            )
        parts = (
            *self._count_effects(node, parent),
            *self._count_behaviors(node, parent),
            *self._count_means(node, parent),
        )
        return Children(
            self.plan,
            node.id,
            parent,
            node.fanout,
            parts,
            (draw, Stream(self.seed, node.id, "", "fanout/rounding")),
        )

    def _count_effects(self, node: Table, parent: str) -> Iterable[CountPart]:
        for modifier, site in zip(node.modifiers, self.resolver.table_sites(node), strict=True):
            if not isinstance(modifier, Effect):
                continue
            owner = effect_owner(self.resolver.tables, self.resolver.picks, node, modifier)
            if owner is None or owner.table != parent:
                continue
            table = modifier.table(site)
            clock = site.clock(modifier.time_reference) if modifier.window else None
            needs = (
                *table.needs,
                *(ColumnNode(parent, column) for column in owner.columns),
                *(time_needs(self.resolver.tables, parent, clock) if clock is not None else ()),
            )
            yield CountEffect(table, owner.columns, clock, modifier.map.op == "mul", needs)

    def _count_behaviors(self, node: Table, parent: str) -> Iterable[CountPart]:
        for factor in self._fanout_factors(parent):
            yield CountBehavior(factor, self.resolver.timeframe.end, (ColumnNode(parent, factor.column),))

    def _fanout_factors(self, table: str) -> Iterable[Factor]:
        above = self.schema.by_id[table]
        if above.segment_behavior is not None and above.segment_behavior.segment_column in above.by_name:
            factor: Factor | None = segment_factor(above.segment_behavior, "fanout_multiplier")
            if factor is not None:
                yield factor
        if above.vintage_behavior is not None and above.vintage_behavior.created_at_column in above.by_name:
            factor = age_factor(above.vintage_behavior, applies_to_fanout)
            if factor is not None:
                yield factor

    def _count_means(self, node: Table, parent: str) -> Iterable[CountPart]:
        clock = self.resolver.tables.count_clock(node.id, self.resolver.timeframe.middle)
        for target, pick in self._weighted_targets(node):
            weighting = self._weighting(node, target, pick)
            if weighting is not None:
                needs = (*weighting.needs, *time_needs(self.resolver.tables, parent, clock))
                yield CountMean(weighting, clock, needs)

    # -- picks --------------------------------------------------------------------------------------------

    def _pick(self, node: Table, pick: PickNode) -> Pick:
        stream = Stream(self.seed, pick.table, f"→ {pick.target}", f"pick/{pick.label}")
        spec = self.resolver.picks.spec(pick)
        weighting = (
            self._weighting(node, pick.target, pick) if spec.kind in ("other_parent", "random") else None
        )
        if weighting is None:
            return Pick(spec, stream)
        clock = self.resolver.tables.count_clock(node.id, self.resolver.timeframe.middle)
        lifted = Clock(clock.up + 1, clock.column) if clock.column is not None else clock
        needs = (*weighting.needs, *time_needs(self.resolver.tables, node.id, lifted))
        return Pick(spec, stream, weighting, lifted, needs)

    def _weighted_targets(self, node: Table) -> Iterable[tuple[str, PickNode]]:
        """Yield the tables, beside the first parent, whose rows are picked for a row of this one."""
        first = self.resolver.tables.first_parent(node.id)
        for parent in dict.fromkeys(self.resolver.tables.parents(node.id)):
            if parent != first:
                yield parent, self.resolver.picks.other_parent(node.id, parent).node
        for spec in self.resolver.picks.all():
            if spec.node.table == node.id and spec.kind == "random":
                yield spec.node.target, spec.node

    def _weighting(self, node: Table, target: str, pick: PickNode) -> PickWeighting | None:
        """Return what hangs on the rows of a picked table, None where nothing does."""
        if self.resolver.tables.first_parent(node.id) is None or node.stage_config is not None:
            return None
        effects = []
        for modifier, site in zip(node.modifiers, self.resolver.table_sites(node), strict=True):
            if not isinstance(modifier, Effect):
                continue
            owner = effect_owner(self.resolver.tables, self.resolver.picks, node, modifier)
            if owner is not None and owner.table == target and owner.pick in (None, pick):
                base = node.fanout.mean() if node.fanout is not None else 1.0
                effects.append(
                    (modifier.table(site), owner.columns, 0.0 if modifier.map.op == "mul" else base)
                )
        factors: tuple[Factor, ...] = ()
        if target in self.resolver.tables.parents(node.id):
            factors = tuple(self._fanout_factors(target))
        if not effects and not factors:
            return None
        needs: Sequence[Node] = (
            CountNode(target),
            *(n for table, _, _ in effects for n in table.needs),
            *(ColumnNode(target, column) for _, columns, _ in effects for column in columns),
            *(ColumnNode(target, factor.column) for factor in factors),
        )
        return PickWeighting(
            node.id, target, tuple(effects), factors, self.resolver.timeframe.end, tuple(needs)
        )


def few_values(facts: Facts | None) -> bool:
    """Say whether a text column can hold few values only."""
    return facts is not None and facts.values is not None and len(facts.values) <= FEW
