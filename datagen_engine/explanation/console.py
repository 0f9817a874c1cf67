"""An explanation on a terminal: one line a stage, each with its small distribution and the value's place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.explanation.histogram import Histogram
from datagen_engine.explanation.trace import Trace
from datagen_engine.schema.path import pointer

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

__all__ = ["bars", "trace_lines"]

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_ROLES = {
    "parent": "parent",
    "pick": "picked",
    "match": "matched",
    "effect": "effect",
    "reference": "chosen from",
}


def bars(chart: Histogram) -> tuple[str, int | None]:
    """Return the bars as text, and which of them the value is in.

    >>> bars(Histogram("numbers", (0, 4, 8), 0.0, 3.0, place=0.5))
    (' ▄█', 1)
    """
    most = max(chart.counts, default=0) or 1
    text = "".join(_EIGHTHS[0 if not count else max(1, round(8 * count / most))] for count in chart.counts)
    if chart.place is None:
        return text, None
    if chart.kind == "words":
        return text, int(chart.place)
    return text, min(int(chart.place * len(chart.counts)), len(chart.counts) - 1)


def trace_lines(trace: Trace) -> list[RenderableType]:
    """Return what is to be printed for an explanation, one part after the other."""
    from rich.table import Table
    from rich.text import Text

    head = Text.assemble(
        (f"{trace.table}.{trace.column}", "bold"),
        f" of row {trace.row:,} is ",
        (trace.text, "bold cyan"),
        "\n",
    )
    grid = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for number, stage in enumerate(trace.stages):
        sign = "" if number == 0 else "·" if stage.kind == "chance" else "→"
        words = Text(stage.words)
        words.append(f"\n{pointer(stage.path)}", "dim")
        moved = stage.changed and stage.kind != "chance"
        grid.add_row(
            Text(sign, "dim"), Text(stage.text, "bold" if moved else "dim"), _chart(stage.histogram), words
        )
    parts: list[RenderableType] = [head, grid]
    rows = dict.fromkeys(
        (origin.role, origin.table, origin.row, origin.column, origin.value)
        for stage in trace.stages
        for origin in stage.origins
        if origin.role != "own"
    )
    for role, table, row, column, value in rows:
        of = f"{table}.{column} = {value}" if column else table
        parts.append(
            Text.assemble((f"\n{_ROLES[role]:>11}", "dim"), f"  row {row:,} of {table}  ", (of, "dim"))
        )
    for up in trace.line:
        text = f"row {up.row:,} of {up.table}, {up.column} = {up.value}"
        parts.append(Text.assemble(("\n   child of", "dim"), f"  {text}"))
    first, last = trace.sample
    parts.append(Text(f"\nThe bars are of rows {first:,} to {last - 1:,}.", "dim"))
    return parts


def _chart(chart: Histogram | None) -> Text:
    from rich.text import Text

    if chart is None:
        return Text("")
    text, place = bars(chart)
    shown = Text(text, "dim")
    if place is not None:
        shown.stylize("not dim bold cyan", place, place + 1)
    return shown
