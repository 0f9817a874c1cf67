"""Tables as CSV: read once into a typed Parquet file of our own, value by value as the schema says.

Fields are separated by commas, the first line names the columns, an empty field without quotation marks is
null. Dates and times are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from datagen_engine.draw.grid import parse_instant
from datagen_engine.draw.values import MICROSECONDS_A_DAY, ColumnType, Values, arrow_type
from datagen_engine.errors import Cancelled
from datagen_engine.lazy import np, pa, pc, pq
from datagen_engine.validation.faults import DataFault

if TYPE_CHECKING:
    import pyarrow.csv

    from datagen_engine.draw.values import Array
    from datagen_engine.schema.document import Node

__all__ = ["BadTexts", "read_texts", "staged"]

_BLOCK = 8 << 20
"""Bytes that are read at once; a record must fit into it."""

_MOST_EXAMPLES = 5

_ZONE = r"( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))"
_SHAPES: dict[ColumnType, str] = {
    "int": r"^[+-]?\d+(\.0*)?$",
    "float": r"^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?|(?i:nan|inf|infinity))$",
    "bool": r"^(?i:true|false|0|1)$",
    "datetime": rf"^\d{{4}}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?{_ZONE}?)?$",
    "date": rf"^\d{{4}}-\d\d-\d\d([T ]00:00(:00(\.0+)?)?{_ZONE}?)?$",
}


_ODD: dict[ColumnType, str] = {
    "int": "[xX]",
    "float": "[^0-9.eE+-]",
    "datetime": "[^0-9Z:. T-]",
    "date": "[^0-9-]",
}
"""What a text does not hold that Arrow may read by itself: it knows ways of writing that are none of ours."""


@dataclass
class BadTexts:
    """Count the values of a column that are none of its type; keep the first few with their row numbers."""

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)


def staged(
    path: Path, node: Node, place: Path, cancelled: Callable[[], bool]
) -> tuple[list[str], dict[str, BadTexts]]:
    """Read a CSV file of a table and write its columns, typed, to a Parquet file at `place`.

    Returns
    -------
    list of str
        The columns of the CSV file.
    dict
        By column, the values that are none of its type; they are null in the Parquet file.

    Raises
    ------
    DataFault
        It is no CSV file: lines of different lengths, no header, text that is not UTF-8.
    Cancelled
        It was stopped.
    """
    bad: dict[str, BadTexts] = {}
    rows = 0
    try:
        names = _header(path)
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise DataFault(f"{path.name} has more than one column {min(twice)!r}")
        known = [name for name in names if name in node.by_name]
        types = {name: node.by_name[name].type for name in known}
        schema = pa.schema([(name, arrow_type(type)) for name, type in types.items()])
        with (
            _reader(path, names) as reader,
            pq.ParquetWriter(place, schema, compression="none", use_dictionary=False) as writer,
        ):
            for batch in reader:
                if cancelled():
                    raise Cancelled
                arrays = []
                for name, kind in types.items():
                    array, wrong = read_texts(batch.column(name), kind)
                    if len(wrong):
                        _note(bad.setdefault(name, BadTexts()), batch.column(name), wrong, rows)
                    arrays.append(array)
                rows += batch.num_rows
                writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    except (pa.ArrowException, OSError, EOFError, ValueError, OverflowError) as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise DataFault(f"{path.name} cannot be read as CSV: {lines[0][:300]}") from None
    return names, bad


def _header(path: Path) -> list[str]:
    import csv
    import io

    with pa.input_stream(str(path), compression="detect", buffer_size=1 << 16) as stream:
        first = stream.read(1 << 20)
    if not first.strip():
        raise DataFault(f"{path.name} is empty; its first line should name the columns")
    text = io.StringIO(first.decode("utf-8-sig", errors="replace"), newline="")
    return next(csv.reader(text))


def _reader(path: Path, names: list[str]) -> pyarrow.csv.CSVStreamingReader:
    from pyarrow import csv

    return csv.open_csv(
        pa.input_stream(str(path), compression="detect"),
        read_options=csv.ReadOptions(block_size=_BLOCK, use_threads=False),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _note(bad: BadTexts, texts: pa.Array, wrong: Array, before: int) -> None:
    bad.count += len(wrong)
    for place in wrong[: max(_MOST_EXAMPLES - len(bad.first), 0)].tolist():
        bad.first.append((before + place, texts[place].as_py()[:200]))


def read_texts(texts: pa.Array, type: ColumnType) -> tuple[pa.Array, Array]:
    """Return texts as an array of a column's type, and the places of those that are none of it (null there).

    >>> array, wrong = read_texts(pa.array(["1", "2.0", "x", None]), "int")
    >>> array.to_pylist(), wrong.tolist()
    ([1, 2, None, None], [2])
    """
    if type == "string":
        return texts, np.empty(0, dtype=np.int64)
    plain = _plainly(texts, type)
    if plain is not None:
        return plain, np.empty(0, dtype=np.int64)
    shaped = pc.match_substring_regex(texts, _SHAPES[type])
    good = pc.if_else(shaped, texts, pa.scalar(None, pa.string()))
    try:
        array = _convert(good, type)
    except pa.ArrowException:  # of the right shape, and yet none: a 31 February, a number beyond 64 bits
        array = pa.array([_one(text, type) for text in good.to_pylist()], arrow_type(type))
    wrong = np.flatnonzero(np.asarray(pc.and_(texts.is_valid(), array.is_null())))
    return array, wrong


def _plainly(texts: pa.Array, type: ColumnType) -> pa.Array | None:
    """Return texts that are all written in the one plain way, which is quick to read; None for others."""
    odd = _ODD.get(type)
    if odd is None or pc.any(pc.match_substring_regex(texts, odd)).as_py():
        return None
    try:
        return texts.cast(arrow_type(type))
    except pa.ArrowException:
        return None


def _convert(texts: pa.Array, type: ColumnType) -> pa.Array:
    if type == "int":
        whole = pc.replace_substring_regex(texts, r"\.0*$", "")
        return pc.replace_substring_regex(whole, r"^\+", "").cast(pa.int64())
    if type == "float":
        return pc.utf8_lower(pc.replace_substring_regex(texts, r"^\+", "")).cast(pa.float64())
    if type == "bool":
        true = pc.is_in(pc.utf8_lower(texts), pa.array(["true", "1"]))
        return pc.if_else(texts.is_valid(), true, pa.scalar(None, pa.bool_()))
    if type == "date":
        return pc.utf8_slice_codeunits(texts, 0, 10).cast(pa.date32())
    return _instants(texts)


def _instants(texts: pa.Array) -> pa.Array:
    """Read ISO 8601 times; those without a zone are UTC."""
    steps = (
        (r"(\.\d{6})\d+", r"\1"),  # finer than a microsecond is cut off
        (r" ?UTC$", "Z"),
        (r" ([+-])", r"\1"),
        (r"^(.{10})$", r"\1T00:00:00"),
        (r"^(.{13}:\d\d)($|Z|[+-])", r"\1:00\2"),
        (r"^(.{10}[T ]\d\d:\d\d:\d\d(\.\d+)?)$", r"\1Z"),
    )
    for pattern, replacement in steps:
        texts = pc.replace_substring_regex(texts, pattern, replacement)
    return texts.cast(pa.timestamp("us", tz="UTC"))


def _one(text: str | None, type: ColumnType) -> object:
    """Read a single text; None where it is no value of the type."""
    if text is None:
        return None
    try:
        if type == "int":
            number = int(text.split(".")[0])
            return number if -(2**63) <= number < 2**63 else None
        if type in ("datetime", "date"):
            zoned = text.replace(" UTC", "Z").replace("UTC", "Z").replace(" +", "+").replace(" -", "-")
            instant = parse_instant(zoned)
            values = Values.of(type, [instant if type == "datetime" else instant // MICROSECONDS_A_DAY])
            return values.to_list()[0]
    except ValueError:
        return None
    return float(text) if type == "float" else text.lower() in ("true", "1")
