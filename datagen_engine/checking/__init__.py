"""Problems found before a row is drawn: each with its place, plain words, and a fix where there is one."""

from datagen_engine.checking.checker import check_document, check_schema
from datagen_engine.checking.codes import CODES, Code

__all__ = ["CODES", "Code", "check_document", "check_schema"]
