"""Each fanout against its formula, and what its body may not say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from datagen_engine.schema.parts import FANOUTS, Fanout
from tests.engine.small import Array, Tree, column, fact, faults, plan, table

U = (np.arange(200_000) + 0.5) / 200_000
KEY = column("p", "int", {"lookup": {"from": "t.id"}})


def law(key: str, **body: Any) -> Fanout:
    return FANOUTS.get(key).model_validate(body)


def counts(of: Fanout, u: Array = U, scale: float | None = None, shift: float | None = None) -> Array:
    rng = np.random.default_rng(3)
    parts = [None if part is None else np.full(len(u), part) for part in (scale, shift)]
    return of.counts(u, parts[0], parts[1], lambda: rng.random(len(u)))


def shares(found: Array, upto: int) -> Array:
    return np.bincount(found, minlength=upto + 1)[: upto + 1] / len(found)


CASES = [
    (law("poisson", **{"lambda": 3.0}), stats.poisson(3)),
    (law("uniform", min=1, max=4), stats.randint(1, 5)),
    (law("geometric", p=0.25), stats.geom(0.25, loc=-1)),
    (law("negative_binomial", mean=4.0, dispersion=0.8), stats.nbinom(1 / 0.8, 1 / (1 + 0.8 * 4))),
    (law("zipf", a=1.5, max=12), stats.zipfian(1.5, 12)),
]


@pytest.mark.parametrize(("fanout", "formula"), CASES, ids=[fanout.key for fanout, _ in CASES])
def test_shares_are_those_of_the_formula(fanout: Fanout, formula: Any) -> None:
    expected = formula.pmf(np.arange(13))
    assert shares(counts(fanout), 12) == pytest.approx(expected, abs=2e-5)
    assert fanout.mean() == pytest.approx(float(formula.mean()))


def test_a_choice_has_the_shares_of_its_weights() -> None:
    found = counts(law("choice", values=[5, 0, 2], weights=[1, 2, 1]))
    assert shares(found, 5) == pytest.approx([0.5, 0, 0.25, 0, 0, 0.25], abs=1e-5)


def test_a_fixed_number_is_the_same_for_all() -> None:
    assert set(counts(law("fixed", n=3)).tolist()) == {3}
    # 3 × 1.5 is 4 or 5, as often; an effect that adds moves it.
    assert shares(counts(law("fixed", n=3), scale=1.5), 5)[4:] == pytest.approx([0.5, 0.5], abs=0.01)
    assert set(counts(law("fixed", n=3), shift=2.0).tolist()) == {5}
    assert set(counts(law("fixed", n=3, max=4), shift=2.0).tolist()) == {4}


def test_a_multiplier_scales_the_mean_of_a_poisson_one() -> None:
    found = counts(law("poisson", **{"lambda": 2.0}), scale=1.5, shift=1.0)
    assert shares(found, 12) == pytest.approx(stats.poisson(4).pmf(np.arange(13)), abs=2e-5)


def test_a_multiplier_scales_the_mean_of_a_negative_binomial_one_and_keeps_its_dispersion() -> None:
    found = counts(law("negative_binomial", mean=2.0, dispersion=0.5), scale=3.0, shift=1.0)
    assert found.mean() == pytest.approx(7.0, rel=1e-3)
    assert found.var() == pytest.approx(7.0 + 0.5 * 49, rel=1e-2)


@pytest.mark.parametrize(
    ("fanout", "values"),
    [
        (law("uniform", min=1, max=4), [1, 2, 3, 4]),
        (law("choice", values=[1, 3], weights=[1, 1]), [1, 3]),
        (law("geometric", p=0.5, max=2), [0, 1, 2]),
        (law("zipf", a=1, max=3), [1, 2, 3]),
    ],
    ids=lambda given: getattr(given, "key", ""),
)
def test_a_multiplier_scales_each_draw_of_the_others(fanout: Fanout, values: list[int]) -> None:
    plain = counts(fanout)
    for m in (2.0, 1.3):
        scaled = counts(fanout, scale=m)
        for value in values:
            here = scaled[plain == value]
            assert set(here.tolist()) <= {int(np.floor(value * m)), int(np.ceil(value * m))}
            assert here.mean() == pytest.approx(value * m, abs=0.02)


WRONG: list[tuple[Tree, str, str]] = [
    ({"distribution": "fixed"}, "/n", "missing-key"),
    ({"distribution": "fixed", "n": -1}, "/n", "out-of-limits"),
    ({"distribution": "fixed", "n": 1.5}, "/n", "wrong-type"),
    ({"distribution": "geometric", "p": 0}, "/p", "out-of-limits"),
    ({"distribution": "geometric", "p": 0.5, "min": 3, "max": 2}, "", "low-above-high"),
    ({"distribution": "negative_binomial", "mean": 2}, "/dispersion", "missing-key"),
    ({"distribution": "negative_binomial", "mean": 2, "dispersion": -1}, "/dispersion", "out-of-limits"),
    ({"distribution": "zipf", "a": 1}, "", "missing-key"),
    ({"distribution": "zipf", "a": 1, "max": 10**7}, "", "missing-key"),
    ({"distribution": "zipf", "a": 1, "max": 0}, "", "low-above-high"),
    ({"distribution": "choice", "values": [1], "weights": [1, 2]}, "", "bad-weights"),
    ({"distribution": "choice", "values": [1, 2], "weights": [0, 0]}, "/weights", "bad-weights"),
    ({"distribution": "choice", "values": [-1], "weights": [1]}, "/values/0", "out-of-limits"),
    ({"distribution": "uniform", "min": 1}, "", "missing-key"),
    ({"distribution": "uniform", "min": 3, "max": 2}, "", "low-above-high"),
    ({"distribution": "poisson", "lambda": -1}, "/lambda", "out-of-limits"),
    ({"distribution": "poisson", "lambda": 1, "clamp": [2, 1]}, "", "low-above-high"),
]


@pytest.mark.parametrize(
    ("body", "path", "code"), WRONG, ids=[f"{b['distribution']}-{c}" for b, _, c in WRONG]
)
def test_one_fault_is_one_problem_at_its_place(body: Tree, path: str, code: str) -> None:
    assert faults(table(), fact(KEY, fanout=body)) == [(f"/nodes/1/fanout{path}", code)]


@pytest.mark.parametrize("key", sorted(FANOUTS.all()))
def test_every_fanout_gives_each_parent_its_children(key: str) -> None:
    body = {"distribution": key, **FANOUTS.get(key).samples[0]}
    drawn = plan(table(rows=3000), fact(KEY, fanout=body))
    children = drawn.tables["f"].rows
    expected = FANOUTS.get(key).model_validate(FANOUTS.get(key).samples[0])
    spread = max(counts(expected).std(), 1e-9)
    assert abs(children / 3000 - expected.mean()) <= 5 * spread / np.sqrt(3000) + 1e-9
    assert drawn.resolver.tables.expected_rows("f") == pytest.approx(3000 * expected.mean())
