"""What there is to say of a column, over every row of a view: figures, and the shares that a plot draws."""

from __future__ import annotations

from typing import Any

from datagen_app.results.cells import cell
from datagen_app.results.database import Database
from datagen_app.results.kinds import NUMBERS, TIMES, Kind
from datagen_app.results.names import identifier
from datagen_app.results.task import Task
from datagen_app.results.views import Spec
from datagen_engine import UsageError

__all__ = ["column_statistics"]

_BINS = 40
_TOP = 12


def column_statistics(database: Database, spec: Spec, column: str, task: Task) -> dict[str, Any]:
    """Return the figures of a column and its plots.

    Returns
    -------
    dict
        `kind`; `rows`, `nulls`, `distinct` (about, from 1,000 on); `figures`: pairs of a label and a text;
        `plots`: each `form` (`bars`, `heat`), `title`, `labels`, `shares` (0–1, of the rows that are not null), and for
        a heat map `across`.
    """
    kinds = database.kinds(spec.table)
    if column not in kinds:
        raise UsageError(f"{spec.table} has no column {column}")
    kind, name = kinds[column], identifier(column)
    where, parameters = spec.where(database)
    source = f"(SELECT {name} AS v FROM {database.relation(spec.table)} WHERE {where})"

    def ask(sql: str) -> list[dict[str, Any]]:
        return database.table_of(task, sql.replace("@", source), parameters).to_pylist()

    about = ask("SELECT count(*) AS rows, count(v) AS valued, approx_count_distinct(v) AS distinct_ FROM @")[
        0
    ]
    rows, valued, distinct = int(about["rows"]), int(about["valued"]), int(about["distinct_"])
    if 0 < distinct <= 1_100:  # so few are counted
        distinct = int(ask("SELECT count(DISTINCT v) AS n FROM @")[0]["n"])
    told: dict[str, Any] = {
        "kind": kind,
        "rows": rows,
        "nulls": rows - valued,
        "distinct": distinct,
        "exact": distinct <= 1_000,
        "figures": [],
        "plots": [],
    }
    if not valued:
        return told
    if kind in NUMBERS:
        _numbers(told, ask, kind, valued)
    elif kind in TIMES:
        _times(told, ask, kind, valued)
    else:
        if kind == "string":
            sizes = ask("SELECT min(length(v)) AS low, max(length(v)) AS high FROM @")[0]
            told["figures"] = [("length", f"{sizes['low']:,} … {sizes['high']:,}")]
        _top(told, ask, valued, distinct)
    return told


def _numbers(told: dict[str, Any], ask: Any, kind: Kind, valued: int) -> None:
    said = ask(
        "SELECT min(v) AS low, max(v) AS high, avg(v) AS mean, stddev_samp(v) AS std, "
        "approx_quantile(v, [0.05, 0.5, 0.95]) AS q FROM @"
    )[0]
    low, high, quantiles = float(said["low"]), float(said["high"]), said["q"]
    told["figures"] = [
        ("min", _figure(said["low"])),
        ("5 %", _figure(quantiles[0])),
        ("median", _figure(quantiles[1])),
        ("mean", _figure(said["mean"])),
        ("95 %", _figure(quantiles[2])),
        ("max", _figure(said["high"])),
        ("std", _figure(said["std"])),
    ]
    if kind == "int" and high - low < _BINS:
        found = {
            int(row["v"]): row["n"]
            for row in ask("SELECT v, count(*) AS n FROM @ WHERE v IS NOT NULL GROUP BY v")
        }
        values = range(int(low), int(high) + 1)
        told["plots"] = [
            _bars(
                "Share of each value",
                [str(value) for value in values],
                [found.get(value, 0) for value in values],
                valued,
            )
        ]
        return
    if not low < high or abs(high - low) == float("inf"):
        return
    width = (high - low) / _BINS
    found = {
        int(row["b"]): row["n"]
        for row in ask(
            f"SELECT least({_BINS - 1}, greatest(0, floor((v - {low!r}::DOUBLE) / {width!r}::DOUBLE)))::INTEGER AS b, "
            "count(*) AS n FROM @ WHERE v IS NOT NULL AND isfinite(v::DOUBLE) GROUP BY b"
        )
    }
    labels = [f"{_figure(low + width * at)} – {_figure(low + width * (at + 1))}" for at in range(_BINS)]
    plot = _bars("Distribution", labels, [found.get(at, 0) for at in range(_BINS)], valued, histogram=True)
    told["plots"] = [{**plot, "ends": [_figure(said["low"]), _figure(said["high"])]}]


def _times(told: dict[str, Any], ask: Any, kind: Kind, valued: int) -> None:
    said = ask("SELECT min(v) AS low, max(v) AS high, date_diff('day', min(v), max(v)) AS days FROM @")[0]
    told["figures"] = [("first", cell(said["low"])), ("last", cell(said["high"]))]
    days = int(said["days"])
    step = "day" if days <= 62 else "month" if days <= 5 * 366 else "year"
    found = ask(
        f"SELECT date_trunc('{step}', v)::DATE AS t, count(*) AS n FROM @ WHERE v IS NOT NULL GROUP BY t ORDER BY t"
    )
    form = {"day": "%d %b", "month": "%b %Y", "year": "%Y"}[step]
    told["plots"].append(
        _bars(f"By {step}", [row["t"].strftime(form) for row in found], [row["n"] for row in found], valued)
    )
    week = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    if kind == "date":
        by_day = {
            int(row["d"]): row["n"]
            for row in ask("SELECT isodow(v) AS d, count(*) AS n FROM @ WHERE v IS NOT NULL GROUP BY d")
        }
        told["plots"].append(
            _bars("By weekday", list(week), [by_day.get(at, 0) for at in range(1, 8)], valued)
        )
        return
    cells = {
        (int(row["d"]), int(row["h"])): row["n"]
        for row in ask(
            "SELECT isodow(v) AS d, hour(v) AS h, count(*) AS n FROM @ WHERE v IS NOT NULL GROUP BY d, h"
        )
    }
    told["plots"].append(
        {
            "form": "heat",
            "title": "Hour and weekday",
            "labels": list(week),
            "across": [str(hour) for hour in range(24)],
            "shares": [[cells.get((day, hour), 0) / valued for hour in range(24)] for day in range(1, 8)],
        }
    )


def _top(told: dict[str, Any], ask: Any, valued: int, distinct: int) -> None:
    if distinct == valued and valued > _TOP:
        return  # every value is there once: nothing to compare
    found = ask(
        f"SELECT v, count(*) AS n FROM @ WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT {_TOP}"
    )
    title = "Share of each value" if distinct <= _TOP else f"The {len(found)} most frequent"
    told["plots"] = [
        _bars(title, [str(cell(row["v"])) for row in found], [row["n"] for row in found], valued)
    ]


def _bars(
    title: str, labels: list[str], counts: list[int], valued: int, *, histogram: bool = False
) -> dict[str, Any]:
    return {
        "form": "bars",
        "title": title,
        "labels": labels,
        "shares": [count / valued for count in counts],
        "histogram": histogram,
    }


def _figure(value: Any) -> str:
    if value is None:
        return "–"
    number = float(value)
    if isinstance(value, int) or (number.is_integer() and abs(number) < 1e15):
        return f"{int(number):,}"
    return f"{number:,.2f}" if abs(number) >= 100 else f"{number:.4g}"
