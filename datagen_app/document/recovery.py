"""What a journal would bring back, and how that differs from what the file holds now."""

from __future__ import annotations

import re
from difflib import unified_diff
from itertools import islice
from typing import Any

from datagen_app.document.document import Document
from datagen_app.document.journal import Record, replay
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.place import Json
from datagen_app.document.saving import read_text

__all__ = ["recover"]

LINES = 2_000
"""So many lines of a difference are shown."""


def recover(record: Record, tree: Json) -> dict[str, Any]:
    """Do a journal's steps again, and compare.

    Parameters
    ----------
    record
        What the journal holds.
    tree
        What its base says.

    Returns
    -------
    dict
        `journal`, `file` and `name`; `steps`, how many were done since the last save; `written`, when the
        last was, in seconds since 1970; `difference`, lines of which those that differ begin with a sign; none
        where nothing differs.
    """
    file = record.file
    opened = OpenDocument(Document(file or record.journal, tree, record.base))
    replay(record, opened)
    held = read_text(file) if file is not None else None
    lines = unified_diff((held or "").splitlines(), opened.now.text.splitlines(), n=2, lineterm="")
    difference = [_line(line) for line in islice(lines, 2, 2 + LINES)]  # the first two name the files
    if not difference and held != opened.now.text:
        difference = ["only line ends differ"]
    return {
        "journal": str(record.journal),
        "file": str(file) if file else None,
        "name": record.name,
        "steps": opened.position,
        "written": record.written,
        "difference": difference,
    }


def _line(line: str) -> str:
    """Return a line of a difference; where a stretch begins, the line that it begins at."""
    stretch = re.match(r"@@ -\S+ \+(\d+)", line)
    return f"… line {stretch[1]}" if stretch else line
