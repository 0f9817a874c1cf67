"""A second opinion: every structural and value check as a query of DuckDB, made from the schema's JSON alone.

It shares no code with the engine. Formulas become SQL by way of Python's own grammar, which theirs is part of.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

Tree = dict[str, Any]

DAY = "86400000000.0"
TYPES = {
    "int": "BIGINT",
    "float": "DOUBLE",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{value!r}::DOUBLE" if isinstance(value, float) else repr(value)


class Oracle:
    """Count, for the id of a check, the rows that fail it; None for what it has no opinion on."""

    def __init__(self, schema: Tree, folder: Path) -> None:
        self.schema = schema
        self.nodes: dict[str, Tree] = {node["id"]: node for node in schema["nodes"]}
        self.db = duckdb.connect(":memory:")
        self.db.execute("SET TimeZone = 'UTC'")
        for table in self.nodes:
            path = str(folder / f"{table}.parquet").replace("'", "''")
            self.db.execute(
                f"CREATE TABLE {quoted(table)} AS SELECT *, file_row_number AS rn "
                f"FROM read_parquet('{path}', file_row_number = true)"
            )
        self.rows = json.loads((folder / "_manifest.json").read_text())["tables"]

    def close(self) -> None:
        self.db.close()

    def one(self, query: str) -> Any:
        return self.db.sql(query).to_arrow_table().column(0)[0].as_py()

    def column(self, table: str, name: str) -> Tree:
        return next(c for c in self.nodes[table]["columns"] if c["name"] == name)

    def failed(self, id: str, columns: tuple[str, ...]) -> int | None:
        """Return how many rows fail a check; for checks without rows 1 where it fails, else 0."""
        id = re.sub(r"#\d+$", "", id)
        kind, _, rest = id.partition(":")
        found: int | None = getattr(self, f"_{kind}")(rest, columns)
        return found

    # -- structural ---------------------------------------------------------------------------------------

    def _present(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        return int(bool(name) and name not in self._described(table))

    def _readable(self, of: str, columns: tuple[str, ...]) -> int:
        return 0

    def _described(self, table: str) -> dict[str, str]:
        found = self.db.sql(f"DESCRIBE {quoted(table)}").to_arrow_table().to_pylist()
        return {row["column_name"]: row["column_type"] for row in found}

    def _type(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        return int(self._described(table)[name] != TYPES[self.column(table, name)["type"]])

    def _null(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        return self._count(table, f"{quoted(name)} IS NULL")

    def _count(self, table: str, condition: str) -> int:
        return int(self.one(f"SELECT count(*) FROM {quoted(table)} t WHERE {condition}"))

    def _primary_key(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        return int(self.one(f"SELECT count(*) - count(DISTINCT {quoted(name)}) FROM {quoted(table)}"))

    def _unique(self, of: str, columns: tuple[str, ...]) -> int:
        table = of.partition(".")[0]
        names = ", ".join(map(quoted, columns))
        whole = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in columns)
        return int(
            self.one(
                f"SELECT coalesce(sum(n - 1), 0) FROM "
                f"(SELECT count(*) AS n FROM {quoted(table)} WHERE {whole} GROUP BY {names})"
            )
        )

    def _foreign_key(self, of: str, columns: tuple[str, ...]) -> int:
        left, right = of.split("→")
        (table, _, own), (target, _, other) = left.partition("."), right.partition(".")
        pairs = list(zip(own.split(","), other.split(","), strict=True))
        whole = " AND ".join(f"t.{quoted(name)} IS NOT NULL" for name, _ in pairs)
        same = " AND ".join(f"o.{quoted(b)} = t.{quoted(a)}" for a, b in pairs)
        return self._count(table, f"{whole} AND NOT EXISTS (FROM {quoted(target)} o WHERE {same})")

    def _row_count(self, of: str, columns: tuple[str, ...]) -> int | None:
        table, _, parent = of.partition("/")
        if not parent:
            return int(self._count(table, "true") != self.rows[table]["rows"])
        bounds = self._bounds(table, parent)
        if bounds is None:
            return None
        low, high = bounds
        key = self.nodes[parent]["pk"]
        (own,) = columns
        return int(
            self.one(
                f"SELECT count(*) FROM (SELECT {low} AS low, {high} AS high, "
                f"(SELECT count(*) FROM {quoted(table)} c WHERE c.{quoted(own)} = p.{quoted(key)}) AS n "
                f"FROM {quoted(parent)} p) WHERE n < low OR n > high"
            )
        )

    def _bounds(self, table: str, parent: str) -> tuple[str, str] | None:
        """Return the fewest and the most children of a parent's row, as SQL."""
        node, above = self.nodes[table], self.nodes[parent]
        if "stage_config" in node:
            return "1", str(len(node["stage_config"]["stages"]))
        others = [self.nodes[other] for other in node["parents"][1:]]
        moved = any("vintage_behavior" in one or "segment_behavior" in one for one in others)
        if node.get("modifiers") or "vintage_behavior" in above or moved:
            return None  # what moves the counts with time has tests of its own
        fanout = node.get("fanout") or {"min": 1, "max": 1}
        low, high = fanout.get("min") or 0, fanout.get("max")
        segments = above.get("segment_behavior")
        m = "1.0"
        if segments:
            cases = " ".join(
                f"WHEN {literal(name)} THEN {one.get('fanout_multiplier', 1.0)!r}"
                for name, one in segments["behaviors"].items()
            )
            m = f"(CASE p.{quoted(segments['segment_column'])} {cases} ELSE 1.0 END)"
        most = "1e18" if high is None else f"ceil({high} * {m})"
        return f"floor({low} * {m})", most

    # -- values -------------------------------------------------------------------------------------------

    def _range(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        ends = [one for one in self.schema["constraints"]["ranges"] if one["attr"] == of]
        parts = [f"t.{quoted(name)} < {literal(one['min'])}" for one in ends if one.get("min") is not None]
        parts += [f"t.{quoted(name)} > {literal(one['max'])}" for one in ends if one.get("max") is not None]
        return self._count(table, " OR ".join(parts))

    def _inequality(self, of: str, columns: tuple[str, ...]) -> int:
        match = re.fullmatch(r"(.+?)(<=|>=|==|<|>)(.+)", of)
        assert match is not None
        left, op, right = match.groups()
        (one, _, a), (two, _, b) = left.partition("."), right.partition(".")
        op = "=" if op == "==" else op
        if one == two:
            return self._count(one, f"NOT (t.{quoted(a)} {op} t.{quoted(b)})")
        child, parent = (one, two) if two in self.nodes[one].get("parents", []) else (two, one)
        key = self.nodes[parent]["pk"]
        own = next(
            c["name"]
            for c in self.nodes[child]["columns"]
            if c["generator"].get("lookup", {}).get("from") == f"{parent}.{key}"
        )
        sides = [f"{'t' if t == child else 'o'}.{quoted(c)}" for t, c in ((one, a), (two, b))]
        return int(
            self.one(
                f"SELECT count(*) FROM {quoted(child)} t JOIN ({self._first(parent, [key])}) o "
                f"ON o.{quoted(key)} = t.{quoted(own)} WHERE NOT ({sides[0]} {op} {sides[1]})"
            )
        )

    def _first(self, table: str, keys: list[str]) -> str:
        """Return a query for the first row of each key."""
        names = ", ".join(map(quoted, keys))
        return (
            f"SELECT * FROM {quoted(table)} QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY rn) = 1"
        )

    def _pattern(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        found = [one["regex"] for one in self.schema["constraints"].get("pattern", []) if one["attr"] == of]
        found += [p for p in [(self.column(table, name).get("constraints") or {}).get("pattern")] if p]
        matches = [f"regexp_matches(t.{quoted(name)}, {literal(f'^(?:{one})')})" for one in found]
        return self._count(table, f"NOT ({' AND '.join(matches)})")

    def _enum(self, of: str, columns: tuple[str, ...]) -> int:
        if "→" in of:
            return self._foreign_key(of, columns)
        table, _, name = of.partition(".")
        if name.endswith("/list"):
            name = name.removesuffix("/list")
            values = self.column(table, name)["generator"]["enum_list"]["values"]
            type = TYPES[self.column(table, name)["type"]]
            wanted = ", ".join(f"({row}, {literal(v)}::{type})" for row, v in enumerate(values))
            return int(
                self.one(
                    f"SELECT count(*) FROM {quoted(table)} t JOIN (VALUES {wanted}) v(row, value) ON v.row = t.rn "
                    f"WHERE t.{quoted(name)} <> v.value"
                )
            )
        lists = [one["values"] for one in self.schema["constraints"].get("enum", []) if one["attr"] == of]
        lists += [own for own in [(self.column(table, name).get("constraints") or {}).get("enum")] if own]
        parts = [f"t.{quoted(name)} NOT IN ({', '.join(map(literal, values))})" for values in lists]
        return self._count(table, " OR ".join(parts))

    def _rule(self, of: str, columns: tuple[str, ...]) -> int:
        table, _, name = of.partition(".")
        if "=" in name:
            return self._copy(table, name, columns)
        return self._formula(table, name)

    def _copy(self, table: str, what: str, columns: tuple[str, ...]) -> int:
        name, _, right = what.partition("=")
        target, _, remote = right.partition(".")
        column = self.column(table, name)
        on = column["generator"]["lookup"].get("on")
        pairs = (
            [(b if a == "this_key" else a, b) for a, b in on.items()]
            if on
            else [(columns[1], self.nodes[target]["pk"])]
        )
        same = " AND ".join(f"o.{quoted(b)} = t.{quoted(a)}" for a, b in pairs)
        skip = f"t.{quoted(name)} IS NOT NULL AND" if self._may_be_lost(column) else ""
        return int(
            self.one(
                f"SELECT count(*) FROM {quoted(table)} t JOIN ({self._first(target, [b for _, b in pairs])}) o "
                f"ON {same} WHERE {skip} t.{quoted(name)} IS DISTINCT FROM o.{quoted(remote)}"
            )
        )

    def _may_be_lost(self, column: Tree) -> bool:
        """Say whether another check judges a column's nulls, or they are there on purpose."""
        return not column.get("nullable") or column.get("null_rate", 0) > 0

    def _formula(self, table: str, name: str) -> int:
        column = self.column(table, name)
        tree = ast.parse(column["generator"]["expression"]["code"].strip(), mode="eval").body
        to_sql = _Sql({c["name"]: c for c in self.nodes[table]["columns"]})
        digits = None
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "round":
            # Compared before it is rounded, so that how a half is rounded does not matter.
            digits = ast.literal_eval(tree.args[1]) if len(tree.args) > 1 else 0
        rounded = tree.args[0] if digits is not None and isinstance(tree, ast.Call) else tree
        again, stored, type = to_sql(rounded), to_sql.name(name), column["type"]
        if type == "date":
            differs = f"floor(({again}) / {DAY}) <> {stored} / {DAY}"
        elif type == "datetime":
            differs = f"abs(({again}) - {stored}) > 1"
        elif type == "int":
            differs = f"abs(({again}) - {stored}) > {0.5 + (0.5 * 10.0**-digits if digits else 0)} + 1e-6"
        elif type == "float":
            slack = f"{0.5 * 10.0**-digits if digits is not None else 0.0!r} + 1e-9 * abs({stored})"
            differs = f"abs(({again}) - {stored}) > {slack}"
        else:
            differs = f"({again}) <> {stored}"
        skips = [f"t.{quoted(n)} IS NOT NULL" for n in to_sql.used if not to_sql.columns[n].get("nullable")]
        if self._may_be_lost(column):
            skips.append(f"t.{quoted(name)} IS NOT NULL")
        wrong = f"({differs}) OR (({again}) IS NULL) <> ({stored} IS NULL)"
        return self._count(table, " AND ".join([*skips, f"({wrong})"]))


class _Sql:
    """Turn a formula into SQL: numbers are DOUBLE, times microseconds since 1970."""

    COMPARE = {  # noqa: RUF012  # a table of constants, of a class that only tests use
        ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=", ast.NotEq: "<>",
    }  # fmt: skip
    ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}  # noqa: RUF012  # as above

    def __init__(self, columns: dict[str, Tree]) -> None:
        self.columns = columns
        self.used: dict[str, None] = {}

    def name(self, name: str) -> str:
        type, column = self.columns[name]["type"], f"t.{quoted(name)}"
        if type in ("datetime", "date"):
            return f"epoch_us({column})::DOUBLE"
        return f"{column}::DOUBLE" if type in ("int", "float") else column

    def __call__(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id="null"):
                return "NULL"
            case ast.Name(id=name):
                self.used[name] = None
                return self.name(name)
            case ast.Constant(value=value):
                return literal(
                    float(value) if isinstance(value, int) and not isinstance(value, bool) else value
                )
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{self(operand)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(NOT {self(operand)})"
            case ast.BinOp(left=left, op=op, right=right):
                return self.arithmetic(self(left), op, self(right))
            case ast.BoolOp(op=op, values=values):
                word = " AND " if isinstance(op, ast.And) else " OR "
                return "(" + word.join(map(self, values)) + ")"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return f"({self(left)} {self.COMPARE[type(op)]} {self(right)})"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"(CASE WHEN {self(test)} THEN {self(body)} ELSE {self(orelse)} END)"
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, [self(arg) for arg in args])
        raise AssertionError(ast.dump(node))

    def arithmetic(self, left: str, op: ast.operator, right: str) -> str:
        if isinstance(op, ast.Pow):
            return f"pow({left}, {right})"
        if isinstance(op, ast.FloorDiv):
            return f"floor({left} / {right})"
        if isinstance(op, ast.Mod):
            return f"({left} - {right} * floor({left} / {right}))"
        found = f"({left} {self.ARITHMETIC[type(op)]} {right})"
        # What is divided by 0 is not finite, and so null.
        return f"(CASE WHEN {right} = 0 THEN NULL ELSE {found} END)" if isinstance(op, ast.Div) else found

    def call(self, name: str, args: list[str]) -> str:
        time = f"make_timestamp(CAST({args[0]} AS BIGINT))"
        named = {
            "minutes": f"({args[0]} * 60000000.0)",
            "hours": f"({args[0]} * 3600000000.0)",
            "days": f"({args[0]} * {DAY})",
            "log": f"ln({args[0]})",
            "round": f"round({args[0]}{f', CAST({args[1]} AS INTEGER)' if len(args) > 1 else ''})",
            "dow": f"(isodow({time}) - 1)::DOUBLE",
            **{part: f"{part}({time})::DOUBLE" for part in ("year", "month", "day", "hour")},
        }
        if name in named:
            return named[name]
        if name == "concat":
            return "(" + " || ".join(args) + ")"
        if name == "clip":
            return f"least(greatest({args[0]}, {args[1]}), {args[2]})"
        if name == "days_between":
            return f"(({args[1]} - {args[0]}) / {DAY})"
        word = {"min": "least", "max": "greatest"}.get(name, name)
        assert word in (
            "least",
            "greatest",
            "floor",
            "ceil",
            "abs",
            "exp",
            "sqrt",
            "coalesce",
            "lower",
            "upper",
        )
        return f"{word}({', '.join(args)})"


def opinions(oracle: Oracle, ids: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    """Yield the opinion on every check that there is one on."""
    for id, columns in ids.items():
        found = oracle.failed(id, columns)
        if found is not None:
            yield id, found
