"""JSON Lines: one object a row, put together column by column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from datagen_engine.lazy import pa, pc
from datagen_engine.write.format import BatchWriter, Compression, FileFormat
from datagen_engine.write.streams import COMPRESSIONS, SUFFIXES, compressed

__all__ = ["JsonLines", "json_text"]

_UNSAFE = '["\\\\\\x00-\\x1f]'


class JsonLines(FileFormat):
    """One JSON object a line, in UTF-8; times are ISO 8601 text in UTC."""

    key: ClassVar[str] = "jsonl"
    compressions: ClassVar[tuple[Compression, ...]] = COMPRESSIONS

    @property
    def suffix(self) -> str:
        """Return jsonl, and what it is compressed with."""
        return f"jsonl{SUFFIXES[self.compression]}"

    @contextmanager
    def writer(self, sink: Any, schema: pa.Schema, metadata: Mapping[str, str]) -> Iterator[BatchWriter]:
        """Give a writer; lines have no room for metadata."""
        with compressed(sink, self.compression) as stream:
            yield _Lines(stream)


class _Lines:
    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def write_batch(self, batch: pa.RecordBatch) -> None:
        if not batch.num_rows:
            return
        pieces: list[Any] = []
        for place, field in enumerate(batch.schema):
            name = json.dumps(field.name, ensure_ascii=False)
            pieces += [("{" if not place else ",") + name + ":", json_text(batch.column(place))]
        # The lines of a batch lie one after the other in the buffer of an Arrow array: no row is touched alone.
        lines = pc.binary_join_element_wise(*pieces, "}\n", "").cast(pa.large_string())
        self.stream.write(_bytes_of(lines))


def _bytes_of(text: pa.Array) -> Any:
    offsets = memoryview(text.buffers()[1]).cast("q")
    return memoryview(text.buffers()[2])[offsets[text.offset] : offsets[text.offset + len(text)]]


def json_text(values: pa.Array) -> pa.Array:
    """Return the JSON text of each value.

    >>> json_text(pa.array(["a", None, "b"])).to_pylist()
    ['"a"', 'null', '"b"']
    """
    type = values.type
    if pa.types.is_dictionary(type):
        words = json_text(values.dictionary.cast(pa.string()))
        text = words.take(values.indices)
    elif pa.types.is_string(type):
        text = _quoted(_escaped(values))
    elif pa.types.is_timestamp(type):
        moments = pc.replace_substring(values.cast(pa.string()), " ", "T", max_replacements=1)
        text = _quoted(pc.replace_substring(moments, ".000000Z", "Z"))
    elif pa.types.is_date(type):
        text = _quoted(values.cast(pa.string()))
    else:
        text = values.cast(pa.string())
    return pc.fill_null(text, "null")


def _quoted(text: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise('"', text, '"', "")


def _escaped(text: pa.Array) -> pa.Array:
    if not pc.any(pc.match_substring_regex(text, _UNSAFE)).as_py():
        return text
    text = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), '"', '\\"')
    for code in range(0x20):
        if pc.any(pc.match_substring(text, chr(code))).as_py():
            text = pc.replace_substring(text, chr(code), json.dumps(chr(code))[1:-1])
    return text
