"""The command line: every command, every exit code, and what stands on which output."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psutil
import pyarrow.parquet as pq
import pytest

import datagen_engine as datagen
from datagen_engine.cli import run
from datagen_engine.schema.path import pointer
from tests.engine.small import Tree, column, fact, schema, table

EXAMPLES = datagen.examples()
SCHEMA = str(EXAMPLES["schema"])

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
BROKEN = schema(
    table(column("a", "int", {"lookup": {"from": "nobody.id"}})),
    table(column("b", "int", {"lokup": {"from": "t.id"}}), id="u"),
)
WARNED = schema(table(column("word", "string", {"choice": {"choices": ["a"]}}, {"multiply": {"factor": 2}})))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[Tree], str]:
    """Write a schema to a file: `file(tree)` gives its path."""

    def written(tree: Tree) -> str:
        path = tmp_path / "schema.json"
        path.write_text(json.dumps(tree))
        return str(path)

    return written


class Said:
    """What a command said, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def datagen_(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run a command in this process: `datagen_("check", path)`."""
    monkeypatch.setenv("COLUMNS", "200")

    def said(*arguments: object) -> Said:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return said


# -- check ----------------------------------------------------------------------------------------------------


def test_check_of_a_good_schema(datagen_: Callable[..., Said]) -> None:
    said = datagen_("check", SCHEMA)
    assert (said.code, said.out, said.err) == (0, "no problems\n", "")
    said = datagen_("check", SCHEMA, "--json")
    assert (said.code, said.json, said.err) == (0, [], "")


def test_check_tells_every_problem(datagen_: Callable[..., Said], file: Callable[[Tree], str]) -> None:
    path = file(BROKEN)
    problems = datagen.check(path)
    said = datagen_("check", path)
    assert (said.code, said.err) == (1, "")
    for problem in problems:
        assert (
            f"{problem.severity} {pointer(problem.path) or '/'}: {problem.message} [{problem.code}]"
            in said.out
        )
        assert problem.fix is None or f"fix: {problem.fix.title}" in said.out
    errors = sum(problem.severity == "error" for problem in problems)
    assert f"{errors} errors, 0 warnings" in said.out


def test_check_in_json_is_the_problems(datagen_: Callable[..., Said], file: Callable[[Tree], str]) -> None:
    path = file(BROKEN)
    said = datagen_("check", path, "--json")
    assert said.code == 1
    assert said.json == json.loads(json.dumps([p.to_json() for p in datagen.check(path)], default=str))
    assert {"severity", "code", "path", "message", "params", "fix"} == set(said.json[0])
    assert said.err == ""


def test_warnings_alone_are_no_failure(datagen_: Callable[..., Said], file: Callable[[Tree], str]) -> None:
    said = datagen_("check", file(WARNED))
    assert said.code == 0
    assert "warning /nodes/0/columns/1/modifiers/0" in said.out
    assert "0 errors, 1 warning\n" in said.out


def test_a_message_is_shown_as_it_is(datagen_: Callable[..., Said], file: Callable[[Tree], str]) -> None:
    """What stands in brackets is no markup."""
    tree = schema(table(column("a", "int", {"[bold]x[/bold]": {}})))
    assert "[bold]x[/bold]" in datagen_("check", file(tree)).out


# -- what cannot be used --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["check", "none.json"], 2, "none.json does not exist"),
        (["check", "/"], 2, "is a folder; a schema is a file of JSON"),
        (["check"], 2, "Missing argument"),
        (["preview", SCHEMA], 2, "Missing argument"),
        (["preview", SCHEMA, "bikes"], 2, "there is no table 'bikes'; did you mean 'bike'?"),
        (["preview", SCHEMA, "bike", "-n", "-1"], 2, "Invalid value"),
        (["preview", SCHEMA, "bike", "-n", "many"], 2, "Invalid value"),
        (["preview", SCHEMA, "bike", "--format", "xml"], 2, "Invalid value"),
        (
            ["preview", SCHEMA, "bike", "--rows", "bike"],
            2,
            "--rows bike: expected TABLE=N with a whole number",
        ),
        (["preview", SCHEMA, "bike", "--rows", "bike=-5"], 2, "expected TABLE=N with a whole number"),
        (["preview", SCHEMA, "bike", "--rows", "bike=1e3"], 2, "expected TABLE=N with a whole number"),
        (
            ["preview", SCHEMA, "bike", "--rows", f"bike={'9' * 19}"],
            2,
            "expected TABLE=N with a whole number",
        ),
        (["preview", SCHEMA, "bike", "--rows", "nobody=5"], 2, "there is no table 'nobody'"),
        (
            ["preview", SCHEMA, "bike", "--rows", "rental=5"],
            2,
            "the rows of 'rental' follow from its parents",
        ),
        (["plan", SCHEMA, "--scale", "0"], 2, "the scale must be above 0"),
        (["plan", SCHEMA, "--scale", "nan"], 2, "the scale must be above 0"),
        (["plan", SCHEMA, "--scale", "inf"], 2, "the scale must be above 0"),
        (["plan", SCHEMA, "--scale", "x"], 2, "Invalid value"),
        (["plan", SCHEMA, "--seed", "x"], 2, "Invalid value"),
        (["plan", SCHEMA, "--sed", "1"], 2, "No such option"),
        (["generate", SCHEMA], 2, "say where to write"),
        (["generate", SCHEMA, "-o", "x", "--workers", "0"], 2, "Invalid value"),
        (["generate", SCHEMA, "-o", "x", "--compression", "brotli"], 2, "Invalid value"),
        (["generate", SCHEMA, "-o", "x", "--progress", "loud"], 2, "Invalid value"),
        (["generate", SCHEMA, "-o", "x", "--tables", "nobody"], 2, "there is no table 'nobody'"),
        (["generate", SCHEMA, "-o", "x", "--tables", ","], 2, "no table is named"),
        (["generate", SCHEMA, "-o", "x", "--rows", "bike=1000000000000000"], 1, "rows"),
        (["generate", SCHEMA, "-o", SCHEMA], 2, "is a file, or lies below one; a run needs a folder"),
        (["examples", "nothing"], 2, "there is no example 'nothing'; there are bank, ecomm"),
        (["unknown"], 2, "No such command"),
    ],
)
def test_what_cannot_be_used_is_one_clear_message(
    datagen_: Callable[..., Said],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    import re

    monkeypatch.chdir(tmp_path)
    said = datagen_(*arguments)
    assert said.code == code
    assert said.out == ""
    assert re.search(says, " ".join(said.err.replace("│", " ").split()))
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", [b"", b"{", b"[" * 100_000, b"\xff", b'{"a": 1, "a": 2}', b"[]", b"null"])
@pytest.mark.parametrize("command", ["check", "plan", "preview", "generate"])
def test_a_file_that_is_no_schema_has_problems(
    datagen_: Callable[..., Said], tmp_path: Path, command: str, source: bytes
) -> None:
    path = tmp_path / "schema.json"
    path.write_bytes(source)
    more = {"preview": ["t"], "generate": ["-o", str(tmp_path / "out")]}.get(command, [])
    said = datagen_(command, path, *more)
    assert said.code == 1
    assert "error " in (said.out if command == "check" else said.err)
    assert (said.out == "") == (command != "check")
    assert not (tmp_path / "out").exists()


def test_a_run_that_fits_on_no_disk_is_refused(
    datagen_: Callable[..., Said], file: Callable[[Tree], str], tmp_path: Path
) -> None:
    path = file(schema(table(column("x", "float", NORMAL), rows=9 * 10**11)))
    said = datagen_("generate", path, "-o", tmp_path / "out")
    assert (said.code, said.out) == (1, "")
    refused = said.err.splitlines()[-1]
    assert refused.startswith("datagen: the run would have about 900.0 billion rows and take about 8.0 TB; ")
    assert refused.endswith(" Choose another folder, fewer rows, or a smaller --scale")
    assert not (tmp_path / "out").exists()


def test_a_failure_that_no_one_expects_is_one_line_and_a_log(
    datagen_: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("hm")

    monkeypatch.setattr(datagen, "check", fail)
    said = datagen_("check", SCHEMA)
    assert (said.code, said.out) == (1, "")
    start = "datagen: something went wrong that should not have: ZeroDivisionError('hm'). The details are in "
    assert said.err.startswith(start)
    assert said.err.count("\n") == 1
    log = Path(said.err.removeprefix(start).strip())
    assert "Traceback" in log.read_text()
    log.unlink()


def test_too_little_memory_is_told(datagen_: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(datagen, "check", fail)
    said = datagen_("check", SCHEMA)
    assert (said.code, said.out) == (1, "")
    assert (
        said.err
        == "datagen: there is not enough memory for this; use a smaller --scale, or fewer --workers\n"
    )


# -- preview --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["schema", "test_patterns", "valid_schema"])
def test_a_preview_is_what_generate_writes(
    datagen_: Callable[..., Said], name: str, example_run: Callable[[str], Path]
) -> None:
    for path in example_run(name).glob("*.parquet"):
        written = pq.read_table(path).slice(0, 20).to_pylist()
        said = datagen_("preview", EXAMPLES[name], path.stem, "--format", "json")
        assert (said.code, said.err) == (0, "")
        assert said.json == [{key: as_json(value) for key, value in row.items()} for row in written]
        said = datagen_("preview", EXAMPLES[name], path.stem, "--format", "csv", "-n", 7)
        rows = list(csv.reader(io.StringIO(said.out)))
        assert rows[0] == list(written[0])
        assert rows[1:] == [[as_text(value) for value in row.values()] for row in written[:7]]


def as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def as_text(value: Any) -> str:
    return "" if value is None else str(as_json(value))


def test_a_preview_takes_the_options_of_the_run(datagen_: Callable[..., Said]) -> None:
    options = ["--seed", 7, "--scale", 2, "--rows", "customer=5", "--rows", "bike=1_000"]
    said = datagen_("preview", SCHEMA, "rental", "--format", "json", "-n", 3, *options)
    expected = datagen.preview(SCHEMA, "rental", 3, seed=7, scale=2, rows={"customer": 5, "bike": 1000})
    assert [row["bike_id"] for row in said.json] == expected["bike_id"].to_pylist()
    assert datagen_("preview", SCHEMA, "rental", "--format", "json", "-n", 0).json == []


def test_a_preview_as_a_table(datagen_: Callable[..., Said], file: Callable[[Tree], str]) -> None:
    odd = table(
        column("word", "string", {"choice": {"choices": ["[red]a[/red]"]}}),
        column("flag", "bool", {"choice": {"choices": [True]}}),
        column("none", "float", NORMAL, nullable=True, null_rate=1),
        column("at", "datetime", {"choice": {"choices": ["2024-02-03T04:05:06Z"]}}),
        rows=2,
    )
    said = datagen_("preview", file(schema(odd)), "t")
    lines = said.out.splitlines()
    assert lines[0].split() == ["id", "word", "flag", "none", "at"]
    assert [line.split() for line in lines[1:]] == [
        [n, "[red]a[/red]", "true", "null", "2024-02-03T04:05:06Z"] for n in ("1", "2")
    ]


# -- plan, schema, examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_plan_in_json_is_the_outline(datagen_: Callable[..., Said], name: str) -> None:
    said = datagen_("plan", EXAMPLES[name], "--json", "--scale", 2)
    assert (said.code, said.err) == (0, "")
    assert said.json == datagen.plan(EXAMPLES[name], scale=2).outline()
    assert [entry["table"] for entry in said.json["tables"]] == [
        t for level in said.json["levels"] for t in level
    ]


def test_a_plan_as_a_table(datagen_: Callable[..., Said]) -> None:
    said = datagen_("plan", SCHEMA)
    assert said.code == 0
    rental = next(line for line in said.out.splitlines() if " rental " in line)
    assert "≈ 4,260" in rental
    assert "customer, bike" in rental
    assert "5 tables, ≈ 4,9" in said.out


def test_the_language_as_json_schema(datagen_: Callable[..., Said]) -> None:
    said = datagen_("schema")
    assert (said.code, said.err) == (0, "")
    assert said.json["$schema"].startswith("https://json-schema.org/")
    assert "nodes" in said.json["properties"]


def test_examples_are_listed_printed_and_copied(datagen_: Callable[..., Said], tmp_path: Path) -> None:
    listed = datagen_("examples")
    assert [line.split()[0] for line in listed.out.splitlines()] == list(EXAMPLES)
    assert "ecomm            9 tables" in listed.out
    assert datagen_("examples", "bank").out == EXAMPLES["bank"].read_text()
    copy = tmp_path / "copy.json"
    assert datagen_("examples", "bank", "-o", copy).code == 0
    assert copy.read_bytes() == EXAMPLES["bank"].read_bytes()
    refused = datagen_("examples", "schema", "-o", copy)
    assert (refused.code, refused.err) == (
        2, f"datagen: {copy} exists; choose another name, or overwrite it with --overwrite\n",
    )  # fmt: skip
    assert datagen_("examples", "schema", "-o", copy, "--overwrite").code == 0
    assert copy.read_bytes() == EXAMPLES["schema"].read_bytes()


def test_version_and_help(datagen_: Callable[..., Said]) -> None:
    assert datagen_("--version").out == f"datagen {datagen.__version__}\n"
    for command in ("check", "generate", "preview", "plan", "schema", "examples"):
        said = datagen_(command, "--help")
        assert (said.code, said.err) == (0, "")
        assert "Usage: datagen" in said.out
        assert command in datagen_("-h").out
    assert "supervised" not in datagen_("generate", "--help").out


@pytest.mark.parametrize(
    "arguments", [["--help"], ["generate", "--help"], ["--version"], ["check", "none.json"]]
)
def test_an_answer_that_needs_no_data_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from datagen_engine.cli import run; run(sys.argv[1:]);"
        "print([name for name in ('numpy', 'pyarrow', 'pandas', 'faker', 'scipy', 'duckdb') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


# -- generate -------------------------------------------------------------------------------------------------


def test_generate_tells_what_it_made(datagen_: Callable[..., Said], tmp_path: Path) -> None:
    said = datagen_("generate", SCHEMA, "-o", tmp_path / "out")
    assert (said.code, said.err) == (0, "")
    manifest = json.loads((tmp_path / "out" / "_manifest.json").read_text())
    for name, entry in manifest["tables"].items():
        row = next(line for line in said.out.splitlines() if line.startswith(f"{name} "))
        assert f"{entry['rows']:,}" in row
        assert f"{name}.parquet" in row
    rows = sum(entry["rows"] for entry in manifest["tables"].values())
    assert f"{rows:,} rows, " in said.out
    assert f" in {tmp_path / 'out'}, " in said.out


def test_generate_takes_its_options(datagen_: Callable[..., Said], tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--seed", -3, "--scale", 0.5, "--rows", "bike=9", "--compression", "lz4", "--workers", 2]
    said = datagen_("generate", SCHEMA, "-o", out, *options, "--tables", "bike,rental", "--progress", "none")
    assert said.code == 0
    manifest = json.loads((out / "_manifest.json").read_text())
    assert (manifest["seed"], manifest["scale"], manifest["rows"]) == (-3, 0.5, {"bike": 9})
    assert (sorted(manifest["tables"]), manifest["compression"]) == (["bike", "rental"], "lz4")
    again = datagen_("generate", SCHEMA, "-o", out)
    assert (again.code, again.out) == (2, "")
    assert (
        again.err
        == f"datagen: {out} holds an earlier run; choose another folder, or overwrite it with --overwrite\n"
    )
    assert datagen_("generate", SCHEMA, "-o", out, "--overwrite", "--tables", "bike").code == 0


def test_generate_refuses_a_schema_with_errors(
    datagen_: Callable[..., Said], file: Callable[[Tree], str], tmp_path: Path
) -> None:
    path = file(BROKEN)
    said = datagen_("generate", path, "-o", tmp_path / "out")
    assert (said.code, said.out) == (1, "")
    assert said.err.count("error /nodes/") == len([p for p in datagen.check(path) if p.severity == "error"])
    assert not (tmp_path / "out").exists()


def test_warnings_stand_apart_from_results(
    datagen_: Callable[..., Said], file: Callable[[Tree], str], tmp_path: Path
) -> None:
    said = datagen_("generate", file(WARNED), "-o", tmp_path / "out")
    assert said.code == 0
    assert said.err.startswith("warning /nodes/0/columns/1/modifiers/0")
    assert "/nodes/" not in said.out


def test_progress_as_json_lines(
    datagen_: Callable[..., Said], file: Callable[[Tree], str], tmp_path: Path
) -> None:
    tree = schema(
        *WARNED["nodes"],
        fact(column("x", "float", NORMAL), fanout={"distribution": "uniform", "min": 500, "max": 500}),
    )
    said = datagen_("generate", file(tree), "-o", tmp_path / "out", "--progress", "json", "--workers", 2)
    assert (said.code, said.err) == (0, "")
    kinds = [line["type"] for line in said.lines]
    assert kinds[0] == "problem"
    assert kinds[-1] == "result"
    assert set(kinds[1:-1]) == {"progress"}
    progress = said.lines[1:-1]
    assert set(progress[0]) == {"type", "table", "rows", "of", "done", "total", "seconds"}
    last = {line["table"]: line for line in progress}
    assert {name: (line["rows"], line["of"]) for name, line in last.items()} == {
        "t": (1000, 1000), "f": (500_000, 500_000),
    }  # fmt: skip
    assert (progress[-1]["done"], progress[-1]["total"]) == (501_000, 501_000)
    result = said.lines[-1]
    assert result["rows"] == 501_000
    assert result["folder"] == str(tmp_path / "out")
    assert result["bytes"] == sum(entry["bytes"] for entry in result["tables"].values())
    assert {name: entry["rows"] for name, entry in result["tables"].items()} == {"t": 1000, "f": 500_000}


def test_failures_as_json_lines(
    datagen_: Callable[..., Said], file: Callable[[Tree], str], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("")
    said = datagen_("generate", SCHEMA, "-o", tmp_path / "out", "--progress", "json")
    assert said.code == 2
    (line,) = said.lines
    assert (line["type"], line["severity"], line["code"], line["path"]) == (
        "problem",
        "error",
        "run-failed",
        "",
    )
    assert "holds 1 file" in line["message"]
    assert line["message"] in said.err
    said = datagen_("generate", file(BROKEN), "-o", tmp_path / "new", "--progress", "json")
    assert (said.code, said.err) == (1, "")
    assert {line["type"] for line in said.lines} == {"problem"}
    assert sum(line["severity"] == "error" for line in said.lines) >= 2


# -- as a process: signals, streams, disks --------------------------------------------------------------------

LONG = schema(
    table(column("x", "float", NORMAL), rows=1000),
    fact(column("x", "float", NORMAL), fanout={"distribution": "uniform", "min": 300_000, "max": 300_000}),
)
"""A run of some minutes, whose first table is there at once."""


class Running:
    """A run as a process, that has begun to write its second table."""

    def __init__(self, path: str, out: Path, *more: str) -> None:
        command = [
            sys.executable,
            "-m",
            "datagen_engine",
            "generate",
            path,
            "-o",
            str(out),
            "--progress",
            "json",
        ]
        self.out = out
        self.process = subprocess.Popen(
            [*command, *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if json.loads(line).get("table") == "f":
                break

    def ended(self) -> Said:
        """Wait for the end, which must come soon."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        killer = threading.Timer(20, self.process.kill)  # 20 s is a failure
        killer.start()
        said = Said(0, self.process.stdout.read(), self.process.stderr.read())
        said.code = self.process.wait()
        killer.cancel()
        return said

    def files(self) -> list[str]:
        return sorted(path.relative_to(self.out).as_posix() for path in self.out.rglob("*"))


@pytest.fixture
def long_run(file: Callable[[Tree], str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(*more: str) -> Running:
        started.append(Running(file(LONG), tmp_path / "out", *more))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        for stream in (one.process.stdin, one.process.stdout, one.process.stderr):
            assert stream is not None
            stream.close()


STOPPED = ["_journal.jsonl", "_schema.json", "f", "t.parquet"]
"""What a stopped run leaves: the schema, its journal and the tables that were done."""


def assert_stopped(running: Running) -> None:
    """Let a stopped run have left no half file, and no mark of a whole run; parts that were done may be there."""
    others = [name for name in running.files() if not re.fullmatch(r"f/part-\d{5}\.parquet", name)]
    assert others == STOPPED


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run(long_run: Callable[..., Running], number: int) -> None:
    running = long_run()
    running.process.send_signal(number)
    said = running.ended()
    assert said.code == 130
    assert said.err == "datagen: interrupted; nothing unfinished is left behind\n"
    assert said.lines[-1]["code"] == "cancelled"
    assert_stopped(running)


def test_cancel_on_standard_input_stops_the_run(long_run: Callable[..., Running]) -> None:
    running = long_run()
    assert running.process.stdin is not None
    running.process.stdin.write("what?\ncancel\n")
    running.process.stdin.flush()
    said = running.ended()
    assert said.code == 130
    assert_stopped(running)


def test_the_end_of_standard_input_stops_a_supervised_run(long_run: Callable[..., Running]) -> None:
    running = long_run("--supervised")
    assert running.process.stdin is not None
    running.process.stdin.close()
    assert running.ended().code == 130
    assert_stopped(running)


def test_a_killed_run_leaves_no_process_and_does_not_look_whole(long_run: Callable[..., Running]) -> None:
    running = long_run("--workers", "2")
    children = psutil.Process(running.process.pid).children(recursive=True)
    running.process.kill()
    assert running.ended().code == -signal.SIGKILL
    _gone, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    assert "_manifest.json" not in running.files()
    # The folder can be used again.
    said = subprocess.run(
        [sys.executable, "-m", "datagen_engine", "generate", SCHEMA, "-o", running.out, "--overwrite"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")
    assert not [name for name in running.files() if name.startswith(("f", ".", "_lock", "t."))][1:]


def test_a_run_whose_reader_has_gone_stops(long_run: Callable[..., Running]) -> None:
    running = long_run()
    assert running.process.stdout is not None
    assert running.process.stderr is not None
    running.process.stdout.close()
    assert running.process.wait(20) == 1
    assert (
        running.process.stderr.read() == "datagen: nobody reads the progress any more; the run is stopped\n"
    )
    assert_stopped(running)


def test_the_end_of_standard_input_is_nothing_to_an_unsupervised_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "datagen_engine", "generate", SCHEMA, "-o", str(tmp_path / "out")]
    said = subprocess.run(
        [*command, "--progress", "json"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert (tmp_path / "out" / "_manifest.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [["preview", SCHEMA, "rental", "-n", "4000", "--format", "csv"], ["schema"], ["plan", SCHEMA]],
)
def test_a_reader_that_goes_away_is_no_failure(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "datagen_engine", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(20) == 0


def in_a_room_of_its_own(script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script that may mount: what it mounts is seen by no one else, and gone with it."""
    command = ["unshare", "--mount", "--map-root-user", "sh", "-ec", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"this system lets no one mount: {done.stderr.strip()}")
    return done


def test_a_disk_that_fills_up_is_told(file: Callable[[Tree], str], tmp_path: Path) -> None:
    """A megabyte of disk, and strings that take much more than the estimate."""
    words = {"expression": {"code": 'concat("' + "ö" * 100 + '", id * 7919 % 1000003, exp(x))'}}
    path = file(schema(table(column("x", "float", NORMAL), column("text", "string", words), rows=40_000)))
    disk = tmp_path / "disk"
    disk.mkdir()
    done = in_a_room_of_its_own(
        f"mount -t tmpfs -o size=1200k tmpfs {disk}; code=0;"
        f"{sys.executable} -m datagen_engine generate {path} -o {disk}/out --compression none || code=$?;"
        f"ls -A {disk}/out; exit $code"
    )
    assert done.returncode == 1
    assert (
        done.stderr == f"datagen: the disk of {disk}/out is full; free some space, or generate fewer rows\n"
    )
    assert done.stdout.split() == ["_journal.jsonl", "_schema.json"]


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = in_a_room_of_its_own(
        f"mount -t tmpfs -o size=1m tmpfs {disk}; code=0;"
        f"{sys.executable} -m datagen_engine generate {EXAMPLES['bank']} -o {disk}/out || code=$?;"
        f"ls {disk}; exit $code"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "datagen: the run would have about" in done.stderr
    assert f"are free in {disk}/out. Choose another folder, fewer rows, or a smaller --scale" in done.stderr


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = in_a_room_of_its_own(
        f"mount --bind {disk} {disk}; mount -o remount,bind,ro {disk};"
        f"{sys.executable} -m datagen_engine generate {SCHEMA} -o {disk}/out"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"datagen: no permission to write {disk}/out; choose another folder\n"


def test_a_second_signal_ends_at_once(long_run: Callable[..., Running]) -> None:
    running = long_run()
    for _ in range(2):
        running.process.send_signal(signal.SIGINT)
    said = running.ended()
    assert said.code in (130, -signal.SIGINT)
    assert "_manifest.json" not in running.files()
