"""Regular expressions: valid, of linear time, and matched by what can be known of the values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datagen_engine.checking.codes import problem
from datagen_engine.checking.context import ColumnPlace, Context
from datagen_engine.checking.words import quoted
from datagen_engine.lazy import pa, pc
from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Problem

__all__ = ["check_patterns"]


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
        facts = context.facts(place) if place is not None and not place.placeholder else None
        values = (
            [str(item) for item in facts.values] if facts is not None and facts.values is not None else []
        )
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
