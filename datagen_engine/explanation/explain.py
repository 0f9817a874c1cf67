"""Explain one value: draw its blocks once, and look at it after every stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from datagen_engine.draw.casting import cast
from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.stage import Slice, Source, Stage
from datagen_engine.draw.values import Values
from datagen_engine.errors import UsageError
from datagen_engine.explanation.chances import chances_said
from datagen_engine.explanation.histogram import histogram
from datagen_engine.explanation.look import Look
from datagen_engine.explanation.shown import shown
from datagen_engine.explanation.sources import Said, source_said
from datagen_engine.explanation.stages import limited, stage_said
from datagen_engine.explanation.trace import Origin, StageKind, Trace, TraceStage
from datagen_engine.generators.datetime_series import TickSource
from datagen_engine.generators.distribution import Distribution, DistributionSource
from datagen_engine.lazy import np
from datagen_engine.planning.behaviors import ValueStage
from datagen_engine.planning.bent import BentSource
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.table import NullStage
from datagen_engine.schema.problem import nearest

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.plan import Plan
    from datagen_engine.planning.table import ColumnPlan
    from datagen_engine.schema.parts import Generator
    from datagen_engine.schema.path import Path

__all__ = ["SAMPLE", "explain"]

SAMPLE = 1_024
"""Rows around the explained one that the small distributions are of; all of them of one block."""


def explain(plan: Plan, table: str, row: int, column: str) -> Trace:
    """Explain a value of a plan.

    Raises
    ------
    UsageError
        There is no such table, column or row.
    """
    target = plan.tables.get(table)
    if target is None:
        raise UsageError(f"there is no table {table!r}{_hint(table, plan.tables)}")
    if column not in target.columns:
        raise UsageError(f"there is no column {column!r} in {table!r}{_hint(column, target.columns)}")
    if row < 0 or target.upto(row + 1) <= row:
        raise UsageError(
            f"there is no row {row:,} in {table!r}: it has {target.upto(row + 1):,}, counted from 0"
        )
    size = min(SAMPLE, BLOCK)
    start = row // size * size
    stop = target.upto(start + size)
    at = plan.slice(table, Rows.run(start, stop))
    node = plan.schema.by_id[table]
    look = Look(plan, at, row - start, node, node.by_name[column])
    stages = _Teller(look, target.columns[column]).told()
    return Trace(table, row, column, target.columns[column].type, stages, look.line(), (start, stop))


class _Teller:
    """Tell the stages of a column's value in turn."""

    def __init__(self, look: Look, column: ColumnPlan) -> None:
        self.look = look
        self.column = column
        self.path = look.path
        self.values: Values | None = None
        """After the stage that was told last."""

    def stages(self) -> Iterator[TraceStage]:
        source = self.column.source
        if isinstance(source, BentSource):
            yield from self._bent(source)
        else:
            yield from self._drawn(source)
            yield from self._chances()
            for stage, (kind, path) in zip(self.column.stages, self._places(self.column.stages), strict=True):
                yield self._stage(stage, kind, path)
        for stage in self.column.last:
            last: StageKind = "null" if isinstance(stage, NullStage) else "type"
            yield self._stage(stage, last, (*self.path, "null_rate" if last == "null" else "type"))

    def told(self) -> tuple[TraceStage, ...]:
        """Return the stages that say something: that a float is a float is not among them.

        Whatever is left out, the last one holds the value as it is written.
        """
        every = list(self.stages())
        said = [stage for stage in every if stage.kind != "type" or stage.changed]
        return (*said[:-1], replace(said[-1], value=every[-1].value, text=every[-1].text))

    def _tell(
        self, kind: StageKind, said: Said, path: Path, after: Values, *, chart: bool = True
    ) -> TraceStage:
        look, before = self.look, self.values
        value = look.one(after)
        changed = before is None or shown(look.one(before)) != shown(value)
        bars = histogram(after, look.place) if chart else None
        if kind != "chance":
            self.values = after
        return TraceStage(
            kind, said.title, said.says, said.words, value, shown(value), changed, path, _once(said), bars
        )

    def _stage(self, stage: Stage, kind: StageKind, path: Path) -> TraceStage:
        assert self.values is not None
        after = stage.apply(self.values, self.look.at)
        said = stage_said(stage, self.look, self.values, after)
        return self._tell(kind, said, (*path, *said.way) if said.way and kind != "modifier" else path, after)

    # -- the draw -----------------------------------------------------------------------------------------

    def _generator_path(self, said: Said) -> Path:
        key = self.look.column.generator.key
        return (*self.path, "generator", key, *said.way)

    def _drawn(self, source: Source) -> Iterator[TraceStage]:
        at = self.look.at
        if isinstance(source, DistributionSource):
            free = _unclamped(source, at)
            said = source_said(source, self.look, free)
            yield self._tell("generator", said, self._generator_path(said), free)
            after = source.draw(at)
            yield self._clamp(source.low, source.high, free, after)
            return
        if isinstance(source, CopulaSource) and isinstance(source.source, DistributionSource):
            inner = source.source
            free = inner.law.ppf(source.uniform(at), at)
            said = source_said(source, self.look, free)
            yield self._tell("generator", said, self._generator_path(said), free)
            yield self._clamp(inner.low, inner.high, free, source.draw(at))
            return
        drawn = source.draw(at)
        said = source_said(source, self.look, drawn)
        yield self._tell("generator", said, self._generator_path(said), drawn)

    def _clamp(self, low: float, high: float, before: Values, after: Values) -> TraceStage:
        title = f"clamp {shown(float(low))} … {shown(float(high))}"
        said = limited(title, self.look.one(before), self.look.one(after))
        path = (*self.path, "generator", self.look.column.generator.key, "clamp")
        return self._tell("limit", said, path, after)

    def _chances(self) -> Iterator[TraceStage]:
        drawn, source = self.values, self.column.source
        if drawn is None or not isinstance(source, TickSource):
            return
        for said, way in chances_said(self.look, drawn):
            yield self._tell("chance", said, (*self.path, *way), drawn, chart=False)

    # -- where the stages stand in the document -----------------------------------------------------------

    def _places(self, stages: Sequence[Stage]) -> list[tuple[StageKind, Path]]:
        """Return the kind and the path of each stage after the draw."""
        look = self.look
        sites = look.plan.resolver.modifier_sites(look.node, look.column)
        bound = [
            place
            for place, (modifier, site) in enumerate(zip(look.column.modifiers, sites, strict=True))
            if modifier.bind(site) is not None
        ]
        found: list[tuple[StageKind, Path]] = []
        for number, stage in enumerate(stages):
            if number < len(bound):
                found.append(("modifier", (*self.path, "modifiers", bound[number])))
            elif isinstance(stage, ValueStage):
                parent = stage.title.rpartition(" of ")[2]
                which = "vintage_behavior" if "age of" in stage.title else "segment_behavior"
                found.append(("behaviour", (*look.table_path(parent), which)))
            else:
                found.append(("limit", self._range_path()))
        return found

    def _range_path(self) -> Path:
        attribute = f"{self.look.node.id}.{self.look.column.name}"
        for place, one in enumerate(self.look.plan.schema.constraints.ranges):
            if one.attr == attribute:
                return "constraints", "ranges", place
        return self.path

    # -- columns in a declared order ----------------------------------------------------------------------

    def _bent(self, source: BentSource) -> Iterator[TraceStage]:
        look, bend = self.look, source.bend
        at = look.at
        low, high = source.bounds(at, None)
        final = source.draw(at)
        steps = bend.steps(at)
        raw = source.raw(at, (low, high))
        title, path = self._order_words(source)
        within = self._bounds_words(float(low[look.place]), float(high[look.place]))
        origins = tuple(
            look.own(partner.node.column)
            for partner in source.partners
            if partner.values is not None and partner.node.table == look.node.id
        )
        drawn = self._as_values(raw)
        value = shown(look.one(drawn))
        generator = look.column.generator
        drew = "picked" if self.column.type in ("datetime", "date") else f"{_law_title(generator)} drew"
        words = f"Drew {value} from its own distribution, within {within}, so that {title} holds"
        yield self._tell(
            "generator",
            Said(drew, value, words, origins),
            self._generator_path(Said("", "", "")),
            drawn,
        )
        yield from self._chances_of_bent(drawn)
        kinds = iter(self._places(bend.stages))
        stages = iter(bend.stages)
        x = raw
        if bend.clamp is not None:
            before = self._as_values(x)
            x = bend.forward(x, steps[:1])
            yield self._clamp(*bend.clamp, before, self._as_values(x))
            steps = steps[1:]
        while steps:
            stage, (kind, place) = next(stages), next(kinds)
            # A time jitter within a window is two steps: the noise, and the mirror at the ends.
            taken = 2 if len(steps) > 1 and steps[1][0] == "mirror" else 1
            before = self._as_values(x)
            x = bend.forward(x, steps[:taken])
            after = self._as_values(x)
            yield self._tell(kind, stage_said(stage, look, before, after), place, after)
            steps = steps[taken:]
        assert self.values is not None
        said = limited(title, look.one(cast(self.values, bend.type)), look.one(final))
        yield self._tell(
            "limit", Said(said.title, said.says, f"{said.words} ({within})", origins), path, final
        )

    def _chances_of_bent(self, drawn: Values) -> Iterator[TraceStage]:
        for said, way in chances_said(self.look, drawn):
            yield self._tell("chance", said, (*self.path, *way), drawn, chart=False)

    def _as_values(self, x: Array) -> Values:
        if self.column.type in ("datetime", "date"):
            instants = np.where(np.isfinite(x), x, 0.0).astype(np.int64)
            return Values("datetime", instants)
        return Values("float", x)

    def _order_words(self, source: BentSource) -> tuple[str, Path]:
        own = f"{self.look.column.name}"
        inequalities = self.look.plan.schema.constraints.inequalities
        for partner in source.partners:
            for order in self.look.plan.resolver.orders.of(partner.node):
                if order.path and len(order.path) > 2 and isinstance(order.path[2], int):
                    one = inequalities[order.path[2]]
                    sides = {one.left, one.right}
                    if f"{self.look.node.id}.{own}" in sides:
                        return f"{one.left} {one.op} {one.right}", order.path
        partner = source.partners[0]
        return f"{'≤' if partner.above else '≥'} {partner.node}", self.path

    def _bounds_words(self, low: float, high: float) -> str:
        ends = ["" if not np.isfinite(end) else shown(self._unit(end)) for end in (low, high)]
        if not ends[0] and not ends[1]:
            return "no bounds"
        return f"{ends[0]} … {ends[1]}".strip()

    def _unit(self, end: float) -> object:
        if self.column.type in ("datetime", "date"):
            one = Values("datetime", np.array([int(end)], dtype=np.int64))
            return cast(one, self.column.type).to_list()[0]
        return float(end)


def _unclamped(source: DistributionSource, at: Slice) -> Values:
    """Return what a distribution drew before its clamp."""
    if source.span is not None:
        first, count = source.span
        return Values("float", np.floor(source.stream.uniform(at.rows) * count) + first)
    return Values("float", source.shape.sample(source.stream, at.rows))


def _hint(word: str, known: Iterable[str]) -> str:
    meant = nearest(word, known)
    return f"; did you mean {meant!r}?" if meant else ""


def _law_title(generator: Generator) -> str:
    """Return what the distribution of a generator is called."""
    shape = generator.shape if isinstance(generator, Distribution) else generator
    return shape.title.lower()


def _once(said: Said) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(said.origins))
