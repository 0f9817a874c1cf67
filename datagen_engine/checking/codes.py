"""Every kind of problem, by its stable code: what it is, how bad, and how it is mended.

The page in the docs is made from this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from datagen_engine.schema.path import Path
from datagen_engine.schema.problem import Fix, Problem, Severity

__all__ = ["CODES", "GROUPS", "Code", "problem"]


@dataclass(frozen=True, slots=True)
class Code:
    """Describe one kind of problem.

    Attributes
    ----------
    name
        The code, which never changes.
    title
        What is wrong, in a few words.
    why
        Why it is a problem.
    mend
        What to do about it.
    severity
        An error stops a run, a warning does not.
    """

    name: str
    title: str
    why: str
    mend: str
    severity: Severity = "error"


def problem(code: str, path: Path, message: str, fix: Fix | None = None, **params: Any) -> Problem:
    """Make a problem of a known kind; how bad it is stands with its code."""
    return Problem(code, path, message, CODES[code].severity, params, fix)


def _error(name: str, title: str, why: str, mend: str) -> Code:
    return Code(name, title, why, mend, "error")


def _warning(name: str, title: str, why: str, mend: str) -> Code:
    return Code(name, title, why, mend, "warning")


GROUPS: Final[Mapping[str, tuple[Code, ...]]] = {
    "The file": (
        _error(
            "syntax",
            "No JSON",
            "The text stops being JSON at this place, so nothing after it can be read.",
            "Mend the text where the message points.",
        ),
        _error(
            "empty", "An empty file", "There is nothing to read.", "Begin with the schema in the message."
        ),
        _error(
            "not-utf-8",
            "Not UTF-8",
            "A schema is JSON in UTF-8; these bytes are something else.",
            "Save the file as UTF-8.",
        ),
        _error(
            "too-large",
            "The file is too large",
            "Only files of a moderate size are read.",
            "Move long lists of values into tables of their own, or split the schema.",
        ),
        _error(
            "too-many-values",
            "Too many values",
            "Only so many values are read, whatever their size.",
            "Shorten the lists of values, or split the schema.",
        ),
        _error(
            "too-deep",
            "Nested too deeply",
            "No schema needs objects inside objects as deep as these.",
            "Remove the levels that mean nothing.",
        ),
        _error(
            "too-many-faults",
            "Too many faults",
            "After so many faults the rest is not worth telling.",
            "Mend the first ones, then look again.",
        ),
        _error(
            "duplicate-key",
            "A key twice",
            "Only the last of two equal keys counts, which is rarely meant.",
            "Rename or remove one of them.",
        ),
        _error(
            "lone-surrogate",
            "Half a character",
            "A half of a surrogate pair is no character.",
            "Write the other half too, or the character itself.",
        ),
        _error("not-finite", "No number", "JSON knows no NaN and no Infinity.", "Write null, or a number."),
        _error(
            "number-overflow",
            "The number is too large",
            "Numbers with a point or an exponent end at 1.8e308.",
            "Write a smaller number.",
        ),
        _error(
            "number-too-long",
            "The number is too long",
            "Only so many digits of a number are read.",
            "Write fewer digits.",
        ),
        _warning(
            "byte-order-mark",
            "A byte order mark",
            "Not every program reads a file that begins with one.",
            "Save the file as UTF-8 without a byte order mark.",
        ),
    ),
    "Words and values": (
        _error(
            "unknown-key",
            "An unknown key",
            "Nothing is silently ignored, so a key that means nothing is refused.",
            "Take the key that is meant, or begin a key of your own with `x-`.",
        ),
        _error("missing-key", "A key is missing", "Without it the object does not say enough.", "Add it."),
        _error(
            "wrong-type",
            "Another type is expected",
            "Values are never converted: a text is no number.",
            "Write a value of the expected type.",
        ),
        _error(
            "unknown-word",
            "An unknown word",
            "Only the listed words mean something here.",
            "Take one of them.",
        ),
        _error(
            "out-of-limits",
            "Outside of the limits",
            "The number, or the length of the list, is not allowed.",
            "Stay within the limits that the message names.",
        ),
        _error(
            "invalid",
            "Not valid",
            "The value does not have the form that is expected here.",
            "Write it as the message says.",
        ),
        _error(
            "one-of",
            "One of several keys",
            "Exactly one of the keys that the message names may be there.",
            "Remove the others, or add one.",
        ),
        _error(
            "bad-date",
            "No date or time",
            "Dates and times are written as ISO 8601.",
            "Write it like 2024-03-01 or 2024-03-01T08:00:00Z.",
        ),
        _error(
            "bad-frequency",
            "No frequency",
            "The text names no grid of times.",
            "Write it like D, h, 15min, W-MON or ME.",
        ),
        _error(
            "bad-weights",
            "Wrong weights",
            "There are too many or too few weights, or none above 0.",
            "Give one weight for each value, hour, weekday or month.",
        ),
        _error(
            "end-before-start", "The end is before the start", "No time lies in such a span.", "Swap the two."
        ),
        _error(
            "low-above-high",
            "The lowest is above the highest",
            "No value lies between such ends.",
            "Swap the two.",
        ),
        _error(
            "not-an-attribute",
            "No table.column",
            "A column of a table is named with both, a dot between.",
            "Write it like `customer.email`.",
        ),
        _error(
            "unsafe-name",
            "A name that is not safe",
            "The name becomes that of a file or a column.",
            "Use letters, digits and `_`.",
        ),
        _error(
            "one-generator",
            "Not exactly one generator",
            "The values of a column come from one generator.",
            "Keep one of them.",
        ),
        _error(
            "unknown-generator",
            "An unknown generator",
            "There is no generator of that name.",
            "Take one of those that the message names.",
        ),
        _error(
            "unknown-modifier",
            "An unknown modifier",
            "There is no modifier of that name.",
            "Take one of those that the message names.",
        ),
        _error(
            "unknown-distribution",
            "An unknown distribution",
            "There is no distribution of that name.",
            "Take one of those that the message names.",
        ),
        _error(
            "unknown-fanout",
            "An unknown fanout",
            "There is no fanout of that name.",
            "Take one of those that the message names.",
        ),
        _error(
            "wrong-value",
            "A value that the column cannot hold",
            "The value is not of the column's type.",
            "Write a value of that type, or change the type.",
        ),
        _error(
            "null-not-allowed",
            "A null in a column without nulls",
            "The column is not `nullable`.",
            "Write a value, or allow nulls.",
        ),
        _error(
            "duplicate-value",
            "A value twice",
            "Each value may stand here once.",
            "Remove or change one of them.",
        ),
        _error(
            "bad-expression",
            "A formula that cannot be calculated",
            "It names what there is not, or joins what does not go together; formulas can do nothing but compute.",
            "Mend it where the message points.",
        ),
        _error(
            "bad-grid",
            "No grid of times",
            "The frequency gives no tick within the window, or too many.",
            "Choose another frequency or a longer window.",
        ),
        _error(
            "grid-too-long",
            "A grid that is too long",
            "Weights over so long a window take too much memory.",
            "Choose a shorter window.",
        ),
        _error(
            "no-weight",
            "No tick has a weight",
            "Every time in the window has weight 0, so none can be drawn.",
            "Give a weight above 0 to some time that lies in the window.",
        ),
        _error(
            "number-too-large",
            "Numbers beyond 64 bits",
            "Whole numbers have 64 bits.",
            "Use smaller numbers, or a column of type float.",
        ),
        _warning(
            "ignored-key", "A key that is ignored", "The key is known and does nothing here.", "Remove it."
        ),
        _error(
            "faker-method",
            "A method that may not be used",
            "Only methods of faker's providers are called that give text, numbers, true or false, or dates.",
            "Take one of those that the message names.",
        ),
        _error(
            "faker-argument",
            "An argument that the method does not take",
            "What stands beside `method` is given to it, and checked against what it takes.",
            "Take an argument of the method.",
        ),
        _warning(
            "faker-locale", "No locale of faker's", "`en_US` is used in its place.", "Write it like `de_DE`."
        ),
        _error(
            "faulty-part",
            "A part from elsewhere failed",
            "The code of an installed extension raised an error.",
            "Update or remove the package that the part comes from.",
        ),
    ),
    "Names": (
        _error(
            "duplicate-table",
            "Two tables of one name",
            "Ids must differ, also without regard to upper and lower case: they become names of files.",
            "Rename one of them.",
        ),
        _error(
            "duplicate-column",
            "Two columns of one name",
            "Columns of a table must differ by name.",
            "Rename one of them.",
        ),
        _warning(
            "similar-name",
            "Names that differ by one letter",
            "One of them is probably mistyped.",
            "Rename one, if they mean the same.",
        ),
        _warning("blank-name", "No name", "The schema does not say what it is about.", "Give it a name."),
        _error(
            "unknown-table",
            "An unknown table",
            "A name refers to a table that there is not.",
            "Take the table that is meant, or add it.",
        ),
        _error(
            "unknown-column",
            "An unknown column",
            "A name refers to a column that the table does not have.",
            "Take the column that is meant, or add it.",
        ),
    ),
    "Tables": (
        _error(
            "rows-with-parents",
            "Rows of a fact with parents",
            "Its parents decide how many rows it has.",
            "Remove `rows` and say by `fanout` how many children each parent has.",
        ),
        _error(
            "fanout-without-parents",
            "A fanout without parents",
            "There is nobody to have these children.",
            "Name a parent, or say by `rows` how many rows there are.",
        ),
        _error(
            "fanout-with-stages",
            "Stages and a fanout",
            "Both would decide how many rows there are.",
            "Keep one of them.",
        ),
        _error(
            "stages-without-parents",
            "Stages without parents",
            "Stages are what the rows of a parent go through.",
            "Name a parent, or remove the stages.",
        ),
        _error(
            "wrong-for-kind",
            "A key that does not go with the kind",
            "Only facts have parents and what follows from them.",
            "Make the table a fact, or remove the key.",
        ),
        _error(
            "vocabulary-without-list",
            "A vocabulary without a list",
            "A vocabulary has as many rows as its `enum_list` has values.",
            "Give a column an `enum_list`, or make the table an entity.",
        ),
        _error(
            "lists-differ",
            "Lists of different length",
            "Every list of a vocabulary has one value for each row.",
            "Make the lists equally long.",
        ),
        _warning(
            "rows-disagree",
            "Rows of a vocabulary",
            "The length of the list counts, not `rows`.",
            "Remove `rows`.",
        ),
        _warning("duplicate-parent", "A parent twice", "The second mention does nothing.", "Remove it."),
        _error(
            "list-outside-vocabulary",
            "A list outside of a vocabulary",
            "An `enum_list` says how many rows a table has, which only a vocabulary leaves to it.",
            "Use a choice, or make the table a vocabulary.",
        ),
        _error(
            "bad-order",
            "An order that cannot be",
            "A given `dag` names every table once, and parents before their children.",
            "Remove it: the order follows from the tables.",
        ),
        _warning(
            "no-rows",
            "A table without rows",
            "Nothing gives it a row.",
            "Give the parent rows, or the fanout a mean above 0.",
        ),
        _warning(
            "many-rows",
            "More than a billion rows",
            "Such a run takes long, and much space.",
            "Lower the fanout or the rows, if it is not meant.",
        ),
        _error(
            "too-many-rows",
            "More rows than can be drawn",
            "Nobody has room for so many.",
            "Lower the fanout or the rows.",
        ),
        _error(
            "cycle",
            "A circle",
            "Columns or numbers of rows need each other, so none can be drawn first.",
            "Break the circle where it is least needed.",
        ),
        _error(
            "time-depends-on-itself",
            "A time that depends on itself",
            "A modifier goes by the row's time, and that is calculated from the modified column.",
            "Say by `time_reference` which other column tells the time.",
        ),
        _error(
            "no-time",
            "No time to go by",
            "The modifier needs the time of a row, and no column tells it.",
            "Add a column of type datetime, or remove the modifier.",
        ),
        _error(
            "not-a-time",
            "No column of times",
            "The column that should tell a time is of another type.",
            "Name a column of type datetime or date.",
        ),
    ),
    "Columns": (
        _error(
            "type-mismatch",
            "Another type than the column's",
            "The column cannot hold what is drawn for it.",
            "Change the type of the column, or what is drawn.",
        ),
        _warning(
            "type-loses-values",
            "A type that loses values",
            "What is drawn loses most of what it says.",
            "Change the type of the column, or use a choice.",
        ),
        _error(
            "could-be-null",
            "Nulls where there may be none",
            "The column is not nullable, and a value can be null.",
            "Allow nulls; or give another value by `coalesce(…)`; or look up by keys that are sure to match.",
        ),
        _error(
            "null-rate-without-nullable",
            "A share of nulls in a column without nulls",
            "`null_rate` needs a column that allows nulls.",
            "Allow nulls, or remove the rate.",
        ),
        _error(
            "nullable-key", "A primary key with nulls", "A primary key is never null.", "Do not allow nulls."
        ),
        _error(
            "key-repeats",
            "A primary key that repeats",
            "A primary key has another value in each row.",
            "Use a sequence.",
        ),
        _warning(
            "modified-key",
            "A modifier on a key",
            "Keys are there to be told apart and referred to.",
            "Remove the modifier.",
        ),
        _error(
            "modified-foreign-key",
            "A modifier on a foreign key",
            "The changed values do not occur in the column that they refer to.",
            "Remove the modifier.",
        ),
        _warning(
            "no-influence",
            "Without influence",
            "It changes nothing here, whatever was meant by it.",
            "Remove it, or put it where it acts.",
        ),
        _warning(
            "unused-key",
            "A key that never occurs",
            "No value of the column is called like that.",
            "Write it like the value that is meant.",
        ),
        _warning(
            "clamp-outside",
            "A clamp outside of the distribution",
            "Every value is set to the same end.",
            "Choose a clamp that the distribution reaches.",
        ),
        _error(
            "correlated-twice",
            "A column correlated twice",
            "A column belongs to one group of correlations.",
            "Put all of its correlations into one matrix.",
        ),
        _error(
            "cannot-correlate",
            "A column that cannot be correlated",
            "Its values have no distribution of their own.",
            "Use a distribution, a choice or a datetime_series.",
        ),
        _error(
            "bad-matrix",
            "No matrix of correlations",
            "It is square, symmetric, with ones on its diagonal.",
            "Write it like that.",
        ),
        _error(
            "impossible-correlation",
            "Correlations that cannot be",
            "No columns can have them all together.",
            "Move them nearer to 0.",
        ),
    ),
    "Effects and behaviours": (
        _warning(
            "effect-left-out",
            "An effect that is left out",
            "A key that one side lacks cannot match.",
            "Name a column that there is.",
        ),
        _warning(
            "effect-without-field",
            "An effect without a number",
            "An effect without a field changes nothing.",
            "Name a column of numbers of the effect table.",
        ),
        _warning(
            "keys-never-match",
            "Keys that never match",
            "The values of both sides have nothing in common.",
            "Match columns that hold the same things.",
        ),
        _warning(
            "window-ends-before-start",
            "Windows that end before they start",
            "Such a window never holds.",
            "Draw the end from the start, as in `starts + days(lasts)`.",
        ),
        _warning(
            "windows-mostly-empty",
            "Windows outside of the data",
            "Most windows hold when there are no rows.",
            "Move the windows into the span of the rows.",
        ),
        _warning(
            "effect-never-active",
            "An effect that never applies",
            "No window holds when there are rows.",
            "Move the windows into the span of the rows.",
        ),
        _warning(
            "unknown-segment",
            "An unknown segment",
            "No row is in this segment.",
            "Write it like the value that is meant.",
        ),
        _warning(
            "no-such-child-column",
            "A column that no child has",
            "There is nothing to scale under this name.",
            "Name a column of a child table.",
        ),
        _warning(
            "curve-below-zero", "A curve below 0", "A multiplier below 0 counts as 0.", "Use numbers above 0."
        ),
        _error(
            "window-before-creation",
            "Times before their parent",
            "The times of children are never before the creation of their parent, and none of these is after it.",
            "Move one of the two windows.",
        ),
    ),
    "Constraints": (
        _error(
            "cannot-be-unique",
            "Values that cannot be made unique",
            "Uniqueness is met for keys, even choices, whole numbers, texts with enough variety, and references to "
            "other parents.",
            "Draw from more values, or remove the constraint.",
        ),
        _error(
            "across-tables",
            "A key across tables",
            "The columns of a composite key stand in one table.",
            "Name columns of one table.",
        ),
        _error("refers-to-itself", "A key that refers to itself", "It says nothing.", "Remove it."),
        _error(
            "key-types-differ",
            "Keys of different types",
            "No value of one type is a value of the other.",
            "Give both columns one type.",
        ),
        _warning(
            "key-drawn-elsewhere",
            "A foreign key drawn by something else",
            "Nothing makes sure that its values occur in the column that it refers to.",
            "Look the value up there.",
        ),
        _error(
            "key-never-resolves",
            "A foreign key that never resolves",
            "None of its values occurs there.",
            "Look the value up there.",
        ),
        _error(
            "cannot-have-range",
            "A range of what has no order",
            "A range is one of numbers, dates or times.",
            "Remove it, or use an enumeration.",
        ),
        _warning("empty-range", "A range without ends", "It says nothing.", "Give it a `min` or a `max`."),
        _error(
            "ranges-apart", "Ranges that exclude each other", "No value lies in both.", "Remove one of them."
        ),
        _warning(
            "range-outside",
            "A range outside of the values",
            "Every value is set to the same end.",
            "Draw from values within the range.",
        ),
        _error(
            "range-cuts-key",
            "A range that cuts keys off",
            "What lies outside becomes the end of the range, which is another key or none.",
            "Remove the range.",
        ),
        _error(
            "bad-inequality",
            "Columns that are not compared",
            "An inequality is between numbers or times of a row, or of a row and its parent.",
            "Compare columns that go together.",
        ),
        _error(
            "impossible-inequality",
            "An inequality that cannot hold",
            "The windows or bounds leave no values.",
            "Move one of the windows, or turn the inequality.",
        ),
        _warning(
            "inequality-not-forced",
            "An inequality that is only checked",
            "What is looked up, calculated or mapped cannot be drawn within bounds.",
            "Draw one side from a distribution or a window, or leave it to the report.",
        ),
        _error(
            "bad-pattern",
            "A pattern that cannot be used",
            "Patterns are read by RE2, which takes linear time: no look-around, no reference back.",
            "Write the pattern without them.",
        ),
        _error(
            "pattern-on-other-type", "A pattern of what is no text", "Patterns are of text.", "Remove it."
        ),
        _warning(
            "value-against-pattern",
            "A value against its pattern",
            "A value can be drawn that does not match; the report will tell in which rows.",
            "Change the value or the pattern.",
        ),
        _warning(
            "value-not-allowed",
            "A value that is not allowed",
            "A value can be drawn that is not listed; the report will tell in which rows.",
            "List it, or do not draw it.",
        ),
        _warning(
            "enum-not-sure",
            "Values that may not be allowed",
            "What is drawn is not known beforehand.",
            "Use a choice of the allowed values.",
        ),
        _error(
            "not-a-condition",
            "No condition",
            "A rule, or the `when` of a case, is true or false in each row.",
            "Compare something.",
        ),
    ),
    "Targets": (
        _warning(
            "target-out-of-reach",
            "A target out of reach",
            "What the schema implies lies outside of it.",
            "Change the weights or the distribution, or the target.",
        ),
        _error(
            "not-a-number",
            "No column of numbers",
            "The target is one of numbers.",
            "Name a column of numbers.",
        ),
        _warning(
            "target-without-tolerance",
            "A target without tolerance",
            "Only the error of sampling is allowed for.",
            "Say by `mae` or `mape` how far it may be off.",
        ),
        _warning(
            "target-without-influences",
            "A target without influences",
            "There is nothing to compare with.",
            "Name the weights that the rows should follow.",
        ),
    ),
}
"""The codes by what they are about, in the order of the docs."""

CODES: Final[Mapping[str, Code]] = {code.name: code for group in GROUPS.values() for code in group}
"""Every code by its name."""
