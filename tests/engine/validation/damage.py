"""Data on the disk, damaged in one known way; and the verdicts on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import datagen_engine as datagen
from datagen_engine.validation.record import CheckRecord
from datagen_engine.validation.validate import opened, solid_records

Source = str | Path | dict[str, Any]
Records = dict[str, CheckRecord]


def solid(source: Source, folder: Path, **options: Any) -> Records:
    """Return the records of the structural and value checks, by their ids."""
    with opened(datagen.load(source), folder, **options) as context:
        found = solid_records(context)
    assert len({record.id for record in found}) == len(found)
    return {record.id: record for record in found}


def failing(records: Records) -> set[str]:
    return {id for id, record in records.items() if record.status == "fail"}


def copy_of(folder: Path, into: Path) -> Path:
    """Copy a run so that it may be damaged."""
    place = into / folder.name
    shutil.copytree(folder, place)
    return place


def file_of(folder: Path, table: str) -> Path:
    return folder / f"{table}.parquet"


def rewrite(folder: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Write a table's file anew, changed, in row groups of the same size."""
    path = file_of(folder, table)
    found = pq.read_table(path)
    size = max(pq.ParquetFile(path).metadata.row_group(0).num_rows, 1) if found.num_rows else 1
    pq.write_table(change(found), path, row_group_size=size)


def put(folder: Path, table: str, column: str, cells: Mapping[int, Any]) -> None:
    """Put values into single cells of a column; the type in the file stays."""

    def change(found: pa.Table) -> pa.Table:
        place = found.schema.get_field_index(column)
        field = found.schema.field(place)
        values = found.column(place).to_pylist()
        for row, value in cells.items():
            values[row] = value
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(values, plain)
        if pa.types.is_dictionary(field.type):
            array = array.dictionary_encode()
        return found.set_column(place, pa.field(column, array.type), array)

    rewrite(folder, table, change)


def cells(folder: Path, table: str, column: str) -> list[Any]:
    values: list[Any] = pq.read_table(file_of(folder, table), columns=[column]).column(0).to_pylist()
    return values


def retype(folder: Path, table: str, column: str, type: pa.DataType) -> None:
    def change(found: pa.Table) -> pa.Table:
        place = found.schema.get_field_index(column)
        return found.set_column(place, column, found.column(place).cast(type, safe=False))

    rewrite(folder, table, change)


def drop_column(folder: Path, table: str, column: str) -> None:
    rewrite(folder, table, lambda found: found.drop_columns([column]))


def drop_rows(folder: Path, table: str, rows: set[int]) -> None:
    rewrite(folder, table, lambda found: found.take([n for n in range(found.num_rows) if n not in rows]))


def truncate(path: Path, bytes_: int) -> None:
    os.truncate(path, path.stat().st_size - bytes_)


def scramble(path: Path, begin: int, length: int) -> None:
    """Overwrite bytes in the middle of a file."""
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(b"\xa5" * length)
