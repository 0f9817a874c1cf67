"""The work of a run, cut so that any process that sees the folder can do a piece of it."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.errors import UsageError
from datagen_engine.lazy import np
from datagen_engine.planning.plan import Plan
from datagen_engine.run.executors import cancelled
from datagen_engine.run.part_files import part_files
from datagen_engine.run.parts import Part, draw_batch
from datagen_engine.version import __version__
from datagen_engine.write.format import FileFormat, Format
from datagen_engine.write.journal import COUNTS
from datagen_engine.write.manifest import FileEntry, Manifest, these_versions, this_machine
from datagen_engine.write.place import Place

if TYPE_CHECKING:
    from datagen_engine.draw.values import Array

__all__ = ["Job", "PartResult", "write_part"]


@dataclass(frozen=True, slots=True)
class PartResult:
    """Say what became of a part: a few numbers, whatever its size."""

    part: Part
    files: tuple[FileEntry, ...]


@dataclass(frozen=True)
class Job:
    """Hold what every part of a run has in common.

    It travels to another process as a few kilobytes, and is put together there once, however many parts that
    process draws: what the plan keeps (counts, columns that are looked up) serves them all.
    """

    plan: Plan
    place: Place
    run: str
    """A word that tells this run's unfinished files from another's."""
    hash: str
    """The hash of the schema."""
    format: Format
    partition: Mapping[str, str] = field(default_factory=dict)
    """For tables that are partitioned: the column."""

    def metadata(self, table: str) -> dict[str, str]:
        """Return what each file of a table says of itself."""
        return {
            "table": table,
            "schema": self.hash,
            "seed": str(self.plan.seed),
            "stream": str(STREAM_VERSION),
            "version": __version__,
        }

    def files(self, part: Part, attempt: str = "") -> Any:
        """Give the files of a part, as `part_files` does; an `attempt` has unfinished files of its own."""
        assert isinstance(self.format, FileFormat), f"{self.format.key} has no parts"
        return part_files(
            self.place,
            f"{self.run}{attempt}",
            part,
            self.format,
            self.plan.tables[part.table].arrow_schema,
            self.metadata(part.table),
            self.partition.get(part.table),
        )

    def counts_name(self, table: str) -> str:
        """Return the name of the file with a table's counts; another schema or seed has another."""
        return f"{COUNTS}-{table}-{blake2b(self._packed, digest_size=8).hexdigest()}.npy"

    def counts(self, table: str) -> Array | None:
        """Return how many children of a table come before each block of parents, where somebody has counted them."""
        try:
            with self.place.reading(self.counts_name(table)) as file:
                found: Array = np.load(io.BytesIO(file.read()), allow_pickle=False)
                return found
        except OSError:
            return None

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as compressed bytes, by which a process knows that it has unpacked them before."""
        return _unpacked, (self._packed,)

    @cached_property
    def _packed(self) -> bytes:
        parts = (self.plan, self.place, self.run, self.hash, self.format, dict(self.partition))
        return zlib.compress(pickle.dumps(parts))


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Job:
    parts = pickle.loads(zlib.decompress(packed))  # noqa: S301  # packed by ourselves, in the process that sent it
    job = Job(*parts)
    vars(job)["_packed"] = packed  # packed once more it might be other bytes, and have another name
    job.plan.cancelled = cancelled
    job.plan.known_counts = job.counts
    return job


def write_part(job: Job, part: Part, machine: Manifest | None = None) -> PartResult:
    """Draw one part and write its files; the same bytes wherever it is done, and however often.

    Parameters
    ----------
    job, part
        What to draw.
    machine
        The run's manifest, where this may be another machine: one that would draw other bytes refuses.

    Returns
    -------
    PartResult
        The files, with their hashes.

    Raises
    ------
    UsageError
        This machine has other versions, or another kind of processor, than the run.
    """
    if machine is not None:
        refuse_other_machine(machine)
    # Two workers may do the same part, one of them given up for lost: each has files of its own till the end.
    with job.files(part, f"-{token_hex(3)}") as files:
        for rows in part.batches():
            files.write(draw_batch(job.plan, part.table, rows))
    return PartResult(part, files.files)


def refuse_other_machine(run: Manifest) -> None:
    """Raise UsageError where this machine would draw other bytes than the one that a run began on."""
    here = replace(run, versions=these_versions(), machine=this_machine())
    differences = here.differences(run)
    if differences:
        raise UsageError(f"a worker cannot draw for this run: {'; '.join(differences)}")
