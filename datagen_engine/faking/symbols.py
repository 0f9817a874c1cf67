"""Stand-ins for what a provider's method draws, while the method is run to learn its grammar.

A `Symbol` is text of which some characters are *marks*: each stands for a part of the grammar. A method may
join and format symbols as it likes. Where it looks at one instead (its length, its first letter, whether it
equals something), `Unsettled` ends the run, and the method is run again once for each way that the mark in
question can turn out. `Whole`, `Real` and `When` are the same for numbers and dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NoReturn

from datagen_engine.faking.grammar import (
    Alt,
    Digits,
    Node,
    NotCompilable,
    Part,
    Pattern,
    Pick,
    Seq,
    Text,
    Token,
)
from datagen_engine.faking.moments import Moment, Written
from datagen_engine.faking.simplify import alt, pick, seq, words_of

if TYPE_CHECKING:
    from datagen_engine.faking.dice import Run

__all__ = [
    "Mark",
    "Real",
    "Symbol",
    "TimeOfDay",
    "Unsettled",
    "Ways",
    "When",
    "Whole",
    "has_marks",
    "listed",
    "parts_of",
    "pieces_of",
    "raw",
    "rebuilt",
    "symbol",
    "unspelled",
]

_FIRST = 0xF0000
"""Marks are characters of the first private plane, which no word list uses."""

_MARK = re.compile("([\U000f0000-\U000ffffd])")

MOST_WORDS = 5_000
"""Texts that a draw may turn out to be where the method looks at it."""

Ways = list[tuple[float, Any]]
"""How something can turn out: a weight and what it then is."""


class Unsettled(Exception):
    """Say that a run cannot go on unless one of its draws is settled, and how that can turn out."""

    def __init__(self, site: int, ways: Callable[[], Ways]) -> None:
        """Name the draw by its place in the run."""
        super().__init__(site)
        self.site = site
        self.ways = ways


@dataclass(frozen=True)
class Mark:
    """Hold what a mark stands for: the draw that it comes from, and its grammar under that draw's label."""

    site: int
    part: Part
    drawn: bool = False
    """Whether the part is the number or word as it was drawn, so that some of them can be left out."""


# -- text -------------------------------------------------------------------------------------------------


def raw(text: str) -> str:
    """Return the characters of a text as a plain string, marks and all."""
    return text.characters if isinstance(text, Symbol) else text


def has_marks(text: str) -> bool:
    """Say whether a text holds marks."""
    return _MARK.search(raw(text)) is not None


def symbol(run: Run, site: int, part: Part, *, drawn: bool = False) -> Symbol:
    """Make the symbol of a new mark."""
    run.marks.append(Mark(site, part, drawn))
    return Symbol(run, chr(_FIRST + len(run.marks) - 1))


def parts_of(text: str, run: Run) -> list[Part]:
    """Return the parts of the grammar that a text with marks stands for."""
    return [
        _mark(run, piece).part if place % 2 else Part("", Text(piece))
        for place, piece in enumerate(_MARK.split(raw(text)))
        if piece
    ]


def pieces_of(text: str, run: Run) -> list[str]:
    """Return a text cut into its constants and its marks, in the order of `parts_of`."""
    return [
        Symbol(run, piece) if place % 2 else piece
        for place, piece in enumerate(_MARK.split(raw(text)))
        if piece
    ]


def _mark(run: Run, character: str) -> Mark:
    return run.marks[ord(character) - _FIRST]


def rebuilt(run: Run, text: str, change: Callable[[Node], Node], key: str) -> Symbol:
    """Make the symbol of a text whose every part is changed; `key` tells this change from others."""
    out = ""
    for place, piece in enumerate(_MARK.split(raw(text))):
        if place % 2:
            mark = _mark(run, piece)
            changed = change(mark.part.node)
            # What is only spelled otherwise is drawn as before, from the same streams.
            label = mark.part.label + ("" if changed.size == mark.part.node.size else key)
            out += symbol(run, mark.site, Part(label, changed)).characters
        elif piece:
            constant = change(Text(piece))
            if not isinstance(constant, Text):
                raise NotCompilable("a constant became a choice")
            out += constant.text
    return Symbol(run, out)


def listed(node: Node) -> Ways:
    """Return the texts of a grammar as ways to turn out."""
    if node.size > MOST_WORDS:
        raise NotCompilable(f"it looks at one of {node.size:,} texts")
    words, shares = words_of(node)
    return list(zip(shares, words, strict=True))


