from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from datagen_app.document.saving import Trouble, read_text, save_text, stamp_of


def test_a_file_is_written_byte_for_byte_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    text = "\ufeff{\r\n}\n\n"
    assert save_text(path, text) == stamp_of(path)
    assert path.read_bytes() == text.encode()
    assert read_text(path) == text
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_stay_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("{}")
    real.chmod(0o640)
    link.symlink_to(real)
    save_text(link, "[]")
    assert link.is_symlink()
    assert real.read_text() == "[]"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_what_the_system_refuses_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    path = tmp_path / "shop.json"
    path.write_text("{}")

    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    if broken == "fsync":
        monkeypatch.setattr(os, "fsync", refuse)
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Trouble, match="shop.json could not be saved: the disk is full"):
        save_text(path, "[]")
    assert path.read_text() == "{}"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="the folder is gone"):
        save_text(tmp_path / "gone" / "shop.json", "{}")
    with pytest.raises(Trouble, match="could not be saved"):
        save_text(tmp_path / "shop.json", "\ud800")
    assert stamp_of(tmp_path / "shop.json") is None
    assert read_text(tmp_path / "shop.json") is None
