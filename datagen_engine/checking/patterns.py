"""Regular expressions: valid, of linear time, and matched by what can be known of the values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import quoted
from datagen_engine.draw.casting import cast
from datagen_engine.draw.rows import Rows
from datagen_engine.draw.streams import Stream
from datagen_engine.generators.faker import Faker
from datagen_engine.generators.sequence import Sequence
from datagen_engine.lazy import pa, pc
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_patterns"]

_TRIED = 50
"""Values of an endless generator that are held against a pattern."""

_MOST_FAKES = 50
"""Columns whose methods of faker are tried: learning one takes a moment."""


def check_patterns(context: Context) -> Iterable[Problem]:
    """Find patterns that cannot be used, and values that do not match theirs."""
    for place, regex, path in _declared(context):
        if place is not None and place.readable and place.column.type != "string":
            yield problem(
                "pattern-on-other-type",
                path,
                f"{place.attribute} is of type {place.column.type}: a pattern is one of text",
                context.fix.remove("Remove the pattern", _whole(path)),
            )
            continue
        values = _values(context, place) if place is not None and not place.placeholder else []
        try:
            pc.match_substring_regex(pa.array([""]), regex)  # alone: what is put around it might mend it
            matched = pc.match_substring_regex(pa.array(values, pa.string()), anchored(regex)).to_pylist()
        except pa.ArrowException as error:
            yield problem("bad-pattern", path, f"this pattern cannot be used: {_reason(str(error))}")
            continue
        wrong = [item for item, good in zip(values, matched, strict=True) if not good]
        if wrong and place is not None:
            more = f" ({len(wrong)} values do not)" if len(wrong) > 1 else ""
            yield problem(
                "value-against-pattern",
                path,
                f"{place.attribute} can be {quoted(wrong[0])}, which does not match this pattern{more}",
                column=place.attribute,
                value=wrong[0],
            )


def _values(context: Context, place: ColumnPlace) -> list[str]:
    """Return what a column can hold, as far as that is known: all of it, or some of what its generator gives."""
    facts = context.facts(place)
    if facts is not None and facts.values is not None:
        return [str(item) for item in facts.values]
    generator = place.column.generator
    tried = round(min(_TRIED, context.rows(place.table.node.id)))
    if place.column.modifiers:
        return []
    if isinstance(generator, Sequence):
        return [str(generator.start + number * generator.step) for number in range(tried)]
    if isinstance(generator, Faker) and generator.locale_from is None:
        return context.once(("fakes", place.key), lambda: _fakes(context, generator, tried))
    return []


def _fakes(context: Context, generator: Faker, tried: int) -> list[str]:
    """Return some values of a method of faker, the same ones every time."""
    from datagen_engine.faking import DEFAULT_LOCALE, compile_fake, locale_of

    locale = locale_of(generator.locale or "") or DEFAULT_LOCALE
    if not context.spend("tried fakes", 1, _MOST_FAKES):
        return []
    try:
        fake = compile_fake(generator.method, locale, generator.arguments, group=generator.group)
    except ValueError:
        return []  # what is wrong with the call the generator says itself
    drawn = fake.draw(Rows.run(0, tried), lambda purpose: Stream(0, "", "", purpose))
    return [text for text in cast(drawn, "string").to_list() if text is not None]


def anchored(regex: str) -> str:
    r"""Return a pattern that matches at the start of a text only.

    >>> anchored("a|b")
    '^(?:a|b)'
    """
    return f"^(?:{regex})"


def _declared(context: Context) -> Iterator[tuple[ColumnPlace | None, str, Path]]:
    for place in context.columns:
        constraints = place.column.constraints
        if constraints is not None and constraints.pattern is not None:
            yield place, constraints.pattern, (*place.path, "constraints", "pattern")
    for number, one in enumerate(context.schema.constraints.pattern):
        yield context.attribute(one.attr), one.regex, ("constraints", "pattern", number, "regex")


def _whole(path: Path) -> Path:
    return path[:-1] if path[-1] == "regex" else path


def _reason(error: str) -> str:
    """Return what RE2 says, and what that means where it is no mistake of spelling."""
    words = error.removeprefix("Invalid regular expression: ")
    if "invalid perl operator: (?" in words or "invalid escape sequence: \\" in words:
        words += (
            "; what takes more than linear time (a look ahead or behind, a reference back) is not allowed"
        )
    if "pattern too large" in words:
        words = "repeated so often it becomes too large"
    return words