def _looks(name: str) -> Callable[..., NoReturn]:
    def look(self: Symbol, *_: Any, **__: Any) -> NoReturn:
        self.settle()

    look.__name__ = name
    return look


class Symbol(str):
    """Text that holds marks."""

    run: Run
    characters: str

    def __new__(cls, run: Run, characters: str) -> Symbol:
        """Make the symbol of these characters."""
        made = super().__new__(cls, characters)
        made.run = run
        made.characters = characters
        return made

    def settle(self) -> NoReturn:
        """End the run: the first mark of the text must be settled."""
        found = _MARK.search(self.characters)
        assert found is not None, "a symbol holds a mark"
        site = _mark(self.run, found[0]).site
        raise Unsettled(site, self.run.sites[site])

    def spelled(self, change: Callable[[str], str], key: str) -> Symbol:
        """Return the text with every character changed by itself."""
        return rebuilt(self.run, self, lambda node: node.mapped(change), key)

    # What joins and formats.

    def __str__(self) -> str:
        return self

    def __add__(self, other: str) -> Symbol:
        return Symbol(self.run, self.characters + raw(other))

    def __radd__(self, other: str) -> Symbol:
        return Symbol(self.run, other + self.characters)

    def __format__(self, spec: str) -> str:
        return self.characters if spec in ("", "s") else self.settle()

    def __rmod__(self, template: str) -> Symbol:
        if template.replace("%%", "").count("%") != 1 or "%s" not in template:
            self.settle()
        return Symbol(self.run, template.replace("%s", self.characters).replace("%%", "%"))

    # What changes every character by itself.

    def lower(self) -> Symbol:
        """Return the text in lower case."""
        return self.spelled(str.lower, "l")

    def upper(self) -> Symbol:
        """Return the text in upper case."""
        return self.spelled(str.upper, "u")

    def translate(self, table: Any) -> Symbol:
        """Return the text with characters exchanged by a table."""
        return self.spelled(lambda text: text.translate(table), "t")

    def replace(self, old: str, new: str, count: Any = -1) -> Symbol:
        """Return the text with one text exchanged for another, taken to lie within one part or not at all."""
        for text in (old, new):
            if isinstance(text, Symbol):
                text.settle()
        if count != -1:
            self.settle()
        return self.spelled(lambda text: text.replace(old, new), "r")

    # What changes the first character otherwise.

    def capitalize(self) -> Symbol:
        """Return the text with a capital, and all else small."""
        first, *rest = (piece for piece in _MARK.split(self.characters) if piece)
        head = rebuilt(self.run, first, lambda node: _capital(node, str.capitalize), "w")
        return head + Symbol(self.run, "".join(rest)).lower() if rest else head

    def title(self) -> Symbol:
        """Return the words with a capital each, where the text is one of a list."""
        return self._one_of_a_list(str.title)

    def strip(self, characters: str | None = None) -> Symbol:
        """Return the text without blanks around it, where it is one of a list."""
        return self._one_of_a_list(lambda text: text.strip(characters))

    def _one_of_a_list(self, change: Callable[[str], str]) -> Symbol:
        parts = parts_of(self, self.run)
        if len(parts) != 1 or not isinstance(parts[0].node, Pick):
            self.settle()
        return self.spelled(change, "w")

    # What looks.

    def split(self, separator: Any = None, most: Any = -1) -> Any:
        """Return the pieces between blanks, of which only the first may be looked at."""
        if separator != " " or most != -1:
            self.settle()
        return Pieces(self)

    def __len__(self) -> int:
        total = 0
        for place, piece in enumerate(_MARK.split(self.characters)):
            if place % 2 == 0:
                total += len(piece)
                continue
            mark = _mark(self.run, piece)
            lengths = _lengths(mark.part.node)
            if len(lengths) > 1 and mark.drawn and isinstance(mark.part.node, Digits):
                ways = _by_length(mark.part.node)
                raise Unsettled(mark.site, lambda ways=ways: ways)  # type: ignore[misc]  # bound at once
            if len(lengths) != 1:
                raise Unsettled(mark.site, self.run.sites[mark.site])
            total += lengths.pop()
        return total

    def zfill(self, places: Any) -> Symbol:
        """Return the text with zeros before it, where it is one number."""
        parts = parts_of(self, self.run)
        node = parts[0].node
        if len(parts) != 1 or not isinstance(node, Digits) or node.fill or node.runs[0].start < 0:
            self.settle()
        padded = Digits(node.runs, "0", places, node.base)
        return rebuilt(self.run, self, lambda _: padded, "z")

    def __hash__(self) -> int:
        self.settle()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Symbol):
            return other.characters == self.characters or self.settle()
        if not isinstance(other, str) or not seq(parts_of(self, self.run)).accepts(other):
            return False
        mark = _mark(self.run, self.characters[0]) if _MARK.fullmatch(self.characters) else None
        if mark is None or not mark.drawn or not isinstance(mark.part.node, Pick):
            self.settle()
        # Two ways: it is that word, or one of the others.
        words = list(zip(mark.part.node.words, mark.part.node.shares.tolist(), strict=True))
        share = sum(share for word, share in words if word == other)
        rest = [(word, share) for word, share in words if word != other]
        without = pick([word for word, _ in rest], [share for _, share in rest])
        raise Unsettled(mark.site, lambda: [(share, other), (1.0 - share, without)])

    def __ne__(self, other: object) -> bool:
        return not self == other


