"""Schemas for measuring against others: a shop of three tables, and one in the shape of TPC-H."""

from __future__ import annotations

from typing import Any

__all__ = ["shop", "tpch"]

Tree = dict[str, Any]

_HOURS = [1, 1, 1, 1, 1, 2, 4, 6, 8, 10, 10, 9, 8, 8, 9, 10, 11, 12, 13, 14, 12, 8, 4, 2]
_WEEKDAYS = [1.0, 1.0, 1.0, 1.1, 1.3, 1.6, 1.4]


def _column(name: str, type: str, **generator: Any) -> Tree:
    return {"name": name, "type": type, "generator": generator}


def _key(name: str) -> Tree:
    return _column(name, "int", sequence={"start": 1})


def _of(name: str, table: str, column: str | None = None) -> Tree:
    return _column(name, "int", lookup={"from": f"{table}.{column or name}"})


def _choice(name: str, choices: list[Any], weights: list[float] | None = None, type: str = "string") -> Tree:
    return _column(name, type, choice={"choices": choices, **({"weights": weights} if weights else {})})


def _number(name: str, type: str, kind: str, clamp: list[float], **params: float) -> Tree:
    return _column(name, type, distribution={"type": kind, "params": params, "clamp": clamp})


def _uniform(name: str, low: float, high: float, type: str = "int") -> Tree:
    return _number(name, type, "uniform", [low, high], low=low, high=high)


def _day(name: str, start: str = "1992-01-01", end: str = "1998-12-31") -> Tree:
    return _column(name, "date", datetime_series={"within": {"start": start, "end": end}, "freq": "D"})


def _text(name: str, words: int) -> Tree:
    return _column(name, "string", faker={"method": "sentence", "nb_words": words})


def _node(id: str, kind: str, *columns: Tree, **more: Any) -> Tree:
    return {"id": id, "kind": kind, "columns": list(columns), **more}


def _schema(name: str, *nodes: Tree, start: str, end: str, freq: str) -> Tree:
    return {
        "version": "1.0",
        "metadata": {"name": name},
        "timeframe": {"start": start, "end": end, "freq": freq},
        "nodes": list(nodes),
        "constraints": {},
    }


def shop(customers: int) -> Tree:
    """Return customers, five orders each on average, three items an order."""
    at = {"within": "timeframe", "patterns": [
        {"dimension": "hour", "weights": _HOURS}, {"dimension": "dow", "weights": _WEEKDAYS}]}  # fmt: skip
    return _schema(
        "shop",
        _node(
            "customer", "entity", _key("customer_id"),
            _column("name", "string", faker={"method": "name"}),
            _column("email", "string", faker={"method": "email"}),
            _choice("segment", ["regular", "silver", "gold"], [0.7, 0.2, 0.1]),
            rows=customers, pk="customer_id",
        ),
        _node(
            "orders", "fact", _key("order_id"), _of("customer_id", "customer"),
            _column("ordered_at", "datetime", datetime_series=at),
            _choice("status", ["delivered", "open", "returned"], [0.85, 0.1, 0.05]),
            parents=["customer"], pk="order_id", fanout={"distribution": "poisson", "lambda": 5},
        ),
        _node(
            "item", "fact", _key("item_id"), _of("order_id", "orders"),
            _uniform("product_id", 1, 5_000),
            _number("price", "float", "lognormal", [0.5, 5_000], mean=3.0, sigma=0.8),
            _choice("quantity", [1, 2, 3, 4], [0.6, 0.25, 0.1, 0.05], "int"),
            parents=["orders"], pk="item_id", fanout={"distribution": "uniform", "min": 1, "max": 5},
        ),
        start="2024-01-01", end="2024-12-31", freq="h",
    )  # fmt: skip


