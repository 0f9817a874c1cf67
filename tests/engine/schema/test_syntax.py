from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.schema.scanner import scan
from datagen_engine.schema.syntax import line_column

NUMBER = "A number is written like"
QUOTES = "straight double quotes"
COMMENTS = "JSON has no comments"


@pytest.mark.parametrize(
    ("source", "offset", "expected", "hint"),
    [
        ("[1, 2,]", 6, "expected a value after ',', found ']'", "Remove the comma before it"),
        (
            '{"a": 1,}',
            8,
            "expected a key in double quotes after ',', found '}'",
            "Remove the comma before it",
        ),
        ("[1,,2]", 3, "expected a value after ',', found ','", "Remove one of the two commas"),
        ("[,1]", 1, "expected a value or ']', found ','", ""),
        ('{"a": 1 "b": 2}', 8, "expected ',' or '}', found '\"b\"'", "A comma is missing before it"),
        ("[1 2]", 3, "expected ',' or ']', found '2'", "A comma is missing before it"),
        ('{"a" 1}', 5, "expected ':' after the key, found '1'", ""),
        ('{"a": }', 6, "expected a value after ':', found '}'", ""),
        (
            '{"a": [1, 2}',
            11,
            "expected ',' or ']', found '}'",
            "The '[' of line 1, column 7 is not closed yet",
        ),
        ('{\n "a": [1', 10, "but the file ends here", "The '[' of line 2, column 7 is not closed yet"),
        ("[", 1, "expected a value or ']', but the file ends here", "line 1, column 1 is not closed yet"),
        ("{} {}", 3, "expected the end of the file, found '{'", "A file holds one document"),
        ("]", 0, "expected a value, found ']'", ""),
        ('{"a": 1 // one\n}', 8, "found '//'", COMMENTS),
        ('{\n  "a": 1,\n  # one\n}', 14, "found '#'", COMMENTS),
        ("/* one */ {}", 0, "found '/*'", COMMENTS),
        ("{'a': 1}", 1, "expected a key in double quotes or '}'", QUOTES),
        ('{"a": “b”}', 6, "found '“'", QUOTES),
        ("{a: 1}", 1, "found 'a'", "Put the key in double quotes"),
        ('{"a": hello}', 6, "found 'hello'", "Put text in double quotes"),
        ("[True]", 1, "found 'True'", "true, false and null"),
        ("[nullx]", 1, "found 'nullx'", "Put text in double quotes"),
        ("[01]", 1, "found '01'", NUMBER),
        ("[+1]", 1, "found '+1'", NUMBER),
        ("[.5]", 1, "found '.5'", NUMBER),
        ("[1.]", 1, "found '1.'", NUMBER),
        ("[1e]", 1, "found '1e'", NUMBER),
        ("[-]", 1, "found '-'", NUMBER),
        ("[0x1F]", 1, "found '0x1F'", NUMBER),
        ('{"a": "say "hi" now"}', 12, "found 'hi'", 'Inside a text it is written \\"'),
        ('["abc', 1, "the text that begins here is never closed", "a '\"' is missing"),
        ('["a\nb"]', 1, "the text that begins here ends with its line", "written \\n"),
        ('["a\tb"]', 3, "U+0009", "written \\u0009"),
        ('["c:\\dir"]', 4, "JSON has no escape \\d", "A backslash is written \\\\"),
        ('["\\u12"]', 2, "four hexadecimal digits", "A backslash is written"),
        ('["\\', 1, "the text that begins here is never closed", "a '\"' is missing"),
        ('{\0"\0a', 1, "found '\\x00'", "save it as UTF-8"),
    ],
)
def test_each_usual_mistake_is_named_with_its_place_and_a_way_out(
    source: str, offset: int, expected: str, hint: str
) -> None:
    scanned = scan(source)
    [fault] = scanned.faults
    line, column = line_column(source, offset)
    assert (fault.code, fault.offset, fault.path, scanned.tree) == ("syntax", offset, None, None)
    assert fault.message.startswith(f"line {line}, column {column}: ")
    assert expected in fault.message
    assert hint in fault.message
    assert hint or fault.message.count(". ") == 0, f"an unforeseen hint: {fault.message}"


@given(st.lists(st.text(st.characters(exclude_characters="\n\r"), max_size=5), min_size=1), st.data())
def test_line_and_column_lead_back_to_the_offset(lines: list[str], data: st.DataObject) -> None:
    source = "".join(line + data.draw(st.sampled_from(["\n", "\r\n"])) for line in lines).removeprefix(
        "\ufeff"
    )
    offset = data.draw(st.integers(0, len(source)))
    line, column = line_column(source, offset)
    before = source.split("\n")[: line - 1]
    assert sum(len(text) + 1 for text in before) + column - 1 == offset
    assert 1 <= column <= len(source.split("\n")[line - 1]) + 1


def test_a_byte_order_mark_takes_no_column() -> None:
    assert [line_column("\ufeff{}\n[", offset) for offset in (0, 1, 2, 4)] == [(1, 1), (1, 1), (1, 2), (2, 1)]
