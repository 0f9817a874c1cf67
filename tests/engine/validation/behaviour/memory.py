"""Data in memory, as the behavioural checks ask for it; and what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datagen_engine.planning.plan import Plan
from datagen_engine.schema.document import Schema
from datagen_engine.validation.behaviour import behavioural_checks
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
        self.stop = False

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

    def cancelled(self) -> bool:
        return self.stop


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
