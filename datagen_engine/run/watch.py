"""What a run tells to whoever wants to look at its rows while they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from datagen_engine.planning.plan import Plan
    from datagen_engine.write.manifest import Manifest

__all__ = ["Watch"]


class Watch(Protocol):
    """Look at the rows of a run; all is called in the thread that writes."""

    def begin(self, plan: Plan, folder: Path, manifest: Manifest) -> None:
        """Hear what is drawn, where to, and what the run will hold; files are not named yet."""

    def batch(self, table: str, start: int, batch: pa.RecordBatch) -> None:
        """Look at rows that have been written, the first of them being row `start` of the table."""

    def written(self, table: str) -> None:
        """Hear that all files of a table are in their places."""
