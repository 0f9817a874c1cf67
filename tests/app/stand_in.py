"""Children as the window may meet them, each for one mood: `python stand_in.py MOOD`.

`worker…` speak the worker's language over a fake engine; `run…` speak that of a run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def say(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def lines() -> Iterator[str]:
    while line := sys.stdin.readline():
        yield line


# -------------------------------------------------------------------------------------------- workers


def worker(mood: str) -> None:
    import tests.app.fake_engine as engine
    from datagen_app.preview.worker import Worker

    mind = Worker(engine)
    mood, _, question = mood.partition(":")  # what it does something else at: `check`, unless it is named
    say({"ready": True})
    for line in lines():
        asked = json.loads(line)["ask"]
        if asked == (question or "check"):
            if mood == "worker-dies":
                print("no memory left", file=sys.stderr, flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            if mood == "worker-hangs":
                hang()
            if mood == "worker-babbles":
                print("this is no JSON", flush=True)
                continue
        sys.stdout.write(mind.reply(line.encode()).decode() + "\n")
        sys.stdout.flush()


def hang() -> None:
    """Do nothing, for good; but not after whoever started us has gone."""
    while sys.stdin.readline():
        continue


# ----------------------------------------------------------------------------------------------- runs

TOTAL = 1_000


def progress(done: int) -> None:
    table = {"type": "progress", "table": "customer", "rows": done, "of": TOTAL}
    say({**table, "done": done, "total": TOTAL, "seconds": max(done, 1) / TOTAL})


def result() -> None:
    folder = sys.argv[sys.argv.index("-o") + 1] if "-o" in sys.argv else ""
    about = {"type": "result", "folder": folder, "rows": TOTAL, "bytes": 45_000, "seconds": 0.5}
    say({**about, "tables": {"customer": {"rows": TOTAL, "bytes": 45_000}}})


def run(mood: str) -> int:
    if mood == "run-refuses":
        say({"type": "problem", "severity": "warning", "code": "w", "message": "a warning", "path": ""})
        say({"type": "problem", "severity": "error", "code": "e", "message": "no such table", "path": "/dag"})
        return 1
    if mood == "run-dies":
        progress(300)
        print("Killed for want of memory", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if mood == "run-babbles":
        print("garbage", flush=True)
        say({"type": "progress", "table": "customer"})
        say({"type": "result", "rows": "many"})
        return 0
    if (
        mood == "run-deaf"
    ):  # neither hears `cancel` nor minds being told, and has a child that does not either
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen([sys.executable, __file__, "sleeper"])
        progress(100)
        while True:
            time.sleep(60)
    if mood == "run-waits":  # until it is told to stop
        progress(100)
        stop = threading.Event()

        def listen() -> None:
            next((line for line in lines() if line.strip() == "cancel"), None)
            stop.set()

        threading.Thread(target=listen, daemon=True).start()
        stop.wait()
        return 130
    for done in range(100, TOTAL + 1, 300):
        progress(done)
    result()
    return 0


def main() -> int:
    mood = sys.argv[1]
    if mood == "sleeper":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
        return 0
    if mood.startswith("worker"):
        worker(mood)
        return 0
    return run(mood)


if __name__ == "__main__":
    raise SystemExit(main())
