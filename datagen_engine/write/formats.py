"""The formats that there are, by the word that users write."""

from __future__ import annotations

from datagen_engine.errors import UsageError
from datagen_engine.write.arrow import Arrow
from datagen_engine.write.csv import Csv, Quoting
from datagen_engine.write.duckdb import DuckDB
from datagen_engine.write.format import Compression, Format
from datagen_engine.write.jsonl import JsonLines
from datagen_engine.write.parquet import Parquet
from datagen_engine.write.sqlite import SQLite

__all__ = ["FORMATS", "format_of"]

FORMATS: dict[str, type[Format]] = {
    format.key: format for format in (Parquet, Csv, JsonLines, Arrow, DuckDB, SQLite)
}


def format_of(
    key: str,
    compression: Compression | None = None,
    *,
    delimiter: str = ",",
    quoting: Quoting = "needed",
    header: bool = True,
    null: str = "",
) -> Format:
    """Return a format; the dialect is CSV's.

    Raises
    ------
    UsageError
        There is no such format, or it has no such compression or dialect.

    Examples
    --------
    >>> format_of("csv", "gzip").suffix
    'csv.gz'
    """
    if key not in FORMATS:
        raise UsageError(f"there is no format {key!r}; choose one of {', '.join(FORMATS)}")
    if key == Csv.key:
        return Csv(compression, delimiter=delimiter, quoting=quoting, header=header, null=null)
    if (delimiter, quoting, header, null) != (",", "needed", True, ""):
        raise UsageError(
            f"a delimiter, quoting, a header and a text for null are for csv; the format is {key}"
        )
    return FORMATS[key](compression)
