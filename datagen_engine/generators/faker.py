"""Names, addresses, companies and much more, as faker has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from datagen_engine.draw.casting import cast
from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Site, Slice, Source, own
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.errors import RunError
from datagen_engine.expression import Facts
from datagen_engine.faking import (
    DEFAULT_LOCALE,
    Fake,
    check_arguments,
    compile_fake,
    group_kind,
    locale_of,
    methods,
    refusal,
    refused_call,
)
from datagen_engine.lazy import np
from datagen_engine.schema.parts import Generator
from datagen_engine.schema.problem import Problem
from datagen_engine.schema.spec import ColumnRef, split_attribute

if TYPE_CHECKING:
    from datagen_engine.schema.facts import CheckSite


class Faker(Generator):
    """A value that one of faker's methods gives."""

    model_config = ConfigDict(extra="allow")

    key: ClassVar[str] = "faker"
    title: ClassVar[str] = "Faker"
    help: ClassVar[str] = (
        "Names, addresses, companies, texts and codes of many countries; further keys are the method's own."
    )
    samples = (
        {"method": "name"},
        {"method": "bothify", "text": "DEV-####-????"},
        {"method": "city", "locale": "de_DE"},
    )

    method: str = Field(title="Method", json_schema_extra={"says": "faker method"})
    locale: str | None = Field(
        None,
        title="Locale",
        description="Such as de_DE; en_US by default.",
        json_schema_extra={"says": "locale"},
    )
    locale_from: Annotated[str, ColumnRef("?", "lookup")] | None = Field(
        None,
        title="Locale from",
        description="A column (or table.column) that holds a country, a city or a locale.",
    )
    unique: bool = Field(False, title="All different")
    exact: bool = Field(False, title="One call a row", description="Slow: thousands of rows a second.")
    group: str | None = Field(
        None, title="Group", description="Columns of one group tell of the same person or place."
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """Return the method's own arguments."""
        return dict(self.model_extra or {})

    def bind(self, site: Site) -> Source:
        """Prepare to draw; the method is learned when the first row is drawn."""
        return FakerSource(self, site)

    def facts(self, site: CheckSite) -> Facts:
        """Return the kind of value that the method gives."""
        known = methods().get(self.method)
        kind: Any = known.kind if known is not None and known.kind != "any" else "string"
        if known is not None and known.kind == "any":
            elements = self.arguments.get("elements", [""])
            kinds = {_KINDS.get(type(element), "string") for element in elements} or {"string"}
            kind = kinds.pop() if len(kinds) == 1 else "float" if kinds == {"int", "float"} else "string"
        return Facts(kind, nullable=known is not None and known.nullable)

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find methods that may not be used, and arguments that they do not take."""
        reason = refusal(self.method)
        if reason is not None:
            yield Problem("faker-method", ("method",), reason, params={"method": self.method})
            return
        faults = check_arguments(self.method, self.arguments)
        for name, message in faults:
            where = (name,) if name in self.arguments else ()
            yield Problem("faker-argument", where, message, params={"argument": name})
        if faults:
            return
        if self.locale is not None and locale_of(self.locale) is None:
            yield _locale_problem("locale", f"{self.locale!r} is no locale of faker's; en_US is used")
        yield from self._known_in(site)
        locale = locale_of(self.locale or "") or DEFAULT_LOCALE
        reason = refused_call(self.method, locale, self.arguments, moment(site.timeframe.end))
        if reason is not None:
            yield Problem("faker-argument", (), reason)
        if self.group is not None and group_kind(self.method) is None:
            yield Problem(
                "ignored-key",
                ("group",),
                f"`{self.method}` tells of no person and no place, so it agrees with no other column",
                "warning",
            )

    def _known_in(self, site: CheckSite) -> Iterator[Problem]:
        """Find locales for which faker lacks the method, and values that name no locale."""
        method = methods()[self.method]
        if self.locale_from is None:
            locale = locale_of(self.locale or "") or DEFAULT_LOCALE
            if not method.known_in(locale) and method.known_in(DEFAULT_LOCALE):
                yield _locale_problem("locale", f"faker has no `{self.method}` for {locale}; en_US is used")
            elif not method.known_in(locale):
                some = ", ".join(sorted(method.locales or ())[:8])
                yield Problem(
                    "faker-method",
                    ("method",),
                    f"faker has no `{self.method}` for {locale}, but for {some}",
                )
            return
        if not method.known_in(DEFAULT_LOCALE):
            yield Problem(
                "faker-method",
                ("method",),
                f"faker has no `{self.method}` for en_US, which stands in for locales that lack it",
            )
        table, column = (
            split_attribute(self.locale_from) if "." in self.locale_from else (site.table, self.locale_from)
        )
        found = site.facts(table, column)
        values = [str(value) for value in (found.values if found is not None else None) or ()]
        for wrong, what in (
            ([value for value in values if locale_of(value) is None], "names no locale of faker's"),
            (
                [value for value in values if not method.known_in(locale_of(value) or DEFAULT_LOCALE)],
                f"has no `{self.method}` in faker",
            ),
        ):
            if wrong:
                named = ", ".join(map(repr, wrong[:5])) + (" …" if len(wrong) > 5 else "")
                yield _locale_problem(
                    "locale_from", f"{named} of {table}.{column} {what}; en_US is used there"
                )


_KINDS = {str: "string", bool: "bool", int: "int", float: "float"}


def _locale_problem(key: str, message: str) -> Problem:
    return Problem("faker-locale", (key,), message, "warning")


def moment(instant: int) -> datetime:
    """Return an instant (microseconds since 1970 UTC) as faker's methods take the present time."""
    return datetime(1970, 1, 1) + timedelta(microseconds=instant)


class FakerSource(Source):
    """Draw what a method gives, each row in its locale."""

    def __init__(self, spec: Faker, site: Site) -> None:
        """Draw for a site; columns of a group share its streams."""
        self.spec = spec
        self.site = site
        self.now = moment(site.timeframe.end)
        """What the methods take for the present time: a row must not depend on the day of the run."""
        self.pick: PickNode | None = None
        self.column = spec.locale_from
        if spec.locale_from is not None and "." in spec.locale_from:
            table, self.column = split_attribute(spec.locale_from)
            if table != site.table:
                self.pick = site.pick(table, self.column, {})
        if self.pick is not None:
            self.needs = (self.pick,)
        elif self.column is not None:
            self.needs = (own(site, self.column),)

    @property
    def one_locale(self) -> str | None:
        """Return the locale of every row, None where rows differ."""
        return (locale_of(self.spec.locale or "") or DEFAULT_LOCALE) if self.column is None else None

    def of_rows(self, rows: Rows) -> Values:
        """Return one value for each row of a column of one locale."""
        return self._of_locale(self.one_locale or DEFAULT_LOCALE, rows)

    def draw(self, at: Slice) -> Values:
        """Return one value a row."""
        if self.column is None:
            return self.of_rows(at.rows)
        named = at.column(self.column) if self.pick is None else at.picked(self.pick, self.column)
        coded = cast(named, "string").encode()
        assert coded.words is not None
        # Each place of the list of words: the locale it names; after the last, that of a null.
        locales = [locale_of(word) or DEFAULT_LOCALE for word in coded.words.to_pylist()] + [DEFAULT_LOCALE]
        distinct = sorted(set(locales))
        numbers = np.array([distinct.index(locale) for locale in locales])
        place = numbers[np.where(coded.mask(), coded.data, len(locales) - 1)]
        parts = [(locale, np.flatnonzero(place == number)) for number, locale in enumerate(distinct)]
        parts = [(locale, rows) for locale, rows in parts if len(rows)]
        if len(parts) <= 1:
            return self._of_locale(parts[0][0] if parts else DEFAULT_LOCALE, at.rows)
        drawn = Values.join([self._of_locale(locale, at.rows.take(rows)) for locale, rows in parts])
        back = np.empty(len(place), dtype=np.int64)
        back[np.concatenate([rows for _, rows in parts])] = np.arange(len(place))
        return drawn.take(back)

    def _of_locale(self, locale: str, rows: Rows) -> Values:
        return cast(self._fake(locale).draw(rows, self.stream), self.site.type)

    def _fake(self, locale: str) -> Fake:
        spec = self.spec
        try:
            return compile_fake(
                spec.method, locale, spec.arguments, exact=spec.exact, group=spec.group, now=self.now
            )
        except ValueError as error:
            if spec.locale_from is None or locale == DEFAULT_LOCALE:
                raise RunError(f"{self.site.table}.{self.site.column}: {error}") from None
            return self._fake(DEFAULT_LOCALE)  # not every locale's method takes the same arguments

    def stream(self, purpose: str) -> Stream:
        """Return a stream of the column, or of the group that it belongs to."""
        if self.spec.group is None:
            return self.site.stream(purpose)
        own_stream = self.site.stream(purpose)
        return Stream(own_stream.seed, own_stream.table, f"group {self.spec.group}", purpose)
