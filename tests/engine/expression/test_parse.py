from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen_engine.expression import ExpressionFault, parse
from datagen_engine.expression.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Constant,
    Logic,
    Member,
    Name,
    Node,
    Not,
    Power,
    Sign,
)

here: dict[str, Any] = {"start": 0, "end": 0}  # places do not count when trees are compared


def number(value: float) -> Constant:
    return Constant(value, **here)


a, b, c = (Name(name, **here) for name in "abc")


@pytest.mark.parametrize(
    ("code", "tree"),
    [
        ("1", number(1)),
        ("1_000.5e-3", number(1.0005)),
        (".5", number(0.5)),
        (r"'it\'s'", Constant("it's", **here)),
        (r'"tab\tand é"', Constant("tab\tand é", **here)),
        (r'"\u00e9"', Constant("é", **here)),
        ("true", Constant(True, **here)),
        ("False", Constant(False, **here)),
        ("None", Constant(None, **here)),
        ("größe", Name("größe", **here)),
        ("`odd name`", Name("odd name", **here)),
        ("`a``b`", Name("a`b", **here)),
        ("a - b - c", Arithmetic(a, (("-", b), ("-", c)), **here)),
        ("a - (b - c)", Arithmetic(a, (("-", Arithmetic(b, (("-", c),), **here)),), **here)),
        ("a + b * c", Arithmetic(a, (("+", Arithmetic(b, (("*", c),), **here)),), **here)),
        ("a // b % c", Arithmetic(a, (("//", b), ("%", c)), **here)),
        ("-a ** 2", Sign("-", Power(a, 2.0, **here), **here)),
        ("(-a) ** -0.5", Power(Sign("-", a, **here), -0.5, **here)),
        ("a * -b", Arithmetic(a, (("*", Sign("-", b, **here)),), **here)),
        ("a < b <= c", Comparison(a, (("<", b), ("<=", c)), **here)),
        ("not a == b", Not(Comparison(a, (("==", b),), **here), **here)),
        ("a or b and not c", Logic("or", (a, Logic("and", (b, Not(c, **here)), **here)), **here)),
        ("a if b else c", Conditional(a, b, c, **here)),
        ("a if b else b if c else a", Conditional(a, b, Conditional(b, c, a, **here), **here)),
        ("min(a, b + c,)", Call("min", (a, Arithmetic(b, (("+", c),), **here)), **here)),
        ("a in (1, -2)", Member(a, (number(1), number(-2)), False, **here)),
        ("a not in ['x']", Member(a, (Constant("x", **here),), True, **here)),
        ("\n  a\t+\r\n b ", Arithmetic(a, (("+", b),), **here)),
        ("class", Name("class", **here)),
        ("min", Name("min", **here)),
    ],
)
def test_it_reads(code: str, tree: Node) -> None:
    assert parse(code).root == tree


def test_a_node_stands_where_it_is_written() -> None:
    root = parse(" (a + 12) * b ").root
    assert (root.start, root.end) == (1, 13)
    assert isinstance(root, Arithmetic)
    assert (root.first.start, root.first.end) == (2, 8)


