from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.rows import BLOCK, Rows
from datagen_engine.draw.streams import Stream
from tests.engine.small import Array

STREAM = Stream(42, "order", "total", "draw")

samplers = pytest.mark.parametrize(
    "name", ["uniform", "standard_normal", "standard_exponential", "standard_gamma", "beta", "standard_t"]
)


def draw(name: str, rows: Rows, stream: Stream = STREAM) -> Array:
    arguments = {"standard_gamma": (0.7,), "beta": (0.3, 2.0), "standard_t": (3.0,)}.get(name, ())
    if name == "uniform":
        return stream.uniform(rows)
    return stream.drawn(rows, lambda generator, size: getattr(generator, name)(*arguments, size=size))


@samplers
@given(data=st.data())
def test_a_row_is_the_same_however_it_is_asked_for(name: str, data: st.DataObject) -> None:
    size = BLOCK + 50
    whole = draw(name, Rows.run(0, size))
    start = data.draw(st.integers(0, size))
    stop = data.draw(st.integers(start, size))
    assert (draw(name, Rows.run(start, stop)) == whole[start:stop]).all()
    some = np.array(data.draw(st.lists(st.integers(0, size - 1), max_size=10)), dtype=np.int64)
    assert (draw(name, Rows.listed(some)) == whole[some]).all()


@samplers
@pytest.mark.parametrize(
    "other",
    [
        replace(STREAM, seed=43),
        replace(STREAM, table="other"),
        replace(STREAM, column="other"),
        replace(STREAM, purpose="other"),
    ],
    ids=["seed", "table", "column", "purpose"],
)
def test_each_use_of_randomness_has_its_own(name: str, other: Stream) -> None:
    rows = Rows.run(0, 1000)
    one, two = draw(name, rows), draw(name, rows, other)
    assert not (one == two).any()
    assert abs(np.corrcoef(np.argsort(np.argsort(one)), np.argsort(np.argsort(two)))[0, 1]) < 0.16


def test_names_do_not_run_into_each_other() -> None:
    assert Stream(1, "a", "bc", "d").key != Stream(1, "ab", "c", "d").key
    assert Stream(1, "a", "b", "c").key != Stream(11, "a", "b", "c").key


def test_no_rows_are_no_numbers() -> None:
    none = Rows.run(7, 7)
    assert draw("uniform", none).shape == draw("standard_normal", none).shape == (0,)


def test_the_format_of_the_stream_is_what_it_was() -> None:
    # A change here is a change of STREAM_VERSION: the same seed would give other data.
    rows = Rows.listed(np.array([0, 1, 8191, 8192, 10**12]))
    assert STREAM.key == 0xB8E412B7880BDC65E2932E8D3F5F8CDF
    assert STREAM.bits(rows).tolist() == [
        0x34C0EB531118F664,
        0x8755FF9E2844E7AF,
        0xE339723890055A1F,
        0x72B56999DB0E0A5,
        0x7FE3FDC18A1524D1,
    ]
    assert STREAM.below(1000, rows).tolist() == [206, 528, 887, 28, 499]
    block = STREAM.block(1).integers(0, 1000, 4)
    assert block.tolist() == [76, 576, 38, 669]


@pytest.mark.statistical
def test_uniform_numbers_are_uniform_within_and_across_rows() -> None:
    size = 400_000
    u = STREAM.uniform(Rows.run(0, size))
    assert u.min() > 0
    assert u.max() < 1
    assert abs(u.mean() - 0.5) < 5 * np.sqrt(1 / 12 / size)
    # Every bit is fair, and consecutive rows know nothing of each other.
    bits = STREAM.bits(Rows.run(0, size))
    shares = [((bits >> np.uint64(place)) & np.uint64(1)).mean() for place in range(64)]
    assert max(abs(share - 0.5) for share in shares) < 5 * 0.5 / np.sqrt(size)
    cells = np.bincount((u[:-1] * 16).astype(int) * 16 + (u[1:] * 16).astype(int), minlength=256)
    expected = (size - 1) / 256
    assert ((cells - expected) ** 2 / expected).sum() < 255 + 5 * np.sqrt(2 * 255)


@pytest.mark.statistical
def test_a_bounded_number_is_uniform_on_its_bound() -> None:
    size = 200_000
    for bound in (1, 2, 7, 1000):
        drawn = STREAM.below(bound, Rows.run(0, size))
        counts = np.bincount(drawn, minlength=bound)
        assert len(counts) == bound
        expected = size / bound
        assert ((counts - expected) ** 2 / expected).sum() < bound - 1 + 5 * np.sqrt(2 * bound)


def test_a_bound_may_be_as_large_as_any_table() -> None:
    drawn = STREAM.below(2**53, Rows.run(0, 10_000))
    assert drawn.min() >= 0
    assert drawn.max() < 2**53
    assert drawn.max() > 2**52
