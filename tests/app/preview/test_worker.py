from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

import tests.app.fake_engine as engine
from datagen_app.preview.command import start_worker
from datagen_app.preview.worker import Worker, folder
from tests.app.conftest import SHOP


@pytest.fixture
def worker() -> Worker:
    return Worker(engine)


def ask(worker: Worker, what: str, **details: Any) -> dict[str, Any]:
    question = json.dumps({"id": 7, "revision": 3, "ask": what, **details}).encode()
    reply = json.loads(worker.reply(question))
    assert (reply["id"], reply["revision"]) == (7, 3)
    return dict(reply)


def test_an_opened_schema_is_its_text_and_its_tree(worker: Worker, schema: Path) -> None:
    answer = ask(worker, "open", path=str(schema))["answer"]
    assert answer == {"text": schema.read_text(), "tree": SHOP, "faults": []}


def test_a_text_is_opened_in_the_place_of_the_file(worker: Worker, schema: Path) -> None:
    answer = ask(worker, "open", path=str(schema), text='{"nodes": []}')["answer"]
    assert answer["tree"] == {"nodes": []}


def test_its_copy_follows_step_by_step(worker: Worker, schema: Path) -> None:
    ask(worker, "open", path=str(schema))
    edits: list[dict[str, Any]] = [{"operation": "remove", "path": ["nodes", 0], "before": {}, "after": None}]
    assert ask(worker, "step", edits=edits)["answer"] == {}
    assert len(ask(worker, "diagram")["answer"]["places"]) == 2
    assert "failed" in ask(worker, "step", edits=[{"operation": "remove", "path": ["x"]}])


def test_a_journal_that_is_none_brings_nothing_back(worker: Worker, schema: Path) -> None:
    assert ask(worker, "recover", journal=str(schema))["answer"] == {}
    assert ask(worker, "recover", journal=str(schema.with_name("missing")))["answer"] == {}


def test_a_file_that_cannot_be_read_is_said_plainly(worker: Worker, tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    assert (
        ask(worker, "open", path=str(missing))["failed"]
        == f"{missing} cannot be read: No such file or directory"
    )


def test_every_card_has_a_place_and_every_edge_a_route(worker: Worker, schema: Path) -> None:
    ask(worker, "open", path=str(schema))
    answer = ask(worker, "diagram")["answer"]
    assert len(answer["places"]) == 3
    assert len(answer["routes"]) == len(answer["edges"]) == 1
    assert answer["edges"][0]["kind"] == "parent"


def test_the_schema_s_own_layout_is_kept_as_far_as_it_can_be_used(worker: Worker, tmp_path: Path) -> None:
    layout = {"customer": [8, 16], "order": [1e300, 0], "channel": ["x", 2], "gone": [1, 2]}
    path = tmp_path / "placed.json"
    path.write_text(json.dumps({**SHOP, "metadata": {"x-layout": layout}}))
    ask(worker, "open", path=str(path))
    places = ask(worker, "diagram")["answer"]["places"]
    assert places[0] == [8, 16]
    assert all(abs(x) < 10_000 and y > 16 for x, y in places[1:])


def test_problems_come_with_their_paths_as_steps(worker: Worker, schema: Path) -> None:
    ask(worker, "open", path=str(schema))
    (problem,) = ask(worker, "check", seed=42)["answer"]["problems"]
    assert problem["path"] == ["nodes", 1, "columns", 2]
    assert problem["severity"] == "warning"


def test_rows_are_counted(worker: Worker, schema: Path) -> None:
    ask(worker, "open", path=str(schema))
    rows = ask(worker, "counts", scale=2.0, seed=1, exact=True)["answer"]["rows"]
    assert rows == {"customer": [200, True], "order": [1001, True], "channel": [8, True]}


def test_a_schema_with_errors_is_counted_by_its_formulas(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({"nodes": [{"id": "a", "rows": 3, "x-problems": [["error", "no"]]}]}))
    ask(worker, "open", path=str(path))
    assert ask(worker, "counts", scale=1.0, seed=1, exact=True)["answer"]["rows"] == {"a": [3, True]}


def test_examples_are_described_the_smallest_first(worker: Worker) -> None:
    examples = ask(worker, "examples")["answer"]["examples"]
    assert len(examples) == 3
    for example in examples:
        assert example["name"]
        assert len(example["cards"]) == len(example["places"])
        assert all(max(edge) < len(example["cards"]) for edge in example["edges"])
    assert [len(example["cards"]) for example in examples] == sorted(len(e["cards"]) for e in examples)


def test_what_goes_wrong_is_said_and_the_next_question_answered(
    worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "KeyError" in ask(worker, "sing")["failed"]
    assert "Traceback" in capsys.readouterr().err
    assert "answer" in ask(worker, "check", seed=1)


# ---------------------------------------------------------------------------------------------- folders


def test_a_new_folder_has_no_trouble(tmp_path: Path) -> None:
    wanted = str(tmp_path / "new" / "deep")
    assert folder(wanted) == {"path": wanted, "trouble": "", "entries": 0}


def test_a_full_folder_says_how_full(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "b").touch()
    assert folder(str(tmp_path))["entries"] == 2


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file" in folder(str(tmp_path / "file" / "below"))["trouble"]


def test_a_folder_without_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)  # root may write everywhere
    assert f"may not write into {tmp_path}" in folder(str(tmp_path / "new" / "deep"))["trouble"]


def test_no_folder_is_asked_for() -> None:
    assert folder("")["trouble"]


# ------------------------------------------------------------------------------------------ the process


def test_the_real_worker_answers_prints_nothing_else_and_ends_with_its_input(schema: Path) -> None:
    launched = start_worker()
    process = launched.process
    questions = [
        {"id": 1, "revision": 1, "ask": "open", "path": str(schema)},
        {"id": 2, "revision": 1, "ask": "diagram"},
        {"id": 3, "revision": 1, "ask": "counts", "scale": 1.0, "seed": 42, "exact": False},
    ]
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"".join(json.dumps(question).encode() + b"\n" for question in questions))
    process.stdin.flush()
    replies = [json.loads(process.stdout.readline()) for _ in range(4)]
    assert replies[0] == {"ready": True}
    assert [reply["id"] for reply in replies[1:]] == [1, 2, 3]
    assert [reply.get("failed") for reply in replies[1:]] == [None] * 3
    process.stdin.close()
    assert process.wait(timeout=20) == 0
    launched.forget()


def test_a_worker_that_computes_ends_with_its_window() -> None:
    code = (
        "import sys, subprocess\n"
        "from datagen_app.preview.command import start_worker\n"
        "print(start_worker().process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as window:
        assert window.stdout is not None
        worker = psutil.Process(int(window.stdout.readline()))
        window.kill()
    gone, _ = psutil.wait_procs([worker], timeout=20)
    assert gone
