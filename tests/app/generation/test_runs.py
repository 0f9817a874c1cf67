from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from datagen_app.generation.job import Job, Order, Run
from datagen_app.generation.runs import Runs
from datagen_app.generation.store import RunRecord, RunStore
from datagen_engine import examples
from tests.app.conftest import WAIT, ended, starter

BIKES = examples()["schema"]


@pytest.fixture
def runs(qtbot: QtBot, tmp_path: Path) -> Iterator[Runs]:
    made = Runs(RunStore(tmp_path / "store"))
    yield made
    made.abandon()
    qtbot.waitUntil(lambda: not made.busy and made.validation is None, timeout=WAIT)
    made.deleteLater()


def start_of(mood: str) -> Callable[[Order], Job]:
    return lambda order: Job(order, starter(mood))


def carry_out(qtbot: QtBot, runs: Runs, folder: Path, **settings: object) -> RunRecord:
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as over:
        runs.start(Run(BIKES, folder), **settings)  # type: ignore[arg-type]  # those of `start`
    record = over.args[0]
    assert isinstance(record, RunRecord)
    return record


def test_a_run_is_made_judged_and_kept(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    with qtbot.waitSignal(runs.judged, timeout=WAIT):
        record = carry_out(qtbot, runs, tmp_path / "bikes-full-1", dataset="Bikes", profile="full")
    assert (record.state, record.rows, record.profile) == ("done", 4940, "full")
    (kept,) = RunStore(tmp_path / "store").all()
    assert kept.judged
    assert kept.integrity == 100.0
    assert len(kept.schema_hash) == 32
    report = json.loads(runs.store.report_path(kept).read_text())
    assert report["summary"]["integrity"] == 100.0


def test_what_is_run_is_the_text_in_the_window_not_the_file(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    tree = json.loads(BIKES.read_text(encoding="utf-8"))
    next(node for node in tree["nodes"] if node["id"] == "customer")["rows"] = 7
    carry_out(qtbot, runs, tmp_path / "out", text=json.dumps(tree), validate=False)
    (kept,) = runs.records
    assert runs.store.manifest(kept)["tables"]["customer"]["rows"] == 7
    assert kept.schema == str(BIKES)


def test_a_run_that_was_stopped_is_listed_and_discarded_as_if_it_had_not_been(
    qtbot: QtBot, runs: Runs, tmp_path: Path
) -> None:
    folder = tmp_path / "big"
    job = runs.start(Run(examples()["gov_scaled"], folder, scale=3.0), validate=False)
    qtbot.waitUntil(lambda: job.progress.done > 0, timeout=WAIT)
    process = psutil.Process(job.process_id)
    family = [process, *process.children(recursive=True)]
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as over:
        runs.stop()
        assert job.stopping
    record = over.args[0]
    assert record.state == "stopped"
    assert 0 < record.rows < record.total
    assert ended(family)
    assert folder.exists()
    runs.discard(record)
    qtbot.waitUntil(lambda: not runs.records, timeout=WAIT)
    assert not folder.exists()


def test_a_stopped_run_is_resumed_to_the_same_files(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    folder = tmp_path / "big"
    job = runs.start(Run(examples()["gov_scaled"], folder, scale=0.4), validate=False)
    qtbot.waitUntil(lambda: job.progress.done > 0, timeout=WAIT)
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as stopped:
        runs.stop()
    with qtbot.waitSignal(runs.ended, timeout=WAIT) as over:
        runs.start_again(stopped.args[0], resume=True)
    record = over.args[0]
    assert (record.state, record.message) == ("done", "")
    assert (folder / "_manifest.json").is_file()
    assert len(runs.records) == 1


def test_discarding_keeps_what_is_not_the_runs(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    record = carry_out(qtbot, runs, tmp_path / "out", validate=False)
    (tmp_path / "out" / "note.txt").write_text("mine")
    runs.discard(record)
    qtbot.waitUntil(lambda: not runs.records, timeout=WAIT)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["note.txt"]


def test_what_is_no_run_is_never_discarded(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.parquet").write_bytes(b"mine")
    record = runs.store.add(tmp_path / "mine", BIKES, state="done")
    with qtbot.waitSignal(runs.troubled, timeout=WAIT) as told:
        runs.discard(record)
    assert "holds no run" in told.args[0]
    assert (tmp_path / "mine" / "a.parquet").exists()


def test_two_runs_into_one_folder_the_second_is_refused(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    other = Runs(RunStore(tmp_path / "store"))
    big = Run(examples()["gov_scaled"], tmp_path / "out", scale=3.0)
    job = runs.start(big, validate=False)
    qtbot.waitUntil(lambda: job.progress.done > 0, timeout=WAIT)
    with qtbot.waitSignal(other.ended, timeout=WAIT) as over:
        other.start(replace(big, overwrite=True), validate=False)
    assert over.args[0].state == "failed"
    assert "another run is writing" in over.args[0].message
    with qtbot.waitSignal(runs.ended, timeout=WAIT):
        runs.stop()
    other.deleteLater()


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ("run-dies", "Killed for want of memory"),
        ("run-babbles", "cannot be read"),
        ("run-refuses", "no such table (/dag)"),
    ],
)
def test_a_child_that_goes_wrong_is_listed_with_its_words(
    qtbot: QtBot, runs: Runs, tmp_path: Path, mood: str, said: str
) -> None:
    runs.launch = start_of(mood)
    record = carry_out(qtbot, runs, tmp_path / "out")
    assert record.state == "failed"
    assert said in record.message
    assert runs.records[0].state == "failed"


def test_an_engine_that_cannot_be_started_leaves_nothing_on_the_list(runs: Runs, tmp_path: Path) -> None:
    def start(order: Order) -> Job:
        raise OSError("no such engine")

    runs.launch = start
    with pytest.raises(OSError, match="no such engine"):
        runs.start(Run(BIKES, tmp_path / "out"))
    assert runs.store.all() == []
    assert not runs.busy


def test_a_validation_is_stopped(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    record = carry_out(qtbot, runs, tmp_path / "out", validate=False)
    runs.launch = start_of("run-waits")
    runs.validate(record)
    assert runs.validation is not None
    with qtbot.waitSignal(runs.judged, timeout=WAIT):
        runs.validation.stop()
    assert not runs.records[0].judged


def test_a_folder_of_others_is_taken_up_and_judged(qtbot: QtBot, runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "customer.csv").write_text("customer_id,name\n1,Ann\n1,Bob\n")
    record = runs.open_folder(tmp_path / "theirs", BIKES)
    assert record is not None
    assert runs.open_folder(tmp_path / "theirs", BIKES) == record
    with qtbot.waitSignal(runs.judged, timeout=WAIT) as over:
        runs.validate(record)
    assert over.args[0].judged
    assert over.args[0].integrity < 100


def test_a_killed_window_leaves_no_child(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
        "from datagen_app.generation.runs import Runs; from datagen_app.generation.store import RunStore; "
        "from datagen_app.generation.job import Run; from datagen_engine import examples; "
        "app = QCoreApplication([]); runs = Runs(RunStore(Path(sys.argv[1]) / 'store')); "
        "job = runs.start(Run(examples()['gov_scaled'], Path(sys.argv[1]) / 'out', scale=3.0)); "
        "job.progressed.connect(lambda: print(job.process_id, flush=True)); "
        "job.finished.connect(lambda outcome: print(outcome, flush=True)); job.finished.connect(app.quit); app.exec()"
    )
    window = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert window.stdout is not None
    child = psutil.Process(int(window.stdout.readline()))
    family = [child, *child.children(recursive=True)]
    window.kill()
    window.wait()
    window.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