# What each refusal must say, and the part of the text it must point at.
HOSTILE = [
    # reaching into things
    ("a.b", ".", "no attributes"),
    ("a.__class__", ".", "no attributes"),
    ("'x'.join(a)", ".", "no attributes"),
    ("().__class__.__bases__", ")", "a value is missing"),
    ("__import__('os').system('id')", "__import__", "two underscores"),
    ("__builtins__", "__builtins__", "two underscores"),
    ("a[0]", "[", "no indexing"),
    ("a['__class__']", "[", "no indexing"),
    ("(a)[0]", "[", "no indexing"),
    ("'abc'[::-1]", "[", "no indexing"),
    # calling things
    ("eval('1')", "eval", "no function `eval`"),
    ("exec('1')", "exec", "no function `exec`"),
    ("open('/etc/passwd')", "open", "no function `open`"),
    ("getattr(a, 'b')", "getattr", "no function `getattr`"),
    ("globals()", "globals", "no function `globals`"),
    ("`min`2(a)", "2", "operator is missing"),
    ("(min)(a)", "(", "only functions are called"),
    ("min(a)(b)", "(", "only functions are called"),
    ("'x'(a)", "(", "only functions are called"),
    ("flor(a)", "flor", "did you mean `floor`?"),
    ("ABS(a)", "ABS", "did you mean `abs`?"),
    ("len(a)", "len", "use length(text)"),
    ("random()", "random", "use a generator for chance"),
    ("sum(a)", "sum", "sees one row"),
    ("min(*a)", "*", "one by one"),
    ("min(**a)", "**", "one by one"),
    ("round(a, digits=2)", "=", "given by their place"),
    # statements and definitions
    ("lambda: 1", "lambda", "`lambda` is not part"),
    ("lambda x: x", "lambda", "`lambda` is not part"),
    ("(lambda: 1)()", "lambda", "`lambda` is not part"),
    ("a := 1", ":=", "assigns nothing"),
    ("(a := 1)", ":=", "assigns nothing"),
    ("a = 1", "=", "write `==`"),
    ("a += 1", "+=", "assigns nothing"),
    ("import os", "import", "without statements"),
    ("del a", "del", "without statements"),
    ("def f(): pass", "def", "without statements"),
    ("class A: pass", "class", "without statements"),
    ("return a", "return", "without statements"),
    ("yield a", "yield", "without statements"),
    ("await a", "await", "without statements"),
    ("raise a", "raise", "without statements"),
    ("while 1: 2", "while", "without statements"),
    ("for x in y: x", "for", "comprehensions and loops"),
    ("a; b", ";", "without statements"),
    ("@a", "@", "no matrices and decorators"),
    ("a @ b", "@", "no matrices and decorators"),
    ("a # hm", "#", "no comments"),
    # collections
    ("[x for x in a]", "[", "only behind `in`"),
    ("(x for x in a)", "for", "comprehensions and loops"),
    ("{1: 2}", "{", "no dictionaries"),
    ("{x for x in a}", "{", "no dictionaries"),
    ("[1, 2]", "[", "only behind `in`"),
    ("(1, 2)", ",", "only behind `in`"),
    ("1, 2", ",", "one value"),
    ("a in b", "b", "list of constants"),
    ("a in ()", ")", ""),
    ("a in (b,)", "b", "list of constants"),
    ("a in (1, null)", "null", "`== null`"),
    ("a in (1 + 1,)", "+", "needs its closing"),
    ("a in 'abc'", "'abc'", "list of constants"),
    # signs of other languages
    ("a is None", "is", "`== null`"),
    ("a is not None", "is", "`== null`"),
    ("a && b", "&&", "write `and`"),
    ("a || b", "||", "write `or`"),
    ("!a", "!", "write `not`"),
    ("a === b", "===", "write `==`"),
    ("a <> b", "<>", "write `!=`"),
    ("a & b", "&", "operations on bits"),
    ("a | b", "|", "operations on bits"),
    ("a ^ b", "^", "operations on bits"),
    ("~a", "~", "operations on bits"),
    ("a << 64", "<<", "operations on bits"),
    ("a >> b", ">>", "operations on bits"),
    ("a ? b : c", "?", "`a if condition else b`"),
    ("a -> b", "->", "no functions to define"),
    ("$a", "$", "bare names"),
    ("...", "...", ""),
    ("a\\\n+ b", "\\", "without a sign"),
    ("a\u200b", "\u200b", "U+200B"),
    ("a \x00 b", "\x00", "U+0000"),
    ("“a”", "“", "means nothing"),
    # texts
    ("f'{a}'", "f'", "f-strings"),
    ('F"{a}"', 'F"', "f-strings"),
    ("r'a'", "r'", "letter before a text"),
    ("b'a'", "b'", "letter before a text"),
    ("'''a'''", "'''", "three quotation marks"),
    ("'abc", "'abc", "not closed"),
    ('a + "x\nb', '"x', "not closed"),
    ("'a' 'b'", "'b'", "operator is missing"),
    (r"'\x41'", r"\x", "means nothing in a text"),
    (r"'\N{DIGIT ONE}'", r"\N", "means nothing in a text"),
    (r"'a\ud800'", r"\ud800", "half a character"),
    ("'\ud800'", "\ud800", "half a character"),
    ("`", "`", "closing backtick"),
    ("``", "`", "closing backtick"),
    ("`a\nb`", "`", "closing backtick"),
    # numbers
    ("1e999", "1e999", "too large"),
    ("0x10", "0x10", "neither a number nor a name"),
    ("1j", "1j", "neither a number nor a name"),
    ("10L", "10L", "neither a number nor a name"),
    ("1__0", "1__0", "neither a number nor a name"),
    ("1.2.3", ".3", "operator is missing"),
    ("9" * 400, "9" * 400, "too large"),
    # powers
    ("9**9**9", "**9**9", "number written out"),
    ("2 ** 65", "65", "at most 64"),
    ("2 ** -65", "-65", "at most 64"),
    ("2 ** a", "** a", "number written out"),
    ("2 ** (1 + 1)", "** (1 + 1", "number written out"),
    ("2 ** 'x'", "** 'x'", "number written out"),
    ("2 ** true", "** true", "number written out"),
    # unfinished
    ("", "", "empty"),
    ("  \n", "  \n", "empty"),
    ("a +", "", "ends too early"),
    ("(a", "", "needs its `)`"),
    ("a)", ")", "closes nothing"),
    ("min(a", "", "needs a `,` or its `)`"),
    ("min(,)", ",", "a value is missing"),
    ("a b", "b", "operator is missing"),
    ("* a", "*", "a value is missing"),
    ("a if b", "", "needs an `else`"),
    ("a else b", "else", "needs an `if`"),
    ("if a then b", "if", "after its value"),
    ("not", "", "ends too early"),
    ("a < in (1, 2)", "in", "stands between"),
    ("a == b in (1, 2)", "in", "stands between"),
]


