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
    from datagen_engine.api import Count, Sample, check, counts, generate, plan, preview, references, sample
    from datagen_engine.catalogue import Catalogue, PartSpec, specs
    from datagen_engine.document import Document, load, save
    from datagen_engine.errors import Cancelled, DatagenError, RunError, SchemaError, UsageError
    from datagen_engine.planning.plan import Plan
    from datagen_engine.resources import examples
    from datagen_engine.run.run import Progress, RunResult
    from datagen_engine.schema.edit import Edit, apply, inverse
    from datagen_engine.schema.problem import Fix, Problem
    from datagen_engine.schema.references import Reference
    from datagen_engine.suggestion import suggest
    from datagen_engine.validation.record import CheckRecord
    from datagen_engine.validation.report import Report
    from datagen_engine.validation.validate import validate

__all__ = [
    "Cancelled",
    "Catalogue",
    "CheckRecord",
    "Count",
    "DatagenError",
    "Document",
    "Edit",
    "Fix",
    "PartSpec",
    "Plan",
    "Problem",
    "Progress",
    "Reference",
    "Report",
    "RunError",
    "RunResult",
    "Sample",
    "SchemaError",
    "UsageError",
    "__version__",
    "apply",
    "check",
    "counts",
    "examples",
    "generate",
    "inverse",
    "load",
    "plan",
    "preview",
    "references",
    "sample",
    "save",
    "specs",
    "suggest",
    "validate",
]

_HOMES = {
    "api": ("Count", "Sample", "check", "counts", "generate", "plan", "preview", "references", "sample"),
    "document": ("Document", "load", "save"),
    "errors": ("Cancelled", "DatagenError", "RunError", "SchemaError", "UsageError"),
    "planning.plan": ("Plan",),
    "resources": ("examples",),
    "run.run": ("Progress", "RunResult"),
    "schema.edit": ("Edit", "apply", "inverse"),
    "schema.problem": ("Fix", "Problem"),
    "schema.references": ("Reference",),
    "catalogue": ("Catalogue", "PartSpec", "specs"),
    "suggestion": ("suggest",),
    "validation.record": ("CheckRecord",),
    "validation.report": ("Report",),
    "validation.validate": ("validate",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
