"""From text to tree: a recursive-descent parser, from the loosest binding to the tightest."""

from __future__ import annotations

import re
from functools import lru_cache

from datagen_engine.expression.fault import ExpressionFault, did_you_mean
from datagen_engine.expression.functions import ELSEWHERE, FUNCTIONS
from datagen_engine.expression.syntax import (
    Arithmetic,
    Call,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Logic,
    Member,
    Name,
    Node,
    Not,
    Power,
    Sign,
    below,
)
from datagen_engine.expression.tokens import COMPARISONS, Token, tokens

__all__ = ["MAX_CHARACTERS", "MAX_EXPONENT", "MAX_NESTING", "MAX_NODES", "parse"]

MAX_CHARACTERS = 4_000
MAX_NESTING = 50
MAX_NODES = 1_000
MAX_EXPONENT = 64

_TOO_DEEP = f"the expression is nested more than {MAX_NESTING} levels deep"


@lru_cache(
    maxsize=2048
)  # one formula is read by the spec, by the references and by the plan, at every keystroke
def parse(code: str) -> Expression:
    """Read an expression's text.

    Parameters
    ----------
    code
        At most 4,000 characters; at most 50 levels deep and 1,000 parts.

    Raises
    ------
    ExpressionFault
        For anything that is not in the language, with its place in the text.

    Examples
    --------
    >>> parse("price * 2").root
    Arithmetic(start=0, end=9, first=Name(start=0, end=5, name='price'),
               steps=(('*', Constant(start=8, end=9, value=2.0)),))
    >>> parse("price.real")
    Traceback (most recent call last):
    datagen_engine.expression.fault.ExpressionFault: `.` is not part of the language: …
    """
    if len(code) > MAX_CHARACTERS:
        why = f"the expression has {len(code):,} characters; {MAX_CHARACTERS:,} are allowed"
        raise ExpressionFault(why, MAX_CHARACTERS, len(code))
    if half := re.search("[\ud800-\udfff]", code):
        raise ExpressionFault(f"U+{ord(half.group()):04X} is half a character", half.start(), half.end())
    root = _Parser(code).whole()
    _refuse_large(root)
    return Expression(code, root)


