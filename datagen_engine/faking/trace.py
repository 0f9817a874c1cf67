"""Learning the grammar of a provider's method by running it.

The method runs with dice that do not fall: what it draws is a mark (`symbols.py`), and what it returns shows
how the marks stand together. Where it looks at a mark, the run ends, and the method runs again once for each
way in which that draw can turn out; the runs become alternatives. A method that another one calls is learned
by itself and stands in the other's grammar under its name. What is learned is trusted only after a number of
real calls that it could have made too.
"""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import index
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from datagen_engine.faking.grammar import Alt, Node, NotCompilable, Part, Pattern, Pick, Seq, Text, Token
from datagen_engine.faking.moments import Moment, Written
from datagen_engine.faking.said import Choice, Learned, Number, together
from datagen_engine.faking.simplify import alt, pick, seq, words_of
from datagen_engine.faking.still import generator, held_still
from datagen_engine.faking.symbols import (
    Mark, Real, Symbol, Unsettled, Ways, Whole, has_marks, parts_of, raw, rebuilt, symbol,
)

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Rule", "Run", "Tracer"]

MOST_RUNS = 3_000
"""Runs of one method before it is given up."""

MOST_DRAWS = 30_000
"""Draws in all runs together before a method is given up."""

MOST_WAYS = 2_500
"""Ways in which one draw may turn out where the method looks at it."""

_MOST_DRAWS_A_RUN = 3_000
_MOST_DEPTH = 300
_INLINE = object()
_UNSEEN = object()


