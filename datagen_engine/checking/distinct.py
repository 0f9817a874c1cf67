"""Whether the values of a column are all different: by themselves, by a permutation, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from datagen_engine.checking.bounds import cut_off, drawn_ends
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import counted, figure
from datagen_engine.draw.literals import json_text
from datagen_engine.draw.values import ColumnType
from datagen_engine.expression.syntax import Arithmetic, Call, Constant, Name, Node, Sign
from datagen_engine.generators.choice import Choice
from datagen_engine.generators.distribution import Distribution, whole_span
from datagen_engine.generators.enum_list import EnumList
from datagen_engine.generators.expression import Expression
from datagen_engine.generators.faker import Faker
from datagen_engine.generators.lookup import Lookup
from datagen_engine.generators.sequence import Sequence
from datagen_engine.modifiers.add import Add
from datagen_engine.modifiers.multiply import Multiply
from datagen_engine.resolve.tables import Tables
from datagen_engine.schema.parts import Modifier
from datagen_engine.schema.spec import split_attribute

__all__ = [
    "Verdict",
    "is_first_parent_key",
    "keeps_apart",
    "most_children",
    "unique_alone",
    "unique_together",
]

_DEEPEST = 20
_MOST_FAKES = 50


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether values are all different: `why` not, or None; `size`: among how many they are permuted."""

    why: str | None = None
    size: float | None = None


_SURE = Verdict()


def keeps_apart(modifier: Modifier, type: ColumnType) -> bool:
    """Say whether a modifier gives different values to different ones: rounded ones too, of whole numbers."""
    if isinstance(modifier, Add):
        return type != "int" or modifier.value.is_integer()
    if isinstance(modifier, Multiply):
        return modifier.by != 0 and (type != "int" or modifier.by.is_integer() or abs(modifier.by) > 1)
    return False


def unique_alone(context: Context, place: ColumnPlace, depth: int = 0) -> Verdict:
    """Judge one column over all rows of its table."""
    if depth > _DEEPEST:
        return _SURE
    return context.once(("unique", *place.key), lambda: _alone(context, place, depth))


def _alone(context: Context, place: ColumnPlace, depth: int) -> Verdict:
    if not place.readable:
        return _SURE
    found = _over_rows(context, place, depth)
    # One row differs from all others; how many there are takes a moment to find out, so it is asked last.
    return _SURE if found.why is not None and context.most_rows(place.table.node.id) <= 1 else found


def _over_rows(context: Context, place: ColumnPlace, depth: int) -> Verdict:
    changed = next((m for m in place.column.modifiers if not keeps_apart(m, place.column.type)), None)
    if changed is not None:
        return Verdict(f"{changed.key} may make different values the same")
    ends = context.resolver.ranges.get(place.key)
    # Of a range that cuts a primary key off the check of ranges tells.
    if ends and place.column.name != place.table.node.pk and cut_off(ends, drawn_ends(context, place)):
        return Verdict("the declared range makes what lies outside of it the same")
    free = _permuted(context, place, depth)
    if free is None:
        return _by_itself(context, place, depth)
    if free.why is not None or free.size is None:
        return free
    rows = context.most_rows(place.table.node.id)
    if free.size < rows:
        about = "gives about" if isinstance(place.column.generator, Faker) else "has"
        named = getattr(place.column.generator, "method", place.column.name)
        size = counted(round(free.size), "different value")
        return Verdict(f"{named} {about} {size}, and {figure(rows)} rows need one each", free.size)
    return free


def unique_together(context: Context, places: list[ColumnPlace]) -> Verdict:
    """Judge several columns of one table as a composite key."""
    alone = [unique_alone(context, place) for place in places]
    if any(verdict.why is None for verdict in alone):
        return _SURE
    table = places[0].table.node.id
    keys = [place for place in places if is_first_parent_key(context, place)]
    if not keys:
        return Verdict(
            "a composite key is drawn without repetition where it holds the key of the first parent, and this one "
            "does not"
        )
    most = most_children(context, table)
    sizes: list[float] = []
    for place in places:
        free = None if place in keys or place.column.modifiers else _permuted(context, place, 0)
        if free is not None and free.size is not None:
            sizes.append(free.size)
    if not sizes:
        return Verdict("beside the parent's key it needs an even choice, whole number or other parent")
    if sizes[0] >= most:
        return Verdict(None, sizes[0])
    return Verdict(
        f"a parent may have {figure(most)} children, and there are {counted(round(sizes[0]), 'value')} for them",
        sizes[0],
    )


def is_first_parent_key(context: Context, place: ColumnPlace) -> bool:
    """Say whether a column is the key of the row's first parent."""
    generator = place.column.generator
    parent = context.resolver.tables.first_parent(place.table.node.id)
    if parent is None or not isinstance(generator, Lookup) or generator.on or place.column.modifiers:
        return False
    return generator.target == (parent, context.schema.by_id[parent].pk)


def most_children(context: Context, table: str) -> float:
    """Return the most children that a parent is expected to have; of an open fanout what none will exceed."""
    tables: Tables = context.resolver.tables
    node = tables.node(table)
    if node is None or node.fanout is None:
        return 1.0 if node is None or node.stage_config is None else float(len(node.stage_config.stages))
    mean, most = node.fanout.mean(), node.fanout.bounds()[1]
    likely = mean + 8 * mean**0.5 + 8
    if most == float("inf"):
        return round(likely)
    return most if not tables.multiplied(table) else max(most, round(likely))


# -- by a permutation ---------------------------------------------------------------------------------


