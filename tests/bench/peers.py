"""How others do the same job, in the same run on the same machine.

`python tests/bench/peers.py [PEER …]` measures those that this environment has (ours, DuckDB, faker with pandas).
`--install` first puts the others (mimesis, Snowfakery, tpchgen-cli) into an environment of their own, under
`build/peers`. Whoever is slower by orders of magnitude does a smaller job: what is compared is rows a second,
and processor seconds a million rows.

The job is a shop of three tables: customers with names and e-mail addresses, orders with hourly times under a
pattern of hours and weekdays, items with lognormal prices; keys and references, weighted choices; Parquet with
zstd. And eight tables in the shape of TPC-H at scale factor 1 against tpchgen-cli, which writes the real one.
Every peer does it in the way that its own documentation teaches. What a peer lacks is left out of its job, to its
advantage, and told.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

CUSTOMERS = 1_000_000
HERE = Path(__file__).resolve()
ELSEWHERE = HERE.parents[2] / "build" / "peers"

_HOURS = [1, 1, 1, 1, 1, 2, 4, 6, 8, 10, 10, 9, 8, 8, 9, 10, 11, 12, 13, 14, 12, 8, 4, 2]
_DAYS = [1.0, 1.0, 1.0, 1.1, 1.3, 1.6, 1.4]


# -- the peers: each writes into a folder and returns the rows ------------------------------------------------


def ours(customers: int, out: Path) -> int:
    """Run this engine's command line, start to end."""
    sys.path.insert(0, str(HERE.parents[2]))
    from tests.bench.jobs import shop

    return _ours(shop(customers), out)


def ours_tpch(_customers: int, out: Path) -> int:
    """Run this engine on the shape of TPC-H."""
    sys.path.insert(0, str(HERE.parents[2]))
    from tests.bench.jobs import tpch

    return _ours(tpch(), out)


def _ours(tree: dict[str, Any], out: Path) -> int:
    schema = out / "schema.json"
    schema.write_text(json.dumps(tree))
    command = [sys.executable, "-m", "datagen_engine", "generate", str(schema), "-o", str(out / "run")]
    subprocess.run(command, check=True, capture_output=True, cwd=HERE.parents[2])
    manifest = json.loads((out / "run" / "_manifest.json").read_text())
    return sum(int(table["rows"]) for table in manifest["tables"].values())


