from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "pandas", "pyarrow", "scipy", "faker", "duckdb", "pydantic", "matplotlib", "pyqtgraph")


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(run.stdout.split())


def test_the_window_loads_neither_the_engine_nor_what_it_computes_with() -> None:
    loaded = loaded_by("import datagen_app.shell.application")
    assert not {name for name in loaded if name.split(".")[0] in HEAVY}
    engine = {name for name in loaded if name.startswith("datagen_engine")}
    assert engine <= {"datagen_engine", "datagen_engine.resources", "datagen_engine.version"}


def test_the_worker_loads_no_qt() -> None:
    loaded = loaded_by("import datagen_app.preview.worker, datagen_app.preview.command")
    assert not {name for name in loaded if name.split(".")[0] in ("PySide6", "shiboken6")}


def test_help_is_answered_without_qt() -> None:
    loaded = loaded_by("import datagen_app.__main__")
    assert not {name for name in loaded if name.split(".")[0] in ("PySide6", "shiboken6")}
