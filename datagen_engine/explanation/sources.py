"""What a generator did for one row, in plain words; a generator from elsewhere is told by its title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from datagen_engine.draw.guide import Guide
from datagen_engine.draw.shares import weights_of_kind
from datagen_engine.draw.stage import Source
from datagen_engine.explanation.look import Look
from datagen_engine.explanation.shown import shown
from datagen_engine.explanation.trace import Origin, Role
from datagen_engine.expression import evaluate
from datagen_engine.generators.case import CaseSource
from datagen_engine.generators.choice import ChoiceSource, ReferenceSource
from datagen_engine.generators.datetime_series import TickSource
from datagen_engine.generators.distribution import DistributionSource
from datagen_engine.generators.enum_list import ListSource
from datagen_engine.generators.expression import ExpressionSource, mentioned
from datagen_engine.generators.faker import FakerSource
from datagen_engine.generators.lookup import LookupSource
from datagen_engine.generators.sequence import SequenceSource
from datagen_engine.lazy import np
from datagen_engine.planning.bent import CopySource
from datagen_engine.planning.copula import CopulaSource
from datagen_engine.planning.stages import StageSource, StageTimeSource
from datagen_engine.planning.uniques import DistinctSource, PermutedSource
from datagen_engine.schema.path import Path

if TYPE_CHECKING:
    from datagen_engine.draw.values import Values

__all__ = ["Said", "formula", "source_said"]


@dataclass(frozen=True, slots=True)
class Said:
    """Hold the words for a stage, and what is behind it; `way` leads on from the part of the document."""

    title: str
    says: str
    words: str
    origins: tuple[Origin, ...] = ()
    way: Path = ()


def source_said(source: Source, look: Look, drawn: Values) -> Said:
    """Return the words for what a source drew for the row."""
    return _said(source, look, shown(look.one(drawn)))


@singledispatch
def _said(source: Source, look: Look, value: str) -> Said:
    title = look.column.generator.title
    return Said(title, value, f"{title} gave {value}")


@_said.register
def _sequence(source: SequenceSource, look: Look, value: str) -> Said:
    words = f"{source.start} + {source.step} × row {look.row}"
    return Said("sequence", value, f"A running number: {words} = {value}")


@_said.register
def _distribution(source: DistributionSource, look: Look, value: str) -> Said:
    title = source.shape.title.lower()
    return Said(f"{title} drew", value, f"The {title} distribution drew {value}")


@_said.register
def _choice(source: ChoiceSource, look: Look, value: str) -> Said:
    shares = source.choice.shares()
    place = int(source.guide.ppf(source.stream.uniform(look.at.rows))[look.place])
    share = f"{100 * shares[place] / shares.sum():.3g} %"
    return Said("choice", value, f"Chose {value}, which {share} of the rows get")


@_said.register
def _reference(source: ReferenceSource, look: Look, value: str) -> Said:
    size = look.at.row_count(source.table)
    if not size:
        return Said("choice", "null", f"{source.table} has no row to choose from")
    if source.kind == "uniform":
        row = int(source.stream.below(size, look.at.rows)[look.place])
    else:
        guide = look.at.memo(
            ("weights", source.kind, size), lambda: Guide(weights_of_kind(source.kind, size))
        )
        row = int(guide.ppf(source.stream.uniform(look.at.rows))[look.place])
    origin = look.elsewhere("reference", source.table, row, source.column)
    skew = "" if source.kind == "uniform" else f", weighted {source.kind}"
    words = f"Chose the {source.column} of row {row} of {source.table}{skew}"
    return Said(f"choice of {source.table}", value, words, (origin,))


@_said.register
def _ticks(source: TickSource, look: Look, value: str) -> Said:
    count = source.law.ticks.grid.count
    shaped = " by its weights" if source.law.ticks.guide is not None or source.law.ticks.steps else ""
    return Said("picked", value, f"Picked one of {count:,} points in time{shaped}: {value}")


@_said.register
def _faker(source: FakerSource, look: Look, value: str) -> Said:
    locale = source.one_locale
    origins: tuple[Origin, ...] = ()
    if locale is None and source.column is not None and source.pick is None:
        origins = (look.own(source.column),)
        locale = f"the locale of {source.column}"
    elif locale is None and source.pick is not None and (found := look.picked_row(source.pick)) is not None:
        origins = (look.elsewhere("pick", *found, source.column or ""),)
        locale = f"the locale of {found[0]}.{source.column}"
    return Said(
        f"faker {source.spec.method}", value, f"faker's {source.spec.method} in {locale}: {value}", origins
    )


@_said.register
def _lookup(source: LookupSource, look: Look, value: str) -> Said:
    spec = look.plan.resolver.picks.spec(source.pick)
    found = look.picked_row(source.pick)
    title = f"lookup in {source.pick.target}"
    keys = tuple(look.own(local) for local, _ in spec.keys)
    if found is None:
        why = "no row matches" if spec.kind == "match" else "it refers to no row"
        return Said(
            title, "no row", f"Looked up {source.pick.target}.{source.column}: {why}, so it is null", keys
        )
    table, row = found
    role: Role = "parent" if spec.kind == "parent" else "match" if spec.kind == "match" else "pick"
    origin = look.elsewhere(role, table, row, source.column)
    ways = {
        "parent": "the row's parent",
        "match": "the first with "
        + " and ".join(f"{r} = {k.value}" for (_, r), k in zip(spec.keys, keys, strict=True)),
        "other_parent": "picked as its other parent",
        "own": "another row of its own table",
        "random": "picked at random",
    }
    picked = look.at.table.picks[source.pick]
    weighted = ", by weight" if picked.weighting is not None or spec.weights_kind else ""
    words = f"The {source.column} of row {row} of {table}: {ways[spec.kind]}{weighted}"
    return Said(title, value, words, (origin, *keys))


@_said.register
def _expression(source: ExpressionSource, look: Look, value: str) -> Said:
    words, origins = formula(source.parsed.code, look)
    return Said("formula", value, f"{words} gives {value}", origins)


@_said.register
def _list(source: ListSource, look: Look, value: str) -> Said:
    return Said("list", value, f"Value {look.row} of the list, counted from 0", (), ("values", look.row))


@_said.register
def _case(source: CaseSource, look: Look, value: str) -> Said:
    for place, condition in enumerate(source.conditions):
        if condition is None:
            inner = _said(source.sources[place], look, value)
            words = f"No condition holds, so the last branch: {inner.words}"
            return Said(f"else {inner.title}", inner.says, words, inner.origins, (place,))
        held = evaluate(condition, look.at.column, len(look.at.rows)).values
        if look.one(held) is True:
            inner = _said(source.sources[place], look, value)
            said, origins = formula(condition.code, look)
            words = f"Branch {place + 1}, where {said}: {inner.words}"
            return Said(f"case {condition.code}", inner.says, words, (*inner.origins, *origins), (place,))
    return Said("case", value, "No condition holds and there is no else, so it is null")


@_said.register
def _copula(source: CopulaSource, look: Look, value: str) -> Said:
    group = next(group for group in look.node.correlations if look.column.name in group.columns)
    others = tuple(name for name in group.columns if name != look.column.name)
    inner = _said(source.source, look, value)
    words = f"{inner.words}, drawn together with {', '.join(others)}"
    return Said(inner.title, inner.says, words, (*inner.origins, *(look.own(name) for name in others)))


@_said.register
def _copy(source: CopySource, look: Look, value: str) -> Said:
    return Said("copied", value, f"A declared equality: copied, {value}")


@_said.register
def _permuted(source: PermutedSource, look: Look, value: str) -> Said:
    size = source.size(look.at)
    place = int(source.place(look.at, size)[look.place])
    words = f"Every value once: number {place:,} of {size:,} values in a shuffled order"
    return Said("no value twice", value, words)


@_said.register
def _distinct(source: DistinctSource, look: Look, value: str) -> Said:
    method = source.source.spec.method
    words = f"Every value once: the {look.row + 1:,}. different value that faker's {method} gives"
    return Said(f"faker {method}", value, words)


@_said.register
def _stage(source: StageSource, look: Look, value: str) -> Said:
    index = int(source.children.numbers_within(look.at.rows)[look.place])
    above = look.parent_row()
    origins = (
        () if above is None else (look.elsewhere("parent", *above, look.plan.schema.by_id[above[0]].pk),)
    )
    return Said("stage", value, f"Stage {index + 1} of those that its parent reached: {value}", origins)


@_said.register
def _stage_time(source: StageTimeSource, look: Look, value: str) -> Said:
    index = int(source.children.numbers_within(look.at.rows)[look.place])
    if index == 0:
        return Said("stage begins", value, f"The first stage begins at the parent's time: {value}")
    before = (
        look.plan.slice(look.node.id, look.at.rows.take(np.array([look.place])))
        .time(source.clock)
        .to_list()[0]
    )
    words = f"{index} wait{'s' if index > 1 else ''} after the parent's time {shown(before)}: {value}"
    return Said("waited until", value, words)


def formula(
    code: str, look: Look, besides: Callable[[str], bool] = lambda _: False
) -> tuple[str, tuple[Origin, ...]]:
    """Return a formula with the values of the columns that it names, and those columns."""
    known = look.node.by_name
    origins = tuple(look.own(name) for name in mentioned(code) if name in known and not besides(name))
    said = ", ".join(f"{origin.column} = {origin.value}" for origin in origins)
    return (f"{code}, with {said}," if said else code), origins