def duckdb_sql(customers: int, out: Path) -> int:
    """`range`, `random` and `COPY`; names and e-mail from short lists, since it has no others."""
    import duckdb

    database = duckdb.connect()
    ticks = ", ".join(f"({hour}, {weight})" for hour, weight in enumerate(_HOURS))
    days = ", ".join(f"({day}, {weight})" for day, weight in enumerate(_DAYS))
    database.execute("SELECT setseed(0.42)")
    database.execute(f"""
        CREATE TABLE tick AS
        WITH h(hour, hw) AS (VALUES {ticks}), d(dow, dw) AS (VALUES {days}),
        t AS (SELECT unnest(range(TIMESTAMP '2024-01-01', TIMESTAMP '2025-01-01', INTERVAL 1 HOUR)) AS moment),
        w AS (SELECT moment, hw * dw AS weight FROM t
              JOIN h ON hour(moment) = h.hour JOIN d ON isodow(moment) - 1 = d.dow)
        SELECT moment, sum(weight) OVER (ORDER BY moment) / sum(weight) OVER () AS upto FROM w ORDER BY moment
    """)
    first = "['James','Mary','Robert','Linda','John','Susan','David','Karen','Maria','Paul']"
    last = "['Smith','Jones','Brown','Davis','Miller','Wilson','Moore','Taylor','White','Hall']"
    pick = "[1 + (random() * 10)::INT % 10]"
    tables = {
        "customer": f"""SELECT i AS customer_id, name, segment,
            lower(replace(name, ' ', '.')) || i || '@example.com' AS email
            FROM (SELECT i, {first}{pick} || ' ' || {last}{pick} AS name,
                  CASE WHEN r < 0.7 THEN 'regular' WHEN r < 0.9 THEN 'silver' ELSE 'gold' END AS segment
                  FROM (SELECT i, random() AS r FROM range(1, {customers + 1}) t(i)))""",
        "orders": f"""SELECT o.order_id, o.customer_id, tick.moment AS ordered_at, o.status FROM (
            SELECT row_number() OVER () AS order_id, i AS customer_id, random() AS u,
                   CASE WHEN r < 0.85 THEN 'delivered' WHEN r < 0.95 THEN 'open' ELSE 'returned' END AS status
            FROM (SELECT i, random() AS r, unnest(range((random() * 11)::INT)) FROM range(1, {customers + 1}) t(i))) o
            ASOF JOIN tick ON o.u <= tick.upto""",
        "item": """SELECT row_number() OVER () AS item_id, order_id, 1 + (random() * 4999)::INT AS product_id,
            greatest(0.5, least(5000,
                exp(3.0 + 0.8 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())))) AS price,
            CASE WHEN r < 0.6 THEN 1 WHEN r < 0.85 THEN 2 WHEN r < 0.95 THEN 3 ELSE 4 END AS quantity
            FROM (SELECT order_id, random() AS r, unnest(range(1 + (random() * 5)::INT % 5)) FROM orders)""",
    }  # fmt: skip
    rows = 0
    for table, query in tables.items():
        database.execute(f"CREATE TABLE {table} AS {query}")
        target = str(out / f"{table}.parquet").replace("'", "''")
        database.execute(f"COPY {table} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        counted = database.sql(f"SELECT count(*) FROM {table}").to_arrow_table()
        rows += int(counted.column(0)[0].as_py())
    return rows


def _fake_frames(
    customers: int, name: Callable[[], str], email: Callable[[], str]
) -> Iterator[tuple[str, Any]]:
    """Yield the three tables with pandas and numpy; names and addresses are called one by one."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(42)
    frame: dict[str, Any] = {
        "customer_id": np.arange(1, customers + 1),
        "name": [name() for _ in range(customers)],
        "email": [email() for _ in range(customers)],
        "segment": random.choice(["regular", "silver", "gold"], customers, p=[0.7, 0.2, 0.1]),
    }
    yield "customer", pd.DataFrame(frame)
    of = np.repeat(frame["customer_id"], random.poisson(5, customers))
    grid = pd.date_range("2024-01-01", "2024-12-31", freq="h")
    weights = np.array(_HOURS)[grid.hour] * np.array(_DAYS)[grid.dayofweek]
    orders = pd.DataFrame(
        {
            "order_id": np.arange(1, len(of) + 1),
            "customer_id": of,
            "ordered_at": random.choice(grid.to_numpy(), len(of), p=weights / weights.sum()),
            "status": random.choice(["delivered", "open", "returned"], len(of), p=[0.85, 0.1, 0.05]),
        }
    )
    yield "orders", orders
    of = np.repeat(orders["order_id"].to_numpy(), random.integers(1, 6, len(of)))
    items = {
        "item_id": np.arange(1, len(of) + 1),
        "order_id": of,
        "product_id": random.integers(1, 5_001, len(of)),
        "price": np.clip(random.lognormal(3.0, 0.8, len(of)), 0.5, 5_000),
        "quantity": random.choice([1, 2, 3, 4], len(of), p=[0.6, 0.25, 0.1, 0.05]),
    }
    yield "item", pd.DataFrame(items)


def _written(frames: Iterator[tuple[str, Any]], out: Path) -> int:
    rows = 0
    for table, frame in frames:
        frame.to_parquet(out / f"{table}.parquet", compression="zstd", index=False)
        rows += len(frame)
    return rows


def faker_pandas(customers: int, out: Path) -> int:
    """Call faker for each name and address; numpy and pandas for the rest."""
    from faker import Faker

    fake = Faker("en_US")
    return _written(_fake_frames(customers, fake.name, fake.email), out)


def mimesis_pandas(customers: int, out: Path) -> int:
    """Call mimesis for each name and address; numpy and pandas for the rest."""
    import mimesis  # type: ignore[import-not-found]  # in an environment of its own

    person = mimesis.Person(mimesis.Locale.EN, seed=42)
    return _written(_fake_frames(customers, person.full_name, person.email), out)


def snowfakery(customers: int, out: Path) -> int:
    """Run a recipe, which writes CSV; times without a pattern, prices uniform, since it has no others."""
    recipe = out / "recipe.yml"
    recipe.write_text(f"""
- object: customer
  count: {customers}
  fields:
    name: {{fake: Name}}
    email: {{fake: Email}}
    segment: {{random_choice: {{regular: 70%, silver: 20%, gold: 10%}}}}
  friends:
    - object: orders
      count: 5
      fields:
        customer_id: {{reference: customer}}
        ordered_at: {{date_between: {{start_date: 2024-01-01, end_date: 2024-12-31}}}}
        status: {{random_choice: {{delivered: 85%, open: 10%, returned: 5%}}}}
      friends:
        - object: item
          count: 3
          fields:
            order_id: {{reference: orders}}
            product_id: {{random_number: {{min: 1, max: 5000}}}}
            price: {{random_number: {{min: 1, max: 100}}}}
            quantity: {{random_choice: {{1: 60%, 2: 25%, 3: 10%, 4: 5%}}}}
""")
    command = [str(Path(sys.executable).parent / "snowfakery"), str(recipe), "--output-format", "csv"]
    subprocess.run([*command, "--output-folder", str(out)], check=True, capture_output=True)
    return customers * 21


def tpchgen(_customers: int, out: Path) -> int:
    """Write TPC-H at scale factor 1 as Parquet."""
    command = [
        str(Path(sys.executable).parent / "tpchgen-cli"),
        "parquet",
        "-s",
        "1",
        "--compression",
        "zstd(1)",
    ]
    subprocess.run([*command, "--output-dir", str(out)], check=True, capture_output=True)
    return 8_661_245


PEERS: dict[str, tuple[Callable[[int, Path], int], int, tuple[str, ...]]] = {
    # how, customers, what it needs beyond this environment
    "ours": (ours, CUSTOMERS, ()),
    "duckdb": (duckdb_sql, CUSTOMERS, ()),
    "faker + pandas": (faker_pandas, CUSTOMERS // 100, ()),
    "mimesis + pandas": (mimesis_pandas, CUSTOMERS // 100, ("mimesis", "numpy", "pandas", "pyarrow")),
    "snowfakery": (snowfakery, CUSTOMERS // 1_000, ("snowfakery", "setuptools<81")),
    "ours, TPC-H-shaped SF 1": (ours_tpch, 0, ()),
    "tpchgen-cli SF 1": (tpchgen, 0, ("tpchgen-cli",)),
}
"""Who is measured; the last two do another job than the rest."""

AGAINST = {"tpchgen-cli SF 1": "ours, TPC-H-shaped SF 1"}


# -- measuring ------------------------------------------------------------------------------------------------


def interpreter(needs: Sequence[str], install: bool) -> Path | None:
    """Return a Python that has what a peer needs; None where it has not been installed."""
    if not needs:
        return Path(sys.executable)
    home = ELSEWHERE / needs[0]
    python = home / "bin" / "python"
    if not python.exists() and install:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *needs], check=True)
    return python if python.exists() else None


def one(peer: str, customers: int, out: Path) -> dict[str, float]:
    """Do a peer's job in this process, and tell what it and its children took."""
    started = time.perf_counter()
    rows = PEERS[peer][0](customers, out)
    wall = time.perf_counter() - started
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": rows,
        "wall": wall,
        "processor": sum(use.ru_utime + use.ru_stime for use in (own, others)),
        "peak": max(own.ru_maxrss, others.ru_maxrss) / 1024,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure in turns, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peers", nargs="*", metavar="PEER", help=f"of: {', '.join(PEERS)}")
    parser.add_argument(
        "--install", action="store_true", help="install those that are missing, under build/peers"
    )
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        print(json.dumps(one(asked.peers[0], int(asked.one[0]), Path(asked.one[1]))))
        return
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(asked.turns):
        for peer in asked.peers or PEERS:
            python = interpreter(PEERS[peer][2], asked.install)
            if python is None:
                print(f"{peer}: not installed; --install does")
                continue
            with tempfile.TemporaryDirectory() as out:
                command = [str(python), str(HERE), peer, "--one", str(PEERS[peer][1]), out]
                done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                print(f"{peer}: {done.stderr.strip().splitlines()[-1:]}")
                continue
            found.setdefault(peer, []).append(json.loads(done.stdout.splitlines()[-1]))
    print(
        f"{'':26}{'rows':>12}{'rows/s':>14}{'spread':>24}{'CPU s / M rows':>16}{'peak MB':>10}{'ours is':>12}"
    )
    for peer, turns in found.items():
        speeds = [turn["rows"] / turn["wall"] for turn in turns]
        processor = statistics.median(turn["processor"] / turn["rows"] * 1e6 for turn in turns)
        ahead = ""
        if (rival := AGAINST.get(peer, "ours")) in found and rival != peer and not peer.startswith("ours"):
            mine = statistics.median(turn["rows"] / turn["wall"] for turn in found[rival])
            ahead = f"{mine / statistics.median(speeds):,.2f} ×"
        print(
            f"{peer:26}{turns[0]['rows']:12,.0f}{statistics.median(speeds):14,.0f}"
            f"{f'{min(speeds):,.0f} – {max(speeds):,.0f}':>24}{processor:16.2f}"
            f"{statistics.median(turn['peak'] for turn in turns):10,.0f}{ahead:>12}"
        )


if __name__ == "__main__":
    main()
