"""Learning the grammar of a provider's method by running it.

The method runs with dice that do not fall: what it draws is a mark (`symbols.py`), and what it returns shows
how the marks stand together. Where it looks at a mark, the run ends, and the method runs again once for each
way in which that draw can turn out; the runs become alternatives. A method that another one calls is learned
by itself and stands in the other's grammar under its name.
"""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from string import ascii_letters
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias

from datagen_engine.faking.dice import MOST_DRAWS, MOST_WAYS, UNSEEN, Dice, Run
from datagen_engine.faking.filling import DIGITS, lettered, numerified, within
from datagen_engine.faking.grammar import Alt, Node, NotCompilable, Part, Pattern, Pick, Seq, Text, Token
from datagen_engine.faking.moments import Moment
from datagen_engine.faking.said import Choice, Learned, Number, together
from datagen_engine.faking.simplify import seq
from datagen_engine.faking.still import generator, held_still
from datagen_engine.faking.symbols import (
    Real,
    Symbol,
    TimeOfDay,
    Unsettled,
    Ways,
    When,
    Whole,
    has_marks,
    listed,
    parts_of,
    pieces_of,
    raw,
    rebuilt,
    symbol,
    unspelled,
)

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Asked", "Rule", "Tracer"]

MOST_RUNS = 8_000
"""Runs of one method before it is given up."""

_MOST_DEPTH = 300
_INLINE = object()
_FILLERS = ("bothify", "hexify", "lexify", "numerify")
_TEMPLATE = re.compile(r"\{\{\s*(\w+)(?::\s*(\w+?))?\s*\}\}")

Rule: TypeAlias = Callable[..., Learned | None]
"""Make a method's grammar by hand, from where it is asked for and the arguments; None: as any other."""


@dataclass(frozen=True)
class Asked:
    """Say for what a rule is asked: the tracer, and the provider whose method it is."""

    tracer: Tracer
    provider: Any


class NotText(NotCompilable):
    """Say that a method returns something that no column holds."""


