"""The page of the handbook that lists every code, made from the codes themselves."""

from __future__ import annotations

from collections.abc import Iterator

from datagen_engine.checking.codes import GROUPS, Code

__all__ = ["problems_page"]


def problems_page() -> str:
    """Return the page as Markdown: every code with what it means and how it is mended.

    Examples
    --------
    >>> "| `duplicate-table` | error |" in problems_page()
    True
    """
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "<!-- Made by `python -m datagen_engine.handbook`; what stands here is said by the code. -->"
    yield from ("", "# Problems", "")
    yield "A check finds all of these before a row is drawn. An error stops a run, a warning does not. Codes never"
    yield "change, so scripts may rely on them."
    for group, codes in GROUPS.items():
        yield from ("", f"## {group}", "")
        yield from ("| code | | what | how to mend it |", "|---|---|---|---|")
        yield from (_row(code) for code in codes)
    yield ""


def _row(code: Code) -> str:
    return f"| `{code.name}` | {code.severity} | **{code.title}.** {code.why} | {code.mend} |"
