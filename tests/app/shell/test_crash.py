"""The program is killed while somebody works: what is lost, and what is left."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from datagen_app.document.document import Document
from datagen_app.document.journal import records, replay
from datagen_app.document.open_document import OpenDocument
from tests.app.conftest import SHOP
from tests.app.shell.scripted_session import digest

SCRIPT = Path(__file__).with_name("scripted_session.py")
LOST = 1.0
"""Seconds; what is older is never lost."""


def kill_after(lines: int, folder: Path) -> None:
    """Kill a session after it has said so many lines, and judge what it leaves."""
    file = folder / "shop.json"
    text = json.dumps(SHOP, indent=2)
    file.write_text(text)
    held = {digest(text)}
    stood: list[tuple[float, str]] = [(0.0, digest(text))]
    command = [sys.executable, str(SCRIPT), str(file), str(folder / "studio.ini")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as session:
        assert session.stdout is not None
        worker = psutil.Process(json.loads(session.stdout.readline())["worker"])
        children = [worker, *psutil.Process(session.pid).children(recursive=True)]
        for said in map(json.loads, session.stdout):
            if "saved" in said:
                held.add(said["saved"])
            else:
                stood.append((said["at"], said["text"]))
            if len(stood) > lines:
                break
        killed = time.monotonic()
        session.kill()
        for said in map(json.loads, session.stdout.read().splitlines()):  # said before it noticed
            if "saved" in said:
                held.add(said["saved"])
            else:
                stood.append((said["at"], said["text"]))
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    assert digest(file.read_text()) in held
    (record,) = records(folder / "open")
    opened = OpenDocument(Document(file, json.loads(record.base), record.base))
    assert replay(record, opened) == len(record.lines)
    safe = max(number for number, (at, _) in enumerate(stood) if at <= killed - LOST)
    assert digest(opened.now.text) in {text for _, text in stood[safe:]}


def moments(count: int) -> list[int]:
    chance = random.Random(count)
    return [chance.randrange(1, 160) for _ in range(count)]


@pytest.mark.parametrize("lines", moments(5))
def test_a_killed_session_loses_its_last_second_at_most(lines: int, tmp_path: Path) -> None:
    kill_after(lines, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("lines", moments(50))
def test_a_session_killed_at_any_moment_loses_its_last_second_at_most(lines: int, tmp_path: Path) -> None:
    kill_after(lines, tmp_path)
