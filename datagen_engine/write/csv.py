"""Comma-separated values, with a choice of dialect."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, get_args

from datagen_engine.errors import RunError, UsageError
from datagen_engine.lazy import pa
from datagen_engine.write.format import BatchWriter, Compression, FileFormat
from datagen_engine.write.plain import PlainWriter, plain_schema
from datagen_engine.write.streams import COMPRESSIONS, SUFFIXES, compressed

__all__ = ["Csv", "Quoting"]

Quoting = Literal["needed", "all", "none"]


_STYLES = {"needed": "needed", "all": "all_valid", "none": "none"}


class Csv(FileFormat):
    """CSV in UTF-8, with times as ISO 8601 in UTC."""

    key: ClassVar[str] = "csv"
    compressions: ClassVar[tuple[Compression, ...]] = COMPRESSIONS

    def __init__(
        self,
        compression: Compression | None = None,
        *,
        delimiter: str = ",",
        quoting: Quoting = "needed",
        header: bool = True,
        null: str = "",
    ) -> None:
        """Choose the dialect.

        Parameters
        ----------
        compression
            none, gzip or zstd.
        delimiter
            One character between values; a tab may be written as `tab`.
        quoting
            Whether text stands in double quotes (`needed`: text always, so that an empty text is told from a
            null; numbers never), everything does (`all`), or nothing (`none`: text that would need it is an
            error).
        header
            Whether the first line names the columns.
        null
            What stands for null, without quotes.

        Raises
        ------
        UsageError
            The dialect makes no sense.
        """
        super().__init__(compression)
        delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n' or not delimiter.isascii():
            raise UsageError(
                f"a delimiter is one character, no quote and no line end; found {delimiter!r} (for a tab: tab)"
            )
        if quoting not in get_args(Quoting):
            raise UsageError(f"quoting is one of {', '.join(get_args(Quoting))}; found {quoting!r}")
        self.delimiter = delimiter
        self.quoting: Quoting = quoting
        if '"' in null:
            raise UsageError(f"the text for null is without quotes; found {null!r}")
        self.header = header
        self.null = null

    @property
    def suffix(self) -> str:
        """Return csv, and what it is compressed with."""
        return f"csv{SUFFIXES[self.compression]}"

    def options(self) -> dict[str, Any]:
        """Return the dialect."""
        return {
            "delimiter": self.delimiter,
            "quoting": self.quoting,
            "header": self.header,
            "null": self.null,
        }

    @contextmanager
    def writer(self, sink: Any, schema: pa.Schema, metadata: Mapping[str, str]) -> Iterator[BatchWriter]:
        """Give a writer; CSV has no room for metadata."""
        csv: Any = importlib.import_module("pyarrow.csv")
        options = csv.WriteOptions(
            include_header=self.header,
            delimiter=self.delimiter,
            quoting_style=_STYLES[self.quoting],
            quoting_header=_STYLES[self.quoting],
            null_string=self.null,
        )
        plain = plain_schema(schema)
        with (
            compressed(sink, self.compression) as stream,
            csv.CSVWriter(stream, plain, write_options=options) as writer,
        ):
            try:
                yield PlainWriter(writer, plain)
            except pa.ArrowInvalid as error:
                raise RunError(f"this dialect of CSV cannot hold the data: {error}") from None