def tpch(scale: float = 1.0) -> Tree:
    """Return eight tables with the rows, the columns and the links of TPC-H, and values of its kinds."""

    def rows(base: int) -> int:
        return max(1, round(base * scale))

    nations = [f"NATION {n}" for n in range(25)]
    priorities = ["1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"]
    phone = {"method": "numerify", "text": "%#-###-###-####"}
    return _schema(
        "tpch",
        _node("region", "vocab", _key("r_regionkey"),
              _column("r_name", "string", enum_list={"values": ["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"]}),
              pk="r_regionkey"),
        _node("nation", "vocab", _key("n_nationkey"), _column("n_name", "string", enum_list={"values": nations}),
              _of("n_regionkey", "region", "r_regionkey"), pk="n_nationkey"),
        _node("supplier", "entity", _key("s_suppkey"), _column("s_name", "string", faker={"method": "company"}),
              _column("s_address", "string", faker={"method": "street_address"}),
              _of("s_nationkey", "nation", "n_nationkey"), _column("s_phone", "string", faker=phone),
              _uniform("s_acctbal", -999.99, 9999.99, "float"), _text("s_comment", 9),
              rows=rows(10_000), pk="s_suppkey"),
        _node("customer", "entity", _key("c_custkey"), _column("c_name", "string", faker={"method": "name"}),
              _column("c_address", "string", faker={"method": "street_address"}),
              _of("c_nationkey", "nation", "n_nationkey"), _column("c_phone", "string", faker=phone),
              _uniform("c_acctbal", -999.99, 9999.99, "float"),
              _choice("c_mktsegment", ["AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"]),
              _text("c_comment", 10), rows=rows(150_000), pk="c_custkey"),
        _node("part", "entity", _key("p_partkey"), _text("p_name", 5),
              _choice("p_mfgr", [f"M#{n}" for n in range(1, 6)]),
              _choice("p_brand", [f"Brand#{n}" for n in range(11, 36)]),
              _choice("p_type", [f"TYPE {n}" for n in range(150)]), _uniform("p_size", 1, 50),
              _choice("p_container", [f"BOX {n}" for n in range(40)]), _uniform("p_retailprice", 901, 2098.99, "float"),
              _text("p_comment", 3), rows=rows(200_000), pk="p_partkey"),
        _node("partsupp", "fact", _of("ps_partkey", "part", "p_partkey"), _of("ps_suppkey", "supplier", "s_suppkey"),
              _uniform("ps_availqty", 1, 9999), _uniform("ps_supplycost", 1, 1000, "float"), _text("ps_comment", 18),
              _key("ps_id"), parents=["part", "supplier"], pk="ps_id", fanout={"distribution": "fixed", "n": 4}),
        _node("orders", "fact", _key("o_orderkey"), _of("o_custkey", "customer", "c_custkey"),
              _choice("o_orderstatus", ["F", "O", "P"], [0.49, 0.49, 0.02]),
              _number("o_totalprice", "float", "lognormal", [850, 560_000], mean=11.7, sigma=0.6), _day("o_orderdate"),
              _choice("o_orderpriority", priorities), _choice("o_clerk", [f"Clerk#{n:09}" for n in range(1_000)]),
              _choice("o_shippriority", [0], type="int"), _text("o_comment", 7),
              parents=["customer"], pk="o_orderkey", fanout={"distribution": "poisson", "lambda": 10}),
        _node("lineitem", "fact", _of("l_orderkey", "orders", "o_orderkey"), _of("l_partkey", "part", "p_partkey"),
              _of("l_suppkey", "supplier", "s_suppkey"), _uniform("l_linenumber", 1, 7), _uniform("l_quantity", 1, 50),
              _uniform("l_extendedprice", 901, 104_949.5, "float"), _uniform("l_discount", 0, 0.1, "float"),
              _uniform("l_tax", 0, 0.08, "float"), _choice("l_returnflag", ["A", "N", "R"], [0.25, 0.5, 0.25]),
              _choice("l_linestatus", ["F", "O"]), _day("l_shipdate"), _day("l_commitdate"), _day("l_receiptdate"),
              _choice("l_shipinstruct", ["COLLECT COD", "DELIVER IN PERSON", "NONE", "TAKE BACK RETURN"]),
              _choice("l_shipmode", ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]), _text("l_comment", 4),
              _key("l_id"), parents=["orders", "part", "supplier"], pk="l_id",
              fanout={"distribution": "uniform", "min": 1, "max": 7}),
        start="1992-01-01", end="1998-12-31", freq="D",
    )  # fmt: skip
