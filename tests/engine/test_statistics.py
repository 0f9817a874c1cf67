"""What is in the files is distributed as the schema says: judged by DuckDB and scipy, which know nothing of us."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats

import datagen_engine as datagen
from tests.engine.small import Array, Tree, column, fact, schema, table, vocabulary

pytestmark = pytest.mark.statistical

EXAMPLES = datagen.examples()
ROWS = 200_000
RARE = 1e-4
"""A fair draw fails a judgement this rarely; the seeds are fixed, so it fails always or never."""

WORDS = [f"w{i}" for i in range(10)]
HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 9, 9, 8, 7, 8, 9, 9, 8, 8, 9, 7, 5, 4, 3, 2, 1]
DAYS = [10, 10, 11, 12, 14, 6, 3]
MONTHS = [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]

SHAPES: dict[str, tuple[Tree, Any]] = {
    "normal": ({"mean": 5, "std": 2}, stats.norm(5, 2)),
    "lognormal": ({"mean": 1, "sigma": 0.5}, stats.lognorm(0.5, scale=np.e)),
    "uniform": ({"low": -3, "high": 9}, stats.uniform(-3, 12)),
    "exponential": ({"scale": 4}, stats.expon(scale=4)),
    "gamma": ({"a": 2.5, "scale": 3}, stats.gamma(2.5, scale=3)),
    "beta": ({"a": 2, "b": 5}, stats.beta(2, 5)),
    "weibull": ({"c": 1.5, "scale": 2}, stats.weibull_min(1.5, scale=2)),
    "triangular": ({"low": 0, "mode": 2, "high": 10}, stats.triang(0.2, 0, 10)),
}
COUNTS: dict[str, tuple[Tree, Any]] = {
    "poisson": ({"lambda": 3.5}, stats.poisson(3.5)),
    "binomial": ({"n": 12, "p": 0.3}, stats.binom(12, 0.3)),
}


def number(kind: str, params: Tree, clamp: tuple[float, float] = (-1e9, 1e9)) -> Tree:
    return {"distribution": {"type": kind, "params": params, "clamp": list(clamp)}}


def times(**more: Any) -> Tree:
    return {"datetime_series": {"within": "timeframe", "freq": "15min", **more}}


PROMOTIONS = vocabulary(
    "promotion",
    **{"datetime:starts": ["2024-03-10", "2024-06-01T12:00:00Z"], "date:ends": ["2024-03-12", "2024-06-02"]},
    kind=["a", "b"],
    factor=[4.0, 0.5],
)
WINDOW = {"start_col": "starts", "end_col": "ends"}
EVERYONE = {"effect_table": "promotion", "on": {}, "window": WINDOW, "map": {"field": "factor", "op": "mul"}}

BIG = schema(
    PROMOTIONS,
    table(
        column("weighted", "string", {"choice": {"choices": WORDS, "weights": list(range(10))}}),
        column("zipf", "string", {"choice": {"choices": WORDS, "weights_kind": "zipf@1.3"}}),
        column("head", "string", {"choice": {"choices": WORDS, "weights_kind": "head_tail@{0.7,1}"}}),
        *(column(kind, "float", number(kind, params)) for kind, (params, _) in SHAPES.items()),
        *(column(kind, "int", number(kind, params)) for kind, (params, _) in COUNTS.items()),
        column("dice", "int", number("uniform", {"low": 1, "high": 6})),
        column("again", "float", number("normal", {"mean": 5, "std": 2})),
        column(
            "at", "datetime", times(pattern={"dimension": "hour", "weights": HOURS}),
            {"seasonality": {"dimension": "dow", "weights": DAYS}},
        ),
        column("promoted", "datetime", times(), {"effect": EVERYONE}),
        column("flat", "datetime", times()),
        column(
            "seasonal", "float", number("normal", {"mean": 10, "std": 1}),
            {"seasonality": {"dimension": "month", "weights": MONTHS, "time_reference": "flat"}},
        ),
        column(
            "lifted", "float", number("normal", {"mean": 10, "std": 1}),
            {"effect": {**EVERYONE, "time_reference": "flat"}},
        ),
        column(
            "grown", "float", number("normal", {"mean": 10, "std": 1}),
            {"trend": {"type": "exponential", "growth_rate": 0.5, "time_reference": "flat"}},
        ),
        column(
            "struck", "float", number("uniform", {"low": 1, "high": 2}),
            {"outliers": {"rate": 0.02, "magnitude": 9}},
        ),
        column("nulls", "float", number("normal", {"mean": 0, "std": 1}), nullable=True, null_rate=0.3),
        rows=ROWS,
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Array]]:
    """Ask DuckDB about the table, which it reads as `t`: gives the rows of the answer as one array."""
    folder = tmp_path_factory.mktemp("big") / "out"
    datagen.generate(BIG, folder, seed=11)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"create view t as from '{folder}/t.parquet'")
        connection.execute(f"create view promotion as from '{folder}/promotion.parquet'")

        def ask(question: str) -> Array:
            found = connection.sql(question).to_arrow_table()
            columns = [found[name].to_numpy() for name in found.column_names]
            return columns[0] if len(columns) == 1 else np.column_stack(columns)

        yield ask


def assert_shares(counts: Array, weights: Any) -> None:
    """Judge counts against weights by χ²; what has no weight must not occur."""
    expected = np.asarray(weights, dtype=float)
    expected = expected / expected.sum() * counts.sum()
    assert (counts[expected == 0] == 0).all()
    assert stats.chisquare(counts[expected > 0], expected[expected > 0]).pvalue > RARE


# -- one column -----------------------------------------------------------------------------------------------


def occurrences(big: Callable[[str], Array], name: str) -> Array:
    return big(
        f"select count(t.id) from unnest({WORDS}) w(word) left join t on {name} = word group by word order by word"
    )


def test_weights_are_shares(big: Callable[[str], Array]) -> None:
    assert_shares(occurrences(big, "weighted"), range(10))


def test_the_kth_choice_of_a_zipf_has_a_share_of_a_power(big: Callable[[str], Array]) -> None:
    assert_shares(occurrences(big, "zipf"), np.arange(1, 11) ** -1.3)


def test_a_head_shares_evenly_and_a_tail_by_zipf(big: Callable[[str], Array]) -> None:
    tail = 1 / np.arange(1, 9)
    assert_shares(occurrences(big, "head"), [0.35, 0.35, *(0.3 * tail / tail.sum())])


@pytest.mark.parametrize("kind", SHAPES)
def test_numbers_follow_their_distribution(big: Callable[[str], Array], kind: str) -> None:
    assert stats.kstest(big(f"select {kind} from t"), SHAPES[kind][1].cdf).pvalue > RARE


@pytest.mark.parametrize("kind", COUNTS)
def test_counts_follow_their_distribution(big: Callable[[str], Array], kind: str) -> None:
    found = np.bincount(big(f"select least({kind}, 10) from t").astype(int), minlength=11)
    law = COUNTS[kind][1]
    assert_shares(found, [*law.pmf(np.arange(10)), law.sf(9)])


def test_whole_numbers_of_a_uniform_are_all_alike(big: Callable[[str], Array]) -> None:
    assert_shares(big("select count(*) from t group by dice order by dice"), [1] * 6)


def test_a_share_is_null(big: Callable[[str], Array]) -> None:
    missing = int(big("select count(*) from t where nulls is null")[0])
    assert stats.binomtest(missing, ROWS, 0.3).pvalue > RARE


def test_a_share_is_struck_and_by_as_much_as_said(big: Callable[[str], Array]) -> None:
    struck = big("select struck from t where struck > 2")
    assert stats.binomtest(len(struck), ROWS, 0.02).pvalue > RARE
    assert stats.kstest(struck, stats.uniform(10, 10).cdf).pvalue > RARE


# -- over time ------------------------------------------------------------------------------------------------


def test_hours_and_weekdays_multiply(big: Callable[[str], Array]) -> None:
    """168 cells, each with the product of its two weights times how many of its ticks the year has."""
    observed = big(
        "select count(t.id) from range(1, 8) d(day), range(24) h(hour) left join t"
        " on isodow(t.at) = day and hour(t.at) = hour group by day, hour order by day, hour"
    )
    ticks = big(
        "select count(*) from range(timestamp '2024-01-01', timestamp '2025-01-01', interval 15 minute) r(tick)"
        " group by isodow(tick), hour(tick) order by isodow(tick), hour(tick)"
    )
    weights = np.outer(DAYS, HOURS).ravel()
    assert_shares(observed, ticks * weights)


def test_times_lie_on_their_grid_and_everywhere_alike(big: Callable[[str], Array]) -> None:
    assert big("select count(*) from t where epoch_us(flat) % 900000000 != 0")[0] == 0
    days = big("select count(*) from t group by flat::date order by flat::date")
    assert_shares(days, [1] * 366)


def test_a_promotion_lifts_the_chance_of_its_days(big: Callable[[str], Array]) -> None:
    observed = big("select count(*) from t group by promoted::date order by promoted::date")
    weights = np.ones(366)
    weights[69:72] = 4  # 10 to 12 March: the whole of the last day
    weights[152:154] = 0.75, 0.5  # 1 June from noon, and the 2nd
    assert_shares(observed, weights)


def test_a_season_scales_the_mean_of_its_month(big: Callable[[str], Array]) -> None:
    means = big("select avg(seasonal) from t group by month(flat) order by month(flat)")
    assert means == pytest.approx(np.array(MONTHS) * 10.0, rel=0.005)  # 16,000 rows a month: σ/√n ≈ 0.08 %


def test_an_effect_scales_what_it_meets_and_nothing_else(big: Callable[[str], Array]) -> None:
    means = dict(
        big(
            "select coalesce(factor, 1), avg(lifted) from t left join promotion"
            " on flat between starts and ends + interval 1 day - interval 1 microsecond group by 1"
        ).tolist()
    )
    assert means == pytest.approx({4.0: 40, 0.5: 5, 1.0: 10}, rel=0.01)


def test_a_trend_grows_by_its_rate(big: Callable[[str], Array]) -> None:
    years = "epoch(flat - timestamp '2024-01-01') / 86400 / 365.25"
    residue = big(f"select grown / power(1.5, {years}) from t")
    assert stats.kstest(residue, stats.norm(10, 1).cdf).pvalue > RARE


# -- between columns, rows, tables and seeds -----------------------------------------------------------------


RANKED = [*SHAPES, "again", "dice", "struck", "lifted"]


def test_columns_are_independent_of_each_other(big: Callable[[str], Array]) -> None:
    """Two columns of the same spec among them; lifted only shares a time with others."""
    drawn = np.column_stack([big(f"select {name} from t order by id") for name in RANKED])
    ranks = stats.rankdata(drawn, axis=0)
    found = np.corrcoef(ranks, rowvar=False)[np.triu_indices(len(RANKED), 1)]
    # Each of the 66 is about normal with a deviation of 1/√n; 4.5 of them is one in two thousand for the largest.
    assert np.abs(found).max() < 4.5 / np.sqrt(ROWS)


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(["weighted", "zipf", "head", "dice"], 2)])
def test_categories_are_independent_of_each_other(big: Callable[[str], Array], one: str, other: str) -> None:
    counts = big(
        f"select count(t.id) from (select distinct {one} a from t), (select distinct {other} b from t)"
        f" left join t on t.{one} = a and t.{other} = b group by a, b order by a, b"
    )
    rows = int(big(f"select count(distinct {one}) from t")[0])
    assert stats.chi2_contingency(counts.reshape(rows, -1)).pvalue > RARE


@pytest.mark.parametrize("name", ["normal", "uniform", "weighted", "dice"])
@pytest.mark.parametrize("lag", [1, 2, 7, 8192])
def test_rows_are_independent_of_each_other(big: Callable[[str], Array], name: str, lag: int) -> None:
    ranks = stats.rankdata(big(f"select {name} from t order by id"))
    found = np.corrcoef(ranks[:-lag], ranks[lag:])[0, 1]
    assert abs(found) < 4 / np.sqrt(ROWS)


def test_seeds_and_tables_are_independent() -> None:
    normal = [column(name, "float", number("normal", {"mean": 0, "std": 1})) for name in ("x", "y")]
    tree = schema(*(table(*normal, id=id, rows=50_000) for id in ("t", "u")))
    drawn = [
        datagen.preview(tree, id, 50_000, seed=seed)[name].to_numpy()
        for seed in (1, 2, 3)
        for id in ("t", "u")
        for name in ("x", "y")
    ]
    found = np.corrcoef(drawn)[np.triu_indices(len(drawn), 1)]
    assert np.abs(found).max() < 4.5 / np.sqrt(50_000)


# -- numbers of children -------------------------------------------------------------------------------------

PARENTS = 40_000


def children(tmp_path: Path, fanout: Tree | None, *, factors: list[float], op: str = "mul") -> Array:
    """Draw children of parents of three kinds, whose effects differ; return mean and variance of each kind."""
    effects = vocabulary("rate", kind=["a", "b", "c"], factor=factors)
    parents = table(column("kind", "string", {"choice": {"choices": ["a", "b", "c"]}}), rows=PARENTS)
    child = fact(column("t_id", "int", {"lookup": {"from": "t.id"}}))
    if fanout is not None:
        child["fanout"] = fanout
    effect = {"effect_table": "rate", "on": {"kind": "kind"}, "map": {"field": "factor", "op": op}}
    child["modifiers"] = [{"transform": "effect", "args": effect}]
    folder = tmp_path / "out"
    datagen.generate(schema(effects, parents, child), folder, seed=5)
    with duckdb.connect() as connection:
        found = connection.sql(
            f"with n as (select t.id, kind, count(f.id) n from '{folder}/t.parquet' t"
            f" left join '{folder}/f.parquet' f on f.t_id = t.id group by all)"
            " select avg(n), var_pop(n) from n group by kind order by kind"
        ).to_arrow_table()
    return np.column_stack([found.column(i).to_numpy() for i in range(2)])


def assert_means(found: Array, expected: list[float]) -> None:
    error = np.sqrt(found[:, 1] / (PARENTS / 3)) + 1e-12
    assert (np.abs(found[:, 0] - expected) < 4.5 * error).all()


def test_multipliers_scale_the_mean_of_a_poisson_fanout(tmp_path: Path) -> None:
    found = children(tmp_path, {"distribution": "poisson", "lambda": 2.5}, factors=[1.0, 1.7, 0.3])
    assert_means(found, [2.5, 4.25, 0.75])
    assert found[:, 1] == pytest.approx(found[:, 0], rel=0.06)  # still poisson: the variance is the mean


def test_other_fanouts_are_rounded_so_that_the_mean_is_kept(tmp_path: Path) -> None:
    found = children(tmp_path, {"distribution": "uniform", "min": 1, "max": 3}, factors=[1.0, 1.35, 0.1])
    assert_means(found, [2.0, 2.7, 0.2])


def test_without_a_fanout_one_child_is_multiplied(tmp_path: Path) -> None:
    assert_means(children(tmp_path, None, factors=[1.0, 2.5, 0.0]), [1.0, 2.5, 0.0])


def test_what_is_added_is_added_to_the_mean(tmp_path: Path) -> None:
    found = children(tmp_path, {"distribution": "poisson", "lambda": 1}, factors=[0.0, 0.5, 2.0], op="add")
    assert_means(found, [1.0, 1.5, 3.0])


def test_a_clamp_is_multiplied_too(tmp_path: Path) -> None:
    found = children(tmp_path, {"distribution": "poisson", "lambda": 50, "max": 3}, factors=[1.0, 2.0, 1.5])
    assert_means(found, [3.0, 6.0, 4.5])


# -- what holds in the data of every example ------------------------------------------------------------------


def view(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Name every table of a run as the schema does."""
    for path in folder.iterdir():
        if path.suffix == ".parquet":
            connection.execute(f"create view \"{path.stem}\" as from '{path}'")
        elif path.is_dir():
            connection.execute(f"create view \"{path.name}\" as from '{path}/*.parquet'")


