"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from datagen_app.whole_file import written_whole


def test_it_takes_the_place_of_the_file_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    with written_whole(path) as made:
        made.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
        assert made.suffix == ".json"  # what writes goes by the ending
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("trouble", [OSError, KeyboardInterrupt])
def test_what_is_broken_off_leaves_the_file_as_it_was(tmp_path: Path, trouble: type[BaseException]) -> None:
    path = tmp_path / "a.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(trouble), written_whole(path) as made:
        made.write_text("half", encoding="utf-8")
        raise trouble
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_written_is_an_error_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), written_whole(tmp_path / "a.json"):
        pass
    assert list(tmp_path.iterdir()) == []
