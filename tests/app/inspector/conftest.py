"""What the tests of the forms share: a session without a worker, and forms on documents of one column."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from datagen_app.document.document import Document
from datagen_app.document.open_document import OpenDocument
from datagen_app.document.selection import Selection
from datagen_app.document.step import Step
from datagen_app.inspector.desk import Desk
from datagen_app.inspector.editors import every
from datagen_app.inspector.edits import put
from datagen_app.inspector.facts import Knowledge
from datagen_app.inspector.form import Form
from datagen_app.inspector.inspector import Inspector
from datagen_app.shell.theme import Theme

__all__ = ["every"]  # imported so that the editors are known

SHOP: dict[str, Any] = {
    "version": "1.0",
    "metadata": {"name": "Shop"},
    "timeframe": {"start": "2024-01-01", "end": "2024-12-31", "freq": "D"},
    "nodes": [
        {
            "id": "customer",
            "kind": "entity",
            "pk": "customer_id",
            "rows": 100,
            "columns": [
                {"name": "customer_id", "type": "int", "generator": {"sequence": {}}},
                {"name": "name", "type": "string", "generator": {"faker": {"method": "name"}}},
                {
                    "name": "segment",
                    "type": "string",
                    "generator": {"choice": {"choices": ["new", "loyal"], "weights": [3, 1]}},
                },
            ],
        },
        {
            "id": "promotion",
            "kind": "vocab",
            "pk": "title",
            "columns": [
                {
                    "name": "title",
                    "type": "string",
                    "generator": {"enum_list": {"values": ["Spring", "Christmas"]}},
                },
                {
                    "name": "starts",
                    "type": "date",
                    "generator": {"enum_list": {"values": ["2024-04-01", "2024-12-01"]}},
                },
                {
                    "name": "ends",
                    "type": "date",
                    "generator": {"enum_list": {"values": ["2024-04-14", "2024-12-24"]}},
                },
                {"name": "lift", "type": "float", "generator": {"enum_list": {"values": [1.2, 1.8]}}},
            ],
        },
        {
            "id": "order",
            "kind": "fact",
            "pk": "order_id",
            "parents": ["customer"],
            "fanout": {"distribution": "poisson", "lambda": 5},
            "columns": [
                {"name": "order_id", "type": "int", "generator": {"sequence": {}}},
                {
                    "name": "customer_id",
                    "type": "int",
                    "generator": {"lookup": {"from": "customer.customer_id"}},
                },
                {
                    "name": "ordered_at",
                    "type": "datetime",
                    "generator": {
                        "datetime_series": {
                            "within": "timeframe",
                            "pattern": {"dimension": "dow", "weights": [1, 1, 1, 1, 1, 1.1, 1.1]},
                        }
                    },
                },
                {
                    "name": "total",
                    "type": "float",
                    "generator": {
                        "distribution": {
                            "type": "normal",
                            "params": {"mean": 50, "std": 10},
                            "clamp": [0, 100],
                        }
                    },
                    "modifiers": [
                        {"transform": "multiply", "args": {"factor": 2}},
                        {
                            "transform": "effect",
                            "args": {
                                "effect_table": "promotion",
                                "on": {},
                                "window": {"start_col": "starts", "end_col": "ends"},
                                "map": {"field": "lift", "op": "mul", "default": 1},
                            },
                        },
                        {"transform": "jitter", "args": {"std": 0.1, "mode": "mul"}},
                    ],
                },
                {"name": "tax", "type": "float", "generator": {"expression": {"code": "total * 0.19"}}},
            ],
        },
    ],
    "constraints": {"ranges": [{"attr": "order.total", "min": 0}], "unique": ["customer.name"]},
    "targets": {"weekend_share": {"table": "order", "timestamp": "ordered_at", "min": 0.36, "max": 0.5}},
}


class Worker(QObject):
    """Stand in for the client of the worker: it keeps the questions, and answers when it is told to."""

    answered = Signal(str, int, object)
    failed = Signal(str, int, str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def ask(self, what: str, revision: int = 0, **details: Any) -> None:
        self.asked.append((what, details))


class Session(QObject):
    """Stand in for the session: a document with its history, a selection, and problems that a test gives."""

    opened = Signal(object)
    changed = Signal(object)
    checked = Signal()
    drawn = Signal(object)

    def __init__(self, tree: Any) -> None:
        super().__init__()
        text = json.dumps(tree, indent=2)
        self.open_document: OpenDocument | None = OpenDocument(Document(Path("shop.json"), tree, text))
        self.open_document.observe(self.changed.emit)
        self.selection = Selection(self)
        self.client = Worker()
        self.knowledge = Knowledge()
        self.verdict = "checked"

    @property
    def opened_now(self) -> OpenDocument:
        assert self.open_document is not None
        return self.open_document

    @property
    def document(self) -> Document | None:
        return self.opened_now.now if self.open_document is not None else None

    @property
    def tree(self) -> Any:
        return self.opened_now.now.tree

    def do(self, step: Step) -> bool:
        self.opened_now.do(step)
        return True

    def do_set(self, path: tuple[str | int, ...], value: Any) -> None:
        """Put a value somewhere, as another part of the window would."""
        self.do(Step("Set", put(self.tree, path, value)))

    def at(self, *path: str | int) -> Any:
        value = self.tree
        for step in path:
            value = value[step]
        return value

    def column(self, name: str) -> Any:
        table, _, column = name.partition(".")
        document = self.opened_now.now
        found = document.named(table)
        assert found is not None
        named = found.named(column)
        assert named is not None
        return named.value


@pytest.fixture
def session() -> Session:
    return Session(copy.deepcopy(SHOP))


@pytest.fixture
def inspector(qtbot: QtBot, theme: Theme, session: Session) -> Iterator[Inspector]:
    """A panel that shows the shop, with nothing selected."""
    made = Inspector(session, theme)  # type: ignore[arg-type]  # a stand-in
    made.resize(340, 1000)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    made.deleteLater()


Formed = Callable[..., Form]


@pytest.fixture
def held(theme: Theme) -> Iterator[list[QWidget]]:
    """Widgets that are deleted when the test is over."""
    made: list[QWidget] = []
    yield made
    for widget in made:
        widget.close()
        widget.deleteLater()


def desk_on(tree: Any, theme: Theme, *roots: tuple[str | int, ...]) -> tuple[Session, Desk]:
    """Return a session of a tree, and a desk that works on places of it."""
    session = Session(tree)
    desk = Desk(session, theme)
    desk.roots = roots or ((),)
    return session, desk


def document_of(column: dict[str, Any], kind: str = "entity") -> dict[str, Any]:
    """Return a document with a table that holds this column."""
    tree = copy.deepcopy(SHOP)
    tree["nodes"].append(
        {
            "id": "it",
            "kind": kind,
            "pk": "id",
            "columns": [
                {"name": "id", "type": "int", "generator": {"sequence": {}}},
                {
                    "name": "time",
                    "type": "datetime",
                    "generator": {"datetime_series": {"within": "timeframe"}},
                },
                column,
            ],
        }
    )
    return tree


IT: tuple[str | int, ...] = ("nodes", 3, "columns", 2)
"""Where that column stands."""
