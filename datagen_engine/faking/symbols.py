"""Stand-ins for what a provider's method draws, while the method is run to learn its grammar.

A `Symbol` is text of which some characters are *marks*: each stands for a part of the grammar. A method may
join and format symbols as it likes. Where it looks at one instead (its length, its first letter, whether it
equals something), `Unsettled` ends the run, and the method is run again once for each way that the mark in
question can turn out. `Whole` and `Real` are the same for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NoReturn

from datagen_engine.faking.grammar import Digits, Node, NotCompilable, Part, Text
from datagen_engine.faking.simplify import seq

if TYPE_CHECKING:
    from datagen_engine.faking.trace import Run

__all__ = ["Mark", "Real", "Symbol", "Unsettled", "Whole", "has_marks", "parts_of", "symbol"]

_FIRST = 0xF0000
"""Marks are characters of the first private plane, which no word list uses."""

_MARKS = re.compile("[\U000f0000-\U000ffffd]")

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
    """Whether the part is the number as it was drawn, so that some of its runs can be left out."""


def has_marks(text: str) -> bool:
    """Say whether a text holds marks."""
    return _MARKS.search(raw(text)) is not None


def raw(text: str) -> str:
    """Return the characters of a text as a plain string, marks and all."""
    return text.characters if isinstance(text, Symbol) else text


def parts_of(text: str, run: Run) -> list[Part]:
    """Return the parts of the grammar that a text with marks stands for."""
    parts: list[Part] = []
    for piece in re.split("([\U000f0000-\U000ffffd])", raw(text)):
        if _MARKS.fullmatch(piece):
            parts.append(run.marks[ord(piece) - _FIRST].part)
        elif piece:
            parts.append(Part("", Text(piece)))
    return parts


def symbol(run: Run, site: int, part: Part, *, drawn: bool = False) -> Symbol:
    """Make the symbol of a new mark."""
    run.marks.append(Mark(site, part, drawn))
    return Symbol(run, chr(_FIRST + len(run.marks) - 1))


def rebuilt(run: Run, text: str, change: Callable[[Node], Node], key: str) -> Symbol:
    """Make the symbol of a text whose every part is changed; `key` tells this change from others."""
    out = ""
    for character in raw(text):
        if _MARKS.fullmatch(character):
            mark = run.marks[ord(character) - _FIRST]
            changed = change(mark.part.node)
            same = changed == mark.part.node or changed.size == mark.part.node.size
            label = mark.part.label if same else mark.part.label + key
            run.marks.append(Mark(mark.site, Part(label, changed)))
            out += chr(_FIRST + len(run.marks) - 1)
        else:
            constant = change(Text(character))
            if not isinstance(constant, Text):
                raise NotCompilable("a constant became a choice")
            out += constant.text
    return Symbol(run, out)


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
        found = _MARKS.search(self.characters)
        assert found is not None, "a symbol holds a mark"
        site = self.run.marks[ord(found[0]) - _FIRST].site
        raise Unsettled(site, self.run.sites[site])

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
        if re.sub("%%", "", template).count("%") != 1 or "%s" not in template:
            self.settle()
        return Symbol(self.run, template.replace("%s", self.characters).replace("%%", "%"))

    # What changes every character by itself.

    def lower(self) -> Symbol:
        """Return the text in lower case."""
        return rebuilt(self.run, self, lambda node: node.mapped(str.lower), "l")

    def upper(self) -> Symbol:
        """Return the text in upper case."""
        return rebuilt(self.run, self, lambda node: node.mapped(str.upper), "u")

    def replace(self, old: str, new: str, count: Any = -1) -> Symbol:
        """Return the text with a character exchanged for another."""
        if len(old) != 1 or count != -1:
            self.settle()
        return rebuilt(self.run, self, lambda node: node.mapped(lambda text: text.replace(old, new)), "r")

    # What looks.

    def title(self) -> Symbol:
        """Return the words with a capital each, where the text is one word of a list."""
        return self._whole_words(str.title)

    def capitalize(self) -> Symbol:
        """Return the text with a capital, where it is one word of a list."""
        return self._whole_words(str.capitalize)

    def strip(self, characters: str | None = None) -> Symbol:
        """Return the text without blanks around it, where it is one word of a list."""
        return self._whole_words(lambda text: text.strip(characters))

    def _whole_words(self, change: Callable[[str], str]) -> Symbol:
        from datagen_engine.faking.grammar import Pick

        parts = parts_of(self, self.run)
        if len(parts) != 1 or not isinstance(parts[0].node, Pick):
            self.settle()
        return rebuilt(self.run, self, lambda node: node.mapped(change), "w")

    def split(self, separator: Any = None, most: Any = -1) -> Any:
        """Return the pieces between separators, of which only the first may be looked at."""
        if separator != " " or most != -1:
            self.settle()
        return Pieces(self)

    def __len__(self) -> int:
        total = 0
        for character in self.characters:
            if not _MARKS.fullmatch(character):
                total += 1
                continue
            mark = self.run.marks[ord(character) - _FIRST]
            lengths = _lengths(mark.part.node)
            if len(lengths) > 1 and mark.drawn and isinstance(mark.part.node, Digits):
                ways = _by_length(mark.part.node)
                raise Unsettled(mark.site, lambda: ways)
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
        if isinstance(other, Symbol) and other.characters == self.characters:
            return True
        self.settle()

    def __ne__(self, other: object) -> bool:
        return not self == other


for _name in (
    "__contains__", "__ge__", "__getitem__", "__gt__", "__iter__", "__le__", "__lt__", "__mod__",
    "__mul__", "__rmul__", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format",
    "format_map", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower",
    "isnumeric", "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lstrip", "partition",
    "removeprefix", "removesuffix", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "splitlines",
    "startswith", "swapcase", "translate",
):
    setattr(Symbol, _name, _looks(_name))


def _lengths(node: Node) -> set[int]:
    """Return how many characters the texts of a grammar can have; of long ways to say it, any two."""
    from datagen_engine.faking.grammar import Alt, Pattern, Pick, Seq, Token

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
        return self[place]

    def __getitem__(self, place: Any) -> Any:
        if place != 0:
            self.whole.settle()
        run = self.whole.run
        parts = parts_of(self.whole, run)
        marks = [c for c in self.whole.characters if _MARKS.fullmatch(c)]
        site = run.marks[ord(marks[0]) - _FIRST].site
        return symbol(run, site, Part(f"{run.marks[ord(marks[0]) - _FIRST].part.label}f", first_word(seq(parts))))

    def __iter__(self) -> Any:
        yield self.whole.replace(" ", "")  # for who puts them together again, which is all that faker does

    def __len__(self) -> int:
        self.whole.settle()


def first_word(node: Node) -> Node:
    """Return the grammar of what stands before the first blank.

    >>> from datagen_engine.faking.grammar import Pick
    >>> first_word(seq([Part("0", Pick(("a b", "c"))), Part("1", Text(" d"))]))
    Pick(words=('a', 'c'), weights=None)
    """
    from datagen_engine.faking.simplify import alt

    return alt((weight, seq(parts)) for weight, parts, _ in _up_to_blank(node, ()))


def _up_to_blank(node: Node, before: tuple[Part, ...]) -> Iterable[tuple[float, tuple[Part, ...], bool]]:
    """Yield the ways to begin: a weight, the parts up to the blank or the end, and whether a blank came."""
    from datagen_engine.faking.grammar import Alt, Pattern, Pick, Seq, Token
    from datagen_engine.faking.simplify import pick

    if isinstance(node, Token):
        # The name is kept where all of it is said: a group shares what stands behind it.
        ways = list(_up_to_blank(node.node, ()))
        if all(not ended for _, _, ended in ways):
            yield 1.0, (*before, Part("t", node)), False
        else:
            yield from ((w, before + parts, ended) for w, parts, ended in ways)
    elif isinstance(node, Text):
        head, blank, _ = node.text.partition(" ")
        yield 1.0, (*before, Part("", Text(head))), bool(blank)
    elif isinstance(node, Pick):
        for ended in (True, False):
            chosen = [(word.partition(" ")[0], share) for word, share in zip(node.words, node.shares.tolist(), strict=True)
                      if (" " in word) == ended]
            if chosen:
                words, shares = [word for word, _ in chosen], [share for _, share in chosen]
                weights = None if node.weights is None else shares
                yield sum(shares), (*before, Part("b" if ended else "p", pick(words, weights))), ended
    elif isinstance(node, Alt):
        whole = sum(node.weights)
        for number, (weight, branch) in enumerate(zip(node.weights, node.branches, strict=True)):
            for share, parts, ended in _up_to_blank(branch, ()):
                named = tuple(Part(f"{number}{part.label}", part.node) for part in parts)
                yield weight / whole * share, before + named, ended
    elif isinstance(node, Seq):
        open_ways: list[tuple[float, tuple[Part, ...]]] = [(1.0, ())]
        for part in node.parts:
            still: list[tuple[float, tuple[Part, ...]]] = []
            for weight, parts in open_ways:
                for share, more, ended in _up_to_blank(part.node, ()):
                    named = parts + tuple(Part(f"{part.label}{inner.label}", inner.node) for inner in more)
                    if ended:
                        yield weight * share, before + named, True
                    else:
                        still.append((weight * share, named))
            open_ways = still
        for weight, parts in open_ways:
            yield weight, before + parts, False
    elif isinstance(node, Pattern) and any(" " in option for slot in node.slots for option in slot):
        raise NotCompilable("a blank within a pattern")
    else:
        yield 1.0, (*before, Part("n", node)), False


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
        made = cls.__new__(cls, run, symbol(run, site, Part(str(site), _digits(drawn, times, plus))).characters)
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
        return self._spelled("")

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, spec: str) -> str:
        return self._spelled(spec).characters

    def __rmod__(self, template: str) -> Symbol:
        found = re.search(r"%(0?\d*[dxX]|[si])", template)
        if found is None or template.replace("%%", "").count("%") != 1:
            self.settle()
        spec = "" if found[1] in "si" else found[1]
        before, after = template[: found.start()], template[found.end() :]
        return before.replace("%%", "%") + self._spelled(spec) + after.replace("%%", "%")

    def _spelled(self, spec: str) -> Symbol:
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

    def _among(self, split: Callable[[range], tuple[Iterable[range], Iterable[range]]]) -> bool:
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


for _name in (
    "__abs__", "__and__", "__ceil__", "__divmod__", "__float__", "__floor__", "__floordiv__", "__index__", "__int__",
    "__invert__", "__lshift__", "__mod__", "__or__", "__pow__", "__rand__", "__rdivmod__", "__rfloordiv__",
    "__rlshift__", "__ror__", "__round__", "__rpow__", "__rrshift__", "__rshift__", "__rtruediv__", "__rxor__",
    "__truediv__", "__xor__",
):
    setattr(Whole, _name, _settles(_name))


def _digits(drawn: tuple[range, ...], times: int, plus: int) -> Digits:
    return Digits(_scaled(drawn, times, plus))


def _scaled(drawn: tuple[range, ...], times: int, plus: int) -> tuple[range, ...]:
    runs = [range(r[0] * times + plus, r[-1] * times + plus + (1 if times > 0 else -1), r.step * times) for r in drawn]
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

    def __init__(self, run: Run, site: int, low: float, high: float) -> None:
        """Make the number that a draw stands for."""
        self.run, self.site, self.low, self.high = run, site, low, high

    def __lt__(self, other: Any) -> bool:
        if not isinstance(other, int | float):
            raise NotCompilable("a number compared with no constant")
        if other <= self.low or other >= self.high:
            return bool(other >= self.high)
        ways: Ways = [(other - self.low, (self.low, float(other))), (self.high - other, (float(other), self.high))]
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
