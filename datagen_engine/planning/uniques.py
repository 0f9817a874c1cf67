"""Values that are all different, by permutations of what can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from datagen_engine.draw.casting import cast
from datagen_engine.draw.nodes import Node
from datagen_engine.draw.permutation import permuted
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Slice, Source
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.errors import RunError
from datagen_engine.generators.choice import ChoiceSource, ReferenceSource
from datagen_engine.generators.distribution import DistributionSource
from datagen_engine.generators.faker import Faker, FakerSource
from datagen_engine.generators.lookup import Lookup
from datagen_engine.lazy import np
from datagen_engine.planning.picks import Pick
from datagen_engine.schema.document import Schema
from datagen_engine.schema.spec import split_attribute

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array
    from datagen_engine.planning.slice import TableSlice
    from datagen_engine.planning.table import TablePlan
    from datagen_engine.resolve.site import Resolver

__all__ = ["PermutedSource", "make_unique", "unique_columns"]

_FEWEST = 8_192
"""Different values of a faker column that are made at once."""

_MOST_TRIED = 1_000_000
"""Draws after which no further different value is expected, of a method that has few."""

Place = Callable[["TableSlice", int], "Array"]
"""Gives, for each row and a size, a number below it that no other row (or sibling) of the table has."""


def unique_columns(schema: Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every set of columns that must be unique: primary keys, and what is declared."""
    for node in schema.nodes:
        yield node.id, (node.pk,)
        for column in node.columns:
            if isinstance(column.generator, Faker) and column.generator.unique and column.name != node.pk:
                yield node.id, (column.name,)
    for group in schema.constraints.unique:
        pairs = [split_attribute(attribute) for attribute in group]
        if len({table for table, _ in pairs}) == 1:
            yield pairs[0][0], tuple(column for _, column in pairs)


def make_unique(schema: Schema, resolver: Resolver, tables: Mapping[str, TablePlan]) -> None:
    """Put permutations where unique columns would be drawn at random.

    A column alone is permuted over all its rows; in a composite with the first parent's key, over the rows of
    each parent. What cannot be permuted is left as it is: the checks refuse it.
    """
    for table, columns in unique_columns(schema):
        target = tables.get(table)
        if target is None or any(column not in target.columns for column in columns):
            continue
        if len(columns) == 1:
            _permute(resolver, target, columns[0], _alone(resolver.seed, table, columns[0]))
            continue
        keys = [column for column in columns if _is_parent_key(schema, resolver, table, column)]
        for column in columns:
            if (
                keys
                and column not in keys
                and _permute(resolver, target, column, _among_siblings(resolver.seed, table, column))
            ):
                break


def _is_parent_key(schema: Schema, resolver: Resolver, table: str, column: str) -> bool:
    parent = resolver.tables.first_parent(table)
    found = schema.column(table, column)
    return (
        parent is not None
        and found is not None
        and isinstance(found.generator, Lookup)
        and not found.generator.on
        and found.generator.target == (parent, schema.by_id[parent].pk)
    )


def _alone(seed: int, table: str, column: str) -> Place:
    stream = Stream(seed, table, column, "unique")

    def place(at: TableSlice, size: int) -> Array:
        _refuse_repetition(table, column, at.table.rows, size)
        return permuted(at.rows.numbers(), size, stream.key & 0xFFFFFFFFFFFFFFFF)

    return place


def _among_siblings(seed: int, table: str, column: str) -> Place:
    stream = Stream(seed, table, column, "unique among siblings")

    def place(at: TableSlice, size: int) -> Array:
        children = at.table.children
        assert children is not None
        parents, index = children.parents(at.rows)
        keys = stream.bits(parents)[index]
        within = children.numbers_within(at.rows)
        if len(within):
            _refuse_repetition(table, column, int(within.max()) + 1, size)
        return permuted(within, size, keys)

    return place


def _refuse_repetition(table: str, column: str, needed: int, size: int) -> None:
    """Stop where more values are needed than there are: rare, since the checks leave room for chance."""
    if needed > size:
        raise RunError(
            f"{table}.{column} must be unique: {needed:,} rows need a value each, and there are {size:,}; "
            "draw fewer rows, or give it more values"
        )


