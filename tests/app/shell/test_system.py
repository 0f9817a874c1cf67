from __future__ import annotations

import sys
from typing import NoReturn

import pytest

from datagen_app.shell.system import missing_library


def absent(name: str) -> NoReturn:
    raise OSError(name)


@pytest.fixture(autouse=True)
def _linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


def test_a_missing_cursor_library_is_named_with_its_package() -> None:
    line = missing_library({"DISPLAY": ":0"}, absent)
    assert "libxcb-cursor.so.0" in line
    assert "apt-get install libxcb-cursor0" in line
    assert "\n" not in line


def test_where_it_is_there_nothing_is_missing() -> None:
    loaded: list[str] = []
    assert missing_library({"DISPLAY": ":0"}, loaded.append) == ""
    assert loaded == ["libxcb-cursor.so.0"]


@pytest.mark.parametrize("platform", ["offscreen", "wayland", "minimal:x=1"])
def test_other_platforms_do_not_need_it(platform: str) -> None:
    assert missing_library({"QT_QPA_PLATFORM": platform, "DISPLAY": ":0"}, absent) == ""


def test_wayland_does_not_need_it() -> None:
    assert missing_library({"WAYLAND_DISPLAY": "wayland-0"}, absent) == ""


def test_without_a_display_the_way_without_one_is_shown() -> None:
    assert "--screenshot" in missing_library({}, absent)


def test_elsewhere_nothing_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert missing_library({}, absent) == ""


def test_without_qt_it_is_said_how_to_get_it() -> None:
    line = missing_library({"QT_QPA_PLATFORM": "offscreen"}, absent, lambda name: None)
    assert "pip install 'datagen-studio[app]'" in line
