"""The steps that apply problems' fixes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import datagen_engine as datagen
from datagen_app.document.applying import at, completed
from datagen_app.document.document import Document
from datagen_app.document.problem import Problem
from datagen_app.document.refining import same
from datagen_app.document.step import Step
from datagen_app.document.steps.drafting import Draft
from datagen_app.document.words import counted

if TYPE_CHECKING:
    from datagen_engine import Edit

__all__ = ["apply_fix", "apply_fixes"]


def apply_fix(document: Document, problem: Problem) -> Step:
    """Mend a problem.

    Parameters
    ----------
    document
        The schema as it is now.
    problem
        A problem as the session knows it: its fix has been carried to this revision.

    Raises
    ------
    LookupError
        It has no fix, or what the fix was made for has changed since; after the next check there may be
        another.
    """
    if problem.fix is None:
        raise LookupError("there is no fix for it any more")
    draft = Draft(document.tree)
    for edit in problem.fix.edits:
        whole = completed(draft.tree, edit)
        if edit.operation in ("set", "remove") and not same(at(draft.tree, edit.path), edit.before):
            raise LookupError("what the fix was made for has changed since")
        draft.edit(whole)
    return draft.step(problem.fix.title)


def apply_fixes(document: Document, problems: Iterable[Problem]) -> Step:
    """Mend several problems in one step.

    A fix that has lost its ground, by those before it or by another edit, is left out: what it would have
    mended is mended already, or is looked at again by the next check.

    Examples
    --------
    >>> from pathlib import Path
    >>> from datagen_app.document.problem import Fix
    >>> shop = Document(Path("shop.json"), {"nodes": [3, 4]})
    >>> def unknown(index):
    ...     edit = datagen.Edit("remove", ("nodes", index), index + 3)
    ...     return Problem("error", "unknown", "…", edit.path, Fix("Remove it", (edit,)))
    >>> step = apply_fixes(shop, [unknown(0), unknown(1)])
    >>> step.title, [edit.path for edit in step.edits]
    ('Remove it, 2 times', [('nodes', 0), ('nodes', 0)])
    """
    draft = document
    done: list[Edit] = []
    titles: list[str] = []
    for problem in problems:
        fix = problem.fix.after(done) if problem.fix else None
        try:
            step = apply_fix(draft, replace(problem, fix=fix))
        except LookupError:
            continue
        tree = draft.tree
        for edit in step.edits:
            tree = datagen.apply(tree, edit)
        draft = Document(document.path, tree)
        done += step.edits
        titles.append(step.title)
    alike = len(set(titles)) == 1
    title = titles[0] if alike else f"Apply {counted(len(titles), 'fix', 'fixes')}"
    return Step(f"{title}, {len(titles)} times" if alike and len(titles) > 1 else title, tuple(done))
