"""From the schema's promises about a table to the checks that judge them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.nodes import ColumnNode, CountNode, Node, PickNode
from datagen_engine.draw.stage import LimitStage, Stage
from datagen_engine.generators.datetime_series import DatetimeSeries, TimeLaw
from datagen_engine.modifiers.add import AddStage
from datagen_engine.modifiers.effect import Effect, EffectStage
from datagen_engine.modifiers.jitter import JitterStage
from datagen_engine.modifiers.multiply import MultiplyStage
from datagen_engine.modifiers.outliers import Outliers, OutliersStage
from datagen_engine.modifiers.seasonality import Seasonality, SeasonalityStage
from datagen_engine.modifiers.trend import TrendStage
from datagen_engine.planning.behaviors import AgeFactor, Factor, ValueStage
from datagen_engine.planning.bent import BentSource, CopySource
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.counts import CountBehavior, CountEffect
from datagen_engine.planning.picks import Pick
from datagen_engine.planning.stages import StageSource, StageTimeSource
from datagen_engine.planning.table import ColumnPlan
from datagen_engine.planning.uniques import PermutedSource
from datagen_engine.resolve.effects import effect_owner
from datagen_engine.schema.document import Column, Correlation
from datagen_engine.schema.path import Path
from datagen_engine.validation.behaviour.accumulator import Accumulator
from datagen_engine.validation.behaviour.chain import Chain, Known, Noise, Strike
from datagen_engine.validation.behaviour.children import ChildCounts, CountInfluence, FunnelCounts
from datagen_engine.validation.behaviour.correlations import CorrelationShape
from datagen_engine.validation.behaviour.influences import (
    CellGroups,
    EffectGroups,
    Groups,
    MomentGroups,
    groups_of_factor,
)
from datagen_engine.validation.behaviour.marginals import Marginal, of_chain, of_options, of_timeline
from datagen_engine.validation.behaviour.nulls import NullShape
from datagen_engine.validation.behaviour.numbers import Influence, NumberShape
from datagen_engine.validation.behaviour.picks import PickShape
from datagen_engine.validation.behaviour.shares import Options, ShareShape, options_of
from datagen_engine.validation.behaviour.timeline import Timeline
from datagen_engine.validation.behaviour.times import Pattern, TimeParts, TimeShape, cell_counts, is_visible
from datagen_engine.validation.behaviour.unknown import Unknown
from datagen_engine.validation.behaviour.verdict import Subject
from datagen_engine.validation.behaviour.waits import StageWaits
from datagen_engine.validation.record import CheckRecord

if TYPE_CHECKING:
    from datagen_engine.draw.grid import Grid
    from datagen_engine.validation.behaviour.tables import DataTables

__all__ = ["Factory"]

_WHY_NOT = {
    "sequence": "a running number leaves nothing to chance",
    "enum_list": "listed values leave nothing to chance",
    "expression": "a formula follows from other columns and promises no distribution of its own",
    "lookup": "a lookup repeats values of another table",
    "faker": "made-up texts promise no distribution",
    "case": "a case has another distribution for every condition",
}
_STAGES: dict[str, type[Any]] = {
    "add": AddStage,
    "multiply": MultiplyStage,
    "seasonality": SeasonalityStage,
    "effect": EffectStage,
    "trend": TrendStage,
    "jitter": JitterStage,
    "outliers": OutliersStage,
    "clamp": LimitStage,
}


class Factory:
    """Make the checks of one table's promises."""

    def __init__(self, tables: DataTables, table: str) -> None:
        """Look at `table`."""
        self.tables = tables
        self.table = table
        self.node = tables.context.schema.by_id[table]
        self.plan = tables.plan.tables[table]
        self.resolver = tables.resolver
        self.place = tables.places[table]
        self.skipped: list[CheckRecord] = []
        self.by_column: dict[str, Accumulator] = {}

    def checks(self) -> list[Accumulator]:
        """Return the checks; those that nothing can be said about are in `skipped`."""
        found: list[Accumulator] = []
        for column in self.node.columns:
            found += self._of_column(column)
        found += self._of_children()
        found += self._of_picks()
        found += self._of_correlations()
        return found

    # -- names --------------------------------------------------------------------------------------------

    def path(self, *steps: str | int) -> Path:
        """Return a path within the table."""
        return ("nodes", self.place, *steps)

    def column_path(self, name: str, *steps: str | int) -> Path:
        """Return a path within a column."""
        place = next(place for place, column in enumerate(self.node.columns) if column.name == name)
        return self.path("columns", place, *steps)

    def subject(self, what: str, columns: Sequence[str], path: Path, title: str = "") -> Subject:
        """Name a check of this table, or of one of its columns; `what` is its title too, unless another is given."""
        name = ".".join((self.table, *columns[:1]))
        return Subject(
            f"{what.replace(' ', '_')}:{name}", "shape", self.table, tuple(columns), path, title or what
        )

    def _generator_path(self, column: Column) -> Path:
        return self.column_path(column.name, "generator", column.generator.key)

    # -- what a column depends on -------------------------------------------------------------------------

    def columns_for(self, needs: Iterable[Node], *names: str) -> list[str]:
        """Return the columns of this table that must be read to answer for some nodes of the plan."""
        found = dict.fromkeys(names)
        for node in needs:
            if isinstance(node, ColumnNode) and node.table == self.table:
                found[node.column] = None
            elif isinstance(node, CountNode) and node.table == self.table:
                pick = self.tables.parent_pick(self.table)
                found.update(dict.fromkeys(self.link(pick) if pick is not None else []))
            elif isinstance(node, PickNode):
                found.update(dict.fromkeys(self.link(node)))
        return list(found)

    def link(self, pick: PickNode) -> list[str]:
        """Return the columns of this table that tell which row a pick took."""
        if pick != self.tables.parent_pick(self.table) and self.resolver.picks.spec(pick).kind == "match":
            return [local for local, _ in self.resolver.picks.spec(pick).keys]
        key = self.tables.key_column(pick)
        return [key[0]] if key is not None else self.tables.copies(pick)

    def _ordered(self) -> list[str]:
        """Return the columns of this table that stand in an order, and those that lead to the other tables' columns."""
        found: dict[str, None] = {}
        for order in self.resolver.orders.all:
            sides = (order.lower, order.upper)
            found.update({side.column: None for side in sides if side.table == self.table})
            others = [side.table for side in sides if side.table != self.table]
            if others and len(others) < len(sides):
                found.update(dict.fromkeys(self._link_to(others[0])))
        return list(found)

    def _link_to(self, other: str) -> list[str]:
        parents = self.resolver.tables.parents(self.table)
        if other not in parents:
            return []
        first = other == self.resolver.tables.first_parent(self.table)
        pick = (
            self.tables.parent_pick(self.table)
            if first
            else self.resolver.picks.other_parent(self.table, other).node
        )
        return self.link(pick) if pick is not None else []

    # -- columns ------------------------------------------------------------------------------------------

    def _of_column(self, column: Column) -> Iterator[Accumulator]:
        plan = self.plan.columns[column.name]
        nulls = self._nulls(column, plan)
        try:
            check = self._shape(column, plan)
        except Unknown as reason:
            self.skipped.append(
                self.subject("distribution", [column.name], self._generator_path(column)).skipped(str(reason))
            )
        else:
            self.by_column[column.name] = check
            yield check
        if nulls is not None:
            yield nulls

    def _shape(self, column: Column, plan: ColumnPlan) -> Accumulator:
        """Return the check of a column's distribution; raises Unknown with the reason where there is none."""
        source = plan.source
        if isinstance(source, StageSource):
            raise Unknown("the funnel puts the stage here")
        if isinstance(source, StageTimeSource):
            pick = self.tables.parent_pick(self.table)
            assert pick is not None  # a funnel has a parent
            subject = self.subject("waits", [column.name], self.path("stage_config"))
            return StageWaits(self.tables, source, pick, subject, self.columns_for(source.needs, column.name))
        if isinstance(source, PermutedSource):
            raise Unknown("every value is drawn once, so that all are different")
        if isinstance(source, CopySource):
            raise Unknown("it is a copy of another column")
        options = options_of(self.tables, plan)
        if options is not None:
            return ShareShape(
                self.tables, self.subject("shares", [column.name], self._generator_path(column)), options
            )
        if column.type in ("int", "float"):
            return self._numbers(column, plan)
        if column.type in ("datetime", "date"):
            return self._times(column, plan)
        raise Unknown(self._why_not(column))

    def _why_not(self, column: Column) -> str:
        return _WHY_NOT.get(column.generator.key, "its generator promises no distribution")

    def _stages(self, column: Column, plan: ColumnPlan) -> Iterator[tuple[Stage, Path]]:
        """Yield the stages of a column of numbers, each with the place in the schema that asks for it."""
        stages = list(plan.source.bend.stages if isinstance(plan.source, BentSource) else plan.stages)
        sites = self.resolver.modifier_sites(self.node, column)
        for place, (modifier, site) in enumerate(zip(column.modifiers, sites, strict=True)):
            kind = _STAGES.get(modifier.key)
            left_out = isinstance(modifier, Effect) and modifier.left_out(site)
            if kind is not None and not left_out and stages and isinstance(stages[0], kind):
                yield stages.pop(0), self.column_path(column.name, "modifiers", place)
        for stage in stages:
            path = (
                self._behavior_path(stage.factor)
                if isinstance(stage, ValueStage)
                else self.column_path(column.name)
            )
            yield stage, path

    def _behavior_path(self, factor: Factor) -> Path:
        kind = "vintage_behavior" if isinstance(factor, AgeFactor) else "segment_behavior"
        for parent in self.resolver.tables.parents(self.table):
            behavior = getattr(self.resolver.schema.by_id[parent], kind)
            named = (
                None
                if behavior is None
                else getattr(behavior, "created_at_column", None) or getattr(behavior, "segment_column", None)
            )
            if named == factor.column:
                return self._node_path(parent, kind)
        return self.path()

    def _node_path(self, table: str, *steps: str | int) -> Path:
        return ("nodes", self.tables.places[table], *steps)

    # -- numbers ------------------------------------------------------------------------------------------

    def _numbers(self, column: Column, plan: ColumnPlan) -> Accumulator:
        chain = self._chain(column, plan)
        if chain.is_known and not any(isinstance(step, Known | Noise | Strike) for step in chain.steps):
            raise Unknown(self._why_not(column))
        influences: list[Influence] = []
        strikes: list[tuple[Subject, Strike]] = []
        steps = iter([step for step in chain.steps if isinstance(step, Strike)])
        seen: dict[Hashable, int] = {}
        for stage, path in self._stages(column, plan):
            made = self._influence(column, stage, path, seen)
            if made is not None:
                influences.append(made)
            if isinstance(stage, OutliersStage):
                strike = next(steps)
                if strike.outliers.rate > 0:
                    strikes.append((self.subject(_numbered("outliers", seen), [column.name], path), strike))
        what = (
            "jitter"
            if chain.is_known and not chain.is_exact
            else "values"
            if chain.is_exact
            else "distribution"
        )
        path = self.column_path(column.name, "modifiers") if chain.is_known else self._generator_path(column)
        shape = self.subject(what, [column.name], path)
        columns = self.columns_for(plan.needs, column.name)
        if chain.bounds is not None:
            columns += self._ordered()
        return NumberShape(self.tables, chain, shape, influences, strikes, columns)

    def _chain(self, column: Column, plan: ColumnPlan) -> Chain:
        try:
            return Chain.of(self.table, plan)
        except Unknown:
            if not plan.stages and not isinstance(plan.source, BentSource):
                raise Unknown(self._why_not(column)) from None
            raise

    def _influence(
        self, column: Column, stage: Stage, path: Path, seen: dict[Hashable, int]
    ) -> Influence | None:
        groups: Groups
        growth = None
        kind = (type(stage), getattr(stage, "clock", None), getattr(stage, "dimension", None))
        if isinstance(stage, SeasonalityStage | TrendStage):
            # Two of a kind act together: one check judges what both make.
            if kind in seen:
                return None
            seen[kind] = 1
        if isinstance(stage, SeasonalityStage):
            what, title = stage.dimension, f"Season by {_SPOKEN[stage.dimension]}"
            groups = CellGroups(stage.dimension, stage.clock)
        elif isinstance(stage, EffectStage):
            what, title = "effect", f"Effect of {stage.table.table!r}"
            groups = EffectGroups(stage.table, stage.locals, stage.clock)
        elif isinstance(stage, TrendStage):
            what, title, growth = "trend", "Trend", stage.trend.growth_rate
            groups = MomentGroups(stage.clock, self.resolver.timeframe.start, self.resolver.timeframe.end)
        elif isinstance(stage, ValueStage):
            what = "age" if isinstance(stage.factor, AgeFactor) else "segment"
            title = f"By {what} ({stage.factor.column})"
            groups = groups_of_factor(stage.factor, stage.read, stage.clock, None)
        else:
            return None
        return Influence(
            self.subject(_numbered(what, seen), [column.name], path, title.lower()), title, groups, growth
        )

    # -- times --------------------------------------------------------------------------------------------

    def _times(self, column: Column, plan: ColumnPlan) -> Accumulator:
        generator = column.generator
        if not isinstance(generator, DatetimeSeries):
            raise Unknown(self._why_not(column))
        timeline = Timeline.of(plan)
        site = self.resolver.site(self.node, column)
        window = generator.window(site)
        columns = self.columns_for(plan.needs, column.name)
        if timeline.bounds is not None:
            columns += self._ordered()
        shape = self.subject("distribution", [column.name], self._generator_path(column))
        law = timeline.law
        assert isinstance(law, TimeLaw)  # a series of times has one
        parts = self._time_parts(column, generator, timeline, law.ticks.grid)
        return TimeShape(self.tables, timeline, window, shape, parts, columns)

    def _time_parts(
        self, column: Column, generator: DatetimeSeries, timeline: Timeline, grid: Grid
    ) -> TimeParts:
        patterned: dict[str, Path] = {}
        base = self._generator_path(column)
        if generator.pattern is not None:
            patterned.setdefault(generator.pattern.dimension, (*base, "pattern"))
        for place, pattern in enumerate(generator.patterns):
            patterned.setdefault(pattern.dimension, (*base, "patterns", place))
        effects, days = [], []
        seen: dict[Hashable, int] = {}
        sites = self.resolver.modifier_sites(self.node, column)
        for place, (modifier, site) in enumerate(zip(column.modifiers, sites, strict=True)):
            path = self.column_path(column.name, "modifiers", place)
            if isinstance(modifier, Seasonality):
                patterned.setdefault(modifier.dimension, path)
            elif isinstance(modifier, Effect) and not modifier.left_out(site):
                groups = EffectGroups(modifier.table(site), tuple(modifier.on), None)
                effects.append((self.subject(_numbered("effect", seen), [column.name], path), groups))
            elif isinstance(modifier, Outliers) and modifier.rate > 0:
                shape = modifier.shape_ticks(site)
                if shape is not None and shape.days is not None:
                    days.append((self.subject(_numbered("outliers", seen), [column.name], path), shape.days))
        hours = timeline.type == "datetime"
        possible = [
            d for d in ("hour", "dow", "month") if (hours or d != "hour") and cell_counts(grid, d) > 1
        ]
        patterns = [
            Pattern(self.subject(d, [column.name], patterned.get(d, base), f"pattern by {_SPOKEN[d]}"), (d,))
            for d in possible
        ]
        crossed = tuple(d for d in ("month", "dow", "hour") if d in possible and d in patterned)
        if len(crossed) > 1:
            title = "pattern by " + " and ".join(_SPOKEN[d] for d in crossed)
            patterns.append(Pattern(self.subject("_".join(crossed), [column.name], base, title), crossed))
        jitter = None
        plain = hours and timeline.ends == (None, None) and timeline.bounds is None
        if plain and is_visible(timeline.jitter, grid):
            jitter = self.subject("jitter", [column.name], self.column_path(column.name, "modifiers")), grid
        return TimeParts(tuple(patterns), tuple(effects), tuple(days), jitter)

    # -- nulls --------------------------------------------------------------------------------------------

    def _nulls(self, column: Column, plan: ColumnPlan) -> Accumulator | None:
        if not column.nullable:
            return None
        subject = self.subject("nulls", [column.name], self.column_path(column.name, "null_rate"))
        options = options_of(self.tables, plan)
        rate = column.null_rate
        if options is not None:
            return NullShape(
                subject, lambda: 1.0 - (1.0 - rate) * (1.0 - self._options(column.name, options).nulls)
            )
        roots = getattr(column.generator, "roots", None)
        if roots is not None and not column.modifiers:
            rows = self.tables.rows(self.table)
            # The first row has no earlier one to refer to.
            share = roots + (1.0 - roots) / rows if rows else roots
            return NullShape(subject, lambda: 1.0 - (1.0 - rate) * (1.0 - share))
        drawn = self.resolver.drawn(self.table, column.name)
        if drawn is None or drawn.nullable:
            self.skipped.append(subject.skipped("how many values its generator leaves null cannot be told"))
            return None
        return NullShape(subject, lambda: rate)

    def _options(self, name: str, find: Callable[[], Options]) -> Options:
        return self.tables.memo(("options", self.table, (name,)), find)

    # -- children -----------------------------------------------------------------------------------------

    def _of_children(self) -> Iterator[Accumulator]:
        children, pick = self.plan.children, self.tables.parent_pick(self.table)
        if children is None or pick is None:
            return
        if children.stages is not None:
            config = self.node.stage_config
            assert config is not None  # what the stages were made from
            names = [stage.stage_name for stage in config.stages]
            subject = self.subject("stages", [], self.path("stage_config"))
            yield FunnelCounts(self.tables, children, pick, subject, names)
            return
        path = self.path("fanout") if self.node.fanout is not None else self.path("parents")
        influences = []
        seen: dict[Hashable, int] = {}
        modifiers = iter(self._count_modifiers(children.parent))
        for part in children.effects:
            if isinstance(part, CountEffect):
                groups: Groups = EffectGroups(part.table, part.keys, part.clock)
                subject = self.subject(_numbered("fanout effect", seen), [], next(modifiers))
                influences.append(CountInfluence(subject, f"Effect of {part.table.table!r}", groups))
            elif isinstance(part, CountBehavior):
                age = isinstance(part.factor, AgeFactor)
                kind = "vintage_behavior" if age else "segment_behavior"
                groups = groups_of_factor(part.factor, lambda at, name: at.column(name), None, part.end)
                subject = self.subject(
                    _numbered(f"fanout {'age' if age else 'segment'}", seen),
                    [],
                    self._node_path(children.parent, kind),
                )
                influences.append(CountInfluence(subject, f"By {part.factor.column}", groups))
        yield ChildCounts(
            self.tables,
            children,
            pick,
            self.subject("fanout", [], path),
            self.subject("fanout spread", [], path),
            influences,
        )

    def _count_modifiers(self, owner_table: str, pick: PickNode | None = None) -> Iterator[Path]:
        """Yield the places of the table's effects whose keys are another table's."""
        for place, modifier in enumerate(self.node.modifiers):
            if isinstance(modifier, Effect):
                owner = effect_owner(self.resolver.tables, self.resolver.picks, self.node, modifier)
                if owner is not None and owner.table == owner_table and owner.pick in (None, pick):
                    yield self.path("modifiers", place)

    # -- picks --------------------------------------------------------------------------------------------

    def _of_picks(self) -> Iterator[Accumulator]:
        for node, pick in self.plan.picks.items():
            if type(pick) is not Pick or pick.spec.kind not in ("other_parent", "random", "own"):
                continue
            key = self.tables.key_column(node)
            if key is None:
                continue
            column = self.node.by_name[key[0]]
            subject = self.subject("references", [column.name], self._generator_path(column))
            columns = self.columns_for(pick.needs, column.name)
            yield PickShape(self.tables, pick, subject, self._lifts(column.name, node, pick), columns)

    def _lifts(self, column: str, node: PickNode, pick: Pick) -> list[tuple[Subject, str]]:
        if pick.weighting is None:
            return []
        found = []
        seen: dict[Hashable, int] = {}
        places = iter(self._count_modifiers(node.target, node))
        for table, _, _ in pick.weighting.effects:
            subject = self.subject(_numbered("references effect", seen), [column], next(places))
            found.append((subject, f"Effect of {table.table!r}"))
        for factor in pick.weighting.factors:
            age = isinstance(factor, AgeFactor)
            path = self._node_path(node.target, "vintage_behavior" if age else "segment_behavior")
            subject = self.subject(
                _numbered(f"references {'age' if age else 'segment'}", seen), [column], path
            )
            found.append((subject, f"By {factor.column}"))
        return found

    # -- correlations -------------------------------------------------------------------------------------

    def _of_correlations(self) -> Iterator[Accumulator]:
        taken: set[str] = set()
        for place, group in enumerate(self.node.correlations):
            subject = Subject(
                f"correlation:{self.table}:{place + 1}",
                "shape",
                self.table,
                tuple(group.columns),
                self.path("correlations", place),
                "rank correlation",
            )
            if taken & set(group.columns):
                self.skipped.append(subject.skipped("one of the columns belongs to an earlier group"))
                continue
            taken |= set(group.columns)
            try:
                marginals = [self._marginal(name, group) for name in group.columns]
            except Unknown as reason:
                self.skipped.append(subject.skipped(str(reason)))
                continue
            yield CorrelationShape(self.tables, group, marginals, subject)

    def _marginal(self, name: str, group: Correlation) -> Marginal:
        plan = self.plan.columns[name]
        source = plan.source
        if not isinstance(source, CopulaSource | BentSource):
            raise Unknown(f"{name!r} is not drawn by the correlation")
        columns = self.columns_for(plan.needs, name)
        options = options_of(self.tables, plan)
        if options is not None:
            return of_options(name, partial(self._options, name, options))
        if isinstance(source, BentSource):
            columns += self._ordered()
        if plan.type in ("int", "float"):
            return of_chain(name, Chain.of(self.table, plan), columns)
        return of_timeline(name, Timeline.of(plan), columns)


_SPOKEN = {"hour": "hour", "dow": "weekday", "month": "month"}


def _numbered(what: str, seen: dict[Hashable, int]) -> str:
    seen[what] = seen.get(what, 0) + 1
    return what if seen[what] == 1 else f"{what} {seen[what]}"
