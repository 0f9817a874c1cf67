"""Fingerprints of the data that the examples draw, kept beside the tests so that a change is seen.

`python -m tests.golden` says what differs from the files in tests/engine/golden; with `--refresh` it writes
them anew, which is right only where other data is meant (then the stream version changes, too).

Whole numbers, text, times and truth values are kept as hashes; floating numbers as figures that agree
within a billionth, since their last bits may differ between machines. What faker's lists decide is only
compared under the version of faker that it was made with.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeAlias

import faker

import datagen_engine as datagen
from datagen_engine import Plan
from datagen_engine.draw.nodes import ColumnNode, Node
from datagen_engine.draw.streams import STREAM_VERSION
from datagen_engine.lazy import np, pa, pc
from datagen_engine.run.processor import pin_kernels
from tests.drawing import batch

__all__ = ["FOLDER", "differences", "fingerprint", "of_schema"]

Json: TypeAlias = dict[str, Any]

FOLDER = Path(__file__).parent / "engine" / "golden"

_HEAD, _TAIL = 2_000, 200
_SEED = 42


def of_schema(name: str) -> Json:
    """Draw the head and the tail of every table of an example, and return their fingerprints."""
    plan = datagen.plan(datagen.examples()[name], seed=_SEED)
    faked = _faked(plan)
    tables = {}
    for table, target in plan.tables.items():
        head = batch(plan, table, 0, min(_HEAD, target.rows))
        tail = batch(plan, table, max(0, target.rows - _TAIL), target.rows)
        tables[table] = {
            "rows": target.rows,
            "columns": {
                column: {
                    "head": fingerprint(head[column]),
                    "tail": fingerprint(tail[column]),
                    **({"faker": True} if ColumnNode(table, column) in faked else {}),
                }
                for column in target.columns
            },
        }
    return {"stream": STREAM_VERSION, "seed": _SEED, "faker": faker.VERSION, "tables": tables}


def fingerprint(values: pa.Array) -> Any:
    """Return a hash of the values; of floating numbers how many are null, their sum and their quartiles."""
    if pa.types.is_floating(values.type):
        known = values.drop_null().to_numpy(zero_copy_only=False)
        figures = [known.sum(), *np.quantile(known, (0, 0.25, 0.5, 0.75, 1))] if len(known) else []
        return {"null": values.null_count, "figures": [float(f"{figure:.12g}") for figure in figures]}
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not pa.types.is_string(values.type):
        values = pc.cast(values, pa.int32() if pa.types.is_date32(values.type) else pa.int64())
    text = json.dumps(values.to_pylist(), ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def differences(found: Json, kept: Json) -> list[str]:
    """Say in which columns the data is another than the one kept."""
    if found["stream"] != kept["stream"]:
        return [f"the stream version is {found['stream']}, that of what is kept {kept['stream']}"]
    same_faker = found["faker"] == kept["faker"]
    said = []
    for table in {**kept["tables"], **found["tables"]}:
        one, other = (side["tables"].get(table, {"rows": None, "columns": {}}) for side in (found, kept))
        if one["rows"] != other["rows"]:
            said.append(f"{table} has {one['rows']} rows, not {other['rows']}")
        for column in {**other["columns"], **one["columns"]}:
            now, then = one["columns"].get(column, {}), other["columns"].get(column, {})
            judged = same_faker or not (now.get("faker") or then.get("faker"))
            if judged and not (
                _alike(now.get("head"), then.get("head")) and _alike(now.get("tail"), then.get("tail"))
            ):
                said.append(f"{table}.{column} has other values")
    return said


def _alike(one: Any, other: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return bool(one == other)
    figures = (one["figures"], other["figures"])
    return (
        one["null"] == other["null"]
        and len(figures[0]) == len(figures[1])
        and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(*figures, strict=True))
    )


def _faked(plan: Plan) -> set[Node]:
    """Return the columns that faker's lists decide, and those that are made from them."""
    graph = plan.graph()
    found: set[Node] = {
        ColumnNode(node.id, column.name)
        for node in plan.schema.nodes
        for column in node.columns
        if any(generator.key == "faker" for _, generator in column.generator.walk())
    }
    size = -1
    while len(found) > size:
        size = len(found)
        found |= {node for node, needs in graph.items() if found & set(needs)}
    return found


def main(arguments: list[str] | None = None) -> int:
    """Compare, or refresh; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("--refresh", action="store_true", help="write the files anew")
    refresh = parser.parse_args(arguments).refresh
    failed = False
    for name in datagen.examples():
        path = FOLDER / f"{name}.json"
        found = of_schema(name)
        if refresh:
            path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            print(f"{path.name}: written")
            continue
        said = differences(found, json.loads(path.read_text(encoding="utf-8")))
        failed = failed or bool(said)
        print(f"{path.name}: {'; '.join(said) or 'the same'}")
    return int(failed)


if __name__ == "__main__":
    pin_kernels()  # numpy is not loaded yet
    sys.exit(main())