# All else that text can do is to look at it.
_OF_ANY_OBJECT = set(dir(object)) - {"__ge__", "__gt__", "__le__", "__lt__"}
for _name in sorted(set(dir(str)) - _OF_ANY_OBJECT - {"__getnewargs__"} - set(vars(Symbol))):
    setattr(Symbol, _name, _looks(_name))


def _capital(node: Node, change: Callable[[str], str]) -> Node:
    """Return a grammar with the first of its words changed whole, the others in lower case."""
    if isinstance(node, Text | Pick):
        return node.mapped(change)
    if isinstance(node, Token):
        return Token(node.name, _capital(node.node, change), node.role)
    if isinstance(node, Alt):
        return Alt(tuple(_capital(branch, change) for branch in node.branches), node.weights)
    if isinstance(node, Seq):
        first, *rest = node.parts
        lower = (Part(part.label, part.node.mapped(str.lower)) for part in rest)
        return Seq((Part(first.label, _capital(first.node, change)), *lower))
    raise NotCompilable("a capital at the beginning of what is no word")


def _lengths(node: Node) -> set[int]:
    """Return how many characters the texts of a grammar can have; of long ways to say it, any two."""
    if isinstance(node, Text):
        return {len(node.text)}
    if isinstance(node, Pick):
        return {len(word) for word in node.words}
    if isinstance(node, Pattern):
        return {sum(len(slot[0]) for slot in node.slots)}
    if isinstance(node, Digits):
        return {len(node.spell(number)) for run in node.runs for number in (run[0], run[-1])}
    if isinstance(node, Token):
        return _lengths(node.node)
    if isinstance(node, Alt):
        return {length for branch in node.branches for length in _lengths(branch)}
    if isinstance(node, Seq):
        each = [_lengths(part.node) for part in node.parts]
        return {sum(map(min, each)), sum(map(max, each))}
    return {0, 1}


def _by_length(node: Digits) -> Ways:
    """Return the numbers by how long they are spelled."""
    groups: dict[int, list[range]] = {}
    for run in node.runs:
        rest = run
        while rest:
            length = len(node.spell(rest[0]))
            out = 10**length if rest[0] >= 0 and node.base == "d" else rest[0] + 1
            (here,), (rest,) = _cut(rest, out)
            groups.setdefault(length, []).append(here)
    return [(float(sum(map(len, runs))), tuple(runs)) for runs in groups.values()]


class Pieces(list[Any]):
    """The pieces of a symbol between blanks, of which the first can be had."""

    def __init__(self, whole: Symbol) -> None:
        """Remember what is split."""
        super().__init__()
        self.whole = whole

    def pop(self, place: Any = -1) -> Symbol:
        """Return the first piece."""
        piece: Symbol = self[place]
        return piece

    def __getitem__(self, place: Any) -> Any:
        if place != 0:
            self.whole.settle()
        run = self.whole.run
        found = _MARK.search(self.whole.characters)
        assert found is not None, "a symbol holds a mark"
        mark = _mark(run, found[0])
        return symbol(run, mark.site, Part(f"{mark.part.label}f", first_word(seq(parts_of(self.whole, run)))))

    def __iter__(self) -> Iterator[Any]:
        yield self.whole.replace(" ", "")  # for who puts them together again, which is all that faker does

    def __len__(self) -> int:
        self.whole.settle()