@pytest.mark.parametrize(("code", "part", "says"), HOSTILE, ids=[repr(code[:30]) for code, _, _ in HOSTILE])
def test_it_refuses_with_the_place(code: str, part: str, says: str) -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse(code)
    fault = caught.value
    assert says in str(fault)
    assert code[fault.start : fault.end] == part
    if not part:
        assert fault.start in (0, len(code))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1 + " * 250_000 + "1", "1,000,001 characters; 4,000 are allowed"),
        ("(" * 10_000 + "1" + ")" * 10_000, "4,000 are allowed"),
        ("(" * 1_500 + "1" + ")" * 1_500, "nested more than 50"),
        ("-" * 3_000 + "1", "nested more than 50"),
        ("not " * 900 + "true", "nested more than 50"),
        ("abs(" * 700 + "1" + ")" * 700, "nested more than 50"),
        ("1 if a else " * 300 + "1", "nested more than 50"),
        ("1" + "**1" * 900, "nested more than 50"),
        ("1" + "+1" * 1_500, "more than 1,000 parts"),
        ("a in (" + "1," * 1_500 + ")", "more than 1,000 parts"),
        ("a or b and c == d + e * (" * 49 + "1" + ")" * 49, "nested more than 50"),
        ("min(" + "1," * 1_500 + ")", "more than 1,000 parts"),
    ],
)
def test_it_refuses_what_is_too_large(code: str, says: str) -> None:
    with pytest.raises(ExpressionFault, match=says):
        parse(code)


def test_what_is_just_small_enough_is_read() -> None:
    parse("(" * 49 + "1" + ")" * 49)
    parse("1" + "+1" * 998)
    parse("1 if a else " * 49 + "1")
    parse("a" * 4_000)


def test_a_fault_survives_its_way_to_another_process() -> None:
    fault = pickle.loads(pickle.dumps(ExpressionFault("no", 1, 2)))  # noqa: S301  (made on this line)
    assert (str(fault), fault.start, fault.end) == ("no", 1, 2)


_PIECES = [
    "a", "min", "(", ")", "[", "]", ",", "1", "1e5", "'x'", '"', "'", "`", " ", "\n", "+", "-", "**", "//",
    "%", "<", "==", "=", "!", "&", ".", ":", "if", "else", "not", "in", "and", "null", "lambda", "for", "\\",
    "é", "\x00", "𝟙",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | st.text(max_size=40))
def test_anything_is_read_or_refused_with_a_place_inside(code: str) -> None:
    fault = refusal(code)
    if fault is not None:
        assert 0 <= fault.start <= fault.end <= len(code)
        assert str(fault).encode()


def refusal(code: str) -> ExpressionFault | None:
    try:
        parse(code)
    except ExpressionFault as fault:
        return fault
    return None
