from __future__ import annotations

import json
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.schema.path import Path, at
from datagen_engine.schema.scanner import MAX_DEPTH, MAX_DIGITS, scan
from datagen_engine.schema.text import MAX_BYTES, SMALLEST, Text, read, write
from tests.engine.schema.documents import sources, values


def codes(text: Text) -> list[str]:
    return [fault.code for fault in text.faults]


@given(sources())
def test_a_sound_document_says_what_the_standard_library_reads(source: str) -> None:
    expected = json.loads(source)
    for given_ in (source, source.encode()):
        text = read(given_)
        assert text.faults == ()
        assert repr(text.tree) == repr(expected), "the same values, of the same types, in the same order"
        assert write(text) == source
    scanned = scan(source)
    assert scanned.faults == ()
    assert repr(scanned.tree) == repr(expected), "and so does the slower way"


@given(sources(), st.booleans())
def test_every_value_stands_where_its_span_says(source: str, marked: bool) -> None:
    text = read("\ufeff" * marked + source)
    for path, value in values(text.tree):
        start, end = text.span(path)
        assert text.source[start:end] == text.source[start:end].strip()
        assert json.loads(text.source[start:end]) == value
        if path and isinstance(path[-1], str):
            start, end = text.key_span(path)
            assert json.loads(text.source[start:end]) == path[-1]
        else:
            with pytest.raises(LookupError, match="has no key"):
                text.key_span(path)


@given(st.text() | st.binary())
def test_any_text_is_read_without_an_exception(data: str | bytes) -> None:
    text = read(data)
    if isinstance(data, str):
        assert write(text) == data
    for fault in text.faults:
        assert fault.message
        assert 0 <= fault.offset <= len(text.source)
        assert min(text.line_column(fault.offset)) >= 1


FRAGMENTS = st.sampled_from(
    [*'{}[],:"\\ \n', '"a":', "1", "01", "-", "1e999", "NaN", "true", "//", '"\\ud800"']
)


@given(sources(), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 3), FRAGMENTS), max_size=3))
def test_a_damaged_document_has_a_fault_wherever_the_standard_library_fails(
    source: str, damages: list[tuple[int, int, str]]
) -> None:
    for position, dropped, inserted in damages:
        source = source[:position] + inserted + source[position + dropped :]
    text = read(source)
    assert write(text) == source
    try:
        expected = json.loads(source)
    except ValueError:
        assert text.tree is None
        assert {"syntax", "empty", "byte-order-mark"} & set(codes(text))
    else:
        assert "syntax" not in codes(text)
        if not text.faults:
            assert text.tree == expected


@pytest.mark.parametrize(
    ("source", "code", "path", "offset", "tree"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "duplicate-key", ("a",), 17, {"a": 3, "b": 2}),
        ('[{"a": {"b": 1, "\\u0062": 2}}]', "duplicate-key", (0, "a", "b"), 16, [{"a": {"b": 2}}]),
        ('{"a": [1, NaN]}', "not-finite", ("a", 1), 10, {"a": [1, None]}),
        ('{"a": Infinity}', "not-finite", ("a",), 6, {"a": None}),
        ("[-Infinity]", "not-finite", (0,), 1, [None]),
        ('{"a": 1e999}', "number-overflow", ("a",), 6, {"a": None}),
        ("[0, -1E+400]", "number-overflow", (1,), 4, [0, None]),
        ("[" + "9" * (MAX_DIGITS - 1) + ".0]", "number-overflow", (0,), 1, [None]),
        ("[" + "9" * 5000 + "]", "number-too-long", (0,), 1, [None]),
        ("[-0." + "1" * MAX_DIGITS + "]", "number-too-long", (0,), 1, [None]),
        ('["ab\\ud800c"]', "lone-surrogate", (0,), 1, ["ab\ufffdc"]),
        ('["\\\\ud800\\udc00"]', "lone-surrogate", (0,), 1, ["\\ud800\ufffd"]),
        ('{"\\uDFFF": 1}', "lone-surrogate", ("\ufffd",), 1, {"\ufffd": 1}),
        ('["\ud800"]', "lone-surrogate", (0,), 1, ["\ufffd"]),
    ],
)
def test_a_fault_of_one_value_has_its_path_and_leaves_the_rest(
    source: str, code: str, path: Path, offset: int, tree: object
) -> None:
    text = read(source)
    [fault] = text.faults
    assert (fault.code, fault.path, fault.offset, fault.severity) == (code, path, offset, "error")
    assert text.tree == tree
    assert write(text) == source
    assert text.span(path).end <= len(source), "places are known in spite of the fault"


def test_all_faults_are_told_in_the_order_of_the_text() -> None:
    text = read('{"a": NaN, "a": 1e999, "b": "\\udead", "c": }')
    assert codes(text) == ["not-finite", "duplicate-key", "number-overflow", "lone-surrogate", "syntax"]
    assert [fault.offset for fault in text.faults] == sorted(fault.offset for fault in text.faults)
    assert text.tree is None


def test_of_very_many_faults_a_hundred_are_told() -> None:
    text = read("[" + "NaN," * 300_000 + "1]")
    assert codes(text) == ["not-finite"] * 100 + ["too-many-faults"]


