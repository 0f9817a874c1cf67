"""Partial states: the parts of a table, in any order and from other processes, make the whole."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from datagen_engine.planning.plan import Plan
from datagen_engine.validation.behaviour.checks import TablePass
from datagen_engine.validation.behaviour.tables import DataTables
from tests.drawing import plan_of
from tests.engine.validation.behaviour.market import market
from tests.engine.validation.behaviour.memory import Data, Memory, drawn


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(market(700), seed=5)


@pytest.fixture(scope="module")
def data(plan: Plan) -> Data:
    return drawn(plan)


@pytest.mark.parametrize("table", ["customer", "order", "ticket", "step"])
def test_parts_make_the_whole(plan: Plan, data: Data, table: str) -> None:
    whole = TablePass(DataTables(Memory(plan, data)), table)
    whole.add(data[table].select(whole.columns).combine_chunks().to_batches()[0], 0)

    batches = data[table].select(whole.columns).to_batches(max_chunksize=97)
    starts = np.concatenate(([0], np.cumsum([batch.num_rows for batch in batches]))).tolist()
    joined = TablePass(DataTables(Memory(plan, data)), table)
    order = np.random.default_rng(1).permutation(len(batches)).tolist()
    for some in (order[::3], order[1::3], order[2::3]):
        worker = TablePass(DataTables(Memory(plan, data)), table)
        for place in some:
            worker.add(batches[place], starts[place])
        joined.merge(pickle.loads(pickle.dumps(worker.taken())))  # noqa: S301  # our own, a line above

    for one, two in zip(whole.records(), joined.records(), strict=True):
        assert one.id == two.id
        assert one.status == two.status
        assert one.rows_checked == two.rows_checked
        assert one.message == two.message
        assert one.miss == pytest.approx(two.miss)
        if "p_value" in one.details:
            assert one.details["p_value"] == pytest.approx(two.details["p_value"], rel=1e-6, abs=1e-12)


def test_a_sample_is_the_same_however_the_rows_are_cut(plan: Plan, data: Data) -> None:
    found = []
    for size in (5000, 211):
        context = Memory(plan, data, sample=400, rows=size)
        once = TablePass(DataTables(context), "order")
        offset = 0
        for batch in context.batches("order", once.columns):
            once.add(batch, offset)
            offset += batch.num_rows
        found.append({record.id: (record.rows_checked, record.message) for record in once.records()})
    assert found[0] == found[1]
    sampled = found[0]["distribution:order.tip"][0]
    assert 300 < sampled < 500
    assert found[0]["shares:order.rating"][0] == data["order"].num_rows
