"""A small shop to try steps on, and what it is after one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from datagen_app.document.applying import apply_all
from datagen_app.document.document import Document
from datagen_app.document.step import Step
from tests.app.conftest import SHOP


def shop(**more: Any) -> Document:
    """Return the shop, with other keys at its root."""
    return Document(Path("shop.json"), {**json.loads(json.dumps(SHOP)), **more})


def key(document: Document, table: str) -> int:
    """Return the session key of a table."""
    found = document.named(table)
    assert found is not None
    return found.key


def after(document: Document, step: Step) -> Any:
    """Return the tree after a step; the document stays as it is."""
    before = json.dumps(document.tree)
    tree, _ = apply_all(document.tree, step.edits)
    assert json.dumps(document.tree) == before
    return tree


def then(document: Document, step: Step) -> Document:
    """Return the document after a step."""
    return Document(document.path, after(document, step))
