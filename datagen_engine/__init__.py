"""Draw connected synthetic tables from a schema: fast, the same bytes for the same seed, safe with strangers' files.

>>> import datagen_engine as datagen
>>> document = datagen.load(datagen.examples()["schema"])
>>> datagen.preview(document, "bike", 3).num_rows
3

Everything public is named here; each name loads what it needs when it is first used, so that importing the
package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from datagen_engine.version import __version__

if TYPE_CHECKING:
    from datagen_engine.api import (
        Count,
        Sample,
        check,
        counts,
        generate,
        merge,
        plan,
        preview,
        references,
        sample,
        trace,
    )
    from datagen_engine.catalogue import Catalogue, FunctionSpec, Method, PartSpec, specs
    from datagen_engine.document import Document, load, save
    from datagen_engine.errors import Cancelled, DatagenError, RunError, SchemaError, UsageError
    from datagen_engine.explanation.trace import Trace, TraceStage
    from datagen_engine.expression.judging import Judgement, judge
    from datagen_engine.handing_over.forms import hand_over
    from datagen_engine.handing_over.snippets import snippet
    from datagen_engine.planning.plan import Plan
    from datagen_engine.previewing.workbench import Workbench
    from datagen_engine.resources import examples
    from datagen_engine.run.profile import RunProfile, profile_of, profiles_of
    from datagen_engine.run.run import Progress, RunResult
    from datagen_engine.schema.dump import dump
    from datagen_engine.schema.edit import Edit, apply, inverse
    from datagen_engine.schema.problem import Fix, Problem
    from datagen_engine.schema.reading import problems_at
    from datagen_engine.schema.references import Reference, dependents, rename_column, rename_table
    from datagen_engine.suggestion import suggest
    from datagen_engine.validation.record import CheckRecord
    from datagen_engine.validation.report import Report
    from datagen_engine.validation.validate import validate
    from datagen_engine.validation.watching import generate_and_validate

__all__ = [
    "Cancelled",
    "Catalogue",
    "CheckRecord",
    "Count",
    "DatagenError",
    "Document",
    "Edit",
    "Fix",
    "FunctionSpec",
    "Judgement",
    "Method",
    "PartSpec",
    "Plan",
    "Problem",
    "Progress",
    "Reference",
    "Report",
    "RunError",
    "RunProfile",
    "RunResult",
    "Sample",
    "SchemaError",
    "Trace",
    "TraceStage",
    "UsageError",
    "Workbench",
    "__version__",
    "apply",
    "check",
    "counts",
    "dependents",
    "dump",
    "examples",
    "generate",
    "generate_and_validate",
    "hand_over",
    "inverse",
    "judge",
    "load",
    "merge",
    "plan",
    "preview",
    "problems_at",
    "profile_of",
    "profiles_of",
    "references",
    "rename_column",
    "rename_table",
    "sample",
    "save",
    "snippet",
    "specs",
    "suggest",
    "trace",
    "validate",
]

_HOMES = {
    "api": (
        "Count",
        "Sample",
        "check",
        "counts",
        "generate",
        "merge",
        "plan",
        "preview",
        "references",
        "sample",
        "trace",
    ),
    "document": ("Document", "load", "save"),
    "errors": ("Cancelled", "DatagenError", "RunError", "SchemaError", "UsageError"),
    "explanation.trace": ("Trace", "TraceStage"),
    "planning.plan": ("Plan",),
    "previewing.workbench": ("Workbench",),
    "resources": ("examples",),
    "handing_over.forms": ("hand_over",),
    "handing_over.snippets": ("snippet",),
    "run.profile": ("RunProfile", "profile_of", "profiles_of"),
    "run.run": ("Progress", "RunResult"),
    "schema.dump": ("dump",),
    "schema.edit": ("Edit", "apply", "inverse"),
    "schema.problem": ("Fix", "Problem"),
    "expression.judging": ("Judgement", "judge"),
    "schema.reading": ("problems_at",),
    "schema.references": ("Reference", "dependents", "rename_column", "rename_table"),
    "catalogue": ("Catalogue", "FunctionSpec", "Method", "PartSpec", "specs"),
    "suggestion": ("suggest",),
    "validation.record": ("CheckRecord",),
    "validation.report": ("Report",),
    "validation.validate": ("validate",),
    "validation.watching": ("generate_and_validate",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