@dataclass
class Run:
    """Keep the state of one run: the draws so far, how the first of them are settled, and the marks."""

    script: Sequence[Any]
    sites: list[Callable[[], Ways]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def open(self, ways: Callable[[], Ways]) -> tuple[int, Any]:
        """Begin a draw; return its place in the run and what it is settled to, if it is."""
        place = len(self.sites)
        if place >= _MOST_DRAWS_A_RUN:
            raise NotCompilable(f"more than {_MOST_DRAWS_A_RUN} draws")
        self.sites.append(ways)
        return place, self.script[place] if place < len(self.script) else _UNSEEN


class NotText(NotCompilable):
    """Say that a method returns something that no column holds."""


class Dice:
    """Stand in for `random.Random` during a run."""

    def __init__(self) -> None:
        """Wait for a run."""
        self.run = Run(())
        self.left = 0
        self._words: dict[Any, Pick | Text | None] = {}

    def pick(self, elements: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        """Return one of some elements: a mark where they are texts, a number where they are numbers."""
        if not len(elements):
            raise IndexError("Cannot choose from an empty sequence")
        node = self._listed(tuple(elements), None if weights is None else tuple(weights))
        if isinstance(node, Text):
            return node.text
        if node is not None:
            place, settled = self.open(lambda: list(zip(node.shares.tolist(), node.words, strict=True)))
            return symbol(self.run, place, Part(str(place), node)) if settled is _UNSEEN else settled
        kept = [(e, w) for e, w in zip(elements, weights or (1.0,) * len(elements), strict=True) if w > 0]
        if len(kept) == 1:
            return kept[0][0]
        if all(type(e) is int for e, _ in kept) and len({e for e, _ in kept}) == len({w for _, w in kept}) == 1:
            return kept[0][0]
        if all(type(e) is int for e, _ in kept) and len({w for _, w in kept}) == 1 and len({e for e, _ in kept}) == len(kept):
            return self.whole(tuple(range(e, e + 1) for e, _ in sorted(kept)))
        drawn = any(type(e) is not str or has_marks(e) for e, _ in kept)
        ordered = kept if drawn else sorted(kept, key=lambda pair: repr(pair[0]))
        # By place, not by value: in the next run the elements may hold other marks.
        ways: Ways = [(w, place) for place, (_, w) in enumerate(ordered)]
        site, settled = self.open(lambda: ways)
        if settled is _UNSEEN:
            raise Unsettled(site, lambda: ways)
        return ordered[settled][0]

    def open(self, ways: Callable[[], Ways]) -> tuple[int, Any]:
        """Begin a draw of the run; refuse where too many were begun."""
        self.left -= 1
        if self.left < 0:
            raise NotCompilable("it draws too often")
        return self.run.open(ways)

    def _listed(self, elements: tuple[Any, ...], weights: tuple[float, ...] | None) -> Pick | Text | None:
        """Return the choice of one of some texts, None where the elements are not all texts without marks."""
        if not all(type(element) is str for element in elements):
            return None
        key = (elements, weights)
        if key not in self._words:
            plain = not any(map(has_marks, elements))
            self._words[key] = pick(elements, weights) if plain else None
        return self._words[key]

    def whole(self, runs: tuple[range, ...]) -> Any:
        """Return a whole number of some runs."""
        size = sum(map(len, runs))
        if size == 0:
            raise ValueError("empty range")

        def ways() -> Ways:
            if size > MOST_WAYS:
                raise NotCompilable(f"it looks at one of {size:,} numbers")
            return [(1.0, number) for run in runs for number in run]

        if size == 1:
            return runs[0][0]
        place, settled = self.open(ways)
        if settled is _UNSEEN:
            return Whole.of(self.run, place, runs)
        if not isinstance(settled, tuple):
            return settled
        # Some of the runs are left: the draw is settled so far, and may be looked at again.
        if sum(map(len, settled)) == 1:
            return settled[0][0]
        self.run.sites[place] = lambda: [(1.0, number) for run in settled for number in run]
        return Whole.of(self.run, place, settled)

    # The methods of random.Random that faker uses.

    def choice(self, seq: Sequence[Any]) -> Any:
        """Return one of a sequence."""
        return self.pick(list(seq))

    def choices(
        self, population: Sequence[Any], weights: Sequence[float] | None = None, *,
        cum_weights: Sequence[float] | None = None, k: int = 1,
    ) -> list[Any]:
        """Return k of a sequence, drawn independently."""
        if cum_weights is not None:
            raise NotCompilable("cumulative weights")
        return [self.pick(list(population), weights) for _ in range(index(k))]

    def sample(self, population: Sequence[Any], k: int) -> list[Any]:
        """Return k different ones of a sequence."""
        left, out = list(population), []
        if len(left) ** min(index(k), 9) > MOST_RUNS:
            raise NotCompilable("a sample without repetition")
        for _ in range(index(k)):
            ways = [(1.0, (place,)) for place in range(len(left))]
            site, settled = self.open(lambda ways=ways: ways)  # type: ignore[misc]  # bound at once
            if settled is _UNSEEN:
                raise Unsettled(site, lambda ways=ways: ways)  # type: ignore[misc]  # bound at once
            out.append(left.pop(settled[0]))
        return out

    def randint(self, a: int, b: int) -> Any:
        """Return a whole number from a to b."""
        return self.whole((range(index(a), index(b) + 1),))

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> Any:
        """Return a whole number of a range."""
        run = range(index(start)) if stop is None else range(index(start), index(stop), index(step))
        return self.whole((run if run.step > 0 else run[::-1],))

    def getrandbits(self, k: int) -> Any:
        """Return a whole number of k bits."""
        return self.whole((range(1 << index(k)),))

    def random(self) -> Any:
        """Return a number from 0 to 1."""
        return self.uniform(0.0, 1.0)

    def uniform(self, a: float, b: float) -> Any:
        """Return a number from a to b."""
        if not isinstance(a, int | float) or not isinstance(b, int | float):
            raise NotCompilable("a bound that is drawn")
        ways: Ways = []
        place, settled = self.open(lambda: ways)
        low, high = (float(a), float(b)) if settled is _UNSEEN else settled
        return Real(self.run, place, low, high)

    def __getattr__(self, name: str) -> Any:
        raise NotCompilable(f"it draws by {name}")


_TEMPLATE = re.compile(r"\{\{\s*(\w+)(?::\s*(\w+?))?\s*\}\}")
_PLACES = {"#": tuple("0123456789"), "%": tuple("123456789"), "$": tuple("23456789")}
_OPTIONAL = {"!": "0123456789", "@": "123456789"}


def numerified(text: str) -> Node:
    """Return the grammar of `numerify(text)`: # a digit, % one that is not 0, $ one above 1, ! and @ maybe none.

    >>> numerified("a#").size
    10
    """
    parts: list[Part] = []
    slots: list[tuple[str, ...]] = []

    def close() -> None:
        if any(len(slot) > 1 for slot in slots):
            parts.append(Part(f"n{len(parts)}", Pattern(tuple(slots))))
        elif slots:
            parts.append(Part("", Text("".join(slot[0] for slot in slots))))
        slots.clear()

    for character in text:
        if character in _OPTIONAL:
            close()
            digits = _OPTIONAL[character]
            weights = (float(len(digits)), *(1.0,) * len(digits))
            parts.append(Part(f"n{len(parts)}", Pick(("", *digits), weights)))
        else:
            slots.append(_PLACES.get(character, (character,)))
    close()
    return seq(parts)


def lettered(text: str, letters: Sequence[str], place: str = "?") -> Node:
    """Return the grammar of a text in which each `place` is one of some letters."""
    options = tuple(letters)
    if place not in text:
        return Text(text)
    if all(len(letter) == 1 and letter.isascii() for letter in options):
        return Pattern(tuple(options if c == place else (c,) for c in text))
    parts = [
        Part(f"l{number}", pick(options)) if c == place else Part("", Text(c)) for number, c in enumerate(text)
    ]
    return seq(parts)


def within(node: Node, change: Callable[[str], Node]) -> Node:
    """Return a grammar with each constant text and each word exchanged for a grammar of its own."""
    if isinstance(node, Text):
        return change(node.text)
    if isinstance(node, Pick):
        changed = [change(word) for word in node.words]
        if all(isinstance(new, Text) and new.text == word for new, word in zip(changed, node.words, strict=True)):
            return node
        return alt(zip(node.shares.tolist(), changed, strict=True))
    if isinstance(node, Pattern):
        slots: list[tuple[str, ...]] = []
        for slot in node.slots:
            new = change(slot[0]) if len(slot) == 1 else Pattern((slot,))
            if not isinstance(new, Text | Pattern):
                raise NotCompilable("a choice within a pattern")
            slots += new.slots if isinstance(new, Pattern) else [(new.text,)]
        return Pattern(tuple(slots))
    if isinstance(node, Token):
        if node.role is not None:
            return node  # names and places hold no characters to fill in
        inner = within(node.node, change)
        return node if inner == node.node else Token(node.name, inner)
    if isinstance(node, Alt):
        if all(within(branch, change) == branch for branch in node.branches):
            return node
        return alt((w, within(b, change)) for w, b in zip(node.weights, node.branches, strict=True))
    if isinstance(node, Seq):
        return seq(
            Part(part.label or f"c{number}", within(part.node, change)) for number, part in enumerate(node.parts)
        )
    return node


def _unsettled_moment() -> Ways:
    raise NotCompilable("it looks at a date")


class When:
    """Stand in for a date or time that a method drew; it can be written and be returned."""

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
        site, settled = self.run.open(lambda: _listed(small))
        return symbol(self.run, site, Part(str(site), small)) if settled is _UNSEEN else settled

    __format__ = strftime

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> Any:
        """Return it written by ISO 8601."""
        if timespec != "auto" or self.moment.kind != "datetime":
            raise NotCompilable("a date written to another precision")
        return self.strftime(f"%Y-%m-%d{sep}%H:%M:%S.%f")


class TimeOfDay(When):
    """Stand in for the time of day of a moment; no column holds one."""


Rule: TypeAlias = Callable[..., Learned | None]
"""Make a method's grammar by hand, from the tracer, the provider and the arguments; None: as any other."""


class Tracer:
    """Learn the methods of one locale.

    `now` is what its methods take for the present time (naive, UTC).
    """

    def __init__(self, locale: str, now: datetime, rules: Mapping[str, Rule] | None = None) -> None:
        """Make the locale's generator, its dice and its replaced methods."""
        self.locale, self.now, self.rules = locale, now, rules or {}
        self.dice = Dice()
        self.generator: Any = generator(locale)
        self._real: Any = None
        self.generator.random = self.dice
        self.generator.parse = self._parse
        self.given: dict[str, Node] = {}
        """What methods say that are not to be learned, by name."""
        self.owners: dict[str, Any] = {}
        self._plain: dict[str, Callable[..., Any]] = {}
        self._learned: dict[Any, Learned | NotCompilable] = {}
        self._learning: set[Any] = set()
        for provider in reversed(self.generator.providers):
            self._take_over(provider)

    def has(self, name: str) -> bool:
        """Say whether the locale has a method."""
        return name in self._plain

    def learn(self, name: str, arguments: Mapping[str, Any]) -> Learned:
        """Return what a method says with these arguments; raises NotCompilable."""
        changes = {"unidecode": self._unidecode, "slugify": self._slugify, "re": self._patterns()}
        self.dice.left = MOST_DRAWS
        with held_still(self.dice, self.now, changes):
            return self._method(name, (), dict(arguments))

    def node(self, name: str, **arguments: Any) -> Node:
        """Return what another method says, for a rule; raises NotCompilable where that is no text."""
        learned = self._known(_key(name, (), arguments), name, (), arguments)
        if isinstance(learned, NotCompilable):
            raise learned
        if not isinstance(learned, Node):
            raise NotText(f"{name} gives no text")
        return learned

    def real_call(self, name: str, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Call faker's own method with a source of randomness."""
        if self._real is None:
            self._real = generator(self.locale)
        self._real.random = source
        with held_still(source, self.now):
            return getattr(self._real, name)(*args, **kwargs)

    # The methods in place of faker's own.

    def _take_over(self, provider: Any) -> None:
        """Put our own in the place of a provider's methods."""
        for name in dir(type(provider)):
            plain = getattr(provider, name, None)
            if name.startswith("_") or not callable(plain) or isinstance(plain, type):
                continue
            self._plain[name] = plain
            self.owners[name] = provider
            taken: Callable[..., Any] = plain
            owner = inspect.unwrap(getattr(type(provider), name))
            if name in ("numerify", "lexify", "bothify", "hexify"):
                taken = getattr(self, f"_{name}")
            elif getattr(owner, "__module__", "") != "faker.providers":
                taken = self._caller(name, plain)
            setattr(provider, name, taken)
            setattr(self.generator, name, taken)

    def _caller(self, name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            run = self.dice.run
            try:
                key = _key(name, args, kwargs)
            except (TypeError, Unsettled):
                return plain(*args, **kwargs)  # an argument is drawn itself, or none that can be kept
            if key in self._learning:
                return plain(*args, **kwargs)
            learned = self._known(key, name, args, kwargs)
            if isinstance(learned, NotCompilable) and not isinstance(learned, NotText):
                raise learned
            if isinstance(learned, Text):
                return learned.text
            if isinstance(learned, Moment):
                site, _ = self.dice.open(_unsettled_moment)
                return When(run, site, learned)
            if not isinstance(learned, Node):
                return plain(*args, **kwargs)  # a list or a number: its caller will look at it
            site, settled = self.dice.open(lambda: [(1.0, _INLINE)])
            if settled is _INLINE:
                return plain(*args, **kwargs)
            return symbol(run, site, Part(str(site), Token(name, learned)))

        return call

    def _numerify(self, text: str = "###") -> Any:
        return self._pattern(text, numerified, "n")

    def _lexify(self, text: str = "????", letters: str | None = None) -> Any:
        from string import ascii_letters

        chosen = ascii_letters if letters is None else letters
        return self._pattern(text, lambda constant: lettered(constant, chosen), "l")

    def _bothify(self, text: str = "## ??", letters: str | None = None) -> Any:
        return self._lexify(self._numerify(text), letters)

    def _hexify(self, text: str = "^^^^", upper: bool = False) -> Any:
        letters = "0123456789ABCDEF" if upper else "0123456789abcdef"
        return self._pattern(text, lambda constant: lettered(constant, letters, "^"), "h")

    def _pattern(self, text: str, change: Callable[[str], Node], key: str) -> Any:
        run = self.dice.run
        out: Any = ""
        for number, part in enumerate(parts_of(text, run)):
            new = within(part.node, change)
            if isinstance(new, Text):
                out = out + new.text
                continue
            ways = lambda new=new: _listed(new)  # noqa: E731  # bound at once
            place, settled = self.dice.open(ways)
            if settled is not _UNSEEN:
                out = out + settled
            elif new == part.node:
                out = out + symbol(run, place, part)
            else:
                label = f"{part.label}{key}" if part.label else f"{place}{key}{number}"
                out = out + symbol(run, place, Part(label, new))
        return out

    def _parse(self, text: str) -> Any:
        run = self.dice.run
        for part in parts_of(text, run):
            if isinstance(part.node, Pick) and any("{{" in word for word in part.node.words):
                Symbol(run, raw(text)).settle()
        out: Any = ""
        place = 0
        plain = raw(text)
        for match in _TEMPLATE.finditer(plain):
            out = out + self._again(plain[place : match.start()])
            arguments = self.generator.get_arguments(match[2]) if match[2] else {}
            said = self.generator.format(match[1], **(arguments or {}))
            out = out + (said if isinstance(said, str) and not isinstance(said, Whole) else str(said))
            place = match.end()
        return out + self._again(plain[place:])

    def _again(self, text: str) -> Any:
        return Symbol(self.dice.run, text) if has_marks(text) else text

    def _unidecode(self, text: str) -> Any:
        from faker.decode import unidecode

        if not has_marks(text):
            return unidecode(raw(text))
        return rebuilt(self.dice.run, text, lambda node: node.mapped(unidecode), "a")

    def _slugify(self, text: Any, allow_dots: bool = False, allow_unicode: bool = False) -> Any:
        def change(part: str) -> str:
            return slug(part, allow_dots=allow_dots, allow_unicode=allow_unicode)

        if not has_marks(str(text)):
            return change(raw(str(text))).strip("-")
        return rebuilt(self.dice.run, text, lambda node: node.mapped(change), "s")

    def _patterns(self) -> ModuleType:
        """Return the module `re` with functions that see when they are to look at a mark."""
        module = ModuleType("re")
        vars(module).update({key: value for key, value in vars(re).items() if not key.startswith("__")})

        def seeing(plain: Callable[..., Any]) -> Callable[..., Any]:
            def look(*args: Any, **kwargs: Any) -> Any:
                for value in args:
                    if isinstance(value, str) and has_marks(value):
                        Symbol(self.dice.run, raw(value)).settle()
                return plain(*args, **kwargs)

            return look

        for name in ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"):
            setattr(module, name, seeing(getattr(re, name)))
        return module

    # Learning.

    def _known(self, key: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Learned | NotCompilable:
        if name in self.given and not args and not kwargs:
            return self.given[name]
        if key not in self._learned:
            outer, self.dice.run = self.dice.run, Run(())
            self._learning.add(key)
            try:
                self._learned[key] = self._method(name, args, kwargs)
            except NotCompilable as reason:
                self._learned[key] = reason
            finally:
                self._learning.discard(key)
                self.dice.run = outer
        return self._learned[key]

    def _method(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Learned:
        if name not in self._plain:
            raise NotCompilable(f"{self.locale} has no method {name}")
        owner = inspect.unwrap(getattr(type(self.owners[name]), name))
        rule = self.rules.get(f"{owner.__module__}.{owner.__qualname__}")
        if rule is not None:
            try:
                found = rule(self, self.owners[name], *args, **kwargs)
            except NotCompilable:
                raise
            except Exception as error:  # another faker than the rule was made for
                raise NotCompilable(f"{type(error).__name__}: {error}") from None
            if found is not None:
                return found
        call = getattr(self.owners[name], name) if name in ("numerify", "lexify", "bothify", "hexify") else self._plain[name]
        runs = [0]

        def explore(script: tuple[Any, ...]) -> Learned:
            runs[0] += 1
            if runs[0] > MOST_RUNS or len(script) > _MOST_DEPTH:
                raise NotCompilable("too many ways to run")
            run = self.dice.run = Run(script)
            try:
                result = call(*args, **kwargs)
                return _result(result, run)
            except Unsettled as draw:
                ways = draw.ways()
                if len(ways) > MOST_WAYS or not ways:
                    raise NotCompilable("it looks at what it drew") from None
                before = [*script, *(_UNSEEN,) * len(run.sites)][: draw.site]
                done = [(weight, explore((*before, way))) for weight, way in ways]
                return together(done, f"={draw.site}")
            except NotCompilable:
                raise
            except RecursionError:
                raise NotCompilable("it calls itself without end") from None
            except Exception as error:  # whatever a method does with a mark that it takes for text
                raise NotCompilable(f"{type(error).__name__}: {error}") from None

        return explore(())


def _key(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    def frozen(value: Any) -> Any:
        return (list, tuple(value), tuple(map(type, value))) if isinstance(value, list) else (type(value), value)

    key = (name, tuple(map(frozen, args)), tuple(sorted((k, frozen(v)) for k, v in kwargs.items())))
    hash(key)
    return key


def _listed(node: Node) -> Ways:
    if node.size > MOST_WAYS:
        raise NotCompilable(f"it looks at one of {node.size:,} texts")
    words, shares = words_of(node)
    return list(zip(shares, words, strict=True))


def _result(result: Any, run: Run) -> Learned:
    if isinstance(result, Whole):
        return Number(result.runs)
    if isinstance(result, Real):
        return Number((), result.low, result.high)
    if isinstance(result, When) and not isinstance(result, TimeOfDay):
        return result.moment
    if isinstance(result, str):
        return seq(parts_of(result, run))
    if result is None or isinstance(result, bool | int | float):
        return Choice((result,), (1.0,))
    raise NotText(f"it returns a {type(result).__name__}")


def slug(text: str, *, allow_dots: bool, allow_unicode: bool) -> str:
    """Return a part of a text as faker's `slugify` would leave it within the whole."""
    if allow_unicode:
        text = unicodedata.normalize("NFKC", text)
    else:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^\.\w\s-]" if allow_dots else r"[^\w\s-]", "", text).lower()
    return re.sub(r"[-\s]+", "-", text)


def verified(node: Node, calls: Iterable[str]) -> bool:
    """Say whether a grammar could have said each of these texts."""
    return all(node.accepts(text) for text in calls)