def first_word(node: Node) -> Node:
    """Return the grammar of what stands before the first blank.

    >>> first_word(seq([Part("0", Pick(("a b", "c"))), Part("1", Text(" d"))]))
    Pick(words=('a', 'c'), weights=None)
    """
    said = alt((weight, seq(parts)) for weight, parts, _ in _up_to_blank(node))
    return said.parts[0].node if isinstance(said, Seq) and len(said.parts) == 1 else said


def _up_to_blank(node: Node) -> Iterator[tuple[float, tuple[Part, ...], bool]]:
    """Yield the ways to begin: a weight, the parts up to the blank or the end, and whether a blank came."""
    if isinstance(node, Token):
        # The name is kept where all of it is said: a group shares what stands behind it.
        ways = list(_up_to_blank(node.node))
        if any(ended for _, _, ended in ways):
            yield from ways
        else:
            yield 1.0, (Part("t", node),), False
    elif isinstance(node, Text):
        head, blank, _ = node.text.partition(" ")
        yield 1.0, (Part("", Text(head)),), bool(blank)
    elif isinstance(node, Pick):
        for ended in (True, False):
            chosen = [
                (word.partition(" ")[0], share)
                for word, share in zip(node.words, node.shares.tolist(), strict=True)
                if (" " in word) == ended
            ]
            if chosen:
                words, shares = [word for word, _ in chosen], [share for _, share in chosen]
                said = pick(words, None if node.weights is None else shares)
                yield sum(shares), (Part("b" if ended else "p", said),), ended
    elif isinstance(node, Alt):
        whole = sum(node.weights)
        for number, (weight, branch) in enumerate(zip(node.weights, node.branches, strict=True)):
            for share, parts, ended in _up_to_blank(branch):
                yield weight / whole * share, _under(str(number), parts), ended
    elif isinstance(node, Seq):
        going: list[tuple[float, tuple[Part, ...]]] = [(1.0, ())]
        for part in node.parts:
            still: list[tuple[float, tuple[Part, ...]]] = []
            for weight, before in going:
                for share, parts, ended in _up_to_blank(part.node):
                    now = before + _under(part.label, parts)
                    if ended:
                        yield weight * share, now, True
                    else:
                        still.append((weight * share, now))
            going = still
        yield from ((weight, parts, False) for weight, parts in going)
    elif isinstance(node, Pattern) and any(" " in option for slot in node.slots for option in slot):
        raise NotCompilable("a blank within a pattern")
    else:
        yield 1.0, (Part("n", node),), False


