"""A schema as it was opened: its text, what it says, and what is wrong with both."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from datagen_engine.errors import RunError, UsageError
from datagen_engine.schema.document import Schema
from datagen_engine.schema.dump import dump
from datagen_engine.schema.edit import Edit, apply
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.reading import Reading, read_schema
from datagen_engine.schema.text import MAX_BYTES, Text, read, write
from datagen_engine.write.manifest import schema_hash

__all__ = ["Document", "load", "save"]


@dataclass(frozen=True, eq=False)
class Document:
    """Hold an opened schema; never changed, an edit makes another.

    >>> from datagen_engine import examples, load
    >>> document = load(examples()["schema"])
    >>> document.tree["version"]
    '1.0'
    """

    text: Text
    path: Path | None = None

    @property
    def source(self) -> str:
        """Return the exact text."""
        return self.text.source

    @property
    def tree(self) -> Any:
        """Return what the text says as plain Python data, None where it cannot be read."""
        return self.text.tree

    @cached_property
    def reading(self) -> Reading:
        """Return the tree read as a schema, as far as it is one."""
        fatal = any(fault.severity == "error" for fault in self.text.faults)
        if self.tree is None and fatal:
            return Reading(None, ())
        return read_schema(self.tree)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the text, and with the shape of what it says."""
        of_text = tuple(
            Problem(fault.code, fault.path or (), fault.message, fault.severity, {"offset": fault.offset})
            for fault in self.text.faults
        )
        return of_text + self.reading.problems

    @property
    def schema(self) -> Schema | None:
        """Return the schema without its faulty parts, None where nothing stands."""
        return self.reading.schema

    @cached_property
    def hash(self) -> str:
        """Return the hash of what the schema means: layout, comments and spelling do not change it."""
        return schema_hash(self.tree)

    def edited(self, edits: Iterable[Edit]) -> Document:
        """Return the document after edits, to ask about, not to save: its text is left behind.

        Raises
        ------
        LookupError
            The path of an edit is gone.

        Examples
        --------
        >>> document = load(b'{"version": "0.9"}')
        >>> document.edited([Edit("set", ("version",), "0.9", "1.0")]).tree
        {'version': '1.0'}
        """
        tree = self.tree
        for edit in edits:
            tree = apply(tree, edit)
        return Document(Text("", tree), self.path)


def load(source: str | os.PathLike[str] | bytes | dict[str, Any]) -> Document:
    """Open a schema from a file, from bytes of JSON, or from plain Python data.

    Whatever stands in it, this only fails where the file cannot be read; what is wrong with it is in
    `problems` of the document.

    Parameters
    ----------
    source
        A path; or JSON as UTF-8 bytes; or a dict as `json.loads` would give it.

    Raises
    ------
    UsageError
        The file cannot be read.

    Examples
    --------
    >>> load(b"{}").problems[0].message
    "'version' is missing"
    """
    if isinstance(source, bytes):
        return Document(read(source))
    if isinstance(source, dict):
        try:
            return Document(read(dump(source)))
        except (TypeError, ValueError) as error:
            raise UsageError(f"this data is no JSON: {error}") from None
        except RecursionError:
            raise UsageError("this data is no JSON: it is nested too deeply, or holds itself") from None
    path = Path(source)
    try:
        with path.open("rb") as file:
            return Document(read(file.read(MAX_BYTES + 1)), path)
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist") from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder; a schema is a file of JSON") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # a path with a null character
        raise UsageError(f"{str(path)!r} is no path: {error}") from None


def save(document: Document, path: str | os.PathLike[str]) -> None:
    """Write a document's exact text to a file, whole or not at all.

    The file keeps its permissions; a link stays one, and what it leads to is written.

    Raises
    ------
    RunError
        The system refuses, or the document could not be read to its end and must not be written over.
    """
    from datagen_engine.write.atomic import write_text
    from datagen_engine.write.folder import failure

    if not document.source and document.tree is not None:
        raise RunError(f"{path} is not saved: the document was edited without its text")
    try:
        write_text(Path(path).resolve(), write(document.text), f"{os.getpid():x}")
    except (ValueError, RuntimeError) as error:  # RuntimeError: links that lead to each other
        raise RunError(f"{path} is not saved: {error}") from None
    except OSError as error:
        raise failure(Path(path), error) from None
