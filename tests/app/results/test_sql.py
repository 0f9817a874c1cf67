from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from datagen_app.results.database import Database
from datagen_app.results.files import RunFiles
from datagen_app.results.sql import Questions
from datagen_app.results.task import Stopped, Task
from datagen_engine.errors import UsageError


@pytest.fixture
def questions(run: Path) -> Iterator[Questions]:
    database = Database(RunFiles.of(run))
    made = Questions(database)
    yield made
    made.close()
    database.close()


def hashes(folder: Path) -> dict[str, str]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_a_question_is_answered(questions: Questions) -> None:
    rows, more = questions.ask("SELECT count(*) AS n FROM rental", Task())
    assert rows.table.to_pylist() == [{"n": 4210}]
    assert not more


def test_questions_that_only_read(questions: Questions) -> None:
    for code in (
        "FROM bike LIMIT 3",
        "WITH a AS (SELECT * FROM bike) SELECT count(*) FROM a",
        "VALUES (1), (2)",
        "SELECT 1 -- a remark; with a semicolon",
        "SELECT ';' AS semicolon;",
        "DESCRIBE bike",
    ):
        questions.ask(code, Task())


def test_nothing_can_be_written_or_read_beyond_the_run(
    questions: Questions, run: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    link = run / "link.parquet"
    link.symlink_to(secret)
    table = run / "bike.parquet"
    before = hashes(tmp_path)
    for code in (
        f"COPY bike TO '{tmp_path}/out.csv'",
        f"COPY bike TO '{table}'",
        f"COPY (SELECT 1) TO '{table}' (FORMAT parquet)",
        f"EXPLAIN ANALYZE COPY bike TO '{tmp_path}/out.csv'",
        f"EXPLAIN ANALYZE COPY bike TO '{table}'",
        f"EXPORT DATABASE '{tmp_path}/all'",
        f"ATTACH '{tmp_path}/new.db'",
        f"ATTACH '{tmp_path}/new.db' AS a; SELECT 1",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/']",
        "RESET lock_configuration",
        "PRAGMA enable_profiling",
        "CREATE TABLE t AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "DROP VIEW bike",
        "INSERT INTO bike SELECT * FROM bike",
        "CALL pragma_version()",
        "PREPARE p AS SELECT 1",
        "BEGIN",
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM '{secret}'",
        f"SELECT * FROM read_parquet('{link}')",
        f"SELECT * FROM read_text('{link}')",
        f"SELECT * FROM read_text('{run}/../secret.csv')",
        f"SELECT * FROM read_text('{table}/../../secret.csv')",
        f"SELECT * FROM glob('{tmp_path}/*')",
        f"SELECT * FROM read_blob('{tmp_path}/*')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')",
        "SELECT * FROM read_parquet('https://example.org/a.parquet')",
        "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
        f"SELECT * FROM sqlite_scan('{tmp_path}/a.db', 't')",
        "SELECT getenv('HOME')",
        "SELECT * FROM secret",  # a variable of the program's own, were Python's names looked up
        "SELECT * FROM questions",
        "SELECT 1; SELECT 2",
        "",
        "   ;  ",
        "-- nothing",
        "SELEC 1",
    ):
        with pytest.raises(UsageError) as refused:
            questions.ask(code, Task())
        assert "Traceback" not in str(refused.value)
        assert hashes(tmp_path) == before, code


def test_nothing_is_changed_by_what_is_refused(questions: Questions) -> None:
    with pytest.raises(UsageError, match="only SELECT"):
        questions.ask("DROP VIEW bike", Task())
    rows, _ = questions.ask("SELECT count(*) AS n FROM bike", Task())
    assert rows.table.to_pylist() == [{"n": 120}]


def test_tables_that_are_no_parquet_are_asked_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,x\n2,y\n")
    database = Database(RunFiles.of(tmp_path))
    made = Questions(database)
    rows, _ = made.ask("SELECT max(id) AS most FROM a", Task())
    assert rows.table.to_pylist() == [{"most": 2}]
    made.close()
    database.close()


def test_a_long_question_is_interrupted(questions: Questions) -> None:
    task = Task()
    threading.Timer(0.2, task.stop).start()
    with pytest.raises(Stopped):
        questions.ask("SELECT count(*) FROM rental a, rental b, rental c, rental d", task)
    task.end()


def test_a_long_answer_is_cut_off(questions: Questions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datagen_app.results.sql.MOST", 1_000)
    rows, more = questions.ask("SELECT * FROM rental", Task())
    assert rows.count == 1_000
    assert more
