"""The report in a terminal: the scores, the tables, and what needs a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datagen_engine.validation.score import rounded

if TYPE_CHECKING:
    from rich.console import Console

    from datagen_engine.validation.record import CheckRecord
    from datagen_engine.validation.report import Report

__all__ = ["print_report"]

_MOST_SHOWN = 20
_SIGNS = {"fail": ("✕", "bold red"), "error": ("!", "bold yellow")}


def print_report(console: Console, report: Report) -> None:
    """Print a report's summary.

    Whatever stands in the data is shown as text: it is neither read as colour nor sent to the terminal as a
    command.
    """
    from rich.table import Table
    from rich.text import Text

    summary, about = report.summary, report.summary.subject
    line = Text(
        _plain(f"{about.schema}: {about.folder}, {len(report.checks):,} checks, {about.seconds:.1f} s")
    )
    console.print(line, soft_wrap=True)
    if about.note:
        console.print(Text(about.note, style="yellow"), soft_wrap=True)
    console.print()
    scores = Text()
    for title, score in (
        ("quality", summary.quality_score), ("integrity", summary.integrity), ("behaviour", summary.behaviour),
    ):  # fmt: skip
        colour = "bold" if score is None else "bold green" if score >= 100 else "bold red"
        scores.append(f"{title} ").append(f"{rounded(score):<8}", style=colour)
    console.print(scores)
    console.print()
    grid = Table(header_style="bold", box=None, pad_edge=False)
    grid.add_column("table")
    for title in ("rows", "quality", "integrity", "behaviour", "passed", "failed", "not run"):
        grid.add_column(title, justify="right")
    for table, found in summary.tables.items():
        rows = about.rows[table]
        failed, errors = found.counts["fail"], found.counts["error"]
        grid.add_row(
            Text(_plain(table)), "–" if rows is None else f"{rows:,}", rounded(found.quality_score),
            rounded(found.integrity), rounded(found.behaviour), f"{found.counts['pass']:,}",
            Text(f"{failed:,}", style="bold red" if failed else ""),
            Text(f"{errors:,}", style="yellow" if errors else ""),
        )  # fmt: skip
    console.print(grid)
    _print_failures(console, report)


def _print_failures(console: Console, report: Report) -> None:
    from rich.text import Text

    shown = [one for one in report.checks if one.needs_a_look]
    if shown:
        console.print()
    for one in shown[:_MOST_SHOWN]:
        sign, style = _SIGNS[one.status]
        text = (
            Text(f"{sign} ", style=style)
            .append(_plain(one.id), style="bold")
            .append(f"  {_plain(one.message)}", style="")
        )
        console.print(text, soft_wrap=True)
        for row in _examples(one):
            console.print(Text(f"    {row}", style="dim"), soft_wrap=True)
    if len(shown) > _MOST_SHOWN:
        console.print(f"… and {len(shown) - _MOST_SHOWN:,} more: `datagen report` writes them all down")


def _examples(one: CheckRecord) -> list[str]:
    return [_plain(", ".join(f"{name} = {value}" for name, value in row.items())) for row in one.examples[:2]]


def _plain(text: str) -> str:
    """Return text without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
