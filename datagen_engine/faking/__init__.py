"""What faker's methods give, drawn at the speed of arrays.

A method is learned, not called: it is run once with dice that do not fall, and what it says becomes a
grammar over its word lists (`trace.py`), from which whole columns are drawn (`grammar.py`). Methods that
compute with what they draw have grammars made by hand (`rules.py`). For the few that are left, a pool of
real values is kept (`pool.py`). Nothing here imports faker before something is drawn or a call must be
tried.
"""

from datagen_engine.faking.arguments import check_arguments
from datagen_engine.faking.fake import Fake, compile_fake, refused_call
from datagen_engine.faking.locales import locale_of
from datagen_engine.faking.methods import (
    DEFAULT_LOCALE,
    Method,
    Parameter,
    locales,
    methods,
    nearest,
    refusal,
)
from datagen_engine.faking.people import group_kind

__all__ = [
    "DEFAULT_LOCALE",
    "Fake",
    "Method",
    "Parameter",
    "check_arguments",
    "compile_fake",
    "group_kind",
    "locale_of",
    "locales",
    "methods",
    "nearest",
    "refusal",
    "refused_call",
]
