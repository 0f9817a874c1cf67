"""Modules that load on first use.

The specs (what a schema may say) must be importable without numpy, pyarrow or faker: the window paints
before they are there. Whoever computes imports the heavy modules from here; the first attribute that is
asked for loads the module, and from then on an attribute costs what it always costs.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["np", "pa", "pc", "pd", "pq", "special"]


class _Lazy(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # introspection (inspect, doctest) must not load anything
            raise AttributeError(name)
        module = importlib.import_module(self.__name__)
        # A module like numpy is lazy itself: take over what is there now, keep asking for the rest.
        self.__dict__.update({k: v for k, v in vars(module).items() if not k.startswith("__")})
        return getattr(module, name)


if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    from scipy import special
else:
    np = _Lazy("numpy")
    pa = _Lazy("pyarrow")
    pc = _Lazy("pyarrow.compute")
    pq = _Lazy("pyarrow.parquet")
    pd = _Lazy("pandas")
    special = _Lazy("scipy.special")
