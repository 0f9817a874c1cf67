from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.draw.values import Values
from datagen_engine.explanation.histogram import BINS, histogram

numbers = st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=200)


@given(numbers, st.data())
def test_the_value_lies_in_the_bar_of_its_place(items: list[float | None], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items) - 1))
    found = histogram(Values.of("float", items), at)
    value = items[at]
    if found is None:
        assert all(item is None for item in items)
        return
    assert len(found.counts) == BINS
    assert sum(found.counts) <= sum(item is not None for item in items)
    if value is None:
        assert found.place is None
        return
    assert found.place is not None
    assert 0.0 <= found.place <= 1.0
    assert found.low is not None
    assert found.high is not None
    assert abs(found.low + found.place * (found.high - found.low) - value) <= 1e-6 * max(1.0, abs(value))


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcde")), min_size=1, max_size=50), st.data())
def test_words_are_counted_the_most_frequent_first(items: list[str | None], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items) - 1))
    found = histogram(Values.of("string", items), at)
    if found is None:
        assert all(item is None for item in items)
        return
    assert list(found.counts) == sorted(found.counts, reverse=True)
    assert sum(found.counts) == sum(item is not None for item in items)
    assert items[at] == (None if found.place is None else found.labels[int(found.place)])


def test_texts_of_which_nearly_every_row_has_its_own_have_no_bars() -> None:
    assert histogram(Values.of("string", [f"name {i}" for i in range(500)]), 0) is None
