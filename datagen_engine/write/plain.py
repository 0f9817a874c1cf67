"""Batches for formats that have no coded text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.lazy import pa

if TYPE_CHECKING:
    from datagen_engine.write.format import BatchWriter

__all__ = ["PlainWriter", "plain_schema"]


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema with text that is not coded."""
    return pa.schema(
        [
            field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
            for field in schema
        ],
        metadata=schema.metadata,
    )


class PlainWriter:
    """Hand batches on to another writer, their coded text written out."""

    def __init__(self, into: BatchWriter, schema: pa.Schema) -> None:
        """Write into a writer of batches of a plain schema."""
        self.into = into
        self.schema = schema

    def write_batch(self, batch: pa.RecordBatch) -> None:
        """Write a batch."""
        self.into.write_batch(batch.cast(self.schema))
