from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from datagen_engine.errors import DatagenError, RunError, UsageError
from datagen_engine.write.folder import LOCK, RunFolder, failure
from datagen_engine.write.manifest import MANIFEST, SCHEMA, FileEntry, Manifest, TableEntry


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def leave_run(folder: Path, *, whole: bool = True, tables: tuple[str, ...] = ("a", "b")) -> None:
    """Leave what a run leaves: a table in one file, and one in parts."""
    folder.mkdir(exist_ok=True)
    (folder / "a.parquet").write_bytes(b"a" * 100)
    (folder / "b").mkdir()
    for number in range(3):
        (folder / "b" / f"part-{number:05d}.parquet").write_bytes(b"b" * 10)
    (folder / SCHEMA).write_text(json.dumps({"nodes": [{"id": table} for table in tables]}))
    if whole:
        entries = {table: TableEntry(1, (FileEntry(f"{table}.parquet", 1, 1, ""),)) for table in tables}
        manifest = Manifest("n", "h", 42, 1.0, {}, "zstd", entries)
        (folder / MANIFEST).write_text(manifest.to_json())


RUN = ["_manifest.json", "_schema.json", "a.parquet", "b", *(f"b/part-0000{i}.parquet" for i in range(3))]


def test_a_folder_is_made_and_locked(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "out"
    with RunFolder(path, overwrite=False) as folder:
        assert folder.path == path
        assert names(path) == [LOCK]
    assert names(path) == []


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (MANIFEST, "holds an earlier run; choose another folder, or overwrite it with --overwrite"),
        ("notes.txt", "holds 1 file; "),
        (".hidden", "holds 1 file; "),
    ],
)
def test_a_folder_that_holds_anything_is_refused(tmp_path: Path, file: str, says: str) -> None:
    (tmp_path / file).write_text("")
    with pytest.raises(UsageError, match=says), RunFolder(tmp_path, overwrite=False):
        pass
    assert names(tmp_path) == [file]


def test_the_lock_of_a_run_that_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("")
    with RunFolder(tmp_path, overwrite=False):
        pass
    assert names(tmp_path) == []


def test_an_earlier_run_stays_until_it_is_cleared(tmp_path: Path) -> None:
    leave_run(tmp_path / "out")
    with RunFolder(tmp_path / "out", overwrite=True) as folder:
        assert names(tmp_path / "out") == [LOCK, *RUN]
        assert folder.earlier_bytes() == 130
        folder.clear()
        assert names(tmp_path / "out") == [LOCK]
        assert folder.earlier_bytes() == 0


def test_a_broken_run_is_cleared_too(tmp_path: Path) -> None:
    leave_run(tmp_path / "out", whole=False)
    (tmp_path / "out" / ".b.parquet.1f2e.part").write_bytes(b"half")
    (tmp_path / "out" / "b" / ".part-00003.parquet.1f2e.part").write_bytes(b"half")
    (tmp_path / "out" / f".{MANIFEST}.1f2e.part").write_bytes(b"half")
    with RunFolder(tmp_path / "out", overwrite=True) as folder:
        folder.clear()
    assert names(tmp_path / "out") == []


def test_the_manifest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_run(tmp_path / "out")
    gone: list[str] = []
    unlink = Path.unlink

    def noted(self: Path, missing_ok: bool = False) -> None:
        gone.append(self.name)
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", noted)
    with RunFolder(tmp_path / "out", overwrite=True) as folder:
        folder.clear()
    assert gone[0] == MANIFEST
    assert gone[-2:] == [SCHEMA, LOCK]  # what tells an earlier run's tables goes last


FOREIGN = ["b/notes.txt", "b/part-1.parquet", "c.parquet", "d/part-00000.parquet", ".x.part", "readme.part"]


def test_files_of_others_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    leave_run(out)
    for name in FOREIGN:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("mine")
    with RunFolder(out, overwrite=True) as folder:
        folder.clear()
    assert {name for name in names(out) if (out / name).is_file()} == set(FOREIGN)


