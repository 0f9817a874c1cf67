"""The results job: a process that reads what a run has written, so that the window never does.

It reads one JSON object a line: `{"id": 3, "ask": "page", …}`, or `{"stop": 3}`. It writes, for each question,
any number of `{"id": 3, "share": 0.4, "doing": "Sorting"}` and then one of `{"id": 3, "answer": {…}}`,
`{"id": 3, "error": "…"}`, `{"id": 3, "stopped": true}`. Pages, and what is looked for, are answered beside longer
work, which goes one after the other. It ends when its standard input closes.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from datagen_app.results.filters import FilterError
from datagen_app.results.questions import Reader
from datagen_app.results.task import Stopped, Task
from datagen_engine import DatagenError

__all__ = ["main"]

_LOOKING = ("view", "failing", "parent", "children")
"""Questions that somebody waits for: not behind statistics, orders and exports."""
_QUICK = ("open", "page", "forget", "value", "report", "check", "snippet")
"""Questions that are answered within milliseconds, beside whatever else is going on."""


class _Lane:
    """Answer questions one after the other."""

    def __init__(self, job: _Job, name: str) -> None:
        self.queue: SimpleQueue[tuple[int, str, Mapping[str, Any], Task] | None] = SimpleQueue()
        self._job = job
        self.thread = threading.Thread(target=self._work, name=f"results-{name}", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        while (next_ := self.queue.get()) is not None:
            self._job.answer(*next_)


class _Job:
    """Take questions from standard input, until it closes."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tasks: dict[int, Task] = {}
        self._lock = threading.Lock()
        self._quick, self._looking, self._long = (_Lane(self, name) for name in ("quick", "looking", "long"))

    def run(self) -> None:
        for line in sys.stdin.buffer:
            try:
                asked = json.loads(line)
                if "stop" in asked:
                    self._stop(int(asked["stop"]))
                else:
                    self._take(int(asked["id"]), str(asked["ask"]), asked)
            except (ValueError, TypeError, KeyError, RecursionError):
                continue  # not from our window
        for task in list(self._tasks.values()):
            task.stop()

    def answer(self, id_: int, what: str, asked: Mapping[str, Any], task: Task) -> None:
        """Answer a question, whatever happens."""
        try:
            task.look()
            said: dict[str, Any] = {"answer": self._reader.answer(what, asked, task)}
        except Stopped:
            said = {"stopped": True}
        except (DatagenError, FilterError) as error:
            said = {"error": str(error)}
        except MemoryError:
            said = {"error": "there is not enough memory for this; filter first"}
        except Exception as error:  # the job outlives a question that it cannot answer
            import traceback

            traceback.print_exc()
            said = {"error": f"this could not be answered: {error}"}
        finally:
            task.end()
            self._tasks.pop(id_, None)
        self.say({"id": id_, **said})

    def say(self, message: Mapping[str, Any]) -> None:
        """Write a line; where nobody reads any more, end."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), default=str)
        with self._lock:
            try:
                sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
                sys.stdout.buffer.flush()
            except OSError:
                os._exit(0)

    def _take(self, id_: int, what: str, asked: Mapping[str, Any]) -> None:
        def tell(share: float | None, doing: str) -> None:
            self.say({"id": id_, "share": share, "doing": doing})

        task = self._tasks[id_] = Task(tell)
        lane = self._quick if what in _QUICK else self._looking if what in _LOOKING else self._long
        lane.queue.put((id_, what, asked, task))

    def _stop(self, id_: int) -> None:
        if (task := self._tasks.get(id_)) is not None:
            task.stop()


def main(arguments: list[str] | None = None) -> int:
    """Read a run: its folder, and the folder that holds what is recorded of it."""
    from datagen_engine.run.processor import pin_kernels

    pin_kernels()  # what is explained is drawn as the run drew it
    folder, *record = sys.argv[1:] if arguments is None else arguments
    try:
        reader = Reader(Path(folder), Path(record[0]) if record else None)
    except DatagenError as error:
        print(json.dumps({"failed": str(error)}), flush=True)
        return 2
    try:
        _Job(reader).run()
    finally:
        reader.close()
    sys.stdout.flush()
    os._exit(0)  # threads that still wait for DuckDB hold nobody up


if __name__ == "__main__":
    raise SystemExit(main())
