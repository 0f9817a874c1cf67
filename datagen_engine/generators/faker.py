"""Names, addresses, companies and much more, as faker has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from datagen_engine.draw.casting import cast
from datagen_engine.draw.nodes import PickNode
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.stage import Site, Slice, Source, own
from datagen_engine.draw.streams import Stream
from datagen_engine.draw.values import Values
from datagen_engine.expression import Facts
from datagen_engine.faking import DEFAULT_LOCALE, check_arguments, compile_fake, locale_of, methods, refusal
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

    method: str = Field(title="Method")
    locale: str | None = Field(None, title="Locale", description="Such as de_DE; en_US by default.")
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
        return Facts(kind, nullable=False)

    def check(self, site: CheckSite) -> Iterable[Problem]:
        """Find methods that may not be used, and arguments that they do not take."""
        reason = refusal(self.method)
        if reason is not None:
            yield Problem("faker-method", ("method",), reason, params={"method": self.method})
            return
        for name, message in check_arguments(self.method, self.arguments):
            yield Problem(
                "faker-argument",
                (name,) if name in self.arguments else (),
                message,
                params={"argument": name},
            )
        if self.locale is not None and locale_of(self.locale) is None:
            yield Problem(
                "faker-locale",
                ("locale",),
                f"{self.locale!r} is no locale of faker's; en_US is used",
                "warning",
            )


class FakerSource(Source):
    """Draw what a method gives, each row in its locale."""

    def __init__(self, spec: Faker, site: Site) -> None:
        """Draw for a site; columns of a group share its streams."""
        self.spec = spec
        self.site = site
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
        coded = named.encode()
        assert coded.words is not None
        locales = [locale_of(word) or DEFAULT_LOCALE for word in coded.words.to_pylist()] or [DEFAULT_LOCALE]
        distinct = sorted(set(locales) | {DEFAULT_LOCALE})
        place = np.array([distinct.index(locale) for locale in locales])[coded.data]
        place = np.where(coded.mask(), place, distinct.index(DEFAULT_LOCALE))
        drawn, order = [], []
        for number, locale in enumerate(distinct):
            rows = np.flatnonzero(place == number)
            if len(rows):
                drawn.append(self._of_locale(locale, at.rows.take(rows)))
                order.append(rows)
        back = np.empty(len(place), dtype=np.int64)
        back[np.concatenate(order)] = np.arange(len(place))
        return Values.join(drawn).take(back)

    def _of_locale(self, locale: str, rows: Rows) -> Values:
        spec = self.spec
        fake = compile_fake(spec.method, locale, spec.arguments, exact=spec.exact, group=spec.group)
        return cast(fake.draw(rows, self.stream), self.site.type)

    def stream(self, purpose: str) -> Stream:
        """Return a stream of the column, or of the group that it belongs to."""
        if self.spec.group is None:
            return self.site.stream(purpose)
        own_stream = self.site.stream(purpose)
        return Stream(own_stream.seed, own_stream.table, f"group {self.spec.group}", purpose)
