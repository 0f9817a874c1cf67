from __future__ import annotations

from pathlib import Path

import pytest

from datagen_engine import resources


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package as a wheel lays it out, with one resource and two examples."""
    package = tmp_path / "site" / "datagen_engine"
    bundled = package / "_bundled"
    (bundled / "resources" / "icons").mkdir(parents=True)
    (bundled / "resources" / "icons" / "table.svg").write_text("<svg/>")
    (bundled / "examples").mkdir()
    (bundled / "examples" / "shop.json").write_text("{}")
    (bundled / "examples" / "bank.json").write_text("{}")
    (bundled / "examples" / "notes.txt").write_text("not a schema")
    (tmp_path / "site" / "secret").write_text("outside")
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    return bundled


def test_checkout_has_the_examples() -> None:
    root = Path(resources.__file__).resolve().parents[1]
    assert resources.examples()["ecomm"] == root / "examples" / "ecomm.json"


def test_installed_finds_inside_the_package(installed: Path) -> None:
    assert resources.resource("icons/table.svg") == installed / "resources" / "icons" / "table.svg"
    assert resources.examples() == {
        "bank": installed / "examples" / "bank.json",
        "shop": installed / "examples" / "shop.json",
    }
    assert list(resources.examples()) == ["bank", "shop"]


def test_missing_resource_is_named(installed: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"'icons/chair\.svg' is missing"):
        resources.resource("icons/chair.svg")


@pytest.mark.parametrize("name", ["../../../secret", "icons/../../../../secret", "/etc/hostname"])
def test_never_leads_out(installed: Path, name: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        resources.resource(name)
