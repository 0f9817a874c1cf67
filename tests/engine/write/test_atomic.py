from __future__ import annotations

import errno
import os
import threading
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.write.atomic import replacing, write_text

OLD, NEW = b"o" * 200_000, b"n" * 300_000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_the_place_of_the_old_one_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    with replacing(path, "run") as sink:
        sink.write(NEW)
        assert path.read_bytes() == OLD
        assert names(tmp_path) == [".file.run.part", "file"]
    assert path.read_bytes() == NEW
    assert names(tmp_path) == ["file"]


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b" / "file", "text")
    assert (tmp_path / "a" / "b" / "file").read_text() == "text"


@pytest.mark.parametrize("error", [ValueError("no"), OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_goes_wrong_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    with pytest.raises(type(error)), replacing(path, "run") as sink:
        sink.write(NEW)
        raise error
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_disk_that_fails_late_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "file"
    path.write_bytes(OLD)
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match=os.strerror(number)), replacing(path, "run") as sink:
        sink.write(NEW)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["file"]


def test_a_file_that_cannot_be_synced_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_: int) -> None:
        raise OSError(errno.EINVAL, "not supported here")

    monkeypatch.setattr(os, "fsync", cannot)
    write_text(tmp_path / "file", "text")
    assert (tmp_path / "file").read_text() == "text"


def test_the_leftover_of_a_run_that_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".file.run.part").write_bytes(b"half")
    write_text(tmp_path / "file", "text", "run")
    assert names(tmp_path) == ["file"]


@given(st.lists(st.binary(max_size=500), max_size=8))
def test_the_size_and_the_hash_are_those_of_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("hash") / "file"
    with replacing(path, "run") as sink:
        assert sink.writable()
        for chunk in chunks:
            assert sink.write(chunk) == len(chunk)
        assert sink.tell() == sum(map(len, chunks))
    whole = path.read_bytes()
    assert whole == b"".join(chunks)
    assert (sink.size, sink.digest) == (len(whole), blake2b(whole, digest_size=16).hexdigest())


def test_a_system_that_writes_a_little_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`write` may take fewer bytes than it is given."""

    class Reluctant:
        def __init__(self, file: Any) -> None:
            self.file = file

        def write(self, data: memoryview) -> int:
            return int(self.file.write(data[:7]))

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    with replacing(tmp_path / "file", "run") as sink:
        monkeypatch.setattr(sink, "_file", Reluctant(sink._file))
        sink.write(NEW[:100])
    assert (tmp_path / "file").read_bytes() == NEW[:100]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for content in (NEW, OLD) * 20:
            with replacing(path, "run") as sink:
                for start in range(0, len(content), 50_000):
                    sink.write(content[start : start + 50_000])
    finally:
        done.set()
        reader.join(20)
    assert seen <= {OLD, NEW}
    assert seen


def test_text_keeps_its_line_ends(tmp_path: Path) -> None:
    text = "a\r\nb\nc\rü \U0001f600"
    write_text(tmp_path / "file", text)
    assert (tmp_path / "file").read_bytes() == text.encode()
