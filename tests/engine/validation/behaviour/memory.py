"""Data in memory, as the behavioural checks ask for it; and what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datagen_engine.draw.values import Values
from datagen_engine.planning.plan import Plan
from datagen_engine.planning.store import Store
from datagen_engine.schema.document import Schema
from datagen_engine.validation.arrow_values import values_of
from datagen_engine.validation.behaviour.checks import TablePass
from datagen_engine.validation.behaviour.tables import DataTables
from datagen_engine.validation.faults import DataFault
from datagen_engine.validation.finder import Finder, index_of, sequence_of
from datagen_engine.validation.record import CheckRecord
from tests.drawing import whole
from tests.engine.small import Tree, vocabulary

Data = dict[str, pa.Table]
Array = NDArray[Any]


class Memory:
    """Hold tables in memory: a `Context` of the behavioural checks."""

    def __init__(
        self, plan: Plan, data: Data, *, sample: int | None = None, seeded: bool = True, rows: int = 50_000
    ) -> None:
        """Hand out `data` in batches of so many rows."""
        self._plan = plan
        self.data = data
        self._sample = sample
        self._seeded = seeded
        self.batch = rows
        self._store = Store()

    @property
    def plan(self) -> Plan:
        return self._plan

    @property
    def schema(self) -> Schema:
        return self._plan.schema

    @property
    def sample(self) -> int | None:
        return self._sample

    @property
    def seeded(self) -> bool:
        return self._seeded

    def columns(self, table: str) -> Collection[str]:
        return self.data[table].column_names if table in self.data else []

    def rows(self, table: str) -> int:
        return int(self.data[table].num_rows) if table in self.data else 0

    def batches(self, table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        if table in self.data:
            yield from self.data[table].select(list(columns)).to_batches(max_chunksize=self.batch)

    def whole(self, table: str, column: str) -> Values:
        def read() -> Values:
            type = self._plan.tables[table].columns[column].type
            parts = [values_of(batch.column(0), type) for batch in self.batches(table, [column])]
            return Values.join(parts) if parts else Values.nulls(type, 0)

        return self._store.memo(("whole", table, column), read)

    def finder(self, table: str, columns: Sequence[str]) -> Finder:
        def make() -> Finder:
            keys = [self.whole(table, column) for column in columns]
            return (len(keys) == 1 and sequence_of(keys)) or index_of(keys)

        return self._store.memo(("finder", table, tuple(columns)), make)


def behavioural_checks(context: Memory) -> Iterator[CheckRecord]:
    """Judge every table in one pass."""
    tables = DataTables(context)
    for table in context.plan.order:
        once = TablePass(tables, table)
        offset = 0
        try:
            for batch in context.batches(table, once.columns) if once.columns else ():
                once.add(batch, offset)
                offset += batch.num_rows
        except DataFault as fault:
            once.break_off(str(fault))
        yield from once.records()


def drawn(plan: Plan) -> Data:
    """Draw every table of a plan."""
    return {table: pa.Table.from_batches([whole(plan, table)]) for table in plan.order}


def judged(plan: Plan, data: Data, **options: Any) -> dict[str, CheckRecord]:
    """Return the records of all behavioural checks, by id."""
    records = list(behavioural_checks(Memory(plan, data, **options)))
    found = {record.id: record for record in records}
    assert len(found) == len(records), "two checks have one id"
    return found


def failing(records: dict[str, CheckRecord]) -> set[str]:
    """Return the ids of the checks that fail or break."""
    return {name for name, record in records.items() if record.status in ("fail", "error")}


def listed(id: str, lists: dict[str, list[Any]]) -> Tree:
    """Write a vocabulary by its lists, each under `type:name`."""
    return vocabulary(id, **lists)


# -- damage ----------------------------------------------------------------------------------------------


def numbers(data: Data, table: str, column: str) -> Array:
    """Return a column as numpy has it: times in microseconds, dates in days."""
    array = data[table].column(column).combine_chunks()
    if pa.types.is_dictionary(array.type):
        return np.asarray(array.cast(pa.string()).to_numpy(zero_copy_only=False), dtype=object)
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.int64())
    if pa.types.is_date32(array.type):
        array = array.cast(pa.int32())
    return np.array(array.fill_null(0) if array.null_count else array)


def put(data: Data, table: str, column: str, values: Any, null: Array | None = None) -> Data:
    """Return data with another column; the others are shared."""
    target = data[table]
    place = target.schema.get_field_index(column)
    field = target.schema.field(place)
    if pa.types.is_date32(field.type):
        values = np.asarray(values).astype(np.int32)
    if pa.types.is_dictionary(field.type):
        array = pa.array(list(values), pa.string()).dictionary_encode()
        array = pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), array.dictionary)
    elif pa.types.is_timestamp(field.type):
        array = pa.array(values, pa.int64(), mask=null).cast(field.type)
    elif pa.types.is_date32(field.type):
        array = pa.array(values, pa.int32(), mask=null).cast(field.type)
    else:
        array = pa.array(values, field.type, mask=null)
    return {**data, table: target.set_column(place, field, array)}


def changed(data: Data, table: str, column: str, change: Callable[[Array], Array]) -> Data:
    """Return data with one column changed."""
    return put(data, table, column, change(numbers(data, table, column)))


def without(data: Data, table: str, rows: Array) -> Data:
    """Return data without some rows (a mask)."""
    return {**data, table: data[table].filter(pa.array(~rows))}