@pytest.mark.parametrize(
    "schema",
    [
        "[]", "null", "{", "{}", '{"nodes": 5}', '{"nodes": [[]]}', '{"nodes": [{"id": {}}]}', "[" * 100_000,
        json.dumps({"nodes": [{"id": name} for name in ("../x", "..", ".", "/etc/x", "a\0b", "", 5, None)]}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("file", [SCHEMA, MANIFEST])
def test_whatever_stands_where_an_earlier_run_would_leads_nowhere(
    tmp_path: Path, schema: str, file: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "x.parquet").write_text("mine")
    (out / file).write_text(schema)
    with RunFolder(out, overwrite=True) as folder:
        folder.clear()
    assert names(tmp_path) == ["out", "x.parquet"]


def test_a_manifest_that_names_files_elsewhere_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    entry = TableEntry(1, (FileEntry("../x.parquet", 1, 1, ""),))
    (out / MANIFEST).write_text(Manifest("n", "h", 42, 1.0, {}, "zstd", {"../x": entry}).to_json())
    with RunFolder(out, overwrite=True) as folder:
        folder.clear()
    assert names(tmp_path) == ["out", "x.parquet"]


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    leave_run(elsewhere)
    out.mkdir()
    (out / "a.parquet").symlink_to(elsewhere / "a.parquet")
    (out / "b").symlink_to(elsewhere / "b")
    (out / SCHEMA).write_text(json.dumps({"nodes": [{"id": "a"}, {"id": "b"}]}))
    with RunFolder(out, overwrite=True) as folder:
        folder.clear()
    assert names(elsewhere) == sorted(RUN)
    assert names(out) == ["b"]  # a link to someone's folder is not ours


def test_a_folder_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with RunFolder(tmp_path / "link", overwrite=False):
        assert names(tmp_path / "real") == [LOCK]


@pytest.mark.parametrize("name", ["file", "file/below", "broken"])
def test_a_file_where_a_folder_should_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is a file, or lies below one; a run needs a folder"):
        RunFolder(tmp_path / name, overwrite=True).__enter__()
    assert (tmp_path / "file").read_text() == "mine"


def test_a_path_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no path"):
        RunFolder(tmp_path / "a\0b", overwrite=True).__enter__()
    with pytest.raises(RunError, match="the name .* is too long for this system"):
        RunFolder(tmp_path / ("x" * 300), overwrite=True).__enter__()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EPERM])
@pytest.mark.parametrize("step", ["mkdir", "open"])
def test_a_folder_without_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, step, refuse)
    with pytest.raises(RunError, match=f"no permission to write {tmp_path}"):
        RunFolder(tmp_path, overwrite=True).__enter__()


# -- one run at a time ----------------------------------------------------------------------------------------


def test_a_second_run_into_the_folder_is_refused(tmp_path: Path) -> None:
    with RunFolder(tmp_path, overwrite=True):
        with pytest.raises(UsageError, match="another run is writing into"):
            RunFolder(tmp_path, overwrite=True).__enter__()
        assert names(tmp_path) == [LOCK]
    with RunFolder(tmp_path, overwrite=True):
        pass


def test_another_process_is_refused_too(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from datagen_engine.write.folder import RunFolder\n"
        "with RunFolder(Path(sys.argv[1]), overwrite=True): print('in', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(UsageError, match="another run is writing into"):
            RunFolder(tmp_path, overwrite=True).__enter__()
        other.kill()  # the lock of a killed run is gone with it
        other.wait(20)
        with RunFolder(tmp_path, overwrite=True):
            assert names(tmp_path) == [LOCK]


def test_a_run_that_comes_and_goes_before_the_lock_is_ours_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = RunFolder._claim

    def late(self: RunFolder) -> None:
        leave_run(tmp_path / "out")
        claim(self)

    monkeypatch.setattr(RunFolder, "_claim", late)
    with pytest.raises(UsageError, match="holds an earlier run"):
        RunFolder(tmp_path / "out", overwrite=False).__enter__()
    assert names(tmp_path / "out") == sorted(RUN)


def test_a_lock_file_that_was_removed_under_us_locks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening the lock file and locking it, the run before removes it: a third could come in."""
    from datagen_engine.write import folder as of_folder

    lock_file = of_folder._lock_file
    removed: list[bool] = []

    def late(file: Any) -> None:
        if not removed:
            removed.append(True)
            (tmp_path / LOCK).unlink()
        lock_file(file)

    monkeypatch.setattr(of_folder, "_lock_file", late)
    with RunFolder(tmp_path, overwrite=True), pytest.raises(UsageError, match="another run is writing into"):
        RunFolder(tmp_path, overwrite=True).__enter__()


# -- a run that fails -----------------------------------------------------------------------------------------


def test_a_run_that_fails_removes_its_unfinished_files_and_no_one_else_s(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(ValueError, match="broken"), RunFolder(tmp_path, overwrite=True) as folder:
        for name in ("a.parquet", "b/part-00000.parquet"):
            path = tmp_path / name
            path.with_name(f".{path.name}.{folder.run}.part").write_text("ours")
            path.with_name(f".{path.name}.other.part").write_text("another's")
        raise ValueError("broken")
    assert names(tmp_path) == [".a.parquet.other.part", "b", "b/.part-00000.parquet.other.part"]


def test_a_run_that_fails_takes_back_the_folders_that_it_made_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    for path in (tmp_path / "here" / "x" / "y", Path("here/x/y")):
        with pytest.raises(ValueError, match="broken"), RunFolder(path, overwrite=False):
            raise ValueError("broken")
        assert names(tmp_path) == ["here"]
    with pytest.raises(ValueError, match="broken"), RunFolder(tmp_path / "out", overwrite=False):
        (tmp_path / "out" / "a.parquet").write_text("done")
        raise ValueError("broken")
    assert names(tmp_path) == ["here", "out", "out/a.parquet"]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "the disk of out is full; free some space, or generate fewer rows"),
        (errno.EDQUOT, "the disk of out is full; free some space, or generate fewer rows"),
        (errno.EACCES, "no permission to write out; choose another folder"),
        (errno.ENAMETOOLONG, "the name out is too long for this system; choose a shorter one"),
        (errno.EIO, "out: Input/output error"),
    ],
)
def test_errors_of_the_system_in_words(number: int, says: str) -> None:
    found = failure("out", OSError(number, os.strerror(number)))
    assert isinstance(found, DatagenError)
    assert str(found) == says