@pytest.fixture(params=EXAMPLES)
def example(
    request: pytest.FixtureRequest, example_run: Callable[[str], Path]
) -> Iterator[tuple[Tree, duckdb.DuckDBPyConnection]]:
    with duckdb.connect() as connection:
        view(connection, example_run(request.param))
        yield datagen.load(EXAMPLES[request.param]).tree, connection


def count(connection: duckdb.DuckDBPyConnection, question: str) -> int:
    return int(connection.sql(f"select count(*) {question}").to_arrow_table().column(0)[0].as_py())


def quoted(attribute: str) -> tuple[str, str]:
    one, _, other = attribute.partition(".")
    return f'"{one}"', f'"{other}"'


def test_every_foreign_key_resolves(example: tuple[Tree, duckdb.DuckDBPyConnection]) -> None:
    tree, connection = example
    keys = tree["constraints"]["foreign_keys"]
    assert keys
    for key in keys:
        (child, own), (parent, remote) = quoted(key["from"]), quoted(key["to"])
        lost = f"from {child} where {own} is not null and {own} not in (select {remote} from {parent})"
        assert count(connection, lost) == 0, key


def test_every_primary_key_is_one(example: tuple[Tree, duckdb.DuckDBPyConnection]) -> None:
    tree, connection = example
    for node in tree["nodes"]:
        id, pk = quoted(f"{node['id']}.{node['pk']}")
        rows = count(connection, f"from {id}")
        assert count(connection, f"from (select distinct {pk} from {id} where {pk} is not null)") == rows, id