def _permuted(context: Context, place: ColumnPlace, depth: int) -> Verdict | None:
    """Judge what is drawn without repetition; None for what stands or falls by itself."""
    generator, column = place.column.generator, place.column
    if isinstance(generator, Choice):
        if generator.weights is not None and len(set(generator.weights)) > 1:
            return Verdict("a choice by weight repeats its values; without weights each would be taken once")
        if generator.weights_kind not in (None, "uniform"):
            return Verdict(
                f"a choice by {generator.weights_kind} repeats its values; by `uniform` each is taken once"
            )
        if generator.choices is not None:
            return Verdict(None, float(len(set(map(json_text, generator.choices)))))
        return _one_of(context, split_attribute(generator.choices_ref or ""), depth)
    if isinstance(generator, Distribution):
        span = whole_span(generator.shape) if column.type == "int" else None
        if span is None:
            return Verdict(f"numbers of a {generator.shape.key} distribution may repeat")
        low = max(span[0], generator.clamp[0])
        high = min(span[0] + span[1] - 1, generator.clamp[1])
        if (low, high) != (span[0], span[0] + span[1] - 1):
            return Verdict("the clamp cuts the numbers off, so that its ends repeat")
        return Verdict(None, float(span[1]))
    if isinstance(generator, Lookup):
        spec = context.resolver.picks.spec(context.site(place).pick(*generator.target, generator.keys()))
        if spec.kind == "other_parent" or (spec.kind == "random" and spec.weights_kind is None):
            return _one_of(context, generator.target, depth)
        return None
    if isinstance(generator, Faker):
        if generator.locale_from is not None:
            return Verdict("its locale hangs on the row; the values of one locale can be told apart")
        # Learning a method takes a moment; of very many different ones not all are learned.
        return Verdict(None, _fakes(generator) if context.spend("fakes", 1, _MOST_FAKES) else None)
    return None


def _fakes(generator: Faker) -> float | None:
    """Return how many different values a method of faker gives for certain; None where nobody knows."""
    from datagen_engine.faking import DEFAULT_LOCALE, compile_fake, locale_of

    locale = locale_of(generator.locale or "") or DEFAULT_LOCALE
    try:
        return compile_fake(generator.method, locale, generator.arguments, group=generator.group).obtainable
    except ValueError:
        return None  # what is wrong with the call the generator says itself


def _one_of(context: Context, target: tuple[str, str], depth: int) -> Verdict:
    """Judge a column that takes the values of another, each once."""
    place = context.place(*target)
    if place is None:
        return _SURE
    other = unique_alone(context, place, depth + 1)
    if other.why is not None:
        return Verdict(f"{place.attribute} may repeat its values")
    return Verdict(None, context.rows(target[0]))


# -- by itself ----------------------------------------------------------------------------------------


def _by_itself(context: Context, place: ColumnPlace, depth: int) -> Verdict:
    generator = place.column.generator
    if isinstance(generator, Sequence):
        return _SURE if generator.step != 0 else Verdict("a sequence with a step of 0 stands still")
    if isinstance(generator, EnumList):
        twice = next(
            (item for item, count in Counter(map(json_text, generator.values)).items() if count > 1), None
        )
        return _SURE if twice is None else Verdict(f"the list holds {twice!r} twice")
    if isinstance(generator, Lookup):
        return _looked_up(context, place, generator, depth)
    if isinstance(generator, Expression):
        name = _told_apart_by(generator.parsed.root, whole=place.column.type == "int")
        source = context.place(place.table.node.id, name) if name is not None else None
        if source is not None:
            return unique_alone(context, source, depth + 1)
        return Verdict("nothing proves that this formula gives each row a value of its own")
    return Verdict(f"a {generator.key} may repeat its values")


def _looked_up(context: Context, place: ColumnPlace, lookup: Lookup, depth: int) -> Verdict:
    table, target = place.table.node.id, context.place(*lookup.target)
    read = unique_alone(context, target, depth + 1) if target is not None else _SURE
    if read.why is not None:
        return Verdict(f"{lookup.source} may repeat its values")
    spec = context.resolver.picks.spec(context.site(place).pick(*lookup.target, lookup.keys()))
    if spec.kind == "parent":
        most = most_children(context, table)
        if most <= 1:
            return _SURE
        return Verdict(
            f"each of the children of one {lookup.target[0]} has it, and there may be {figure(most)}"
        )
    if spec.kind == "match":
        local = [context.place(table, name) for name, _ in spec.keys]
        if any(one is not None and unique_alone(context, one, depth + 1).why is None for one in local):
            return _SURE
    return Verdict("rows that are picked at random are picked more than once")


def _told_apart_by(node: Node, *, whole: bool) -> str | None:
    """Return the column whose different values give different results: whole ones, where those are needed."""
    match node:
        case Name(name=name):
            return name
        case Sign(operand=operand):
            return _told_apart_by(operand, whole=whole)
        case Arithmetic(first=first, steps=steps):
            parts = [first, *(operand for _, operand in steps)]
            numbers = [part.value for part in parts if isinstance(part, Constant)]
            signs = {sign for sign, _ in steps}
            if whole and not all(isinstance(number, float) and number.is_integer() for number in numbers):
                return None
            if signs <= {"+", "-"} or (signs == {"*"} and 0 not in numbers):
                return _only_one(parts, whole=whole)
        case Call(function="concat", arguments=arguments):
            return _only_one(arguments, whole=whole)
    return None


def _only_one(parts: Iterable[Node], *, whole: bool) -> str | None:
    varying = [part for part in parts if not isinstance(part, Constant)]
    return _told_apart_by(varying[0], whole=whole) if len(varying) == 1 else None
