"""Two runs beside each other, as a page of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from PySide6.QtWidgets import QTextBrowser, QWidget

from datagen_app.results.client import Answer
from datagen_app.shell.theme import Theme

__all__ = ["ComparePanel"]

_STATUS = {
    "fail": "failed",
    "error": "not run",
    "pass": "passed",
    "skipped": "nothing to check",
    "not asked": "not asked",
}


class ComparePanel(QTextBrowser):
    """Show what differs between two runs."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._told: Answer | None = None
        self.setAccessibleName("Two runs compared")
        self.setOpenLinks(False)
        self.document().setDocumentMargin(24)
        theme.changed.connect(self._paint)

    def show_comparison(self, told: Answer) -> None:
        """Show what differs."""
        self._told = told
        self._paint()

    def say(self, why: str) -> None:
        """Show that there is nothing to compare, and why."""
        self._told = None
        self.setPlainText(why)

    def _paint(self) -> None:
        if self._told is not None:
            self.setHtml("".join(self._page(self._told)))

    def _page(self, told: Answer) -> Iterator[str]:
        before, after = escape(str(told["before"])), escape(str(told["after"]))
        quiet = self._theme.palette.secondary
        yield f"<h2>{after} <span style='color:{quiet};font-weight:400'>compared with</span> {before}</h2>"
        head = ("", before, after)
        yield from self._table("Scores", head, [*told["scores"]])
        if not told["judged"]:
            yield f"<p style='color:{quiet}'>One of them has not been validated, so its checks are not compared.</p>"
        yield from self._table("Settings", head, [*told["settings"]])
        yield from self._table("Rows", head, [*told["rows"]])
        yield "<h3>Checks that changed</h3>"
        if told["checks"]:
            rows = [
                {
                    "name": f"{check['title']} · {check['table']}{'.' + check['columns'] if check['columns'] else ''}",
                    "before": _STATUS.get(check["before"], check["before"]),
                    "after": _STATUS.get(check["after"], check["after"]),
                    "differs": True,
                }
                for check in told["checks"]
            ]
            yield from self._table("", head, rows)
        else:
            yield f"<p style='color:{quiet}'>None.</p>"
        yield "<h3>The schema</h3>"
        if told["schema"]:
            yield "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in told["schema"]) + "</ul>"
        else:
            yield f"<p style='color:{quiet}'>The same.</p>"

    def _table(self, title: str, head: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        if not rows:
            return
        if title:
            yield f"<h3>{escape(title)}</h3>"
        palette = self._theme.palette
        cells = "".join(
            f"<th width='{50 if not at else 25}%' align='{'left' if not at else 'right'}' "
            f"style='color:{palette.secondary};font-weight:400'>{name}</th>"
            for at, name in enumerate(head)
        )
        yield f"<table cellpadding='4' cellspacing='0' width='86%'><tr>{cells}</tr>"
        for row in rows:
            weight = "600" if row["differs"] else "400"
            sign = " ≠" if row["differs"] else ""
            yield (
                f"<tr><td>{escape(str(row['name']))}</td>"
                f"<td align='right'>{escape(str(row['before']))}</td>"
                f"<td align='right' style='font-weight:{weight}'>{escape(str(row['after']))}{sign}</td></tr>"
            )
        yield "</table>"
