"""A generator and a modifier of a package elsewhere have forms, without a line of code here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PLUGIN = Path(__file__).parents[2] / "engine" / "extension" / "plugin"

_PROGRAM = """
import json, sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
import datagen_engine as datagen
from datagen_app.inspector.desk import Said
from datagen_app.inspector.editors.chain import ChainField
from datagen_app.inspector.fields.line import Line
from datagen_app.inspector.fields.containers import PartField
from datagen_app.inspector.forms import column_form
from datagen_app.inspector.row import Row
from datagen_app.shell.theme import Theme
from tests.app.inspector.conftest import IT, desk_on, document_of

theme = Theme(application, "light")
column = {"name": "side", "type": "string", "generator": {"coin": {"heads": 0.8}}}
tree = document_of(column)
session, desk = desk_on(tree, theme, IT)
form = column_form(desk)
form.refresh()
part = next(field for field in form.every() if isinstance(field, PartField))
line = next(line for line in part.findChildren(Line))
line.setText("2"); line.commit()
desk.said = tuple(Said(p.path, p.message) for p in datagen.problems_at(session.tree, IT))
form.refresh()
rows = [(row.field.label, row.complaints.messages) for row in form.findChildren(Row) if row.complaints.messages]

column = {"name": "stake", "type": "float", "generator": {"sequence": {}},
          "modifiers": [{"transform": "raise_by", "args": {"column": "id", "share": 2}}]}
session2, desk2 = desk_on(document_of(column), theme, IT)
form2 = column_form(desk2)
form2.refresh()
chain = next(field for field in form2.every() if isinstance(field, ChainField))
labels = [field.label for field in chain.every()]
print(json.dumps({
    "offered": [choice.key for choice in part._offered()],
    "title": part.picker.text() or part.picker.accessibleName(),
    "label": line.accessibleName(),
    "now": session.at(*IT)["generator"],
    "rows": rows,
    "labels": labels,
    "value": chain.value(),
}))
"""


def shown() -> dict[str, Any]:
    paths = [str(PLUGIN), str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "QT_QPA_PLATFORM": "offscreen",
    }
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_its_generator_and_its_modifier_have_forms() -> None:
    found = shown()
    assert "coin" in found["offered"]
    assert found["title"] == "Generator: Coin"
    assert found["label"] == "Chance of heads"
    assert found["now"] == {"coin": {"heads": 2}}
    ((label, messages),) = found["rows"]
    assert label == "Chance of heads"
    assert messages == ["must be at most 1.0; found 2"]
    assert {"Column", "Share"} <= set(found["labels"])
    assert found["value"] == [{"transform": "raise_by", "args": {"column": "id", "share": 2}}]
