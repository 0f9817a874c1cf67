from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from datagen_app.document.lock import Lock, is_alive, key_of


def test_the_first_has_it_until_it_lets_go(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "open", "a"), Lock(tmp_path / "open", "a")
    assert first.take()
    assert not second.take()
    assert first.held
    assert not second.held
    first.release()
    assert second.take()
    second.release()
    assert not is_alive(tmp_path / "open", "a")


def test_another_can_take_over_and_the_first_notices(tmp_path: Path) -> None:
    first, second = Lock(tmp_path, "a"), Lock(tmp_path, "a")
    assert first.take()
    second.take_over()
    assert second.held
    assert not first.held
    first.yield_to_other()
    first.release()
    assert second.held
    second.release()


def test_documents_do_not_get_in_each_other_s_way(tmp_path: Path) -> None:
    first, second = Lock(tmp_path, "a"), Lock(tmp_path, "b")
    assert first.take()
    assert second.take()
    first.release()
    second.release()


def test_what_leads_to_one_file_is_one_document(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("{}")
    link.symlink_to(real)
    assert key_of(real) == key_of(link) == key_of(tmp_path / "." / "real.json")
    assert key_of(real) != key_of(tmp_path / "other.json")


def test_a_lock_goes_with_its_program_however_it_ends(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from datagen_app.document.lock import Lock\n"
        "lock = Lock(pathlib.Path(sys.argv[1]), 'a')\n"
        "print(lock.take(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert is_alive(tmp_path, "a")
        assert not Lock(tmp_path, "a").take()
        other.kill()
        other.wait()
    assert not is_alive(tmp_path, "a")
    mine = Lock(tmp_path, "a")
    assert mine.take()
    mine.release()
