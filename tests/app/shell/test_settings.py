from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray

from datagen_app.shell.settings import Settings


def again(path: Path, settings: Settings) -> Settings:
    """Read what was written, as the next start does."""
    settings._kept.sync()
    return Settings(path)


def test_nothing_is_remembered_at_first(settings: Settings) -> None:
    assert settings.theme == "system"
    assert settings.recent == []
    assert settings.flag("outline", True)
    assert settings.state("window") == QByteArray()


def test_what_was_set_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "studio.ini"
    first = Settings(path)
    first.theme = "dark"
    first.set_flag("outline", False)
    first.set_state("window", QByteArray(b"shape"))
    first.add_recent(tmp_path / "only one.json")
    second = again(path, first)
    assert second.theme == "dark"
    assert not second.flag("outline", True)
    assert second.state("window") == QByteArray(b"shape")
    assert second.recent == [tmp_path / "only one.json"]


def test_the_latest_file_comes_first_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "studio.ini"
    settings = Settings(path)
    for name in ("a", "b", "a", *map(str, range(20))):
        settings.add_recent(Path(name))
    settings.add_recent(Path("a"))
    recent = again(path, settings).recent
    assert recent[:3] == [Path("a"), Path("19"), Path("18")]
    assert len(recent) == len(set(recent)) == 12


def test_the_list_can_be_forgotten(settings: Settings) -> None:
    settings.add_recent(Path("a"))
    settings.forget_recent()
    assert settings.recent == []


def test_nonsense_in_the_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "studio.ini"
    path.write_text("[General]\ntheme=@Variant(x)\nrecent=@ByteArray()\noutline=maybe\nwindow=12\n")
    settings = Settings(path)
    assert settings.theme == "system"
    assert settings.state("window") == QByteArray()
    assert settings.flag("outline", True) is False
    assert isinstance(settings.recent, list)