def _permute(resolver: Resolver, target: TablePlan, name: str, place: Place) -> bool:
    """Replace the draw of a column by a permutation; returns whether it could."""
    column = target.columns[name]
    source = column.source
    if (
        isinstance(source, ChoiceSource)
        and source.choice.weights is None
        and source.choice.weights_kind in (None, "uniform")
    ):
        options = source
        column.source = PermutedSource(
            place, lambda _: len(options.options), lambda _, index: options.options.take(index), ()
        )
        return True
    if isinstance(source, ReferenceSource) and source.kind == "uniform":
        reference = source
        column.source = PermutedSource(
            place,
            lambda at: at.row_count(reference.table),
            lambda at, index: at.gather(reference.table, reference.column, index),
            reference.needs,
        )
        return True
    if isinstance(source, DistributionSource) and source.span is not None:
        first, count = source.whole_numbers()
        column.source = PermutedSource(
            place, lambda _: count, lambda _, index: Values("int", index + first), ()
        )
        return True
    if isinstance(source, FakerSource) and source.one_locale is not None:
        column.source = DistinctSource(source, target, name)
        return True
    found = resolver.schema.column(target.id, name)
    if found is not None and isinstance(found.generator, Lookup):
        pick = resolver.picks.of_lookup(target.id, name, *found.generator.target)
        spec = resolver.picks.spec(pick)
        if spec.kind in ("other_parent", "random"):
            target.picks[pick] = PermutedPick(target.picks[pick], place)
            return True
    return False


class PermutedSource(Source):
    """Give each row a value of its own."""

    def __init__(
        self,
        place: Place,
        size: Callable[[Slice], int],
        take: Callable[[Slice, Array], Values],
        needs: Sequence[Node],
    ) -> None:
        """Take the value at a place that no other row has."""
        self.place = place
        self.size = size
        self.take = take
        self.needs = tuple(needs)

    def draw(self, at: TableSlice) -> Values:  # type: ignore[override]  # the plan's own source sees the plan's slice
        """Return the value of each row's place."""
        return self.take(at, self.place(at, self.size(at)))


class DistinctSource(Source):
    """Give row r the r-th different value of an endless series of draws.

    A faker method has no list of its values to permute. Its draws are numbered, those that came before are
    left out, and what is left is the column: a smaller table is a prefix of a larger one, and values that are
    common in faker come early. All values up to the last row that is asked for are kept while the plan lives.
    """

    def __init__(self, source: FakerSource, table: TablePlan, name: str) -> None:
        """Draw what `source` would for rows that there may never be."""
        self.source = source
        self.table = table
        self.name = name
        self.needs = tuple(source.needs)

    def draw(self, at: Slice) -> Values:
        """Return the value of each row."""
        # Of few rows some more are made, so that the next ones are there; never more than the table has.
        size = min(1 << max(at.rows.stop - 1, _FEWEST - 1).bit_length(), self.table.rows)
        values = at.memo(("distinct", self.table.id, self.name, size), lambda: self._first(size))
        return values.take(at.rows.numbers())

    def _first(self, size: int) -> Values:
        drawn = size + size // 4 + 1_024
        while True:
            column = self.source.of_rows(Rows.run(0, drawn))
            distinct = cast(column, "string").text().dictionary_encode().dictionary.drop_null()
            if len(distinct) >= size:
                return cast(Values.plain(distinct.slice(0, size)), column.type)
            if drawn > max(64 * size, _MOST_TRIED):
                raise RunError(
                    f"{self.table.id}.{self.name} must be unique, but {self.source.spec.method!r} gives about "
                    f"{len(distinct):,} different values; {size:,} rows need as many"
                )
            drawn *= 2


class PermutedPick(Pick):
    """Pick for each row one that no other row (or sibling) picks."""

    def __init__(self, pick: Pick, place: Place) -> None:
        """Stand in for another pick."""
        super().__init__(pick.spec, pick.stream)
        self.place = place

    def rows(self, at: TableSlice) -> Array:
        """Return the picked row of each row, −1 where the other table is empty."""
        size = at.row_count(self.spec.node.target)
        if not size:
            return np.full(len(at.rows), -1, dtype=np.int64)
        return self.place(at, size)