def _refuse_large(root: Node) -> None:
    """Bound what everyone who goes through the tree has to bear."""
    waiting, count = [(root, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > MAX_NESTING:
            raise ExpressionFault(_TOO_DEEP, node.start, node.end)
        if count > MAX_NODES:
            raise ExpressionFault(f"the expression has more than {MAX_NODES:,} parts", node.start, node.end)
        waiting.extend((part, depth + 1) for part in below(node))


# What a word says in other languages, where it stands before something that makes it no column.
_STATEMENTS = frozenset(
    (
        "assert", "async", "await", "break", "case", "class", "continue", "def", "del", "elif", "except",
        "exec", "finally", "from", "global", "import", "let", "match", "nonlocal", "pass", "print", "raise",
        "return", "select", "try", "var", "when", "while", "with", "yield",
    )
)  # fmt: skip
_WORDS = {
    "is": "`is` is not part of the language; write `== null` or `!= null`",
    "for": "comprehensions and loops are not part of the language; an expression already holds for every row",
    "lambda": "`lambda` is not part of the language: there are no functions to define",
    "in": "`in` stands between a value and a list of constants; put `x in (1, 2)` in parentheses",
    "else": "`else` needs an `if` before it: `a if condition else b`",
    "if": "write a condition after its value: `a if condition else b`",
}


class _Parser:
    def __init__(self, code: str) -> None:
        self.tokens = tokens(code)
        self.place = 0
        self.depth = 0

    # -- the tokens -----------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def ended(self) -> bool:
        return self.token.kind == "end"

    @property
    def before(self) -> Token | None:
        return self.tokens[self.place - 1] if self.place else None

    def sees(self, *texts: str) -> bool:
        return self.token.kind in ("sign", "word") and self.token.text in texts

    def next(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def expect(self, text: str, why: str) -> Token:
        if not self.sees(text):
            raise self.unexpected(why)
        return self.next()

    def since(self, start: int) -> dict[str, int]:
        """Return the span from `start` to the last token that was taken."""
        return {"start": start, "end": self.tokens[self.place - 1].end}

    def unexpected(self, why: str) -> ExpressionFault:
        """Return what is wrong with the token that stands where something else should."""
        token, before = self.token, self.before
        adjoining = before is not None and (
            before.kind in ("name", "number", "text") or before.text in (")", "]")
        )
        if before and before.kind == "name" and before.text in _STATEMENTS and token.kind != "end":
            why = (
                f"`{before.text}` is not part of the language: an expression is one value, without statements"
            )
            token = before
        elif token.kind == "refused":
            why = token.text
        elif token.kind == "word" and token.text in _WORDS:
            why = _WORDS[token.text]
        elif token.kind == "sign" and token.text == "(" and adjoining:
            why = "only functions are called, by their names"
        elif token.kind == "sign" and token.text == "[":
            why = (
                "there is no indexing with `[ ]`" if adjoining
                else "lists stand only behind `in`, as in `x in (1, 2)`"
            )  # fmt: skip
        elif token.kind == "sign" and token.text in ("*", "**") and before and before.text in ("(", ","):
            why = "arguments are given one by one, by their place"
        return ExpressionFault(why, token.start, token.end)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise ExpressionFault(_TOO_DEEP, self.token.start, self.token.end)

    # -- the grammar ----------------------------------------------------------------------------------

    def whole(self) -> Node:
        if self.ended():
            raise ExpressionFault("the expression is empty", 0, self.token.end)
        root = self.conditional()
        if not self.ended():
            why = "an operator is missing before this"
            if self.sees(")", "]"):
                why = f"this `{self.token.text}` closes nothing"
            elif self.sees(","):
                why = "an expression is one value; a `,` stands only between the arguments of a function"
            raise self.unexpected(why)
        return root

    def conditional(self) -> Node:
        self.deeper()
        start = self.token.start
        node = self.either()
        if self.sees("if"):
            self.next()
            condition = self.either()
            self.expect("else", "this condition needs an `else`: `a if condition else b`")
            otherwise = self.conditional()
            node = Conditional(node, condition, otherwise, **self.since(start))
        self.depth -= 1
        return node

    def either(self) -> Node:
        start = self.token.start
        parts = [self.both()]
        while self.sees("or"):
            self.next()
            parts.append(self.both())
        return Logic("or", tuple(parts), **self.since(start)) if len(parts) > 1 else parts[0]

    def both(self) -> Node:
        start = self.token.start
        parts = [self.negation()]
        while self.sees("and"):
            self.next()
            parts.append(self.negation())
        return Logic("and", tuple(parts), **self.since(start)) if len(parts) > 1 else parts[0]

    def negation(self) -> Node:
        if not self.sees("not"):
            return self.comparison()
        self.deeper()
        start = self.next().start
        node = Not(self.negation(), **self.since(start))
        self.depth -= 1
        return node

    def comparison(self) -> Node:
        start = self.token.start
        first = self.sum()
        after = self.tokens[self.place + 1] if self.sees("not") else self.token
        if after.kind == "word" and after.text == "in":
            negated = self.next().text == "not"
            if negated:
                self.next()
            return Member(first, self.choices(), negated, **self.since(start))
        steps = []
        while self.sees(*COMPARISONS):
            steps.append((self.next().text, self.sum()))
        return Comparison(first, tuple(steps), **self.since(start)) if steps else first

    def choices(self) -> tuple[Constant, ...]:
        why = "`in` needs a list of constants in parentheses, like `x in (1, 2)`"
        if not self.sees("(", "["):
            raise self.unexpected(why)
        close = {"(": ")", "[": "]"}[self.next().text]
        found: list[Constant] = []
        while not found or self.sees(","):
            if found:
                self.next()
                if self.sees(close):
                    break
            start = self.token.start
            sign = self.next().text if self.sees("-", "+") else ""
            node = self.operand() if not self.sees("(", "[") else None
            match node:
                case Constant(value=float(value)) if sign:
                    found.append(Constant(-value if sign == "-" else value, **self.since(start)))
                case Constant(value=float() | str() | bool()) if not sign:
                    found.append(node)
                case _:
                    hint = "; test for null with `== null`" if isinstance(node, Constant) else ""
                    raise ExpressionFault(why + hint, **self.since(start))
        self.expect(close, f"this list needs its closing `{close}`")
        return tuple(found)

    def sum(self) -> Node:
        start = self.token.start
        first = self.product()
        steps = []
        while self.sees("+", "-"):
            steps.append((self.next().text, self.product()))
        return Arithmetic(first, tuple(steps), **self.since(start)) if steps else first

    def product(self) -> Node:
        start = self.token.start
        first = self.signed()
        steps = []
        while self.sees("*", "/", "//", "%"):
            steps.append((self.next().text, self.signed()))
        return Arithmetic(first, tuple(steps), **self.since(start)) if steps else first

    def signed(self) -> Node:
        if not self.sees("-", "+"):
            return self.power()
        self.deeper()
        token = self.next()
        operand = self.signed()
        self.depth -= 1
        return Sign(token.text, operand, **self.since(token.start))

    def power(self) -> Node:
        start = self.token.start
        base = self.operand()
        if not self.sees("**"):
            return base
        sign = self.next()
        self.deeper()
        exponent = self.signed()  # binds to the right, and tighter than a sign before it
        self.depth -= 1
        return Power(base, _exponent(exponent, sign), **self.since(start))

    def operand(self) -> Node:
        token = self.token
        span = {"start": token.start, "end": token.end}
        match token.kind, token.text:
            case "number", text:
                self.next()
                return Constant(float(text), **span)
            case "text", text:
                self.next()
                return Constant(text, **span)
            case "word", ("true" | "True" | "false" | "False") as word:
                self.next()
                return Constant(word.lower() == "true", **span)
            case "word", "null" | "None":
                self.next()
                return Constant(None, **span)
            case "name", name:
                self.next()
                return self.call(token) if self.sees("(") else Name(name, **span)
            case "sign", "(":
                self.next()
                node = self.conditional()
                why = (
                    "this parenthesis needs its `)`" if self.ended() else "an operator or `)` is missing here"
                )
                if self.sees(","):
                    why = "an expression is one value, not a list; lists stand only behind `in`"
                self.expect(")", why)
                return node
        why = (
            "the expression ends too early"
            if token.kind == "end"
            else f"a value is missing before `{token.text}`"
        )
        raise self.unexpected(why)

    def call(self, name: Token) -> Call:
        if name.text not in FUNCTIONS:
            why = f"there is no function `{name.text}`"
            hint = ELSEWHERE.get(name.text.lower())
            why += f"; {hint}" if hint else did_you_mean(name.text, FUNCTIONS)
            raise ExpressionFault(why, name.start, name.end)
        self.next()
        arguments: list[Node] = []
        while not self.sees(")"):
            if arguments:
                self.expect(",", f"`{name.text}(` needs a `,` or its `)` here")
                if self.sees(")"):
                    break
            arguments.append(self.conditional())
        self.next()
        return Call(name.text, tuple(arguments), **self.since(name.start))


def _exponent(node: Node, sign: Token) -> float:
    """Return the number written behind `**`."""
    value: object = None
    match node:
        case Constant(value=float(number)):
            value = number
        case Sign(sign=minus, operand=Constant(value=float(number))):
            value = -number if minus == "-" else number
    if not isinstance(value, float):
        why = "`**` needs a number written out behind it, like `** 2`; otherwise use exp(y * log(x))"
        raise ExpressionFault(why, sign.start, node.end)
    if abs(value) > MAX_EXPONENT:
        raise ExpressionFault(f"an exponent is at most {MAX_EXPONENT}", node.start, node.end)
    return value