@pytest.mark.parametrize(
    "source",
    [
        '["\\ud83d\\ude00", "\\\\ud800", "\ufffd"]',
        "[" + "9" * MAX_DIGITS + ", -" + "9" * MAX_DIGITS + ", 1e308, -0, -0.0, 1E-999]",
        "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        '{"[[[[": "' + "[" * 200 + '\\"' + "{" * 200 + '"}',
        '"\\\\"',
    ],
)
def test_what_only_looks_like_a_fault_is_none(source: str) -> None:
    text = read(source)
    assert text.faults == scan(source).faults == ()
    assert repr(text.tree) == repr(scan(source).tree) == repr(json.loads(source))


def test_an_equal_key_gives_way_to_the_last() -> None:
    text = read('{"a": [1], "b": 0, "a": {"c": 2}}')
    assert text.source[slice(*text.span(("a", "c")))] == "2"
    assert text.key_span(("a",)).start == 19
    with pytest.raises(LookupError):
        text.span(("a", 0))


@pytest.mark.parametrize("path", [("a", 2), ("a", -1), ("a", "0"), ("b",), ("a", 0, "c")])
def test_a_missing_value_has_no_place(path: Path) -> None:
    text = read('{"a": [1, 2]}')
    with pytest.raises(LookupError, match="nothing at /"):
        text.span(path)
    with pytest.raises(LookupError):
        at(text.tree, path)


def test_what_was_not_read_has_no_places() -> None:
    with pytest.raises(LookupError, match="could not be read"):
        read("[1,").span((0,))


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_deep_nesting_is_refused_with_the_path_to_it(opening: str, depth: int) -> None:
    text = read(opening * depth)
    [fault] = text.faults
    assert fault.code == "too-deep"
    assert fault.path is not None
    assert len(fault.path) == MAX_DEPTH
    assert set(fault.path) <= {0, "a"}
    assert text.tree is None


def test_deep_nesting_is_no_matter_of_the_stack() -> None:
    def deeper(frames: int) -> Text:
        return deeper(frames - 1) if frames else read("[" * 100_000 + "]" * 100_000)

    assert codes(deeper(sys.getrecursionlimit() // 2)) == ["too-deep"]


def test_an_empty_file_shows_what_a_schema_looks_like() -> None:
    for source in ("", " \n\t"):
        text = read(source)
        assert codes(text) == ["empty"]
        assert SMALLEST in text.faults[0].message
        assert text.tree is None
    assert read(SMALLEST).faults == ()


def test_a_byte_order_mark_is_kept_with_a_warning() -> None:
    text = read(b'\xef\xbb\xbf{"a": 1}')
    [fault] = text.faults
    assert (fault.code, fault.severity) == ("byte-order-mark", "warning")
    assert text.tree == {"a": 1}
    assert write(text).encode() == b'\xef\xbb\xbf{"a": 1}'
    assert codes(read("\ufeff")) == ["byte-order-mark", "empty"]
    assert codes(read("\ufeff[NaN]")) == ["byte-order-mark", "not-finite"]


@pytest.mark.parametrize(
    ("data", "place", "hint"),
    [
        (
            '{\n"å": "caf'.encode() + b'\xe9"}',
            "line 2, column 10: the byte 0xE9 (at offset 12)",
            "Windows-1252",
        ),
        ('{"a": 1}'.encode("utf-16"), "line 1, column 1: the byte 0xFF (at offset 0)", "UTF-16"),
        (b"\xed\xa0\x80", "the byte 0xED (at offset 0)", "UTF-8"),
    ],
)
def test_bytes_that_are_not_utf8_are_named(data: bytes, place: str, hint: str) -> None:
    text = read(data)
    [fault] = text.faults
    assert fault.code == "not-utf-8"
    assert place in fault.message
    assert hint in fault.message
    assert text.tree is None


@pytest.mark.parametrize("data", [b"\xff", b" " * (MAX_BYTES + 1)])
def test_a_file_that_was_not_read_is_not_saved_over(data: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be saved"):
        write(read(data))


def test_a_file_that_is_too_large_is_refused_at_once() -> None:
    for data in (b"[" * 100_000_000, b"\xff" * (MAX_BYTES + 1), "é" * (MAX_BYTES // 2 + 1)):
        start = time.process_time()
        text = read(data)
        assert codes(text) == ["too-large"]
        assert text.tree is None
        assert time.process_time() - start < 1


@given(sources())
def test_values_are_counted_exactly(source: str) -> None:
    count = len(list(values(json.loads(source))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datagen_engine.schema.text.MAX_VALUES", count)
        assert codes(read(source)) == []
        patch.setattr("datagen_engine.schema.text.MAX_VALUES", count - 1)
        assert codes(read(source)) == ["too-many-values"]


@given(sources())
def test_depth_is_counted_exactly(source: str) -> None:
    tree = json.loads(source)
    depth = max(len(path) + isinstance(value, dict | list) for path, value in values(tree))
    with pytest.MonkeyPatch.context() as patch:
        for limit in (depth, depth - 1):
            patch.setattr("datagen_engine.schema.text.MAX_DEPTH", limit)
            patch.setattr("datagen_engine.schema.scanner.MAX_DEPTH", limit)
            assert codes(read(source)) == (["too-deep"] if limit < depth and depth else [])


@pytest.mark.parametrize("mark", ['"', '\\"', ",", "]", "[", '"\\'])
def test_a_wall_of_one_mark_takes_little_time(mark: str) -> None:
    start = time.process_time()
    text = read(mark * (MAX_BYTES // len(mark)))
    assert text.tree is None
    assert len(text.faults) == 1
    assert time.process_time() - start < 10


def test_a_document_of_five_megabytes_is_read_quickly() -> None:
    column = {
        "name": "amount",
        "type": "float",
        "generator": {"choice": {"choices": ["a", "b\n", "é"], "weights": [1, 2.5, 3]}},
    }
    source = json.dumps(
        {"nodes": [{"id": f"t{i}", "columns": [column] * 20} for i in range(1_600)]}, indent=1
    )
    assert len(source) > 5_000_000
    start = time.process_time()
    text = read(source)
    assert time.process_time() - start < 3, "0.2 s where nothing else runs"
    assert text.faults == ()
