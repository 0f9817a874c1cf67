"""What each kind of check asks, and how: the page of the handbook that the records link to is made from this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from datagen_engine.validation.behaviour.verdict import (
    DISTANCE,
    FALSE_ALARM,
    FANOUT,
    LIFT,
    MEAN,
    SHARE,
    TARGET_ALARM,
    percent,
)
from datagen_engine.validation.record import CATEGORIES, KINDS, Category, Kind, anchor
from datagen_engine.validation.score import WEIGHTS

__all__ = ["HELP", "KindHelp", "checks_page"]


@dataclass(frozen=True, slots=True)
class KindHelp:
    """Say what a kind of check asks, in one question, and what should be known of it, in paragraphs."""

    category: Category
    question: str
    more: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    """The checks of a kind that has several: the first word of their ids, and what each judges."""


def _share(value: float) -> str:
    return percent(value).replace(".00", "")


HELP: dict[Kind, KindHelp] = {
    "present": KindHelp(
        "structural",
        "Is there a file or a folder for the table, and does it have the column?",
        (
            "A table that is stored in two ways at once (`order.parquet` beside `order.csv`) is not "
            "guessed at, but unreadable. Columns that the schema does not know are named in the details, "
            "and not judged.",
        ),
    ),
    "readable": KindHelp(
        "structural",
        "Can every file of the table be read to its end?",
        (
            "A truncated Parquet file, a page that does not unpack, a footer that promises more rows than "
            "there are, text that is not UTF-8, a CSV line of another length, and a link that leads out "
            "of the folder all fail here.",
        ),
    ),
    "type": KindHelp(
        "structural",
        "Is the column stored as its type?",
        (
            "`int` is stored as int64 or narrower, `float` as float64, narrower, or decimal, `string` as "
            "text (by dictionary or not), `bool` as bool, `datetime` as a timestamp of any unit (UTC "
            "where it has no zone), `date` as date32 or date64. In a CSV file every text of the column "
            "must be a value of the type.",
        ),
    ),
    "null": KindHelp(
        "structural",
        "Has a column that is not nullable no null?",
        ("A floating number that is not finite counts as null.",),
    ),
    "primary_key": KindHelp(
        "structural",
        "Does every row have a primary key of its own?",
        ("A null fails as well. The rows shown are those that repeat the key of an earlier row.",),
    ),
    "foreign_key": KindHelp(
        "structural",
        "Does every key that is not null occur where it refers to?",
        (
            "Checked are the declared `foreign_keys`, and every reference that a lookup implies: a column "
            "that copies a key, directly or through other lookups, refers to the table of that key; a "
            "lookup `on` other columns, whose result may not be null, refers by them. References come "
            "from the lookups, never from the names of columns. One that a declared key or an `enum_ref` "
            "states already is checked once.",
        ),
    ),
    "unique": KindHelp(
        "structural",
        "Are the values, or the combinations of values, that are declared `unique` all different?",
        ("A combination that holds a null is equal to none.",),
    ),
    "row_count": KindHelp(
        "structural",
        "Has the table as many rows as its run drew, and each parent as many children as its fanout allows?",
        (
            "Data that is no run has as many rows as the schema's `rows`, as a vocabulary's list, or as "
            "the fanout allows.",
            "`row_count:child/parent` counts the children of each parent. Where m is the product of the "
            "parent's own multipliers (segment, age, effects), a parent has at least ⌊min · m⌋ and at "
            "most ⌈max · m⌉ children, none where m is 0, exactly one where there is no fanout, and 1 to "
            "as many as there are stages in a funnel. The rows shown are parents.",
        ),
    ),
    "range": KindHelp(
        "value",
        "Does every value lie within its declared range, both ends included?",
        ("A column whose outliers are allowed to exceed the range (`allow_exceed`) is not held to it.",),
    ),
    "inequality": KindHelp(
        "value",
        "Does the declared order hold, within the row, or between the row and its parent's row, found by "
        "its key?",
        (
            "A date stands for its midnight. Rows in which a side is null are not judged. Where a parent "
            "has a `vintage_behavior`, its children's times must not lie before its creation.",
        ),
    ),
    "pattern": KindHelp(
        "value",
        "Does every text match its pattern, from its start on?",
        ("Patterns are RE2: they take time in proportion to the text, whatever the pattern.",),
    ),
    "enum": KindHelp(
        "value",
        "Is every value one of those that are listed, or that occur in the column named by `enum_ref`?",
        (
            "What occurs there is read from the data. A vocabulary is compared with the values that the "
            "schema lists for it, in a run row by row.",
        ),
    ),
    "rule": KindHelp(
        "value",
        "Do the user's own rules hold, and are formulas and copies what they are made from?",
        (
            "A rule is true in every row, or in at least `share` of them. Where it is null it is not "
            "true; say `x is null or x > 0` as `coalesce(x > 0, true)`.",
            "A column with an `expression` equals it, worked out again from the other columns of its row "
            "(floating numbers to nine digits). A looked-up column equals the column that it is looked up "
            "from, in the row whose key stands beside it. Rows whose key is null or unknown, or in which "
            "a needed value is missing, are left to the checks of those.",
        ),
    ),
    "target": KindHelp(
        "behavioural",
        "Does the data reach a target of the schema?",
        (
            "A figure that lies outside of its target fails where it does so by more than sampling "
            f"explains; data on the very edge of the target fails with a chance of {_share(TARGET_ALARM)}. "
            "A target that the schema's own weights cannot reach fails honestly, and says what they lead "
            "to.",
            "`composite_effect` crosses the seasons that it names, and compares the share of the rows in "
            "each cell with the product of the weights over the ticks of the column's window, after the "
            "column's own `time_jitter`. Cells are merged until each expects 20 rows; those farthest off "
            "are listed with what they hold and should.",
        ),
        (
            ("weekend_share", "the share of the rows on Saturday or Sunday"),
            ("mean_in_range", "the mean of a column"),
            ("quantile_in_range", "a quantile of a column; of a large one, of a sample of its rows"),
            ("distinct_count", "the number of different values; it has no sampling error"),
            ("null_share", "the share of nulls"),
            ("occurrence_rate", "the share of the rows that hold a value"),
            ("correlation", "the correlation of two columns, by rank or by value"),
            ("composite_effect", "the shares of the rows over crossed seasons: their mean errors mae and mape"),
        ),
    ),
    "shape": KindHelp(
        "behavioural",
        "Does the data follow what the schema promises by itself?",
        (
            "A check fails where two things come together: the deviation is larger than sampling explains "
            f"(data drawn by the schema fails it with a chance of {_share(FALSE_ALARM)}), and larger than "
            "a tolerance that anybody would care about. So a small table does not fail for noise, and a "
            "large one not for a trifle. The record holds both: `p_value`, and the size of the effect "
            "beside its tolerance. A value that the schema never draws fails by itself.",
            "A column that a clamp, a modifier or an order bends is judged by u = (F(y) − F(low)) / "
            "(F(high) − F(low)), the place of each value in the distribution of its own row, which must "
            "be uniform on 0 … 1. Times are judged after the column's own `time_jitter`. Of a large "
            "table, what is dear to judge row by row is judged on an even sample of its rows, the same at "
            "every run; `rows_checked` says of how many.",
        ),
        (
            ("shares", f"how often each value of a choice occurs; by {_share(SHARE)} of the rows it may be off"),
            (
                "distribution",
                "the moments and the shape of numbers, after their clamp, and when rows happen; "
                f"{_share(DISTANCE)} of the rows may lie elsewhere",
            ),
            ("values", "numbers that their own row determines"),
            ("jitter", "the noise that a `jitter` or `time_jitter` adds"),
            (
                "hour, dow, month",
                "patterns of hour, weekday and month, alone and crossed (`month_dow_hour`), and the "
                "seasons of numbers",
            ),
            (
                "effect",
                f"the lift of an effect for each key and window: the mean by {MEAN:g} standard deviations, "
                f"the number of rows by {_share(LIFT)} of it",
            ),
            ("trend", "the slope of a trend, in parts of the mean a year"),
            ("segment, age", "what a parent's segment or age does to its children's values"),
            ("outliers", "the share of outliers, and the days that stand out"),
            ("nulls", f"the share of nulls, by {_share(SHARE)} of the rows"),
            ("fanout", f"the mean number of children with all multipliers, by {_share(FANOUT)} of it"),
            ("fanout_spread", "the shares of parents with 0, 1, 2 … children"),
            ("fanout_effect, fanout_segment, fanout_age", "what multiplies the number of children, group by group"),
            ("stages, waits", "how many go from each stage of a funnel to the next, and how long they wait"),
            ("references", "which rows of another table are picked"),
            ("references_effect, references_segment, references_age", "what makes some rows likelier"),
            ("correlation", "rank correlations of columns that are drawn together"),
        ),
    ),
}  # fmt: skip


def checks_page() -> str:
    """Return the page as Markdown: an anchor for every kind of check, to which its records link.

    Examples
    --------
    >>> "## primary-key" in checks_page()
    True
    """
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    structural, value, behavioural = (f"{100 * WEIGHTS[category]:.0f} %" for category in CATEGORIES)
    yield "<!-- Made by `python -m datagen_engine.handbook`; what stands here is said by the code. -->"
    yield from ("", "# Checks", "")
    yield (
        "`datagen validate SCHEMA -d DIR` judges data against its schema, and `datagen report SCHEMA -d "
        "DIR -o FILE` writes the report down, as a page (`.html`) or for programs (`.json`, `.csv`, "
        "`.md`). `DIR` is a run, or any folder that holds for each table a Parquet file "
        "(`order.parquet`), a folder of them (`order/`), or a CSV file (`order.csv`, `order.csv.gz`). The "
        "folder is only read. `datagen generate --validate` judges a run while it is written."
    )
    yield ""
    yield (
        "Both end with 0 where integrity is whole and the quality score reaches the `--threshold` (80), "
        "with 1 where not, and with 2 where that could not be told. `datagen report --schema` prints the "
        "JSON Schema of the report."
    )
    yield ""
    yield (
        "Every check is one record. It **passes** or **fails**; it is an **error** where it could not be "
        "run (what it needs is missing, and another check fails for that: its `cause`), and **skipped** "
        "where there was nothing to check. Errors and skipped checks count neither for nor against."
    )
    yield from ("", "| score | what it is |", "|---|---|")
    yield "| integrity | the share of structural and value checks that pass: 100, or there is work to do |"
    yield (
        "| behaviour | the mean score of the behavioural checks; one that fails scores 1 − miss / "
        "max(tolerance, 10 % of the expected), never below 0 |"
    )
    yield (
        f"| quality | {structural} structural, {value} value and {behavioural} behavioural, over the "
        "categories that have checks |"
    )
    yield from ("", "A score is a dash, not 100, where nothing was checked.", "")
    yield (
        "**Exactly, at any size.** Structural and value checks look at every row, so that one duplicate "
        "in ten million is found. With `--sample N` they look at N rows of each table, in stretches "
        "spread evenly over it, and say so in `rows_checked`; what tables refer to is read whole all the "
        "same."
    )
    yield ""
    yield (
        "**Data of others.** A run of ours says with which seed and scale it was drawn, and its numbers "
        "of rows are compared with its plan. Other data, and a run of another schema, is compared with "
        "what the schema says by itself. In a CSV file fields are separated by commas, the first line "
        "names the columns, an empty field without quotation marks is null, and times are ISO 8601 (UTC "
        "where they have no offset)."
    )
    for kind in KINDS:
        yield from _section(kind, HELP[kind])
    yield ""


def _section(kind: Kind, help: KindHelp) -> Iterator[str]:
    yield from ("", f"## {anchor(kind)}", "", f"*{help.category.capitalize()}.* {help.question}")
    for paragraph in help.more:
        yield from ("", paragraph)
    if help.parts:
        yield from ("", "| check | what it judges |", "|---|---|")
        for names, what in help.parts:
            words = ", ".join(f"`{name}`" for name in names.split(", "))
            yield f"| {words} | {what} |"
