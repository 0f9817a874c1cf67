"""A run into a server that speaks S3."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from socket import socket

import pytest

import datagen_engine as datagen
from tests.engine.small import column, schema, table

pytest.importorskip("moto")
s3fs = pytest.importorskip("s3fs")

NORMAL = {"distribution": {"type": "normal", "params": {"mean": 0, "std": 1}, "clamp": [-9, 9]}}
TREE = schema(table(column("x", "float", NORMAL), rows=1_000), table(id="empty", rows=0))

# A process of its own does what is tested: s3fs leaves its threads in whoever was its client.
DRIVER = """
import json, sys
import s3fs
import datagen_engine as datagen
from datagen_engine.errors import DatagenError
tree, url = json.loads(sys.argv[1]), sys.argv[2]
s3fs.S3FileSystem().mkdir("bucket")
for number in (1, 2):
    datagen.generate(tree, url, shard=f"{number}/2")
manifest = datagen.merge(url).manifest
assert datagen.generate(tree, url, resume=True).kept == 1_000
system = s3fs.S3FileSystem()
system.rm(f"bucket/run/t.parquet")
assert datagen.generate(tree, url, resume=True).manifest == manifest
try:
    datagen.generate(tree, "s3://nobody/run")
except DatagenError as error:
    print(error, file=sys.stderr)
print(json.dumps({path.removeprefix("bucket/run/"): system.cat(path).hex() for path in system.find("bucket/run")}))
"""


@pytest.fixture
def server() -> Iterator[str]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url).close()
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield url
    finally:
        running.kill()
        running.wait(20)


def test_a_run_into_a_bucket(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    for key, value in {
        "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1", "NO_PROXY": "*",
    }.items():  # fmt: skip
        monkeypatch.setenv(key, value)
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(TREE), "s3://bucket/run"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("s3://nobody/run: ")
    datagen.generate(TREE, tmp_path / "out")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert json.loads(done.stdout) == {path.name: path.read_bytes().hex() for path in files}