def _under(label: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(Part(label + part.label, part.node) for part in parts)


# -- numbers ----------------------------------------------------------------------------------------------

_FEW = 100
_SPELLED = re.compile(r"7(\d{6})314159265358")


def _settles(name: str) -> Callable[..., NoReturn]:
    def settle(self: Whole, *_: Any) -> NoReturn:
        self.settle()

    settle.__name__ = name
    return settle


class Whole(Symbol):
    """A whole number of some runs, each as often as the others: `times` × what was drawn + `plus`.

    It is a str, too, so that it is asked what `"%05d" % number` means.
    """

    site: int
    drawn: tuple[range, ...]
    times: int
    plus: int

    @classmethod
    def of(cls, run: Run, site: int, drawn: tuple[range, ...], times: int = 1, plus: int = 0) -> Whole:
        """Make the number that a draw stands for."""
        node = Digits(_scaled(drawn, times, plus))
        made = cls.__new__(cls, run, symbol(run, site, Part(str(site), node)).characters)
        assert isinstance(made, Whole)
        made.site, made.drawn, made.times, made.plus = site, drawn, times, plus
        return made

    def settle(self) -> NoReturn:
        """End the run: the number must be settled."""
        raise Unsettled(self.site, self.run.sites[self.site])

    @property
    def runs(self) -> tuple[range, ...]:
        """Return the runs of the number itself."""
        return _scaled(self.drawn, self.times, self.plus)

    # Text of the number.

    def __str__(self) -> str:
        return self.written("")

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        return self.written(spec).characters

    def __rmod__(self, template: str) -> Symbol:
        found = re.search(r"%(0?\d*[dxX]|[si])", template)
        if found is None or template.replace("%%", "").count("%") != 1:
            self.settle()
        spec = "" if found[1] in "si" else found[1]
        before, after = template[: found.start()], template[found.end() :]
        return before.replace("%%", "%") + self.written(spec) + after.replace("%%", "%")

    def __int__(self) -> int:
        """Return a number that is found again in the text: what `"%d-%d" % (a, b)` asks for."""
        if sum(map(len, self.drawn)) <= _FEW:
            self.settle()
        self.run.spelled.append(self)
        return 0 if self.run.zeros else int(f"7{len(self.run.spelled) - 1:06}314159265358")

    def written(self, spec: str) -> Symbol:
        """Return the number written by a format."""
        found = re.fullmatch(r"(0?)(\d*)([dxX]?)", spec)
        if found is None or (spec and min(run[0] for run in self.runs) < 0):
            self.settle()
        node = Digits(self.runs, found[1], int(found[2] or 0), found[3] or "d")
        drawn = self.times == 1 and self.plus == 0
        return symbol(self.run, self.site, Part(str(self.site), node), drawn=drawn)

    # Arithmetic that keeps it a number of some runs.

    def __add__(self, other: Any) -> Any:
        return self._moved(1, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._moved(1, -other)

    def __rsub__(self, other: Any) -> Any:
        return self._moved(-1, other)

    def __mul__(self, other: Any) -> Any:
        return self._moved(other, 0) if other else 0

    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return self._moved(-1, 0)

    def __pos__(self) -> Any:
        return self

    def _moved(self, times: Any, plus: Any) -> Any:
        if type(times) is not int or type(plus) is not int:
            self.settle()
        return Whole.of(self.run, self.site, self.drawn, self.times * times, self.plus * times + plus)

    # Comparison with a number: two ways, each with fewer numbers.

    def __lt__(self, other: Any) -> bool:
        return self._below(other, strictly=True)

    def __le__(self, other: Any) -> bool:
        return self._below(other, strictly=False)

    def __gt__(self, other: Any) -> bool:
        return not self._below(other, strictly=False)

    def __ge__(self, other: Any) -> bool:
        return not self._below(other, strictly=True)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int) or (other - self.plus) % self.times:
            return False
        return self._among(lambda run: _split(run, (other - self.plus) // self.times))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return self != 0

    def __hash__(self) -> int:
        self.settle()

    # The rest of a division: as many ways as there are rests.

    def __mod__(self, other: Any) -> int:  # type: ignore[override]  # a number's, not a text's
        if type(other) is not int or not 0 < other <= _FEW:
            self.settle()
        parts: dict[int, list[range]] = {}
        for run in self.drawn:
            for first in range(min(other, len(run))):
                part = run[first::other]
                parts.setdefault((part[0] * self.times + self.plus) % other, []).append(part)
        if len(parts) == 1:
            return next(iter(parts))
        ways: Ways = [(sum(map(len, runs)), tuple(runs)) for _, runs in sorted(parts.items())]
        raise Unsettled(self.site, lambda: ways)

    def _below(self, other: Any, *, strictly: bool) -> bool:
        if isinstance(other, Whole) or not isinstance(other, int | float):
            self.settle()
        # times·x + plus < other, told of x itself: below a bound where times > 0, above one elsewhere.
        bound = Fraction(other - self.plus) / self.times
        if self.times > 0:
            first_out = ceil(bound) if strictly else floor(bound) + 1
            return self._among(lambda run: _cut(run, first_out))
        first_in = floor(bound) + 1 if strictly else ceil(bound)
        return self._among(lambda run: _cut(run, first_in)[::-1])

    def _among(self, split: Callable[[range], tuple[Iterable[range], ...]]) -> bool:
        yes: list[range] = []
        no: list[range] = []
        for run in self.drawn:
            inside, outside = split(run)
            yes += [part for part in inside if part]
            no += [part for part in outside if part]
        if not yes or not no:
            return bool(yes)
        ways: Ways = [(sum(map(len, yes)), tuple(yes)), (sum(map(len, no)), tuple(no))]
        raise Unsettled(self.site, lambda: ways)


# All else that numbers can do with each other.
for _name in sorted(set(dir(int)) - _OF_ANY_OBJECT - {"__getnewargs__"} - set(vars(Whole))):
    setattr(Whole, _name, _settles(_name))


def unspelled(text: str, run: Run, with_zeros: Callable[[], tuple[str, Run]]) -> tuple[str, Run]:
    """Return a text with marks in the place of the numbers that were asked to be plain ones.

    `with_zeros` runs the method again with a zero for each: how the zeros are written tells how wide the
    numbers are, and what they are filled with.
    """
    numbers = run.spelled
    pieces = _SPELLED.split(raw(text))
    zeros, _ = with_zeros()
    expected = "".join("( *0+)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
    found = re.fullmatch(expected, raw(zeros))
    if found is None or sorted(map(int, pieces[1::2])) != list(range(len(numbers))):
        raise NotCompilable("it computes with a number")
    out = pieces[0]
    for place in range(1, len(pieces), 2):
        zero = found[place // 2 + 1]
        spec = "" if zero == "0" else f"{'0' if zero[0] == '0' else ''}{len(zero)}d"
        out += numbers[int(pieces[place])].written(spec).characters + pieces[place + 1]
    return out, run


def _scaled(drawn: tuple[range, ...], times: int, plus: int) -> tuple[range, ...]:
    runs = [
        range(r[0] * times + plus, r[-1] * times + plus + (1 if times > 0 else -1), r.step * times)
        for r in drawn
    ]
    return tuple(run if run.step > 0 else run[::-1] for run in runs)


def _cut(run: range, first_out: int) -> tuple[list[range], list[range]]:
    """Cut an ascending run before the first number that is at least `first_out`."""
    place = min(len(run), max(0, -((run.start - first_out) // run.step)))
    return [run[:place]], [run[place:]]


def _split(run: range, number: int) -> tuple[list[range], list[range]]:
    """Split a run into one number of it and the others."""
    if number not in run:
        return [], [run]
    place = run.index(number)
    return [run[place : place + 1]], [run[:place], run[place + 1 :]]


class Real:
    """A number drawn evenly from low to high."""

    def __init__(self, site: int, low: float, high: float) -> None:
        """Make the number that a draw stands for."""
        self.site, self.low, self.high = site, low, high

    def __lt__(self, other: Any) -> bool:
        if not isinstance(other, int | float):
            raise NotCompilable("a number compared with no constant")
        if other <= self.low or other >= self.high:
            return bool(other >= self.high)
        ways: Ways = [
            (other - self.low, (self.low, float(other))),
            (self.high - other, (float(other), self.high)),
        ]
        raise Unsettled(self.site, lambda: ways)

    __le__ = __lt__

    def __gt__(self, other: Any) -> bool:
        return not self < other

    __ge__ = __gt__

    def __getattr__(self, name: str) -> NoReturn:
        raise NotCompilable(f"a drawn number is asked for {name}")


def _refuses(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any) -> NoReturn:
        raise NotCompilable(f"a drawn number is asked for {name}")

    refuse.__name__ = name
    return refuse


for _name in ("__bool__", "__eq__", "__float__", "__format__", "__hash__", "__int__", "__repr__", "__str__"):
    setattr(Real, _name, _refuses(_name))


# -- dates ------------------------------------------------------------------------------------------------


class When:
    """A date or time; it can be written and be returned."""

    def __init__(self, run: Run, site: int, moment: Moment) -> None:
        """Make the date that a draw stands for."""
        self.run, self.site, self.moment = run, site, moment

    def date(self) -> When:
        """Return its day."""
        return When(self.run, self.site, replace(self.moment, kind="date"))

    def time(self) -> TimeOfDay:
        """Return its time of day, which can be written."""
        return TimeOfDay(self.run, self.site, self.moment)

    def strftime(self, pattern: str) -> Any:
        """Return it written by a pattern."""
        written = Written(self.moment, pattern)
        small = written.small
        if small is None:
            return symbol(self.run, self.site, Part(str(self.site), written))
        if isinstance(small, Text):
            return small.text
        # A draw of its own, for a method may look at it: at the number of a month, to give its name.
        site, settled = self.run.open(lambda: listed(small))
        return settled if isinstance(settled, str) else symbol(self.run, site, Part(str(site), small))

    __format__ = strftime

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> Any:
        """Return it written by ISO 8601."""
        if timespec != "auto" or self.moment.kind != "datetime":
            raise NotCompilable("a date written to another precision")
        return self.strftime(f"%Y-%m-%d{sep}%H:%M:%S.%f")


class TimeOfDay(When):
    """The time of day of a moment; no column holds one."""
