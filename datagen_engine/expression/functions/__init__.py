"""The one table of functions.

To add a function, add an entry to the file of its group: parser, check, evaluation and help read the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from datagen_engine.expression.functions import nulls, numbers, texts, times
from datagen_engine.expression.functions.elsewhere import ELSEWHERE
from datagen_engine.expression.functions.function import Function
from datagen_engine.expression.functions.signature import Parameter

__all__ = ["ELSEWHERE", "FUNCTIONS", "Function", "Parameter"]

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for group in (numbers, texts, times, nulls)
        for function in group.TABLE.functions
    }
)
