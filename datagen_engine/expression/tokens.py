"""The words and signs of an expression's text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["COMPARISONS", "RESERVED", "Token", "joins_a_name", "spelled", "tokens"]

TokenKind = Literal["number", "text", "name", "word", "sign", "refused", "end"]

COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")
# Words that are no column unless they stand in backticks.
RESERVED = frozenset(
    (
        "and", "or", "not", "if", "else", "in", "is", "for", "lambda",
        "true", "false", "null", "True", "False", "None",
    )
)  # fmt: skip
_TAKEN = ("**", "//", *COMPARISONS, "+", "-", "*", "/", "%", "(", ")", ",", "[", "]")
_BITS = "there are no operations on bits"
_BRACES = "there are no dictionaries and sets"
_COLON = "there are no slices, types and statements"
_ASSIGN = "an expression assigns nothing"
_REFUSED = {
    "=": "write `==` to compare; arguments of functions are given by their place",
    "===": "write `==`", "!==": "write `!=`", "<>": "write `!=`", "=<": "write `<=`", "=>": "write `>=`",
    "&&": "write `and`", "||": "write `or`", "!": "write `not`",
    "&": f"{_BITS}; write `and`", "|": f"{_BITS}; write `or`, or concat(…) to join text",
    "^": f"{_BITS}; write `**` for a power", "~": f"{_BITS}; write `not`", "<<": _BITS, ">>": _BITS,
    ":=": _ASSIGN, "+=": _ASSIGN, "-=": _ASSIGN, "*=": _ASSIGN, "/=": f"{_ASSIGN}; write `!=` to compare",
    "->": "there are no functions to define", "@": "there are no matrices and decorators",
    "?": "write `a if condition else b`", ":": _COLON, ";": "an expression is one value, without statements",
    "#": "there are no comments here; the key `comment` beside the expression is for them",
    "{": _BRACES, "}": _BRACES, "\\": "a line goes on without a sign",
    ".": "values have no attributes and methods; use the columns of this row by their bare names",
    "...": "write the whole expression", "$": "columns are written by their bare names",
}  # fmt: skip

_PIECES = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d]\w*)
    |(?P<quoted>`(?:[^`\n]|``)+`(?!`))
    |(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    |(?P<sign>{"|".join(re.escape(sign) for sign in sorted({*_TAKEN, *_REFUSED}, key=len, reverse=True))})
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "r": "\r", "t": "\t"}
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign; `text` is what it means (for what is refused: why)."""

    kind: TokenKind
    text: str
    start: int
    end: int


def tokens(code: str) -> list[Token]:
    """Cut an expression's text into words and signs, an end after them.

    What the language does not know becomes a token of the kind `refused`, so that the parser can say what is
    wrong before it first.

    >>> [(t.kind, t.text) for t in tokens("price >= 1_000 and `odd name`")]
    [('name', 'price'), ('sign', '>='), ('number', '1000'), ('word', 'and'), ('name', 'odd name'),
     ('end', '')]
    """
    found: list[Token] = []
    place = 0
    while place < len(code):
        piece = _PIECES.match(code, place)
        assert piece is not None  # the last alternative takes any character
        if piece.lastgroup != "space":
            found.append(_token(code, str(piece.lastgroup), piece.group(), place))
        place = found[-1].end if piece.lastgroup != "space" else piece.end()
    return [*found, Token("end", "", len(code), len(code))]


def spelled(name: str, *, quoted: bool = False) -> str:
    """Write a column's name as it must stand in an expression: bare, or in backticks.

    >>> spelled("price"), spelled("odd name"), spelled("not"), spelled("a`b")
    ('price', '`odd name`', '`not`', '`a``b`')
    """
    bare = _PLAIN_NAME.fullmatch(name) and name not in RESERVED and not _is_dunder(name)
    return name if bare and not quoted else "`" + name.replace("`", "``") + "`"


def joins_a_name(character: str) -> bool:
    """Say whether a bare name beside this character would be read as something else."""
    return bool(re.match(r"[\w`'\"]", character))


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _token(code: str, kind: str, text: str, start: int) -> Token:
    end = start + len(text)
    after = code[end : end + 1]
    match kind:
        case "number":
            if re.match(r"\w", after):
                word = re.match(r"\w+", code[end:])
                end += len(word.group()) if word else 0
                return Token("refused", f"`{code[start:end]}` is neither a number nor a name", start, end)
            if float(text) == float("inf"):
                return Token("refused", "this number is too large: a float ends at about 1.8e308", start, end)
            return Token("number", text.replace("_", ""), start, end)
        case "name":
            if after and after in "'\"" and text.lower() in ("f", "r", "b", "u", "rb", "br", "fr", "rf"):
                why = "f-strings are" if "f" in text.lower() else "a letter before a text is"
                hint = "; join texts with concat(…)" if "f" in text.lower() else ""
                return Token("refused", f"{why} not part of the language{hint}", start, end + 1)
            if text in RESERVED:
                return Token("word", text, start, end)
            if _is_dunder(text):
                return Token(
                    "refused", f"`{text}`: names with two underscores on both sides are refused", start, end
                )
            return Token("name", text, start, end)
        case "quoted":
            return Token("name", text[1:-1].replace("``", "`"), start, end)
        case "text":
            return _text(code, text, start)
        case "sign":
            if text in _TAKEN:
                return Token("sign", text, start, end)
            return Token("refused", f"`{text}` is not part of the language: {_REFUSED[text]}", start, end)
    return _other(code, text, start)


def _text(code: str, text: str, start: int) -> Token:
    end = start + len(text)
    if code[end : end + 1] == text[0] and len(text) == 2:
        return Token("refused", "texts in three quotation marks are not part of the language", start, end + 1)
    for escape in _ESCAPE.finditer(text[1:-1]):
        place = start + 1 + escape.start()
        if escape[1] is None and escape[2] not in _ESCAPES:
            why = f"`{escape[0]}` means nothing in a text; for a backslash write it twice"
            return Token("refused", why, place, place + len(escape[0]))
        if escape[1] is not None and 0xD800 <= int(escape[1], 16) < 0xE000:
            return Token("refused", f"`{escape[0]}` is half a character", place, place + len(escape[0]))
    meant = _ESCAPE.sub(
        lambda escape: chr(int(escape[1], 16)) if escape[1] else _ESCAPES[escape[2]], text[1:-1]
    )
    return Token("text", meant, start, end)


def _other(code: str, character: str, start: int) -> Token:
    if character in "'\"":
        line = code.find("\n", start)
        end = len(code) if line < 0 else line
        return Token(
            "refused", "this text is not closed: its quotation mark is missing at the end", start, end
        )
    if character == "`":
        return Token(
            "refused",
            "a name in backticks needs its closing backtick (and something inside)",
            start,
            start + 1,
        )
    shown = f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"
    return Token("refused", f"{shown} means nothing here", start, start + 1)
