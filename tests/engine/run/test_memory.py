from __future__ import annotations

import subprocess
import sys

import pytest

from datagen_engine.run import memory

CODE = """
import resource, sys
from datagen_engine.run.memory import keep_freed_memory
if sys.argv[1] == "keep":
    assert keep_freed_memory()
import numpy as np
def draw():
    for _ in range(20):
        np.ones(1 << 20)[:: 512].sum()
draw()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    draw()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc can be told")
def test_memory_that_is_kept_need_not_be_asked_for_again() -> None:
    command = [sys.executable, "-c", CODE]
    faults = int(subprocess.run([*command, "keep"], capture_output=True, text=True, check=True).stdout)
    assert faults < 2_000  # 400 arrays of 2,048 pages each


def test_a_system_that_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datagen_engine.run.memory.sys.platform", "darwin")
    assert memory.keep_freed_memory() is False


def test_a_library_that_has_no_such_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datagen_engine.run.memory.sys.platform", "linux")
    monkeypatch.setattr("datagen_engine.run.memory.ctypes.CDLL", lambda name: object())
    assert memory.keep_freed_memory() is False
