"""The small safe language of `expression`: parse → check → evaluate on arrays.

Nothing here runs a schema's text as Python: the text becomes a tree of the nodes in `syntax`, and only what
those nodes and the one table of functions say is ever computed.
"""

from datagen_engine.expression.check import check
from datagen_engine.expression.evaluate import Evaluated, evaluate
from datagen_engine.expression.facts import Facts
from datagen_engine.expression.fault import ExpressionFault
from datagen_engine.expression.functions import FUNCTIONS, Function
from datagen_engine.expression.parse import parse
from datagen_engine.expression.syntax import Expression

__all__ = [
    "FUNCTIONS",
    "Evaluated",
    "Expression",
    "ExpressionFault",
    "Facts",
    "Function",
    "check",
    "evaluate",
    "parse",
]
