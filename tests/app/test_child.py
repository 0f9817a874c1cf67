from __future__ import annotations

import os
import sys

import psutil
import pytest
from pytestqt.qtbot import QtBot

from datagen_app.child import Child
from datagen_app.process import launch
from tests.app.conftest import WAIT, ended, stand_in

ECHO = """
import sys
for line in sys.stdin:
    sys.stdout.write(line)
    sys.stdout.flush()
print("good bye", file=sys.stderr)
raise SystemExit(7)
"""


def child_of(code: str) -> Child:
    return Child(launch([sys.executable, "-c", code]))


def test_what_is_said_comes_back_and_the_end_is_told(qtbot: QtBot) -> None:
    child = child_of(ECHO)
    with qtbot.waitSignal(child.said, timeout=WAIT) as said:
        child.say({"über": [1, None, "a\nb"]})
    assert said.args == [{"über": [1, None, "a\nb"]}]
    with qtbot.waitSignal(child.garbled, timeout=WAIT) as garbled:
        child.say("no JSON")
    assert garbled.args == ["no JSON"]
    with qtbot.waitSignal(child.ended, timeout=WAIT) as ended:
        child.hang_up()
    assert ended.args == [7, "good bye"]
    assert not child.running


def test_a_list_is_no_message(qtbot: QtBot) -> None:
    child = child_of("print([1])")
    with qtbot.waitSignals([child.garbled, child.ended], timeout=WAIT):
        pass


def test_writing_to_a_child_that_does_not_listen_holds_nobody_up(qtbot: QtBot) -> None:
    child = child_of("import time; time.sleep(60)")
    for _ in range(50):
        child.say({"text": "x" * 100_000})  # far more than a pipe holds
    with qtbot.waitSignal(child.ended, timeout=WAIT) as ended:
        child.kill()
    assert ended.args[0] == -9


def test_killing_a_child_kills_what_it_started(qtbot: QtBot) -> None:
    launched = stand_in("run-deaf")
    child = Child(launched)
    with qtbot.waitSignal(child.said, timeout=WAIT):
        pass
    group = psutil.Process(child.process_id).children(recursive=True)
    assert group
    with qtbot.waitSignal(child.ended, timeout=WAIT):
        child.kill()
    assert ended(group)


def test_a_child_whose_children_keep_the_pipes_open_has_ended_all_the_same(qtbot: QtBot) -> None:
    child = child_of(
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    )
    with qtbot.waitSignal(child.ended, timeout=WAIT) as ended:
        pass
    assert ended.args[0] == 0


def test_only_the_last_words_are_kept(qtbot: QtBot) -> None:
    child = child_of("import sys; sys.stderr.write('x' * 100_000 + 'the end')")
    with qtbot.waitSignal(child.ended, timeout=WAIT) as ended:
        pass
    assert len(ended.args[1]) == 4096
    assert ended.args[1].endswith("the end")


@pytest.mark.skipif(not hasattr(os, "getpgid"), reason="process groups are POSIX's")
def test_a_child_has_a_group_of_its_own(qtbot: QtBot) -> None:
    child = child_of(ECHO)
    assert os.getpgid(child.process_id) == child.process_id != os.getpgid(0)
    with qtbot.waitSignal(child.ended, timeout=WAIT):
        child.hang_up()


def test_a_program_that_is_not_there_is_an_error_at_once() -> None:
    with pytest.raises(OSError, match="no-such-program"):
        launch(["no-such-program"])
