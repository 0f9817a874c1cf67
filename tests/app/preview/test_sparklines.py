from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pytestqt.qtbot import QtBot

import datagen_engine as datagen
from datagen_app.document.place import Place
from datagen_app.document.steps.values import set_value
from datagen_app.preview.client import Client
from datagen_app.preview.sparklines import Sparklines
from datagen_app.shell.session import Session
from tests.app.conftest import WAIT

Shapes = Mapping[Place, Sequence[float]]


def test_columns_whose_shape_says_something_get_one_and_again_after_an_edit(qtbot: QtBot) -> None:
    client = Client()
    session = Session(client)
    made = Sparklines(session)
    session.open(Path(datagen.examples()["schema"]))
    qtbot.waitUntil(lambda: bool(made.shapes), timeout=WAIT)
    qtbot.waitUntil(lambda: client.idle, timeout=WAIT)
    document = session.document
    assert document is not None
    assert document.place_of("rental", "started_at") in made.shapes
    assert document.place_of("rental", "rental_id") not in made.shapes  # a running number
    assert document.place_of("rental", "bike_id") not in made.shapes  # a reference to a key
    heights = made.shapes[document.place_of("rental", "started_at")]
    assert max(heights) == 1.0

    asked: list[int] = []
    client.answered.connect(
        lambda what, revision, answer: asked.append(revision) if what == "sparklines" else None
    )
    assert session.do(set_value(document, ("timeframe", "end"), "2024-12-31", "Edit"))
    qtbot.waitUntil(lambda: session.document is not None and session.document.revision in asked, timeout=WAIT)
    made.set_on(False)
    session.close()
    assert not made.shapes
    client.close()
    made.deleteLater()
    session.deleteLater()