class Tracer:
    """Learn the methods of one locale."""

    def __init__(self, locale: str, now: datetime, rules: Mapping[str, Rule]) -> None:
        """Make the locale's generator, its dice and its replaced methods.

        `now` is what its methods take for the present time (naive, UTC), `rules` are grammars made by hand,
        by the full name of the function that they stand for.
        """
        self.locale, self.now = locale, now
        self.given: dict[str, Node] = {}
        """What methods say that are not to be learned, by name."""
        self.owners: dict[str, Any] = {}
        """The provider of each method."""
        self._rules = rules
        self._dice = Dice()
        self._plain: dict[str, Callable[..., Any]] = {}
        self._learned: dict[Any, Learned | NotCompilable] = {}
        self._learning: set[Any] = set()
        self._real: Any = None
        self._generator: Any = generator(locale)
        self._generator.random = self._dice
        self._generator.parse = self._parse
        for provider in reversed(self._generator.providers):
            self._take_over(provider)

    def has(self, name: str) -> bool:
        """Say whether the locale has a method."""
        return name in self._plain

    def learn(self, name: str, arguments: Mapping[str, Any]) -> Learned:
        """Return what a method says with these arguments; raises NotCompilable."""
        changes = {"unidecode": self._unidecode, "slugify": self._slugify, "re": self._patterns()}
        self._dice.left = MOST_DRAWS
        with held_still(self._dice, self.now, changes):
            learned = self._known(_key(name, (), dict(arguments)), name, (), dict(arguments))
        if isinstance(learned, NotCompilable):
            raise learned
        return learned

    def node(self, name: str, **arguments: Any) -> Node:
        """Return what another method says, for a rule; raises NotCompilable where that is no text."""
        learned = self._known(_key(name, (), arguments), name, (), arguments)
        if isinstance(learned, NotCompilable):
            raise learned
        if not isinstance(learned, Node):
            raise NotText(f"{name} gives no text")
        return learned

    @contextmanager
    def real(self, source: Any) -> Iterator[Any]:
        """Let faker's own methods be called, with a source of randomness: yields its generator."""
        if self._real is None:
            self._real = generator(self.locale)
        self._real.random = source
        with held_still(source, self.now):
            yield self._real

    def real_call(self, name: str, source: Any, *args: Any, **kwargs: Any) -> Any:
        """Call one of faker's own methods once."""
        with self.real(source) as faker:
            return getattr(faker, name)(*args, **kwargs)

    # Learning.

    def _known(
        self, key: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Learned | NotCompilable:
        if name in self.given and not args and not kwargs:
            return self.given[name]
        if key not in self._learned:
            outer, self._dice.run = self._dice.run, Run(())
            self._learning.add(key)
            try:
                self._learned[key] = self._method(name, args, kwargs)
            except NotCompilable as reason:
                self._learned[key] = reason
            finally:
                self._learning.discard(key)
                self._dice.run = outer
        return self._learned[key]

    def _method(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Learned:
        if name not in self._plain:
            raise NotCompilable(f"{self.locale} has no method {name}")
        owner = inspect.unwrap(getattr(type(self.owners[name]), name))
        rule = self._rules.get(f"{owner.__module__}.{owner.__qualname__}")
        if rule is not None:
            try:
                found = rule(Asked(self, self.owners[name]), *args, **kwargs)
            except NotCompilable:
                raise
            except Exception as error:  # another faker than the rule was made for
                raise NotCompilable(f"{type(error).__name__}: {error}") from None
            if found is not None:
                return found
        call = getattr(self, f"_{name}") if name in _FILLERS else self._plain[name]
        return self._explored(lambda: call(*args, **kwargs))

    def _explored(self, call: Callable[[], Any]) -> Learned:
        """Run a method in every way that its draws can turn out, as far as it looks at them."""
        runs = 0

        def explore(script: tuple[Any, ...]) -> Learned:
            nonlocal runs
            runs += 1
            if runs > MOST_RUNS or len(script) > _MOST_DEPTH:
                raise NotCompilable("too many ways to run")
            run = self._dice.run = Run(script)
            try:
                return self._result(call(), run, call)
            except Unsettled as draw:
                ways = draw.ways()
                if len(ways) > MOST_WAYS or not ways:
                    raise NotCompilable("it looks at what it drew") from None
                before = [*script, *(UNSEEN,) * len(run.sites)][: draw.site]
                return together([(weight, explore((*before, way))) for weight, way in ways], f"={draw.site}")
            except NotCompilable:
                raise
            except RecursionError:
                raise NotCompilable("it calls itself without end") from None
            except Exception as error:  # whatever a method does with a mark that it takes for text
                raise NotCompilable(f"{type(error).__name__}: {error}") from None

        return explore(())

    def _result(self, result: Any, run: Run, call: Callable[[], Any]) -> Learned:
        if isinstance(result, Whole):
            return Number(result.runs)
        if isinstance(result, Real):
            return Number((), result.low, result.high)
        if isinstance(result, When) and not isinstance(result, TimeOfDay):
            return result.moment
        if isinstance(result, str) and run.spelled:

            def with_zeros() -> tuple[str, Run]:
                again = self._dice.run = Run(run.script, zeros=True)
                said = call()
                if not isinstance(said, str) or len(again.sites) != len(run.sites):
                    raise NotCompilable("it computes with a number")
                return said, again

            result, run = unspelled(result, run, with_zeros)
        if isinstance(result, str):
            return seq(parts_of(result, run))
        if run.spelled:
            raise NotCompilable("it computes with a number")
        if result is None or isinstance(result, bool | int | float):
            return Choice((result,), (1.0,))
        raise NotText(f"it returns a {type(result).__name__}")

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
            if name in _FILLERS:
                taken = getattr(self, f"_{name}")
            elif name == "random_elements":
                taken = self._elements(plain, weighted=provider.__use_weighting__)
            elif getattr(owner, "__module__", "") != "faker.providers":
                taken = self._caller(name, plain)
            setattr(provider, name, taken)
            setattr(self._generator, name, taken)

    def _caller(self, name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            run = self._dice.run
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
                site, _ = self._dice.open(_not_settled)
                return When(run, site, learned)
            if not isinstance(learned, Node):
                return plain(*args, **kwargs)  # a list or a number: its caller will look at it
            site, settled = self._dice.open(lambda: [(1.0, _INLINE)])
            if settled is _INLINE:
                return plain(*args, **kwargs)
            return symbol(run, site, Part(str(site), Token(name, learned)))

        return call

    def _elements(self, plain: Callable[..., Any], *, weighted: bool) -> Callable[..., Any]:
        def call(
            elements: Any = ("a", "b", "c"),
            length: Any = None,
            unique: bool = False,
            use_weighting: Any = None,
        ) -> Any:
            if isinstance(length, int) and (
                isinstance(elements, OrderedDict) or not isinstance(elements, dict)
            ):
                chosen = elements
                by_weight = weighted if use_weighting is None else use_weighting
                if isinstance(elements, OrderedDict) and not by_weight:
                    chosen = tuple(elements)
                if not unique:
                    return [self._dice.pick(chosen) for _ in range(length)]
                if 1 < length < len(chosen) and all(type(element) is str for element in chosen):
                    return self._dice.others(chosen, length)
            return plain(elements, length, unique, use_weighting)

        return call

    def _numerify(self, text: str = "###") -> Any:
        return self._filled(text, numerified, DIGITS)

    def _lexify(self, text: str = "????", letters: str = ascii_letters) -> Any:
        return self._filled(text, lambda constant: lettered(constant, letters), "?")

    def _bothify(self, text: str = "## ??", letters: str = ascii_letters) -> Any:
        return self._lexify(self._numerify(text), letters)

    def _hexify(self, text: str = "^^^^", upper: bool = False) -> Any:
        letters = "0123456789ABCDEF" if upper else "0123456789abcdef"
        return self._filled(text, lambda constant: lettered(constant, letters, "^"), "^")

    def _filled(self, text: str, change: Callable[[str], Node], places: str) -> Any:
        run = self._dice.run
        out: Any = ""
        again = pieces_of(text, run)
        for number, part in enumerate(parts_of(text, run)):
            if isinstance(part.node, Pick) and _has_templates(part.node):
                Symbol(run, raw(text)).settle()  # what is filled in is about to be parsed
            new = within(part.node, change, places)
            if isinstance(new, Text):
                out = out + new.text
                continue
            if new == part.node:
                out = out + again[number]
                continue
            place, settled = self._dice.open(partial(listed, new))
            if settled is not UNSEEN:
                out = out + settled
            else:
                label = f"{part.label}{places[0]}" if part.label else f"{place}{places[0]}{number}"
                out = out + symbol(run, place, Part(label, new))
        return out

    def _parse(self, text: str) -> Any:
        run = self._dice.run
        if any(_has_templates(part.node) for part in parts_of(text, run) if not isinstance(part.node, Text)):
            Symbol(run, raw(text)).settle()
        out: Any = ""
        place = 0
        plain = raw(text)
        for match in _TEMPLATE.finditer(plain):
            out = out + self._with_run(plain[place : match.start()])
            arguments = self._generator.get_arguments(match[2]) if match[2] else {}
            said = self._generator.format(match[1], **(arguments or {}))
            out = out + (said if isinstance(said, str) and not isinstance(said, Whole) else str(said))
            place = match.end()
        return out + self._with_run(plain[place:])

    def _with_run(self, text: str) -> str:
        return Symbol(self._dice.run, text) if has_marks(text) else text

    # The functions in place of faker's and Python's own.

    def _unidecode(self, text: str) -> Any:
        from faker.decode import unidecode

        if not has_marks(text):
            return unidecode(raw(text))
        return rebuilt(self._dice.run, text, lambda node: node.mapped(unidecode), "a")

    def _slugify(self, text: Any, allow_dots: bool = False, allow_unicode: bool = False) -> Any:
        def change(part: str) -> str:
            return _slug(part, allow_dots=allow_dots, allow_unicode=allow_unicode)

        if not has_marks(str(text)):
            return change(raw(str(text)).strip())
        return rebuilt(self._dice.run, text, lambda node: node.mapped(change), "s")

    def _patterns(self) -> ModuleType:
        """Return the module `re` with functions that see when they are to look at a mark."""
        module = ModuleType("re")
        vars(module).update({key: value for key, value in vars(re).items() if not key.startswith("__")})

        def seeing(plain: Callable[..., Any]) -> Callable[..., Any]:
            def look(*args: Any, **kwargs: Any) -> Any:
                for value in args:
                    if isinstance(value, str) and has_marks(value):
                        Symbol(self._dice.run, raw(value)).settle()
                return plain(*args, **kwargs)

            return look

        for name in ("findall", "finditer", "fullmatch", "match", "search", "split", "subn"):
            setattr(module, name, seeing(getattr(re, name)))
        module.sub = self._sub  # type: ignore[attr-defined]  # a module of our making
        return module

    def _sub(self, pattern: Any, repl: Any, string: str, count: int = 0, flags: int = 0) -> Any:
        """Do what `re.sub` does, within each part of a text with marks; a replacement must draw nothing."""
        if not has_marks(string):
            return re.sub(pattern, repl, raw(string), count=count, flags=flags)
        run = self._dice.run
        draws = len(run.sites)

        def change(part: str) -> str:
            out = re.sub(pattern, repl, part, count=count, flags=flags)
            if len(run.sites) != draws:
                Symbol(run, raw(string)).settle()
            return out

        return rebuilt(run, string, lambda node: node.mapped(change), "e")


def _has_templates(node: Node) -> bool:
    """Say whether a constant or a word holds a template such as {{city}}."""
    if isinstance(node, Text):
        return "{{" in node.text
    if isinstance(node, Pick):
        return "{" in node.characters and any("{{" in word for word in node.words)
    if isinstance(node, Pattern):
        return sum(slot == ("{",) for slot in node.slots) > 1
    if isinstance(node, Alt):
        return any(map(_has_templates, node.branches))
    return isinstance(node, Seq) and any(_has_templates(part.node) for part in node.parts)


def _not_settled() -> Ways:
    raise NotCompilable("it looks at a date")


def _key(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what tells one call from another; raises TypeError or Unsettled where nothing does."""

    def frozen(value: Any) -> Any:
        return (
            (list, tuple(value), tuple(map(type, value))) if isinstance(value, list) else (type(value), value)
        )

    key = (name, tuple(map(frozen, args)), tuple(sorted((k, frozen(v)) for k, v in kwargs.items())))
    hash(key)
    return key


def _slug(text: str, *, allow_dots: bool, allow_unicode: bool) -> str:
    """Return a part of a text as faker's `slugify` would leave it within the whole."""
    if allow_unicode:
        text = unicodedata.normalize("NFKC", text)
    else:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    text = re.sub(r"[^\.\w\s-]" if allow_dots else r"[^\w\s-]", "", text).lower()
    return re.sub(r"[-\s]+", "-", text)