def plain_lookups(node: Tree, target: str) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table that are another's as they are, each with what it is there."""
    for each in node["columns"]:
        found = each["generator"].get("lookup")
        whole = not each.get("modifiers") and not each.get("null_rate")
        if found and whole and not found.get("on") and found["from"].partition(".")[0] == target:
            yield each["name"], found["from"].partition(".")[2]


def test_lookups_of_a_parent_are_of_one_row(example: tuple[Tree, duckdb.DuckDBPyConnection]) -> None:
    tree, connection = example
    nodes = {node["id"]: node for node in tree["nodes"]}
    held = {
        attribute.partition(".")[::2]
        for one in tree["constraints"].get("ranges", ())
        for attribute in [one["attr"]]
    }
    for node in tree["nodes"]:
        for parent in node.get("parents") or ():
            read = [
                (own, there) for own, there in plain_lookups(node, parent) if (node["id"], own) not in held
            ]
            key = next((own for own, there in read if there == nodes[parent]["pk"]), None)
            for own, there in read:
                if key is None:
                    continue
                differ = (
                    f'from "{node["id"]}" c join "{parent}" p on c."{key}" = p."{nodes[parent]["pk"]}"'
                    f' where c."{own}" is distinct from p."{there}"'
                )
                assert count(connection, differ) == 0, (node["id"], own)
